import { Duration, Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessGrantsLocationGrants } from './access-grants-location-grants';
import type { DatasetAccessGrants } from './dataset-access-grants';
import { alignBucket, unreachableBucket } from './location-data';
import { acknowledgeWildcards, locationRole } from './location-role';
import { BUCKET, DURATION, having, refuseWrongProps, required, TEXT, TypesOf } from '../../prop-types';
import { orRemoved, Refusal, refuseAll } from '../../refusal';
import { nameOfBucketBehind } from '../bucket-behind';
import { bucketArnIn, known } from '../names';
import { asPrefixes, unusablePrefixes, unusablePrefixesAtEnd, warnOfOpenPrefixes } from '../prefixes';
import { fingerprint } from '../values';

/**
 * How a location is registered.
 */
export interface AccessGrantsLocationOptions {
  /**
   * The beginning of the object keys of the location, such as `team-a/`. Its role can do nothing beside it.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * How long the credentials last at most that grantees ask for: from 1 hour to 12 hours. They get 1 hour unless they ask for something else.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetDataAccess.html
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
}

/**
 * Properties of `AccessGrantsLocation`.
 */
export interface AccessGrantsLocationProps extends AccessGrantsLocationOptions {
  /** The instance with which it is registered. */
  readonly accessGrants: DatasetAccessGrants;

  /**
   * The bucket with the data, of the Region of the instance.
   *
   * @default - the default location `s3://`: all buckets of the account in the Region; each grant then names a bucket
   */
  readonly bucket?: s3.IBucket;
}

/** What is an instance of access grants. */
export const ACCESS_GRANTS = having('a DatasetAccessGrants', 'accessGrantsInstanceArn', 'addLocation', 'node');

const TYPES: TypesOf<AccessGrantsLocationProps> = { accessGrants: required(ACCESS_GRANTS), bucket: BUCKET, prefix: TEXT, maxSessionDuration: DURATION };

/**
 * Data of which S3 Access Grants gives away parts, with the role that it takes on to do so. The role is trusted to the one instance of this account and Region, and
 * works in sessions of S3 Access Grants only. Guardrails and perimeters of the bucket bind these sessions as everybody else.
 *
 * A location is never changed in place, for S3 cannot change its scope: with another bucket or prefix it is another location, and so are its grants. It carries no tags:
 * CloudFormation would replace it for another tag, and S3 registers no scope twice.
 *
 * Made by `addLocation` and `addDefaultLocation` of `DatasetAccessGrants`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location.html
 */
export class AccessGrantsLocation extends Resource {
  /**
   * The id that S3 gives it; `default` for `s3://`.
   *
   * @attribute
   */
  public readonly locationId: string;

  /** The instance with which it is registered. */
  public readonly accessGrants: DatasetAccessGrants;

  /** The bucket with the data; undefined for the default location, which is all buckets. */
  public readonly bucket?: s3.IBucket;

  /** The beginning of the object keys of the location; undefined: all of them. */
  public readonly prefix?: string;

  /** The role that S3 Access Grants takes on. What it may do is the most that a grant can give. */
  public readonly role: iam.Role;

  /** Gives access to parts of it. */
  public readonly grants: AccessGrantsLocationGrants;

  /**
   * @throws ValidationError if the prefix is unusable, the same location is registered already, or its role could not get at the bucket: one of another Region, without a known
   * name in another stack, or deployed later
   */
  constructor(scope: Construct, id: string, props: AccessGrantsLocationProps) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    const { accessGrants, bucket, prefix, maxSessionDuration = Duration.hours(1) } = props;
    orRemoved(this, () => refuseAll(this, 'UnusableLocation', this.problems(props)));
    this.accessGrants = accessGrants;
    this.bucket = bucket;
    this.prefix = prefix;
    warnOfOpenPrefixes(this, asPrefixes(prefix));
    this.role = locationRole(this, {
      bucketArn: bucket ? bucketArnIn(this.stack, bucket) : this.stack.formatArn({ service: 's3', region: '', account: '', resource: '*' }),
      bucketAccount: bucket?.env.account ?? this.stack.account,
      prefix: prefix ?? '',
      usesIdentityCenter: accessGrants.identityCenterArn !== undefined,
      maxSessionDuration,
    });
    if (bucket) {
      alignBucket(this, this.role, bucket, prefix ?? '');
    } else {
      this.role.addToPolicy(useOfAllKeys(this.stack));
    }
    acknowledgeWildcards(this.role);
    const resource = this.register();
    this.locationId = resource.attrAccessGrantsLocationId;
    this.grants = AccessGrantsLocationGrants._of(this);
    this.node.addValidation({ validate: () => unusablePrefixesAtEnd(this, asPrefixes(prefix)) });
  }

  /**
   * What tells it from other locations of the instance.
   *
   * @internal
   */
  public get _scope(): string {
    return scopeOf(this.bucket, this.prefix);
  }

  private register(): s3.CfnAccessGrantsLocation {
    const { bucket, prefix = '' } = this;
    const resource = new s3.CfnAccessGrantsLocation(this, `Location${fingerprint(this._scope)}`, {
      iamRoleArn: this.role.roleArn,
      locationScope: bucket ? `s3://${nameOfBucketBehind(this, bucket)}/${prefix}` : 's3://',
    });
    resource.addPropertyDeletionOverride('Tags');
    resource.node.addDependency(this.role); // with its policy: grants work as soon as they are there
    this.accessGrants._precede(resource);
    this.node.defaultChild = resource;
    return resource;
  }

  private problems({ accessGrants, bucket, prefix, maxSessionDuration }: AccessGrantsLocationProps): Refusal[] {
    const again = this.node.root.node.findAll().find((other): other is AccessGrantsLocation => other instanceof AccessGrantsLocation && other !== this
      && other._scope === scopeOf(bucket, prefix) && accessGrants._isSameInstance(other.accessGrants));
    return [
      ...unusablePrefixes(asPrefixes(prefix)),
      ...(bucket ? unreachableBucket(this, bucket) : []),
      ...(bucket === undefined && prefix !== undefined ? [{ name: 'PrefixOfAllBuckets', problem: "'prefix' is that of a bucket, and no bucket is named.", remedy: "Pass 'bucket', or leave 'prefix' out." }] : []),
      ...(again ? [{ name: 'LocationTwice', problem: `'${again.node.path}' is the same location, and S3 registers one once.`, remedy: 'Make grants of that one.' }] : []),
      ...unusableDuration(maxSessionDuration),
    ];
  }
}

function scopeOf(bucket: s3.IBucket | undefined, prefix = ''): string {
  return bucket ? `${known(bucket.bucketName) ?? bucket.node.path}/${prefix}` : '';
}

function unusableDuration(duration?: Duration): Refusal[] {
  const hours = duration === undefined || duration.isUnresolved() ? 1 : duration.toHours({ integral: false });
  return hours >= 1 && hours <= 12 ? [] : [{
    name: 'UnusableDuration', problem: `'maxSessionDuration' is ${duration!.toHumanString()}, and a role's sessions last 1 to 12 hours at most.`, remedy: 'Correct it; grantees may ask for less.',
  }];
}

/** Of all buckets of the account, the keys are not known: each key's own policy leaves its use to the account, or does not. */
function useOfAllKeys(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'UseKey',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${stack.region}.${stack.urlSuffix}` } },
  });
}
