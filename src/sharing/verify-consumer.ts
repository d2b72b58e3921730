import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConsumerIdentity } from './consumer';
import { areDeployedAlike, known } from './names';
import { SharedData } from './shared-data';
import { refusal } from '../refusal';

/** A consumer of some data. */
export interface Sharing {
  readonly consumer: ConsumerIdentity;
  readonly data: SharedData;

  /** Whether the key's policy names the consumer whatever its account. */
  readonly isNamedInKey: boolean;
}

/** Whether a consumer is of another account than the data. */
export function isForeign({ account }: ConsumerIdentity, data: SharedData): boolean {
  return account !== data.account;
}

/** Throws if a side of the sharing could never be written: accounts or names that are not known at synthesis. */
export function verifyConsumer(site: IConstruct, { consumer, data, isNamedInKey }: Sharing): void {
  const name = consumer.resource?.node.path ?? consumer.arn ?? consumer.account;
  const foreign = isForeign(consumer, data);
  if (foreign && [consumer.account, data.account].some((account) => known(account) === undefined)) {
    throw refusal(site, 'UnknownAccount', {
      problem: `it is not known whether the consumer '${name}' is of another account: the account of ${known(consumer.account) ? `'${data.resource.node.path}'` : 'the consumer'} is not known at synthesis.`,
      remedy: "Set 'env' on both stacks, or name the consumer by Consumer.roleArn or Consumer.account.",
    });
  }
  if (foreign && !canName(Stack.of(data.resource), consumer)) {
    throw refusal(site, 'UnnamedConsumer', {
      problem: `policies of account ${data.account} cannot name '${name}' of account ${consumer.account}, which gets its name at deployment.`,
      remedy: "Give it a physical name: 'roleName', or PhysicalName.GENERATE_IF_NEEDED.",
    });
  }
  if ((foreign || isNamedInKey || isDeployedElsewhere(consumer, data)) && !data.hasKnownName()) {
    throw refusal(site, 'UnnamedBucket', {
      problem: `policies that share the bucket '${data.resource.node.path}' with '${name}' cannot name it: it gets its name at deployment.`,
      remedy: "Give the bucket a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
    });
  }
}

/** Whether the templates of a stack can write down a consumer's ARN. */
function canName(stack: Stack, { resource, arn }: ConsumerIdentity): boolean {
  try {
    return resource === undefined || stack.resolve(arn) !== undefined;
  } catch {
    return false; // a role of another account without a physical name
  }
}

/** Whether the consumer's stack cannot refer to the data. */
function isDeployedElsewhere({ resource }: ConsumerIdentity, data: SharedData): boolean {
  const stack = resource && Stack.of(resource);
  return stack !== undefined && (!areDeployedAlike(data.resource, stack) || Stage.of(stack) !== Stage.of(data.resource));
}
