import type { DeployedResource } from './deployment';

/** The calls of an API that a custom resource tells, as JSON: `AwsCustomResource` makes them when it is created or updated. */
export function writtenCalls(resource: DeployedResource): string[] {
  return isCustom(resource) ? ['Create', 'Update'].map((property) => writtenOut(resource.property(property))) : [];
}

export function isCustom({ type }: DeployedResource): boolean {
  return /^Custom::|^AWS::CloudFormation::CustomResource$/.test(type);
}

/** As JSON; what is JSON in a text already, too. */
export function writtenOut(value: unknown): string {
  return (JSON.stringify(value) ?? '').replace(/\\/g, '');
}

/**
 * Calls that change who has access to a bucket, a key or their data, or how a bucket keeps it. Those of Block Public Access are judged by what they say.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources.AwsSdkCall.html
 */
const CHANGED = ['Policy', 'Acl', 'OwnershipControls', 'Encryption', 'Versioning', 'Website', 'Replication'].map((setting) => `Bucket${setting}`);
const CHANGING = `(?:put|delete)(?:${[...CHANGED, 'ObjectAcl', 'AccessPointPolicy', 'KeyPolicy'].join('|')})|createGrant`;
const CHANGING_CALL = new RegExp(`"action":"(${CHANGING})(?:Command)?"`, 'gi');
const MAY_CHANGE = new RegExp(CHANGING, 'i');

/** What is not looked at of what a custom resource does, in sentences. */
export function unseenCalls(resource: DeployedResource): string[] {
  const { Create, Update } = resource.definition.Properties ?? {};
  if (!isCustom(resource) || !MAY_CHANGE.test(JSON.stringify([Create, Update]))) {
    return [];
  }
  const calls = new Set(writtenCalls(resource).flatMap((call) => Array.from(call.matchAll(CHANGING_CALL), ([, action]) => action)));
  return [...calls].map((action) => `The custom resource '${resource.logicalId}' calls ${action}; what that changes is not looked at.`);
}
