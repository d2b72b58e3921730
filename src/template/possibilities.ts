import type { DeployedResource, Deployment } from './deployment';
import { DrawnNames, drawnNamesBeside, isDrawn, keyOf } from './drawn-names';
import { regionOf } from './partitions';
import { StackTemplate } from './template';
import { DRAWN_IDS, DrawnId } from '../aws/drawn-ids';
import { partitionOf } from '../aws/regions';
import { isUnknown, patternOfUnknown, UNKNOWN_ACCOUNT, UNKNOWN_REGION, unknownNames } from '../policy/unknown-text';

/** One way in which values may turn out that are not known before deployment. */
export interface Possibility {
  readonly choices: readonly Choice[];
}

/** The ways in which values may turn out. */
export interface Possibilities {
  readonly all: readonly Possibility[];

  /** Whether there are more. */
  readonly isCut: boolean;

  /** For each value that is not known, those that it may have beside one that is mentioned nowhere. */
  readonly open: readonly (readonly Choice[])[];
}

/** A value that is not known before deployment, and one that it may have. */
export interface Choice {
  /** What is not known, for people. */
  readonly what: string;

  /** Where it can be given in the assumptions. */
  readonly givenBy: string;

  /** The value that it has. */
  readonly value: string;

  /** What stands for it in texts, as long as it is not known. */
  readonly standIn?: string;

  /** The template with the value. */
  readonly in: (template: StackTemplate) => StackTemplate;
}

export interface PossibilityOptions {
  /** Texts besides the templates in which values are mentioned, such as a request. */
  readonly texts?: readonly string[];

  /** Whether the id of a resource matters; otherwise it does where templates refer to it. */
  readonly matters?: (resource: DeployedResource) => boolean | undefined;

  /** Policies besides those of the templates that tell names apart. */
  readonly policies?: unknown;

  /** How many possibilities are looked at. */
  readonly limit: number;
}

/**
 * The ways in which accounts, Regions and ids may turn out, beside that in which they are none of those that are mentioned anywhere. A value
 * that is mentioned nowhere makes no difference.
 */
export function possibilities(deployment: Deployment, { texts = [], policies, matters = () => undefined, limit }: PossibilityOptions): Possibilities {
  const mentioned = new MentionedValues(texts.join('\n'), mentionedIn(deployment));
  const places = [accountChoices(deployment, mentioned), regionChoices(deployment, mentioned)];
  const names = drawnNamesBeside(deployment, policies);
  const open = [...places, ...partnerChoices(deployment, mentioned), ...idChoices(deployment, mentioned, names, matters)].filter((choices) => choices.length > 0);
  return combined(open, limit);
}

/** Open values in all ways together, as far as there are not too many: the fewer differ from the ordinary the better. */
export function combined(open: Possibilities['open'], limit: number): Possibilities {
  const widest = limit * 10;
  const all = open.reduce<readonly Choice[][]>((before, choices) => [...before, ...before.flatMap((others) => combinable(others, choices))].slice(0, widest), [[]]);
  const tried = all.slice(1).sort((one, other) => one.length - other.length).slice(0, limit).map((choices) => ({ choices }));
  return { all: tried, isCut: tried.length < all.length - 1, open };
}

/** That values were not tried in all ways, as the reason why something is not decided. */
export function untriedSentence(open: Possibilities['open']): string {
  const names = [...new Set(open.map(([{ what }]) => what))];
  return `${[names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ')}, which ${names.length === 1 ? 'is' : 'are'} not known before deployment and ${names.length === 1 ? 'was' : 'were'} not tried in all ways`;
}

/** That conditions were not tried in all ways, as the reason why something is not decided. */
export function untriedConditions(names: readonly string[]): string {
  return `it may depend on whether the conditions ${names.map((name) => `'${name}'`).join(', ')} hold, which were not tried in all ways`;
}

/** Whether a value may stand in a text of resolved values. Account and Region are everywhere. */
export function mayStandIn(text: string): (choices: readonly Choice[]) => boolean {
  return ([{ standIn, givenBy }]) => !givenBy.startsWith('physicalIds') || standIn === undefined || text.includes(JSON.stringify(standIn).slice(1, -1));
}

/** The values of some form that a text mentions, or one beside it: a long text is searched once for each form. */
class MentionedValues {
  private readonly byForm = new Map<RegExp, readonly string[]>();

  constructor(private readonly text: string, private readonly beside?: MentionedValues) {}

  /** @param form has the value as its first group */
  public of(form: RegExp): readonly string[] {
    const known = this.byForm.get(form) ?? [...new Set([...this.beside?.of(form) ?? [], ...Array.from(this.text.matchAll(form), ([, value]) => value)])];
    this.byForm.set(form, known);
    return known;
  }
}

const MENTIONED = new WeakMap<Deployment, MentionedValues>();

function mentionedIn(deployment: Deployment): MentionedValues {
  const texts = () => deployment.stacks.map(({ templateText, source }) => `${templateText}${JSON.stringify([source.parameters, source.account, source.region])}`);
  const known = MENTIONED.get(deployment) ?? new MentionedValues(texts().join('\n'));
  MENTIONED.set(deployment, known);
  return known;
}

const FOUND_BY_TYPE = new Set(DRAWN_IDS.filter(({ isFoundByType }) => isFoundByType).map(({ type }) => type));

/** Only where rules look for resources by their ids. All other ids that AWS draws are unknown to proofs, which look at whatever they may be. */
export function mattersBesideProofs({ type }: DeployedResource): boolean | undefined {
  return FOUND_BY_TYPE.has(type) ? undefined : false;
}

/** The same deployment, as it is if values turn out in one way. */
export function templatesIn(deployment: Deployment, choices: readonly Choice[]): StackTemplate[] {
  return deployment.stacks.map(({ source }) => choices.reduce((template, choice) => choice.in(template), source));
}

/** One value is not that of two resources. */
function combinable(others: readonly Choice[], choices: readonly Choice[]): Choice[][] {
  return choices.filter(({ value, givenBy }) => !givenBy.startsWith('physicalIds') || !others.some((other) => other.value === value)).map((choice) => [...others, choice]);
}

const ACCOUNT = /(?<!\d)(\d{12})(?!\d)/g;
const REGION = /\b((?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(?:-(?:gov|iso[a-z]?|de))?-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d)\b/g;

function accountChoices({ stacks }: Deployment, mentioned: MentionedValues): Choice[] {
  return stacks.every(({ source }) => source.account !== undefined) ? [] : mentioned.of(ACCOUNT).map((value) => ({
    what: 'the account of stacks that do not say theirs',
    givenBy: 'environment.account',
    value,
    standIn: UNKNOWN_ACCOUNT,
    in: (template) => ({ ...template, account: template.account ?? value }),
  }));
}

/** Regions that are mentioned, and one for each partition in which stacks may turn out otherwise. None of a partition in which they cannot be. */
function regionChoices({ stacks, openPartition: { partition, isOnlyOne, others } }: Deployment, mentioned: MentionedValues): Choice[] {
  const regions = mentioned.of(REGION).filter((region) => !isOnlyOne || partitionOf(region) === partition);
  const values = new Set([...regions, ...others.map((other) => regionOf(other, mentioned.of(REGION)))]);
  return stacks.every(({ source }) => source.region !== undefined) ? [] : [...values].map((value) => ({
    what: 'the Region of stacks that do not say theirs',
    givenBy: 'environment.region',
    value,
    standIn: UNKNOWN_REGION,
    in: (template) => ({ ...template, region: template.region ?? value }),
  }));
}

const ACCOUNT_OF_PRINCIPAL = new RegExp(`arn:[a-z-]*:(?:iam|sts)::(${patternOfUnknown()}):|"(${patternOfUnknown('account')})"`, 'g');

/** Accounts of principals that are not known: each may be one that is mentioned, or that of a stack. */
function partnerChoices(deployment: Deployment, mentioned: MentionedValues): Choice[][] {
  return unknownAccounts(deployment).map((standIn) => {
    const [name] = unknownNames(standIn);
    const accounts = new Set([...mentioned.of(ACCOUNT), ...deployment.stacks.flatMap(({ account }) => account)]);
    return [...accounts].map((value) => ({
      what: `the account <${name}>`,
      givenBy: 'parameters',
      value,
      standIn,
      in: (template) => (name.startsWith(`${template.name}: `) ? { ...template, values: { ...template.values, [name]: value } } : template),
    }));
  });
}

const UNKNOWN_ACCOUNTS = new WeakMap<Deployment, readonly string[]>();

/** What stands for the accounts of principals. */
function unknownAccounts(deployment: Deployment): readonly string[] {
  const known = UNKNOWN_ACCOUNTS.get(deployment) ?? readUnknownAccounts(deployment);
  UNKNOWN_ACCOUNTS.set(deployment, known);
  return known;
}

function readUnknownAccounts({ resources }: Deployment): readonly string[] {
  const written = resources.filter(({ type }) => /^AWS::(?:S3|KMS|IAM|EC2::VPCEndpoint)/.test(type)).map(policiesOf).filter(isUnknown);
  return [...new Set(written.flatMap((json) => Array.from(json.matchAll(ACCOUNT_OF_PRINCIPAL), ([, inArn, alone]) => (inArn ?? alone).replaceAll('\\"', '"'))))];
}

/** The policies of a resource, where they may say an account that is not known: what else it says names nobody. */
function policiesOf(resource: DeployedResource): string {
  const properties = resource.propertyNames.filter((name) => /^(?:Policy|Policies|PolicyDocument|KeyPolicy)$/.test(name));
  const mayBeOpen = properties.length > 0 && maySayOpenAccount(JSON.stringify(properties.map((name) => resource.writtenProperties[name])), resource);
  return mayBeOpen ? JSON.stringify(properties.map((name) => resource.property(name))) : '';
}

const OTHER_FUNCTIONS = /"Fn::(?!(?:Join|GetAtt)")|"Condition":"|\{\{|(?:iam|sts)::"/;
const REFERRED_TO = /"(?:Ref|Fn::GetAtt)":(?:\[?"([^".]*))?/g;
const OF_THE_STACK = ['AWS::AccountId', 'AWS::Partition', 'AWS::Region', 'AWS::URLSuffix'];
const WITHOUT_ACCOUNT = ['AWS::S3::Bucket', 'AWS::KMS::Key'];

/** Whether texts may say an account that is not known once they are resolved. Not where they refer to their own stack, its buckets and its keys alone. */
function maySayOpenAccount(written: string, { stack }: DeployedResource): boolean {
  const isHarmless = (name: string | undefined) => name !== undefined
    && (OF_THE_STACK.includes(name) || WITHOUT_ACCOUNT.includes(stack.deployment.resource(stack.name, name)?.type ?? ''));
  return OTHER_FUNCTIONS.test(written) || Array.from(written.matchAll(REFERRED_TO)).some(([, name]) => !isHarmless(name));
}

function idChoices(deployment: Deployment, mentioned: MentionedValues, names: DrawnNames, matters: (resource: DeployedResource) => boolean | undefined): Choice[][] {
  return DRAWN_IDS.flatMap((drawn) => deployment.ofType(drawn.type).flatMap((resource, _, others) => {
    if (!isDrawn(resource, drawn) || !(matters(resource) ?? (drawn.isFoundByType || resource.stack.refersTo(resource.logicalId)))) {
      return [];
    }
    const isOther = (value: string) => others.some((other) => other.reference(drawn.attribute) === value); // no two have one name
    const own = mentioned.of(drawn.form).filter((value) => (drawn.mayBeOf?.(value, resource.logicalId) ?? true) && !isOther(value));
    return [choicesOf(resource, drawn, [...new Set([...own, ...examplesOf(resource, drawn, mentioned, names)])])];
  }));
}

/** Ids that AWS may draw, where policies tell them from what stands for them. */
function examplesOf(resource: DeployedResource, { attribute, drawnLike, language }: DrawnId, mentioned: MentionedValues, names: DrawnNames): string[] {
  const standIn = resource.reference(attribute);
  if (language && standIn !== undefined) {
    const own = names.kindOf(standIn);
    return [...names.kindsOf(resource) ?? []].filter(([kind]) => kind !== own).map(([, name]) => name);
  }
  return drawnLike && mentioned.of(drawnLike.patterns).length > 0 ? [drawnLike.example] : [];
}

function choicesOf(resource: DeployedResource, { attribute }: DrawnId, values: readonly string[]): Choice[] {
  const { stack, logicalId, path } = resource;
  const key = keyOf(logicalId, attribute);
  const standIn = resource.reference(attribute);
  return values.map((value) => ({
    what: `${attribute === 'Ref' ? 'the id' : `the ${attribute}`} that AWS draws for ${path}`,
    givenBy: `physicalIds.${stack.name}.${key}`,
    value,
    standIn,
    in: (template) => (template.name === stack.name ? withId(template, key, value) : template),
  }));
}

function withId(template: StackTemplate, key: string, value: string): StackTemplate {
  return { ...template, physicalIds: { ...template.physicalIds, [key]: value } };
}
