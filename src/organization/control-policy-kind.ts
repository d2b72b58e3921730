import { OrganizationPolicyType } from './organization-policy';
import { StatementJson } from './pack';
import { ControlPolicy } from '../guardrails/organization-control';

/** A kind of policies that deny, and how much there can be of them. */
export interface ControlPolicyKind {
  readonly kind: ControlPolicy['kind'];
  readonly type: OrganizationPolicyType;
  readonly what: string;

  /** How large a policy may be: AWS Organizations counts all characters. */
  readonly characters: number;

  /** How many of them can be attached to one target, beside the policy of AWS that lets everything through. */
  readonly attached: number;

  /** What is wrong with a statement that is written by hand. */
  readonly problemOf: (statement: StatementJson) => string | undefined;
}
