import { connectorPolicies } from './serverless-connectors';
import { withBucketEvents } from './serverless-events';
import { unknownPolicyTemplates } from './serverless-policies';
import { kindOf, Properties, propertiesOf, ResourceEntry } from './serverless-resources';
import { functionWithRole, stateMachineWithRole } from './serverless-roles';
import { isObject } from '../../policy/json';
import { Template, TemplateResource } from '../template';

export interface ExpandedTemplate {
  readonly template: Template;

  /** What the transform makes and is not looked at. */
  readonly unseen: readonly string[];

  /** The beginnings of the logical IDs of what the transform makes. */
  readonly made: readonly string[];
}

/** What they become reaches neither S3 nor KMS, and makes no role that does. */
const WITHOUT_STORAGE = ['Api', 'HttpApi', 'WebSocketApi', 'SimpleTable', 'LayerVersion', 'GraphQLApi', 'CapacityProvider', 'Connector'];

/**
 * Makes of the resources of SAM what its transform makes of them, as far as S3, KMS and IAM are concerned: functions and state machines
 * with their roles and policies, events of buckets, connectors to buckets.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
export function expandServerless(template: Template): ExpandedTemplate {
  const { Resources, Globals } = template as Template & { readonly Globals?: unknown };
  const written = Object.entries(isObject(Resources) ? Resources : {});
  const made = new Map(written.flatMap(([logicalId, resource]) => madeOf(logicalId, resource, Globals)));
  const connected = connectorPolicies(written, made);
  const resources = withBucketEvents(written, new Map([...made, ...connected.policies]));
  return {
    template: { ...template, Resources: Object.fromEntries(resources) },
    unseen: [
      ...written.filter(([, resource]) => !isUnderstood(resource)).map(([logicalId, { Type }]) => `What SAM makes of '${logicalId}' (${Type}) is not looked at.`),
      ...written.flatMap(unknownPermissions),
      ...connected.unseen,
    ],
    made: [...MADE_FOR_ALL, ...written.filter(([, resource]) => kindOf(resource) !== undefined).map(([logicalId]) => logicalId)],
  };
}

/** APIs that functions share, and what deploys functions step by step. What belongs to one resource begins with its logical ID. */
const MADE_FOR_ALL = ['Serverless', 'CodeDeployServiceRole'];

function madeOf(logicalId: string, resource: TemplateResource, globals: unknown): ResourceEntry[] {
  const kind = kindOf(resource);
  if (kind === undefined) {
    return [[logicalId, resource]];
  }
  const properties = { ...propertiesOf((globals as Properties | undefined)?.[kind]), ...propertiesOf(resource.Properties) };
  switch (kind) {
    case 'Function': return functionWithRole(logicalId, resource, properties);
    case 'StateMachine': return stateMachineWithRole(logicalId, resource, properties);
    case 'Application': return [[logicalId, { ...resource, Type: 'AWS::CloudFormation::Stack', Properties: { ...properties, TemplateURL: properties.Location } }]];
    default: return [];
  }
}

function unknownPermissions([logicalId, resource]: ResourceEntry): string[] {
  const names = ['Function', 'StateMachine'].includes(kindOf(resource) ?? '') ? unknownPolicyTemplates(resource.Properties?.Policies) : [];
  return names.map((name) => `The policy template '${name}' of '${logicalId}' is none that SAM is known to have; what it allows is not looked at.`);
}

function isUnderstood(resource: TemplateResource): boolean {
  const kind = kindOf(resource);
  return kind === undefined || ['Function', 'StateMachine', 'Application', ...WITHOUT_STORAGE].includes(kind);
}
