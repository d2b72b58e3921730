import { defaultEncryption } from './bucket-settings';
import { KMS_ALGORITHMS } from './default-encryption';
import { keyFacts } from './key-policy';
import { NamedCaller } from './named-callers';
import { Bucket, Inventory } from '../../access/inventory';
import { defaultKeyPolicy } from '../../access/kms-key';
import { isAwsManagedKey } from '../../aws/key-alias';
import { domainSuffixOf } from '../../aws/regions';
import { mayNotUseKeyFor } from '../../guarantees/deliveries';
import { Statement } from '../../policy/document';
import { principalApplies } from '../../policy/evaluate';
import { Truth } from '../../policy/truth';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { isOn, UNKNOWN } from '../../template/settings';

/** Whether a bucket encrypts by default with a customer managed key, or may. */
export function encryptsWithOwnKey({ resource }: Bucket): boolean {
  const { algorithm, keyId } = resource ? defaultEncryption(resource) : { algorithm: undefined, keyId: undefined };
  return (algorithm === UNKNOWN || KMS_ALGORITHMS.includes(algorithm)) && keyId !== undefined && !isAwsManagedKey(keyId);
}

/** For what S3 uses the key of a bucket: it names the bucket where that has a bucket key, and the object otherwise. */
function encryptionContexts({ resource, facts }: Bucket): string[] {
  const { algorithm, bucketKey } = defaultEncryption(resource!);
  return algorithm === UNKNOWN || bucketKey === UNKNOWN ? [facts.arn, `${facts.objects}*`] : isOn(bucketKey) && algorithm !== 'aws:kms:dsse' ? [facts.arn] : [`${facts.objects}*`];
}

/** AWS does not document whether KMS is told that a service comes through S3. */
function admitsThroughServices(statement: Statement, service: string): boolean {
  return statement.effect === 'Allow' && statement.conditions.some(({ key }) => key === 'kms:viaservice' || key === 'aws:viaawsservice')
    && principalApplies(statement, { principal: { kind: 'service', service } }) !== false;
}

/** The policy of a key; the one that KMS gives it, if the template has none. */
export function keyDocumentOf(inventory: Inventory, key: DeployedResource): DeployedPolicy {
  return inventory.policyOf(key, 'KeyPolicy') ?? new DeployedPolicy(key, 'KeyPolicy', () => defaultKeyPolicy(key.stack.partition, key.stack.account));
}

/** Whether the policy of a key lets a caller do something with it for a bucket. */
export function mayUseKey(inventory: Inventory, bucket: Bucket, key: DeployedResource, { requests, service }: NamedCaller, action: string): Truth {
  const document = keyDocumentOf(inventory, key);
  const { region, partition } = key.stack;
  const viaService = service === undefined ? `s3.${region}.${domainSuffixOf(partition)}` : undefined;
  const { verdict } = inventory.proveKey(document, mayNotUseKeyFor(requests, action, encryptionContexts(bucket), viaService), keyFacts(key), [bucket.facts.arn]);
  const isOpen = service !== undefined && verdict === 'holds' && document.policy!.statements.some((statement) => admitsThroughServices(statement, service));
  return verdict === 'not-decided' || isOpen ? undefined : verdict === 'broken';
}
