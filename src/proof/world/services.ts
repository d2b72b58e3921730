import { ACCOUNT } from './accounts';
import { mentioned } from './mentioned';
import { CALLING_SERVICES, isServiceName } from '../../aws/calling-services';
import { isUnknown, readable, UNDETERMINED } from '../../policy/unknown-text';
import { literally, Mentions } from '../mentions';
import { Choice, present } from '../part';
import { Judge, Subsets, subsetsWith } from '../subsets';
import { ANY_TEXT, Language, Patterns, Reached } from '../texts';

const SERVICE: Language = { ordinary: 'xzqjwkyv0179', allows: (character) => /[a-z0-9.<>-]/.test(character) || character > '\u007f', shortest: 1, longest: Infinity };

const UNDOCUMENTED: Readonly<Record<string, Language>> = { 'aws:principalaccount': ACCOUNT, 'aws:principaltype': ANY_TEXT, 'aws:userid': ANY_TEXT };

const MOST_SERVICES = 2000; // names and what is not documented multiply
const MOST_LISTS = 400; // of names, each of which has many

/**
 * AWS services that call by themselves. What AWS does not document of them, such as their account, may be so or so: requests of which that
 * is asked are never sure, and are told apart to see whether it matters.
 */
export function services(mentions: Mentions, strangeAccount: string): Choice[] {
  const known = documentedServices(mentions);
  const asked = Object.keys(UNDOCUMENTED).filter((key) => mentions.has(key));
  if (asked.length === 0) {
    return withOpen(known);
  }
  const contexts = undocumentedContexts(mentions, asked, strangeAccount);
  const areFew = known.choices.length * contexts.all.length <= MOST_SERVICES;
  const undetermined = asked.map((key): [string, string[]] => [key, [UNDETERMINED]]);
  const rough = known.choices.map((choice) => ({ ...choice, isRough: true, context: new Map([...choice.context, ...undetermined]) }));
  const exact = (areFew ? known.choices : known.choices.slice(0, 1)).flatMap((choice) => contexts.all.map((context): Choice => ({
    ...choice,
    context: new Map([...choice.context, ...present(context)]),
    doubt: `the values of ${asked.map((key) => `'${key}'`).join(', ')} in requests of AWS services, which AWS does not document`,
  })));
  return withOpen({ choices: [...rough, ...exact], isExact: known.isExact && contexts.isExact && areFew });
}

interface Services {
  readonly choices: readonly Choice[];
  readonly isExact: boolean;
}

function withOpen({ choices, isExact }: Services): Choice[] {
  return isExact ? [...choices] : [...choices, { ...choices[0], isRough: false, isOpen: true }];
}

/** What AWS does not document of services, each key absent or with any of its values. */
function undocumentedContexts(mentions: Mentions, keys: readonly string[], strangeAccount: string): { all: readonly Record<string, string>[]; isExact: boolean } {
  return keys.reduce<{ all: readonly Record<string, string>[]; isExact: boolean }>(({ all, isExact }, key) => {
    const patterns = new Patterns(mentions.patternsOf(key));
    const reached = patterns.reach(patterns.start(), UNDOCUMENTED[key], [strangeAccount, 'another']);
    const values = reached.texts.map(({ text }) => text);
    const areFew = all.length * (values.length + 1) <= MOST_SERVICES;
    const more = (areFew ? values : values.slice(0, 1)).map((value) => ({ [key]: value }));
    return { all: all.flatMap((context) => [context, ...more.map((added) => ({ ...context, ...added }))]), isExact: isExact && reached.isExact && areFew };
  }, { all: [{}], isExact: true });
}

function documentedServices(mentions: Mentions): Services {
  const named = mentions.principalsOfKind('Service');
  const patterns = new Patterns([...mentions.patternsOf('aws:principalservicename', 'aws:principalservicenameslist'), ...named.map(literally)]);
  const { texts, unmentioned, isExact } = patterns.reach(patterns.start(), SERVICE, CALLING_SERVICES);
  const names = [...new Set([...texts.map((reached) => inForm(patterns, reached)), ...named.filter(isUnknown)])];
  const areMentioned = new Set([...named, ...mentions.valuesOf('aws:principalservicename'), ...mentions.valuesOf('aws:principalservicenameslist')]);
  const choices: Choice[] = [];
  const tests = mentions.testsOf('aws:principalservicenameslist');
  const judge = tests.length === 0 ? undefined : new Judge(tests);
  const most = judge ? MOST_LISTS : MOST_SERVICES;
  let areAllThere = isExact;
  for (const service of names) {
    const lists = choices.length > most ? { sets: [], isExact: false } : namesLists(service, names, judge);
    areAllThere &&= lists.isExact;
    choices.push(...lists.sets.map((list) => ({
      ...documentedService(mentions, service, list, service === (unmentioned && inForm(patterns, unmentioned))),
      doubt: list.filter((name) => !areMentioned.has(name)).map(whyNoService).find((why) => why !== undefined),
    })));
  }
  return { choices, isExact: areAllThere };
}

const ENDINGS = ['.amazonaws.com', 'config.amazonaws.com', 'amazonaws.com', 's.amazonaws.com', '.com', 'com', 'm'];

/** The name of a service that patterns do not tell from a text, in the form that AWS documents, if there is one. */
export function inForm(patterns: Patterns, { text, places }: Reached): string {
  const candidates = [text, text.replace(/(^|\.)(?=\.)/g, '$1x'), ...ENDINGS.map((ending) => text + ending), ...[...'xzqj'].flatMap((begin) => [begin + text, `${begin}${text}.amazonaws.com`])];
  const accepted = patterns.accepted(places);
  return candidates.find((candidate) => isServiceName(candidate) && patterns.accepted(patterns.read(patterns.start(), candidate)) === accepted) ?? text;
}

/** Why it is not known whether there is a service of some name, if it is not of the form of all that are documented. */
export function whyNoService(service: string): string | undefined {
  return isServiceName(service) || isUnknown(service) ? undefined : `whether there is an AWS service with the name '${readable(service)}'`;
}

function documentedService(mentions: Mentions, service: string, names: readonly string[], isUnmentioned: boolean): Choice {
  return {
    kind: 'service',
    principal: { kind: 'service', service },
    context: present({
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': service,
      'proof:callerkind': 'service',
      'proof:isunmentionedcaller': String(isUnmentioned),
      ...mentioned(mentions, { 'aws:principalservicenameslist': names }),
    }),
  };
}

/** All names that a service has: its own among them. */
function namesLists(service: string, names: readonly string[], judge: Judge | undefined): Subsets {
  return judge === undefined ? { sets: [[service]], isExact: true } : subsetsWith(names, judge, [service]);
}
