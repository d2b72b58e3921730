import { Reference, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail, TextsOf } from './guardrail';
import { ALGORITHM, CUSTOMER_ALGORITHM, encryptedUploads, KEY_ID, NO_CUSTOMER_PROVIDED_KEYS } from '../guarantees/uploads';
import { Guarantee } from '../proof/guarantee';
import { refusal } from '../refusal';

/** What an upload must say about its encryption. */
export enum EncryptionEnforcement {
  /**
   * An upload that asks for anything but the bucket's key is denied; an upload that asks for nothing gets the
   * bucket's default encryption, which is that key. Works with the console, `BucketDeployment` and the SDKs' defaults.
   */
  REJECT_OTHER = 'REJECT_OTHER',

  /**
   * An upload must ask for the bucket's key by its ARN: the headers `x-amz-server-side-encryption` and
   * `x-amz-server-side-encryption-aws-kms-key-id` are both required.
   */
  REQUIRE_HEADER = 'REQUIRE_HEADER',
}

/** Properties of `RequireEncryption`. */
export interface RequireEncryptionProps {
  /**
   * What an upload must say about its encryption.
   *
   * @default EncryptionEnforcement.REJECT_OTHER
   */
  readonly enforcement?: EncryptionEnforcement;

  /**
   * The key that uploads are pinned to.
   *
   * @default - the key of the bucket's default encryption
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Denies uploads that would be encrypted with anything but the bucket's own KMS key: another algorithm, another key,
 * the AWS managed key (which `aws:kms` without a key id stands for), and keys supplied by the caller (SSE-C).
 *
 * The key is pinned by its full ARN: an upload that names the right key by its id or by an alias is denied too.
 * Replication does not upload, and is judged at the destination bucket.
 *
 * Guide, Section 7.2. Sids: `DenyUnencryptedUploads`, `DenyOtherKeys`, `DenyAwsManagedKey`, `DenyCustomerProvidedKeys`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 */
export class RequireEncryption extends Guardrail {
  public readonly name = 'RequireEncryption';
  public readonly requirement: string;
  private readonly enforcement: EncryptionEnforcement;
  private readonly encryptionKey?: kms.IKey;

  constructor(props: RequireEncryptionProps = {}) {
    super();
    this.enforcement = props.enforcement ?? EncryptionEnforcement.REJECT_OTHER;
    this.encryptionKey = props.encryptionKey;
    this.requirement = this.enforcement === EncryptionEnforcement.REQUIRE_HEADER
      ? "Uploads name the bucket's own KMS key."
      : "Uploads are encrypted with the bucket's own KMS key.";
  }

  /**
   * Writes the guardrail's statements into the bucket's policy. An `AccessLogBucket` is left alone: S3 delivers access logs to
   * buckets that are encrypted with SSE-S3 only.
   *
   * @throws ValidationError if the bucket's key is not known
   */
  public applyTo(construct: IConstruct): void {
    if (this.supports(construct) && !GuardedBucket.of(construct).receivesAccessLogs) {
      super.applyTo(construct);
    }
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    const encryption = defaultEncryption(bucket);
    const keyArn = this.keyArn(bucket);
    if (!keyArn) {
      throw refusal(bucket.site, 'UnknownEncryptionKey', {
        problem: 'RequireEncryption cannot tell the ARN of the key that the bucket encrypts with.',
        remedy: "Pass 'encryptionKey', or set the bucket's default encryption to SSE-KMS with the ARN of a customer managed key.",
      });
    }
    const denials = this.enforcement === EncryptionEnforcement.REQUIRE_HEADER
      ? requireHeader(encryption.sseAlgorithm, keyArn)
      : rejectOther(encryption.sseAlgorithm, keyArn);
    return [...denials, denyCustomerProvidedKeys].map((denial) => ({ actions: ['s3:PutObject'], resources: [bucket.objectsArn], ...denial }));
  }

  /** @internal */
  public _guarantees(bucket: GuardedBucket, textsOf: TextsOf): Guarantee[] {
    const [keyArn] = textsOf(this.keyArn(bucket));
    return [encryptedUploads([defaultEncryption(bucket).sseAlgorithm], keyArn, this.enforcement === EncryptionEnforcement.REQUIRE_HEADER), NO_CUSTOMER_PROVIDED_KEYS];
  }

  private keyArn(bucket: GuardedBucket): string | undefined {
    return this.encryptionKey?.keyArn ?? keyArnOf(defaultEncryption(bucket).kmsMasterKeyId);
  }
}

type Denial = Pick<iam.PolicyStatementProps, 'sid' | 'conditions'>;

/** Negated operators match an absent header, which is what "required" means. */
function requireHeader(algorithm: string, keyArn: string): Denial[] {
  return [
    { sid: 'DenyUnencryptedUploads', conditions: { StringNotEquals: { [ALGORITHM]: algorithm } } },
    { sid: 'DenyOtherKeys', conditions: { StringNotEquals: { [KEY_ID]: keyArn } } },
  ];
}

/** `Null … false` keeps uploads without the header out of the denial: default encryption gives them the right key. */
function rejectOther(algorithm: string, keyArn: string): Denial[] {
  return [
    { sid: 'DenyUnencryptedUploads', conditions: { StringNotEquals: { [ALGORITHM]: algorithm }, Null: { [ALGORITHM]: 'false' } } },
    { sid: 'DenyOtherKeys', conditions: { StringNotEquals: { [KEY_ID]: keyArn }, Null: { [KEY_ID]: 'false' } } },
    { sid: 'DenyAwsManagedKey', conditions: { Null: { [ALGORITHM]: 'false', [KEY_ID]: 'true' } } },
  ];
}

const denyCustomerProvidedKeys: Denial = { sid: 'DenyCustomerProvidedKeys', conditions: { Null: { [CUSTOMER_ALGORITHM]: 'false' } } };

interface DefaultEncryption {
  readonly sseAlgorithm: string;
  readonly kmsMasterKeyId?: string;
}

function defaultEncryption(bucket: GuardedBucket): DefaultEncryption {
  const rules = (bucket.cfnBucket?.bucketEncryption as any)?.serverSideEncryptionConfiguration;
  const configured = Array.isArray(rules) ? rules[0]?.serverSideEncryptionByDefault : undefined;
  const isKms = ['aws:kms', 'aws:kms:dsse'].includes(configured?.sseAlgorithm);
  return isKms ? configured : { sseAlgorithm: 'aws:kms' };
}

/** The ARN behind a `KMSMasterKeyID`, which may also be the `Ref` of a key (its id). */
function keyArnOf(keyId: string | undefined): string | undefined {
  const reference = Tokenization.reverse(keyId);
  if (Reference.isReference(reference)) {
    return kms.CfnKey.isCfnKey(reference.target) ? reference.target.attrArn : keyId;
  }
  return reference || keyId?.startsWith('arn:') ? keyId : undefined;
}
