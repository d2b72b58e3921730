import { ComparedText } from './template';
import { conditionKey } from '../aws/condition-keys';
import { isObject } from '../policy/json';

const ELEMENTS = ['Resource', 'NotResource', 'Principal', 'NotPrincipal'];

/** Condition keys, in lower case, whose values may have names and ids in them that AWS draws. */
const NAMING = /arn$|^kms:encryptioncontext|copy-source$|:username$|key-id$/;

/** The texts of policies, wherever they stand in a value of JSON, that are compared with names. */
export function comparedTexts(value: unknown): ComparedText[] {
  const policy = typeof value === 'string' && value.startsWith('{') ? jsonIn(value) : value;
  if (Array.isArray(policy)) {
    return policy.flatMap(comparedTexts);
  }
  return isObject(policy) ? Object.entries(policy).flatMap(([name, child]) =>
    (ELEMENTS.includes(name) ? textsIn(child).map((text) => ({ text, ignoresCase: false })) : name === 'Condition' ? inConditions(child) : comparedTexts(child))) : [];
}

function inConditions(conditions: unknown): ComparedText[] {
  return Object.entries(isObject(conditions) ? conditions : {}).flatMap(([operator, block]) => Object.entries(isObject(block) ? block : {})
    .filter(([key]) => NAMING.test(key.toLowerCase()) || conditionKey(key.toLowerCase()) === undefined)
    .flatMap(([, values]) => textsIn(values).map((text) => ({ text, ignoresCase: /ignorecase/i.test(operator) }))));
}

function textsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.flatMap(textsIn) : isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
