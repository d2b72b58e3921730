import { DecidingStatement } from './access-decision';
import { keysOf, Question } from './question';
import { decidingStatement, isThere, SourcedPolicy } from './sourced-policy';
import { cautiousPolicy, Statement } from '../policy/document';
import { actionApplies, applies, principalApplies, resourceApplies } from '../policy/evaluate';
import { PolicyRequest } from '../policy/request';
import { some, Truth } from '../policy/truth';
import { readable, UNDETERMINED, unknownNames } from '../policy/unknown-text';

/** What some policies say of a request, together. */
export interface Judgement {
  /** Whether a statement denies it, and whether one allows it. */
  readonly denies: Truth;
  readonly allows: Truth;

  /** The statements that surely apply, and those that might. */
  readonly applying: readonly SourcedStatement[];
  readonly undecided: readonly SourcedStatement[];

  /** What would have to be known, where something is not decided. */
  readonly unknown?: string;
  readonly givenBy?: string;
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
export function judge(question: Question, documents: readonly SourcedPolicy[], { action, resource, extra }: Call): Judgement {
  const there = documents.filter((document) => isThere(document) !== false);
  const { principal } = question.caller;
  const concerned = there.flatMap((source) => (source.policy?.statements ?? []).map((statement) => ({ source, statement })))
    .filter(({ statement }) => concerns(statement, { principal, action, resource }));
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
  return { denies: truthOf('Deny'), allows: truthOf('Allow'), applying, undecided, ...whatIsUnknown(question, unreadable, undecided, request) };
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

/** One judgement of several lists of policies. */
export function together(...judgements: readonly Judgement[]): Judgement {
  const open = judgements.find(({ unknown }) => unknown !== undefined);
  return {
    denies: some(judgements, ({ denies }) => denies),
    allows: some(judgements, ({ allows }) => allows),
    applying: judgements.flatMap(({ applying }) => applying),
    undecided: judgements.flatMap(({ undecided }) => undecided),
    unknown: open?.unknown,
    givenBy: open?.givenBy,
  };
}

/** The statements that are not decided, and the values for lack of which they are not. */
function whatIsUnknown(
  { unknownKeys }: Question, unreadable: readonly SourcedPolicy[], undecided: readonly SourcedStatement[], { context }: PolicyRequest,
): Pick<Judgement, 'unknown' | 'givenBy'> {
  const [refused] = unreadable;
  if (refused) {
    const place = `${refused.property} of ${refused.resource?.path ?? refused.file ?? 'the assumptions'}`;
    return { unknown: refused.refusal ? `IAM would refuse the policy in ${place} (${refused.refusal.message})` : `the policy in ${place} is not known: ${refused.unknown}` };
  }
  if (undecided.length === 0) {
    return {};
  }
  const keys = undecided.flatMap(({ statement }) => keysOf(statement)).filter((key) => context.get(key)?.includes(UNDETERMINED));
  const names = [...new Set(keys)];
  if (names.length > 0) {
    return { unknown: `it depends on ${names.join(', ')}, which ${names.length === 1 ? 'is' : 'are'} not known`, givenBy: unknownKeys.get(names[0]) };
  }
  const values = [...new Set(undecided.flatMap(({ statement, source }) => unknownNames(source.textOf(statement))))];
  const conditional = undecided.find(({ source }) => isThere(source) === undefined);
  const canonical = undecided.flatMap(({ statement }) => statement.principal?.members ?? []).find(({ kind }) => kind === 'CanonicalUser');
  if (canonical) {
    return { unknown: `it depends on which account the canonical user ${canonical.text.slice(0, 12)}… is, and the policy does not tell` };
  }
  if (values.length > 0) {
    return { unknown: `it depends on values that are not known before deployment: ${readable(values.join(', '))}`, givenBy: 'parameters' };
  }
  return conditional
    ? { unknown: `it depends on whether ${conditional.source.resource!.path} is made, which a condition of its template decides`, givenBy: 'parameters' }
    : { unknown: `it depends on a rule that AWS does not document: whether ${nameOf(undecided[0].statement)} applies` };
}

function nameOf({ sid, path }: Statement): string {
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
