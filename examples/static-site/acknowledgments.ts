import { Annotations, CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { OacDistribution, SecureBucket } from 'cdk-secure-bucket';

/** What a site in earnest decides otherwise. */
export function acknowledgeSite(site: OacDistribution): void {
  const noCertificate = 'An example has no domain name, so no certificate: CloudFront decides the versions of TLS.';
  acknowledge(site, noCertificate, 'AwsSolutions-CFR4', 'SecureBucket-DistributionTls');
  Annotations.of(site).acknowledgeWarning('cdk-secure-bucket:tlsByCloudFront', noCertificate);
  acknowledge(site, 'The content is for viewers of all countries.', 'AwsSolutions-CFR1');
  acknowledge(site, 'Static pages take no input that a firewall could judge.', 'AwsSolutions-CFR2');
}

/** The function that uploads the pages, and its role, are made by the CDK: they run while the stack is deployed, and at no other time. */
export function acknowledgeDeployment(stack: Stack, content: SecureBucket): void {
  const uploader = stack.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'))!;
  const contentArn = `<${stack.getLogicalId(content.node.defaultChild as CfnElement)}.Arn>`;
  const assets = `arn:aws:s3:::cdk-hnb659fds-assets-${stack.account}-${stack.region}`;

  acknowledge(uploader, 'The policy lets a function write its own log, and nothing else.', 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]');
  acknowledge(
    uploader,
    'All objects of two buckets: the one with the files of this app, read, and the one for the pages.',
    `AwsSolutions-IAM5[Resource::${assets}/*]`,
    `AwsSolutions-IAM5[Resource::${contentArn}/*]`,
    ...['s3:GetBucket*', 's3:GetObject*', 's3:List*', 's3:Abort*', 's3:DeleteObject*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'].map((action) => `AwsSolutions-IAM5[Action::${action}]`),
  );
  acknowledge(uploader, 'Invalidations of the cache, which the CDK allows for every distribution.', 'AwsSolutions-IAM5[Resource::*]');
  acknowledge(uploader, 'The policy belongs to this role alone.', ...inPacks('IAMNoInlinePolicy'));
  acknowledge(uploader, 'The CDK chooses the runtime of its own function.', 'AwsSolutions-L1');
  acknowledge(uploader, 'CloudFormation calls it, one call a deployment, and sees its errors itself.', ...inPacks('LambdaConcurrency'), ...inPacks('LambdaDLQ'));
  acknowledge(uploader, 'CloudWatch encrypts every log group; names of public files need no key of their own.', ...inPacks('CloudWatchLogGroupEncrypted'));
  acknowledge(uploader, 'It talks to S3 and CloudFront, and to nothing in a VPC.', ...inPacks('LambdaInsideVPC'));
}

/** As `Validations.of(construct).acknowledge` does, which takes ids with colons in them only from aws-cdk-lib 2.270 on. */
function acknowledge(construct: IConstruct, reason: string, ...ids: string[]): void {
  ids.forEach((id) => construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason }));
}

function inPacks(rule: string): string[] {
  return ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-${rule}`);
}
