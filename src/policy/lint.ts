import { isKnownOperator } from './condition';
import { Policy, Statement } from './document';
import { arnSegments, Pattern } from './pattern';
import { isUnknown, readable } from './unknown-text';
import { BUCKET_ACTIONS, HARMLESS_NAMES, KEY_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS, OTHER_KMS_ACTIONS } from '../aws/actions';
import { isMisspelt } from '../aws/condition-keys';

/** Something in a policy that means nothing, or that cannot be meant. */
export interface PolicyFinding {
  readonly kind: 'unknown-operator' | 'misspelt-key' | 'duplicate-sid' | 'action-without-resource' | 'unknown-action' | 'principal-pattern';

  /** Where in the document, such as `Statement[2].Action`. */
  readonly path: string;
  readonly problem: string;
}

/** What is wrong with a policy that IAM may accept. */
export function lintPolicy(policy: Policy): PolicyFinding[] {
  const statements = [...new Map(policy.statements.map((statement) => [statement.path, statement])).values()]; // one whose effect is not known is there twice
  return [...duplicateSids(statements), ...statements.flatMap((statement) => [...principalFindings(statement), ...conditionFindings(statement), ...actionFindings(statement)])];
}

function duplicateSids(statements: readonly Statement[]): PolicyFinding[] {
  const seen = new Set<string>();
  return statements.flatMap(({ sid, path }): PolicyFinding[] => {
    const isDuplicate = sid !== undefined && sid !== '' && seen.has(sid);
    seen.add(sid ?? '');
    return isDuplicate ? [{ kind: 'duplicate-sid', path: `${path}.Sid`, problem: `there is another statement with the Sid '${sid}', and IAM accepts a Sid once.` }] : [];
  });
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function principalFindings({ principal, path }: Statement): PolicyFinding[] {
  return (principal?.members ?? []).filter(({ text, isEveryone }) => !isEveryone && !isUnknown(text) && /[*?]/.test(text)).map(({ kind, text }) => ({
    kind: 'principal-pattern',
    path: `${path}.${principal!.isInverted ? 'NotPrincipal' : 'Principal'}.${kind}`,
    problem: `'${readable(text)}' is no principal: wildcards stand for parts of names in conditions only.`,
  }));
}

function conditionFindings({ conditions, path }: Statement): PolicyFinding[] {
  return conditions.flatMap(({ operatorName, key, writtenKey }): PolicyFinding[] => [
    ...(isKnownOperator(operatorName) ? [] : [{ kind: 'unknown-operator', path: `${path}.Condition.${operatorName}`, problem: `there is no condition operator '${operatorName}'.` } as const]),
    ...(isMisspelt(key) ? [{ kind: 'misspelt-key', path: `${path}.Condition.${operatorName}.${writtenKey}`, problem: `no request carries a condition key '${writtenKey}'.` } as const] : []),
  ]);
}

/** Each action that is listed should exist, and should work on one of the resources. */
function actionFindings(statement: Statement): PolicyFinding[] {
  const { action, effect, path } = statement;
  if (action.isInverted) {
    return [];
  }
  return action.members.flatMap((pattern): PolicyFinding[] => {
    if (pattern.text.startsWith('kms:')) {
      return matching(KMS_NAMES, pattern) ? [] : [{ kind: 'unknown-action', path: `${path}.Action`, problem: `'${readable(pattern.text)}' matches no action of KMS.` }];
    }
    if (!pattern.text.startsWith('s3:') || (effect === 'Allow' && HARMLESS.has(pattern.text))) {
      return [];
    }
    const known = { bucket: matching(BUCKET_NAMES, pattern), object: matching(OBJECT_NAMES, pattern), other: matching(OTHER_NAMES, pattern) };
    if (Object.values(known).every((actions) => !actions)) {
      return [{ kind: 'unknown-action', path: `${path}.Action`, problem: `'${readable(pattern.text)}' matches no action of S3.` }];
    }
    const couldWork = known.other || (known.bucket && covers(statement, isBucketLike)) || (known.object && covers(statement, isObjectLike));
    return couldWork ? [] : [{
      kind: 'action-without-resource',
      path: `${path}.Action`,
      problem: `'${readable(pattern.text)}' works on ${known.bucket ? 'buckets' : 'objects'}, and the statement names ${known.bucket ? 'objects' : 'buckets'} only: it never applies.`,
    }];
  });
}

const BUCKET_NAMES = BUCKET_ACTIONS.map(actionName);
const OBJECT_NAMES = OBJECT_ACTIONS.map(actionName);
const OTHER_NAMES = OTHER_ACTIONS.map(actionName);
const HARMLESS = new Set(HARMLESS_NAMES.map(actionName));
const KMS_NAMES = [...KEY_ACTIONS, ...OTHER_KMS_ACTIONS].map((name) => `kms:${name}`.toLowerCase());

function actionName(name: string): string {
  return `s3:${name}`.toLowerCase();
}

function matching(names: readonly string[], pattern: Pattern): boolean {
  return names.some((name) => pattern.matches(name) !== false);
}

/** Whether some resource of a statement could be of a kind. `NotResource`, and resources of other services, could be anything. */
function covers({ resource }: Statement, isLike: (text: string) => boolean): boolean {
  return !resource || resource.isInverted || resource.members.some(({ text }) => isLike(text.source));
}

/** The part of an ARN that names a bucket and object, or an access point and object; undefined if it might be anything. */
function namePart(text: string): string | undefined {
  const segments = arnSegments(text);
  return segments.length < 6 || text.includes('${') || isUnknown(text) ? undefined : segments[5];
}

function isBucketLike(text: string): boolean {
  const name = namePart(text);
  return name === undefined || (/^accesspoint\//.test(name) ? !/\/object\//.test(name) : !name.includes('/') || /^[^/]*\*/.test(name));
}

function isObjectLike(text: string): boolean {
  const name = namePart(text);
  return name === undefined || (/^accesspoint\//.test(name) ? /\/object\/|\*/.test(name) : /[/*]/.test(name));
}
