import { Token } from 'aws-cdk-lib';
import { ControlPolicyProps, PrincipalTag } from './control-policy-props';
import { rolesNamed, unusableRoleNames } from './role-names';
import { Control, ControlConditions, ControlPolicy, together } from '../guardrails/organization-control';
import { PropRefusal } from '../refusal';

/**
 * The denies of a control with the exemptions of its policy.
 *
 * A role of an exempt name is spared in the organization alone: a second deny, without the exemption, binds everybody from outside. In a service control
 * policy nobody is from outside.
 */
export function withExemptions(control: Control, { kind }: Pick<ControlPolicy, 'kind'>, props: ControlPolicyProps, organizationIds: readonly string[]): Control[] {
  const { exemptRoleNames = [], onlyPrincipalsTagged: only, exceptPrincipalsTagged: except } = props;
  const bound: Control = {
    ...control,
    conditions: together(
      control.conditions,
      only ? { StringEquals: { [keyOf(only)]: only.value } } : {},
      except ? { StringNotEquals: { [keyOf(except)]: except.value } } : {},
    ),
  };
  if (exemptRoleNames.length === 0) {
    return [bound];
  }
  const spared: ControlConditions = { ArnNotLike: { 'aws:PrincipalArn': rolesNamed(exemptRoleNames) } };
  const outsiders: ControlConditions = { StringNotEquals: { 'aws:PrincipalOrgID': organizationIds } };
  return [
    { ...bound, conditions: together(bound.conditions, spared) },
    ...(kind === 'service' ? [] : [{ ...bound, sid: `${control.sid}FromOutsideOrg`, conditions: together(bound.conditions, outsiders) }]),
  ];
}

/** What is wrong with the exemptions of a policy; nothing if they spare nobody by accident, and lock nobody out. */
export function unusableExemptions(props: ControlPolicyProps, policy: Pick<ControlPolicy, 'kind'>): PropRefusal[] {
  const { guardrails = [], exemptRoleNames, onlyPrincipalsTagged, exceptPrincipalsTagged } = props;
  const names = exemptRoleNames?.length ? exemptRoleNames : undefined;
  const given = Object.entries({ exemptRoleNames: names, onlyPrincipalsTagged, exceptPrincipalsTagged }).filter(([, value]) => value !== undefined);
  const holds = (name: string) => guardrails.some((guardrail) => guardrail.name === name);
  if (!holds('RestrictToNetwork')) {
    return given.map(([prop]) => ({ prop, problem: 'it exempts from RestrictToNetwork alone, which is not among the guardrails.', remedy: 'Leave it out, or add RestrictToNetwork.' }));
  }
  const isOpen = policy.kind === 'resource' && !holds('RestrictToOrganization');
  return [
    ...(names || onlyPrincipalsTagged ? [] : [{
      prop: 'guardrails',
      problem: 'RestrictToNetwork would deny CloudFormation too, which calls from a network of AWS with the execution roles of stacks.',
      remedy: "Name the execution roles in 'exemptRoleNames', such as 'cdk-*-cfn-exec-role-*', or bind some principals only, by 'onlyPrincipalsTagged'.",
    }]),
    ...(isOpen ? given.map(([prop]) => ({
      prop,
      problem: 'anybody outside the organization can give a role such a name or tag.',
      remedy: 'Add RestrictToOrganization to the guardrails of the same policy.',
    })) : []),
    ...unusableRoleNames('exemptRoleNames', exemptRoleNames),
    ...[['onlyPrincipalsTagged', onlyPrincipalsTagged] as const, ['exceptPrincipalsTagged', exceptPrincipalsTagged] as const].flatMap(([prop, tag]) => unusableTag(prop, tag)),
  ];
}

function keyOf({ key }: PrincipalTag): string {
  return `aws:PrincipalTag/${key}`;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

function unusableTag(prop: string, tag: PrincipalTag | undefined): PropRefusal[] {
  if (tag === undefined) {
    return [];
  }
  const isLater = Token.isUnresolved(tag.key);
  return [
    ...(isLater || !TAG_KEY.test(tag.key) ? [{ prop: `${prop}.key`, problem: isLater ? 'it is not known at synthesis.' : 'it is not the key of a tag.', remedy: 'Use the key of a tag of roles, written out.' }] : []),
    ...(Token.isUnresolved(tag.value) || TAG_VALUE.test(tag.value) ? [] : [{ prop: `${prop}.value`, problem: 'it is not a value of a tag.', remedy: 'Use the value of a tag of roles.' }]),
  ];
}
