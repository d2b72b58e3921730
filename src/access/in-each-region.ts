import { AccessDecision, AccessLayer, AccessOutcome, LayerVerdict } from './access-decision';
import { BucketFacts } from './bucket-facts';
import { PermissionRequest } from './permission-request';
import { arnSegments } from '../policy/pattern';
import { WrongInputError } from '../template/wrong-input';

/** What a multi-Region access point decides if one of its buckets answers. */
interface Answer {
  readonly bucket: BucketFacts;
  readonly decision: AccessDecision;
}

/**
 * Signature Version 4A, by which requests through multi-Region access points are signed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export const SIGNATURE_OF_REGIONS = 'AWS4-ECDSA-P256-SHA256';

/**
 * Whether an ARN is that of an access point of several Regions, which has an alias and names no Region.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-naming.html
 */
export function isMultiRegion(accessPointArn: string | undefined): boolean {
  return accessPointArn !== undefined && arnSegments(accessPointArn)[3] === '' && accessPointArn.endsWith('.mrap');
}

/** What multi-Region access points offer; of copies, AWS has said so of none, then of those into them. */
const OPERATIONS = new Set([
  ...['Get', 'Put'].flatMap((verb) => ['', 'Acl', 'Tagging', 'LegalHold', 'Retention'].map((what) => `${verb}Object${what}`)),
  ...['HeadObject', 'DeleteObject', 'DeleteObjectTagging', 'RestoreObject', 'ListObjectsV2', 'ListMultipartUploads', 'ListParts', 'UploadPart'],
  ...['Create', 'Complete', 'Abort'].map((verb) => `${verb}MultipartUpload`),
].map((name) => name.toLowerCase()));

/** What of a request tells where it goes, and from where it copies. */
interface Asked {
  readonly resource: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Makes sure that AWS documents an operation of a request through a multi-Region access point.
 *
 * @throws WrongInputError if it does not: nothing is known of what S3 would answer
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MrapOperations.html
 */
export function assertOfferedInEachRegion({ resource, headers = {} }: Asked, operation: string): void {
  const isThroughOne = isThroughMultiRegion(resource) || Object.values(headers).some((value) => /\.mrap(?:\/|%2F|$)/i.test(String(value)));
  if (isThroughOne && !OPERATIONS.has(operation.toLowerCase())) {
    throw new WrongInputError(`AWS does not document that multi-Region access points offer '${operation}': it is not decided. Ask about the bucket.`);
  }
}

/** Whether the ARN of a request names a multi-Region access point, or an object behind one. */
export function isThroughMultiRegion(resource: string): boolean {
  return isMultiRegion(/^(.*?:accesspoint\/[^/]+)/.exec(resource)?.[1]);
}

/**
 * Decides a request through a multi-Region access point. Any of its buckets may answer: where that makes a difference, the request is not decided.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html
 */
export function decideInEachRegion(request: PermissionRequest, buckets: readonly BucketFacts[], decide: (bucket: BucketFacts) => AccessDecision): AccessDecision {
  const answers = buckets.map((bucket): Answer => ({ bucket, decision: decide(bucket) }));
  const [first, ...others] = answers;
  const other = others.find(({ decision }) => decision.outcome !== first.decision.outcome);
  const assumptions = [...new Map(answers.flatMap(({ decision }) => decision.assumptions).map((assumption) => [assumption.sentence, assumption])).values()];
  if (!other) {
    const { outcome, decidedBy, layers } = first.decision;
    return new AccessDecision({ request, outcome, decidedBy, layers, assumptions });
  }
  const having = (outcome: AccessOutcome) => [first, other].find(({ decision }) => decision.outcome === outcome);
  const strict = having(AccessOutcome.DENIED) ?? having(AccessOutcome.NOT_DECIDED)!;
  const { layers, decidedBy: decided } = strict.decision;
  const layer = decided ?? layers.find((one) => one.layer === AccessLayer.BUCKET_POLICY)!;
  const open = {
    ...layer,
    verdict: LayerVerdict.NOT_DECIDED,
    reason: `It depends on the bucket that answers: from ${place(first)} the request is ${outcomeText(first)}, from ${place(other)} ${outcomeText(other)}. From '${strict.bucket.name}': ${layer.reason}`,
  };
  return new AccessDecision({ request, outcome: AccessOutcome.NOT_DECIDED, decidedBy: open, layers: layers.map((one) => (one === layer ? open : one)), assumptions });
}

function place({ bucket: { name, region } }: Answer): string {
  return region === undefined ? `'${name}'` : `'${name}' (${region})`;
}

function outcomeText({ decision }: Answer): string {
  return decision.outcome === AccessOutcome.NOT_DECIDED ? 'not decided' : decision.outcome;
}
