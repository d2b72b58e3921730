import { defaultEncryption } from './bucket-settings';
import { KMS_ALGORITHMS } from './default-encryption';
import { Bucket, Inventory } from '../../access/inventory';
import { isAwsManagedKey } from '../../aws/key-alias';
import { perimeterIntent } from '../../guarantees/perimeters';
import { every, not, Truth } from '../../policy/truth';
import { isUnknownValue, setting, UNKNOWN } from '../../template/settings';
import { doubted, Finding, found, notDecided, Rule } from '../finding';

/** What every bucket must have, the destination's own findings report; this rule compares it with its source. */
export const replicaDestination: Rule = {
  id: 'ReplicaDestination',
  requirement: 'A bucket of replicas is as strict as its source, and gets all of its objects.',
  reason: 'It holds the same data.',
  severity: 'medium',
  severityReason: 'The copy lacks layers that the source has, or objects of it.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html',
  judgeDeployment: (inventory) => inventory.allBuckets.flatMap((source) => {
    const rules = rulesOf(source);
    return rules === UNKNOWN ? [notDecided(source.site, 'What the bucket replicates, and to where, is not known before deployment.')]
      : rules.flatMap((rule) => [...judge(inventory, source, rule), ...judgeSelection(source, rule)].map((finding) => ofRule(rule, finding)));
  }),
};

function rulesOf({ resource }: Bucket): any[] | typeof UNKNOWN {
  const rules = resource && setting(resource, 'ReplicationConfiguration', 'Rules');
  const all = [rules ?? []].flat();
  return all.some(isUnknownValue) ? UNKNOWN : all.filter(({ Status }) => Status !== 'Disabled');
}

/** What is wrong with a rule that may be disabled may not be wrong. */
function ofRule({ Status }: any, finding: Finding): Finding {
  return finding.isDecided && isUnknownValue(Status) ? doubted(finding.resource, finding.problem, 'whether the rule is enabled is not known before deployment', finding.remedy) : finding;
}

const KEY = 'encryption with a customer managed key';

function judge(inventory: Inventory, source: Bucket, rule: any): Finding[] {
  const destination = inventory.bucketNamed(rule.Destination?.Bucket);
  if (!destination?.resource) {
    return [];
  }
  const lacksKey = every([encryptsWithKms(source), not(encryptsReplicas(destination, rule))], (truth) => truth);
  const weaker = [
    ...(lacksKey ? [KEY] : []),
    ...(limitsPresignedUrls(source) && !limitsPresignedUrls(destination) ? ['a limit to the age of presigned URLs'] : []),
    ...(intends(source, 'network') && !intends(destination, 'network') ? ['a network perimeter'] : []),
    ...(intends(source, 'organization') && !intends(destination, 'organization') ? ['an organization perimeter'] : []),
  ];
  const problemOf = (lacking: readonly string[]) => `The bucket holds replicas of '${source.site.path}', and lacks what that has: ${lacking.join(', ')}.`;
  return [
    ...(weaker.length === 0 ? [] : [found(destination.resource, problemOf(weaker), 'Give both the same guardrails.')]),
    ...(lacksKey === undefined ? [doubted(destination.resource, problemOf([KEY]), 'how objects or their replicas are encrypted is not known before deployment')] : []),
  ];
}

function encryptsWithKms({ resource }: Bucket): Truth {
  const { algorithm } = resource ? defaultEncryption(resource) : { algorithm: UNKNOWN };
  return algorithm === UNKNOWN ? undefined : KMS_ALGORITHMS.includes(algorithm);
}

/** Whether replicas are encrypted with a customer managed key: that of the rule, or that of the bucket which they are in. */
function encryptsReplicas(destination: Bucket, { Destination: { EncryptionConfiguration: encryption } }: any): Truth {
  if (encryption === undefined) {
    return encryptsWithKms(destination);
  }
  return [encryption, encryption.ReplicaKmsKeyID].some(isUnknownValue) ? undefined : !isAwsManagedKey(encryption.ReplicaKmsKeyID);
}

function intends({ policies }: Bucket, kind: 'network' | 'organization'): boolean {
  return policies.some(({ policy }) => policy && perimeterIntent(policy)[kind].length > 0);
}

function limitsPresignedUrls({ policies }: Bucket): boolean {
  return policies.some(({ policy }) => policy?.statements.some(({ effect, conditions }) => effect === 'Deny' && conditions.some(({ key }) => key === 's3:signatureage')));
}

/**
 * Objects that are encrypted with KMS are replicated only where a rule selects them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
function judgeSelection({ resource }: Bucket, { SourceSelectionCriteria: criteria }: any): Finding[] {
  const { algorithm } = defaultEncryption(resource!);
  const selected = criteria?.SseKmsEncryptedObjects?.Status;
  if (!KMS_ALGORITHMS.includes(algorithm) || selected === 'Enabled') {
    return [];
  }
  return [criteria, criteria?.SseKmsEncryptedObjects, selected].some(isUnknownValue)
    ? [notDecided(resource!, 'Whether objects that are encrypted with KMS are replicated is not known before deployment.')]
    : [found(
      resource!,
      'The bucket encrypts with KMS by default, and its replication leaves out all objects that are encrypted so.',
      "Set 'SseKmsEncryptedObjects' to 'Enabled' in 'SourceSelectionCriteria' ('sseKmsEncryptedObjects' of the rule), with the key for the replicas.",
    )];
}
