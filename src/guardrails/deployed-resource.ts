import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Refusal } from '../refusal';

/** A resource as its template will have it, overrides applied. */
export interface DeployedResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Properties: Record<string, any>;

  /** Why the CDK cannot render it. */
  readonly failure?: string;

  /** Whether the CDK leaves it out of the template. */
  readonly isLeftOut?: boolean;
}

export const REMOVE_CHANGE = 'Remove the override, aspect or assignment that changes it.';

/**
 * Costs as much as synthesizing the resource once more.
 *
 * @param resolve how tokens are resolved
 */
export function deployedResource(resource: CfnResource, resolve: (value: unknown, scope: CfnResource) => any = inTemplate): DeployedResource {
  try {
    const [rendered] = Object.values<any>(resolve(resource._toCloudFormation(), resource).Resources ?? {});
    return { Type: resource.cfnResourceType, ...rendered, Properties: rendered?.Properties ?? {}, isLeftOut: rendered === undefined };
  } catch (error) {
    return { Type: resource.cfnResourceType, Properties: {}, failure: (error as Error).message.replace(/\s+/g, ' ') };
  }
}

function inTemplate(value: unknown, resource: CfnResource): any {
  return Stack.of(resource).resolve(value);
}

const RENDERING = ['_toCloudFormation', 'renderProperties', 'cfnProperties', 'shouldSynthesize'];

/** Those of them that no resource of the CDK has of its own. */
const OF_ALL = ['_toCloudFormation', 'shouldSynthesize'] as const;

/**
 * Whether somebody has changed how a resource is rendered (`addPropertyOverride` and its like), so that its properties do not tell what
 * will be deployed.
 *
 * The CDK keeps overrides to itself. Where a later version keeps them elsewhere, the answer is yes: the caller then
 * looks at the whole template, which is slower and just as right.
 */
export function hasOverrides(resource: CfnResource): boolean {
  const { rawOverrides } = resource as unknown as { rawOverrides?: object };
  const isRenderedAsAll = OF_ALL.every((method) => resource[method] === CfnResource.prototype[method]);
  return rawOverrides === undefined || Object.keys(rawOverrides).length > 0 || !isRenderedAsAll || RENDERING.some((method) => Object.hasOwn(resource, method));
}

/** A resource's properties as its maker gave them: protected there, and public nowhere. */
export function propertiesOf(resource: CfnResource): Record<string, any> {
  return resource['cfnProperties']; // eslint-disable-line dot-notation
}

/** Whether a construct is still where it was made: what has been removed is not synthesized. */
export function isInTree({ node }: IConstruct): boolean {
  return node.scopes.every((construct, at, path) => at === 0 || path[at - 1].node.tryFindChild(construct.node.id) === construct);
}

/** Why nothing that a resource's properties say will be deployed as they say it. */
export function displaced(resource: CfnResource, type: string, deployed: DeployedResource = asItStands(resource)): Refusal | undefined {
  if (!isInTree(resource)) {
    return { problem: `its resource '${resource.node.path}' (${type}) has been removed from the construct tree.`, remedy: 'Keep it: what takes its place is not guarded.' };
  }
  const { Type, Properties, failure, isLeftOut } = deployed;
  if (isLeftOut) {
    return { problem: `its resource '${resource.node.path}' (${type}) is left out of the synthesized template.`, remedy: "Remove what changes its 'shouldSynthesize', or how it is rendered." };
  }
  if (failure !== undefined) {
    return { problem: `its resource '${resource.node.path}' cannot be rendered: ${inPlainWords(failure)}`, remedy: 'Correct the override, aspect or assignment that changes it.' };
  }
  if (Type !== type) {
    return { problem: `its resource '${resource.node.path}' is of type '${Type}' in the synthesized template instead of '${type}'.`, remedy: REMOVE_CHANGE };
  }
  return ['Fn::Transform', 'Transform'].some((name) => Object.hasOwn(Properties, name)) ? transformed(`among the properties of '${resource.node.path}'`, 'them') : undefined;
}

/** Whether a resource will be deployed as its properties say, whatever conditions turn out to be. */
export function isSurelyDeployed(resource: CfnResource, type: string, deployed: DeployedResource): boolean {
  return deployed.Condition === undefined && displaced(resource, type, deployed) === undefined;
}

/** The CDK says by the names of its classes which property is not there. */
function inPlainWords(failure: string): string {
  const [, missing] = /(\w+): required but missing/.exec(failure) ?? [];
  return missing === undefined ? failure : `it has no '${missing}', or an empty one.`;
}

/**
 * Why a resource will not always be there with what needs it.
 *
 * @param other what it belongs to, and the condition under which that is deployed, which is asked for only where it matters
 */
export function deployedAtTimes({ node }: IConstruct, { Condition }: Pick<DeployedResource, 'Condition'>, other: { readonly what: string; readonly condition: () => string | undefined }): Refusal | undefined {
  return Condition === undefined || Condition === other.condition() ? undefined : {
    problem: `'${node.path}' is deployed under the condition '${Condition}' only.`, remedy: `Remove the condition, or set it on the ${other.what} too.`,
  };
}

/** Why nothing is known of what a macro rewrites. */
export function transformed(place: string, what = 'it'): Refusal {
  return { problem: `'Fn::Transform' stands ${place}, and what CloudFormation makes of ${what} cannot be seen.`, remedy: 'Remove it, or write what it stands for.' };
}

function asItStands(resource: CfnResource): DeployedResource {
  return hasOverrides(resource) ? deployedResource(resource) : { Type: resource.cfnResourceType, Properties: {} };
}
