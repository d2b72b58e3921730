import { Token } from 'aws-cdk-lib';

/** Somebody whom a perimeter lets through, and why. */
export interface PerimeterExemption {
  /** The guardrail that lets them through, such as `RestrictToNetwork`. */
  readonly guardrail: string;

  /** The ARN of a role or user, perhaps a pattern; the id of an account; or `AWS services`. What is known at deployment only is a token. */
  readonly principal: string;

  /** Why they pass. */
  readonly reason: string;
}

/**
 * An exemption as a template writes it.
 *
 * @internal
 */
export interface ExemptPrincipal {
  /** An ARN: a text, or an intrinsic function. */
  readonly arn: unknown;
  readonly reason: string;
}

/** The exemption as people read it. */
export function exemptionOf(guardrail: string, { arn, reason }: ExemptPrincipal): PerimeterExemption {
  return { guardrail, principal: typeof arn === 'string' ? arn : Token.asString(arn), reason };
}

/** Accounts of AWS pass perimeters that deliver logs as themselves. */
export function deliverers(accounts: readonly string[]): ExemptPrincipal[] {
  return accounts.map((arn) => ({ arn, reason: 'it is an account of AWS that delivers logs' }));
}

/** AWS services pass perimeters: they call without network and organization. */
export const SERVICES_PASS = { arn: 'AWS services', reason: 'AWS services call by themselves, without a network or an organization of yours' } as const;
