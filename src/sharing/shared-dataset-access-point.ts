import { Lazy, Names, Resource, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessPointDelegation, delegateTo } from './access-point-delegation';
import { CrossAccountGrant } from './cross-account-grant';
import { DatasetAccess } from './dataset-access';
import { ISharedDatasetAccessPoint, SharedDatasetAccessPointAttributes } from './dataset-access-point';
import { handOverWithWarning } from './hand-over';
import { ImportedAccessPoint } from './imported-access-point';
import { KeyPolicyScope } from './key-policy-scope';
import { known, knownBucketName } from './names';
import { ACCESS_POINT_POLICY, watchPolicySize } from './policy-quota';
import { verifyPrefixes } from './prefixes';
import { sharedBucket } from './shared-data';
import { fingerprint } from './values';
import { ACCOUNT_ID, malformed, VPC_ID } from '../policy/identifiers';
import { whyPublic } from '../policy/public-allow';
import { Refusal, refusal } from '../refusal';

/**
 * Properties of `SharedDatasetAccessPoint`.
 */
export interface SharedDatasetAccessPointProps {
  /** The bucket whose data is shared. */
  readonly bucket: s3.IBucket;

  /**
   * The name of the access point, unique in its account and Region. It appears in DNS: nothing secret in it.
   *
   * What cannot be changed (bucket, VPC) is replaced, and two access points cannot have one name: change the name together with it.
   *
   * @default - made of the construct's path and of what cannot be changed
   */
  readonly accessPointName?: string;

  /**
   * The VPC from which alone the access point can be used.
   *
   * @default - no VPC: from every network that the bucket's own policy lets in
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The same by id, for a VPC of another account or one that this app does not know.
   *
   * @default - the id of `vpc`
   */
  readonly vpcId?: string;

  /**
   * The beginnings of the object keys that grants of this access point give access to, such as `reports/`.
   *
   * @default - everything
   */
  readonly prefixes?: string[];

  /**
   * The account that owns the bucket.
   *
   * @default - the account of `bucket`, as far as it is known
   */
  readonly bucketAccount?: string;

  /**
   * To which access points the bucket delegates for the sake of this one.
   *
   * @default AccessPointDelegation.ACCOUNT
   */
  readonly delegation?: AccessPointDelegation;

  /**
   * Whom the policy of the bucket's key names for the consumers of other accounts.
   *
   * @default KeyPolicyScope.ACCOUNTS
   */
  readonly keyPolicyScope?: KeyPolicyScope;

  /**
   * The key that encrypts the data.
   *
   * @default - the bucket's `encryptionKey`; an imported bucket may not know it
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * An access point for one team: its own policy, all public access blocked, at choice bound to a VPC and to prefixes. The
 * bucket's policy delegates to access points once, so it does not grow with the number of teams.
 *
 * Guide, Section 5.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
 */
export class SharedDatasetAccessPoint extends Resource implements ISharedDatasetAccessPoint {
  /**
   * An access point that exists already. Its policy is not changed: grants hand over what to add to it.
   *
   * Grants on the data's key need to know the bucket behind it: `fromAccessPointAttributes` takes both.
   *
   * @param accessPointArn such as `arn:aws:s3:eu-west-1:111122223333:accesspoint/team`
   * @throws UnscopedValidationError if it is no ARN of an access point
   */
  public static fromAccessPointArn(scope: Construct, id: string, accessPointArn: string): ISharedDatasetAccessPoint {
    return this.fromAccessPointAttributes(scope, id, { accessPointArn });
  }

  /**
   * An access point that exists already, with the bucket behind it. Neither of their policies is changed by the import: grants
   * hand over what to add.
   *
   * @throws UnscopedValidationError if the ARN is not that of an access point
   */
  public static fromAccessPointAttributes(scope: Construct, id: string, attributes: SharedDatasetAccessPointAttributes): ISharedDatasetAccessPoint {
    return new ImportedAccessPoint(scope, id, attributes);
  }

  public readonly accessPointArn: string;
  public readonly accessPointName: string;
  public readonly bucket?: s3.IBucket;

  /**
   * The alias, which stands for a bucket name where an ARN is not accepted.
   *
   * @attribute
   */
  public readonly accessPointAlias: string;

  /** What the access point's policy allows; edit it with `addToResourcePolicy`. */
  public readonly policy = new iam.PolicyDocument();

  private readonly props: SharedDatasetAccessPointProps;

  /**
   * @throws ValidationError if the name, a prefix or the VPC is one that S3 refuses, or the bucket cannot be named from here
   */
  constructor(scope: Construct, id: string, props: SharedDatasetAccessPointProps) {
    super(scope, id);
    this.props = props;
    this.bucket = props.bucket;
    const bucketAccount = this.bucketAccount();
    const vpcId = props.vpc?.vpcId ?? props.vpcId;
    this.verify(bucketAccount, vpcId);
    this.accessPointName = props.accessPointName ?? this.generatedName(vpcId);
    const resource = new s3.CfnAccessPoint(this, 'Resource', {
      bucket: this.stack === Stack.of(props.bucket) ? props.bucket.bucketName : knownBucketName(props.bucket) ?? props.bucket.bucketName,
      bucketAccountId: bucketAccount,
      name: this.accessPointName,
      policy: Lazy.any({ produce: () => (this.policy.isEmpty ? undefined : this.policy) }),
      publicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      vpcConfiguration: vpcId === undefined ? undefined : { vpcId },
    });
    this.accessPointArn = this.stack.formatArn({ service: 's3', resource: 'accesspoint', resourceName: this.accessPointName });
    this.accessPointAlias = resource.attrAlias;
    this.delegate();
    watchPolicySize(this, ACCESS_POINT_POLICY, () => this.policy);
  }

  /**
   * Lets a consumer read and list, in `prefixes` or all that the access point is for.
   *
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public grantRead(consumer: iam.IGrantable, ...prefixes: string[]): CrossAccountGrant {
    return this.grant(consumer, DatasetAccess.READ, ...prefixes);
  }

  /**
   * Lets a consumer upload, in `prefixes` or all that the access point is for.
   *
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public grantWrite(consumer: iam.IGrantable, ...prefixes: string[]): CrossAccountGrant {
    return this.grant(consumer, DatasetAccess.WRITE, ...prefixes);
  }

  /**
   * Lets a consumer read, list and upload, in `prefixes` or all that the access point is for.
   *
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public grantReadWrite(consumer: iam.IGrantable, ...prefixes: string[]): CrossAccountGrant {
    return this.grant(consumer, DatasetAccess.READ_WRITE, ...prefixes);
  }

  /**
   * Lets a consumer do what an access says, in `prefixes` or all that the access point is for.
   *
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public grant(consumer: iam.IGrantable, access: DatasetAccess, ...prefixes: string[]): CrossAccountGrant {
    const { prefixes: own = [], keyPolicyScope = KeyPolicyScope.ACCOUNTS, encryptionKey } = this.props;
    const stray = prefixes.find((prefix) => own.length > 0 && !own.some((allowed) => prefix.startsWith(allowed)));
    if (stray !== undefined) {
      throw this.refusal('PrefixOutside', { problem: `the prefix '${stray}' is outside of what the access point is for: ${own.join(', ')}.`, remedy: 'Grant a part of it, or widen its prefixes.' });
    }
    const granted = prefixes.length > 0 ? prefixes : own;
    const { principalJson } = consumer.grantPrincipal.policyFragment;
    const id = `${access._name}${fingerprint(this.stack.resolve([principalJson, granted]))}`;
    return this.node.tryFindChild(id) as CrossAccountGrant | undefined
      ?? new CrossAccountGrant(this, id, { accessPoint: this, consumer, access, prefixes: granted, keyPolicyScope, encryptionKey });
  }

  /**
   * Adds a statement to the policy of the access point.
   *
   * @throws ValidationError if the statement would give access to everyone
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const reason = whyPublic(permission.toStatementJson());
    if (reason) {
      throw this.refusal('PublicStatement', { problem: `the statement '${permission.sid ?? '(without a Sid)'}' would make the access point public: ${reason}.`, remedy: 'Name the principals.' });
    }
    this.policy.addStatements(permission);
    return { statementAdded: true, policyDependable: this };
  }

  /** The account of the bucket, if it is another one than the access point's. */
  private bucketAccount(): string | undefined {
    const { bucketAccount, bucket } = this.props;
    const malformedAccount = known(bucketAccount) && malformed(bucketAccount!, ACCOUNT_ID);
    if (malformedAccount) {
      throw this.refusal('UnusableAccount', { problem: malformedAccount, remedy: "Correct 'bucketAccount', or leave it out." });
    }
    const account = bucketAccount ?? known(bucket.env.account);
    return account === this.stack.account ? undefined : account;
  }

  private verify(bucketAccount: string | undefined, vpcId: string | undefined): void {
    const { accessPointName, vpc, bucket, prefixes = [] } = this.props;
    const problem = (known(accessPointName) && unusableName(accessPointName!)) || (known(vpcId) && malformed(vpcId!, VPC_ID));
    if (problem) {
      throw this.refusal('UnusableAccessPoint', { problem, remedy: 'S3 would refuse it: correct it.' });
    }
    const strayRegion = [['VPC', vpc?.env.region], ['bucket', bucket.env.region]].find(([, region]) => known(region) && known(this.stack.region) && region !== this.stack.region);
    if (strayRegion) {
      throw this.refusal('AnotherRegion', { problem: `its ${strayRegion[0]} is in ${strayRegion[1]}, and the access point in ${this.stack.region}.`, remedy: 'Make the access point in a stack of that Region.' });
    }
    const isMadeElsewhere = bucketAccount !== undefined || bucket.env.account !== this.stack.account;
    if (isMadeElsewhere && !sharedBucket(bucket).hasKnownName()) {
      throw this.refusal('UnnamedBucket', {
        problem: `the bucket '${bucket.node.path}' is in another account, and gets its name at deployment.`,
        remedy: "Give it a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
      });
    }
    verifyPrefixes(this, prefixes);
  }

  /** A name that changes with what cannot be changed in place: the replacement does not collide with what it replaces. */
  private generatedName(vpcId: string | undefined): string {
    const { bucket } = this.props;
    const fixed = fingerprint([this.stack.resolve(vpcId), knownBucketName(bucket) ?? this.stack.resolve(bucket.bucketName)]);
    const readable = Names.uniqueResourceName(this, { maxLength: 40, separator: '-' }).toLowerCase();
    return `${readable.replace(/[^a-z0-9-]/g, '').replace(/^-+|-+$/g, '')}-${fixed}`;
  }

  private delegate(): void {
    const { bucket, delegation = AccessPointDelegation.ACCOUNT } = this.props;
    const { statement, isAttached } = delegateTo(this.stack.account, bucket, delegation);
    if (!isAttached) {
      handOverWithWarning(this, 'BucketPolicy', new iam.PolicyDocument({ statements: [statement] }), `the policy of bucket '${bucket.node.path}'`, 'handedOverDelegation');
    }
  }

  private refusal(name: string, problem: Refusal) {
    return refusal(this, name, problem);
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html */
function unusableName(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/.test(name)) {
    return `'${name}' is no name for an access point: 3 to 50 lowercase letters, digits and hyphens, beginning and ending with a letter or digit.`;
  }
  return /(?:-s3alias|--ol-s3|--xa-s3|--x-s3|--table-s3|-ext-s3alias)$/.test(name) || name.startsWith('xn--')
    ? `'${name}' begins or ends as S3 reserves it for itself.` : undefined;
}
