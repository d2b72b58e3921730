import { Token } from 'aws-cdk-lib';
import { WeakeningCalls } from '../../aws/weakening-calls';

/** Of a rule, in characters, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const LONGEST_PATTERN = 2048;

/** Of names and ARNs that are known at deployment only: no bucket name, key ARN or ARN of a role without a path is longer. */
const LONGEST_LATER = { bucket: 63, key: 100, role: 110 }; // characters

/** What calls are about: where a record names it, and what it is called. */
export interface CalledFor {
  readonly what: 'bucket' | 'key';
  readonly names: readonly string[];
}

/** An event pattern, as rules of the CDK take it. */
export interface CallPattern {
  readonly source: string[];
  readonly detailType: string[];
  readonly detail: Record<string, unknown>;
}

/**
 * The event patterns for calls by all principals but some roles. A pattern has a maximum length: the buckets or keys are divided among as many patterns as needed.
 * Undefined if the roles alone are too long.
 *
 * @param calledFor what the calls are about; whatever they are about, if it is left out
 */
export function callPatterns(calls: WeakeningCalls, exceptRoleArns: readonly string[], calledFor?: CalledFor): CallPattern[] | undefined {
  if (calledFor === undefined) {
    const pattern = callPattern(calls, exceptRoleArns);
    return lengthOf(pattern, exceptRoleArns) <= LONGEST_PATTERN ? [pattern] : undefined;
  }
  const groups: string[][] = [];
  for (const name of calledFor.names) {
    const last = groups.at(-1);
    const together = { ...calledFor, names: [...(last ?? []), name] };
    if (last && lengthOf(callPattern(calls, exceptRoleArns, together), exceptRoleArns, together) <= LONGEST_PATTERN) {
      last.push(name);
    } else {
      groups.push([name]);
    }
  }
  const parts = groups.map((names) => ({ ...calledFor, names }));
  const fits = parts.every((part) => lengthOf(callPattern(calls, exceptRoleArns, part), exceptRoleArns, part) <= LONGEST_PATTERN);
  return fits ? parts.map((part) => callPattern(calls, exceptRoleArns, part)) : undefined;
}

/**
 * Records of root, users, and services have no session, and no role that issued it: `anything-but` does not match what is not there, `exists` does.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
function callPattern({ source, eventSource, eventNames }: WeakeningCalls, exceptRoleArns: readonly string[], calledFor?: CalledFor): CallPattern {
  const issuedBy = (matcher: object) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn: [matcher] } } } });
  return {
    source: [source],
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: [eventSource],
      eventName: [...eventNames],
      ...(calledFor?.what === 'bucket' ? { requestParameters: { bucketName: [...calledFor.names] } } : {}),
      ...(calledFor?.what === 'key' ? { resources: { ARN: [...calledFor.names] } } : {}), // callers name a key in several ways, records of KMS add its ARN
      ...(exceptRoleArns.length > 0 ? { $or: [issuedBy({ 'anything-but': [...exceptRoleArns] }), issuedBy({ exists: false })] } : {}),
    },
  };
}

/** The length that a pattern has at most once it is deployed. */
function lengthOf({ source, detailType, detail }: CallPattern, roleArns: readonly string[], calledFor?: CalledFor): number {
  const written = JSON.stringify({ source, 'detail-type': detailType, detail }).length;
  const later = (texts: readonly string[], longest: number) => texts.filter((text) => Token.isUnresolved(text))
    .reduce((sum, text) => sum + Math.max(0, longest - text.length), 0);
  return written + later(roleArns, LONGEST_LATER.role) + (calledFor ? later(calledFor.names, LONGEST_LATER[calledFor.what]) : 0);
}
