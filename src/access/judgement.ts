import { DecidingStatement } from './access-decision';
import { callerName } from './caller';
import type { Question } from './question';
import { decidingStatement, isThere, SourcedPolicy } from './sourced-policy';
import { conditionKey } from '../aws/condition-keys';
import { listed } from '../listed';
import { ConditionTest, isKnownOperator } from '../policy/condition';
import { cautiousPolicy, Statement } from '../policy/document';
import { actionApplies, applies, principalApplies, resourceApplies } from '../policy/evaluate';
import { namesPrincipal, PrincipalPattern } from '../policy/principals';
import { PolicyRequest } from '../policy/request';
import { Truth } from '../policy/truth';
import { decidingCondition, isUnknown, readable, UNDETERMINED, unknownNames, whetherItHolds } from '../policy/unknown-text';
import { PolicyText } from '../policy/variables';
import type { Deployment } from '../template/deployment';

/** What some policies say of a request, together. */
export interface Judgement {
  /** Whether a statement denies it, and whether one allows it. */
  readonly denies: Truth;
  readonly allows: Truth;

  /** The statements that surely apply, and those that might. */
  readonly applying: readonly SourcedStatement[];
  readonly undecided: readonly SourcedStatement[];

  /** What is not known or not documented, where something is not decided. */
  readonly unknown?: string;

  /** Where that can be given: in the assumptions, or as `context` and a condition key. */
  readonly givenBy?: string;

  /** What to do instead, where it cannot be given. */
  readonly remedy?: string;
}

export interface SourcedStatement {
  readonly statement: Statement;
  readonly source: SourcedPolicy;
  readonly request: PolicyRequest;
}

/** Condition keys, in lower case, that one call carries besides those of the request; undefined says that it does not carry the key. */
export type ExtraKeys = Readonly<Record<string, readonly string[] | undefined>>;

/** What policies say of a call, an action on a resource. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly extra?: ExtraKeys;
}

/** Judges a call by all statements of some policies. Where a policy cannot be read, it might say anything. */
export function judge(question: Question, documents: readonly SourcedPolicy[], { action, resource, extra = {} }: Call): Judgement {
  const there = documents.filter((document) => isThere(document) !== false);
  const { principal } = question.caller;
  const concerned = there.flatMap((source) => (source.policy?.statements ?? []).map((statement) => ({ source, statement })))
    .filter(({ source, statement }) => concerns(cautious(source, statement), { principal, action, resource }));
  const request: PolicyRequest = { principal, action, resource, context: question.contextFor(concerned.map(({ statement }) => statement), extra) };
  const applying: SourcedStatement[] = [];
  const undecided: SourcedStatement[] = [];
  for (const { source, statement } of concerned) {
    const truth = applies(cautious(source, statement), request);
    if (truth !== false) {
      (truth && isThere(source) ? applying : undecided).push({ statement, source, request });
    }
  }
  const unreadable = there.filter(({ policy }) => !policy);
  const truthOf = (effect: Statement['effect']) => (applying.some(({ statement }) => statement.effect === effect) ? true
    : unreadable.length > 0 || undecided.some(({ statement }) => statement.effect === effect) ? undefined : false);
  const [denies, allows] = [truthOf('Deny'), truthOf('Allow')];
  const doubtful = undecided.filter(({ statement }) => statement.effect === (denies === undefined ? 'Deny' : 'Allow'));
  return { denies, allows, applying, undecided, ...(unreadable.length > 0 ? doubtOfPolicy(question, unreadable[0]) : doubtOfStatements(question, doubtful, extra)) };
}

function cautious({ policy }: SourcedPolicy, statement: Statement): Statement {
  return cautiousPolicy(policy!).statements[policy!.statements.indexOf(statement)];
}

/** Whether a statement could apply, whatever the condition keys. */
function concerns(statement: Statement, request: Pick<PolicyRequest, 'principal' | 'action' | 'resource'>): boolean {
  const isVariable = statement.resource?.members.some(({ pattern }) => !pattern);
  return actionApplies(statement, request) !== false && principalApplies(statement, request) !== false
    && (isVariable || resourceApplies(statement, { ...request, context: new Map() }) !== false);
}

/** Policies that say nothing. */
export const NOTHING_SAID: Judgement = { denies: false, allows: false, applying: [], undecided: [] };

/** Policies that allow everything. */
export const ALL_ALLOWED: Judgement = { ...NOTHING_SAID, allows: true };

/** Policies of which nothing is known, but that they are assumed not to deny. */
export function unknownPolicies(unknown: string, givenBy: string): Judgement {
  return { ...NOTHING_SAID, allows: undefined, unknown, givenBy };
}

/** The statements behind a judgement: of one effect, surely or perhaps. */
export function statementsOf({ applying, undecided }: Judgement, effect: Statement['effect'], isSure: boolean): DecidingStatement[] {
  return [...applying, ...(isSure ? [] : undecided)].filter(({ statement }) => statement.effect === effect).map(({ statement, source }) => decidingStatement(source, statement));
}

/** Why something is not decided. */
export type Doubt = Pick<Judgement, 'unknown' | 'givenBy' | 'remedy'>;

/** Something on which it depends whether a statement applies. */
interface Cause extends Omit<Doubt, 'unknown'> {
  readonly on: string;
}

/** Why it is not known what a policy says. */
function doubtOfPolicy(question: Question, { property, resource, file, refusal, unknown }: SourcedPolicy): Doubt {
  const policy = `the policy in ${property} of ${resource?.path ?? file ?? 'the assumptions'}`;
  if (refusal) {
    return { unknown: `IAM would refuse ${policy} (${refusal.message})`, remedy: 'Correct the policy.' };
  }
  const causes = valueCauses(question, (unknown ?? '').replaceAll('\\"', '"'));
  return causes.length > 0 ? dependingOn(`what ${policy} says`, causes) : { unknown: `${policy} is not known: ${unknown}` };
}

/** Whom a statement names that surely applies: how far it reaches depends on it. */
export function doubtOfNames(question: Question, { applying }: Judgement): Doubt {
  const [open] = applying.filter(({ statement: { effect, principal } }) => effect === 'Allow' && principal?.members.some(({ kind, text }) => kind === 'CanonicalUser' || isUnknown(text)));
  return open ? dependingOn(`whom ${statementName(open.statement)} names`, memberCauses(question, open.statement.principal!.members)) : {};
}

/** Why it is not decided whether a statement applies: one of them, of which something can be given, if there is one. */
function doubtOfStatements(question: Question, undecided: readonly SourcedStatement[], extra: ExtraKeys): Doubt {
  const doubts = undecided.map((sourced) => dependingOn(`whether ${statementName(sourced.statement)} applies`, causesOf(question, sourced, extra)));
  return doubts.find(({ givenBy }) => givenBy !== undefined) ?? doubts[0] ?? {};
}

/** Why something is not known that the values in a text decide. */
export function doubtOfValues(question: Question, what: string, text: string): Doubt {
  return dependingOn(what, valueCauses(question, text));
}

function dependingOn(what: string, causes: readonly Cause[]): Doubt {
  const all = [...new Set(causes.map(({ on }) => `on ${on}`))];
  const { givenBy, remedy } = causes.find((cause) => cause.givenBy !== undefined) ?? causes.find((cause) => cause.remedy !== undefined) ?? {};
  return { unknown: `${what} depends ${listed(all, 'and')}`, givenBy, remedy };
}

function causesOf(question: Question, { statement, source, request }: SourcedStatement, extra: ExtraKeys): Cause[] {
  const careful = cautious(source, statement);
  const { resource, conditions } = careful;
  const { Action, NotAction } = JSON.parse(source.textOf(statement));
  return [
    ...(isThere(source) === undefined ? [presenceCause(question, source)] : []),
    ...(actionApplies(statement, request) === undefined ? valueCauses(question, [statement.open, Action ?? NotAction].join('')) : []),
    ...(principalApplies(careful, request) === undefined ? principalCauses(question, careful) : []),
    ...(resourceApplies(statement, request) === undefined ? resource!.members.flatMap(({ text }) => textCauses(question, text, request, extra)) : []),
    ...conditions.filter(({ holds }) => holds(request.context) === undefined).flatMap((test) => conditionCauses(question, test, request, extra)),
  ];
}

function presenceCause({ caller }: Question, { resource, property, mayBelongElsewhere }: SourcedPolicy): Cause {
  return mayBelongElsewhere
    ? { on: `whether ${resource ? `the policy in ${property} of ${resource.path}` : property} is a policy of ${callerName(caller)}, and a name in the templates is not known`, givenBy: 'parameters' }
    : { on: `the condition '${resource!.deployedUnder}', which decides whether ${resource!.path} is created`, givenBy: `parameters.${resource!.stack.name}` };
}

function principalCauses(question: Question, { effect, principal }: Statement): Cause[] {
  const { caller } = question;
  const { members } = principal!;
  const causes = namesPrincipal(members, caller.principal) ? [] : memberCauses(question, members);
  const session = caller.principal.kind === 'iam' ? caller.principal.sessionArn : undefined;
  if (causes.length === 0 && caller.principal.kind === 'iam' && caller.principal.isSessionOpen) {
    return [{ on: `which session of ${callerName(caller)} sends the request`, remedy: `Name the session as the principal, such as 'arn:aws:sts::${caller.account}:assumed-role/${caller.identityArn!.split('/').at(-1)}/session'.` }];
  }
  return causes.length > 0 ? causes : [{
    on: `whether NotPrincipal spares ${session ?? callerName(caller)}, and AWS documents that only where ${session ? 'the role, its session and its account' : 'it and its account'} are all listed`,
    remedy: `${effect} it to '*' with a condition on 'aws:PrincipalArn' instead.`,
  }];
}

function memberCauses(question: Question, members: readonly PrincipalPattern[]): Cause[] {
  return members.flatMap(({ kind, text }): Cause[] => (isUnknown(text) ? valueCauses(question, text) : kind !== 'CanonicalUser' ? [] : [{
    on: `which account the canonical user ${text.slice(0, 12)}… is, and the policy does not tell`,
    remedy: 'Name the account by its number instead, as {"AWS": "111122223333"}.',
  }]));
}

function conditionCauses(question: Question, { key, writtenKey, values, operatorName }: ConditionTest, request: PolicyRequest, extra: ExtraKeys): Cause[] {
  const carried = request.context.get(key);
  if (!isKnownOperator(operatorName)) {
    return [{ on: `what '${operatorName}' does, which AWS does not document`, remedy: 'Use an operator that IAM knows.' }];
  }
  if (carried?.includes(UNDETERMINED)) {
    return [keyCause(question, key, writtenKey, extra)];
  }
  const causes = [...valueCauses(question, (carried ?? []).join()), ...values.flatMap((value) => textCauses(question, value, request, extra))];
  if (causes.length > 0) {
    return causes;
  }
  const isOfSet = /^for(?:all|any)/i.test(operatorName);
  const isSeveral = carried !== undefined && carried.length > 1;
  return [{
    on: `what '${operatorName}' does ${carried === undefined ? 'without' : isSeveral ? 'with several values of' : `with '${readable(carried[0])}' as`} ${writtenKey}, which AWS does not document`,
    remedy: isSeveral && !isOfSet ? `Use 'ForAnyValue:${operatorName}' or 'ForAllValues:${operatorName}'.` : undefined,
  }];
}

/** The keys and the values of a text that are not known. */
function textCauses(question: Question, { source, variables }: PolicyText, { context }: PolicyRequest, extra: ExtraKeys): Cause[] {
  const keys = variables.filter((key) => context.get(key)?.includes(UNDETERMINED)).map((key) => keyCause(question, key, conditionKey(key)?.name ?? key, extra));
  return [...valueCauses(question, source), ...keys];
}

const NOT_DOCUMENTED_OF_SERVICES = ['aws:principalaccount', 'aws:principaltype', 'aws:userid'];

function keyCause({ caller, bucket, unknownKeys }: Question, key: string, name: string, extra: ExtraKeys): Cause {
  if (Object.hasOwn(extra, key)) {
    const isOfNetwork = conditionKey(key)?.subject === 'network';
    const givenBy = ['kms:viaservice', 'aws:requestedregion'].includes(key) ? `buckets.${bucket.name}.region` : undefined;
    return { on: `${name}, ${isOfNetwork ? 'and AWS does not document whether KMS is told it when S3 uses a key' : 'which is not known'}`, givenBy };
  }
  const isNotDocumented = caller.kind === 'service' && NOT_DOCUMENTED_OF_SERVICES.includes(key);
  const givenBy = unknownKeys.get(key);
  return { on: `${name}, which ${isNotDocumented ? `AWS does not document for ${callerName(caller)}` : 'is not known'}`, givenBy: givenBy?.startsWith('context ') ? `context ${name}` : givenBy };
}

const REFERENCE = /^(.+?): Ref "([^"]+)"$/s;

/** The values in a text that are not known before deployment. */
function valueCauses({ model: { deployment } }: Question, text: string): Cause[] {
  return unknownNames(text).map((name) => {
    const [, stack, parameter] = REFERENCE.exec(name) ?? [];
    if (parameter !== undefined && !deployment.resource(stack, parameter)) {
      return { on: `the parameter '${parameter}' of the stack '${stack}'`, givenBy: `parameters.${stack}.${parameter}` };
    }
    const choice = decidingCondition(name);
    if (choice) {
      return { on: whetherItHolds(choice), givenBy: ['parameters', ...(choice.parameters.length === 1 ? [choice.stack, choice.parameters[0]] : [])].join('.') };
    }
    const on = `<${name}>, which is not known before deployment`;
    const place = openPlace(name, deployment);
    const remedy = place !== undefined ? undefined : name.includes(': Fn::ImportValue') ? 'Include the template that exports it.'
      : name.includes(': Fn::GetStackOutput') ? 'Include the template of the stack whose output it is.' : undefined;
    return remedy ? { on, remedy } : { on, givenBy: place ?? (/"(?:Ref|Fn::If)"|: Fn::If/.test(name) ? 'parameters' : undefined) };
  });
}

/** What is not known of the place of a stack that is at hand, where its output is read by its place. */
function openPlace(name: string, { stacks }: Deployment): string | undefined {
  const [, read] = /: Fn::GetStackOutput .*"StackName":"([^"]+)"/s.exec(name) ?? [];
  const meant = stacks.filter(({ deployedName }) => deployedName === read);
  const isOpen = (element: string, field: 'account' | 'region') => name.includes(`"${element}":`) && meant.some(({ source }) => source[field] === undefined);
  return isOpen('Region', 'region') ? (/"Region":\{/.test(name) ? 'parameters' : 'environment.region') : isOpen('RoleArn', 'account') ? 'environment.account' : undefined;
}

/** How sentences name a statement. */
export function statementName({ sid, path }: Statement): string {
  return sid ? `the statement '${sid}'` : path;
}

/** What of a request meets the conditions of a statement, for people. */
export function circumstances({ statement, request: { context } }: SourcedStatement): string | undefined {
  const parts = statement.conditions.map(({ key, writtenKey }) => {
    const values = context.get(key);
    return values ? `${writtenKey} is '${readable(values.join("', '"))}'` : `${writtenKey} is absent`;
  });
  return parts.length > 0 ? [...new Set(parts)].join(', ') : undefined;
}
