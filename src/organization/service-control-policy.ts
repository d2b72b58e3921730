import { Construct } from 'constructs';
import { controlStatements, distributed, makePolicies } from './control-policies';
import { ControlPolicyKind } from './control-policy-kind';
import { CONTROL_POLICY_PROPS, ControlPolicyProps } from './control-policy-props';
import { refuseUnusablePolicy } from './organization-policy';
import { StatementJson } from './pack';
import { POLICY_CHARACTERS } from '../aws/organization-quotas';
import { ControlledService, ControlPolicy } from '../guardrails/organization-control';
import { refuseWrongProps } from '../prop-types';

/** Properties of `ServiceControlPolicy`. */
export interface ServiceControlPolicyProps extends ControlPolicyProps {}

/**
 * Denies by guardrails what users and roles of all accounts at and below its targets do, root users included, on whosever resources: their requests to
 * buckets of others too. It grants nothing: keep `FullAWSAccess`, or policies that allow what you need, attached.
 *
 * It does not bind: the management account, service-linked roles, AWS services that call as themselves, callers of other organizations. To protect buckets from
 * those, use a `ResourceControlPolicy`.
 *
 * `RequireTls` and `LimitPresignedUrlAge` hold wholly; `RestrictToNetwork` by organizations and accounts of endpoints and by address ranges;
 * `RequireEncryption` as "no keys of the caller (SSE-C)"; `RestrictToOrganization` is refused.
 *
 * The statements are distributed over as few policies as fit (10,240 characters each), nine at most: `Policy`, `Policy2` and so on, attached one after the
 * other. What is changed later is updated in place.
 *
 * Deploy it from the management account of the organization, or from a delegated administrator, after service control policies were enabled for the root.
 *
 * Guide, Section 2.1.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export class ServiceControlPolicy extends Construct {
  /** The ids of the policies, such as `p-0123456789`. */
  public readonly policyIds: string[];

  /**
   * @throws ValidationError if a guardrail or a statement cannot be held by a service control policy, nobody is left to deploy buckets, or the statements are
   *   too large
   */
  constructor(scope: Construct, id: string, props: ServiceControlPolicyProps) {
    refuseWrongProps(scope, id, props, CONTROL_POLICY_PROPS);
    refuseUnusablePolicy(scope, id, props);
    const policy: ControlPolicy = { kind: 'service', services: props.services ?? [ControlledService.S3], loadBalancerAccounts: [] };
    const policies = distributed(scope, id, SERVICE_CONTROL, props, controlStatements(scope, id, SERVICE_CONTROL, props, policy));
    super(scope, id);
    this.policyIds = makePolicies(this, SERVICE_CONTROL, props, policies).map(({ attrId }) => attrId);
  }
}

/**
 * Ten can be attached to a target, one of which has to allow: `FullAWSAccess`.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
export const SERVICE_CONTROL: ControlPolicyKind = {
  kind: 'service',
  type: 'SERVICE_CONTROL_POLICY',
  what: 'service control policy',
  characters: POLICY_CHARACTERS.SERVICE_CONTROL_POLICY,
  attached: 9,
  problemOf: ({ Effect: effect, Principal: principal, NotPrincipal: exceptions }: StatementJson) =>
    (effect !== 'Deny' && 'it does not deny, and this policy is attached beside one that allows.')
    || ((principal !== undefined || exceptions !== undefined) && 'it names principals, which a service control policy does not: leave them out, and use conditions.')
    || undefined,
};
