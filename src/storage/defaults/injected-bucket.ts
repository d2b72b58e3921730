import { Stage } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { Refusal } from '../../refusal';

/** A bucket whose props `SecureBucketDefaults` has completed. */
export interface InjectedBucket {
  readonly scope: Construct;
  readonly id: string;

  /** What its own props, and the access control list of its resource, say that is weaker than the defaults. Props that what uses the bucket needs may be left out. */
  readonly weakenings: (needed: readonly (keyof s3.BucketProps)[], acl?: s3.BucketAccessControl) => Refusal[];

  /** Why the bucket was not given a KMS key, although its props leave its encryption open. */
  readonly keepsSseS3?: Refusal;

  /** The same, where its resource has an access control list. */
  readonly keepsSseS3With: (acl: s3.BucketAccessControl) => Refusal | undefined;

  /** Whether its own props choose an encryption without a customer managed key: `weakenings` says so. */
  readonly choosesWeakEncryption: boolean;

  /** What the defaults have set, where other constructs may need it otherwise. */
  readonly sets: { readonly key: boolean; readonly tls: boolean; readonly ownership: boolean; readonly versions: boolean; readonly publicAccessBlock: boolean };
}

const LEFT = new WeakMap<IConstruct, Refusal>();
const BY_SCOPE = new WeakMap<IConstruct, Map<string, InjectedBucket>>();
const BY_STAGE = new WeakMap<IConstruct, InjectedBucket[]>();

/** Remembers why a bucket is not given a key, where that turned out after it was made. */
export function leave(bucket: IConstruct, why: Refusal): void {
  LEFT.set(bucket, LEFT.get(bucket) ?? why);
}

/** Why a bucket is not given a key, where that turned out after it was made. */
export function whyLeft(bucket: IConstruct): Refusal | undefined {
  return LEFT.get(bucket);
}

/** Remembers a bucket that is about to be made; the constructs that are synthesized with it are returned. */
export function remember(injected: InjectedBucket): IConstruct {
  const { scope, id } = injected;
  const stage = Stage.of(scope) ?? scope.node.root;
  BY_SCOPE.set(scope, (BY_SCOPE.get(scope) ?? new Map<string, InjectedBucket>()).set(id, injected));
  BY_STAGE.set(stage, [...(BY_STAGE.get(stage) ?? []), injected]);
  return stage;
}

/** What was injected into a bucket; undefined if its props are its own. */
export function injectionOf(bucket: IConstruct): InjectedBucket | undefined {
  return bucket.node.scope && BY_SCOPE.get(bucket.node.scope)?.get(bucket.node.id);
}

/** Hands over the buckets of a stage that were made since the last time. */
export function takeNew(stage: IConstruct): InjectedBucket[] {
  const made = BY_STAGE.get(stage) ?? [];
  BY_STAGE.set(stage, []);
  return made;
}

/** The bucket as it was made; undefined if it, or its resource, was taken out of the tree again. */
export function bucketOf({ scope, id }: InjectedBucket): s3.Bucket | undefined {
  const bucket = scope.node.tryFindChild(id);
  return bucket instanceof s3.Bucket && bucket.node.defaultChild ? bucket : undefined;
}
