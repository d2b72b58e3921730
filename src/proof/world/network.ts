import { accounts } from './accounts';
import { DrawnIds, inFull, whyNoId } from './drawn-ids';
import { judgedApart } from './judged-apart';
import { REGION, regionTexts } from './regions';
import { inForm, whyNoService } from './services';
import { isServiceName, SERVICES_IN_BETWEEN } from '../../aws/calling-services';
import { ConditionTest } from '../../policy/condition';
import { Few } from '../few';
import { isNameOfId, isTextTest, Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { Judge, Subsets, subsets, subsetsWith } from '../subsets';
import { ANY_TEXT, Language, Patterns, Places, Reached } from '../texts';
import { addresses, isPrivate, STRANGE_ADDRESS } from '../values';

/*
 * The ways that a request may take.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
 */

const STRANGE_ACCOUNT = '999988887775';
const ABSENT: Choice = { kind: 'absent', context: present({}) };

/** Over the internet, through a VPC endpoint, through an AWS service that acts with the caller's credentials, or, for AWS services, inside AWS. */
export function routes(): Choice[] {
  return ['internet', 'endpoint', 'through-service', 'inside-aws'].map((kind) => ({ kind, context: present({ 'aws:viaawsservice': String(kind === 'through-service') }) }));
}

/** The address from which a request comes over the internet. */
export function publicAddresses(mentions: Mentions): Choice[] {
  return [...addressChoices(mentions, 'aws:sourceip'), ABSENT];
}

/** The address that a caller has in the VPC. */
export function privateAddresses(mentions: Mentions): Choice[] {
  return [...addressChoices(mentions, 'aws:vpcsourceip'), ABSENT];
}

function addressChoices(mentions: Mentions, key: string): Choice[] {
  const { values, isExact } = mentions.has(key) ? addresses(mentions, key) : { values: [STRANGE_ADDRESS], isExact: true };
  const isAskedByRange = key === 'aws:sourceip' && !mentions.testsOf(key).some(isTextTest);
  const choices = values.map((value): Choice => ({ kind: 'present', context: present({ [key]: value }), doubt: isAskedByRange && isPrivate(value) ? `whether 'aws:SourceIp' can be '${value}', an address of no public network` : undefined }));
  return isExact ? choices : [...choices, { ...choices[0], isOpen: true }];
}

/** The services through which a request has come, the first of them first; some services tell nothing of themselves. */
export function calledVia(mentions: Mentions): Choice[] {
  const keys = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'];
  const patterns = new Patterns(mentions.patternsOf(...keys));
  const { texts, isExact } = patterns.reach(patterns.start(), ANY_TEXT, SERVICES_IN_BETWEEN);
  const formed = texts.map((reached) => ({ ...reached, text: inForm(patterns, reached) }));
  const services = formed.map(({ text }) => text);
  const literals = mentions.patternsOf(...keys).flat().map(({ pattern }) => pattern).filter(({ tokens }) => tokens.every((token) => typeof token === 'string'));
  const single = new Set(literals.map(({ text }) => text));
  const twins = new Map(formed.filter(({ text }) => !single.has(text)).map((reached) => [reached.text, twinOf(patterns, reached)]));
  const tests = mentions.testsOf('aws:calledvia');
  const areEndsTold = mentions.has('aws:calledviafirst', 'aws:calledvialast');
  const found = areEndsTold ? withEnds(services, twins, tests) : subsets(services, tests);
  const choices = found.sets.map((list): Choice => ({
    kind: 'present',
    context: present({ 'aws:calledvia': list, 'aws:calledviafirst': list[0], 'aws:calledvialast': list.at(-1) }),
    doubt: list.length > 1 && list[0] === list.at(-1) ? "whether 'aws:CalledVia' can begin and end with the same service, which AWS does not document"
      : list.filter((service) => !single.has(service)).map(whyNoService).find((why) => why !== undefined),
  }));
  const areTwinsKnown = !areEndsTold || ![...twins.values()].includes(undefined);
  return [ABSENT, ...withOpen(judgedApart(choices, mentions.testsOf(...keys)), isExact && found.isExact && areTwinsKnown)];
}

const MOST_SERVICES = 8; // beyond it, there are too many lists of services to look at each

/** Another text that no test tells from one, if a character more or another one makes it. */
function twinOf(patterns: Patterns, { text, places }: Reached): string | undefined {
  const changed = [...text, ''].flatMap((_, i) => [...'xq7'].flatMap((other) => [0, 1].map((left) => text.slice(0, i) + other + text.slice(i + left))));
  const twins = changed.reverse().filter((candidate) => candidate !== text && patterns.read(patterns.start(), candidate) === places);
  return twins.find(isServiceName) ?? twins[0];
}

/**
 * Lists of services for each that may be the first and each that may be the last.
 *
 * @param twins for services, others that no test tells from them: one may be the first and the other the last
 */
function withEnds(services: readonly string[], twins: ReadonlyMap<string, string | undefined>, tests: readonly ConditionTest[]): Subsets {
  const few = services.slice(0, MOST_SERVICES);
  const judge = new Judge(tests);
  const found = few.flatMap((first) => [...few, twins.get(first) ?? first].map((last) => {
    const { sets, isExact } = subsetsWith(few, judge, [...new Set([first, last])]);
    const between = sets.map((set) => set.filter((service) => service !== first && service !== last));
    return { sets: between.map((others) => (first === last && others.length === 0 ? [first] : [first, ...others, last])), isExact };
  }));
  const sets = found.flatMap((one) => one.sets);
  return { sets: sets.sort((one, other) => one.length - other.length), isExact: services.length === few.length && found.every(({ isExact }) => isExact) };
}

/** The VPC endpoint. */
export function endpoints(mentions: Mentions): Choice[] {
  const patterns = new Patterns(mentions.patternsOf('aws:sourcevpce'));
  const { ids, isExact } = identifiers(patterns, patterns.start(), 'vpce-', mentions.valuesOf('aws:sourcevpce'));
  return [ABSENT, ...withOpen(ids.map((id) => ({ kind: 'present', context: present({ 'aws:sourcevpce': id }), doubt: whyNoResource(id, mentions.valuesOf('aws:sourcevpce')) })), isExact)];
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html: 17 characters today, 8 of old ones
const LENGTHS = [17, 8];
const DRAWN: DrawnIds = { stranger: '0ffffffffffffffff', isAsLong: (length) => LENGTHS.includes(length), lengths: LENGTHS };
const ID: Language = { ordinary: 'fedcba9876543210', allows: (character) => /[a-z0-9]/.test(character), shortest: 1, longest: Infinity };

function whyNoResource(id: string, known: readonly string[]): string | undefined {
  return whyNoId(id, id.indexOf('-') + 1, known, DRAWN);
}

/** Ids of a kind of resource, which all begin alike; and names for ids that AWS draws at deployment. */
function identifiers(patterns: Patterns, at: Places, prefix: string, mentioned: readonly string[]): { ids: string[]; isExact: boolean } {
  const { texts, isExact } = patterns.reach(patterns.read(at, prefix), ID, [DRAWN.stranger]);
  const drawn = texts.map((reached) => prefix + inFull(patterns, patterns.read(at, prefix), reached, DRAWN));
  return { ids: [...drawn, ...mentioned.filter((text) => isNameOfId(text) && !/^vpce?-/i.test(text))], isExact };
}

const MOST_VPCS = 3000; // accounts, Regions and ids multiply

/**
 * The VPC behind the endpoint. Its id is unique in its Region only: any account may have one with it. S3 and AWS KMS tell its ARN, too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpcarn
 */
export function vpcs(mentions: Mentions, facts: ResourceFacts): Choice[] {
  const ids = mentions.patternsOf('aws:sourcevpc');
  const patterns = new Patterns([...ids, ...mentions.patternsOf('aws:sourcevpcarn')]);
  const mentioned = [...mentions.valuesOf('aws:sourcevpc'), ...mentions.valuesOf('aws:sourcevpcarn').map((arn) => arn.slice(arn.lastIndexOf('/') + 1))];
  const identified = (at: Places) => identifiers(patterns, at, 'vpc-', mentioned);
  if (!mentions.has('aws:sourcevpcarn')) {
    const plain = identified(patterns.start());
    return [ABSENT, ...withOpen(plain.ids.map((id): Choice => ({ kind: 'present', context: present({ 'aws:sourcevpc': id }), doubt: whyNoResource(id, mentioned) })), plain.isExact)];
  }
  const { all, isExact: areExact } = accounts(mentions, facts, STRANGE_ACCOUNT);
  const few = new Few(MOST_VPCS);
  const regions = patterns.reach(patterns.read(patterns.start(ids.length), `arn:${facts.partition}:ec2:`), REGION, regionTexts(facts.partition));
  let isExact = areExact && regions.isExact;
  const withArns = few.of(all, ({ id: account }) => few.of(regions.texts, (region) => {
    const at = patterns.read(region.places, `${account}:vpc/`);
    const found = identified(patterns.together(at, patterns.start(0, ids.length)));
    isExact &&= found.isExact;
    return found.ids.map((id): Choice => ({
      kind: 'present', account, context: present({ 'aws:sourcevpc': id, 'aws:sourcevpcarn': `arn:${facts.partition}:ec2:${region.text}${account}:vpc/${id}` }), doubt: whyNoResource(id, mentioned),
    }));
  }));
  return [ABSENT, ...withOpen(withArns, isExact && few.isExact)];
}

/** The account of the endpoint. */
export function endpointAccounts(mentions: Mentions, facts: ResourceFacts): Choice[] {
  const { all, isExact } = accounts(mentions, facts, STRANGE_ACCOUNT);
  const strangersFirst = [...all].sort((one, other) => Number(one.isMentioned) - Number(other.isMentioned));
  return [ABSENT, ...withOpen(strangersFirst.map(({ id }) => ({ kind: 'present', account: id, context: present(mentions.has('aws:vpceaccount') ? { 'aws:vpceaccount': id } : {}) })), isExact)];
}

function withOpen(choices: readonly Choice[], isExact: boolean): Choice[] {
  return isExact ? [...choices] : [...choices, { kind: 'present', context: present({}), isOpen: true }];
}
