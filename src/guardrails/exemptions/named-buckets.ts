import { Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Referring, targetsOf } from './references';

/** Ways in which texts name a bucket: by its ARN, by a URI, at the beginning of a path, in a call that is written as JSON. */
const NAMES = /(?::::|s3:\/\/|^\/|"Bucket(?:Name)?":")([a-z0-9][a-z0-9.-]+[a-z0-9])(?![a-z0-9.-])/g;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The buckets that values name: those of the app, and literal names of others or of the same. */
export function bucketsNamedIn(values: readonly Referring[]): (s3.CfnBucket | string)[] {
  const buckets = values.flatMap(targetsOf).filter((target): target is s3.CfnBucket => s3.CfnBucket.isCfnBucket(target));
  return [...new Set([...buckets, ...values.flatMap(({ value }) => textsIn(value)).flatMap(namesIn)])];
}

/** The name of a bucket, unless it is drawn or said at deployment only. */
export function knownName({ bucketName }: s3.CfnBucket): string | undefined {
  return bucketName === undefined || Token.isUnresolved(bucketName) ? undefined : bucketName;
}

function namesIn(text: string): string[] {
  return [...(BUCKET_NAME.test(text) ? [text] : []), ...Array.from(text.matchAll(NAMES), ([, name]) => name)];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(textsIn);
  }
  return typeof value === 'string' ? [value] : [];
}
