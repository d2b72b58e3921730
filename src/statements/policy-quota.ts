import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { smallestPolicySize } from '../policy/policy-size';
import { sentenceOf } from '../refusal';

/** How large a policy may be, and what to do about a larger one. */
export interface PolicyQuota {
  readonly what: string;
  readonly bytes: number;
  readonly owner: string;
  readonly remedy: string;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html */
export const ACCESS_POINT_POLICY: PolicyQuota = {
  what: 'access point policy', bytes: 20_480, owner: 'S3', remedy: 'Give every team a SharedDatasetAccessPoint of its own, or share with accounts (Consumer.account).',
};

/** AWS names no other quota for them. */
export const MULTI_REGION_ACCESS_POINT_POLICY: PolicyQuota = {
  ...ACCESS_POINT_POLICY, what: 'policy of a multi-Region access point', remedy: 'Make another access point to the buckets for some consumers, or share with accounts (Consumer.account).',
};

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const KEY_POLICY: PolicyQuota = {
  what: 'key policy',
  bytes: 32_768,
  owner: 'KMS',
  remedy: 'Let the key policy name accounts or organizations instead of consumers: keyPolicyScope: KeyPolicyScope.ACCOUNTS or KeyPolicyScope.organization(…). SharedDatasetAccessPoint does so by itself.',
};

const WATCHED = new WeakSet<IConstruct>();

/** Fails synthesis when a policy outgrows its quota. One message a policy, whoever watches. */
export function watchPolicySize(resource: IConstruct, quota: PolicyQuota, document: () => unknown): void {
  if (WATCHED.has(resource)) {
    return;
  }
  WATCHED.add(resource);
  resource.node.addValidation({
    validate: () => {
      const size = smallestPolicySize(Stack.of(resource).resolve(document()) ?? {});
      return size <= quota.bytes ? [] : [sentenceOf(resource.node.path, {
        problem: `the ${quota.what} takes at least ${size.toLocaleString('en')} bytes, and ${quota.owner} accepts ${quota.bytes.toLocaleString('en')}.`,
        remedy: quota.remedy,
      })];
    },
  });
}
