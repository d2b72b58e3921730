/**
 * One kind of delivery of an AWS service: who calls, what it needs, what it sends and what it demands, as AWS documents it.
 *
 * Texts in braces stand for what differs: `{partition}`, `{region}`, `{account}`, `{organization}`, `{ruleSet}` and `{name}` of the source; `{prefix}` of the
 * objects, which is empty or ends with a slash; `{beginning}`, which is the prefix as the service is told it; `{logs}`, which is the same, or
 * `AWSLogs/{account}/` if there is none.
 */
export interface ServiceDelivery {
  /** A name that never changes. */
  readonly id: string;

  /** What people call it. */
  readonly title: string;

  /** What it delivers, as the object of a sentence. */
  readonly delivers: string;
  readonly caller: Caller;
  readonly bucketActions: readonly string[];
  readonly objectActions: readonly string[];

  /** The objects that it works on, as patterns of keys. */
  readonly objects: readonly string[];

  /** What its page asks to allow in the policy of the bucket's key; with bucket keys, what S3 needs beside it. */
  readonly keyActions: readonly string[];

  /** What the key's policy can confine the service to, beside the source. */
  readonly keyContext: KeyContext;
  readonly source: Source;

  /** Whether it sends `x-amz-acl: bucket-owner-full-control`, and the policy may demand it. */
  readonly sendsAcl: boolean;
  readonly files: readonly DeliveredFile[];
  readonly demands: Demands;

  /** Pages of the AWS documentation, the most important one first. */
  readonly pages: readonly string[];
}

/** Whom S3 and KMS see. */
export type Caller = ServiceCaller | RoleCaller;

/** A service principal. */
export interface ServiceCaller {
  readonly kind: 'service';

  /** Its names without the suffix `.amazonaws.com`, the usual one first. */
  readonly names: readonly string[];

  /** Where its name has the Region in it. */
  readonly namesRegion: 'never' | 'in-opt-in-regions' | 'always';

  /** Accounts of AWS that deliver in older Regions instead. */
  readonly accounts?: Readonly<Record<string, string>>;
}

/** A role of the account: nothing in its requests says that a service sends them, so perimeters meet it as any other role. */
export interface RoleCaller {
  readonly kind: 'role';

  /** The service that the role trusts. */
  readonly trusts: string;
}

/**
 * The encryption context by which the use of the key can be confined: that of S3 (the bucket or the object); that of CloudTrail (the trail), which
 * S3 takes instead of its own; `none` where the service does not work with a KMS key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
export type KeyContext = 's3' | 'cloudtrail' | 'none';

/** For what the service calls. */
export interface Source {
  /** The pattern of `aws:SourceArn`; undefined if the page names none. */
  readonly arn?: string;

  /** Whether `aws:SourceAccount` confines it: the page says so, or CloudTrail, whose ARN says it all. */
  readonly hasAccount: boolean;
}

/** How the files of a service are encrypted that it delivers to a bucket. */
export type DeliveryEncryption =
  /** It asks for nothing: the default encryption of the bucket applies, with the key that is named there. */
  | 'default'

  /** Its setting may ask for SSE-S3 or for a key; otherwise the default encryption of the bucket applies. */
  | 'setting'

  /** It asks for SSE-S3, or for a key that its own setting names: the default encryption of the bucket never applies. */
  | 'own'

  /** AWS does not document it. */
  | 'not-documented';

/** One kind of file, and how it is encrypted. */
export interface DeliveredFile {
  readonly name: string;
  readonly encryption: DeliveryEncryption;

  /** What the header `x-amz-server-side-encryption` may ask for. Without a row here, the file is sent without it. */
  readonly asksFor?: readonly ('AES256' | 'aws:kms')[];
}

export type EncryptionKind = 'SSE-S3' | 'SSE-KMS' | 'DSSE-KMS';

/** What a service demands of the bucket. */
export interface Demands {
  /** Default encryptions with which its files arrive. */
  readonly encryption: readonly EncryptionKind[];

  /** Object ownership: `acls` are needed, or have to be disabled; or it does not matter. */
  readonly acls: 'needed' | 'disabled' | 'any';

  /** How the name of the bucket must begin. */
  readonly bucketName?: string;

  /** Whether the bucket must be in the Region and the account of the source. */
  readonly region: Place;
  readonly account: Place;

  /** Whether a default retention (Object Lock) stops it. */
  readonly defaultRetention: 'stops-it' | 'not-documented';

  /** Whether setting it up writes the bucket's policy, if the caller may. */
  readonly writesPolicy: 'replaces' | 'appends' | 'never';
}

export type Place = 'same' | 'any';

/** Where the documentation is. */
export const PAGES = 'https://docs.aws.amazon.com';

/** A principal that is called alike in all Regions. */
export function service(...names: readonly string[]): ServiceCaller {
  return { kind: 'service', names, namesRegion: 'never' };
}

/** A principal with the Region in its name where the Region has to be enabled. */
export function optInService(name: string): ServiceCaller {
  return { kind: 'service', names: [name], namesRegion: 'in-opt-in-regions' };
}

export function role(trusts: string): RoleCaller {
  return { kind: 'role', trusts: `${trusts}.amazonaws.com` };
}

/** What most services demand: nothing but a key that is not the AWS managed one. */
export const FEW_DEMANDS: Demands = {
  encryption: ['SSE-S3', 'SSE-KMS'],
  acls: 'any',
  region: 'any',
  account: 'any',
  defaultRetention: 'not-documented',
  writesPolicy: 'never',
};

/** Objects under a prefix that the service puts before its names as it is. */
export const ANY_OBJECT = '{beginning}*';

/** A pattern with what differs filled in. What stays open may be anything. */
export function filledIn(pattern: string, values: Readonly<Record<string, string | undefined>>): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '*');
}
