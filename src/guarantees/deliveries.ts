import { Conditions, EVERY_CALLER, Guarantee, RequestDescription } from '../proof/guarantee';
import { ResourceFacts } from '../proof/part';

const VERSION = '2012-10-17'; // values may have policy variables

/** What a service calls for: what a bucket's policy demands of it, it carries to KMS, too. */
const SOURCE_KEYS = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** Who a role or user is: that is the same to KMS. */
export const CALLER_KEYS = ['aws:principalarn', 'aws:principalaccount', 'aws:userid', 'aws:principalorgid', 'aws:principalorgpaths'];

/** A service may not upload with the default encryption of a bucket, whatever it calls for. */
export function mayNotDeliver(service: string, source: Conditions, { objects }: ResourceFacts): Guarantee {
  return {
    sentence: `${service} delivers nothing with the default encryption of the bucket.`,
    needsAllow: EVERY_CALLER,
    breaches: [{ Version: VERSION, Principal: { Service: service }, Action: 's3:PutObject', Resource: `${objects}*`, Condition: { ...source, Null: { ...source.Null, 's3:x-amz-server-side-encryption': 'true' } } }],
  };
}

/** Some callers may not read a bucket, or not upload to it with its own key: what takes the key, directly or through an access point. */
export function mayNotTouch(callers: RequestDescription, action: string, { objects }: ResourceFacts, keyArn: string): Guarantee {
  const { Condition = {} } = callers;
  const request = (more: Conditions): RequestDescription => ({ Version: VERSION, ...callers, Action: action, Resource: `${objects}*`, Condition: { ...Condition, ...more } });
  return {
    sentence: `Nobody of them may ${action}.`,
    needsAllow: EVERY_CALLER,
    breaches: action !== 's3:PutObject' ? [request({})] : [
      request({ Null: { ...Condition.Null, 's3:x-amz-server-side-encryption': 'true', 's3:x-amz-server-side-encryption-customer-algorithm': 'true' } }),
      request({ StringEquals: { ...Condition.StringEquals, 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn } }),
    ],
  };
}

/** Some callers may do nothing at all with a bucket. */
export function mayDoNothing(callers: RequestDescription): Guarantee {
  return { sentence: 'They may do nothing with the bucket.', needsAllow: EVERY_CALLER, breaches: [{ Version: VERSION, ...callers, Action: 's3:*' }] };
}

/** Some callers may write no object of a bucket, whatever else their requests carry. */
export function mayNotWrite(callers: RequestDescription, { objects }: ResourceFacts): Guarantee {
  return { sentence: 'Logs are not delivered.', needsAllow: EVERY_CALLER, breaches: [{ ...callers, Action: 's3:PutObject', Resource: `${objects}*` }] };
}

/**
 * Some callers may not use a key for a bucket. S3 calls KMS for them, and says for which bucket or object.
 *
 * @param viaService what S3 is called in the Region; AWS does not document whether KMS is told it when a service calls
 */
export function mayNotUseKeyFor(callers: RequestDescription, action: string, encryptionContexts: readonly string[], viaService?: string): Guarantee {
  const { Condition = {} } = callers;
  const via: Record<string, string> = viaService === undefined ? {} : { 'kms:ViaService': viaService };
  const context: Record<string, readonly string[]> = { 'kms:EncryptionContext:aws:s3:arn': encryptionContexts };
  const isOfBucket = encryptionContexts.every((text) => !text.endsWith('*'));
  return {
    sentence: 'The key is not used for the bucket.',
    needsAllow: EVERY_CALLER,
    breaches: [{
      Version: VERSION,
      ...callers,
      Action: action,
      Condition: {
        ...Condition,
        StringEquals: { ...Condition.StringEquals, ...via, ...(isOfBucket ? context : {}) },
        ...(isOfBucket ? {} : { StringLike: { ...Condition.StringLike, ...context } }),
      },
    }],
  };
}

/** What the conditions of a statement demand of what a service calls for. */
export function demandedSources(conditions: Conditions): Conditions[] {
  return demanded(conditions, SOURCE_KEYS);
}

/**
 * What the conditions of a statement demand of some keys, in lower case: several sources or callers, where each of several values is one of its own.
 * What they demand of anything else is left out.
 */
export function demanded(conditions: Conditions, keys: readonly string[]): Conditions[] {
  const entries = Object.entries(conditions).flatMap(([operator, tests]) => Object.entries(tests).map(([key, values]) => ({ operator, key, values: [values].flat() })));
  const ofKeys = entries.filter(({ key }) => keys.includes(key.toLowerCase()));
  const lists = ofKeys.filter(({ operator, values }) => /^(?:String|Arn)(?:Equals|Like)/i.test(operator) && values.length > 1);
  const narrowed = (list: Demand, value: string) => conditionsOf(ofKeys.map((demand) => (demand === list ? { ...list, values: [value] } : demand)));
  return lists.length === 0 ? [conditionsOf(ofKeys)] : lists.flatMap((list) => list.values.map((value) => narrowed(list, value)));
}

interface Demand {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function conditionsOf(demands: readonly Demand[]): Conditions {
  const byOperator: Record<string, Record<string, readonly string[]>> = {};
  demands.forEach(({ operator, key, values }) => {
    byOperator[operator] = { ...byOperator[operator], [key]: values };
  });
  return byOperator;
}
