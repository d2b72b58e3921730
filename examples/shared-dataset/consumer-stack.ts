import { CfnOutput, Fn, Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { S3GatewayEndpoint } from 'cdk-secure-bucket';

export interface ConsumerStackProps extends StackProps {
  readonly datasetName: string;
}

/** Account B: an application in a VPC, with no way to S3 but a gateway endpoint that leads to the dataset alone. */
export class ConsumerStack extends Stack {
  public readonly appRole: iam.Role;

  constructor(scope: Construct, id: string, { datasetName, ...props }: ConsumerStackProps) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'App', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const endpoint = new S3GatewayEndpoint(this, 'S3', { vpc, buckets: [s3.Bucket.fromBucketName(this, 'Dataset', datasetName)] });
    this.appRole = new iam.Role(this, 'AppRole', { roleName: 'AppRole', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });

    acknowledge(vpc, 'The VPC leads nowhere but to the dataset; its flow logs are up to the network team.', 'AwsSolutions-VPC7', ...inPacks('VPCFlowLogsEnabled'));
    acknowledge(vpc, 'Nothing joins the default security group.', ...inPacks('VPCDefaultSecurityGroupClosed'));
    acknowledge(this.appRole, 'The grant belongs to this one role.', ...inPacks('IAMNoInlinePolicy'));
    acknowledge(this.appRole, 'Every object of one bucket.', `AwsSolutions-IAM5[Resource::arn:aws:s3:::${datasetName}/*]`);
    acknowledge(
      this.appRole,
      "Another account's key id is not known here: the statement is confined to S3 and to the dataset's encryption context.",
      `AwsSolutions-IAM5[Resource::arn:aws:kms:${this.region}:111122223333:key/*]`,
    );

    new CfnOutput(this, 'VpcEndpointId', { value: endpoint.vpcEndpointId });
  }

  /** Left to the deployment, so that synthesis needs no credentials to look them up. */
  public get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}

/** As `Validations.of(construct).acknowledge` does, which takes ids with colons in them only from aws-cdk-lib 2.270 on. */
function acknowledge(construct: Construct, reason: string, ...ids: string[]): void {
  ids.forEach((id) => construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason }));
}

function inPacks(rule: string): string[] {
  return ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-${rule}`);
}
