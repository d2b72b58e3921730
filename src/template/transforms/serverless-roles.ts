import { rolePolicies } from './serverless-policies';
import { given, Properties, ResourceEntry } from './serverless-resources';
import { isObject } from '../../policy/json';
import { TemplateResource } from '../template';

/** What runs code with a role. */
interface Worker {
  readonly logicalId: string;
  readonly resource: TemplateResource;
  readonly properties: Properties;
  readonly type: string;

  /** The property of the made resource that names the role. */
  readonly roleProperty: string;
  readonly trust: unknown;

  /** Managed policies that every role of the kind has. */
  readonly always: readonly unknown[];

  /** Inline policies of which nothing is known. */
  readonly open: readonly unknown[];
}

/** A function, and its role if the template gives none. */
export function functionWithRole(logicalId: string, resource: TemplateResource, properties: Properties): ResourceEntry[] {
  const { AssumeRolePolicyDocument: trust = trustIn('lambda.amazonaws.com'), EventInvokeConfig, Events } = properties;
  const hasDestinations = DESTINATION.test(JSON.stringify([EventInvokeConfig, Events]));
  const open = hasDestinations ? [{ PolicyName: `${logicalId}Destinations`, PolicyDocument: { 'Fn::Transform': `the destinations of ${logicalId}` } }] : [];
  return withRole({ logicalId, resource, properties, type: 'AWS::Lambda::Function', roleProperty: 'Role', trust, always: [LOGS], open });
}

const LOGS = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' };

/** Destinations and sources of events for which SAM adds statements to the role: which ones, is not modelled. */
const DESTINATION = /"Destination":|"KmsKeyArn":|"SecretsManagerKmsKeyId":/;

/** A state machine, and its role if the template gives none. */
export function stateMachineWithRole(logicalId: string, resource: TemplateResource, properties: Properties): ResourceEntry[] {
  return withRole({ logicalId, resource, properties, type: 'AWS::StepFunctions::StateMachine', roleProperty: 'RoleArn', trust: trustIn('states.amazonaws.com'), always: [], open: [] });
}

function trustIn(service: string): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] }] };
}

function withRole({ logicalId, resource, properties, type, roleProperty, trust, always, open }: Worker): ResourceEntry[] {
  const { Role, Policies, PermissionsBoundary, RolePath, ...others } = properties;
  const roleId = `${logicalId}Role`;
  const worker = { ...resource, Type: type, Properties: { ...others, [roleProperty]: Role ?? { 'Fn::GetAtt': [roleId, 'Arn'] } } };
  if (Role !== undefined && !isPerhapsAbsent(Role)) {
    return [[logicalId, worker]];
  }
  const { managed, inline } = rolePolicies(Policies, roleId);
  const role = {
    ...given({ Condition: resource.Condition, Metadata: resource.Metadata }),
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: trust, ManagedPolicyArns: [...always, ...managed], Policies: [...inline, ...open], ...given({ PermissionsBoundary, Path: RolePath }) },
  };
  return [[logicalId, worker], [roleId, role]];
}

/** A role that is given under a condition only: SAM makes one for the other case. */
function isPerhapsAbsent(role: unknown): boolean {
  return isObject(role) && (JSON.stringify(role['Fn::If']) ?? '').includes('"AWS::NoValue"');
}
