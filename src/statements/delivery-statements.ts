import * as iam from 'aws-cdk-lib/aws-iam';
import { ServiceDelivery } from '../aws/services';

/** What a service delivers for, and where to: values of one template. */
export interface DeliveryPlace {
  /** Service principals. */
  readonly services: readonly string[];

  /** The accounts that `aws:SourceAccount` may name; none if the service is not confined by it. */
  readonly sourceAccounts: readonly string[];

  /** Patterns of `aws:SourceArn`; none if the service is not confined by it. */
  readonly sourceArns: readonly string[];

  /** Conditions on the organization of the source, where it takes the place of accounts. */
  readonly organization?: Record<string, Record<string, unknown>>;
}

/** A place in the policy of a bucket. */
export interface BucketPlace extends DeliveryPlace {
  readonly bucketArn: string;

  /** Patterns of the ARNs of objects. */
  readonly objectArns: readonly string[];
}

/** A place in the policy of a key. */
export interface KeyPlace extends DeliveryPlace {
  /** Patterns of the bucket's and its objects' ARNs. */
  readonly encryptionContexts: readonly string[];

  /** Patterns of the ARNs of trails. */
  readonly trails: readonly string[];
}

/** What the policy of a bucket allows a service that delivers there. */
export function bucketStatements(row: ServiceDelivery, place: BucketPlace): iam.PolicyStatementProps[] {
  const sid = sidOf(row);
  const principals = principalsOf(place);
  const acl = row.sendsAcl ? { 's3:x-amz-acl': 'bucket-owner-full-control' } : {};
  return [
    ...(row.objectActions.length > 0 ? [{ sid, principals, actions: [...row.objectActions], resources: [...place.objectArns], conditions: confined(place, acl) }] : []),
    ...(row.bucketActions.length > 0 ? [{ sid: `${sid}Bucket`, principals, actions: [...row.bucketActions], resources: [place.bucketArn], conditions: confined(place) }] : []),
  ];
}

/** Operations that carry no encryption context. */
const WITHOUT_CONTEXT = ['kms:DescribeKey'];

/**
 * What the policy of a key allows a service that delivers to a bucket with that key: encryption of this bucket's objects, for the same sources.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
 */
export function keyStatements(row: ServiceDelivery, place: KeyPlace): iam.PolicyStatementProps[] {
  const sid = sidOf(row);
  const principals = principalsOf(place);
  const resources = ['*']; // of a key policy: the key itself
  const withContext = [...new Set([...row.keyActions, 'kms:Decrypt'])].filter((action) => !WITHOUT_CONTEXT.includes(action)); // with a bucket key, S3 decrypts it
  const others = row.keyActions.filter((action) => WITHOUT_CONTEXT.includes(action));
  return row.keyActions.length === 0 ? [] : [
    { sid, principals, actions: withContext, resources, conditions: confined(place, {}, encryptionContext(row, place)) },
    ...(others.length > 0 ? [{ sid: `${sid}Key`, principals, actions: others, resources, conditions: confined(place) }] : []),
  ];
}

function encryptionContext({ keyContext }: ServiceDelivery, { encryptionContexts, trails }: KeyPlace): Record<string, unknown> {
  return keyContext === 'cloudtrail' ? { 'kms:EncryptionContext:aws:cloudtrail:arn': oneOrMore(trails) } : { 'kms:EncryptionContext:aws:s3:arn': oneOrMore(encryptionContexts) };
}

function principalsOf({ services }: DeliveryPlace): iam.IPrincipal[] {
  return services.map((service) => new iam.ServicePrincipal(service));
}

type Tests = Record<string, unknown>;

function confined({ sourceAccounts, sourceArns, organization = {} }: DeliveryPlace, alike: Tests = {}, like: Tests = {}): Record<string, Tests> {
  const conditions: Record<string, Tests> = {
    StringEquals: { ...(sourceAccounts.length > 0 ? { 'aws:SourceAccount': oneOrMore(sourceAccounts) } : {}), ...alike },
    ArnLike: sourceArns.length > 0 ? { 'aws:SourceArn': oneOrMore(sourceArns) } : {},
    StringLike: like,
  };
  const all = Object.entries(organization).reduce((together, [operator, tests]) => ({ ...together, [operator]: { ...together[operator], ...tests } }), conditions);
  return Object.fromEntries(Object.entries(all).filter(([, tests]) => Object.keys(tests).length > 0));
}

function oneOrMore(values: readonly string[]): string | string[] {
  return values.length === 1 ? values[0] : [...values];
}

function sidOf({ id }: ServiceDelivery): string {
  return `Allow${id.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('')}`;
}
