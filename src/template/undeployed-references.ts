import { DeployedStack } from './deployment';
import { asMistakes, Mistake, Wrong } from './mistake';
import { filledIn, membersOf, placeIn } from './written';
import { isObject, jsonText } from '../policy/json';

/**
 * What is deployed, and refers to resources that are not, since their conditions do not hold: CloudFormation calls these dependencies unresolved. Only
 * where that is known: what `Fn::If` chooses by a condition that is not known may be the other branch.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-condition.html
 */
export function undeployedReferences(stack: DeployedStack): Mistake[] {
  const { Resources, Outputs } = stack.template;
  return [
    ...membersOf(Resources).filter(([logicalId]) => stack.deployment.resource(stack.name, logicalId)?.isDeployed)
      .flatMap(([logicalId, resource]) => asMistakes(logicalId, inMember('', resource, stack))),
    ...asMistakes('Outputs', membersOf(Outputs).filter(([, output]) => isObject(output) && stack.isDeployed && stack.isCreated(output)).flatMap(([name, output]) => inMember(name, output, stack))),
  ];
}

/** A resource that waits for another by `DependsOn` needs nothing of it. */
function inMember(place: string, member: unknown, stack: DeployedStack): Wrong[] {
  const { Metadata, DependsOn, Condition, ...others } = isObject(member) ? member : {};
  return inValue(others, place, stack);
}

function inValue(value: unknown, place: string, stack: DeployedStack): Wrong[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, i) => inValue(element, `${place}[${i}]`, stack));
  }
  if (!isObject(value)) {
    return [];
  }
  const [name, ...others] = Object.keys(value);
  if (name === 'Fn::If' && others.length === 0) {
    return inChosen(value[name], placeIn(place, name), stack);
  }
  const named = name !== undefined && others.length === 0 && Object.hasOwn(NAMED_BY, name) ? NAMED_BY[name](value[name]) : [];
  return [
    ...[...new Set(named)].flatMap((logicalId) => problemsOf(logicalId, stack)).map((problem) => ({ place: placeIn(place, name), problem })),
    ...Object.entries(value).flatMap(([key, child]) => inValue(child, placeIn(place, key), stack)),
  ];
}

function inChosen(argument: unknown, place: string, stack: DeployedStack): Wrong[] {
  const [condition, ...branches] = Array.isArray(argument) ? argument : [];
  const holds = stack.holds(condition);
  return holds === undefined ? [] : inValue(branches[holds ? 0 : 1], `${place}[${holds ? 1 : 2}]`, stack);
}

/** The resources that the argument of a function names. */
const NAMED_BY: Readonly<Record<string, (argument: unknown) => unknown[]>> = {
  'Ref': (name) => [name],
  'Fn::GetAtt': (argument) => [argument].flat().slice(0, 1).map(resourceIn),
  'Fn::Sub': (argument) => filledIn(argument).map(resourceIn),
};

/** Attributes stand behind a dot. */
function resourceIn(name: unknown): unknown {
  return typeof name === 'string' ? name.split('.')[0] : name;
}

function problemsOf(logicalId: unknown, { deployment, name }: DeployedStack): string[] {
  const resource = typeof logicalId === 'string' ? deployment.resource(name, logicalId) : undefined;
  return resource?.isDeployed === false
    ? [`'${jsonText(logicalId)}' is not deployed, since the condition '${jsonText(resource.definition.Condition)}' does not hold. Choose by 'Fn::If' what stands here then, or put both under one condition.`] : [];
}
