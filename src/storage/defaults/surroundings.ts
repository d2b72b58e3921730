import { CfnElement, CfnResource, Stack, Stage, Token, TokenComparison } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { KnownAccess } from './access-without-key';
import { IdentityAccess } from './identity-access';
import { deliveriesByReceiver, ReceivedDelivery } from './log-receivers';
import { lookAgain, nameOf, readResource, readValue } from './named-references';
import { OutsideRoles } from './outside-roles';
import { RegisteredLocations } from './registered-locations';
import { ResourcePolicies } from './resource-policies';
import { UnknownUsers } from './unknown-users';
import { BucketPolicies } from '../../guardrails/bucket-policies';

/** What works with buckets of a stage: resources of the whole app, whatever stage they are in. */
export class Surroundings {
  private readonly byPlace = new Map<string, DeployedAround>();
  private readonly resources: readonly CfnResource[];
  private readonly bucketPolicies: BucketPolicies;

  constructor(stage: IConstruct) {
    const { root } = stage.node;
    lookAgain();
    const own = stage.node.findAll().filter(CfnResource.isCfnResource);
    own.filter(s3.CfnBucket.isCfnBucket).forEach((bucket) => readValue(bucket.inventoryConfigurations, bucket)); // the CDK then writes the destination's policy
    this.bucketPolicies = BucketPolicies.around(root); // a bucket with a name may have its policy in another stage
    this.resources = root.node.findAll().filter(CfnResource.isCfnResource);
  }

  public of(bucket: s3.Bucket): DeployedAround {
    const place = [Stage.of(bucket)?.node.path, bucket.stack.account].join(' ');
    const known = this.byPlace.get(place) ?? new DeployedAround(this.resources, this.resources.filter((resource) => mayUse(bucket, resource)), this.bucketPolicies);
    this.byPlace.set(place, known);
    return known;
  }
}

/** What another stage deploys to another account gives no access by policies of identities alone. */
function mayUse(bucket: s3.Bucket, resource: CfnResource): boolean {
  return Stage.of(resource) === Stage.of(bucket) || Token.compareStrings(Stack.of(resource).account, bucket.stack.account) !== TokenComparison.DIFFERENT;
}

/** Resources that are or carry policies, or say themselves how a role works with a bucket, are read for themselves. */
const READ_ELSEWHERE = /^AWS::(?:IAM|SSO|KMS|LakeFormation)::|^AWS::S3::BucketPolicy$/;

/** What is deployed that may use the buckets of an account. */
export class DeployedAround implements KnownAccess {
  public readonly identities: IdentityAccess;
  public readonly policies: ResourcePolicies;
  public readonly locations: RegisteredLocations;
  public readonly outsideRoles: OutsideRoles;
  public readonly unknownUsers: UnknownUsers;
  private readonly deliveries: Map<string, ReceivedDelivery[]>;

  constructor(all: readonly CfnResource[], users: readonly CfnResource[], public readonly bucketPolicies: BucketPolicies) {
    this.identities = new IdentityAccess(users);
    this.locations = new RegisteredLocations(users);
    const workers = users.filter(({ cfnResourceType }) => !READ_ELSEWHERE.test(cfnResourceType)).flatMap((resource) => readResource(resource) ?? []);
    this.outsideRoles = new OutsideRoles(workers);
    this.unknownUsers = new UnknownUsers(workers);
    this.deliveries = deliveriesByReceiver(all);
    this.policies = new ResourcePolicies(all);
  }

  /** The resources that write a bucket's policy. */
  public policiesOf(bucket: s3.Bucket): CfnElement[] {
    return this.bucketPolicies.of(bucket.node.defaultChild as s3.CfnBucket).map(({ resource }) => resource);
  }

  /** What others have delivered to a bucket. */
  public deliveriesTo(bucket: s3.Bucket): ReceivedDelivery[] {
    const resource = bucket.node.defaultChild as s3.CfnBucket;
    return [nameOf(resource), resource.bucketName ?? ''].flatMap((name) => this.deliveries.get(name) ?? []).filter(({ sender }) => sender !== resource);
  }
}
