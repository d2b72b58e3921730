import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { documentIn, listOf, nameOf, readResource } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { jsonText } from '../../policy/json';

/** A policy of a bucket, or of an access point to it. */
export interface ResourcePolicy {
  /** The path of its resource. */
  readonly policy: string;
  readonly statements: readonly any[];
}

const ACCESS_POINT = 'AWS::S3::AccessPoint';
const BUCKET_POLICY = 'AWS::S3::BucketPolicy';

/** The policies of buckets and of access points, and the access points themselves, by what stands for their bucket: the name of its construct, or its physical name. */
export class ResourcePolicies {
  private readonly policies = new Map<string, ResourcePolicy[]>();
  private readonly accessPoints = new Map<string, string[]>();

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
  public accessPointsOf(bucket: NamesInPolicies): string[] {
    return bucket.all.flatMap((name) => this.accessPoints.get(name) ?? []);
  }

  private file(resource: CfnResource, { Bucket, PolicyDocument, Policy, Name }: any): void {
    const bucket = jsonText(Bucket);
    const statements = listOf(documentIn(PolicyDocument ?? Policy)?.Statement);
    add(this.policies, bucket, { policy: resource.node.path, statements });
    if (resource.cfnResourceType === ACCESS_POINT) {
      [nameOf(resource), ...listOf(Name).map(jsonText)].forEach((name) => add(this.accessPoints, bucket, name));
    }
  }
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
