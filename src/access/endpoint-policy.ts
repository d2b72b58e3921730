import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { explicit, open } from './authorization';
import { callerName } from './caller';
import { OF_MULTI_REGION } from './endpoints-of-vpc';
import { isMultiRegion } from './in-each-region';
import { Call, judge, Judgement } from './judgement';
import type { Question } from './question';
import { SourcedPolicy } from './sourced-policy';
import { isUnknown } from '../policy/unknown-text';
import { isUnknownValue } from '../template/settings';

const layer = AccessLayer.VPC_ENDPOINT_POLICY;

/**
 * What the policy of the VPC endpoint says, through which the request comes. Through an access point, it has to let both the
 * access point and the bucket through.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
 */
export function endpointPolicy(question: Question, calls: readonly Call[]): LayerDecision {
  const { endpointId, model } = question;
  if (endpointId === undefined && question.isThroughEndpoint) {
    return unnamedEndpoint(question);
  }
  if (endpointId === undefined) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'The request comes through no VPC endpoint.' };
  }
  const { resource, given } = model.endpoint(endpointId);
  const unsuitable = isMultiRegion(question.accessPoint?.arn) ? unsuitableForMultiRegion(question, endpointId, resource?.property('ServiceName') ?? given?.type) : undefined;
  if (unsuitable) {
    return unsuitable;
  }
  const written = resource && model.inventory.policyOf(resource, 'PolicyDocument');
  const document = written ?? (given?.policy ? model.givenPolicy(given.policy, `endpoints.${endpointId}.policy`) : undefined);
  if (!document) {
    return resource || given?.policy === null ? { layer, verdict: LayerVerdict.ALLOWS, statements: [], reason: `The endpoint ${endpointId} has the default policy, which allows everything.` } : unknownEndpoint(question, endpointId);
  }
  const writtenType: unknown = resource?.property('VpcEndpointType');
  const type = given?.type ?? (isUnknownValue(writtenType) ? undefined : writtenType ?? (resource ? 'Gateway' : undefined));
  const decisions = calls.map((call) => decideCall(question, endpointId, document, call, type));
  return decisions.find(({ verdict }) => verdict === LayerVerdict.DENIES) ?? decisions.find(({ verdict }) => verdict === LayerVerdict.DOES_NOT_ALLOW)
    ?? decisions.find(({ verdict }) => verdict === LayerVerdict.NOT_DECIDED) ?? decisions[0];
}

/** Gateway endpoints, and interface endpoints for S3 in one Region, do not lead to multi-Region access points. */
function unsuitableForMultiRegion(question: Question, endpointId: string, service: unknown): LayerDecision | undefined {
  const isOpen = service === undefined || service === 'Interface';
  if (isOpen) {
    question.assume(`The VPC endpoint ${endpointId} is an interface endpoint for com.amazonaws.s3-global.accesspoint.`, `endpoints.${endpointId}.type`);
  }
  const isUnclear = isUnknownValue(service) || (typeof service === 'string' && isUnknown(service));
  return isOpen || (!isUnclear && OF_MULTI_REGION.test(String(service))) ? undefined : {
    layer,
    verdict: isUnclear ? LayerVerdict.NOT_DECIDED : LayerVerdict.DENIES,
    statements: [],
    reason: isUnclear ? `It is not known whether the VPC endpoint ${endpointId} is one for multi-Region access points.`
      : `The VPC endpoint ${endpointId} does not lead to multi-Region access points: interface endpoints for com.amazonaws.s3-global.accesspoint alone do.`,
    remedy: 'Send the request through an interface endpoint for com.amazonaws.s3-global.accesspoint.',
  };
}

function unnamedEndpoint(question: Question): LayerDecision {
  question.assume('The policy of the VPC endpoint through which the request comes lets it through.', 'context aws:SourceVpce');
  return { layer, verdict: LayerVerdict.ASSUMED, statements: [], reason: 'The request comes through a VPC endpoint that it does not name: assumed that the policy of the endpoint lets it through.' };
}

function unknownEndpoint(question: Question, endpointId: string): LayerDecision {
  const made = question.model.deployment.ofType('AWS::EC2::VPCEndpoint').map(({ path }) => path);
  if (made.length > 0 && /^vpce-/.test(endpointId)) {
    question.assume(`The VPC endpoint ${endpointId} is none of those in the templates (${made.join(', ')}).`, 'physicalIds');
  }
  const sentence = `The policy of the VPC endpoint ${endpointId} lets the request through.`;
  question.assume(sentence, `endpoints.${endpointId}.policy`);
  return { layer, verdict: LayerVerdict.ASSUMED, statements: [], reason: `Not in the templates: assumed that ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` };
}

function decideCall(question: Question, endpointId: string, document: SourcedPolicy, call: Call, type: unknown): LayerDecision {
  const name = `the policy of the VPC endpoint ${endpointId}`;
  const judgement = asGateway(question, judge(question, [document], call), type);
  return explicit(layer, name, call, judgement) ?? open(layer, name, call, judgement, undefined) ?? (judgement.allows
    ? { layer, verdict: LayerVerdict.ALLOWS, statements: [], reason: `The policy of the VPC endpoint ${endpointId} lets ${call.action} through.` }
    : {
      layer,
      verdict: LayerVerdict.DOES_NOT_ALLOW,
      statements: [],
      reason: `The policy of the VPC endpoint ${endpointId} does not let ${callerName(question.caller)} ${call.action} on ${call.resource} through.`,
      remedy: `Allow ${call.action} on ${call.resource} in the policy of the endpoint.`,
    });
}

/**
 * In the policy of a gateway endpoint, an account as principal is its root user alone. Users and roles are to be named by
 * `aws:PrincipalArn`; what they are as principals is not documented.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway
 */
function asGateway({ caller }: Question, judgement: Judgement, type: unknown): Judgement {
  if (type === 'Interface' || caller.kind === 'root' || judgement.applying.every(({ statement }) => statement.principal?.members.some(({ isEveryone }) => isEveryone) ?? true)) {
    return judgement;
  }
  const kept = judgement.applying.filter(({ statement: { principal } }) => !principal || principal.isInverted || principal.members.some(({ isEveryone }) => isEveryone));
  const doubtful = judgement.applying.filter((sourced) => !kept.includes(sourced) && (typeof type !== 'string' || sourced.statement.principal!.members.some(({ account, text }) => account === undefined && !isUnknown(text))));
  const has = (effect: string) => (kept.some(({ statement }) => statement.effect === effect) ? true
    : [...doubtful, ...judgement.undecided].some(({ statement }) => statement.effect === effect) || judgement.unknown?.startsWith('IAM would') ? undefined : false);
  return {
    ...judgement,
    denies: has('Deny'),
    allows: has('Allow'),
    applying: kept,
    undecided: [...judgement.undecided, ...doubtful],
    unknown: judgement.unknown ?? 'what users and roles are as principals of a gateway endpoint is not documented',
  };
}
