import { defaultEncryption } from './bucket-settings';
import { encryptsWithOwnKey, keyDocumentOf, mayUseKey } from './key-use';
import { NamedCaller } from './named-callers';
import { Bucket, Inventory } from '../../access/inventory';
import { DeliveringService, deliveringService } from '../../aws/services';
import { demandedSources, mayNotDeliver } from '../../guarantees/deliveries';
import { fixedAccountOf, mentioned } from '../../guarantees/mentioned-values';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { isUnknown } from '../../policy/unknown-text';
import { Conditions } from '../../proof/guarantee';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { UNKNOWN } from '../../template/settings';
import { doubted, Finding, found, notDecided, Rule } from '../finding';

/** Services that deliver as a role are roles for S3 and KMS: CrossAccountSides and the evaluator ask about those. */
export const deliveryKey: Rule = {
  id: 'DeliveryKey',
  requirement: 'A service that may deliver to a bucket may encrypt with the key of the bucket.',
  reason: 'S3 encrypts what a service delivers with the default key of the bucket, in the name of the service: without the key, the files are dropped without a word.',
  severity: 'high',
  severityReason: 'Files that the service cannot encrypt are dropped, and cannot be delivered again.',
  guide: '8.3',
  see: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => deliveries(bucket).flatMap((delivery) => judge(inventory, bucket, delivery))),
};

/** A statement of the policy of a bucket that lets a service upload. */
interface Delivery {
  readonly service: string;
  readonly known?: DeliveringService;
  readonly statement: Statement;
  readonly document: DeployedPolicy;
}

/** What the services deliver that do not bring encryption of their own, to a bucket that encrypts with a customer managed key. */
function deliveries(bucket: Bucket): Delivery[] {
  return encryptsWithOwnKey(bucket) ? bucket.policies.flatMap((document) => uploads(document)).filter(({ known }) => known?.encryption !== 'own') : [];
}

function uploads(document: DeployedPolicy): Delivery[] {
  const allowing = (document.policy?.statements ?? []).filter((statement) => statement.effect === 'Allow' && actionApplies(statement, { action: 's3:PutObject' }) !== false);
  return allowing.flatMap((statement) => servicesIn(statement).map((service) => ({ service, known: deliveringService(service), statement, document })));
}

function servicesIn({ principal }: Statement): string[] {
  return principal && !principal.isInverted ? principal.members.filter(({ kind, text }) => kind === 'Service' && !isUnknown(text)).map(({ text }) => text) : [];
}

function judge(inventory: Inventory, bucket: Bucket, delivery: Delivery): Finding[] {
  const { statement, document, service } = delivery;
  const conditions: Conditions = JSON.parse(document.textOf(statement)).Condition ?? {};
  const keyPolicy = bucket.key && inventory.policyOf(bucket.key, 'KeyPolicy')?.policy;
  const sources = demandedSources(conditions).map((source) => inAccounts(inventory, source, keyPolicy?.statements ?? [])).filter((source) => inventory.proveAlone(statement, document, mayNotDeliver(service, source, bucket.facts), bucket.facts).verdict !== 'holds');
  if (sources.length === 0) {
    return [];
  }
  if (!bucket.key) {
    return [notDecided(bucket.site, `The bucket lets ${service} deliver. Whether it may encrypt with the key of the bucket is not known: the policy of the key is not in the templates.`)];
  }
  const isRead = keyDocumentOf(inventory, bucket.key).policy !== undefined; // KeyPolicy and PolicySyntax say what cannot be read
  return isRead ? judgeSources(inventory, bucket, { ...delivery, key: bucket.key, sources }) : [];
}

/**
 * A source in the account that is known of it, which its conditions do not say: that of a bucket of the deployment on which S3 reports. Of an
 * organization, it is in one that the policy of the key does not name: the bucket lets all of them deliver.
 */
function inAccounts(inventory: Inventory, source: Conditions, ofKey: readonly Statement[]): Conditions {
  const demands = Object.values(source).flatMap((tests) => Object.entries(tests).map(([key, value]) => ({ key: key.toLowerCase(), values: [value].flat() })));
  const arns = demands.filter(({ key }) => key === 'aws:sourcearn').flatMap(({ values }) => values);
  if (demands.some(({ key }) => key === 'aws:sourceaccount') || arns.some((arn) => fixedAccountOf(arn) !== undefined)) {
    return source;
  }
  const [ofBucket] = arns.flatMap((arn) => inventory.bucketNamed(arn)?.resource?.stack ?? []).filter(({ hasKnownAccount }) => hasKnownAccount);
  if (ofBucket) {
    return { ...source, StringEquals: { ...source.StringEquals, 'aws:SourceAccount': ofBucket.account } };
  }
  const namedArns = mentioned(ofKey, 'aws:sourcearn').filter((arn) => fixedAccountOf(arn) !== undefined);
  const named = [...mentioned(ofKey, 'aws:sourceaccount'), ...namedArns.map((arn) => fixedAccountOf(arn)!)];
  const isOfOrganization = demands.some(({ key }) => /^aws:sourceorg(?:id|paths)$/.test(key));
  return !isOfOrganization || named.length === 0 ? source : {
    ...source,
    StringNotEquals: { ...source.StringNotEquals, 'aws:SourceAccount': [...new Set(named)] },
    ...(namedArns.length === 0 ? {} : { ArnNotLike: { ...source.ArnNotLike, 'aws:SourceArn': namedArns } }),
  };
}

interface Encryption extends Delivery {
  readonly key: DeployedResource;
  readonly sources: readonly Conditions[];
}

function judgeSources(inventory: Inventory, bucket: Bucket, encryption: Encryption): Finding[] {
  const verdicts = encryption.sources.map((source) => mayUseKey(inventory, bucket, encryption.key, deliverer(encryption, source), 'kms:GenerateDataKey'));
  if (verdicts.every((verdict) => verdict === true)) {
    return [];
  }
  const { service, known, key } = encryption;
  const delivered = known ? ` ${known.delivers}` : '';
  const problem = `The bucket '${bucket.site.path}' lets ${service} deliver${delivered}, and the policy of its key does not let ${service} encrypt them (kms:GenerateDataKey).`;
  const isSure = verdicts.includes(false) && known?.encryption === 'default' && defaultEncryption(bucket.resource!).algorithm !== UNKNOWN;
  return [isSure ? found(key, problem, remedyFor(encryption)) : doubted(key, problem, doubtOf(encryption, verdicts), remedyFor(encryption))];
}

/** A service for one of those sources that the policy of the bucket lets it deliver for. */
function deliverer({ service }: Delivery, source: Conditions): NamedCaller {
  return { name: service, service, requests: { Principal: { Service: service }, Condition: source } };
}

function doubtOf({ known, service }: Encryption, verdicts: readonly (boolean | undefined)[]): string {
  if (!verdicts.includes(false)) {
    return 'conditions of the policy of the key are not decided';
  }
  switch (known?.encryption) {
    case 'default': return 'the default encryption of the bucket is not known before deployment';
    case 'setting': return `${service} may be told to encrypt otherwise`;
    default: return `AWS does not document how ${service} encrypts`;
  }
}

function remedyFor({ service, known }: Encryption): string {
  const actions = known?.keyActions.join(', ') ?? 'kms:GenerateDataKey*';
  return `Allow ${service} ${actions} in the policy of the key, confined by 'aws:SourceAccount' and 'aws:SourceArn' as in the policy of the bucket.${known ? ` See ${known.see}` : ''}`;
}
