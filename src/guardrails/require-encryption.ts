import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { BucketEncryption, encryptionOf } from './bucket-encryption';
import { GuardedBucket, SparedDelivery } from './guarded-bucket';
import { Guardrail, Obstacle, TextsOf } from './guardrail';
import { keyArnBehind } from './key-arn';
import { Control, ControlPolicy, isAboutS3 } from './organization-control';
import { KEY, oneOf, wrongType } from '../prop-types';
import { typed } from './typed-props';
import { GuardrailProps } from './unenforceable-behavior';
import { ALGORITHM, CUSTOMER_ALGORITHM, encryptedAnew, encryptedUploads, KEY_ID, NO_CUSTOMER_PROVIDED_KEYS, otherThan, SparedHeaders, SparedUploads, uploadsByAlgorithm } from '../guarantees/uploads';
import { Guarantee } from '../proof/guarantee';
import { PropRefusal, Refusal, refuseAllUnscoped, sentenceOf, underProp } from '../refusal';

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
export interface RequireEncryptionProps extends GuardrailProps {
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
 * On a bucket that encrypts by default with anything else, it enforces what can be enforced, with a warning: the default's algorithm
 * (AWS services may deliver as they are configured to), and no keys supplied by the caller. An `AccessLogBucket` is left alone: S3
 * delivers access logs to SSE-S3 only.
 *
 * Objects that are there are not encrypted anew with another key either (`s3:UpdateObjectEncryption`).
 *
 * The key is pinned by its full ARN: an upload that names the right key by its id or by an alias is denied too.
 * Replication does not upload, and is judged at the destination bucket.
 *
 * What `allowDelivery` of a bucket lets AWS services deliver is spared as far as the service needs it: for its principal and its sources
 * alone, an upload without the header where that is required, or one with SSE-S3.
 *
 * In a `ResourceControlPolicy` or `ServiceControlPolicy` it means that nobody uploads with keys of their own (SSE-C), and no more: which key a bucket has differs from
 * bucket to bucket, and a deny of SSE-S3 everywhere would stop the deliveries of CloudTrail and the uploads of the CDK's assets. `REQUIRE_HEADER` and an
 * `encryptionKey` are refused there.
 *
 * Guide, Section 7.2. Sids: `DenyUnencryptedUploads`, `DenyOtherKeys`, `DenyAwsManagedKey`, `DenyCustomerProvidedKeys`,
 * `DenyOtherKeysForExistingObjects`; where deliveries are spared, `DenySseS3Uploads…` and `DenyUploadsWithoutHeader…` for everything else.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html
 */
export class RequireEncryption extends Guardrail {
  public readonly name = 'RequireEncryption';
  public readonly requirement: string;
  private readonly enforcement: EncryptionEnforcement;
  private readonly encryptionKey?: kms.IKey;

  /** @throws UnscopedValidationError if `enforcement` is none that there is */
  constructor(props: RequireEncryptionProps = {}) {
    super(typed('RequireEncryption', props, { encryptionKey: KEY }));
    refuseAllUnscoped('UnusableEnforcement', this.name, underProp('enforcement', unusableEnforcement(props.enforcement)));
    this.enforcement = props.enforcement ?? EncryptionEnforcement.REJECT_OTHER;
    this.encryptionKey = props.encryptionKey;
    this.requirement = this.enforcement === EncryptionEnforcement.REQUIRE_HEADER
      ? "Uploads name the bucket's own KMS key."
      : "Uploads are encrypted with the bucket's own KMS key.";
  }

  /** @internal */
  public _concerns({ receivesAccessLogs }: GuardedBucket): boolean {
    return !receivesAccessLogs;
  }

  /** @internal */
  public _obstacle(bucket: GuardedBucket): Obstacle | undefined {
    const { obstacle } = this.hold(bucket);
    return obstacle && { ...obstacle, isPartial: true };
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    const hold = this.hold(bucket);
    return this.denials(hold, this.sparedIn(bucket, hold, (values) => values)).map((denial) => ({ actions: ['s3:PutObject'], resources: [bucket.objectsArn], ...denial }));
  }

  /** @internal */
  public _controls(policy: ControlPolicy): Control[] | Refusal {
    if (!isAboutS3(policy)) {
      return { problem: 'it is about uploads to S3.', remedy: "Add S3 to 'services', or leave it out." };
    }
    return this.isHeaderRequired || this.encryptionKey
      ? { problem: 'no one key can be asked for in the buckets of a whole organization.', remedy: 'Use `new RequireEncryption()`, which denies keys of the caller (SSE-C) there, and ask for keys bucket by bucket.' }
      : [{ ...DENY_CUSTOMER_PROVIDED_KEYS, actions: ['s3:PutObject'] }];
  }

  /** @internal */
  public _guarantees(bucket: GuardedBucket, textsOf: TextsOf): Guarantee[] {
    const hold = this.hold(bucket);
    const { algorithm, keyArn, sparesServices } = hold;
    if (algorithm !== undefined && keyArn !== undefined) {
      const [arn] = textsOf(keyArn);
      return [encryptedUploads([algorithm], arn, this.isHeaderRequired, this.sparedIn(bucket, hold, textsOf)), encryptedAnew(arn), NO_CUSTOMER_PROVIDED_KEYS];
    }
    return [...(algorithm === undefined ? [] : [uploadsByAlgorithm(algorithm, sparesServices ?? false)]), NO_CUSTOMER_PROVIDED_KEYS];
  }

  /** @internal */
  public _sparesDeliveries(): boolean {
    return true;
  }

  /** @internal */
  public _problems(bucket: GuardedBucket): string[] {
    return bucket.isAsEnforced(this) ? [] : [sentenceOf(bucket.site.node.path, {
      problem: 'the default encryption of the bucket was changed after RequireEncryption had been applied, so that the policy asks uploads for another algorithm or key.',
      remedy: bucket.isPrivate ? 'Leave the default encryption as the bucket was made with it.'
        : 'Apply the guardrail last: as an aspect, with a later priority than the aspect that changes the bucket.',
    })];
  }

  private get isHeaderRequired(): boolean {
    return this.enforcement === EncryptionEnforcement.REQUIRE_HEADER;
  }

  /** What uploads to a bucket can be held to. */
  private hold(bucket: GuardedBucket): Hold {
    const encryption = defaultEncryption(bucket);
    if (this.encryptionKey && (encryption.kind !== 'sse-s3' || this.isHeaderRequired)) {
      const [algorithm, arn] = [encryption.kind === 'kms' ? encryption.algorithm : 'aws:kms', keyArnBehind(this.encryptionKey)];
      const hold = heldByDefault({ kind: 'kms', algorithm, key: arn === undefined ? 'unknown' : { arn } });
      return { ...hold, obstacle: hold.obstacle ?? otherThanDefault(arn!, encryption, bucket) };
    }
    return heldByDefault(encryption);
  }

  /** The deliveries that get through although others do not. Where services are spared altogether, or by nothing that they send, there are none. */
  private sparedIn(bucket: GuardedBucket, { algorithm, sparesServices }: Hold, textsOf: (values: string[]) => string[]): SparedHeaders {
    if (algorithm === undefined || sparesServices) {
      return {};
    }
    const together = (deliveries: readonly SparedDelivery[]): SparedUploads | undefined => (deliveries.length === 0 ? undefined : {
      services: textsOf(unique(deliveries.flatMap(({ services }) => services))),
      sourceArns: textsOf(unique(deliveries.flatMap(({ sourceArns }) => sourceArns))),
    });
    return {
      forSseS3: together(bucket.sparedDeliveries.filter(({ mayAskForSseS3 }) => mayAskForSseS3)),
      withoutHeader: this.isHeaderRequired ? together(bucket.sparedDeliveries.filter(({ mayAskForNothing }) => mayAskForNothing)) : undefined,
    };
  }

  private denials({ algorithm, keyArn, isOwnKey, sparesServices = false }: Hold, { forSseS3, withoutHeader }: SparedHeaders): Denial[] {
    const isRequired = this.isHeaderRequired && !sparesServices && withoutHeader === undefined;
    const isKeyRequired = isRequired && forSseS3 === undefined; // an upload with SSE-S3 names no key
    return [
      ...(algorithm === undefined ? [] : [denyOtherAlgorithms([algorithm, ...(forSseS3 ? ['AES256'] : [])], isRequired, sparesServices)]),
      ...(forSseS3 ? unless(forSseS3, 'DenySseS3Uploads', { StringEquals: { [ALGORITHM]: 'AES256' } }) : []),
      ...(withoutHeader ? unless(withoutHeader, 'DenyUploadsWithoutHeader', { Null: { [ALGORITHM]: 'true' } }) : []),
      ...(keyArn === undefined ? [] : [denyOtherKeys(keyArn, isKeyRequired)]),
      ...(isOwnKey && !(isKeyRequired && keyArn !== undefined) ? [forSseS3 ? DENY_AWS_MANAGED_KEY_BESIDE_SSE_S3 : DENY_AWS_MANAGED_KEY] : []),
      DENY_CUSTOMER_PROVIDED_KEYS,
      ...(keyArn === undefined ? [] : [denyOtherKeysForExistingObjects(keyArn)]),
    ];
  }
}

/** Says what is wrong with an enforcement; nothing if there is one, or none. */
export function unusableEnforcement(enforcement: EncryptionEnforcement | undefined): PropRefusal[] {
  return wrongType(enforcement, oneOf(EncryptionEnforcement));
}

/** What uploads to a bucket can be held to: an algorithm and a key, an algorithm alone, or nothing but not to bring keys of their own. */
interface Hold {
  readonly algorithm?: string;
  readonly keyArn?: string;

  /** Whether the key is a customer managed one, also where its ARN is not known. */
  readonly isOwnKey?: boolean;

  /** Whether services deliver with the encryption that they were set up with. */
  readonly sparesServices?: boolean;

  /** Why they cannot be held to the bucket's key. */
  readonly obstacle?: Refusal;
}

/** What is wrong with a key that is given, where the default encryption of the bucket surely has another one. */
function otherThanDefault(arn: string, encryption: BucketEncryption, { site }: GuardedBucket): Refusal | undefined {
  const ofDefault = encryption.kind === 'kms' && typeof encryption.key === 'object' ? encryption.key.arn : undefined;
  const [given, used] = [arn, ofDefault].map((value) => Stack.of(site).resolve(value));
  const isOfApp = (value: unknown) => Array.isArray(Object(value)['Fn::GetAtt']);
  const areComparable = (typeof given === 'string' && typeof used === 'string') || (isOfApp(given) && isOfApp(used));
  return !areComparable || JSON.stringify(given) === JSON.stringify(used) ? undefined : {
    problem: "'encryptionKey' is not the key of the bucket's default encryption: uploads that name no key are encrypted with the one of the default, and uploads that name that one are denied.",
    remedy: "Leave 'encryptionKey' out, or encrypt the bucket with it by default.",
  };
}

const NAME_KEY = "Pass 'encryptionKey', or set the bucket's default encryption to SSE-KMS with the ARN of a customer managed key.";

function heldByDefault(encryption: BucketEncryption): Hold {
  if (encryption.kind === 'sse-s3') {
    return {
      algorithm: 'AES256',
      sparesServices: true,
      obstacle: {
        problem: 'the bucket encrypts by default with SSE-S3, so uploads are held to SSE-S3 instead of a KMS key.',
        remedy: "Set the bucket's default encryption to SSE-KMS with the ARN of a customer managed key, unless it receives what AWS delivers to SSE-S3 only.",
      },
    };
  }
  if (encryption.kind === 'unknown') {
    return { obstacle: { problem: 'the default encryption of the bucket is not known at synthesis, so uploads cannot be held to its key.', remedy: NAME_KEY } };
  }
  const { algorithm, key } = encryption;
  switch (key) {
    case 'aws-managed': return {
      algorithm,
      obstacle: {
        problem: `the bucket encrypts by default with the AWS managed key, so uploads are held to '${algorithm}' but to no key.`,
        remedy: "Set the bucket's default encryption to SSE-KMS with the ARN of a customer managed key.",
      },
    };
    case 'unknown': return {
      algorithm,
      isOwnKey: true,
      obstacle: { problem: `the ARN of the key that the bucket encrypts with cannot be told, so uploads are held to '${algorithm}' but to no key.`, remedy: NAME_KEY },
    };
    default: return { algorithm, keyArn: key.arn, isOwnKey: true };
  }
}

function defaultEncryption({ cfnBucket, importedKey }: GuardedBucket): BucketEncryption {
  if (cfnBucket) {
    return encryptionOf(cfnBucket);
  }
  const arn = importedKey && keyArnBehind(importedKey);
  return importedKey ? { kind: 'kms', algorithm: 'aws:kms', key: arn === undefined ? 'unknown' : { arn } } : { kind: 'unknown' };
}

type Denial = Pick<iam.PolicyStatementProps, 'sid' | 'conditions' | 'actions'>;

/** Negated operators match an absent header. `Null … false` keeps uploads without it out of the denial: default encryption gives them the right key. */
function denyOtherAlgorithms([algorithm, ...others]: string[], isHeaderRequired: boolean, sparesServices: boolean): Denial {
  return {
    sid: 'DenyUnencryptedUploads',
    conditions: {
      StringNotEquals: { [ALGORITHM]: others.length === 0 ? algorithm : [algorithm, ...others] },
      ...(isHeaderRequired ? {} : { Null: { [ALGORITHM]: 'false' } }),
      ...(sparesServices ? { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } : {}),
    },
  };
}

function denyOtherKeys(keyArn: string, isHeaderRequired: boolean): Denial {
  return { sid: 'DenyOtherKeys', conditions: { StringNotEquals: { [KEY_ID]: keyArn }, ...(isHeaderRequired ? {} : { Null: { [KEY_ID]: 'false' } }) } };
}

/** An existing object is encrypted anew with a key that the request names by its ARN: one that does not say the bucket's is denied. */
function denyOtherKeysForExistingObjects(keyArn: string): Denial {
  return { sid: 'DenyOtherKeysForExistingObjects', actions: ['s3:UpdateObjectEncryption'], conditions: { StringNotEquals: { [KEY_ID]: keyArn } } };
}

const DENY_AWS_MANAGED_KEY: Denial = { sid: 'DenyAwsManagedKey', conditions: { Null: { [ALGORITHM]: 'false', [KEY_ID]: 'true' } } };

const DENY_AWS_MANAGED_KEY_BESIDE_SSE_S3: Denial = { ...DENY_AWS_MANAGED_KEY, conditions: { ...DENY_AWS_MANAGED_KEY.conditions, StringNotEquals: { [ALGORITHM]: 'AES256' } } };

/** Denies uploads unless they are spared deliveries. Conditions of one statement are all met: principal and source take a statement each. */
function unless(spared: SparedUploads, sid: string, uploads: Record<string, unknown>): Denial[] {
  const [ofOtherSources, ofOtherServices] = otherThan(spared);
  return [
    { sid: `${sid}ForOtherSources`, conditions: { ...uploads, ...ofOtherSources } },
    { sid: `${sid}ByOtherServices`, conditions: { ...uploads, ...ofOtherServices } },
  ];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

const DENY_CUSTOMER_PROVIDED_KEYS = { sid: 'DenyCustomerProvidedKeys', conditions: { Null: { [CUSTOMER_ALGORITHM]: 'false' } } };
