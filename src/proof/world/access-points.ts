import { accounts } from './accounts';
import { REGION, regionTexts } from './regions';
import { isUnknown, readable } from '../../policy/unknown-text';
import { Few } from '../few';
import { Mentions } from '../mentions';
import { Choice, isAccessPoint, NetworkOrigin, present, ResourceFacts, valueIn } from '../part';
import { Language, Patterns, Places, Reached } from '../texts';

const STRANGE_ACCOUNT = '999988887774';
const ARN = 's3:dataaccesspointarn';
const ACCOUNT = 's3:dataaccesspointaccount';
const NETWORK_ORIGIN = 's3:accesspointnetworkorigin';

/** Condition keys, in lower case, that follow from the access point. */
export const ACCESS_POINT_KEYS: ReadonlySet<string> = new Set([ARN, ACCOUNT, NETWORK_ORIGIN]);

const MOST_ACCESS_POINTS = 4000; // accounts, Regions and names multiply
const NAME: Language = { ordinary: 'xzqjwkyv0179', allows: (character) => /[a-z0-9.-]/.test(character) || character > '\u007f', shortest: 1, longest: Infinity };

/**
 * Directly at the bucket, or through an access point of any account, of one Region or of several. Where the resource is an access point,
 * through that one. An access point of one Region is in that of the bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/creating-access-points.html
 */
export function accessPoints(mentions: Mentions, facts: ResourceFacts): Choice[] {
  if (isAccessPoint(facts)) {
    return throughOrigins(facts.arn, facts.account, facts.networkOrigin);
  }
  const patterns = new Patterns(mentions.patternsOf(ARN));
  const { all, isExact: areExact } = accounts(mentions, facts, STRANGE_ACCOUNT);
  let isExact = areExact;
  const reach = (at: Places, language: Language, ordinary: readonly string[]): readonly Reached[] => {
    const found = patterns.reach(at, language, ordinary);
    isExact &&= found.isExact;
    return found.texts;
  };
  const begun = patterns.read(patterns.start(), `arn:${facts.partition}:s3:`);
  const ofOne = facts.region === undefined ? reach(begun, REGION, regionTexts(facts.partition)) : [{ text: `${facts.region}:`, places: patterns.read(begun, `${facts.region}:`) }];
  const regions = [...ofOne, { text: ':', places: patterns.read(begun, ':') }];
  const few = new Few(MOST_ACCESS_POINTS);
  const through = few.of(all, ({ id: account }) => few.of(regions, (region) => {
    const at = patterns.read(region.places, `${account}:accesspoint/`);
    const names = reach(at, NAME, [region.text === ':' ? 'another.mrap' : 'another']).map((reached) => asAllowed(patterns, at, reached));
    const ofSeveralRegions = names.map((name) => (name.endsWith('.mrap') ? name : `${name}.mrap`));
    return (region.text === ':' ? ofSeveralRegions : names).flatMap((name) => throughOrigins(`arn:${facts.partition}:s3:${region.text}${account}:accesspoint/${name}`, account))
      .map((choice): Choice => ({ ...choice, doubt: whyNoAccessPoint(valueIn(choice, ARN)!, mentions.valuesOf(ARN)) }));
  }));
  return [{ kind: 'direct', context: present({}) }, ...through, ...(isExact && few.isExact ? [] : [{ ...through[0], isOpen: true }])];
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_AccessPoint.html, https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_MultiRegionAccessPointReport.html
const NAMES = /^(?=.{3,50}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/;
const ALIASES = /^(?=.{1,63}$)[a-z][a-z0-9]*\.mrap$/;

/** A name that AWS allows and patterns do not tell from another, if there is one. */
function asAllowed(patterns: Patterns, at: Places, { text, places }: Reached): string {
  const longer = ['another', 'x0team', 'zq7'].flatMap((more) => [text + more, more + text]);
  return NAMES.test(text) ? text : longer.find((name) => NAMES.test(name) && patterns.read(at, name) === places) ?? text;
}

/** Why it is not known whether there is an access point: AWS gives none such a name, and nobody mentions it. */
function whyNoAccessPoint(arn: string, known: readonly string[]): string | undefined {
  const name = arn.slice(arn.indexOf('/') + 1);
  return NAMES.test(name) || ALIASES.test(name) || isUnknown(name) || known.includes(arn) ? undefined : `whether there is an access point called '${readable(name)}', which AWS does not allow`;
}

/** Whether an access point is bound to a VPC is not to be seen from its ARN; those of several Regions are not. */
function throughOrigins(arn: string, account: string, known?: NetworkOrigin): Choice[] {
  const origins: readonly NetworkOrigin[] = known !== undefined ? [known] : arn.split(':')[3] === '' ? ['Internet'] : ['Internet', 'VPC'];
  return origins.map((origin) => ({ kind: `through ${origin}`, account, context: present({ [ARN]: arn, [ACCOUNT]: account, [NETWORK_ORIGIN]: origin }) }));
}
