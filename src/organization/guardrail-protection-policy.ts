import { Construct } from 'constructs';
import { HANDLER_TAG, ROLE_PATH } from './account-public-access-block';
import { distributed, makePolicies } from './control-policies';
import { refuseAnother } from './one-an-account';
import { ORGANIZATION_POLICY_PROPS, OrganizationPolicyProps, refuseUnusablePolicy } from './organization-policy';
import { StatementJson } from './pack';
import { PROTECTED_ACTIONS, ProtectedActions, ProtectedGuardrail } from './protected-guardrail';
import { rolesNamed, unusableRoleNames } from './role-names';
import { SERVICE_CONTROL } from './service-control-policy';
import { ControlConditions, together } from '../guardrails/organization-control';
import { listOf, notEmpty, oneOf, refuseWrongProps, TEXTS, TypesOf, YES_OR_NO } from '../prop-types';
import { byProp, pathOf, refuseAll } from '../refusal';

/** Properties of `GuardrailProtectionPolicy`. */
export interface GuardrailProtectionPolicyProps extends OrganizationPolicyProps {
  /**
   * What is protected. Each group says in its documentation what it stops.
   *
   * @default - all but `ProtectedGuardrail.STACKS`
   */
  readonly protectedGuardrails?: ProtectedGuardrail[];

  /**
   * Roles that may take guardrails off, in every account, by name, with `*` and `?` as wildcards: `aws-reserved/sso.amazonaws.com/*AWSReservedSSO_SecurityAdmin_*`.
   * A role with a path is named by path and name. Roles of these names are protected: nobody but they and the execution roles makes, changes, passes or assumes
   * them. IAM Identity Center, SAML and the management account assume them as before.
   *
   * @default - none: nobody but deployments
   */
  readonly administratorRoleNames?: string[];

  /**
   * Whether `OrganizationAccountAccessRole` may take guardrails off, too: the role with which the management account administers the accounts that it made.
   *
   * @default false
   * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html
   */
  readonly spareOrganizationAccountAccessRole?: boolean;
}

const TYPES: TypesOf<GuardrailProtectionPolicyProps> = {
  ...ORGANIZATION_POLICY_PROPS,
  protectedGuardrails: notEmpty(listOf('protected guardrails', oneOf(ProtectedGuardrail))),
  administratorRoleNames: TEXTS,
  spareOrganizationAccountAccessRole: YES_OR_NO,
};

/**
 * Keeps people from taking guardrails off, in all accounts at and below its targets: a service control policy that denies it to everybody but execution roles
 * (`cdk-*-cfn-exec-role-*`, `AWSControlTowerExecution`, `stacksets-exec-*`), the function of `AccountPublicAccessBlock`, and the administrators that you name.
 *
 * Nobody else makes, changes, passes, assumes or re-trusts roles of these names, or changes the code of that function; roles of `cdk-*-deploy-role-*` pass
 * execution roles to CloudFormation, as `cdk deploy` does. Look for roles of these names that are there already before you attach the policy: it trusts them.
 *
 * It stops on purpose, unless an administrator does it: `cdk bootstrap`, which makes roles of these names; CloudFormation without an execution role, which works
 * with the credentials of the caller; changes by console and CLI. What else it stops, the groups of `ProtectedGuardrail` tell.
 *
 * Whoever may assume a role of `cdk-*-deploy-role-*`, or may change a stack that has an execution role, deploys what he likes: guard that by review, and by
 * `ProtectedGuardrail.STACKS`. It binds neither the management account nor service-linked roles.
 *
 * One in an app and account. It is distributed over as few policies as fit (10,240 characters each): `Policy`, `Policy2` and so on. Deploy it from the management
 * account of the organization, or from a delegated administrator, after service control policies were enabled for the root.
 *
 * Guide, Sections 2.1 and 4.2.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export class GuardrailProtectionPolicy extends Construct {
  /** The ids of the policies, such as `p-0123456789`. */
  public readonly policyIds: string[];

  /** @throws ValidationError if there is another one in the app, or a name of a role is none or spares nearly all roles */
  constructor(scope: Construct, id: string, props: GuardrailProtectionPolicyProps) {
    refuseWrongProps(scope, id, props, TYPES);
    refuseUnusablePolicy(scope, id, props);
    refuseAnother(scope, id, 'SecondGuardrailProtectionPolicy', GuardrailProtectionPolicy, (path) => `'${path}' protects the guardrails of the same organization.`);
    refuseAll(scope, 'UnusableControlPolicy', byProp(unusableRoleNames('administratorRoleNames', props.administratorRoleNames)), pathOf(scope, id));
    const policies = distributed(scope, id, SERVICE_CONTROL, props, protections(props));
    super(scope, id);
    const described = { ...props, description: props.description ?? 'Keeps people from taking guardrails off.' };
    this.policyIds = makePolicies(this, SERVICE_CONTROL, described, policies).map(({ attrId }) => attrId);
  }
}

/**
 * Roles with which deployments work.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html
 */
const EXECUTION_ROLES = ['cdk-*-cfn-exec-role-*', 'AWSControlTowerExecution', 'stacksets-exec-*'];

/** Roles that hand execution roles to CloudFormation, and may nothing else. */
const DEPLOY_ROLES = ['cdk-*-deploy-role-*'];

const ORGANIZATION_ACCOUNT_ACCESS_ROLE = 'OrganizationAccountAccessRole';
const HANDLER_ROLES = [`${ROLE_PATH.slice(1)}*`];
const DEFAULT_GROUPS = Object.values(ProtectedGuardrail).filter((group) => group !== ProtectedGuardrail.STACKS);

function protections(props: GuardrailProtectionPolicyProps): StatementJson[] {
  const { protectedGuardrails = DEFAULT_GROUPS, administratorRoleNames = [], spareOrganizationAccountAccessRole } = props;
  const spared = [...new Set([...EXECUTION_ROLES, ...(spareOrganizationAccountAccessRole ? [ORGANIZATION_ACCOUNT_ACCESS_ROLE] : []), ...administratorRoleNames])];
  return [
    ...[...new Set(protectedGuardrails)].flatMap((group) => PROTECTED_ACTIONS[group]).map((actions) => protection(actions, spared)),
    ...protectionOfRoles(spared),
  ];
}

function protection({ sid, actions, isOpenTo }: ProtectedActions, spared: readonly string[]): StatementJson {
  switch (isOpenTo) {
    case 'account-public-access-block': return deny(sid, actions, ['*'], others([...spared, ...HANDLER_ROLES]));
    case 'deploy-roles': return deny(sid, actions, ['*'], others([...spared, ...DEPLOY_ROLES]));
    case 'root-sessions': return deny(sid, actions, ['*'], together(others(spared), NO_ROOT_SESSION));
    default: return deny(sid, actions, ['*'], others(spared));
  }
}

/**
 * The key is there in privileged sessions of root users only, whose `aws:PrincipalArn` is that of the root user.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-assumedroot
 */
const NO_ROOT_SESSION: ControlConditions = { BoolIfExists: { 'aws:AssumedRoot': 'false' } };

/** What makes, changes and removes a role. */
const CHANGES_OF_ROLES = [
  'iam:CreateRole', 'iam:DeleteRole', 'iam:UpdateRole', 'iam:UpdateRoleDescription', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:AttachRolePolicy',
  'iam:DetachRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary', 'iam:TagRole', 'iam:UntagRole',
];

/** Whoever changes code, layers, environment or tag of a function works with its role. */
const CHANGES_OF_FUNCTIONS = ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:TagResource', 'lambda:UntagResource'];

/** Whoever becomes one of those who are spared, is spared. */
function protectionOfRoles(spared: readonly string[]): StatementJson[] {
  const working = rolesNamed([...spared, ...HANDLER_ROLES]);
  const all = [...working, ...rolesNamed(DEPLOY_ROLES)];
  return [
    deny('ProtectRoles', CHANGES_OF_ROLES, all, others(spared)),
    deny('ProtectRolesFromBeingAssumed', ['sts:AssumeRole'], working, others(spared)),
    deny('ProtectRolesFromBeingPassed', ['iam:PassRole'], all, others([...spared, ...DEPLOY_ROLES])),
    deny('PassRolesToCloudFormationOnly', ['iam:PassRole'], all, together(others(spared), { StringNotEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } })),
    deny('ProtectSparedFunction', CHANGES_OF_FUNCTIONS, ['*'], together(others(spared), { StringEquals: { [`aws:ResourceTag/${HANDLER_TAG.key}`]: HANDLER_TAG.value } })),
  ];
}

/** Callers that are no roles of certain names. */
function others(names: readonly string[]): ControlConditions {
  return { ArnNotLike: { 'aws:PrincipalArn': rolesNamed(names) } };
}

function deny(sid: string, actions: readonly string[], resources: readonly string[], conditions: ControlConditions): StatementJson {
  const one = (values: readonly string[]) => (values.length === 1 ? values[0] : values);
  return { Sid: sid, Effect: 'Deny', Action: one(actions), Resource: one(resources), Condition: conditions };
}
