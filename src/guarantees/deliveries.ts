import { Conditions, EVERY_CALLER, Guarantee, RequestDescription } from '../proof/guarantee';
import { ResourceFacts } from '../proof/part';

const VERSION = '2012-10-17'; // values may have policy variables

/** What a service calls for: what a bucket's policy demands of it, it carries to KMS, too. */
const SOURCE_KEYS = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/** A service may not upload with the default encryption of a bucket, whatever it calls for. */
export function mayNotDeliver(service: string, source: Conditions, { objects }: ResourceFacts): Guarantee {
  return {
    sentence: `${service} delivers nothing with the default encryption of the bucket.`,
    needsAllow: EVERY_CALLER,
    breaches: [{ Version: VERSION, Principal: { Service: service }, Action: 's3:PutObject', Resource: `${objects}*`, Condition: { ...source, Null: { ...source.Null, 's3:x-amz-server-side-encryption': 'true' } } }],
  };
}

/** Some callers may write no object of a bucket, whatever else their requests carry. */
export function mayNotWrite(callers: RequestDescription, { objects }: ResourceFacts): Guarantee {
  return { sentence: 'Logs are not delivered.', needsAllow: EVERY_CALLER, breaches: [{ ...callers, Action: 's3:PutObject', Resource: `${objects}*` }] };
}

/** A service may not encrypt what it delivers: S3 calls KMS for it, and says for which bucket or object. */
export function mayNotEncrypt(service: string, source: Conditions, encryptionContexts: readonly string[]): Guarantee {
  return {
    sentence: `${service} may not encrypt with the key.`,
    needsAllow: EVERY_CALLER,
    breaches: [{
      Version: VERSION,
      Principal: { Service: service },
      Action: 'kms:GenerateDataKey',
      Condition: { ...source, StringLike: { ...source.StringLike, 'kms:EncryptionContext:aws:s3:arn': encryptionContexts } },
    }],
  };
}

/**
 * What the conditions of a statement demand of what a service calls for: several sources, where each of several values is one of its own. What
 * they demand of anything else is left out.
 */
export function demandedSources(conditions: Conditions): Conditions[] {
  const entries = Object.entries(conditions).flatMap(([operator, tests]) => Object.entries(tests).map(([key, values]) => ({ operator, key, values: [values].flat() })));
  const ofSource = entries.filter(({ key }) => SOURCE_KEYS.includes(key.toLowerCase()));
  const lists = ofSource.filter(({ operator, values }) => /^(?:String|Arn)(?:Equals|Like)/i.test(operator) && values.length > 1);
  const narrowed = (list: Demand, value: string) => conditionsOf(ofSource.map((demand) => (demand === list ? { ...list, values: [value] } : demand)));
  return lists.length === 0 ? [conditionsOf(ofSource)] : lists.flatMap((list) => list.values.map((value) => narrowed(list, value)));
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
