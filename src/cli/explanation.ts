import { placeText, Problem } from './answer';
import { RecordedCall } from './cloudtrail-record';
import { Contradiction } from './contradiction';
import { asOptions } from './option-words';
import { Line, Style } from './text';
import { AccessDecision, AccessOutcome, LayerDecision, PermissionDecision } from '../access/access-decision';
import { AccessRequest } from '../access/access-request';

/** What becomes of a request, and of a call that was recorded. */
export interface Explanation {
  readonly call?: RecordedCall;
  readonly decision: AccessDecision;
  readonly notes: readonly string[];

  /** What the record says otherwise. */
  readonly contradiction?: Contradiction;

  /** Whether S3 said 403 because the object is not there. */
  readonly isOfMissingObject: boolean;

  /** How many records have the same answer. */
  readonly count: number;
}

/** One explanation for all that have the same in common: operation, caller, what decides, and what the record says. */
export function grouped(explanations: readonly Explanation[]): Explanation[] {
  const groups = new Map<string, Explanation>();
  for (const one of explanations) {
    const key = JSON.stringify(commonOf(one));
    const first = groups.get(key);
    groups.set(key, first ? { ...first, count: first.count + 1 } : one);
  }
  return [...groups.values()];
}

function commonOf({ call, decision: { request, outcome, decidedBy }, contradiction, isOfMissingObject }: Explanation): unknown[] {
  const { principal, action, operation, resource } = request;
  const statements = decidedBy?.statements.map(({ property, path, stack, logicalId, file }) => [property, path, stack, logicalId, file]);
  return [principal, action, operation, resource.split('/')[0], outcome, decidedBy?.layer, decidedBy?.verdict, statements, call?.errorCode, contradiction?.sentence, isOfMissingObject];
}

/** The request of the permission that decides: the answer to an operation is that of one of them. */
function deciding({ request, parts, decidedBy }: AccessDecision): AccessRequest {
  const part = parts.find(({ decision }) => decision.decidedBy === decidedBy) ?? parts[0];
  return part?.decision.request ?? request;
}

export function explanationJson({ call, decision, notes, contradiction, isOfMissingObject, count }: Explanation) {
  const { request: { operation, headers }, outcome, decidedBy, layers, assumptions, parts, ifMissing } = decision;
  const { principal, action, resource, context } = deciding(decision);
  return {
    request: { principal, ...(operation === undefined ? {} : { operation, headers: headers ?? {} }), action, resource, context: context ?? {} },
    ...(call ? { recorded: { eventName: call.eventName, errorCode: call.errorCode, errorMessage: call.errorMessage }, count } : {}),
    outcome: isOfMissingObject ? AccessOutcome.DENIED : outcome,
    ...(isOfMissingObject ? { isOfMissingObject } : {}),
    ...(contradiction ? { contradiction } : {}),
    decidedBy: isOfMissingObject ? ifMissing?.decidedBy?.layer : decidedBy?.layer,
    ...(parts.length > 0 ? { parts: parts.map(partJson) } : {}),
    ...(ifMissing ? { ifMissing: { outcome: ifMissing.outcome, decidedBy: ifMissing.decidedBy?.layer, reason: ifMissing.decidedBy?.reason } } : {}),
    layers: layers.map((layer) => ({ ...layer, ...(layer.remedy === undefined ? {} : { remedy: asOptions(layer.remedy) }) })),
    assumptions,
    notes,
  };
}

function partJson({ decision, action, resource, keyActions, because, dependsOn }: PermissionDecision) {
  const { outcome, decidedBy, request: { context } } = decision;
  const { layer, reason, remedy } = decidedBy ?? {};
  return { action, resource, keyActions: keyActions ?? [], because, dependsOn, context: context ?? {}, outcome, decidedBy: layer, reason, remedy: remedy && asOptions(remedy) };
}

const STYLES: Readonly<Record<AccessOutcome, Style>> = { [AccessOutcome.ALLOWED]: 'green', [AccessOutcome.DENIED]: 'red', [AccessOutcome.NOT_DECIDED]: 'yellow' };

export function explanationLines({ call, decision, notes, contradiction, isOfMissingObject, count }: Explanation): Line[] {
  const [first, ...others] = asOptions(decision.toString()).split('\n');
  const end = /^[^:]*/.exec(first)![0].length;
  return [
    ...(contradiction ? [[['red', contradiction.sentence]] as Line, ...contradiction.causes.map((cause, i): Line => [`  ${i + 1}. ${asOptions(cause)}`])] : []),
    ...(isOfMissingObject ? missingLines(decision) : []),
    [[STYLES[decision.outcome], first.slice(0, end)], first.slice(end)],
    ...(count > 1 ? [[`  ${count} records have this answer.`] as Line] : []),
    ...(call?.errorCode ? [[`  Recorded: ${[call.errorCode, call.errorMessage].filter(Boolean).join(': ')}`] as Line] : []),
    ...others.map((line): Line => [line]),
    ...(notes.length > 0 ? [[], ['Note:'], ...notes.map((note): Line => [`  ${note}`])] : []),
    [],
  ];
}

/** Why a read that is allowed was answered by 403. */
function missingLines(decision: AccessDecision): Line[] {
  const { reason, remedy } = missingReason(decision);
  return [
    [['red', 'Denied because the object does not exist'], ': S3 then answers 403 instead of 404, since the caller may not list the bucket.'],
    ...[reason, ...(remedy === undefined ? [] : [asOptions(remedy)])].map((text): Line => [`  ${text}`]),
    ['  If the object does exist:'],
  ];
}

function missingReason({ ifMissing }: AccessDecision): Pick<LayerDecision, 'reason' | 'remedy'> {
  return ifMissing!.decidedBy!;
}

export function problemOf({ decision, contradiction, isOfMissingObject }: Explanation): Problem {
  const { request: { principal, operation, resource }, outcome, ifMissing } = decision;
  const { action } = deciding(decision);
  const decidedBy = isOfMissingObject ? ifMissing?.decidedBy : decision.decidedBy;
  const [statement] = decidedBy?.statements ?? [];
  const isDecided = outcome === AccessOutcome.DENIED || isOfMissingObject || contradiction !== undefined;
  const where = statement ? ` ${statement.sid ? `'${statement.sid}', ` : ''}${statement.property}.${statement.path} of ${placeText(statement)}.` : '';
  const what = isOfMissingObject ? 'Denied because the object does not exist' : outcome === AccessOutcome.DENIED ? 'Denied' : outcome === AccessOutcome.ALLOWED ? 'Allowed' : 'Not decided';
  const needs = operation === undefined || decidedBy === undefined || isOfMissingObject ? '' : ` It needs ${action}.`;
  return {
    rule: decidedBy ? { id: `explain/${decidedBy.layer}`, title: `What ${decidedBy.layer} says of a request.` } : { id: 'explain/contradiction', title: 'A record says otherwise than the templates.' },
    message: [
      ...(contradiction ? [contradiction.sentence, ...contradiction.causes.map(asOptions)] : []),
      `${what}: ${principal} calls ${operation ?? action} on ${resource}.${needs}${decidedBy?.demand === undefined ? '' : ` ${decidedBy.demand}`}${decidedBy ? ` ${decidedBy.reason}` : ''}${where}${decidedBy?.remedy ? ` ${asOptions(decidedBy.remedy)}` : ''}`,
    ].join(' '),
    isDecided,
    place: statement?.logicalId === undefined ? undefined : statement,
  };
}
