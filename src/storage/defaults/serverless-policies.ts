import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IdentityPolicy } from './identity-policies';
import { documentIn, listOf, namesIn, nameOf, readResource } from './named-references';
import { SAM_CONNECTOR_ACTIONS, SAM_POLICY_TEMPLATES } from '../../aws/sam-policy-templates';
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

/**
 * What connectors let their sources do with buckets.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export function connectorPolicies(resources: readonly CfnResource[]): IdentityPolicy[] {
  return resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Serverless::Connector').flatMap((connector) => {
    const { Source, Destination, Permissions } = readResource(connector)?.properties ?? {};
    const called = (end: any) => resources.filter((resource) => Stack.of(resource) === Stack.of(connector) && Stack.of(resource).getLogicalId(resource) === end?.Id);
    const actions = listOf(Permissions).flatMap((permission) => (Object.hasOwn(SAM_CONNECTOR_ACTIONS, permission) ? SAM_CONNECTOR_ACTIONS[permission] : []));
    const objects = listOf(Destination).flatMap(called).map((bucket) => `${nameOf(bucket)}/*`);
    return objects.length === 0 ? [] : [{
      holders: called(Source).flatMap(roleOf),
      policy: connector.node.path,
      document: { Statement: [{ Effect: 'Allow', Action: actions, Resource: objects }] },
    }];
  });
}

/** The role of a resource; where SAM makes it, the resource stands for it. */
function roleOf(resource: CfnResource): string[] {
  const { Role, RoleArn } = readResource(resource)?.properties ?? {};
  const [role] = namesIn(jsonText(Role ?? RoleArn));
  return [role ?? nameOf(resource)];
}
