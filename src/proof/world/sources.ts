import { accounts } from './accounts';
import { regionTexts } from './regions';
import { RESOURCES_OF_CALLS } from '../../aws/calling-services';
import { own } from '../../own';
import { arnSegments } from '../../policy/pattern';
import { isUnknown } from '../../policy/unknown-text';
import { Few } from '../few';
import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { ANY_TEXT, Language, Patterns, Places, Reached } from '../texts';

const STRANGE_ACCOUNT = '999988887776';
const SERVICE: Language = { ordinary: 'xzqjwkyv0179', allows: (character, before) => before !== ':' && (character === ':' ? before !== '' : /[a-z0-9-]/.test(character)), shortest: 2, longest: Infinity, end: ':' };
const REGION: Language = { ...SERVICE, allows: (character, before) => before !== ':' && /[a-z0-9:<>-]/.test(character), shortest: 1 };

const MOST_BEGINNINGS = 1000; // of ARNs: services and Regions multiply, and each goes on for each account
const MOST_SOURCES = 4000; // accounts and resources multiply

/** Condition keys, in lower case, that say what a service calls for. */
export const SOURCE_KEYS: ReadonlySet<string> = new Set(['aws:sourceaccount', 'aws:sourceowner', 'aws:sourcearn']);

/**
 * What a service calls for: nothing in particular, an account, a resource of it. ARNs of buckets do not tell their account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
 */
export function sources(mentions: Mentions, facts: ResourceFacts): Choice[] {
  const arns = new SourceArns(mentions, facts.partition);
  const { all, isExact } = mentions.has(...SOURCE_KEYS) ? accounts(mentions, facts, STRANGE_ACCOUNT) : { all: [{ id: STRANGE_ACCOUNT, isMentioned: false }], isExact: true };
  const withoutAccount = arns.of('');
  const few = new Few(MOST_SOURCES);
  const choices = few.of(all, ({ id }) => few.of(said(mentions), (keys) => [undefined, ...arns.of(id), ...withoutAccount].map((arn): Choice => ({
    kind: 'some',
    context: present({ ...Object.fromEntries(keys.map((key) => [key, id])), ...(arn !== undefined ? { 'aws:sourcearn': arn } : {}) }),
    account: id,
  }))));
  const open = isExact && arns.isExact && few.isExact ? [] : [{ ...choices[0], isOpen: true }];
  return [{ kind: 'none', context: present({}) }, ...choices, ...open];
}

/** By which keys a service tells the account, if at all. `aws:SourceOwner` is an older name of the same. */
function said(mentions: Mentions): string[][] {
  const keys = ['aws:sourceaccount', 'aws:sourceowner'].filter((key) => mentions.has(key));
  return keys.reduce<string[][]>((all, key) => [...all, ...all.map((others) => [...others, key])], [[]]);
}

class SourceArns {
  public isExact = true;
  private readonly patterns: Patterns;
  private readonly begun: readonly { text: string; places: Places }[];

  constructor(private readonly mentions: Mentions, private readonly partition: string) {
    this.patterns = new Patterns(mentions.patternsOf('aws:sourcearn'));
    const from = this.patterns.read(this.patterns.start(), `arn:${partition}:`);
    const few = new Few(MOST_BEGINNINGS);
    const begun = mentions.has('aws:sourcearn') ? few.of(this.reach(from, SERVICE, Object.keys(RESOURCES_OF_CALLS).map((service) => `${service}:`)), (service) =>
      this.reach(service.places, REGION, regionTexts(partition)).map(({ text, places }) => ({ text: service.text + text, places }))) : [];
    const unknown = unknownBeginnings(mentions).map((text) => ({ text, places: this.patterns.read(from, text) }));
    const toldApart = [...new Map([...begun, ...unknown].reverse().map((one) => [one.places, one])).values()].reverse();
    this.begun = toldApart;
    this.isExact &&= few.isExact;
  }

  /** ARNs of resources of an account; of buckets, REST APIs and whatever has none in its ARN, if the account is empty. */
  public of(account: string): string[] {
    if (!this.mentions.has('aws:sourcearn')) {
      return [];
    }
    const ofBuckets = { text: 's3::', places: this.patterns.read(this.patterns.start(), `arn:${this.partition}:s3::`) };
    const begun = account === '' ? [ofBuckets, ...this.begun.filter(({ places }) => places.list.length > 0)] : this.begun;
    const byMeaning = new Map<string, string>();
    for (const { text, places } of begun) {
      for (const reached of this.reach(this.patterns.read(places, `${account}:`), ANY_TEXT, [own(RESOURCES_OF_CALLS, text.split(':')[0]) ?? 'resource'])) {
        const meaning = this.patterns.accepted(reached.places);
        byMeaning.set(meaning, byMeaning.get(meaning) ?? `arn:${this.partition}:${text}${account}:${reached.text}`);
      }
    }
    return [...byMeaning.values()];
  }

  private reach(from: Places, language: Language, ordinary: readonly string[]): readonly Reached[] {
    const { texts, isExact } = this.patterns.reach(from, language, ordinary);
    this.isExact &&= isExact;
    return texts;
  }
}

/** Services and Regions in ARNs, where one of them is not known before deployment: each is taken for one of its own. */
function unknownBeginnings(mentions: Mentions): string[] {
  const filled = (segment: string, ordinary: string) => segment.replaceAll('*', ordinary).replaceAll('?', ordinary[0]);
  return mentions.patternsOf('aws:sourcearn').flat().flatMap(({ pattern }) => {
    const [, , service, region] = arnSegments(pattern.text);
    return region !== undefined && isUnknown(service + region) ? [`${filled(service, 'cloudtrail')}:${filled(region, 'eu-west-1')}:`] : [];
  });
}
