import type { DeployedResource, Deployment } from './deployment';

/**
 * Replicas of keys in other Regions have policies of their own, and are enabled by themselves; they are rotated with the key that they are replicas of.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
const KEY_TYPES = ['AWS::KMS::ReplicaKey', 'AWS::KMS::Key'];

export function isKey({ type }: DeployedResource): boolean {
  return KEY_TYPES.includes(type);
}

/** The keys of a deployment; a replica has the id of its primary key, which comes last. */
export function keysOf(deployment: Deployment): DeployedResource[] {
  return KEY_TYPES.flatMap((type) => deployment.ofType(type));
}

/** The key that a replica is one of, or the key itself; undefined if it is in no template. */
export function primaryKeyOf(key: DeployedResource): DeployedResource | undefined {
  return key.type === 'AWS::KMS::Key' ? key : key.stack.deployment.ofType('AWS::KMS::Key').find((primary) => primary.reference('Arn') === key.property('PrimaryKeyArn'));
}
