import { AccessDecision, AccessLayer, AccessOutcome, LayerVerdict } from './access-decision';
import { isThroughMultiRegion } from './in-each-region';
import type { Model } from './model';
import { PermissionRequest } from './permission-request';
import { provide } from './provide';
import { OF_ENDPOINTS } from './question';
import { jsonText } from '../policy/json';
import { isUnknown } from '../policy/unknown-text';

/**
 * The service whose interface endpoints alone lead to multi-Region access points.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointsPrivateLink.html
 */
export const OF_MULTI_REGION = /\.s3-global\.accesspoint$/;

const ENDPOINT = 'aws:sourcevpce';

/**
 * Decides a request that comes through a VPC endpoint which it does not name: by each endpoint at hand through which it may come. Where that makes a
 * difference, the request is not decided.
 */
export function decideByEndpoints(model: Model, request: PermissionRequest, decide: (request: PermissionRequest) => AccessDecision): AccessDecision {
  const endpoints = possibleEndpoints(model, request);
  if (endpoints.length === 0) {
    return decide(request);
  }
  const decisions = endpoints.map((id) => decide({ ...request, context: { ...request.context, 'aws:SourceVpce': id } }));
  const [first, ...others] = decisions;
  const other = others.find(({ outcome }) => outcome !== first.outcome);
  const { outcome, decidedBy, layers, assumptions } = first;
  if (!other) {
    const sentence = `The request comes through ${endpoints.length === 1 ? `the VPC endpoint ${endpoints[0]}` : `one of the VPC endpoints ${endpoints.join(', ')}`}.`;
    return new AccessDecision({ request, outcome, decidedBy, layers, assumptions: [...assumptions, { sentence, givenBy: 'context aws:SourceVpce' }] });
  }
  const layer = decidedBy ?? other.decidedBy ?? layers.find((one) => one.layer === AccessLayer.VPC_ENDPOINT_POLICY)!;
  const reason = `It depends on the VPC endpoint through which the request comes: through ${endpoints[0]} it is ${outcome}, through ${endpoints[decisions.indexOf(other)]} ${other.outcome}.`;
  const open = { ...layer, verdict: LayerVerdict.NOT_DECIDED, reason, remedy: provide('context aws:SourceVpce') };
  return new AccessDecision({ request, outcome: AccessOutcome.NOT_DECIDED, decidedBy: open, layers: layers.map((one) => (one.layer === layer.layer ? open : one)), assumptions });
}

/** The endpoints for S3 at hand whose VPC and account are those of the request, where it says that it comes through one and not through which. */
function possibleEndpoints({ deployment, given }: Model, { context = {}, resource }: PermissionRequest): string[] {
  const keys = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value ?? []].flat().map(jsonText)]));
  if (keys.has(ENDPOINT) || !OF_ENDPOINTS.some((key) => (keys.get(key)?.length ?? 0) > 0)) {
    return [];
  }
  const fits = (key: string, value: unknown) => value === undefined || typeof value !== 'string' || isUnknown(value) || (keys.get(key)?.includes(value) ?? true);
  const written = deployment.ofType('AWS::EC2::VPCEndpoint')
    .filter((endpoint) => isForS3(endpoint.property('ServiceName'), resource) && fits('aws:sourcevpc', endpoint.property('VpcId')) && fits('aws:vpceaccount', endpoint.stack.account))
    .map((endpoint) => endpoint.reference('Ref')!);
  const others = Object.entries(given.endpoints ?? {}).filter(([, { type }]) => type !== 'Gateway' || !isThroughMultiRegion(resource)).filter(([, { vpc, account }]) => fits('aws:sourcevpc', vpc) && fits('aws:vpceaccount', account)).map(([id]) => id);
  return [...new Set([...written, ...others])];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html */
function isForS3(service: unknown, resource: string): boolean {
  return typeof service !== 'string' || isUnknown(service) || (isThroughMultiRegion(resource) ? OF_MULTI_REGION : /\.s3(?:-global\.accesspoint)?$/).test(service);
}
