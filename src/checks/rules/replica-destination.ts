import { defaultEncryption } from './bucket-settings';
import { isAwsManagedKey, KMS_ALGORITHMS } from './default-encryption';
import { Bucket, Inventory } from '../../access/inventory';
import { perimeterIntent } from '../../guarantees/perimeters';
import { isUnknownValue, setting } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

/** What every bucket must have, the destination's own findings report; this rule compares it with its source. */
export const replicaDestination: Rule = {
  id: 'ReplicaDestination',
  requirement: 'A bucket of replicas is as strict as its source, and gets all of its objects.',
  reason: 'It holds the same data.',
  severity: 'medium',
  severityReason: 'The copy lacks layers that the source has, or objects of it.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html',
  judgeDeployment: (inventory) => inventory.allBuckets.flatMap((source) => rulesOf(source).flatMap((rule) => [...judge(inventory, source, rule), ...judgeSelection(source, rule)])),
};

function rulesOf({ resource }: Bucket): any[] {
  const rules = resource && setting(resource, 'ReplicationConfiguration', 'Rules');
  return Array.isArray(rules) ? rules.filter((rule) => rule?.Status !== 'Disabled') : [];
}

function judge(inventory: Inventory, source: Bucket, rule: any): Finding[] {
  const destination = inventory.bucketNamed(rule?.Destination?.Bucket);
  if (!destination?.resource) {
    return [];
  }
  const isEncrypted = ({ resource }: Bucket) => KMS_ALGORITHMS.includes(defaultEncryption(resource!).algorithm);
  const weaker = [
    ...(isEncrypted(source) && !isEncrypted(destination) && !rule.Destination.EncryptionConfiguration ? ['encryption with a customer managed key'] : []),
    ...(isAwsManagedKey(rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID) && isEncrypted(source) ? ['encryption with a customer managed key'] : []),
    ...(limitsPresignedUrls(source) && !limitsPresignedUrls(destination) ? ['a limit to the age of presigned URLs'] : []),
    ...(intends(source, 'network') && !intends(destination, 'network') ? ['a network perimeter'] : []),
    ...(intends(source, 'organization') && !intends(destination, 'organization') ? ['an organization perimeter'] : []),
  ];
  return weaker.length === 0 ? [] : [found(destination.resource, `The bucket holds replicas of '${source.site.path}', and lacks what that has: ${weaker.join(', ')}.`, 'Give both the same guardrails.')];
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
function judgeSelection({ resource }: Bucket, rule: any): Finding[] {
  const { algorithm } = defaultEncryption(resource!);
  const selected = rule?.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status;
  if (!KMS_ALGORITHMS.includes(algorithm) || selected === 'Enabled' || isUnknownValue(rule) || isUnknownValue(rule?.SourceSelectionCriteria)) {
    return [];
  }
  return isUnknownValue(selected)
    ? [notDecided(resource!, 'Whether objects that are encrypted with KMS are replicated is not known before deployment.')]
    : [found(
      resource!,
      'The bucket encrypts with KMS by default, and its replication leaves out all objects that are encrypted so.',
      "Set 'SseKmsEncryptedObjects' to 'Enabled' in 'SourceSelectionCriteria' ('sseKmsEncryptedObjects' of the rule), with the key for the replicas.",
    )];
}
