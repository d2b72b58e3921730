import { conditionKey } from '../../aws/condition-keys';
import { ConditionTest } from '../../policy/condition';
import { Mentions } from '../mentions';
import { Choice, present } from '../part';
import { subsets } from '../subsets';
import { valuesOfKey } from '../values';

const ORDINARY = new Map([['aws:requestedregion', 'eu-west-1'], ['s3:prefix', 'any/'], ['s3:delimiter', '/']]);

/** A condition key that has nothing to do with the others: absent, or with any of its values. */
export function otherKey(key: string, mentions: Mentions): Choice[] {
  const row = conditionKey(key);
  const { values, isExact } = valuesOfKey(mentions, key, ORDINARY.get(key) ?? 'anything');
  const tests = mentions.testsOf(key);
  const isMultivalued = row ? row.isMultivalued : tests.some(({ operatorName }) => /^For(?:All|Any)Value/i.test(operatorName));
  const { sets, isExact: areSetsExact } = isMultivalued ? subsets(values, tests) : { sets: values.map((value) => [value]), isExact: true };
  const there = sets.map((set): Choice => ({ kind: 'present', context: present({ [key]: set }) }));
  const judgements = new Set(there.map(judgementBy(tests)));
  const empty = maybeEmpty(key).filter((choice) => !judgements.has(judgementBy(tests)(choice)));
  const open: Choice[] = isExact && areSetsExact ? [] : [{ kind: 'present', context: present({}), isOpen: true }];
  return [{ kind: 'absent', context: present({}) }, ...there, ...empty, ...open];
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
