import { isUnknown } from '../policy/unknown-text';
import { Conditions, PROOF_KEYS, RequestDescription } from '../proof/guarantee';

/** The kinds of callers that have policies of their own. */
const IAM_KINDS = ['role', 'user', 'root', 'federated-user'];

/** Conditions on who calls. */
export const IAM_CALLER: Conditions = { StringEquals: { [PROOF_KEYS.callerKind]: IAM_KINDS } };
export const ANONYMOUS: Conditions = { StringEquals: { [PROOF_KEYS.callerKind]: 'anonymous' } };
export const AWS_SERVICE: Conditions = { Bool: { 'aws:PrincipalIsAWSService': 'true' } };
export const NO_AWS_SERVICE: Conditions = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };

/** Callers who have no policies of their own. */
export const ANONYMOUS_CALLERS: RequestDescription = { Condition: ANONYMOUS };

/** Callers of none of some accounts: services and anonymous callers are of none. AWS does not say what `aws:PrincipalAccount` is for services. */
export function ofOtherAccountsThan(accounts: readonly string[]): Conditions {
  const unknown = accounts.filter(isUnknown); // values of their own: patterns would not tell them from others
  const known = accounts.filter((account) => !isUnknown(account));
  return allOf(noneOf('ArnNotLike', 'aws:PrincipalArn', known.map((account) => `arn:*:*::${account}:*`)), noneOf('StringNotEquals', 'aws:PrincipalAccount', unknown));
}

/** All of some conditions. Values of the same operator and key must not be given twice: they would be alternatives. */
export function allOf(...conditions: readonly Conditions[]): Conditions {
  const all: Record<string, Record<string, string | readonly string[]>> = {};
  for (const [operator, keys] of conditions.flatMap((one) => Object.entries(one))) {
    for (const [key, values] of Object.entries(keys)) {
      if (all[operator]?.[key] !== undefined) {
        throw new Error(`${operator} ${key} is given twice`);
      }
      all[operator] = { ...all[operator], [key]: values };
    }
  }
  return all;
}

/** A condition that a key has none of some values; nothing if there are none. */
export function noneOf(operator: string, key: string, values: readonly string[]): Conditions {
  return values.length === 0 ? {} : { [operator]: { [key]: [...new Set(values)] } };
}
