import { judgePermissions } from './log-permissions';
import { judgeLogs } from './log-writers';
import { Bucket, Inventory } from '../../access/inventory';
import { contextOf } from '../../policy/context';
import { cautiousPolicy } from '../../policy/document';
import { evaluate } from '../../policy/evaluate';
import { PolicyRequest } from '../../policy/request';
import { isUnknown } from '../../policy/unknown-text';
import { setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

/** That the log bucket is as strict as others is asked by the other rules; this one asks whether logs arrive. */
export const logDestination: Rule = {
  id: 'LogDestination',
  requirement: 'Access logs go to a bucket that S3 can and may deliver to; logs of load balancers, of CloudFront and of Redshift to one that these can deliver to.',
  reason: 'Logs that cannot be delivered are dropped without a word, or the deployment fails: to SSE-KMS, to another account or Region, without permission, where access control lists are off.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
  judgeDeployment: (inventory) => inventory.allBuckets.flatMap((bucket) => [...judge(inventory, bucket), ...judgeLogs(bucket), ...judgePermissions(inventory, bucket)]),
};

function judge(inventory: Inventory, source: Bucket): Finding[] {
  const name = source.resource && setting(source.resource, 'LoggingConfiguration', 'DestinationBucketName');
  const destination = name === undefined || name === UNKNOWN ? undefined : inventory.bucketNamed(name);
  if (!source.resource || !destination?.resource || destination === source) {
    return [];
  }
  const [from, to] = [source.resource.stack, destination.resource.stack];
  return [
    ...(from.account !== to.account || from.region !== to.region ? [found(source.resource, `Access logs go to '${destination.resource.path}', in another account or Region, where S3 delivers none.`, "Use a log bucket of the source's account and Region.")] : []),
    ...(isRefused(source, destination) ? [isUnknown(source.facts.arn) ? notDecided(destination.site, `Whether S3 may deliver the access logs of '${source.resource.path}' depends on that bucket's name.`) : found(destination.site, `Nothing allows S3 to deliver the access logs of '${source.resource.path}'.`, 'Allow logging.s3.amazonaws.com to put objects, confined by aws:SourceArn and aws:SourceAccount; AccessLogBucket does.')] : []),
  ];
}

function isRefused(source: Bucket, destination: Bucket): boolean {
  const hasAcl = setting(destination.resource!, 'AccessControl') === 'LogDeliveryWrite';
  const outcomes = destination.policies.map(({ policy }) => (policy ? evaluate(cautiousPolicy(policy), deliveryOf(source, destination)).outcome : 'not-decided'));
  return !hasAcl && !outcomes.some((outcome) => outcome === 'allowed' || outcome === 'not-decided');
}

function deliveryOf(source: Bucket, destination: Bucket): PolicyRequest {
  const prefix = setting(source.resource!, 'LoggingConfiguration', 'LogFilePrefix');
  return {
    principal: { kind: 'service', service: 'logging.s3.amazonaws.com' },
    action: 's3:PutObject',
    resource: `${destination.facts.objects}${typeof prefix === 'string' ? prefix : ''}2026-01-15-12-00-00-0123456789ABCDEF`,
    context: contextOf({
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'logging.s3.amazonaws.com',
      'aws:SourceArn': source.facts.arn,
      'aws:SourceAccount': source.facts.account,
    }),
  };
}
