import { Resource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessPointDelegation, delegateActions, delegateOrHandOver } from './access-point-delegation';
import { malformedAccessPointName, replaceableName } from './access-point-names';
import { bucketTooLate, followBucket, nameOfBucketBehind } from './bucket-behind';
import { ImportedMultiRegionAccessPoint } from './imported-multi-region-access-point';
import { KEY_POLICY_SCOPE, KeyPolicyScope } from './key-policy-scope';
import { ISharedMultiRegionAccessPoint, multiRegionArn, SharedMultiRegionAccessPointAttributes } from './multi-region-access-point';
import { MultiRegionAccessPointGrants } from './multi-region-access-point-grants';
import { unusableBuckets } from './multi-region-buckets';
import { known, knownBucketName } from './names';
import { unusablePrefixes, unusablePrefixesAtEnd, warnOfOpenPrefixes } from './prefixes';
import { publicStatement, weakenedMultiRegion } from './weakened-access-point';
import { textAtEnd } from '../guardrails/known-values';
import { whyPublic } from '../policy/public-allow';
import { BUCKET, listOf, refuseWrongProps, required, TEXT, TEXTS, TypesOf } from '../prop-types';
import { orRemoved, Refusal, refusal, refuseAll, sentenceOf, underProp } from '../refusal';
import { MULTI_REGION_ACCESS_POINT_POLICY, watchPolicySize } from '../statements/policy-quota';

/**
 * Properties of `SharedMultiRegionAccessPoint`.
 */
export interface SharedMultiRegionAccessPointProps {
  /**
   * The buckets behind the access point, one a Region, of this account or of others. The name and the Region of each must be known at synthesis.
   *
   * Nothing of it can be changed in place: with other buckets it is another access point, with another ARN.
   */
  readonly buckets: s3.IBucket[];

  /**
   * The name of the access point, unique in its account. Requests do not use it: they use the ARN, which S3 makes.
   *
   * What cannot be changed (the buckets) is replaced, and two access points cannot have one name: change the name together with them.
   *
   * @default - made of the construct's path and of the buckets
   */
  readonly multiRegionAccessPointName?: string;

  /**
   * The beginnings of the object keys that grants of this access point give access to, such as `reports/`.
   *
   * @default - everything
   */
  readonly prefixes?: string[];

  /**
   * Whom the policies of the buckets' keys name for the consumers of other accounts.
   *
   * @default KeyPolicyScope.ACCOUNTS
   */
  readonly keyPolicyScope?: KeyPolicyScope;
}

const TYPES: TypesOf<SharedMultiRegionAccessPointProps> = {
  buckets: required(listOf('buckets', BUCKET)),
  multiRegionAccessPointName: TEXT,
  prefixes: TEXTS,
  keyPolicyScope: KEY_POLICY_SCOPE,
};

/**
 * One access point to the buckets of several Regions: requests go to the nearest one that is active. All public access is blocked, its
 * policy is its own, and each bucket's policy delegates to the access points of its account once.
 *
 * Any of the buckets may answer a request, so each lets the consumer in, and each bucket's key decrypts for it. Requests are signed with
 * Signature Version 4A, which AWS SDKs do by themselves. The access point does not replicate: the buckets do.
 *
 * Nothing of it can be changed in place but its policy: a replacement has another alias and another ARN, and S3 takes minutes to make it. Creation
 * and deletion are requests to S3 in us-west-2, wherever the stack is.
 *
 * Guide, Section 5.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPoints.html
 */
export class SharedMultiRegionAccessPoint extends Resource implements ISharedMultiRegionAccessPoint {
  /**
   * A multi-Region access point that exists already. Its policy is not changed: grants hand over what to add to it.
   *
   * Grants on the data's keys need to know the buckets behind it: `fromMultiRegionAccessPointAttributes` takes both.
   *
   * @param multiRegionAccessPointArn such as `arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap`
   * @throws UnscopedValidationError if it is no ARN of a multi-Region access point
   */
  public static fromMultiRegionAccessPointArn(scope: Construct, id: string, multiRegionAccessPointArn: string): ISharedMultiRegionAccessPoint {
    return this.fromMultiRegionAccessPointAttributes(scope, id, { multiRegionAccessPointArn });
  }

  /**
   * A multi-Region access point that exists already, with the buckets behind it. None of their policies is changed by the import: grants
   * hand over what to add.
   *
   * @throws UnscopedValidationError if the ARN is not that of a multi-Region access point
   */
  public static fromMultiRegionAccessPointAttributes(scope: Construct, id: string, attributes: SharedMultiRegionAccessPointAttributes): ISharedMultiRegionAccessPoint {
    return new ImportedMultiRegionAccessPoint(scope, id, attributes);
  }

  public readonly multiRegionAccessPointArn: string;
  public readonly multiRegionAccessPointAlias: string;
  public readonly buckets?: s3.IBucket[];
  public readonly prefixes?: string[];
  public readonly grants: MultiRegionAccessPointGrants;

  /**
   * The name, by which the access point is managed.
   *
   * @attribute
   */
  public readonly multiRegionAccessPointName: string;

  /** What the access point's policy allows; edit it with `addToResourcePolicy`. */
  public readonly policy = new iam.PolicyDocument();

  private readonly resource: s3.CfnMultiRegionAccessPoint;
  private policyResource?: s3.CfnMultiRegionAccessPointPolicy;

  /**
   * @throws ValidationError if the name or a prefix is one that S3 refuses, or the buckets are not one a Region, each with a known name in a
   * Region where CloudFormation makes multi-Region access points
   */
  constructor(scope: Construct, id: string, props: SharedMultiRegionAccessPointProps) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    orRemoved(this, () => refuseAll(this, 'UnusableAccessPoint', this.problems(props)));
    this.buckets = [...props.buckets];
    this.prefixes = props.prefixes;
    warnOfOpenPrefixes(this, props.prefixes);
    const regions = props.buckets.map((bucket) => this.regionOf(bucket));
    this.resource = new s3.CfnMultiRegionAccessPoint(this, 'Resource', {
      name: props.multiRegionAccessPointName ?? this.generatedName(props.buckets),
      publicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      regions,
    });
    this.multiRegionAccessPointName = this.resource.ref;
    this.multiRegionAccessPointAlias = this.resource.attrAlias;
    this.multiRegionAccessPointArn = multiRegionArn(this.stack, this.stack.account, this.multiRegionAccessPointAlias);
    this.grants = MultiRegionAccessPointGrants._of(this, props.keyPolicyScope);
    props.buckets.forEach((bucket) => {
      followBucket(this, bucket);
      delegateOrHandOver(this, bucket, AccessPointDelegation.ACCOUNT, { writer: 'SharedMultiRegionAccessPoint', outputId: `BucketPolicy${bucket.env.region}` });
    });
    this.node.addValidation({
      validate: () => [
        ...[
          ...weakenedMultiRegion(this.resource, regions, this.policyResource),
          ...malformedName(textAtEnd(props.multiRegionAccessPointName, this.stack)),
        ].map((problem) => sentenceOf(this.node.path, problem)),
        ...unusablePrefixesAtEnd(this, props.prefixes),
      ],
    });
  }

  /**
   * Adds a statement to the policy of the access point. In its resources, name the access point by `multiRegionAccessPointArn`, and objects by
   * that and `/object/*`.
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
    return { statementAdded: true, policyDependable: this.withPolicy() };
  }

  /** A policy without statements is none: S3 refuses it. */
  private withPolicy(): s3.CfnMultiRegionAccessPointPolicy {
    if (this.policyResource === undefined) {
      this.policyResource = new s3.CfnMultiRegionAccessPointPolicy(this, 'Policy', { mrapName: this.resource.ref, policy: this.policy });
      watchPolicySize(this, MULTI_REGION_ACCESS_POINT_POLICY, () => this.policy);
    }
    return this.policyResource;
  }

  private problems({ buckets, multiRegionAccessPointName, prefixes }: SharedMultiRegionAccessPointProps): Refusal[] {
    return [
      ...malformedName(multiRegionAccessPointName),
      ...unusableBuckets(this, buckets),
      ...buckets.flatMap((bucket) => bucketTooLate(this, bucket)),
      ...unusablePrefixes(prefixes),
    ];
  }

  private regionOf(bucket: s3.IBucket): s3.CfnMultiRegionAccessPoint.RegionProperty {
    const owner = known(bucket.env.account);
    return { bucket: nameOfBucketBehind(this, bucket), bucketAccountId: owner === this.stack.account ? undefined : owner };
  }

  /** A name that changes with the buckets: the replacement does not collide with what it replaces. */
  private generatedName(buckets: readonly s3.IBucket[]): string {
    return replaceableName(this, buckets.map((bucket) => [knownBucketName(bucket) ?? this.stack.resolve(bucket.bucketName), this.regionOf(bucket).bucketAccountId ?? '']));
  }
}

function malformedName(name: string | undefined): Refusal[] {
  const problem = known(name) === undefined ? undefined : malformedAccessPointName(name!);
  return problem ? underProp('multiRegionAccessPointName', [{ problem, remedy: 'S3 would refuse it: correct it.' }]) : [];
}
