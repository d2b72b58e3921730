import { Stack, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CrossAccountGrant, DatasetAccess, SecureBucket } from 'cdk-secure-bucket';

export interface ProducerStackProps extends StackProps {
  readonly organizationId: string;
  readonly vpcEndpointId: string;
  readonly reader: iam.IRole;
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
    new CrossAccountGrant(this, 'AppReads', { bucket: dataset, consumer: props.reader, access: DatasetAccess.READ }); // deploys the role's stack first
  }
}
