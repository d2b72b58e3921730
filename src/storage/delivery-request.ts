import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KnownReferences } from '../guardrails/evaluable-statement';
import { canonical } from '../guardrails/template-values';
import { contextOf } from '../policy/context';
import { Statement } from '../policy/document';
import { PolicyRequest } from '../policy/request';
import { UNDETERMINED, unknownText } from '../policy/unknown-text';

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

function nameOf({ bucketName, node }: s3.CfnBucket): string {
  return bucketName === undefined || Token.isUnresolved(bucketName) ? unknownText(node.addr) : bucketName;
}

/** In no request by which a service delivers: it comes from no network of anybody's, belongs to no organization, and leaves the encryption to the bucket. */
const ABSENT = /^(?:s3:x-amz-server-side-encryption.*|aws:sourcevpce?|aws:sourcevpcarn|aws:vpcsourceip|aws:vpce.*|aws:principalorgid|aws:principalorgpaths|aws:username)$/;

/**
 * An upload of a service as a statement sees it. What is not known of it may be anything.
 *
 * @param object the ARN of the object
 * @param known what is known of it beside the service
 */
export function serviceUpload(service: string, object: string, known: Readonly<Record<string, string>>, { conditions }: Statement): PolicyRequest {
  const keys = conditions.map(({ key }) => key).filter((key) => !ABSENT.test(key));
  return {
    principal: { kind: 'service', service },
    action: 's3:PutObject',
    resource: object,
    context: contextOf({
      ...Object.fromEntries(keys.map((key) => [key, UNDETERMINED])),
      'aws:securetransport': 'true',
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': service,
      'aws:viaawsservice': 'false',
      ...known,
    }),
  };
}
