import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail } from './guardrail';
import { youngPresignedUrls } from '../guarantees/presigned-urls';
import { Guarantee } from '../proof/guarantee';
import { unscopedRefusal } from '../refusal';

const LONGEST_SIGNATURE = Duration.days(7); // the longest that a SigV4 signature is valid

/** Properties of `LimitPresignedUrlAge`. */
export interface LimitPresignedUrlAgeProps {
  /** How long after signing a presigned URL may be used: above zero, at most seven days (S3's own limit). */
  readonly maxAge: Duration;
}

/**
 * Denies presigned URLs that were signed longer ago than the limit, whatever expiry their signer gave them; and
 * presigned URLs of Signature Version 2, whose age S3 does not tell (it reports zero).
 *
 * Guide, Section 10. Sids: `DenyOldPresignedUrls`, `DenySigV2PresignedUrls`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export class LimitPresignedUrlAge extends Guardrail {
  public readonly name = 'LimitPresignedUrlAge';
  public readonly requirement: string;
  private readonly maxAge: Duration;

  /** @throws UnscopedValidationError if `maxAge` is not above zero or longer than seven days */
  constructor(props: LimitPresignedUrlAgeProps) {
    super();
    this.maxAge = props.maxAge;
    const age = this.maxAge.toMilliseconds();
    if (age <= 0 || age > LONGEST_SIGNATURE.toMilliseconds()) {
      throw unscopedRefusal('UnusablePresignedUrlAge', this.name, {
        problem: `a maximum age of ${this.maxAge.toHumanString()} ${age <= 0 ? 'denies every presigned URL' : 'limits nothing: no signature is valid for longer than 7 days'}.`,
        remedy: 'Use a duration above zero and up to 7 days.',
      });
    }
    this.requirement = `Presigned URLs are used within ${this.maxAge.toHumanString()} of signing.`;
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.objectsArn] };
    const presigned = { 's3:authType': 'REST-QUERY-STRING' };
    return [
      {
        ...everything,
        sid: 'DenyOldPresignedUrls',
        conditions: { StringEquals: presigned, NumericGreaterThan: { 's3:signatureAge': this.maxAge.toMilliseconds() } },
      },
      {
        ...everything,
        sid: 'DenySigV2PresignedUrls',
        conditions: { StringEquals: { ...presigned, 's3:signatureversion': 'AWS' } },
      },
    ];
  }

  /** @internal */
  public _guarantees(): Guarantee[] {
    return [youngPresignedUrls(this.maxAge.toMilliseconds())];
  }
}
