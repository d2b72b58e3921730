import { Names, Token } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { textOr } from '../later-values';
import { PolicyTarget, TARGETS, unusableTargets } from './policy-target';
import { TEXT, TypesOf } from '../prop-types';
import { byProp, pathOf, PropRefusal, refuseAll } from '../refusal';

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html
const LONGEST_NAME = 128; // characters
const LONGEST_DESCRIPTION = 512; // characters

/** The length of names that are made here: it leaves room for the number of a policy. */
const LONGEST_MADE_NAME = 120; // characters

/** Properties of every policy of an organization. */
export interface OrganizationPolicyProps {
  /** The roots, organizational units and accounts that the policy is attached to, at least one. */
  readonly targets: PolicyTarget[];

  /**
   * The name of the policy in the organization: up to 128 ASCII characters, unique among the policies of its type.
   *
   * @default - a name made of the path of the construct
   */
  readonly policyName?: string;

  /**
   * What the policy is for: up to 512 characters.
   *
   * @default - the construct says what the policy holds
   */
  readonly description?: string;
}

/** What the props of every policy are like. */
export const ORGANIZATION_POLICY_PROPS: TypesOf<OrganizationPolicyProps> = { targets: TARGETS, policyName: TEXT, description: TEXT };

/** The type of a policy, as AWS Organizations calls it. */
export type OrganizationPolicyType = 'S3_POLICY' | 'RESOURCE_CONTROL_POLICY' | 'SERVICE_CONTROL_POLICY';

/** Throws one error for all that is wrong with what policies have in common. Their props have been seen to be of the right types. */
export function refuseUnusablePolicy(scope: Construct, id: string, { targets, policyName, description }: OrganizationPolicyProps): void {
  refuseAll(scope, 'UnusableOrganizationPolicy', byProp([
    ...unusableTargets(targets),
    ...unusableText('policyName', policyName, LONGEST_NAME, /^[\x20-\x7e]+$/, 'printable ASCII characters'),
    ...unusableText('description', description, LONGEST_DESCRIPTION, /^[\s\S]*$/, 'characters'),
  ]), pathOf(scope, id));
}

/**
 * Makes one policy of an organization. Its type alone cannot be changed later: all else is updated in place.
 *
 * @param number which of several policies of the construct it is, from 1
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-organizations-policy.html
 */
export function organizationPolicy(scope: Construct, type: OrganizationPolicyType, content: unknown, props: OrganizationPolicyProps, number = 1): CfnPolicy {
  return new CfnPolicy(scope, number === 1 ? 'Policy' : `Policy${number}`, {
    type,
    name: numbered(props.policyName === undefined ? nameOf(scope) : textOr(props.policyName, () => nameOf(scope)), number),
    description: props.description,
    content,
    targetIds: props.targets.map(({ targetId }) => targetId),
  });
}

function nameOf(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: LONGEST_MADE_NAME, separator: '-' });
}

/** What is wrong with the name of several policies, the last of which has the longest one. */
export function unusableNumberedName({ policyName }: OrganizationPolicyProps, number: number): PropRefusal[] {
  const rest = LONGEST_NAME - numbered('', number).length;
  return policyName === undefined || Token.isUnresolved(policyName) || policyName.length <= rest
    ? [] : [{ prop: 'policyName', problem: `the statements take ${number} policies, and with their numbers its names are too long.`, remedy: `Use up to ${rest} characters.` }];
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name}-${number}`;
}

function unusableText(prop: string, text: string | undefined, longest: number, pattern: RegExp, what: string): PropRefusal[] {
  return text === undefined || Token.isUnresolved(text) || (text.length <= longest && pattern.test(text))
    ? [] : [{ prop, problem: `it is not a text of up to ${longest} ${what}.`, remedy: `Use up to ${longest} ${what}, or leave it out.` }];
}
