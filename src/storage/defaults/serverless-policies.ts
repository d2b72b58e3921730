import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IdentityPolicy } from './identity-policies';
import { documentIn, listOf, namesIn, nameOf, readResource } from './named-references';
import { SAM_CONNECTOR_ACTIONS, SAM_POLICY_TEMPLATES } from '../../aws/sam-policy-templates';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { jsonText } from '../../policy/json';

/** What SAM gives a role that it makes. */
interface ServerlessPolicies {
  readonly documents: readonly unknown[];
  readonly managedPolicyArns: readonly string[];
}

/**
 * What the property `Policies` of a SAM resource gives: managed policies by name or ARN, policy templates and whole documents. SAM ignores it
 * beside a role.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
 */
export function serverlessPolicies({ Policies, Role }: any = {}): ServerlessPolicies {
  const entries = Role === undefined ? listOf(Policies).flatMap(branches) : [];
  return {
    documents: entries.filter((entry) => typeof entry !== 'string').map(documentOf),
    managedPolicyArns: entries.filter((entry) => typeof entry === 'string').map((name) => (name.includes(':') ? name : `arn:aws:iam::aws:policy/${name}`)),
  };
}

/** What one of the branches of a condition may turn out to be. */
function branches(entry: any): any[] {
  return Array.isArray(entry?.['Fn::If']) ? entry['Fn::If'].slice(1).flatMap(branches) : [entry];
}

/** The document of an entry: its own, or that of a policy template; undefined if it is about other services. */
function documentOf(entry: any): unknown {
  const name = Object.keys(SAM_POLICY_TEMPLATES).find((template) => entry?.[template] !== undefined);
  if (name === undefined) {
    return documentIn(entry);
  }
  const { parameter, statements } = SAM_POLICY_TEMPLATES[name];
  const value = jsonText(entry[name][parameter]);
  const filled = (resource: string) => resource.replace('${parameter}', () => value);
  return { Statement: statements.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources.map(filled) })) };
}

/** A connector, and the resource that has it: its own, or its source. */
interface Connector {
  readonly at: CfnResource;
  readonly sources: readonly CfnResource[];
  readonly properties: any;
}

/**
 * What connectors let their sources do with buckets: those that are resources, and those that stand in their source.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-connector.html
 */
export function connectorPolicies(resources: readonly CfnResource[]): IdentityPolicy[] {
  const calledIn = (place: CfnResource) => (end: any) =>
    resources.filter((resource) => Stack.of(resource) === Stack.of(place) && Stack.of(resource).getLogicalId(resource) === end?.Id);
  return resources.flatMap((resource) => connectorsAt(resource, calledIn(resource))).flatMap(({ at, sources, properties: { Destination, Permissions } }) => {
    const actions = listOf(Permissions).flatMap((permission) => (Object.hasOwn(SAM_CONNECTOR_ACTIONS, permission) ? SAM_CONNECTOR_ACTIONS[permission] : []));
    const objects = listOf(Destination).flatMap(calledIn(at)).map((bucket) => `${nameOf(bucket)}/*`);
    return objects.length === 0 ? [] : [{
      holders: sources.flatMap(roleOf),
      policy: at.node.path,
      document: { Statement: [{ Effect: 'Allow', Action: actions, Resource: objects }] },
    }];
  });
}

function connectorsAt(resource: CfnResource, called: (end: any) => CfnResource[]): Connector[] {
  if (resource.cfnResourceType === 'AWS::Serverless::Connector') {
    const properties = readResource(resource)?.properties ?? {};
    return [{ at: resource, sources: called(properties.Source), properties }];
  }
  const embedded = hasOverrides(resource) ? Object.values<any>(readResource(resource)?.connectors ?? {}) : []; // an attribute that the CDK does not know
  return embedded.map((connector) => ({ at: resource, sources: [resource], properties: connector?.Properties ?? {} }));
}

/** The role of a resource; where SAM makes it, the resource stands for it. */
function roleOf(resource: CfnResource): string[] {
  const { Role, RoleArn } = readResource(resource)?.properties ?? {};
  const [role] = namesIn(jsonText(Role ?? RoleArn));
  return [role ?? nameOf(resource)];
}
