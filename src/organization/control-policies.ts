import { Stack } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { attachments } from './attachments';
import { ControlPolicyKind } from './control-policy-kind';
import { ControlPolicyProps } from './control-policy-props';
import { unusableExemptions, withExemptions } from './network-exemptions';
import { organizationPolicy, OrganizationPolicyProps, unusableNumberedName } from './organization-policy';
import { documentOf, packed, sizeOf, StatementJson } from './pack';
import { Control, ControlPolicy } from '../guardrails/organization-control';
import { byProp, pathOf, PropRefusal, Refusal, refuseAll } from '../refusal';
import { freeSid } from '../statements/free-sid';

/** The statements of a policy: of its guardrails, and those written by hand. Throws one error for all that cannot be written. */
export function controlStatements(scope: Construct, id: string, kind: ControlPolicyKind, props: ControlPolicyProps, policy: ControlPolicy): StatementJson[] {
  const { guardrails = [], statements = [] } = props;
  const controls = guardrails.map((guardrail) => guardrail._controls(policy));
  const byHand = statements.map((statement) => Stack.of(scope).resolve(statement.toStatementJson()) as StatementJson);
  refuseAll(scope, 'UnusableControlPolicy', byProp([
    ...(guardrails.length + statements.length === 0 ? [{ problem: 'the policy would deny nothing.', remedy: "Add 'guardrails' or 'statements'." }] : []),
    ...controls.flatMap((control, i) => (Array.isArray(control) ? [] : [inOrganization(`guardrails.${i}`, guardrails[i].name, kind, control)])),
    ...byHand.flatMap((statement, i): PropRefusal[] => {
      const problem = kind.problemOf(statement);
      return problem === undefined ? [] : [{ prop: `statements.${i}`, problem, remedy: 'Write a statement that denies actions of services, such as s3:DeleteBucket.' }];
    }),
    ...unusableExemptions(props, policy),
  ]), pathOf(scope, id));
  const organizationIds = guardrails.flatMap((guardrail) => guardrail._organizationIds());
  const all = (controls as Control[][]).flat().flatMap((control) => (control.isOfNetwork ? withExemptions(control, policy, props, organizationIds) : [control]));
  return withFreeSids([...all.map((control) => statementOf(control, kind)), ...byHand.map((statement) => ({ ...everyResource(statement), ...statement, ...principalOf(kind) }))]);
}

/** The distribution of statements over policies. Throws if there are too many, one is too large, or a name has no room for their numbers. */
export function distributed(scope: Construct, id: string, kind: ControlPolicyKind, props: OrganizationPolicyProps, statements: readonly StatementJson[]): StatementJson[][] {
  const { what, characters, attached } = kind;
  const number = (size: number) => size.toLocaleString('en');
  const refuse = (problems: Refusal[]) => refuseAll(scope, 'OversizeControlPolicy', problems, pathOf(scope, id));
  refuse(statements.filter((statement) => sizeOf([statement]) > characters).map((statement) => ({
    problem: `statement '${statement.Sid ?? ''}' takes at least ${number(sizeOf([statement]))} characters in a policy, and a ${what} has room for ${number(characters)}.`,
    remedy: 'Name fewer values in it, or use wildcards.',
  })));
  const policies = packed(statements, characters);
  refuse(policies.length <= attached ? [] : [{
    problem: `the statements take ${policies.length} policies (${policies.map((policy) => number(sizeOf(policy))).join(', ')} characters), and ${attached} can be attached to one target.`,
    remedy: 'Attach a part of them to another level: the root, a unit, the account.',
  }]);
  refuseAll(scope, 'UnusableOrganizationPolicy', byProp(unusableNumberedName(props, policies.length)), pathOf(scope, id));
  return policies;
}

/** Makes the policies, attached one after the other: AWS Organizations throttles those who attach several at once. */
export function makePolicies(scope: Construct, kind: ControlPolicyKind, props: ControlPolicyProps, policies: readonly StatementJson[][]): CfnPolicy[] {
  const described = { ...props, description: props.description ?? descriptionOf(props) };
  const made = policies.map((statements, i) => organizationPolicy(scope, kind.type, documentOf(statements), described, i + 1));
  made.slice(1).forEach((policy, i) => policy.node.addDependency(made[i]));
  scope.node.addValidation({ validate: () => attachments(scope, kind, props.targets) });
  return made;
}

function descriptionOf({ guardrails = [] }: ControlPolicyProps): string {
  const names = [...new Set(guardrails.map(({ name }) => name))];
  return names.length > 0 ? `Holds ${names.join(', ')}.` : 'Denies what it names.';
}

function inOrganization(prop: string, guardrail: string, { what }: ControlPolicyKind, { problem, remedy }: Refusal): PropRefusal {
  return { prop, problem: `${guardrail} cannot be held by a ${what} like this: ${problem}`, remedy };
}

function statementOf({ sid, actions, conditions }: Control, kind: ControlPolicyKind): StatementJson {
  return { Sid: sid, Effect: 'Deny', ...principalOf(kind), Action: actions.length === 1 ? actions[0] : actions, Resource: '*', Condition: conditions };
}

/** What a statement by hand that names no resource is about. */
function everyResource({ Resource: resource, NotResource: others }: StatementJson): StatementJson {
  return resource === undefined && others === undefined ? { Resource: '*' } : {};
}

/** A resource control policy says whom it binds: everybody. A service control policy does not. */
function principalOf({ kind }: ControlPolicyKind): StatementJson {
  return kind === 'resource' ? { Principal: '*' } : {};
}

function withFreeSids(statements: readonly StatementJson[]): StatementJson[] {
  const taken = new Set<string>();
  return statements.map((statement) => {
    if (typeof statement.Sid !== 'string') {
      return statement;
    }
    const sid = freeSid(statement.Sid, taken);
    taken.add(sid);
    return { ...statement, Sid: sid };
  });
}
