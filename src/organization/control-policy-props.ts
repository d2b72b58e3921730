import * as iam from 'aws-cdk-lib/aws-iam';
import { ORGANIZATION_POLICY_PROPS, OrganizationPolicyProps } from './organization-policy';
import { Guardrail } from '../guardrails/guardrail';
import { ControlledService } from '../guardrails/organization-control';
import { having, listOf, notEmpty, objectWith, oneOf, required, TEXT, TEXTS, TypesOf } from '../prop-types';

/**
 * A tag of a role or user, or of its session.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
 */
export interface PrincipalTag {
  /** The key of the tag, such as `perimeter:network`. */
  readonly key: string;

  /** The value of the tag. */
  readonly value: string;
}

/** Properties of every policy that denies by guardrails, in all accounts that it binds. */
export interface ControlPolicyProps extends OrganizationPolicyProps {
  /**
   * What the policy requires of every request: the guardrails that buckets have. What each says in such a policy, its own documentation tells.
   *
   * @default - none; `statements` are all that the policy holds
   */
  readonly guardrails?: Guardrail[];

  /**
   * More statements: they deny, on what they name.
   *
   * @default - none
   */
  readonly statements?: iam.PolicyStatement[];

  /**
   * The services that the guardrails are held for.
   *
   * @default - [ControlledService.S3]
   */
  readonly services?: ControlledService[];

  /**
   * Roles that `RestrictToNetwork` spares in every account, by name, with `*` and `?` as wildcards: `cdk-*-cfn-exec-role-*`. A role with a path is named by path
   * and name. Keep others from making, changing and passing roles of these names.
   *
   * CloudFormation works with execution roles, from a network of AWS: where nobody is spared, nothing that has to do with buckets is deployed any more.
   *
   * @default - none
   */
  readonly exemptRoleNames?: string[];

  /**
   * Binds only principals with this tag by `RestrictToNetwork`: to try a network perimeter with a few roles first.
   *
   * @default - all principals
   */
  readonly onlyPrincipalsTagged?: PrincipalTag;

  /**
   * Spares principals with this tag by `RestrictToNetwork`. Whoever may tag a role, or its session, may exempt it.
   *
   * @default - none
   */
  readonly exceptPrincipalsTagged?: PrincipalTag;
}

const TAG = objectWith({ key: required(TEXT), value: required(TEXT) });

/** What the props of such a policy are like. */
export const CONTROL_POLICY_PROPS: TypesOf<ControlPolicyProps> = {
  ...ORGANIZATION_POLICY_PROPS,
  guardrails: listOf('guardrails', having('a guardrail', '_controls')),
  statements: listOf("'iam.PolicyStatement's", having("an 'iam.PolicyStatement'", 'toStatementJson')),
  services: notEmpty(listOf('services', oneOf(ControlledService))),
  exemptRoleNames: TEXTS,
  onlyPrincipalsTagged: TAG,
  exceptPrincipalsTagged: TAG,
};
