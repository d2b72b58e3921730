import { DeployedStack } from './deployment';
import { asMistakes, Mistake, Wrong } from './mistake';
import { located } from './place';
import { Template } from './template';
import { undeployedReferences } from './undeployed-references';
import { filledIn, membersOf, placeIn } from './written';
import { isObject } from '../policy/json';

/**
 * References to what a template does not have or does not deploy, and logical IDs that it has twice. Nothing where a transform that is not run may make what is missing.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function mistakesIn(stack: DeployedStack): Mistake[] {
  const { template, unseen = [] } = stack.source;
  if (unseen.length > 0) {
    return [];
  }
  const { Resources, Outputs, Conditions } = template;
  const names = new Names(stack);
  return [
    ...membersOf(Resources).flatMap(([logicalId, resource]) => inResource(logicalId, resource, names)),
    ...asMistakes('Outputs', membersOf(Outputs).flatMap(([name, output]) => inMember(name, output, names))),
    ...asMistakes('Conditions', membersOf(Conditions).flatMap(([name, condition]) => inValue(condition, name, names))),
    ...undeployedReferences(stack),
  ];
}

function inResource(logicalId: string, resource: unknown, names: Names): Mistake[] {
  const { Metadata, Condition, DependsOn, ...others } = isObject(resource) ? resource : {};
  const needed = [DependsOn ?? []].flat().filter((name): name is string => typeof name === 'string' && !names.isResource(name));
  const twice = names.isParameter(logicalId) ? [{ logicalId, problem: `A parameter has the logical ID '${logicalId}', too: logical IDs are unique in a template. Rename one.` }] : [];
  return [...twice, ...asMistakes(logicalId, [
    ...inMember('', { Condition, ...others }, names),
    ...needed.map((name) => ({ place: 'DependsOn', problem: isMissing(name, 'a resource') })),
  ])];
}

/** A resource or an output: what it says, and the condition that it is under. */
function inMember(place: string, member: unknown, names: Names): Wrong[] {
  const { Condition, ...others } = isObject(member) ? member : {};
  const isWrong = typeof Condition === 'string' && !names.isCondition(Condition);
  return [...(isWrong ? [{ place: placeIn(place, 'Condition'), problem: isMissing(Condition, 'a condition') }] : []), ...inValue(others, place, names)];
}

function inValue(value: unknown, place: string, names: Names): Wrong[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, i) => inValue(element, `${place}[${i}]`, names));
  }
  if (!isObject(value)) {
    return [];
  }
  const [name, ...others] = Object.keys(value);
  const problems = name !== undefined && others.length === 0 && Object.hasOwn(REFERENCES, name) ? REFERENCES[name](value[name], names) : [];
  return [...problems.map((problem) => ({ place: placeIn(place, name), problem })), ...Object.entries(value).flatMap(([key, child]) => inValue(child, placeIn(place, key), names))];
}

const NAMED_BY_REF = 'a parameter or a resource';

/** What is wrong with the argument of a function that refers to something. */
const REFERENCES: Readonly<Record<string, (argument: unknown, names: Names) => string[]>> = {
  'Ref': (name, names) => (typeof name !== 'string' || names.isReferable(name) ? [] : [isMissing(name, NAMED_BY_REF)]),
  'Fn::GetAtt': (argument, names) => {
    const [logicalId] = [argument].flat();
    return typeof logicalId !== 'string' || names.isResource(logicalId) ? [] : [isMissing(logicalId.split('.')[0], 'a resource')];
  },
  'Fn::Sub': (argument, names) => {
    const missing = filledIn(argument).filter((name) => !(name.includes('.') ? names.isResource(name) : names.isReferable(name)));
    return missing.map((name) => `${isMissing(name.split('.')[0], name.includes('.') ? 'a resource' : NAMED_BY_REF)} For a text that stays as it is, write '\${!${name}}'.`);
  },
  'Fn::GetStackOutput': (argument, names) => {
    const { StackName: name, OutputName: output, ...elsewhere } = isObject(argument) ? argument : {};
    const isHere = typeof name === 'string' && typeof output === 'string' && Object.keys(elsewhere).length === 0;
    return isHere && names.lacksOutput(name, output) ? [`the stack '${name}' has no output '${output}'.`] : [];
  },
  'Fn::If': (argument, names) => missingCondition([argument].flat()[0], names),
  'Condition': missingCondition,
  'Fn::FindInMap': (argument, names) => {
    const [map, ...keys] = Array.isArray(argument) && argument.length === 3 ? argument : []; // a fourth element has a default
    const isKnown = typeof map !== 'string' || names.isInMap(map, keys);
    return isKnown ? [] : [`'${[map, ...keys.filter((key) => typeof key === 'string')].join('.')}' is not in the mappings of the template.`];
  },
};

function missingCondition(name: unknown, names: Names): string[] {
  return typeof name !== 'string' || names.isCondition(name) ? [] : [isMissing(name, 'a condition')];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const PSEUDO_PARAMETERS: readonly string[] = ['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`);

/** What a template has to refer to. */
class Names {
  private readonly template: Template;

  /** The beginnings of logical IDs of resources that transforms make. */
  private readonly madeByTransforms: readonly string[];

  constructor(private readonly stack: DeployedStack) {
    this.template = stack.template;
    this.madeByTransforms = stack.source.madeByTransforms ?? [];
  }

  public isReferable(name: string): boolean {
    return PSEUDO_PARAMETERS.includes(name) || this.isParameter(name) || this.isResource(name);
  }

  public isParameter(name: string): boolean {
    return has(this.template.Parameters, name);
  }

  /** Attributes, and what a module makes, stand behind a dot. */
  public isResource(name: string): boolean {
    return has(this.template.Resources, name.split('.')[0]) || this.madeByTransforms.some((beginning) => name.startsWith(beginning));
  }

  public isCondition(name: string): boolean {
    return has(this.template.Conditions, name);
  }

  /** Whether the stack of a name, beside this one, is at hand and surely has no output of a name. */
  public lacksOutput(name: string, output: string): boolean {
    const { there } = located(this.stack.deployment.stacksCalled(name), (stack) => stack, this.stack);
    return there.length > 0 && there.every(({ template, source }) => (source.unseen ?? []).length === 0 && !has(template.Outputs, output));
  }

  /** Whether a mapping has what the keys lead to, as far as they stand in the template. */
  public isInMap(map: string, [first, second]: readonly unknown[]): boolean {
    const { Mappings } = this.template;
    if (!has(Mappings, map)) {
      return false;
    }
    const values = typeof first === 'string' && isObject(Mappings![map]) ? (has(Mappings![map], first) ? Mappings![map][first] : undefined) : {};
    return values !== undefined && (typeof first !== 'string' || typeof second !== 'string' || has(values, second));
  }
}

function has(section: unknown, name: string): boolean {
  return isObject(section) && Object.hasOwn(section, name);
}

function isMissing(name: string, what: string): string {
  return `'${name}' is not ${what} of the template.`;
}
