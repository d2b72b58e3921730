import { Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { openStatement } from './open-statement';
import { PlatformRepository } from './platform-repository';
import { problemsOf } from '../guardrails/known-values';
import { malformed, ORGANIZATION_ID } from '../policy/identifiers';
import { BUCKET, having, listOf, TEXTS, TypesOf } from '../prop-types';
import { pathOf, Refusal, refusal, refuseAll } from '../refusal';
import { ACCESS_POINT, ISharedDatasetAccessPoint } from '../sharing/dataset-access-point';
import { ISharedMultiRegionAccessPoint } from '../sharing/multi-region-access-point';
import { withoutMultiRegionAccessPoints } from '../sharing/multi-region-buckets';
import { areDeployedAlike } from '../sharing/names';
import { sharedAccessPoint, sharedBucket, SharedData, sharedMultiRegionAccessPoint } from '../sharing/shared-data';
import { warn } from '../warning';

/**
 * What can be reached through a VPC endpoint for S3. Everything else is denied there, whoever asks: nobody carries data
 * from the VPC into a bucket that is not named.
 */
export interface S3EndpointPolicyProps {
  /**
   * Buckets that can be used.
   *
   * @default - none
   */
  readonly buckets?: s3.IBucket[];

  /**
   * Access points that can be used, and the buckets behind them as far as they are known.
   *
   * @default - none
   */
  readonly accessPoints?: ISharedDatasetAccessPoint[];

  /**
   * Organizations all of whose buckets and access points can be used, by ids such as `o-exampleorgid`.
   *
   * @default - none
   */
  readonly organizationIds?: string[];

  /**
   * Buckets of AWS's own that can be read: packages, container layers, agents.
   *
   * @default - none
   */
  readonly platformRepositories?: PlatformRepository[];
}

/** What can be reached through endpoints of any kind. */
export interface Reachable extends S3EndpointPolicyProps {
  /** Where the endpoint is one for them, these and nothing else but the buckets behind them. */
  readonly multiRegionAccessPoints?: ISharedMultiRegionAccessPoint[];
}

/** What the props of every endpoint are like. */
export const ENDPOINT_PROPS: TypesOf<S3EndpointPolicyProps> = {
  buckets: listOf('buckets', BUCKET),
  accessPoints: listOf('access points', ACCESS_POINT),
  organizationIds: TEXTS,
  platformRepositories: listOf('platform repositories', having('a PlatformRepository', '_objectArns')),
};

/** The statements of an endpoint policy. Throws if they would let nothing through, or cannot name what they should. */
export function endpointStatements(scope: Construct, id: string, props: Reachable): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const { buckets = [], accessPoints = [], multiRegionAccessPoints = [], organizationIds = [], platformRepositories = [] } = props;
  const data = [...buckets.map(sharedBucket), ...accessPoints.flatMap(reachableThrough), ...multiRegionAccessPoints.flatMap(reachableInEachRegion)];
  refuseAll(scope, 'EndpointLeadsNowhere', endpointProblems(scope, data, props), pathOf(scope, id));
  const arns = data.map((shared) => shared.arnsIn(stack)).flatMap(({ container, objects }) => [container, objects('')]);
  const objectArns = platformRepositories.flatMap((repository) => repository._objectArns(stack));
  return [
    ...(arns.length > 0 ? [allow({ sid: 'AllowNamedData', actions: ['s3:*'], resources: [...new Set(arns)] })] : []),
    ...(organizationIds.length > 0 ? [allow({
      sid: 'AllowOrganizationResources', actions: ['s3:*'], resources: ['*'], conditions: { StringEquals: { 'aws:ResourceOrgID': organizationIds } },
    })] : []),
    ...(objectArns.length > 0 ? [allow({ sid: 'AllowPlatformRepositories', actions: ['s3:GetObject'], resources: objectArns })] : []),
  ];
}

/**
 * Warns of access points whose bucket is not known, and so is not in the policy: it has to allow both.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
 */
export function warnOfUnknownBuckets(endpoint: IConstruct, { accessPoints = [], multiRegionAccessPoints = [] }: Reachable): void {
  const withoutBucket = [...accessPoints.filter(({ bucket }) => bucket === undefined), ...multiRegionAccessPoints.filter(({ buckets }) => buckets === undefined)];
  const unknown = withoutBucket.map(({ node }) => `'${node.path}'`);
  if (unknown.length > 0) {
    warn(endpoint, 'bucketBehindAccessPointNotReachable', [
      `the buckets behind ${[...new Set(unknown)].join(', ')} are not known here, so the endpoint policy leaves them out, and it denies requests through these access points.`,
      `Import them with ${multiRegionAccessPoints.length > 0 ? 'SharedMultiRegionAccessPoint.fromMultiRegionAccessPointAttributes, which takes their buckets' : 'SharedDatasetAccessPoint.fromAccessPointAttributes, which takes their bucket'}; or name the buckets in 'buckets', or their organization in 'organizationIds'.`,
    ].join(' '));
  }
}

/** Throws if a statement would open the endpoint. Nobody widens the statement afterwards. */
export function refuseOpening(endpoint: IConstruct, statement: iam.PolicyStatement): void {
  const problem = openStatement(statement.toStatementJson());
  if (problem) {
    throw refusal(endpoint, 'OpenEndpoint', problem);
  }
  statement.freeze();
}

function endpointProblems(scope: Construct, data: SharedData[], props: Reachable): Refusal[] {
  const { organizationIds = [], platformRepositories = [] } = props;
  const isElsewhere = (resource: SharedData['resource']) => !areDeployedAlike(resource, Stack.of(scope)) || Stage.of(resource) !== Stage.of(scope);
  const nameless = data.filter(({ resource, hasKnownName }) => isElsewhere(resource) && !hasKnownName());
  return [
    ...(data.length + organizationIds.length + platformRepositories.length === 0
      ? [{ problem: 'the endpoint would let nothing through.', remedy: "Name 'buckets', 'accessPoints', 'organizationIds' or 'platformRepositories'." }] : []),
    ...unreachableInEachRegion(scope, props),
    ...problemsOf(organizationIds, (organizationId) => malformed(organizationId, ORGANIZATION_ID))
      .map((problem) => ({ name: 'UnusableOrganization', problem: `'organizationIds': ${problem}`, remedy: 'Name organizations by ids such as o-exampleorgid.' })),
    ...[...new Set(nameless.map(({ resource }) => resource.node.path))].map((path) => ({
      name: 'UnnamedBucket',
      problem: `the endpoint policy cannot name the bucket '${path}' of another account, Region or stage, which gets its name at deployment.`,
      remedy: "Give the bucket a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
    })),
  ];
}

/** A request through an access point is one to the access point and one to its bucket. */
function reachableThrough(accessPoint: ISharedDatasetAccessPoint): SharedData[] {
  return [sharedAccessPoint(accessPoint), ...(accessPoint.bucket ? [sharedBucket(accessPoint.bucket)] : [])];
}

/** Any of its buckets may answer. */
function reachableInEachRegion(accessPoint: ISharedMultiRegionAccessPoint): SharedData[] {
  return [sharedMultiRegionAccessPoint(accessPoint), ...(accessPoint.buckets ?? []).map(sharedBucket)];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointsPrivateLink.html */
function unreachableInEachRegion(scope: Construct, props: Reachable): Refusal[] {
  if (props.multiRegionAccessPoints === undefined) {
    return [];
  }
  const stray = (['accessPoints', 'platformRepositories'] as const).filter((prop) => (props[prop] ?? []).length > 0);
  return [
    ...withoutMultiRegionAccessPoints(Stack.of(scope)),
    ...stray.map((prop) => ({
      name: 'AnotherService', problem: `'${prop}' cannot be reached through an endpoint for multi-Region access points.`, remedy: 'Make another endpoint for them, without \'multiRegionAccessPoints\'.',
    })),
  ];
}

function allow(props: iam.PolicyStatementProps): iam.PolicyStatement {
  return new iam.PolicyStatement({ ...props, principals: [new iam.AnyPrincipal()] }); // who may do what, other policies say
}
