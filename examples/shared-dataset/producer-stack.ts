import { Stack, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SecureBucket } from 'cdk-secure-bucket';

export interface ProducerStackProps extends StackProps {
  readonly organizationId: string;
  readonly vpcEndpointId: string;
  readonly reader: string;
}

/** Account A: owns the dataset and its key, and says who may read it, from where. */
export class ProducerStack extends Stack {
  constructor(scope: Construct, id: string, props: ProducerStackProps) {
    super(scope, id, props);

    const dataset = new SecureBucket(this, 'Dataset', {
      bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL,
      bucketNamePrefix: 'shared-dataset',
      network: { vpcEndpointIds: [props.vpcEndpointId] },
      organization: { organizationIds: [props.organizationId] },
    });

    const reader = new iam.ArnPrincipal(props.reader);
    dataset.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowAppRoleRead',
      principals: [reader],
      actions: ['s3:GetObject'],
      resources: [dataset.arnForObjects('*')],
    }));
    dataset.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowAppRoleList',
      principals: [reader],
      actions: ['s3:ListBucket'],
      resources: [dataset.bucketArn],
    }));
    dataset.encryptionKey!.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowConsumerDecryptViaS3',
      principals: [reader],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${this.region}.${this.urlSuffix}` } },
    }));
  }
}
