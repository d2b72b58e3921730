import { valuesOf, Mentions } from '../mentions';
import { Choice, present } from '../part';
import { momentsAround } from '../values';

const CURRENT_TIME = 'aws:currenttime';
const EPOCH_TIME = 'aws:epochtime';

/** Condition keys, in lower case, that tell when a request is made. */
export const TIME_KEYS: ReadonlySet<string> = new Set([CURRENT_TIME, EPOCH_TIME]);

/** When the request is made: one moment, which both keys tell. */
export function times(mentions: Mentions): Choice[] {
  const tests = mentions.testsOf(CURRENT_TIME, EPOCH_TIME);
  const moments = momentsAround(tests.flatMap(valuesOf).map(({ text }) => text));
  const isExact = tests.every(({ operator }) => operator === undefined || operator.kind === 'date' || operator.kind === 'number');
  const at = (moment: number): Choice => ({ kind: 'present', context: present({ [CURRENT_TIME]: new Date(moment).toISOString(), [EPOCH_TIME]: String(moment / 1000) }) });
  return [...moments.map(at), ...(isExact ? [] : [{ ...at(0), isOpen: true }])];
}
