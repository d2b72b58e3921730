import { Resource, Stage, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AccessGrantsLocation } from './access-grants-location';
import { requestPolicy, verifiedGrantee, VerifiedGrantee } from './grantee';
import { keyNotLeftToAccount, unreachableBucket } from './location-data';
import { BUCKET, having, oneOf, refuseWrongProps, required, TEXT, TypesOf } from '../../prop-types';
import { orRemoved, Refusal, refuseAll } from '../../refusal';
import { handOver } from '../../statements/hand-over';
import { StackLimit } from '../../statements/stack-limit';
import { nameOfBucketBehind } from '../bucket-behind';
import { addToConsumer } from '../consumer-side';
import { areDeployedAlike } from '../names';
import { asPrefixes, strayPrefixes, unusablePrefixes, unusablePrefixesAtEnd, warnOfOpenPrefixes } from '../prefixes';
import { follow } from '../stack-order';
import { fingerprint } from '../values';

/**
 * What an access grant gives.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant-create.html
 */
export enum AccessGrantPermission {
  /** Read and list. */
  READ = 'READ',

  /** Upload, overwrite and delete. */
  WRITE = 'WRITE',

  /** Both. */
  READWRITE = 'READWRITE',
}

/**
 * Properties of `AccessGrant`.
 */
export interface AccessGrantProps {
  /** The location of which a part is granted. */
  readonly location: AccessGrantsLocation;

  /** Who gets the access: a role, user or function of the app, an imported role, `Consumer.roleArn(…)`, or a `DirectoryGrantee`. */
  readonly grantee: iam.IGrantable;

  /** What they get. */
  readonly permission: AccessGrantPermission;

  /**
   * The beginning of the object keys that are granted, counted from the beginning of the key: that of the location included.
   *
   * @default - all of the location; of the default location, all of `bucket`
   */
  readonly prefix?: string;

  /**
   * The bucket, where the location is the default one.
   *
   * @default - the bucket of the location
   */
  readonly bucket?: s3.IBucket;
}

/** Who can get access. */
export const GRANTEE = having('a role, a user, a function, a Consumer or a DirectoryGrantee', 'grantPrincipal');

const TYPES: TypesOf<AccessGrantProps> = {
  location: required(having('an AccessGrantsLocation', 'locationId', 'accessGrants', 'node')),
  grantee: required(GRANTEE),
  permission: required(oneOf(AccessGrantPermission)),
  prefix: TEXT,
  bucket: BUCKET,
};

/**
 * Lets a role, a user, or somebody of the corporate directory ask S3 Access Grants for credentials to a part of a location (`GetDataAccess`). With these they work
 * in the name of the location's role, and reach no more than the grant says.
 *
 * The role or user is allowed to ask, in its own policies; what this app cannot write is handed over. Somebody of another account can ask once AWS RAM shares the
 * instance with it, which the grant sees to.
 *
 * A grant is never changed in place: another one is made, and this one is deleted.
 *
 * Made by the `grants` of a location. A stack holds about 450: make further ones with `new AccessGrant(…)` in other stacks of the account and Region.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant.html
 */
export class AccessGrant extends Resource {
  /**
   * The id that S3 gives it.
   *
   * @attribute
   */
  public readonly accessGrantId: string;

  /** What the grantee's own policies allow, or must be made to allow; empty for somebody of the directory, in whose name an application asks. */
  public readonly granteePolicy: iam.PolicyDocument;

  /**
   * @throws ValidationError if the grantee is no role, user or member of the directory, its account is not known, the prefix is outside the location, or the stack
   * cannot refer to the location
   */
  constructor(scope: Construct, id: string, props: AccessGrantProps) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    const { location, permission, prefix } = props;
    const { accessGrants } = location;
    const grantee = orRemoved(this, () => this.verified(props));
    warnOfOpenPrefixes(this, asPrefixes(prefix));
    const identifier = { granteeType: grantee.granteeType, granteeIdentifier: grantee.identifier };
    const subPrefix = this.subPrefixOf(props);
    const resource = new s3.CfnAccessGrant(this, `Grant${fingerprint([location._scope, permission, grantee.granteeType, grantee.mark, this.stack.resolve(subPrefix)])}`, {
      accessGrantsLocationId: location.locationId,
      accessGrantsLocationConfiguration: { s3SubPrefix: subPrefix },
      permission,
      grantee: identifier,
    });
    this.node.defaultChild = resource;
    this.accessGrantId = resource.attrAccessGrantId;
    if (location.stack !== this.stack) {
      follow(this.stack, location.stack, `'${this.node.path}' is a grant of a location of it`);
    }
    this.granteePolicy = this.letAsk(grantee, accessGrants.accessGrantsInstanceArn);
    if (grantee.foreignAccount) {
      accessGrants._shareWith(grantee.foreignAccount);
    }
    GRANTS.watch(this.stack);
    this.node.addValidation({ validate: () => unusablePrefixesAtEnd(this, asPrefixes(prefix), asPrefixes(location.prefix), 'location') });
  }

  private verified(props: AccessGrantProps): VerifiedGrantee {
    const { location, grantee, prefix } = props;
    const prefixes = asPrefixes(prefix);
    const { problems, verified } = verifiedGrantee(this, grantee, location.accessGrants);
    refuseAll(this, 'UnusableAccessGrant', [
      ...problems,
      ...unusablePrefixes(prefixes),
      ...strayPrefixes(prefixes ?? [], asPrefixes(location.prefix), 'location'),
      ...this.unclearPrefix(props),
      ...this.bucketProblems(props),
      ...this.placeProblems(location),
    ]);
    return verified!;
  }

  /** What is granted is written as the rest that follows the location's prefix. */
  private unclearPrefix({ location, prefix }: AccessGrantProps): Refusal[] {
    const isUnclear = location.prefix !== undefined && prefix !== undefined && prefix !== location.prefix && [prefix, location.prefix].some((text) => Token.isUnresolved(text));
    return isUnclear ? [{
      name: 'UnknownPrefix', problem: "whether 'prefix' is inside the location is known at deployment only.", remedy: 'Write the prefixes of the location and of the grant out, or leave that of the location out.',
    }] : [];
  }

  private bucketProblems({ location, bucket }: AccessGrantProps): Refusal[] {
    if (location.bucket) {
      return bucket === undefined || bucket === location.bucket ? [] : [{
        name: 'BucketOutside', problem: `the bucket '${bucket.node.path}' is outside the location, which is of '${location.bucket.node.path}'.`, remedy: "Leave 'bucket' out, or make a location of the other bucket.",
      }];
    }
    const unreachable = bucket === undefined ? [] : unreachableBucket(this, bucket);
    return bucket === undefined ? [{
      name: 'NoBucket', problem: 'the location is the default one, and S3 does not grant all buckets.', remedy: "Name the bucket in 'bucket'.",
    }] : [
      ...unreachable,
      ...(unreachable.length === 0 ? keyNotLeftToAccount(this, bucket) : []),
      ...(bucket.env.account === location.stack.account ? [] : [{
        name: 'AnotherAccount', problem: `the bucket '${bucket.node.path}' is of another account, and the default location is the buckets of its own.`, remedy: 'Make a location of that bucket (addLocation).',
      }]),
    ];
  }

  private placeProblems(location: AccessGrantsLocation): Refusal[] {
    const isNear = this.stack === location.stack || (areDeployedAlike(location, this.stack) && Stage.of(location) === Stage.of(this));
    return isNear ? [] : [{
      name: 'GrantElsewhere', problem: `the stack of the grant cannot refer to the location '${location.node.path}', whose id is known at deployment only.`, remedy: 'Make the grant in a stack of the same account, Region and stage.',
    }];
  }

  /** What is appended to the scope of the location. */
  private subPrefixOf({ location, bucket, prefix }: AccessGrantProps): string {
    if (location.bucket) {
      return prefix === undefined || prefix === location.prefix ? '*' : `${prefix.slice(location.prefix?.length ?? 0)}*`;
    }
    return `${nameOfBucketBehind(this, bucket!)}/${prefix ?? ''}*`;
  }

  /** Lets the grantee ask for credentials. Who asks for somebody of the directory is an application, whose policies are its own matter. */
  private letAsk({ consumer }: VerifiedGrantee, instanceArn: string): iam.PolicyDocument {
    const document = new iam.PolicyDocument({ statements: consumer ? [requestPolicy(instanceArn, 'AskForDataAccess')] : [] });
    if (consumer && !addToConsumer(consumer, () => [requestPolicy(instanceArn)])) {
      handOver(this, 'GranteePolicy', document, [`the policies of ${consumer.name}`]);
    }
    return document;
  }
}

const MOST_GRANTS = 450; // of the 500 resources of a stack: locations, roles, policies and what the CDK adds need the rest

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const GRANTS = new StackLimit(MOST_GRANTS, s3.CfnAccessGrant.isCfnAccessGrant, (count) => ({
  problem: `the stack has ${count} access grants, and CloudFormation accepts 500 resources.`,
  remedy: `Make at most ${MOST_GRANTS} in a stack, and the others with 'new AccessGrant(…)' in further stacks; or grant to groups of the directory, and whole prefixes.`,
}));
