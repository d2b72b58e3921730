import { AccessDecision, AccessLayer, AccessOutcome } from './access-decision';
import { Candidate, candidates } from './candidates';
import { actionsOf } from './capabilities';
import { decideInAll } from './decide-in-all';
import { ANY_SERVICE, EVERY_ACCOUNT, EVERYONE, isUnmentioned } from './holders';
import type { Bucket } from './inventory';
import type { Model } from './model';
import { arnOfAccessPoint } from './multi-region-facts';
import { PermissionRequest } from './permission-request';
import { OBJECT_ACTIONS } from '../aws/actions';
import { Principal, PolicyRequest } from '../policy/request';

/** An access that somebody has, or may have, with the decision that shows it. */
export interface Access extends Candidate {
  /** Undefined where no request could be found to ask about. */
  readonly decision?: AccessDecision;
}

/** Layers whose policies were not looked at when the request was chosen: another request might pass them. */
const UNLOOKED = [AccessLayer.VPC_ENDPOINT_POLICY, AccessLayer.SERVICE_CONTROL_POLICIES, AccessLayer.RESOURCE_CONTROL_POLICIES, AccessLayer.PERMISSIONS_BOUNDARY];

const MOST_LIKE_REQUESTS = 200;

/**
 * Everybody who can reach the data of a bucket: whoever some policy seems to let in is tried with a request, and every layer is asked
 * about it. Who is denied is left out.
 */
export function accessTo(model: Model, bucket: Bucket): Access[] {
  const all = candidates(model.inventory, bucket).map((candidate) => tried(model, bucket, candidate));
  const byAccess = new Map<string, Access>();
  for (const one of all.filter(({ decision, doubt }) => doubt !== undefined || decision?.outcome !== AccessOutcome.DENIED)) {
    const { holder, capability, accessPoint } = one;
    const key = [holder.kind, holder.name, capability, accessPoint?.path].join('\n');
    if (!isDecided(byAccess.get(key))) {
      byAccess.set(key, isDecided(one) ? one : byAccess.get(key) ?? one);
    }
  }
  const accesses = [...byAccess.values()];
  return accesses.filter((access) => !accesses.some((wider) => isImplied(access, wider)));
}

/** A candidate with the decision about its request; about another one like it, where that is denied and the other is not. */
function tried(model: Model, bucket: Bucket, candidate: Candidate): Access {
  const { request, doubt } = candidate;
  if (doubt !== undefined || !request) {
    return candidate;
  }
  const decision = decideInAll(model, accessRequest(request));
  const { decidedBy } = decision;
  if (decision.outcome !== AccessOutcome.DENIED || !decidedBy) {
    return { ...candidate, decision };
  }
  const others = likeRequests(bucket, candidate, request).map((other) => ({ ...candidate, request: other, decision: decideInAll(model, accessRequest(other)) }));
  const isOpen = UNLOOKED.includes(decidedBy.layer);
  return others.find((other) => isDecided(other)) ?? others.find((other) => other.decision.outcome !== AccessOutcome.DENIED)
    ?? { ...candidate, decision, doubt: isOpen ? `this request is denied (${decidedBy.reason}), and whether another one is not was not decided` : undefined };
}

/** The same request through an access point, with each action that gives as much, and for each kind of objects that the policy of the bucket tells apart. */
function likeRequests({ facts, policies }: Bucket, { accessPoint, capability }: Candidate, request: PolicyRequest): PolicyRequest[] {
  if (!accessPoint) {
    return [];
  }
  const arn = arnOfAccessPoint(accessPoint);
  const ofObjects = `${arn}/object/`;
  const texts = policies.flatMap(({ policy }) => policy?.statements ?? []).flatMap(({ resource }) => (resource?.members ?? []).map(({ text }) => text.source));
  const keys = texts.filter((text) => text.startsWith(facts.objects)).map((text) => text.slice(facts.objects.length).replace(/[*?]/g, 'any'));
  const objects = [...new Set([request.resource.startsWith(ofObjects) ? request.resource : `${ofObjects}any/object`, ...keys.map((key) => ofObjects + key)])];
  return actionsOf(capability).flatMap((action) => {
    const isOfObject = OBJECT_ACTIONS.includes(action.slice('s3:'.length));
    return (isOfObject ? objects : [arn]).map((resource) => ({ ...request, action, resource }));
  }).slice(0, MOST_LIKE_REQUESTS);
}

/** What everyone may do, accounts and services need not be named for. */
function isImplied({ holder, capability, accessPoint, request }: Access, wider: Access): boolean {
  const isAnybody = holder.name === EVERY_ACCOUNT || holder.name === ANY_SERVICE || (holder.kind === 'account' && request !== undefined && isUnmentioned(request));
  return isDecided(wider) && wider.holder.name === EVERYONE && holder !== wider.holder && isAnybody && capability === wider.capability && accessPoint === wider.accessPoint;
}

export function isDecided(access: Access | undefined): boolean {
  return access?.decision?.outcome === AccessOutcome.ALLOWED;
}

function accessRequest({ principal, action, resource, context }: PolicyRequest): PermissionRequest {
  return { principal: nameOf(principal), action, resource, context: Object.fromEntries([...context].filter(([key]) => !key.startsWith('proof:'))) };
}

function nameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous': return 'anonymous';
    case 'service': return principal.service;
    case 'federated': return principal.provider;
    case 'iam': return principal.sessionArn ?? principal.arn;
  }
}
