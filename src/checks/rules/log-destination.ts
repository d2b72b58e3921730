import { judgePermissions } from './log-permissions';
import { judgeLogs } from './log-writers';
import { nameOf } from './public-allow';
import { areListsOn } from '../../access/bucket-settings';
import { Bucket, Inventory } from '../../access/inventory';
import { serviceUpload } from '../../guarantees/service-uploads';
import { cautiousPolicy, Statement } from '../../policy/document';
import { applies } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { Truth } from '../../policy/truth';
import { isUnknown, unknownText } from '../../policy/unknown-text';
import { setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

/** That the log bucket is as strict as others is asked by the other rules; this one asks whether logs arrive. */
export const logDestination: Rule = {
  id: 'LogDestination',
  requirement: 'Access logs go to a bucket that S3 can and may deliver to; logs of load balancers, of CloudFront and of Redshift to one that these can deliver to.',
  reason: 'Logs that cannot be delivered are dropped without a word, or the deployment fails: to SSE-KMS, to another account or Region, without permission, where access control lists are off.',
  severity: 'high',
  severityReason: 'Logs that are dropped are lost, and with them what happened meanwhile.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
  judgeDeployment: (inventory) => inventory.allBuckets.flatMap((bucket) => [...judge(inventory, bucket), ...judgeLogs(bucket), ...judgePermissions(inventory, bucket)]),
};

const LOG_SERVICE = 'logging.s3.amazonaws.com';

function judge(inventory: Inventory, source: Bucket): Finding[] {
  const name = source.resource && setting(source.resource, 'LoggingConfiguration', 'DestinationBucketName');
  const destination = name === undefined || name === UNKNOWN ? undefined : inventory.bucketNamed(name);
  if (!source.resource || !destination?.resource || destination === source) {
    return [];
  }
  const [from, to] = [source.resource.stack, destination.resource.stack];
  return [
    ...(from.account !== to.account || from.region !== to.region ? [found(source.resource, `Access logs go to '${destination.resource.path}', in another account or Region, where S3 delivers none.`, "Use a log bucket of the source's account and Region.")] : []),
    ...judgeDelivery(inventory, source, destination),
  ];
}

function judgeDelivery(inventory: Inventory, source: Bucket, destination: Bucket): Finding[] {
  const logs = `the access logs of '${source.resource!.path}'`;
  const sure = statementsOn(inventory, destination).map((statement) => ({ statement, truth: isAbout(statement, source, destination) }));
  const possible = inventory.possibleControlsOver(destination.facts.account).filter((statement) => isAbout(statement, source, destination) !== false);
  const decided = [...sure, ...possible.map((statement) => ({ statement, truth: undefined }))];
  const ofEffect = (effect: Statement['effect'], truth: Truth) => decided.find((one) => one.statement.effect === effect && one.truth === truth)?.statement;
  const [deny, allow, perhapsDeny, perhapsAllow] = [ofEffect('Deny', true), ofEffect('Allow', true), ofEffect('Deny', undefined), ofEffect('Allow', undefined)];
  if (deny) {
    return [found(destination.site, `The statement ${nameOf(deny)} stops S3 from delivering ${logs}.`, `Let ${LOG_SERVICE} through: it signs as an AWS service ('aws:PrincipalIsAWSService' is true), for the account of the source, and sends no encryption headers.`)];
  }
  const byList = allowedByList(destination);
  const isAllowed = allow !== undefined || byList === true;
  const open = perhapsDeny ?? (isAllowed ? undefined : perhapsAllow);
  if (open) {
    return [notDecided(destination.site, `Whether S3 may deliver ${logs} depends on whether the statement ${nameOf(open)} applies, which is not decided.`)];
  }
  const isUnreadable = destination.policies.some(({ policy }) => !policy);
  if (isAllowed || isUnreadable) {
    return []; // what cannot be read, PolicySyntax and PublicAllow say
  }
  if (byList === undefined || isUnknown(source.facts.arn)) {
    return [notDecided(destination.site, `Whether S3 may deliver ${logs} depends on ${byList === undefined ? 'Object Ownership of the bucket, which is not known before deployment' : "that bucket's name"}.`)];
  }
  const problem = setting(destination.resource!, 'AccessControl') === LIST
    ? `Nothing allows S3 to deliver ${logs}: the canned ACL '${LIST}' has no effect, since access control lists are off ('BucketOwnerEnforced').` : `Nothing allows S3 to deliver ${logs}.`;
  return [found(destination.site, problem, `Allow ${LOG_SERVICE} to put objects, confined by aws:SourceArn and aws:SourceAccount; AccessLogBucket does.`)];
}

function statementsOn(inventory: Inventory, { policies, facts }: Bucket): Statement[] {
  return [...policies.flatMap(({ policy }) => (policy ? cautiousPolicy(policy).statements : [])), ...inventory.controlsOver(facts.account)];
}

/** Whether a statement applies to the delivery of the access logs. */
function isAbout(statement: Statement, source: Bucket, destination: Bucket): Truth {
  const prefix = setting(source.resource!, 'LoggingConfiguration', 'LogFilePrefix');
  const begin = prefix === UNKNOWN ? unknownText(`the prefix of the logs of ${source.resource!.path}`) : jsonText(prefix ?? '');
  const known = { 'aws:sourcearn': source.facts.arn, 'aws:sourceaccount': source.facts.account, 's3:tlsversion': '1.3', 'aws:principalarn': undefined };
  return applies(statement, serviceUpload(LOG_SERVICE, `${destination.facts.objects}${begin}2026-01-15-12-00-00-0123456789ABCDEF`, known, statement));
}

const LIST = 'LogDeliveryWrite';

/** Whether the canned access control list of a bucket lets S3 deliver logs. */
function allowedByList({ resource }: Bucket): Truth {
  return setting(resource!, 'AccessControl') === LIST && areListsOn(resource);
}
