import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { controlStatements, distributed, makePolicies } from './control-policies';
import { ControlPolicyKind } from './control-policy-kind';
import { CONTROL_POLICY_PROPS, ControlPolicyProps } from './control-policy-props';
import { refuseUnusablePolicy } from './organization-policy';
import { StatementJson } from './pack';
import { POLICY_CHARACTERS } from '../aws/organization-quotas';
import { problemsOf } from '../guardrails/known-values';
import { ControlledService, ControlPolicy } from '../guardrails/organization-control';
import { ACCOUNT_ID, malformed } from '../policy/identifiers';
import { refuseWrongProps, TEXTS, TypesOf } from '../prop-types';
import { pathOf, refuseAll, underProp } from '../refusal';

/** Properties of `ResourceControlPolicy`. */
export interface ResourceControlPolicyProps extends ControlPolicyProps {
  /**
   * Ids of the accounts of AWS with which load balancers of older Regions deliver their logs, and of others that call as an account and not as a service:
   * `RestrictToOrganization` and `RestrictToNetwork` spare them.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly loadBalancerAccounts?: string[];
}

const TYPES: TypesOf<ResourceControlPolicyProps> = { ...CONTROL_POLICY_PROPS, loadBalancerAccounts: TEXTS };

/**
 * Denies by guardrails in all accounts at and below its targets, for buckets that nobody has made yet too: no bucket policy can take it away. It binds all
 * callers, AWS services and root users included; it grants nothing.
 *
 * It does not bind: resources of the management account, service-linked roles, AWS managed KMS keys, directory buckets (`s3express`), table and vector buckets.
 *
 * Each guardrail says in its documentation what it holds here: `RequireTls`, `LimitPresignedUrlAge` and `RestrictToOrganization` wholly; `RestrictToNetwork` by
 * organizations and accounts of endpoints and by address ranges; `RequireEncryption` as "no keys of the caller (SSE-C)". AWS services are never denied by the
 * perimeters while they act for accounts inside; where KMS is among the services, callers through other services (`aws:ViaAWSService`) and EC2's own role
 * for volumes are spared by all but `RestrictToOrganization`, which knows them by their callers.
 *
 * The statements are distributed over as few policies as fit (5,120 characters each), four at most: `Policy`, `Policy2` and so on, attached one after the other.
 * What is changed later is updated in place.
 *
 * Deploy it from the management account of the organization, or from a delegated administrator, after resource control policies were enabled for the root.
 *
 * Guide, Sections 2.1 and 7.4.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export class ResourceControlPolicy extends Construct {
  /** The ids of the policies, such as `p-0123456789`. */
  public readonly policyIds: string[];

  /**
   * @throws ValidationError if a guardrail or a statement cannot be held by a resource control policy, an exemption could be met by anybody, nobody is left to
   *   deploy buckets, or the statements are too large
   */
  constructor(scope: Construct, id: string, props: ResourceControlPolicyProps) {
    refuseWrongProps(scope, id, props, TYPES);
    refuseUnusablePolicy(scope, id, props);
    refuseUnusableAccounts(scope, id, props.loadBalancerAccounts);
    const policy: ControlPolicy = { kind: 'resource', services: props.services ?? [ControlledService.S3], loadBalancerAccounts: props.loadBalancerAccounts ?? [] };
    const policies = distributed(scope, id, RESOURCE_CONTROL, props, controlStatements(scope, id, RESOURCE_CONTROL, props, policy));
    super(scope, id);
    this.policyIds = makePolicies(this, RESOURCE_CONTROL, props, policies).map(({ attrId }) => attrId);
  }
}

/**
 * Five can be attached to a target, one of which is `RCPFullAWSAccess`.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
const RESOURCE_CONTROL: ControlPolicyKind = {
  kind: 'resource',
  type: 'RESOURCE_CONTROL_POLICY',
  what: 'resource control policy',
  characters: POLICY_CHARACTERS.RESOURCE_CONTROL_POLICY,
  attached: 4,
  problemOf: ({ Effect: effect, Principal: principal, NotPrincipal: exceptions, Action: actions, NotAction: others }: StatementJson) =>
    (effect !== 'Deny' && 'it does not deny, and a resource control policy has statements that deny alone.')
    || ((exceptions !== undefined || !isEverybody(principal)) && 'its principal is not everybody: leave the principals out, and use conditions.')
    || (others !== undefined && 'it has NotAction, which a resource control policy has not.')
    || ([actions].flat().includes('*') && "its action is '*': a resource control policy names services, such as 's3:*'.")
    || undefined,
};

function isEverybody(principal: unknown): boolean {
  return principal === undefined || principal === '*' || JSON.stringify(principal) === '{"AWS":"*"}';
}

function refuseUnusableAccounts(scope: Construct, id: string, accounts: string[] = []): void {
  const problems = problemsOf(accounts, (account) => malformed(account, ACCOUNT_ID)).map((problem) => ({ problem, remedy: 'Correct it: as it stands it matches no caller.' }));
  const isLater = !Array.isArray(Stack.of(scope).resolve(accounts));
  refuseAll(scope, 'UnusableControlPolicy', underProp('loadBalancerAccounts', [
    ...problems,
    ...(isLater ? [{ problem: 'the list is known only later.', remedy: 'Write the list out; its elements may be tokens.' }] : []),
  ]), pathOf(scope, id));
}
