import { StackTemplate, Template } from './template';
import { COMMERCIAL, domainSuffixOf, PARTITIONS, partitionOf, regionsOf } from '../aws/regions';
import { isObject } from '../policy/json';

/** In which partition stacks lie that do not say their Region, as far as their templates tell. */
export interface OpenPartition {
  /** The partition that the stacks are taken to lie in. */
  readonly partition: string;

  /** Whether that is an assumption which decides something: ARNs name the partition, and no other one is tried. */
  readonly isAssumed: boolean;

  /** Whether a policy names it that AWS refuses in all other partitions. */
  readonly isOnlyOne: boolean;

  /** Other partitions in which the stacks may turn out otherwise. */
  readonly others: readonly string[];
}

/** The partition of stacks of which some may be deployed anywhere. */
export function openPartitionOf(templates: readonly StackTemplate[]): OpenPartition {
  const open = templates.filter(({ region }) => region === undefined);
  const mentions = open.map(({ template }) => mentionsOf(template));
  const always = open.filter((stack) => !isInConditional(stack, templates)).map(({ template }) => mentionsOf(template));
  const ofKnownRegions = templates.flatMap(({ region }) => (region === undefined ? [] : partitionOf(region)));
  const needed = union(always.map(({ inPolicies }) => inPolicies));
  const named = union([...always.map(({ unconditional }) => unconditional), ofKnownRegions]);
  const all = union(mentions.map((one) => one.all));
  const isOnlyOne = needed.length === 1;
  const partition = isOnlyOne ? needed[0] : named.length === 1 ? named[0] : COMMERCIAL;
  const mayDiffer = !isOnlyOne && (all.length > 1 || mentions.some(({ isCompared }) => isCompared));
  const others = mayDiffer ? [...all, PARTITIONS.find((one) => one !== partition && !all.includes(one))!].filter((one) => one !== partition) : [];
  return { partition, isAssumed: !mayDiffer && mentions.some(({ inArns }) => inArns.includes(partition)), isOnlyOne, others };
}

/** A Region that stands for all of a partition: one that nobody mentions, if there is one. */
export function regionOf(partition: string, mentioned: readonly string[]): string {
  const regions = regionsOf(partition);
  return regions.find((region) => !mentioned.includes(region)) ?? regions[0];
}

interface Mentions {
  /** Named in policies of resources that are always deployed. */
  readonly inPolicies: readonly string[];

  /** Named in resources that are always deployed. */
  readonly unconditional: readonly string[];

  /** Named in ARNs anywhere. */
  readonly inArns: readonly string[];

  /** Named anywhere. */
  readonly all: readonly string[];

  /** Whether something is chosen by the partition. */
  readonly isCompared: boolean;
}

const KNOWN = new WeakMap<Template, Mentions>();

function mentionsOf(template: Template): Mentions {
  const known = KNOWN.get(template) ?? readMentions(template);
  KNOWN.set(template, known);
  return known;
}

function readMentions(template: Template): Mentions {
  const { Resources, Conditions, Mappings, Parameters } = template;
  const found = { inPolicies: new Set<string>(), unconditional: new Set<string>() };
  for (const resource of Object.values(isObject(Resources) ? Resources : {})) {
    if (isObject(resource) && resource.Condition === undefined) {
      collect(resource.Properties, false, found);
    }
  }
  const text = JSON.stringify([Resources, Conditions, Mappings, Parameters]);
  return {
    inPolicies: [...found.inPolicies],
    unconditional: [...found.unconditional],
    inArns: PARTITIONS.filter((partition) => text.includes(`arn:${partition}:`)),
    all: PARTITIONS.filter((partition) => isMentioned(partition, text)),
    isCompared: comparesPartition(template),
  };
}

const OF_ARN = new RegExp(`\\barn:(${PARTITIONS.join('|')}):`, 'g');

/**
 * Where AWS takes no ARNs of other partitions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
const OF_POLICIES: readonly string[] = ['Resource', 'NotResource', 'Principal', 'NotPrincipal', 'ManagedPolicyArns', 'PermissionsBoundary'];

/** What stands in every way in which conditions turn out. */
function collect(value: unknown, isInPolicy: boolean, found: { inPolicies: Set<string>; unconditional: Set<string> }): void {
  if (typeof value === 'string') {
    const partitions = Array.from(value.matchAll(OF_ARN), ([, partition]) => partition);
    partitions.forEach((partition) => found.unconditional.add(partition));
    partitions.filter(() => isInPolicy).forEach((partition) => found.inPolicies.add(partition));
  } else if (Array.isArray(value)) {
    value.forEach((element) => collect(element, isInPolicy, found));
  } else if (isObject(value) && !Object.hasOwn(value, 'Fn::If')) {
    Object.entries(value).forEach(([name, child]) => collect(child, isInPolicy || OF_POLICIES.includes(name), found));
  }
}

/** Whether a text names a partition: in an ARN, by its name alone, or by what the names of its hosts end with. */
function isMentioned(partition: string, text: string): boolean {
  const suffix = domainSuffixOf(partition);
  return text.includes(`arn:${partition}:`) || text.includes(`"${partition}"`) || (suffix !== domainSuffixOf(COMMERCIAL) && text.includes(`"${suffix}"`));
}

const BY_PARTITION = /AWS::(?:Partition|URLSuffix|StackId)/;

/** Whether conditions, mappings or nested stacks are given the partition: what they make of it is another thing in each. */
function comparesPartition({ Conditions, Resources, Outputs }: Template): boolean {
  const stacks = Object.values(isObject(Resources) ? Resources : {}).filter((resource) => isObject(resource) && resource.Type === 'AWS::CloudFormation::Stack');
  return BY_PARTITION.test(JSON.stringify([Conditions, stacks])) || isInMapByPartition([Resources, Outputs]);
}

function isInMapByPartition(value: unknown): boolean {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return children.some(([name, child]) => (name === 'Fn::FindInMap' && BY_PARTITION.test(JSON.stringify(child))) || isInMapByPartition(child));
}

/** Whether a nested stack, or one around it, is made under a condition. */
function isInConditional({ nestedIn }: StackTemplate, templates: readonly StackTemplate[]): boolean {
  const parent = nestedIn && templates.find(({ name }) => name === nestedIn.stack);
  return nestedIn !== undefined && parent !== undefined && (parent.template.Resources?.[nestedIn.logicalId]?.Condition !== undefined || isInConditional(parent, templates));
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}
