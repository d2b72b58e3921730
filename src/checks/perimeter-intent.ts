import { ConditionTest } from '../policy/condition';
import { Policy, Statement } from '../policy/document';
import { contains, ipRange } from '../policy/ip-range';
import { patternOf } from '../policy/operators';
import { arnPattern } from '../policy/pattern';
import { Guarantee } from '../policy/prove';
import { ResourceFacts, Choice, valueIn } from '../policy/space/facet';
import { MentionedKeys } from '../policy/space/mentions';

/** Condition keys, in lower case, that say through which network a request comes. */
const NETWORK_KEYS = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:sourceip', 'aws:vpcsourceip', 'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths'];
const ADDRESS_KEYS = ['aws:sourceip', 'aws:vpcsourceip'];
const ORGANIZATION_KEYS = ['aws:principalorgid', 'aws:principalorgpaths'];
const SERVICE_SOURCE_KEYS = ['aws:sourceorgid', 'aws:sourceorgpaths'];
const CALLER_ATTRIBUTE = /^aws:(?:userid|username|principaltag\/)/;

// What nobody means when a policy mentions it: an endpoint, organization, account and address of somebody else.
const STRANGERS = ['vpce-0ffffffffffffffff', 'vpc-0ffffffffffffffff', 'o-another0rg', 'o-another0rg/r-root/ou-unit/', '999988887777'];
const STRANGE_ADDRESSES = ['198.51.100.77', '2001:db8::77'];

/** What the denies of a policy seem to be meant for. */
export interface PerimeterIntent {
  /** The denies that restrict the network. */
  readonly network: readonly Statement[];

  /** The denies that restrict principals to organizations. */
  readonly organization: readonly Statement[];

  /** The denies that restrict services to those which call for organizations. */
  readonly serviceSource: readonly Statement[];
}

export function perimeterIntent({ statements }: Policy): PerimeterIntent {
  const denies = statements.filter(({ effect }) => effect === 'Deny');
  const mentioning = (keys: readonly string[]) => denies.filter(({ conditions }) => conditions.some(({ key }) => keys.includes(key)));
  return { network: mentioning(NETWORK_KEYS), organization: mentioning(ORGANIZATION_KEYS), serviceSource: mentioning(SERVICE_SOURCE_KEYS) };
}

/** Whether address ranges are all that a network perimeter knows. */
export function isAddressOnly(network: readonly Statement[]): boolean {
  const keys = network.flatMap(({ conditions }) => conditions).map(({ key }) => key).filter((key) => NETWORK_KEYS.includes(key));
  return keys.length > 0 && keys.every((key) => ADDRESS_KEYS.includes(key));
}

/** The values of a key that denies mention and that do not stand for just anybody's. */
export function members(denies: readonly Statement[], keys: readonly string[]): ConditionTest[] {
  return denies.flatMap(({ conditions }) => conditions).filter(({ key }) => keys.includes(key));
}

/** Nobody but exempt principals is let through from elsewhere than the networks that the denies mention. */
export function networkAsMeant(denies: readonly Statement[], bucket: ResourceFacts): Guarantee {
  const inside = insiders(members(denies, NETWORK_KEYS));
  const viaServices = members(denies, ['aws:viaawsservice']).length > 0;
  return {
    sentence: 'No request from outside the networks that the policy mentions is let through.',
    breaches: [{
      ...ordinaryCaller(denies, bucket),
      route: (choice) => !(viaServices && choice.kind === 'through-service') && !inside(choice),
    }],
    mentions: strangersLetIn(members(denies, NETWORK_KEYS)),
  };
}

/** No caller outside the organizations and accounts that the denies mention is let through. */
export function organizationAsMeant(denies: readonly Statement[], bucket: ResourceFacts): Guarantee {
  const inside = insiders(members(denies, [...ORGANIZATION_KEYS, 'aws:principalaccount']));
  const ordinary = ordinaryCaller(denies, bucket);
  return {
    sentence: 'No caller outside the organizations that the policy mentions is let through.',
    breaches: [{ ...ordinary, caller: (choice) => ordinary.caller(choice) && !inside(choice) }],
    mentions: strangersLetIn(members(denies, ORGANIZATION_KEYS)),
  };
}

/** No AWS service is let through that calls for an account outside the organizations that the denies mention. */
export function serviceSourceAsMeant(denies: readonly Statement[]): Guarantee {
  const inside = insiders(members(denies, [...SERVICE_SOURCE_KEYS, 'aws:sourceaccount']));
  return {
    sentence: 'No AWS service that calls for an account outside the organizations that the policy mentions is let through.',
    breaches: [{ caller: (choice) => choice.kind === 'service' && valueIn(choice, 'aws:sourceaccount') !== undefined && !inside(choice) }],
    mentions: { ...strangersLetIn(members(denies, SERVICE_SOURCE_KEYS)), 'aws:sourceaccount': [] },
  };
}

/** Whether denies spare some principal that they name: a role, a user, the bearer of a tag. */
export function sparesSomebody(denies: readonly Statement[]): boolean {
  const tests = members(denies, ['aws:principalarn']).concat(denies.flatMap(({ conditions }) => conditions).filter(({ key }) => CALLER_ATTRIBUTE.test(key)));
  return tests.some(({ operator }) => operator?.negated) || denies.some(({ principal }) => principal?.isInverted);
}

/** Callers that nobody can mean to exempt: roles and users without a name in the policy, and anonymous ones. */
function ordinaryCaller(denies: readonly Statement[], bucket: ResourceFacts) {
  const exempt = members(denies, ['aws:principalarn']).filter(({ operator }) => operator?.negated).flatMap(textsOf).map((text) => arnPattern(text));
  const strangers = [bucket.account, '999988887777'].map((account) => `arn:${bucket.partition}:iam::${account}:role/Anyone`);
  const named = exempt.filter(({ matches }) => strangers.every((arn) => matches(arn) === false));
  const attributes = [...new Set(denies.flatMap(({ conditions }) => conditions).map(({ key }) => key).filter((key) => CALLER_ATTRIBUTE.test(key)))];
  return {
    caller: (choice: Choice) => choice.kind !== 'service' && !named.some(({ matches }) => matches(valueIn(choice, 'aws:principalarn') ?? '') === true),
    ...Object.fromEntries(attributes.map((key) => [key, (choice: Choice) => choice.kind === 'absent' || valueIn(choice, key) === 'anything'])),
  };
}

/** Whether a choice has one of the values that tests mention, and that a stranger has not. */
function insiders(tests: readonly ConditionTest[]): (choice: Choice) => boolean {
  const accepted = tests.flatMap((test) => textsOf(test).map((text) => ({ key: test.key, matches: matcher(test, text) })))
    .filter(({ key, matches }) => !strangersOf(key).some(matches));
  return (choice) => accepted.some(({ key, matches }) => (choice.context.get(key) ?? []).some(matches));
}

/** Strangers that tests accept: requests of theirs are to be told apart from those of members that the same test accepts. */
function strangersLetIn(tests: readonly ConditionTest[]): MentionedKeys {
  const letIn = tests.flatMap((test) => textsOf(test).flatMap((text) => strangersOf(test.key).filter(matcher(test, text)).map((stranger) => ({ test, stranger }))));
  const keys = [...new Set(letIn.map(({ test }) => test.key))];
  return Object.fromEntries(keys.map((of) => [of, letIn.filter(({ test }) => test.key === of).map(({ test, stranger }) => ({ kind: test.operator!.kind, text: stranger }))]));
}

function strangersOf(key: string): readonly string[] {
  return ADDRESS_KEYS.includes(key) ? STRANGE_ADDRESSES : STRANGERS;
}

function matcher({ operator }: ConditionTest, text: string): (value: string) => boolean {
  const range = operator?.kind === 'address' ? ipRange(text) : undefined;
  if (range) {
    return (value) => {
      const address = ipRange(value);
      return address !== undefined && contains(range, address);
    };
  }
  const pattern = operator?.kind === 'arn' || operator?.kind === 'pattern' ? patternOf(operator.kind, { text, escaped: new Set() }) : undefined;
  return pattern ? (value) => pattern.matches(value) === true : (value) => value === text;
}

export function textsOf({ values, operator }: ConditionTest): string[] {
  return operator ? values.flatMap((value) => (value.variables.length === 0 ? [value.fill(new Map())!.text] : [])) : [];
}
