import { ResourceFacts, Choice, Facet, present } from './facet';
import { Mentions } from './mentions';
import { isMisspeltKey, MULTIVALUED_KEYS } from '../vocabulary';

const ALWAYS_PRESENT = new Set(['aws:currenttime', 'aws:epochtime', 'aws:requestedregion', 'aws:userid', 'aws:principaltype']);
const OF_IAM_CALLERS = /^aws:(?:userid|username|principaltype|principaltag\/|multifactorauth|federatedprovider|tokenissuetime|sourceidentity|ec2instance|assumedroot)/;
const FRESH: Record<string, string> = { 'aws:currenttime': '2026-01-15T12:00:00.000Z', 'aws:epochtime': '1768478400', 'aws:requestedregion': 'eu-west-1' };
const SUBSET_LIMIT = 400;

/** A condition key that has nothing to do with the others: absent, or any of its values. */
export function otherKey(key: string, mentions: Mentions, bucket: ResourceFacts): Facet {
  const { sets, isExact } = valuesOf(key, mentions, bucket);
  const isAlwaysPresent = ALWAYS_PRESENT.has(key);
  const absent: Choice = { kind: 'absent', context: present({}) };
  const values = sets.map((set): Choice => ({ kind: 'present', context: present({ [key]: set }) }));
  return {
    name: key,
    owns: (other) => other === key,
    choices: isAlwaysPresent || isOwnersKey(key) ? [...values, ...(OF_IAM_CALLERS.test(key) ? [absent] : [])] : [absent, ...values],
    goesWith: ({ kind }, callerKind) => !OF_IAM_CALLERS.test(key) || (callerKind === 'iam' ? !isAlwaysPresent || kind === 'present' : kind === 'absent'),
    isExact,
  };
}

function isOwnersKey(key: string): boolean {
  return key === 'aws:resourceaccount' || key === 's3:resourceaccount';
}

function valuesOf(key: string, mentions: Mentions, bucket: ResourceFacts): { sets: (readonly string[])[]; isExact: boolean } {
  if (isMisspeltKey(key)) {
    return { sets: [], isExact: true };
  }
  if (isOwnersKey(key)) {
    return { sets: [[bucket.account]], isExact: /^\d{12}$/.test(bucket.account) || mentions.valuesOf(key).every(({ text }) => text === bucket.account) };
  }
  const { values, isExact } = mentions.allClassesOf(key, FRESH[key] ?? 'anything');
  if (!MULTIVALUED_KEYS.has(key)) {
    return { sets: values.map((value) => [value]), isExact };
  }
  // To satisfy some tests and to fail others, one value for each test is enough.
  const tests = mentions.statements.flatMap(({ conditions }) => conditions).filter((test) => test.key === key).length;
  const subsets = subsetsUpTo(values, tests);
  return { sets: subsets.slice(0, SUBSET_LIMIT), isExact: isExact && subsets.length <= SUBSET_LIMIT };
}

function subsetsUpTo(values: readonly string[], size: number): string[][] {
  let subsets: string[][] = [[]];
  for (const value of values) {
    subsets = [...subsets, ...subsets.filter((subset) => subset.length < size).map((subset) => [...subset, value])].slice(0, 4 * SUBSET_LIMIT);
  }
  return subsets.filter((subset) => subset.length > 0);
}
