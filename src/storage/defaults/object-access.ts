import { listOf } from './named-references';
import { jsonText } from '../../policy/json';
import { textPattern } from '../../policy/pattern';

/** What somebody does with the objects of a bucket. */
export type ObjectUse = 'read' | 'write';

/** What S3 asks of a policy, and KMS besides, in lower case. The parts of a multipart upload are decrypted when they are put together. */
const NEEDED: Readonly<Record<ObjectUse, { readonly onObjects: string; readonly onKey: readonly string[] }>> = {
  read: { onObjects: 's3:getobject', onKey: ['kms:decrypt'] },
  write: { onObjects: 's3:putobject', onKey: ['kms:generatedatakey', 'kms:decrypt'] },
};

/** What of an object's use a statement allows, on whichever resources. */
export function objectUses(statement: any): ObjectUse[] {
  return (['read', 'write'] as const).filter((use) => allows(statement, NEEDED[use].onObjects));
}

/** The actions of KMS, of those that the use of objects needs, that a statement allows for requests which S3 makes. */
export function keyActions(statement: any): string[] {
  return isForS3(statement) ? NEEDED.write.onKey.filter((action) => allows(statement, action)) : [];
}

/** The actions of KMS, of those that the use of objects needs, that a statement denies whatever the circumstances. */
export function deniedKeyActions(statement: any): string[] {
  return statement?.Effect === 'Deny' && Object.keys(statement.Condition ?? {}).length === 0 ? NEEDED.write.onKey.filter((action) => coversAction(statement, action)) : [];
}

/**
 * The actions of KMS that a use of objects needs.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 */
export function neededOnKey(use: ObjectUse): readonly string[] {
  return NEEDED[use].onKey;
}

function allows(statement: any, action: string): boolean {
  return statement?.Effect === 'Allow' && coversAction(statement, action);
}

/** Whether a statement is about an action, which is written in lower case. */
export function coversAction({ Action: actions, NotAction: others }: any, action: string): boolean {
  const names = (patterns: unknown) => listOf(patterns).some((pattern) => textPattern(jsonText(pattern).toLowerCase()).matches(action) === true);
  return others === undefined ? names(actions) : !names(others);
}

/** Whether a statement gives a key for nothing but what S3 does with it. */
export function isThroughS3Only(statement: any): boolean {
  return isForS3(statement) && conditionKeys(statement.Condition).some((conditionKey) => /^kms:viaservice$/i.test(conditionKey));
}

/** The condition keys that the conditions of a statement ask for. */
export function conditionKeys(conditions: unknown): string[] {
  return Object.values<object>(Object(conditions)).flatMap((byKey) => Object.keys(byKey));
}

/** Conditions on which the use of a key by S3 does not depend: who calls, and for which object. */
const MET_BY_S3 = /^(?:aws:(?!resourcetag)|kms:(?:calleraccount$|encryptioncontext))/i;

/** Whether S3 may use the key for who has the statement: not where it is only for another service, or for keys with some alias or tag. */
function isForS3({ Condition: conditions = {} }: any): boolean {
  const tests = Object.values<object>(conditions).flatMap((byKey) => Object.entries<unknown>(byKey as any));
  return tests.every(([key, values]) => MET_BY_S3.test(key) || (/^kms:viaservice$/i.test(key) && listOf(values).some((service) => /^(?:s3[.*]|\*)/.test(jsonText(service)))));
}
