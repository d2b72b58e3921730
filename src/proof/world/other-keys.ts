import { isOfPlatforms, platforms } from './platforms';
import { regionNames } from './regions';
import { ConditionKey, conditionKey } from '../../aws/condition-keys';
import { ConditionTest } from '../../policy/condition';
import { isArn } from '../../policy/pattern';
import { every, some, Truth } from '../../policy/truth';
import { isUnknown, readable } from '../../policy/unknown-text';
import { described } from '../guarantee';
import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { subsets } from '../subsets';
import { valuesOfKey } from '../values';

const ORDINARY = new Map<string, readonly string[]>([
  ['aws:requestedregion', regionNames('aws')],
  ['kms:viaservice', regionNames('aws').map((region) => `ec2.${region}.amazonaws.com`)],
  ['s3:prefix', ['any/']],
  ['s3:delimiter', ['/']],
]);

const ABSENT: Choice = { kind: 'absent', context: present({}) };

/** Requests for versions of objects tell the version, all others do not. */
export const VERSION = 's3:versionid';

/** Actions on versions whose request names the version elsewhere: a batch of deletions, the source of a copy. What a policy sees of it then is not documented. */
const WITHOUT_VERSION: Choice = { ...ABSENT, kind: 'told elsewhere', doubt: "whether a request for a version of an object can be without 's3:versionid', which AWS does not document" };

/** A condition key that has nothing to do with the others: absent, or with any of its values. */
export function otherKey(key: string, mentions: Mentions, facts: ResourceFacts): Choice[] {
  const row = conditionKey(key);
  const asked = withNames(key, mentions);
  const { values, isExact } = valuesOfKey(asked, key, ORDINARY.get(key) ?? ['anything']);
  const tests = asked.testsOf(key);
  const isMultivalued = row ? row.isMultivalued : tests.some(({ operatorName }) => /^For(?:All|Any)Value/i.test(operatorName));
  const { sets, isExact: areSetsExact } = isMultivalued ? subsets(values, tests) : { sets: values.map((value) => [value]), isExact: true };
  const plain = sets.map((set) => inFormOfArn(row, tests, { kind: 'present', context: present({ [key]: set }) }));
  const there = isOfPlatforms(key) ? [...platforms(key, mentions, facts), ...plain.map(withoutPlatform)] : plain;
  const judgements = new Set(there.map(judgementBy(tests)));
  const empty = maybeEmpty(key).filter((choice) => !judgements.has(judgementBy(tests)(choice)));
  const open: Choice[] = isExact && areSetsExact ? [] : [{ kind: 'present', context: present({}), isOpen: true }];
  return [ABSENT, ...(key === VERSION ? [WITHOUT_VERSION] : []), ...there, ...empty, ...(isMultivalued ? [] : inTwoSpellings(key, values, tests)), ...open];
}

// What S3 has encrypted has one pair 'aws:s3:arn' in its context, and KMS decrypts it under nothing else.
const SPELLED = /^(?:aws:(?:request|resource)tag\/|s3:(?:accesspoint|bucket|existingobject|requestobject)tag\/|kms:encryptioncontext:(?!aws:s3:arn$))/;
const MOST_VALUES = 60; // of a tag, each beside each

/**
 * Tags of a resource may differ in letter case alone. A condition looks at one of them, and AWS does not say at which: where tests are met by the tags
 * together that no tag meets alone, nothing is sure.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
function inTwoSpellings(key: string, values: readonly string[], tests: readonly ConditionTest[]): Choice[] {
  if (!SPELLED.test(key)) {
    return [];
  }
  const few = values.slice(0, MOST_VALUES).map((value) => ({ value, truths: tests.map(({ holds }) => holds(new Map([[key, [value]]]))) }));
  const alone = new Set(few.map(({ truths }) => truths.join()));
  const together = (one: readonly Truth[], other: readonly Truth[]) => tests.map(({ operator }, i) => (operator?.negated ? every : some)([one[i], other[i]], (truth) => truth));
  const isNew = (one: readonly Truth[], other: readonly Truth[]) => !alone.has(together(one, other).join());
  const pair = few.flatMap(({ value, truths }, i) => few.slice(i + 1).filter((other) => isNew(truths, other.truths)).map((other) => [value, other.value]))[0];
  return pair === undefined ? [] : [{ kind: 'present', context: present({ [key]: pair }), doubt: `which of several tags '${key}' counts that differ in letter case alone` }];
}

/** A value that a role of another account would have to run on, or that is of no form that AWS documents. */
function withoutPlatform(choice: Choice): Choice {
  const [value] = [...choice.context.values()].flat();
  return { ...choice, doubt: choice.doubt ?? `whether the role can run on '${readable(value)}': such are of the role's own account, and of a form that AWS documents` };
}

const BEGINS = ['arn:aws:lambda:eu-west-1:999988887777:', 'arn:aws:lambda:eu-west-1:999988887777', 'arn:aws:lambda:eu-west-1:999988887777:function:'];

/** A value that is an ARN and judged alike, where AWS documents that the values are ARNs. */
function inFormOfArn(row: ConditionKey | undefined, tests: readonly ConditionTest[], choice: Choice): Choice {
  const [key, value] = [row?.name.toLowerCase() ?? '', choice.context.get(row?.name.toLowerCase() ?? '')?.join() ?? ''];
  if (row?.type !== 'arn' || row.isMultivalued || isArn(value) || isUnknown(value)) {
    return choice;
  }
  const expected = tests.map(({ operator, holds }) => holds(choice.context) ?? operator?.negated);
  const isAlike = ({ context }: Choice) => tests.every(({ holds }, i) => holds(context) === expected[i]);
  const alike = BEGINS.map((begin) => begin + value).filter(isArn).map((arn) => ({ ...choice, context: present({ [key]: arn }) })).find(isAlike);
  return alike ?? { ...choice, doubt: `whether '${row.name}' can be '${value}', which is no ARN` };
}

/*
 * Tags of a request, and pairs of an encryption context: a key each, and a key that lists their names. Whether a tag is listed that is not there
 * otherwise, AWS does not document of all actions: those that take tags away list names alone.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag
 */
const LISTED: readonly (readonly [prefix: string, list: string])[] = [
  ['aws:requesttag/', 'aws:tagkeys'],
  ['s3:requestobjecttag/', 's3:requestobjecttagkeys'],
  ['kms:encryptioncontext:', 'kms:encryptioncontextkeys'],
];

/** The name in a key, such as that of a tag, and the key that lists all such names. */
export function listOfNames(key: string): { name: string; key: string } | undefined {
  const [prefix, list] = LISTED.find(([begin]) => key.startsWith(begin) && key.length > begin.length) ?? [];
  return prefix === undefined ? undefined : { name: key.slice(prefix.length), key: list! };
}

/** The names that a key has to list, wherever the keys with these names are there. */
export function namesListedBy(list: string, mentions: Mentions): string[] {
  return mentions.keys.map(listOfNames).flatMap((listed) => (listed?.key === list ? [listed.name] : []));
}

/** Tells apart which names a key lists. Their letter case does not matter. */
function withNames(key: string, mentions: Mentions): Mentions {
  const names = namesListedBy(key, mentions).map((name) => described({ Condition: { 'ForAnyValue:StringEqualsIgnoreCase': { [key]: name } } }));
  return names.length === 0 ? mentions : new Mentions([...mentions.statements, ...names]);
}

/** Headers and other texts can be sent without content; what a policy sees then is not documented. */
function maybeEmpty(key: string): Choice[] {
  const row = conditionKey(key);
  const isText = row?.type === 'string' && !row.values && !row.isMultivalued && !row.isAlwaysThere;
  return isText && /^(?:aws|s3):/.test(key) && (row.subject === 'operation' || row.subject === 'other')
    ? [{ kind: 'present', context: present({ [key]: '' }), doubt: `whether '${row.name}' can be there and empty, which AWS does not document` }] : [];
}

function judgementBy(tests: readonly ConditionTest[]): (choice: Choice) => string {
  return ({ context }) => tests.map(({ holds }) => holds(context)).join();
}
