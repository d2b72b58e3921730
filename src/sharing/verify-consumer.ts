import { IResource, Stack, Stage } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { IConstruct } from 'constructs';
import { ConsumerIdentity } from './consumer';
import { areDeployedAlike, known } from './names';
import { sharedBucket, SharedData, SharedKey } from './shared-data';
import { canFollow } from './stack-order';
import { Refusal } from '../refusal';

/** A key that a consumer uses. */
export interface UsedKey extends SharedKey {
  /** Whether the key's policy must allow it: its own account's policies cannot. */
  readonly isNeededInPolicy: boolean;
}

/** A consumer of some data. */
export interface Sharing {
  readonly consumer: ConsumerIdentity;
  readonly data: SharedData;

  /** The keys that the consumer uses. */
  readonly keys: readonly UsedKey[];

  /** The resources whose policies name the consumer itself, and so must be deployed after it. */
  readonly namedBy: readonly IConstruct[];

  /** Whether these must name it so, in whichever order that is. */
  readonly isBound: boolean;
}

/** Whether a consumer is of another account than the data. */
export function isForeign({ account }: ConsumerIdentity, data: SharedData): boolean {
  return account !== data.account;
}

/** Why a side of the sharing could never be written: accounts or names that are not known at synthesis, stacks in a circle. */
export function consumerProblems({ consumer, data, keys, namedBy, isBound }: Sharing): Refusal[] {
  const { name, account } = consumer;
  const foreign = isForeign(consumer, data);
  if (foreign && [account, data.account].some((id) => known(id) === undefined)) {
    return [{
      name: 'UnknownAccount',
      problem: `it is not known whether the consumer '${name}' is of another account: the account of ${known(account) ? `'${data.resource.node.path}'` : 'the consumer'} is not known at synthesis.`,
      remedy: "Set 'env' on both stacks, or name the consumer by Consumer.roleArn or Consumer.account, written out.",
    }];
  }
  const [here, there] = [partitionOf(data.region), partitionOfConsumer(consumer)];
  const circle = isBound ? namedBy.find((resource) => consumer.resource && !canFollow(Stack.of(resource), Stack.of(consumer.resource))) : undefined;
  const isNeededInKey = keys.some(({ isNeededInPolicy }) => isNeededInPolicy);
  const nameless = [
    ...(foreign || isNeededInKey || isDeployedElsewhere(consumer, data.resource) ? [data] : []),
    // the use of a key is confined to its bucket
    ...keys.filter((key) => key.isNeededInPolicy || isDeployedElsewhere(consumer, key.bucket)).map(({ bucket }) => sharedBucket(bucket)),
  ].find((shared) => !shared.hasKnownName());
  return [
    ...(here !== undefined && there !== undefined && here !== there ? [{
      name: 'AnotherPartition', problem: `the consumer '${name}' is in partition ${there}, and the data in ${here}.`, remedy: 'Nobody reaches data of another partition: copy it there.',
    }] : []),
    ...(consumer.isGroup && (foreign || isNeededInKey) ? [{
      name: 'UnusableConsumer', problem: `'${name}' is a group, and the policies of buckets and keys cannot name groups.`, remedy: 'Name its users, or better a role; or Consumer.account(…).',
    }] : []),
    ...(namedBy.every((resource) => canName(Stack.of(resource), consumer)) ? [] : [{
      name: 'UnnamedConsumer',
      problem: `policies of account ${data.account} cannot name '${name}' of account ${account}, which gets its name at deployment.`,
      remedy: "Give it a physical name: 'roleName', or PhysicalName.GENERATE_IF_NEEDED.",
    }]),
    ...(circle ? [{
      name: 'ConsumerTooLate',
      problem: `the policy of '${circle.node.path}' cannot name '${name}': its stack is in another stage, or deployed after it, and S3 and KMS refuse to name a role that does not exist.`,
      remedy: "Leave 'principalBinding' out, or use PrincipalBinding.ACCOUNT.",
    }] : []),
    ...(nameless ? [{
      name: 'UnnamedBucket',
      problem: `policies that share the bucket '${nameless.resource.node.path}' with '${name}' cannot name it: it gets its name at deployment.`,
      remedy: "Give the bucket a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
    }] : []),
  ];
}

function partitionOf(region: string): string | undefined {
  return known(region) && RegionInfo.get(region).partition;
}

function partitionOfConsumer({ arn, resource }: ConsumerIdentity): string | undefined {
  return known(arn)?.split(':')[1] ?? (resource && partitionOf(Stack.of(resource).region));
}

/** Whether the templates of a stack can write down a consumer's ARN. */
export function canName(stack: Stack, { resource, arn }: ConsumerIdentity): boolean {
  try {
    return resource === undefined || stack.resolve(arn) !== undefined;
  } catch {
    return false; // a role of another account without a physical name
  }
}

/** Whether the consumer's stack cannot refer to what is shared. */
function isDeployedElsewhere({ resource }: ConsumerIdentity, shared: IResource): boolean {
  const stack = resource && Stack.of(resource);
  return stack !== undefined && (!areDeployedAlike(shared, stack) || Stage.of(stack) !== Stage.of(shared));
}
