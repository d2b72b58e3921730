import { Token } from 'aws-cdk-lib';
import { problemsOf } from '../guardrails/known-values';
import { PropRefusal } from '../refusal';

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const ROLE_NAME = /^[\w+=,.@*?/:-]{1,576}$/; // path and name

/** The ARNs of the roles of certain names, with `*` and `?` as wildcards, in every account and partition. */
export function rolesNamed(names: readonly string[]): string[] {
  return names.map((name) => `arn:*:iam::*:role/${name}`);
}

/** What is wrong with names of roles that are spared in all accounts. */
export function unusableRoleNames(prop: string, names: string[] = []): PropRefusal[] {
  return Token.isUnresolved(names)
    ? [{ prop, problem: 'the list is known only later.', remedy: 'Write the list out; its elements may be tokens.' }]
    : problemsOf(names, problemOf).map((problem) => ({ prop, problem, remedy: "Use names of roles, such as 'cdk-*-cfn-exec-role-*'." }));
}

function problemOf(name: string): string | undefined {
  return !ROLE_NAME.test(name) || name.startsWith('arn:') ? `'${name}' is not the name of a role.` : /\w{3}/.test(name) ? undefined : `'${name}' spares nearly all roles.`;
}
