import { AccessAssumption, AccessDecision, AccessLayer, AccessOutcome, LayerDecision, LayerVerdict, PermissionDecision } from './access-decision';
import { AccessRequest } from './access-request';
import { copySource, CopySource } from './copy-source';
import { decideInAll } from './decide-in-all';
import { assertOfferedInEachRegion } from './in-each-region';
import type { Model } from './model';
import { PermissionRequest } from './permission-request';
import { headersOf, keysOfHeaders, keysOfSource } from './request-headers';
import { hasHeader, Needed, OperationPermission, operationNamed, OPERATIONS_OF_OTHERS, OTHER_SOURCES, RequestHeaders, S3Operation } from '../aws/operations';
import { arnSegments } from '../policy/pattern';
import { UNDETERMINED } from '../policy/unknown-text';
import { WrongInputError } from '../template/wrong-input';

const READS = ['s3:getobject'];

/**
 * Decides a request: the permission that it names, or all that its operation needs.
 *
 * @throws WrongInputError if the request names both or neither, or what S3 does not have
 */
export function decideRequest(model: Model, request: AccessRequest): AccessDecision {
  const { action, operation, headers } = request;
  if ((action === undefined) === (operation === undefined)) {
    throw new WrongInputError("Specify exactly one of 'action' and 'operation'.");
  }
  if (operation !== undefined) {
    assertOfferedInEachRegion(request, operation);
    return decideOperation(model, request, operation);
  }
  if (headers !== undefined) {
    throw new WrongInputError("'headers' are those of an operation: specify 'operation' instead of 'action', or the condition keys in 'context'.");
  }
  const asked = { ...request, action: action! };
  const decision = decideInAll(model, asked);
  return READS.includes(action!.toLowerCase()) ? withMissing(model, decision, asked) : decision;
}

/** A permission that a request needs, with what it is asked for on. */
interface NeededPermission {
  readonly permission: OperationPermission;
  readonly need: Exclude<Needed, false>;
  readonly request: PermissionRequest;
}

function decideOperation(model: Model, request: AccessRequest, name: string): AccessDecision {
  const headers = headersOf(request.headers, request.context);
  const row = rowOf(name, headers);
  const parts = neededPermissions(row, request, headers).map((needed) => decidePart(model, needed));
  const withOutcome = (outcome: AccessOutcome) => parts.find(({ decision }) => decision.outcome === outcome);
  const deciding = withOutcome(AccessOutcome.DENIED) ?? withOutcome(AccessOutcome.NOT_DECIDED);
  const { outcome, layers, decidedBy } = (deciding ?? parts[0]).decision;
  const reads = parts.find(({ decision }) => decision.ifMissing && decision.ifMissing.outcome !== AccessOutcome.ALLOWED) ?? parts.find(({ decision }) => decision.ifMissing);
  const all = { request, parts, assumptions: eachOnce(parts.flatMap(({ decision }) => decision.assumptions)) };
  if (deciding === undefined && row.leavesOpen !== undefined) {
    return new AccessDecision({ ...all, ...opened(layers, row.leavesOpen) });
  }
  return new AccessDecision({ ...all, outcome, layers, decidedBy, ifMissing: deciding ? undefined : reads?.decision.ifMissing });
}

function rowOf(name: string, headers: RequestHeaders): S3Operation {
  if (Object.hasOwn(OPERATIONS_OF_OTHERS, name)) {
    throw new WrongInputError(`${name} is not decided: ${OTHER_SOURCES[OPERATIONS_OF_OTHERS[name]]}.`);
  }
  const row = operationNamed(name, headers);
  if (row === undefined) {
    throw new WrongInputError(`S3 has no operation '${name}'. Name one, such as 'PutObject'; or name the action instead.`);
  }
  return row;
}

function neededPermissions(row: S3Operation, request: AccessRequest, headers: RequestHeaders): NeededPermission[] {
  const source = row.permissions.some(({ on }) => on === 'source') ? sourceOf(row, request, headers) : undefined;
  const hasVersion = hasHeader(headers, ['versionid']);
  return row.permissions.flatMap((permission) => {
    const { when, on, ofVersion, keyActions = [] } = permission;
    const need = when ? when(headers) : true;
    if (need === false) {
      return [];
    }
    const isSource = on === 'source';
    const action = (isSource ? source!.hasVersion : hasVersion) ? ofVersion ?? permission.action : permission.action;
    const context = { ...(isSource ? keysOfSource(headers) : keysOfHeaders(headers, action)), ...(isSource ? ofNoHeader(request.context) : request.context) };
    const { principal, sessionPolicies, currentEncryption } = request;
    return [{ permission, need, request: { principal, action, resource: isSource ? source!.arn : request.resource, context, sessionPolicies, currentEncryption, keyActions } }];
  });
}

function sourceOf({ name }: S3Operation, { resource }: AccessRequest, headers: RequestHeaders): CopySource {
  const header = headers['x-amz-copy-source'];
  if (header === undefined) {
    throw new WrongInputError(`${name} copies an object. Name it by the header x-amz-copy-source, such as 'amzn-s3-demo-bucket/data/1.csv'.`);
  }
  return copySource(header, arnSegments(resource)[1] || 'aws');
}

/** The condition keys of a request without those that are headers of the upload. */
function ofNoHeader(context: AccessRequest['context'] = {}): { [key: string]: any } {
  return Object.fromEntries(Object.entries(context).filter(([key]) => !/^s3:(?:x-amz-(?!content-sha256)|object-lock-|requestobjecttag|versionid)/i.test(key)));
}

function decidePart(model: Model, { permission, need, request }: NeededPermission): PermissionDecision {
  const { keyActions, because, findsObject } = permission;
  const plain = decideInAll(model, request);
  const decision = findsObject && request.action === permission.action ? withMissing(model, plain, request) : plain;
  const { action, resource } = request;
  const part = { action, resource, ...(keyActions ? { keyActions: [...keyActions] } : {}), ...(because === undefined ? {} : { because }) };
  return need === true ? { ...part, decision } : { ...part, dependsOn: need, decision: doubtful(decision, action, need) };
}

/** A permission that is denied, and that S3 may not ask for. */
function doubtful(decision: AccessDecision, action: string, dependsOn: string): AccessDecision {
  const { outcome, decidedBy, layers } = decision;
  if (outcome !== AccessOutcome.DENIED || !decidedBy) {
    return decision;
  }
  const open = { ...decidedBy, verdict: LayerVerdict.NOT_DECIDED, reason: `It depends on ${dependsOn}. If so, S3 needs ${action}: ${decidedBy.reason}` };
  return new AccessDecision({ ...decision, outcome: AccessOutcome.NOT_DECIDED, decidedBy: open, layers: layers.map((layer) => (layer === decidedBy ? open : layer)) });
}

/** Where all that is known is allowed, and S3 asks for more. */
function opened(layers: readonly LayerDecision[], leavesOpen: string): { outcome: AccessOutcome; decidedBy: LayerDecision; layers: LayerDecision[] } {
  const decidedBy = { layer: AccessLayer.IDENTITY_POLICIES, verdict: LayerVerdict.NOT_DECIDED, statements: [], reason: `${leavesOpen}.` };
  return { outcome: AccessOutcome.NOT_DECIDED, decidedBy, layers: layers.map((layer) => (layer.layer === decidedBy.layer ? decidedBy : layer)) };
}

/** The decision of a read, with whether the caller may list the bucket: the answer to a read of an object that is not there. */
function withMissing(model: Model, decision: AccessDecision, request: PermissionRequest): AccessDecision {
  if (decision.outcome !== AccessOutcome.ALLOWED) {
    return decision;
  }
  const { principal, resource, context, sessionPolicies } = request;
  const listing = { principal, action: 's3:ListBucket', resource: placeOf(resource), context: { ...OF_LISTINGS, ...ofNoHeader(context) }, sessionPolicies };
  return new AccessDecision({ ...decision, ifMissing: decideInAll(model, listing) });
}

/** Which prefix S3 asks for when it looks whether it may tell that an object is missing, AWS does not document. */
const OF_LISTINGS = { 's3:prefix': UNDETERMINED, 's3:delimiter': UNDETERMINED, 's3:max-keys': UNDETERMINED };

/** The bucket of an object, or the access point before it. */
function placeOf(resource: string): string {
  const behind = /^(arn:[^:]*:s3:(?:[^:]+:[^:]*|:[^:]+):accesspoint\/[^/]+)\/object\//s.exec(resource)?.[1];
  return behind ?? resource.split('/')[0];
}

function eachOnce(assumptions: readonly AccessAssumption[]): AccessAssumption[] {
  return [...new Map(assumptions.map((assumption) => [assumption.sentence, assumption])).values()];
}
