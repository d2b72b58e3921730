import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { alwaysHas } from './deployed-statements';
import { isObject } from '../policy/json';
import { Refusal } from '../refusal';

/** A statement that is to stay as it is. */
export interface KeptStatement {
  /** The statement in the policy, where everybody can find it. */
  readonly statement: iam.PolicyStatement;

  /** What its writer has written. */
  readonly asWritten: iam.PolicyStatement;
}

/** A statement that others may change, frozen ones by what its getters hand out, and what it says now. */
export function asItStands(statement: iam.PolicyStatement): KeptStatement {
  return { statement, asWritten: statement.copy({ conditions: copied(statement.conditions) }) };
}

/** Conditions of their own, as deep as somebody can reach into them; what is known only later stays the same. */
function copied(value: any): any {
  if (Array.isArray(value)) {
    return value.map(copied);
  }
  return isObject(value) && !Token.isUnresolved(value) ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, copied(child)])) : value;
}

/** Whether nobody has changed a statement in place. */
export function isAsWritten({ statement, asWritten }: KeptStatement): boolean {
  return JSON.stringify(statement.toStatementJson()) === JSON.stringify(asWritten.toStatementJson());
}

/**
 * Statements that an override, an aspect or an edit has taken out of a policy or changed.
 *
 * @param document the policy in the template of the stack
 * @param policy what kind of policy it is
 * @param toRelax how to do without the statements, if there is a way
 */
export function lostStatements(kept: readonly KeptStatement[], document: unknown, stack: Stack, writer: string, policy: string, toRelax = ''): Refusal[] {
  const lost = kept.filter(({ asWritten }) => !alwaysHas(document, stack.resolve(asWritten.toStatementJson())));
  return lost.map(({ asWritten: { sid } }) => ({
    problem: `the statement '${sid ?? '(without a Sid)'}' of ${writer} is missing from the synthesized ${policy}, or was changed.`,
    remedy: `Remove the override, aspect or edit that touches the policy${toRelax}.`,
  }));
}
