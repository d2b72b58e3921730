import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KnownReferences } from '../guardrails/evaluable-statement';
import { canonical } from '../guardrails/template-values';
import { Statement } from '../policy/document';
import { isUnknown, unknownText } from '../policy/unknown-text';

/** How a bucket is called before AWS has drawn its name. */
export type NameOfBucket = (bucket: s3.CfnBucket) => string;

/** What references to the buckets of a stack stand for. */
export function referencesIn(stack: Stack, nameOf: NameOfBucket = openName): KnownReferences {
  const buckets = stack.node.findAll().filter(s3.CfnBucket.isCfnBucket).filter((bucket) => bucket.stack === stack);
  return new Map(buckets.flatMap((bucket): [string, string][] => {
    const logicalId = stack.resolve(bucket.logicalId);
    return [[canonical({ Ref: logicalId }), nameOf(bucket)], [canonical({ 'Fn::GetAtt': [logicalId, 'Arn'] }), arnOf(bucket, nameOf)]];
  }));
}

/** The ARN of a bucket in requests, in whichever partition. */
export function arnOf(bucket: s3.CfnBucket, nameOf: NameOfBucket = openName): string {
  return `arn:aws:s3:::${nameOf(bucket)}`;
}

/** The name of a bucket; if it is not known, it may be any. */
export function openName({ bucketName, node }: s3.CfnBucket): string {
  return bucketName === undefined || Token.isUnresolved(bucketName) ? unknownText(node.addr) : bucketName;
}

/** The same, but that a name which CloudFormation draws has a stand-in, which tells what is behind it in an ARN: there is no slash in the name. */
export function standInName(bucket: s3.CfnBucket): string {
  const { stack, bucketName, bucketNamePrefix, node } = bucket;
  return stack.resolve(bucketName) === undefined && bucketNamePrefix === undefined ? node.addr : openName(bucket);
}

/** The ARN of a bucket as the resources of a statement are compared with it; references in the statement stand for stand-ins. */
export function arnAsSeenBy({ resource }: Statement, bucket: s3.CfnBucket): string {
  return arnBeside((resource?.members ?? []).map(({ text: { source } }) => source), bucket);
}

/** The same, as `aws:SourceArn` is compared with it. */
export function sourceArnAsSeenBy({ conditions }: Statement, bucket: s3.CfnBucket): string {
  return arnBeside(conditions.filter(({ key }) => key === 'aws:sourcearn').flatMap(({ values }) => values.map(({ source }) => source)), bucket);
}

/** A stand-in, unless what is written may mean the name that CloudFormation draws. */
function arnBeside(written: readonly string[], bucket: s3.CfnBucket): string {
  const named = written.flatMap((text) => BUCKET_IN_ARN.exec(text)?.[1] ?? []);
  const mayMeanIt = named.some((name) => name !== ANY && name !== standInName(bucket) && (/[*?$]/.test(name) || isUnknown(name) || DRAWN.test(name)));
  return arnOf(bucket, mayMeanIt ? openName : standInName);
}

const BUCKET_IN_ARN = /^arn:[^:]*:s3:[^:]*:[^:]*:([^/]*)/;
const ANY = '*'; // whatever the name is, it is meant, and what follows is compared with what is behind the name
const DRAWN = /^[a-z0-9.-]+-[a-z0-9]+-[a-z0-9]{8,14}$/;
