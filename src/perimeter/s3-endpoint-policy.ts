import { Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PlatformRepository } from './platform-repository';
import { firstProblem } from '../guardrails/known-values';
import { malformed, ORGANIZATION_ID } from '../policy/identifiers';
import { refusal } from '../refusal';
import { ISharedDatasetAccessPoint } from '../sharing/dataset-access-point';
import { areDeployedAlike } from '../sharing/names';
import { sharedAccessPoint, sharedBucket, SharedData } from '../sharing/shared-data';

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

/** The statements of an endpoint policy. Throws if they would let nothing through, or cannot name what they should. */
export function endpointStatements(scope: Construct, id: string, props: S3EndpointPolicyProps): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const { buckets = [], accessPoints = [], organizationIds = [], platformRepositories = [] } = props;
  const data = [...buckets.map(sharedBucket), ...accessPoints.flatMap(reachableThrough)];
  const path = [scope.node.path, id].filter(Boolean).join('/');
  if (data.length + organizationIds.length + platformRepositories.length === 0) {
    throw refusal(scope, 'EndpointLeadsNowhere', { problem: 'the endpoint would let nothing through.', remedy: "Name 'buckets', 'accessPoints', 'organizationIds' or 'platformRepositories'." }, path);
  }
  const problem = firstProblem(organizationIds, (organizationId) => malformed(organizationId, ORGANIZATION_ID));
  if (problem) {
    throw refusal(scope, 'UnusableOrganization', { problem, remedy: 'Name organizations by ids such as o-exampleorgid.' }, path);
  }
  const isElsewhere = (resource: SharedData['resource']) => !areDeployedAlike(resource, stack) || Stage.of(resource) !== Stage.of(scope);
  const nameless = data.find(({ resource, hasKnownName }) => isElsewhere(resource) && !hasKnownName());
  if (nameless) {
    throw refusal(scope, 'UnnamedBucket', {
      problem: `the endpoint policy cannot name the bucket '${nameless.resource.node.path}' of another account, Region or stage, which gets its name at deployment.`,
      remedy: "Give the bucket a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
    }, path);
  }
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

/** A request through an access point is one to the access point and one to its bucket. */
function reachableThrough(accessPoint: ISharedDatasetAccessPoint): SharedData[] {
  return [sharedAccessPoint(accessPoint), ...(accessPoint.bucket ? [sharedBucket(accessPoint.bucket)] : [])];
}

function allow(props: iam.PolicyStatementProps): iam.PolicyStatement {
  return new iam.PolicyStatement({ ...props, principals: [new iam.AnyPrincipal()] }); // who may do what, other policies say
}
