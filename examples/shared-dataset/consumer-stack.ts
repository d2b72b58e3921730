import { CfnOutput, Fn, Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface Dataset {
  readonly account: string;
  readonly region: string;
  readonly bucketName: string;
}

export interface ConsumerStackProps extends StackProps {
  readonly dataset: Dataset;
}

/** Account B: an application in a VPC, with no way to S3 but a gateway endpoint that leads to the dataset alone. */
export class ConsumerStack extends Stack {
  constructor(scope: Construct, id: string, { dataset, ...props }: ConsumerStackProps) {
    super(scope, id, props);
    const bucketArn = this.formatArn({ service: 's3', region: '', account: '', resource: dataset.bucketName });
    const keys = this.formatArn({ service: 'kms', account: dataset.account, region: dataset.region, resource: 'key', resourceName: '*' });

    const vpc = new ec2.Vpc(this, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'App', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const appRole = new iam.Role(this, 'AppRole', { roleName: 'AppRole', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });

    endpoint.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:GetObject', 's3:ListBucket'],
      resources: [bucketArn, `${bucketArn}/*`],
      conditions: { ArnEquals: { 'aws:PrincipalArn': appRole.roleArn } },
    }));
    const readDataset = new iam.ManagedPolicy(this, 'ReadDataset', {
      roles: [appRole],
      statements: [
        new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn] }),
        new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`${bucketArn}/*`] }),
        new iam.PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [keys],
          conditions: {
            StringEquals: { 'kms:ViaService': `s3.${dataset.region}.${this.urlSuffix}` },
            StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`] },
          },
        }),
      ],
    });

    acknowledge(readDataset, 'Every object of one bucket.', `AwsSolutions-IAM5[Resource::arn:aws:s3:::${dataset.bucketName}/*]`);
    acknowledge(
      readDataset,
      "Another account's key id is not known here: the statement is confined to S3 and to the dataset's encryption context.",
      `AwsSolutions-IAM5[Resource::arn:aws:kms:${dataset.region}:${dataset.account}:key/*]`,
    );
    acknowledge(vpc, 'The VPC leads nowhere but to the dataset; its flow logs are up to the network team.', 'AwsSolutions-VPC7', ...inPacks('VPCFlowLogsEnabled'));
    acknowledge(vpc, 'Nothing joins the default security group.', ...inPacks('VPCDefaultSecurityGroupClosed'));

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
