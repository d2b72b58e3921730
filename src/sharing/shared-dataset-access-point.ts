import { Lazy, Resource, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessPointDelegation, delegateActions, delegateOrHandOver } from './access-point-delegation';
import { replaceableName, unusableAccessPointName } from './access-point-names';
import { bucketTooLate, followBucket, nameOfBucketBehind } from './bucket-behind';
import { CrossAccountGrant } from './cross-account-grant';
import { CONSUMER, DATASET_ACCESS } from './cross-account-grant-props';
import { DatasetAccess } from './dataset-access';
import { ISharedDatasetAccessPoint, SharedDatasetAccessPointAttributes } from './dataset-access-point';
import { grantId, grantOnce } from './grant-once';
import { ImportedAccessPoint } from './imported-access-point';
import { KEY_POLICY_SCOPE, KeyPolicyScope } from './key-policy-scope';
import { known, knownBucketName } from './names';
import { unusablePrefixes, unusablePrefixesAtEnd, warnOfOpenPrefixes } from './prefixes';
import { sharedBucket } from './shared-data';
import { publicStatement, weakenedAccessPoint } from './weakened-access-point';
import { textAtEnd } from '../guardrails/known-values';
import { ACCOUNT_ID, malformed, VPC_ID } from '../policy/identifiers';
import { whyPublic } from '../policy/public-allow';
import { BUCKET, having, KEY, refuseOtherThan, refuseWrongProps, required, TEXT, TEXTS, TypesOf } from '../prop-types';
import { orRemoved, Refusal, refusal, refuseAll, sentenceOf, underProp } from '../refusal';
import { ACCESS_POINT_POLICY, watchPolicySize } from '../statements/policy-quota';

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

const TYPES: TypesOf<SharedDatasetAccessPointProps> = {
  bucket: required(BUCKET),
  accessPointName: TEXT,
  vpc: having('a VPC', 'vpcId', 'node'),
  vpcId: TEXT,
  prefixes: TEXTS,
  bucketAccount: TEXT,
  delegation: having('an AccessPointDelegation', '_whyNothingPasses'),
  keyPolicyScope: KEY_POLICY_SCOPE,
  encryptionKey: KEY,
};

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
  public readonly prefixes?: string[];

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
   * @throws ValidationError if the name, a prefix or the VPC is one that S3 refuses, the bucket cannot be named from here, or it would let
   * nothing through
   */
  constructor(scope: Construct, id: string, props: SharedDatasetAccessPointProps) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    this.props = props;
    this.bucket = props.bucket;
    this.prefixes = props.prefixes;
    const vpcId = props.vpc?.vpcId ?? props.vpcId;
    const bucketAccount = this.bucketAccount();
    orRemoved(this, () => refuseAll(this, 'UnusableAccessPoint', this.problems(bucketAccount, vpcId)));
    this.accessPointName = props.accessPointName ?? this.generatedName(vpcId, bucketAccount);
    this.accessPointArn = this.arnOf(this.accessPointName);
    orRemoved(this, () => refuseAll(this, 'DelegationElsewhere', this.delegationProblems(this.accessPointName, vpcId)));
    warnOfOpenPrefixes(this, props.prefixes);
    const resource = new s3.CfnAccessPoint(this, 'Resource', {
      bucket: nameOfBucketBehind(this, props.bucket),
      bucketAccountId: bucketAccount,
      name: this.accessPointName,
      policy: Lazy.any({ produce: () => (this.policy.isEmpty ? undefined : this.policy) }),
      publicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      vpcConfiguration: vpcId === undefined ? undefined : { vpcId },
    });
    this.accessPointAlias = resource.attrAlias;
    followBucket(this, props.bucket);
    delegateOrHandOver(this, props.bucket, props.delegation ?? AccessPointDelegation.ACCOUNT, { writer: 'SharedDatasetAccessPoint', outputId: 'BucketPolicy' });
    watchPolicySize(this, ACCESS_POINT_POLICY, () => this.policy);
    const { bucket, bucketAccountId, vpcConfiguration } = resource;
    this.node.addValidation({
      validate: () => [
        ...[
          ...weakenedAccessPoint(resource, { bucket, bucketAccountId, vpcConfiguration }),
          ...malformedNames(textAtEnd(props.accessPointName, this.stack), textAtEnd(vpcId, this.stack)),
        ].map((problem) => sentenceOf(this.node.path, problem)),
        ...unusablePrefixesAtEnd(this, props.prefixes),
      ],
    });
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
    refuseOtherThan(this, required(CONSUMER), consumer, 'to whom access is granted');
    refuseOtherThan(this, required(DATASET_ACCESS), access, 'what is granted');
    const { keyPolicyScope = KeyPolicyScope.ACCOUNTS, encryptionKey } = this.props;
    const granted = prefixes.length > 0 ? prefixes : this.prefixes;
    const props = { accessPoint: this, consumer, access, prefixes: granted, keyPolicyScope, encryptionKey };
    const id = grantId(this, access._name, consumer, granted);
    return grantOnce(this, id, () => new CrossAccountGrant(this, id, props));
  }

  /**
   * Adds a statement to the policy of the access point.
   *
   * @throws ValidationError if the statement would give access to everyone
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const reason = whyPublic(permission.toStatementJson());
    if (reason) {
      throw refusal(this, 'PublicStatement', publicStatement(permission.sid, reason));
    }
    this.policy.addStatements(permission);
    delegateActions(this, permission.effect === iam.Effect.ALLOW ? permission.actions : []);
    return { statementAdded: true, policyDependable: this };
  }

  /** The account of the bucket, if it is another one than the access point's. */
  private bucketAccount(): string | undefined {
    const { bucketAccount, bucket } = this.props;
    const account = bucketAccount ?? known(bucket.env.account);
    return account === this.stack.account ? undefined : account;
  }

  private problems(bucketAccount: string | undefined, vpcId: string | undefined): Refusal[] {
    const { accessPointName, vpc, bucket, prefixes } = this.props;
    const malformedAccount = known(this.props.bucketAccount) !== undefined && malformed(this.props.bucketAccount!, ACCOUNT_ID);
    const strayRegions = [['VPC', vpc?.env.region], ['bucket', bucket.env.region]].filter(([, region]) => known(region) && known(this.stack.region) && region !== this.stack.region);
    const isOfOtherStage = Stage.of(bucket) !== Stage.of(this);
    const isMadeElsewhere = bucketAccount !== undefined || bucket.env.account !== this.stack.account || isOfOtherStage;
    return [
      ...(malformedAccount ? [{ name: 'UnusableAccount', problem: `'bucketAccount': ${malformedAccount}`, remedy: "Correct 'bucketAccount', or leave it out." }] : []),
      ...(vpc && this.props.vpcId !== undefined && vpc.vpcId !== this.props.vpcId
        ? [{ name: 'TwoVpcs', problem: "it is not clear from which VPC it can be used: 'vpc' and 'vpcId' name two.", remedy: 'Pass one of them.' }] : []),
      ...malformedNames(accessPointName, vpcId),
      ...strayRegions.map(([what, region]) => ({
        name: 'AnotherRegion', problem: `its ${what} is in ${region}, and the access point in ${this.stack.region}.`, remedy: 'Make the access point in a stack of that Region.',
      })),
      ...(isMadeElsewhere && !sharedBucket(bucket).hasKnownName() ? [{
        name: 'UnnamedBucket',
        problem: `the bucket '${bucket.node.path}' is in another account or stage, and gets its name at deployment.`,
        remedy: "Give it a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
      }] : []),
      ...bucketTooLate(this, bucket),
      ...unusablePrefixes(prefixes),
      ...(accessPointName === undefined ? [] : this.delegationProblems(accessPointName, vpcId)),
    ];
  }

  private delegationProblems(name: string, vpcId: string | undefined): Refusal[] {
    const problem = this.props.delegation?._whyNothingPasses(this.arnOf(name), vpcId !== undefined);
    return problem ? [{ name: 'DelegationElsewhere', problem, remedy: "Correct 'delegation', or the access point." }] : [];
  }

  private arnOf(name: string): string {
    return this.stack.formatArn({ service: 's3', resource: 'accesspoint', resourceName: name });
  }

  /** A name that changes with what cannot be changed in place: the replacement does not collide with what it replaces. */
  private generatedName(vpcId: string | undefined, bucketAccount: string | undefined): string {
    const { bucket } = this.props;
    const bucketName = knownBucketName(bucket) ?? this.stack.resolve(bucket.bucketName);
    return replaceableName(this, [this.stack.resolve(vpcId), bucketName, ...(bucketAccount === undefined ? [] : [bucketAccount])]);
  }
}

function malformedNames(accessPointName: string | undefined, vpcId: string | undefined): Refusal[] {
  const problems: Record<string, string | undefined> = {
    accessPointName: known(accessPointName) === undefined ? undefined : unusableAccessPointName(accessPointName!),
    vpcId: known(vpcId) === undefined ? undefined : malformed(vpcId!, VPC_ID),
  };
  return Object.entries(problems).flatMap(([prop, problem]) => (problem ? underProp(prop, [{ problem, remedy: 'S3 would refuse it: correct it.' }]) : []));
}
