import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** What is said of those who deliver and who look at what is there, and is not about their logs. */
export function acknowledgeSources(stack: Stack): void {
  const find = (...path: string[]): IConstruct => path.reduce<IConstruct>((scope, id) => scope.node.findChild(id), stack);
  acknowledge(find('TrailLogs', 'Trail'), 'The archive keeps the logs; who watches them in CloudWatch is another matter.', ...inPacks('CloudTrailCloudWatchLogsEnabled'));
  acknowledge(find('Network'), 'Nothing uses the default security group, and changing it takes a function of the CDK.', ...inPacks('VPCDefaultSecurityGroupClosed'));
  acknowledge(
    find('CdkSecureBucketStackDrift', 'Role'), 'It reads the settings of whatever is in the stack, and no objects.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess]',
  );
  acknowledge(find('LoadBalancer'), 'It is internal, and an example has no firewall.', ...inPacks('ALBWAFEnabled'));
}

/** As `Validations.of(construct).acknowledge` does, which takes ids with colons in them only from aws-cdk-lib 2.270 on. */
function acknowledge(construct: IConstruct, reason: string, ...ids: string[]): void {
  ids.forEach((id) => construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason }));
}

function inPacks(rule: string): string[] {
  return ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-${rule}`);
}
