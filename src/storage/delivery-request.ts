import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KnownReferences } from '../guardrails/evaluable-statement';
import { canonical } from '../guardrails/template-values';
import { unknownText } from '../policy/unknown-text';

/** What references to the buckets of a stack stand for. */
export function referencesIn(stack: Stack): KnownReferences {
  const buckets = stack.node.findAll().filter(s3.CfnBucket.isCfnBucket).filter((bucket) => bucket.stack === stack);
  return new Map(buckets.flatMap((bucket): [string, string][] => {
    const logicalId = stack.resolve(bucket.logicalId);
    return [[canonical({ Ref: logicalId }), nameOf(bucket)], [canonical({ 'Fn::GetAtt': [logicalId, 'Arn'] }), arnOf(bucket)]];
  }));
}

/** The ARN of a bucket in requests, in whichever partition. */
export function arnOf(bucket: s3.CfnBucket): string {
  return `arn:aws:s3:::${nameOf(bucket)}`;
}

/** A name that CloudFormation draws is like no other, and has no slash in it: a stand-in tells what is behind it in an ARN. */
function nameOf({ stack, bucketName, bucketNamePrefix, node }: s3.CfnBucket): string {
  if (bucketName !== undefined && !Token.isUnresolved(bucketName)) {
    return bucketName;
  }
  const isDrawn = stack.resolve(bucketName) === undefined && bucketNamePrefix === undefined;
  return isDrawn ? node.addr : unknownText(node.addr);
}
