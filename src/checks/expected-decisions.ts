import { ExpectedAccess, ExpectedResource } from './expected-access';
import { ExpectedApp } from './expected-app';
import { AccessDecision, AccessOutcome } from '../access/access-decision';
import { statementPlace } from '../access/decision-text';
import { OBJECT_ACTIONS } from '../aws/actions';
import { resourcePattern, textPattern } from '../policy/pattern';
import { readable } from '../policy/unknown-text';
import { toldApart } from '../proof/texts';

/** An expectation that does not hold, or that is not decided. */
export interface BrokenExpectation {
  readonly kind: 'May' | 'Nobody' | 'Incomplete';
  readonly isDecided: boolean;

  /** The expectation in one sentence. */
  readonly sentence: string;
  readonly reason: string;
  readonly remedy: string;

  /** The path of the construct that is blamed. */
  readonly site: string;
}

const KEY_LIMIT = 100; // kinds of keys: policies tell a handful apart

/** Decides whether somebody may do what is expected; nothing if so. */
export function judgeExpected(app: ExpectedApp, access: ExpectedAccess): BrokenExpectation[] {
  if (access._actions.length === 0 || saysNothing(access._actions, access._resources)) {
    return [incomplete(`${access._principal._name} may ${access._actions.join(', ') || '(no action)'}`)];
  }
  return access._resources.flatMap((resource) => access._actions.flatMap((action) => judgeAction(app, access, action, resource)));
}

/** Whether an expectation names no resource, or an action or key that is empty: no request has such a one, so that anything could be expected of it. */
export function saysNothing(actions: readonly string[], resources: readonly ExpectedResource[]): boolean {
  return resources.length === 0 || [...actions, ...resources.flatMap(({ keys }) => keys)].some((text) => text.trim() === '');
}

/** An expectation that says too little is not passed over in silence. */
export function incomplete(sentence: string): BrokenExpectation {
  return { kind: 'Incomplete', isDecided: true, sentence: `${sentence}.`, reason: 'The expectation is not complete.', remedy: "Name the actions with 'may', and the bucket with 'on'; for all objects, leave the keys out.", site: '' };
}

function judgeAction(app: ExpectedApp, access: ExpectedAccess, action: string, resource: ExpectedResource): BrokenExpectation[] {
  const sentence = sentenceOf(access, action, resource);
  const broken = (isDecided: boolean, reason: string, remedy: string, site = resource.bucket.node.path): BrokenExpectation => ({ kind: 'May', isDecided, sentence, reason: readable(reason), remedy, site });
  const { _principal: principal, _endpoint: endpoint } = access;
  const bucketName = app.bucketName(resource.bucket);
  const who = app.text(principal._principal, principal._site);
  const sourceArn = principal._sourceArn === undefined ? undefined : app.text(principal._sourceArn, principal._site);
  const endpointId = endpoint && app.text(endpoint.id, endpoint.site);
  const accessPointArn = resource.accessPointArn === undefined ? undefined : app.text(resource.accessPointArn, resource.bucket);
  if (!bucketName || !who || (endpoint && !endpointId) || (principal._sourceArn !== undefined && !sourceArn) || (resource.accessPointArn !== undefined && !accessPointArn)) {
    return [broken(false, 'The ARN of one of them is not known at synthesis.', 'Give names that are known at synthesis.')];
  }
  const context = { ...access._context, ...(endpointId ? { 'aws:SourceVpce': endpointId } : {}), ...(sourceArn ? { 'aws:SourceArn': sourceArn } : {}) };
  const places = placesOf(app, action, bucketName, accessPointArn, resource.keys);
  if (!places) {
    return [broken(false, 'Policies tell too many keys apart.', 'Expect less at once: name fewer keys.')];
  }
  for (const place of places) {
    try {
      const decision = app.evaluator.decide({ principal: who, action, resource: place, context });
      if (decision.outcome !== AccessOutcome.ALLOWED) {
        return [broken(decision.outcome === AccessOutcome.DENIED, reasonOf(decision), decision.decidedBy?.remedy ?? '', decision.decidedBy?.statements[0]?.constructPath)];
      }
    } catch (error) {
      return [broken(true, (error as Error).message, 'Expect a request that there can be.')];
    }
  }
  return [];
}

/** What S3 is asked for: the bucket, or one object for each kind of key that policies tell apart; undefined if these are too many. */
function placesOf(app: ExpectedApp, action: string, bucketName: string, accessPointArn: string | undefined, keys: readonly string[]): string[] | undefined {
  const { model } = app;
  const bucketArn = model.bucket(bucketName).arn;
  const base = accessPointArn ?? bucketArn;
  if (!OBJECT_ACTIONS.includes(action.replace(/^s3:/i, ''))) {
    return [base];
  }
  const prefix = accessPointArn ? `${accessPointArn}/object/` : `${bucketArn}/`;
  const documents = [...model.inventory.otherDocuments, ...model.bucket(bucketName).policies];
  const written = documents.flatMap(({ policy }) => policy?.statements ?? []).flatMap(({ resource }) => [...(resource?.members ?? [])]);
  const mentioned = written.flatMap(({ pattern }) => pattern ?? []);
  // What is said of objects in the bucket is said of them behind the access point.
  const shifted = accessPointArn ? mentioned.filter(({ text }) => text.startsWith(`${bucketArn}/`)).map(({ text }) => resourcePattern(prefix + text.slice(bucketArn.length + 1))) : [];
  const wanted = (keys.length > 0 ? keys : ['*']).map((key) => textPattern(prefix + key));
  const { values, isExact } = toldApart([...mentioned, ...shifted, ...wanted], 'any/object', prefix);
  const places = [...wanted.filter(({ text }) => !/[*?]/.test(text)).map(({ text }) => text), ...values.filter((value) => wanted.some(({ matches }) => matches(value) === true))];
  const distinct = [...new Set(places)];
  return isExact && distinct.length > 0 && distinct.length <= KEY_LIMIT ? distinct : undefined;
}

function reasonOf({ request, decidedBy, outcome }: AccessDecision): string {
  const [statement] = decidedBy?.statements ?? [];
  const place = statement ? ` Statement: ${statementPlace(statement)}.` : '';
  return `${outcome === AccessOutcome.DENIED ? 'Denied' : 'Left open'} by ${decidedBy?.layer} for ${request.resource}: ${decidedBy?.reason}${place}`;
}

function sentenceOf({ _principal, _endpoint }: ExpectedAccess, action: string, { bucket, keys }: ExpectedResource): string {
  return `${_principal._name} may ${action} on ${bucket.node.path}${keys.length > 0 ? ` (${keys.join(', ')})` : ''}${_endpoint ? ` through ${_endpoint.site?.node.path ?? _endpoint.id}` : ''}.`;
}
