import { AccessAssumption, AccessDecision, AccessLayer, AccessOutcome, LayerDecision, LayerVerdict } from './access-decision';
import { Authorization, authorize } from './authorization';
import { blockPublicAccess } from './block-public-access';
import { BucketFacts } from './bucket-facts';
import { Caller, callerNamed, isSameAccount, withBoundary, withRole } from './caller';
import { endpointPolicy } from './endpoint-policy';
import { judgeIdentity } from './identity';
import { decideInEachRegion, isMultiRegion, SIGNATURE_OF_REGIONS } from './in-each-region';
import { Call, judge, Judgement, NOTHING_SAID, statementName, unknownPolicies } from './judgement';
import { kmsKey } from './kms-key';
import { AccessPointFacts, Model } from './model';
import { objectOwnership } from './object-ownership';
import { resourceControlPolicies, serviceControlPolicies } from './organization-policies';
import { PermissionRequest } from './permission-request';
import { provide } from './provide';
import { Question } from './question';
import { SourcedPolicy } from './sourced-policy';
import { targetOf } from './target';
import { isOfferedInEachRegion } from '../aws/multi-region-operations';
import { own } from '../own';
import { parsePolicy } from '../policy/document';
import { every, Truth } from '../policy/truth';
import { isUnknown, readable, UNDETERMINED } from '../policy/unknown-text';
import { WrongInputError } from '../template/wrong-input';

/**
 * Decides a request, layer by layer.
 *
 * @throws WrongInputError if the request names nobody, nothing, or no action of S3
 */
export function decide(model: Model, request: PermissionRequest): AccessDecision {
  const { accessPointArn } = targetOf(request.action, request.resource);
  if (accessPointArn === undefined || !isMultiRegion(accessPointArn)) {
    return decideAt(model, request);
  }
  if (!isOfferedInEachRegion(request.action)) {
    throw new WrongInputError(`AWS does not document that multi-Region access points offer '${request.action}': it is not decided. Ask about the bucket.`);
  }
  return decideInEachRegion(request, bucketsBehind(model, accessPointArn), ({ name }) => decideAt(model, request, name));
}

function bucketsBehind(model: Model, accessPointArn: string): BucketFacts[] {
  const { bucketNames } = model.accessPoint(accessPointArn);
  if (bucketNames === undefined) {
    throw new WrongInputError(`It is not known to which buckets the access point '${accessPointArn}' leads. Provide 'accessPoints.${accessPointArn}.buckets' in the assumptions.`);
  }
  return bucketNames.map((name) => model.bucket(name));
}

/** @param answering the bucket that answers, where there are several behind the access point */
function decideAt(model: Model, request: PermissionRequest, answering?: string): AccessDecision {
  const question = questionOf(model, request, answering);
  const { target, accessPoint, bucket } = question;
  const bucketCall: Call = { action: target.action, resource: `${bucket.arn}${target.key === undefined ? '' : `/${target.key}`}` };
  const calls = accessPoint ? [{ action: target.action, resource: target.arn }, bucketCall] : [bucketCall];
  const ownership = objectOwnership(question);
  const authorizations = accessPoint ? throughAccessPoint(question, accessPoint, calls[0], bucketCall, ownership.grants) : [directly(question, bucketCall, ownership.grants)];
  const before = [
    blockPublicAccess(question),
    serviceControlPolicies(question, calls[0]),
    resourceControls(question, calls),
    endpointPolicy(question, calls),
  ];
  const after = [needed(ownership.decision, authorizations), kmsKey(question)];
  const layers = [...before, ...layersOf(authorizations, accessPoint), ...after].map(asText);
  const allowed = every([...[...before, ...after].map(truthOf), ...authorizations.map((authorization) => authorization.allowed)], (truth) => truth);
  return new AccessDecision({ request, ...outcomeOf(allowed, layers), layers, assumptions: [...question.assumed.values(), ...assumedDefaults(model)] });
}

function assumedDefaults({ deployment }: Model): AccessAssumption[] {
  return deployment.assumedDefaults.map(({ sentence, givenBy }) => ({ sentence, givenBy }));
}

function questionOf(model: Model, request: PermissionRequest, answering?: string): Question {
  const target = targetOf(request.action, request.resource);
  const accessPoint = target.accessPointArn === undefined ? undefined : model.accessPoint(target.accessPointArn);
  const bucketName = target.bucketName ?? answering ?? accessPoint?.bucketName;
  if (bucketName === undefined) {
    throw new WrongInputError(`It is not known to which bucket the access point '${target.accessPointArn}' leads. Provide 'accessPoints.${target.accessPointArn}.bucket' in the assumptions.`);
  }
  (request.sessionPolicies ?? []).forEach((document, i) => refuseBadPolicy(document, `sessionPolicies[${i}]`));
  return new Question(model, request, knownCaller(model, callerNamed(request.principal)), target, model.bucket(bucketName), accessPoint, givenContext(request.context ?? {}));
}

/** The ARN of a session leaves out the path of its role. What a boundary has to do with the caller, other policies ask, too. */
function knownCaller(model: Model, caller: Caller): Caller {
  const arn = caller.roleName === undefined ? undefined : model.roleNamed(caller.account!, caller.roleName);
  const known = arn === undefined ? caller : withRole(caller, arn);
  return hasBoundary(model, known.identityArn) ? withBoundary(known) : known;
}

function hasBoundary(model: Model, arn: string | undefined): boolean {
  const given = own(model.given.principals, arn)?.permissionsBoundary;
  return arn !== undefined && given !== null && (given !== undefined || model.identity(arn)?.property('PermissionsBoundary') !== undefined);
}

function givenContext(context: Readonly<Record<string, unknown>>): Map<string, readonly string[]> {
  return new Map(Object.entries(context).map(([key, value]): [string, readonly string[]] => {
    const values = value === null ? [] : [value].flat();
    if (!/^[A-Za-z0-9.-]+:.+$/s.test(key)) {
      throw new WrongInputError(`'${key}' is no condition key. Name one such as 'aws:SourceVpce'.`);
    }
    if (!values.every((one) => ['string', 'number', 'boolean'].includes(typeof one))) {
      throw new WrongInputError(`The condition key '${key}' has a value that is no text, number, boolean or list of them.`);
    }
    return [key.toLowerCase(), values.map(String)];
  }));
}

function refuseBadPolicy(document: unknown, path: string): void {
  try {
    parsePolicy(document);
  } catch (error) {
    throw new WrongInputError(`${path} is no policy: ${(error as Error).message}`);
  }
}

function directly(question: Question, call: Call, listGrants: Truth): Authorization {
  return authorize(question, call, judgeIdentity(question, call), {
    layer: AccessLayer.BUCKET_POLICY,
    name: 'the bucket policy',
    judgement: bucketJudgement(question, call),
    account: question.bucket.account,
    otherGrant: listGrants,
  });
}

/**
 * The access point and its bucket decide, each by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 */
function throughAccessPoint(question: Question, accessPoint: AccessPointFacts, pointCall: Call, bucketCall: Call, listGrants: Truth): Authorization[] {
  const identity = judgeIdentity(question, pointCall);
  const onBucket = judgeIdentity(question, bucketCall);
  const point = authorize(question, pointCall, identity, {
    layer: AccessLayer.ACCESS_POINT_POLICY,
    name: 'the access point policy',
    judgement: accessPointJudgement(question, accessPoint, pointCall),
    account: accessPoint.account,
    otherGrant: false,
  });
  const bucket = authorize(question, bucketCall, withoutDoubtfulDenies(onBucket), {
    layer: AccessLayer.BUCKET_POLICY,
    name: 'the bucket policy',
    judgement: bucketJudgement(question, bucketCall),
    account: question.bucket.account,
    otherGrant: listGrants,
    accessPoint: { allows: identity.identity ? identity.identity.allows : false },
  });
  return [refused(question, accessPoint, point) ?? withNetwork(question, accessPoint, point), bucket];
}

/**
 * What no access point answers, whatever its policy says.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
 */
function refused(question: Question, { arn }: AccessPointFacts, { layers }: Authorization): Authorization | undefined {
  const given = (key: string) => question.given.get(key)?.[0];
  const why = question.caller.principal.kind === 'anonymous' ? ['the request is not signed', 'Sign the request.']
    : given('aws:securetransport')?.toLowerCase() === 'false' ? ['the request comes over plain HTTP', 'Send the request over HTTPS.']
      : isMultiRegion(arn) && Number(given('s3:tlsversion') ?? 1.2) < 1.2 ? ['the request uses TLS older than 1.2', 'Use TLS 1.2.']
        : isMultiRegion(arn) && ![undefined, SIGNATURE_OF_REGIONS].includes(given('s3:signatureversion'))
          ? ['the request is signed for one Region, and a multi-Region access point needs Signature Version 4A', `Sign the request by Signature Version 4A ('s3:signatureversion' is '${SIGNATURE_OF_REGIONS}').`]
          : given('s3:signatureversion') === 'AWS' ? ['the request is signed by Signature Version 2', 'Sign the request by Signature Version 4.'] : undefined;
  const layer = AccessLayer.ACCESS_POINT_POLICY;
  return why && {
    allowed: false,
    layers: layers.map((decision) => (decision.layer === layer ? {
      layer, verdict: LayerVerdict.DENIES, statements: [], reason: `Access points answer signed requests over HTTPS alone, by Signature Version 4: ${why[0]}.`, remedy: why[1],
    } : decision)),
  };
}

/** Whether policies of identities that deny access to a bucket deny access through its access points is not documented. */
function withoutDoubtfulDenies(judgements: ReturnType<typeof judgeIdentity>): ReturnType<typeof judgeIdentity> {
  const doubtful = (judgement: Judgement | undefined): Judgement | undefined => {
    const deny = judgement?.denies && judgement.applying.find(({ statement }) => statement.effect === 'Deny');
    return deny ? {
      ...judgement,
      denies: undefined,
      undecided: [...judgement.applying, ...judgement.undecided],
      applying: [],
      unknown: `AWS does not document whether a deny on the bucket (${statementName(deny.statement)}) reaches requests through its access points`,
      givenBy: undefined,
      remedy: 'Deny it on the access point, too, or exempt requests through it from the deny.',
    } : judgement;
  };
  return { identity: doubtful(judgements.identity), boundary: doubtful(judgements.boundary), session: doubtful(judgements.session) };
}

/** An access point of a VPC answers only what comes from there. */
function withNetwork(question: Question, { vpc }: AccessPointFacts, authorization: Authorization): Authorization {
  const from = vpc === undefined ? undefined : question.value('aws:sourcevpc');
  if (vpc === undefined || from === vpc) {
    return authorization;
  }
  const isOpen = isUnknown(vpc) || from === UNDETERMINED;
  if (isOpen && authorization.allowed === false) {
    return authorization;
  }
  const network = isOpen ? openNetwork(question, vpc, from) : {
    layer: AccessLayer.ACCESS_POINT_POLICY,
    verdict: LayerVerdict.DENIES,
    statements: [],
    reason: `The access point is reached from the VPC ${vpc} alone, and the request comes from ${from ?? 'no VPC'}.`,
    remedy: "Send the request through a VPC endpoint of that VPC ('aws:SourceVpce', 'aws:SourceVpc').",
  };
  return { allowed: isOpen ? undefined : false, layers: authorization.layers.map((decision) => (decision.layer === network.layer ? network : decision)) };
}

function openNetwork({ unknownKeys }: Question, vpc: string, from: string | undefined): LayerDecision {
  const isOnRequest = from === UNDETERMINED;
  return {
    layer: AccessLayer.ACCESS_POINT_POLICY,
    verdict: LayerVerdict.NOT_DECIDED,
    statements: [],
    reason: `The access point is reached from ${isUnknown(vpc) ? 'one VPC' : `the VPC ${vpc}`} alone, and ${isOnRequest ? 'from which VPC the request comes is not known.' : `whether that is ${from} is not known before deployment.`}`,
    remedy: provide(isOnRequest ? unknownKeys.get('aws:sourcevpc') ?? 'context aws:SourceVpc' : 'parameters'),
  };
}

function accessPointJudgement(question: Question, { policy, isKnown, arn }: AccessPointFacts, call: Call): Judgement {
  return isKnown ? judge(question, policy ? [policy] : [], call) : unknownPolicies('the access point is not in the templates', `accessPoints.${arn}.policy`);
}

function bucketJudgement(question: Question, call: Call): Judgement {
  const { bucket, caller } = question;
  const [policy, another] = bucket.policies;
  if (another) {
    return {
      ...NOTHING_SAID,
      denies: undefined,
      allows: undefined,
      unknown: `the templates have several policies for the bucket '${bucket.name}', and which one replaces the other is not known`,
      remedy: 'Keep one of them: S3 stores one policy a bucket.',
    };
  }
  if (!bucket.isPolicyKnown) {
    return { ...unknownPolicies(`the policy of the bucket '${bucket.name}' is not in the templates`, `buckets.${bucket.name}.policy`), denies: undefined };
  }
  const isOwnersRoot = caller.kind === 'root' && isSameAccount(caller.account, bucket.account) === true;
  return policy && !(isOwnersRoot && ROOT_ALWAYS.includes(call.action)) ? judge(question, [policy] as SourcedPolicy[], call) : NOTHING_SAID;
}

/**
 * What the root user of a bucket's account may do, whatever the bucket policy says.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
const ROOT_ALWAYS = ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'];

/** The policies of the accounts that own the bucket and the access point: the strictest counts. */
function resourceControls(question: Question, calls: readonly Call[]): LayerDecision {
  const { bucket, accessPoint } = question;
  const decisions = calls.map((call, i) => resourceControlPolicies(question, call, i === 0 && accessPoint ? accessPoint.account : bucket.account));
  return decisions.find((decision) => truthOf(decision) === false) ?? decisions.find((decision) => truthOf(decision) === undefined) ?? decisions.at(-1)!;
}

/** The layers of the policies: those of the caller once, then those of the access point and of the bucket. */
function layersOf(authorizations: readonly Authorization[], accessPoint: AccessPointFacts | undefined): LayerDecision[] {
  const [first, second] = authorizations.map(({ layers }) => layers);
  if (!second) {
    const [identity, boundary, session, bucket] = first;
    return [identity, boundary, session, { layer: AccessLayer.ACCESS_POINT_POLICY, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'The request goes through no access point.' }, bucket];
  }
  const isOpen = authorizations[1].allowed === undefined;
  const strictest = first.slice(0, 3).map((decision, i) => (isOpen && truthOf(decision) === true && truthOf(second[i]) === undefined ? second[i] : decision));
  return accessPoint ? [...strictest, first[3], second[3]] : strictest;
}

/** Lists of which nothing is known matter only where policies do not suffice. */
function needed(decision: LayerDecision, authorizations: readonly Authorization[]): LayerDecision {
  return decision.verdict === LayerVerdict.NOT_DECIDED && authorizations.every(({ allowed }) => allowed === true)
    ? { ...decision, verdict: LayerVerdict.NO_STATEMENT, reason: 'Policies suffice: access control lists need not allow the request.', remedy: undefined } : decision;
}

/** A decision as people read it, names of unknown values and all. */
function asText(decision: LayerDecision): LayerDecision {
  const { reason, remedy, demand } = decision;
  const said = (name: string, text: string | undefined) => (text === undefined ? {} : { [name]: readable(text) });
  return isUnknown(reason + (remedy ?? '') + (demand ?? '')) ? { ...decision, reason: readable(reason), ...said('remedy', remedy), ...said('demand', demand) } : decision;
}

/** Whether a layer stands in the way. */
function truthOf({ verdict }: LayerDecision): Truth {
  return verdict === LayerVerdict.NOT_DECIDED ? undefined : verdict !== LayerVerdict.DENIES && verdict !== LayerVerdict.DOES_NOT_ALLOW;
}

function outcomeOf(allowed: Truth, layers: readonly LayerDecision[]): { outcome: AccessOutcome; decidedBy?: LayerDecision } {
  const first = (verdict: LayerVerdict) => layers.find((decision) => decision.verdict === verdict);
  switch (allowed) {
    case true: return { outcome: AccessOutcome.ALLOWED };
    case false: return { outcome: AccessOutcome.DENIED, decidedBy: first(LayerVerdict.DENIES) ?? first(LayerVerdict.DOES_NOT_ALLOW) };
    default: return { outcome: AccessOutcome.NOT_DECIDED, decidedBy: first(LayerVerdict.NOT_DECIDED) };
  }
}
