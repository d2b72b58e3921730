import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { documentIn, listOf, nameOf, readResource, readValue } from './named-references';
import { ANY_KEY, NamesInPolicies, withUnknown } from './names-in-policies';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { jsonText } from '../../policy/json';
import { unknownText } from '../../policy/unknown-text';

/** A policy of a bucket, or of an access point to it. */
export interface ResourcePolicy {
  /** The path of its resource. */
  readonly policy: string;
  readonly statements: readonly any[];
}

/** An access point to a bucket. */
export interface AccessPointNames {
  /** What stands for it in policies: the name of its construct, and its own. */
  readonly all: readonly string[];

  /** The ARN of any object through it, with what is not known of it. */
  readonly object: string;
}

const ACCESS_POINT = 'AWS::S3::AccessPoint';
const BUCKET_POLICY = 'AWS::S3::BucketPolicy';

/** The policies of buckets and of access points, and the access points themselves, by what stands for their bucket: the name of its construct, or its physical name. */
export class ResourcePolicies {
  private readonly policies = new Map<string, ResourcePolicy[]>();
  private readonly accessPoints = new Map<string, AccessPointNames[]>();

  constructor(resources: readonly CfnResource[]) {
    for (const resource of resources.filter(({ cfnResourceType }) => cfnResourceType === BUCKET_POLICY || cfnResourceType === ACCESS_POINT)) {
      if (!onlyDenies(resource)) {
        this.file(resource, readResource(resource)?.properties ?? {});
      }
    }
  }

  /** The policies that decide about requests to a bucket. */
  public of(bucket: NamesInPolicies): ResourcePolicy[] {
    return bucket.all.flatMap((name) => this.policies.get(name) ?? []);
  }

  /** What the access points of a bucket are called. */
  public accessPointsOf(bucket: NamesInPolicies): AccessPointNames[] {
    return bucket.all.flatMap((name) => this.accessPoints.get(name) ?? []);
  }

  private file(resource: CfnResource, { Bucket, PolicyDocument, Policy, Name }: any): void {
    const bucket = jsonText(Bucket);
    const statements = listOf(documentIn(PolicyDocument ?? Policy)?.Statement);
    add(this.policies, bucket, { policy: resource.node.path, statements });
    if (resource.cfnResourceType === ACCESS_POINT) {
      add(this.accessPoints, bucket, { all: [nameOf(resource), ...listOf(Name).map(jsonText)], object: objectThrough(resource, Name) });
    }
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html */
function objectThrough(accessPoint: CfnResource, name: unknown): string {
  const { region, account } = Stack.of(accessPoint);
  const [place, owner] = [region, account].map((value) => withUnknown(readValue(value, accessPoint)));
  return `arn:aws:s3:${place}:${owner}:accesspoint/${name === undefined ? unknownText('name') : withUnknown(name)}/object/${ANY_KEY}`;
}

/** Most bucket policies here do: they are not read. */
function onlyDenies(resource: CfnResource): boolean {
  const { policyDocument } = resource as Partial<s3.CfnBucketPolicy>;
  const { statements } = (policyDocument ?? {}) as { statements?: iam.PolicyStatement[] };
  return !hasOverrides(resource) && policyDocument instanceof iam.PolicyDocument && (statements?.every(({ effect }) => effect === iam.Effect.DENY) ?? false);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
