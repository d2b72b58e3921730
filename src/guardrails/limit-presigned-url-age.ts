import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail } from './guardrail';
import { DURATION, required, wrongType } from '../prop-types';
import { Control, ControlPolicy, isAboutS3 } from './organization-control';
import { typed } from './typed-props';
import { GuardrailProps } from './unenforceable-behavior';
import { youngPresignedUrls } from '../guarantees/presigned-urls';
import { Guarantee } from '../proof/guarantee';
import { Refusal, refuseAll, refuseAllUnscoped, underProp } from '../refusal';

const LONGEST_SIGNATURE = Duration.days(7); // the longest that a SigV4 signature is valid

const ERROR_NAME = 'UnusablePresignedUrlAge';

/** Properties of `LimitPresignedUrlAge`. */
export interface LimitPresignedUrlAgeProps extends GuardrailProps {
  /** How long after signing a presigned URL may be used: above zero, at most seven days (S3's own limit). */
  readonly maxAge: Duration;
}

/**
 * Denies presigned URLs that were signed longer ago than the limit, whatever expiry their signer gave them; and
 * presigned URLs of Signature Version 2, whose age S3 does not tell (it reports zero).
 *
 * In a `ResourceControlPolicy` or `ServiceControlPolicy` it holds wholly, for S3.
 *
 * Guide, Section 10. Sids: `DenyOldPresignedUrls`, `DenySigV2PresignedUrls`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export class LimitPresignedUrlAge extends Guardrail {
  public readonly name = 'LimitPresignedUrlAge';
  public readonly requirement: string;
  private readonly maxAge: Duration;

  /** @throws UnscopedValidationError if `maxAge` is not above zero or longer than seven days. One that is not known at synthesis is refused where it is applied. */
  constructor(props: LimitPresignedUrlAgeProps) {
    super(typed('LimitPresignedUrlAge', props, { maxAge: required(DURATION) }));
    this.maxAge = props.maxAge;
    if (!isKnownLater(this.maxAge)) {
      refuseAllUnscoped(ERROR_NAME, this.name, underProp('maxAge', unusablePresignedUrlAge(this.maxAge)));
    }
    this.requirement = `Presigned URLs are used within ${this.maxAge.toHumanString()} of signing.`;
  }

  /** @internal */
  public _obstacle({ site }: GuardedBucket): undefined {
    refuseAll(site, ERROR_NAME, isKnownLater(this.maxAge) ? underProp(this.name, unusablePresignedUrlAge(this.maxAge)) : []);
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.objectsArn] };
    return this.denials.map((denial) => ({ ...everything, ...denial }));
  }

  /** @internal */
  public _controls(policy: ControlPolicy): Control[] | Refusal {
    const [unusable] = isAboutS3(policy) ? unusablePresignedUrlAge(this.maxAge) : [{ problem: 'presigned URLs of other services than S3 cannot be limited.', remedy: "Add S3 to 'services', or leave it out." }];
    return unusable ?? this.denials.map((denial) => ({ ...denial, actions: ['s3:*'] }));
  }

  /** @internal */
  public _guarantees(): Guarantee[] {
    return [youngPresignedUrls(this.maxAge.toMilliseconds())];
  }

  private get denials() {
    const presigned = { 's3:authType': 'REST-QUERY-STRING' };
    return [
      { sid: 'DenyOldPresignedUrls', conditions: { StringEquals: presigned, NumericGreaterThan: { 's3:signatureAge': this.maxAge.toMilliseconds() } } },
      { sid: 'DenySigV2PresignedUrls', conditions: { StringEquals: { ...presigned, 's3:signatureversion': 'AWS' } } },
    ];
  }
}

function isKnownLater(maxAge: Duration): boolean {
  return wrongType(maxAge, DURATION).length === 0 && maxAge.isUnresolved();
}

/** Says what is wrong with the age of presigned URLs; nothing if it can be enforced. */
export function unusablePresignedUrlAge(maxAge: Duration): Refusal[] {
  const wrong = wrongType(maxAge, DURATION);
  if (wrong.length > 0) {
    return wrong;
  }
  if (maxAge.isUnresolved()) {
    return [{ problem: 'the maximum age is not known at synthesis.', remedy: 'Use a duration that is written out.' }];
  }
  const age = maxAge.toMilliseconds({ integral: false });
  const problem = (age <= 0 && 'denies every presigned URL')
    || (age > LONGEST_SIGNATURE.toMilliseconds() && 'limits nothing: no signature is valid for longer than 7 days')
    || (!Number.isInteger(age) && 'cannot be written in whole milliseconds');
  return problem ? [{ problem: `a maximum age of ${maxAge.toHumanString()} ${problem}.`, remedy: 'Use a duration above zero and up to 7 days.' }] : [];
}
