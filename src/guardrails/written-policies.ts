import { CfnOutput, CfnResource, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { deployedResource, hasOverrides, isInTree } from './deployed-resource';
import { OncePerSynthesis } from './once-per-synthesis';
import { writtenBucket } from './raw-resource';
import { canonical, isRecord, settled, variants } from './template-values';

const TYPE = s3.CfnBucketPolicy.CFN_RESOURCE_TYPE_NAME;

/** A resource that writes the policy of a bucket. */
export interface WrittenPolicy {
  readonly resource: CfnResource;

  /** Whether it is this bucket's in whatever way conditions turn out. */
  readonly isAlways: boolean;
}

/**
 * The policies that an app writes, by bucket: those of other stacks and stages too, and resources that no construct of the CDK stands for.
 * A bucket that a template names by something that is known only at deployment is not recognized.
 */
export class WrittenPolicies {
  /** One look at the construct tree for all that is synthesized together, at its first question. */
  public static around(construct: IConstruct): () => WrittenPolicies {
    return WrittenPolicies.found.around(construct);
  }

  private static readonly found = new OncePerSynthesis((root) => new WrittenPolicies(root));
  private readonly byBucket = new Map<s3.CfnBucket, WrittenPolicy[]>();
  private readonly constructs: IConstruct[];
  private readonly buckets: s3.CfnBucket[];
  private names?: Map<string, s3.CfnBucket[]>;

  private constructor(root: IConstruct) {
    this.constructs = root.node.findAll();
    this.buckets = this.constructs.filter(s3.CfnBucket.isCfnBucket);
    this.constructs.filter(mayBePolicy).forEach((policy) => this.file(policy));
  }

  public of(bucket: s3.CfnBucket): WrittenPolicy[] {
    return this.byBucket.get(bucket) ?? [];
  }

  /** The policy of a bucket that the app does not make, as far as it is still that bucket's. */
  public ofImported(policy: s3.CfnBucketPolicy, bucketName: string): WrittenPolicy[] {
    const expected = canonical(Stack.of(policy).resolve(bucketName));
    const forms = isInTree(policy) ? bucketForms(policy).map((form) => canonical(form)) : [];
    return forms.includes(expected) ? [{ resource: policy, isAlways: forms.every((form) => form === expected) }] : [];
  }

  private file(policy: CfnResource): void {
    const named = this.bucketsOf(policy);
    new Set(named).forEach((bucket) => {
      if (bucket) {
        this.byBucket.set(bucket, [...this.of(bucket), { resource: policy, isAlways: named.every((other) => other === bucket) }]);
      }
    });
  }

  /** The bucket in each form that the template may take; undefined where it is none of this app. */
  private bucketsOf(policy: CfnResource): (s3.CfnBucket | undefined)[] {
    if (!hasOverrides(policy)) {
      const reference = Tokenization.reverse(writtenBucket(policy), { failConcat: false });
      if (Reference.isReference(reference) && s3.CfnBucket.isCfnBucket(reference.target)) {
        return [reference.target];
      }
    }
    return bucketForms(policy).map((form) => this.named(form, Stack.of(policy)));
  }

  private named(name: unknown, stack: Stack): s3.CfnBucket | undefined {
    const value = settled(name, stack);
    if (isRecord(value) && typeof value.Ref === 'string') {
      return this.buckets.find((bucket) => Stack.of(bucket) === stack && stack.resolve(bucket.logicalId) === value.Ref);
    }
    if (isRecord(value) && value['Fn::ImportValue'] !== undefined) {
      return this.exported(value['Fn::ImportValue'], stack);
    }
    const text = canonical(value);
    const candidates = value === undefined ? [] : this.byName.get(text) ?? [];
    return candidates.find((bucket) => Stage.of(bucket) === Stage.of(stack)) ?? candidates[0]; // names are unique in a partition
  }

  private exported(name: unknown, stack: Stack): s3.CfnBucket | undefined {
    const output = this.constructs.find((construct): construct is CfnOutput => construct instanceof CfnOutput && construct.exportName !== undefined
      && canonical(construct.stack.resolve(construct.exportName)) === canonical(name));
    return output && output.stack !== stack ? this.named(output.stack.resolve(output.value), output.stack) : undefined;
  }

  /** Looked for only when a policy does not refer to its bucket. */
  private get byName(): Map<string, s3.CfnBucket[]> {
    this.names ??= this.buckets.reduce((names, bucket) => {
      namesOf(bucket).forEach((name) => names.set(name, [...(names.get(name) ?? []), bucket]));
      return names;
    }, new Map<string, s3.CfnBucket[]>());
    return this.names;
  }
}

function mayBePolicy(construct: IConstruct): construct is CfnResource {
  return CfnResource.isCfnResource(construct) && (construct.cfnResourceType === TYPE || (hasOverrides(construct) && (construct as any).rawOverrides?.Type === TYPE));
}

/** How a policy names its bucket, in each form that the template may take; nothing if it is no policy. Its document is not rendered without need. */
function bucketForms(policy: CfnResource): unknown[] {
  if (!hasOverrides(policy)) {
    return variants(Stack.of(policy).resolve(writtenBucket(policy))) ?? [undefined];
  }
  const { Type, Properties } = deployedResource(policy);
  return Type === TYPE ? variants(Properties.Bucket) ?? [undefined] : [];
}

/** A bucket's names, as far as its template says them. */
function namesOf(bucket: s3.CfnBucket): string[] {
  const stack = Stack.of(bucket);
  const { BucketName: name, BucketNamePrefix: prefix } = hasOverrides(bucket)
    ? deployedResource(bucket).Properties
    : { BucketName: stack.resolve(bucket.bucketName), BucketNamePrefix: stack.resolve(bucket.bucketNamePrefix) };
  return [...(name === undefined ? [] : [name]), ...(typeof prefix === 'string' ? [`${prefix}-${stack.account}-${stack.region}-an`] : [])].map((value) => canonical(settled(value, stack)));
}
