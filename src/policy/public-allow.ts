import { couldBe } from './could-be';
import { coversInternet } from './identifiers';
import { isObject } from './json';
import { Truth } from './truth';
import { isUnknown, mayHaveWildcards, widest } from './unknown-text';
import { conditionKey } from '../aws/condition-keys';

/** A policy statement as it is written in JSON. Values may be intrinsic functions or encoded tokens. */
export interface StatementJson {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
  readonly [element: string]: unknown;
}

// Negated operators, `Null`, `IfExists` and `ForAllValues` let a request pass that does not carry the key at all.
const CONFINING_OPERATOR = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

const WILDCARD = /[*?]/;
const POLICY_VARIABLE = /\$\{(?!Token\[)/; // the values of an app that are known at deployment look alike

/**
 * Says why a bucket policy statement gives access to everyone; nothing if it does not.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function whyPublic(statement: StatementJson): string | undefined {
  if (statement.Effect === 'Deny') {
    return undefined;
  }
  const audience = everyone(statement);
  return audience && !isConfined(statement.Condition) ? `it allows ${audience} without a condition that holds the caller to fixed values` : undefined;
}

/** Whether a statement gives access to everyone, as far as its values are known before deployment. */
export function isPublic(statement: StatementJson | string): Truth {
  if (typeof statement === 'string') {
    return undefined; // all of it is not known
  }
  const { Effect, Condition } = statement;
  const isOpen = [Effect, Condition, ...Object.values(Condition ?? {})].some((element) => typeof element === 'string' && isUnknown(element));
  return !isOpen && whyPublic(statement) !== undefined ? true : whyPublic(atWidest(statement)) !== undefined ? undefined : false;
}

/** A statement whose values that are not known let in as many as they could. */
function atWidest({ Principal, Condition, ...others }: StatementJson): StatementJson {
  const blocks = Object.entries(typeof Condition === 'object' ? Condition : {}).map(([operator, block]) =>
    [operator, TAKES_PATTERNS.test(operator) ? withTexts(block, (text) => (mayHaveWildcards(text) ? widest(text) : text)) : block]);
  return { ...others, Principal: withTexts(Principal, (text) => (couldBe(text, '*') ? '*' : text)), Condition: Object.fromEntries(blocks) };
}

const TAKES_PATTERNS = /like|arn|ipaddress/i;

function withTexts(value: unknown, of: (text: string) => string): unknown {
  return typeof value === 'string' ? of(value) : Array.isArray(value) ? value.map((element) => withTexts(element, of))
    : isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withTexts(child, of)])) : value;
}

function everyone(statement: StatementJson): string | undefined {
  if (statement.NotPrincipal !== undefined) {
    return 'everyone but the principals in NotPrincipal';
  }
  return mentionsAnyone(statement.Principal) ? 'every principal' : undefined;
}

function mentionsAnyone(principal: unknown): boolean {
  const aws = isObject(principal) ? principal.AWS : principal;
  return asList(aws).some((value) => value === '*');
}

function isConfined(condition: StatementJson['Condition'] = {}): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      CONFINING_OPERATOR.test(operator) && Object.entries(keys).some(([key, values]) => isConfining(key.toLowerCase(), values)),
  );
}

function isConfining(key: string, values: unknown): boolean {
  return conditionKey(key)?.confines === true && asList(values).length > 0 && asList(values).every((value) => isFixed(key, value));
}

function isFixed(key: string, value: unknown): boolean {
  if (typeof value !== 'string') {
    return value !== null && value !== undefined; // an intrinsic function: one value, known at deployment
  }
  if (key === 'aws:sourceip') {
    return !coversInternet(value) && !WILDCARD.test(value);
  }
  return !POLICY_VARIABLE.test(value) && !WILDCARD.test(fixedPart(key, value));
}

/**
 * The part of a value that must have no wildcard: whose a resource is. Names within an account and paths within an organization may have some,
 * sessions of a role (`AROLEID:*`) may not.
 */
function fixedPart(key: string, value: string): string {
  if (key.endsWith('orgpaths')) {
    return value.split('/')[0] || value;
  }
  return conditionKey(key)?.type === 'arn' ? value.split(':')[4] || value : value;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
