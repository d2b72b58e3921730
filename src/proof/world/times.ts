import { judgedApart } from './judged-apart';
import { valuesOf, Mentions } from '../mentions';
import { Choice, present } from '../part';
import { momentsAround, momentsOf, momentText } from '../values';

const CURRENT_TIME = 'aws:currenttime';
const EPOCH_TIME = 'aws:epochtime';
const TOKEN_TIME = 'aws:tokenissuetime';

const MOST_MOMENTS = 20; // that are mentioned: each is looked at beside each

/** Condition keys, in lower case, that tell when a request is made, and when the session began in which it is made. */
export const TIME_KEYS: ReadonlySet<string> = new Set([CURRENT_TIME, EPOCH_TIME, TOKEN_TIME]);

/** Whether temporary credentials are used, where that is asked. */
export const WITH_SESSION = 'with a session';
export const WITHOUT_SESSION = 'without a session';

/** When the request is made: one moment, which both keys tell; and when the session began, if it is made in one. */
export function times(mentions: Mentions): Choice[] {
  const tests = mentions.testsOf(CURRENT_TIME, EPOCH_TIME);
  const isExact = tests.every(({ operator }) => operator === undefined || operator.kind === 'date' || operator.kind === 'number');
  const moments = momentsOf(tests.flatMap(valuesOf).map(({ text }) => text));
  const choices = mentions.has(TOKEN_TIME) ? withSessions(mentions, moments) : { all: momentsAround(moments).map((moment) => at(moment, 'present')), isExact: true };
  return [...choices.all, ...(isExact && choices.isExact ? [] : [...new Set(choices.all.map(({ kind }) => kind))].map((kind) => ({ ...at(0, kind), isOpen: true })))];
}

/**
 * No session began after the request, and AWS documents none that lasts longer than 36 hours.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tokenissuetime
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
function withSessions(mentions: Mentions, moments: readonly number[]): { all: readonly Choice[]; isExact: boolean } {
  const tests = mentions.testsOf(TOKEN_TIME);
  const begins = momentsOf(tests.flatMap(valuesOf).map(({ text }) => text));
  const areFew = moments.length + begins.length <= MOST_MOMENTS;
  const nows = momentsAround([...moments, ...begins].slice(0, MOST_MOMENTS));
  const all = nows.flatMap((now) => [
    at(now, WITHOUT_SESSION),
    ...momentsAround([...begins.slice(0, MOST_MOMENTS), now]).filter((begun) => begun <= now).map((begun) => at(now, WITH_SESSION, begun)),
  ]);
  return { all: judgedApart(all, mentions.testsOf(...TIME_KEYS)), isExact: areFew && tests.every(({ operator }) => operator === undefined || operator.kind === 'date') };
}

const LONGEST_SESSION = 36 * 60 * 60 * 1000; // milliseconds

function at(moment: number, kind: string, begun?: number): Choice {
  return {
    kind,
    context: present({ [CURRENT_TIME]: momentText(moment), [EPOCH_TIME]: String(moment / 1000), [TOKEN_TIME]: begun === undefined ? undefined : momentText(begun) }),
    doubt: whyNoMoment(moment, begun ?? moment),
  };
}

function whyNoMoment(moment: number, begun: number): string | undefined {
  const isExactlyTold = [moment, begun].some((one) => !Number.isInteger(one));
  return isExactlyTold ? 'whether AWS tells times more exactly than to the millisecond, which it does not document'
    : moment - begun > LONGEST_SESSION ? 'whether a session can last longer than 36 hours, the longest that AWS documents' : undefined;
}
