import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { documentIn, listOf, namesIn, nameOf, readResource, readValue } from './named-references';
import { connectorPolicies, serverlessPolicies } from './serverless-policies';
import { managedPolicyDocument } from '../../aws/aws-managed-policies';
import { objectStatements } from '../../aws/managed-policy-objects';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { own } from '../../own';
import { jsonText } from '../../policy/json';

/** A policy of identities, and who has it. */
export interface IdentityPolicy {
  readonly holders: readonly string[];

  /** The path of its resource, or its ARN where AWS manages it. */
  readonly policy: string;
  readonly document: any;

  /** Whether it is a managed policy that is attached to nobody here: to somebody elsewhere, or it is a permissions boundary, which limits and gives nothing. */
  readonly isUnattached?: boolean;
}

/** The policies that resources are or carry. */
export function identityPolicies(resources: readonly CfnResource[]): IdentityPolicy[] {
  const holdersOf = attachments(resources);
  return [...resources.flatMap((resource) => policiesOf(resource, holdersOf)), ...connectorPolicies(resources)];
}

const ATTACHED = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const INLINE = ['AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'];
const CARRIERS = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
/**
 * Policies of sessions, which may do what both they and the role allow: who needs a key needs it in both.
 *
 * @see https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateProfile.html
 */
const OF_SESSIONS: Readonly<Record<string, string>> = { 'AWS::Transfer::User': 'Policy', 'AWS::EKS::PodIdentityAssociation': 'Policy', 'AWS::RolesAnywhere::Profile': 'SessionPolicy' };
const SERVERLESS = ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'];

/** A managed policy that is attached to nobody here stands for whoever will have it, and a permission set for whoever will be assigned it. */
function policiesOf(resource: CfnResource, holdersOf: ReadonlyMap<string, readonly string[]>): IdentityPolicy[] {
  const { cfnResourceType: type, node: { path } } = resource;
  if (CARRIERS.includes(type)) {
    const { policies, managedPolicyArns } = carriedBy(resource);
    return carried(resource, policies.map((policy) => policy?.PolicyDocument), managedPolicyArns);
  }
  if (type === 'AWS::SSO::PermissionSet') {
    const { InlinePolicy, ManagedPolicies } = readResource(resource)?.properties ?? {};
    return carried(resource, [documentIn(InlinePolicy)], arnsIn(ManagedPolicies));
  }
  if (SERVERLESS.includes(type)) {
    const { documents, managedPolicyArns } = serverlessPolicies(readResource(resource)?.properties);
    return carried(resource, documents, managedPolicyArns);
  }
  const ofSession = own(OF_SESSIONS, type);
  if (ofSession !== undefined) {
    return carried(resource, [documentIn(readResource(resource)?.properties[ofSession])], []);
  }
  if (!ATTACHED.includes(type) && !INLINE.includes(type)) {
    return [];
  }
  const { Roles, Users, Groups, RoleName, UserName, GroupName, PolicyDocument } = readResource(resource)?.properties ?? {};
  const holders = [...[Roles, Users, Groups, RoleName, UserName, GroupName].flatMap(listOf).map(jsonText), ...(holdersOf.get(nameOf(resource)) ?? [])];
  return holders.length > 0 ? [{ holders, policy: path, document: documentIn(PolicyDocument) }]
    : [{ holders: [nameOf(resource)], policy: path, document: documentIn(PolicyDocument), isUnattached: true }];
}

function carried(carrier: CfnResource, documents: readonly unknown[], managedPolicyArns: readonly string[]): IdentityPolicy[] {
  const holders = [nameOf(carrier)];
  return [
    ...documents.map((document) => ({ holders, policy: carrier.node.path, document: documentIn(document) })),
    ...managedPolicyArns.map((arn) => ({ holders, policy: arn, document: managedPolicyDocument(arn) ?? { Statement: objectStatements(arn) } })),
  ];
}

/** Who names a managed policy of the app among its own. */
function attachments(resources: readonly CfnResource[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const carrier of resources.filter(({ cfnResourceType }) => CARRIERS.includes(cfnResourceType))) {
    carriedBy(carrier).managedPolicyArns.flatMap(namesIn).forEach((name) => holders.set(name, [...(holders.get(name) ?? []), nameOf(carrier)]));
  }
  return holders;
}

/** Roles are many: of them, no more is read than is needed. */
function carriedBy(carrier: CfnResource): { policies: any[]; managedPolicyArns: string[] } {
  const isBare = isLevel1Role(carrier) && carrier.policies === undefined && !hasOverrides(carrier);
  const { Policies, ManagedPolicyArns } = isBare
    ? { Policies: undefined, ManagedPolicyArns: readValue(carrier.managedPolicyArns, carrier) }
    : readResource(carrier)?.properties ?? {};
  return { policies: listOf(Policies), managedPolicyArns: arnsIn(ManagedPolicyArns) };
}

/** A plain `CfnResource` of that type keeps its properties elsewhere. */
function isLevel1Role(carrier: CfnResource): carrier is iam.CfnRole {
  return iam.CfnRole.isCfnRole(carrier) && 'attrArn' in carrier;
}

function arnsIn(managedPolicies: unknown): string[] {
  return listOf(managedPolicies).map((arn) => jsonText(arn).replace('{"Ref":"AWS::Partition"}', 'aws'));
}
