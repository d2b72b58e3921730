import { CfnCondition, CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, CfnRule, Stage } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { BucketNames, resolvedNames } from './bucket-names';
import { deployedResource, hasOverrides } from './deployed-resource';
import { OncePerSynthesis } from './once-per-synthesis';
import { writtenBucket } from './raw-resource';
import { variants } from './template-values';
import { isObject } from '../policy/json';

const TYPE = s3.CfnBucketPolicy.CFN_RESOURCE_TYPE_NAME;

/** A resource that writes the policy of a bucket. */
export interface WrittenPolicy {
  /** The resource, or the element of another class that writes it into the template. */
  readonly resource: CfnElement;

  /** Whether it is this bucket's in whatever way conditions turn out. */
  readonly isAlways: boolean;
}

/**
 * The policies that an app writes, by bucket: those of other stacks too, and resources that no construct of the CDK stands for. A bucket
 * that a template names by something that is known only at deployment is not recognized.
 */
export class BucketPolicies {
  /** The policies around a construct as they are now: what is deployed together with it. */
  public static around(construct: IConstruct): BucketPolicies {
    return new BucketPolicies(stageOf(construct));
  }

  /** All policies of the app, once it is complete: one look at the construct tree for all that is synthesized together, at its first question. */
  public static whenComplete(construct: IConstruct): () => BucketPolicies {
    return BucketPolicies.complete.around(construct);
  }

  private static readonly complete = new OncePerSynthesis((root) => new BucketPolicies(root));
  private readonly constructs: ReadonlySet<IConstruct>;
  private readonly names: BucketNames;
  private readonly bySubject = new Map<s3.CfnBucket | string, WrittenPolicy[]>();

  private constructor(scope: IConstruct) {
    const constructs = scope.node.findAll();
    this.constructs = new Set(constructs);
    this.names = new BucketNames(constructs);
    constructs.filter(mayBePolicy).forEach((policy) => this.file(policy, bucketForms(policy)));
    constructs.filter(mayWriteResources).forEach((element) => writtenBy(element).forEach((forms) => this.file(element, forms)));
  }

  /** Whether a construct was there when the app was looked at. */
  public knows(construct: IConstruct): boolean {
    return this.constructs.has(construct);
  }

  /** The policies of a bucket of the app. */
  public of(bucket: s3.CfnBucket): WrittenPolicy[] {
    return this.bySubject.get(bucket) ?? [];
  }

  /** The policies for the bucket that a construct calls by a name. */
  public forName(construct: IConstruct, bucketName: string): WrittenPolicy[] {
    return this.bySubject.get(this.names.subject(bucketName, construct)) ?? [];
  }

  /** The bucket of the app that a construct calls by a name. */
  public bucketCalled(construct: IConstruct, bucketName: string): s3.CfnBucket | undefined {
    return this.names.called(bucketName, construct);
  }

  private file(policy: CfnElement, forms: readonly unknown[]): void {
    const subjects = forms.map((form) => this.names.subject(form, policy));
    new Set(subjects).forEach((subject) => {
      this.bySubject.set(subject, [...(this.bySubject.get(subject) ?? []), { resource: policy, isAlways: subjects.every((other) => other === subject) }]);
    });
  }
}

/** The bucket of the app that a policy belongs to, in whatever way conditions turn out. */
export function bucketOf(policy: s3.CfnBucketPolicy): s3.CfnBucket | undefined {
  const names = new BucketNames(stageOf(policy).node.findAll());
  const [bucket, ...others] = new Set(bucketForms(policy).map((form) => names.called(form, policy)));
  return others.length === 0 ? bucket : undefined;
}

function stageOf(construct: IConstruct): IConstruct {
  return Stage.of(construct) ?? construct.node.root;
}

function mayBePolicy(construct: IConstruct): construct is CfnResource {
  return CfnResource.isCfnResource(construct) && (construct.cfnResourceType === TYPE || (hasOverrides(construct) && (construct as any).rawOverrides?.Type === TYPE));
}

const DECLARATIONS = [CfnCondition, CfnMapping, CfnOutput, CfnParameter, CfnRule];

/** Somebody's own class of elements can write whatever it likes. */
function mayWriteResources(construct: IConstruct): construct is CfnElement {
  return CfnElement.isCfnElement(construct) && !CfnResource.isCfnResource(construct) && !DECLARATIONS.some((declaration) => construct instanceof declaration);
}

/** How the policies among the resources that an element writes name their buckets; those in loops of `Fn::ForEach`, too. */
function writtenBy(element: CfnElement): unknown[][] {
  try {
    return policiesIn(resolvedNames(element._toCloudFormation(), element)?.Resources).map(({ Properties }) => variants(Properties?.Bucket) ?? [undefined]);
  } catch {
    return []; // synthesis fails for it
  }
}

function policiesIn(resources: unknown): Record<string, any>[] {
  if (!isObject(resources) && !Array.isArray(resources)) {
    return [];
  }
  return Object.values(resources).flatMap((value) => (isObject(value) && value.Type === TYPE ? [value] : policiesIn(value)));
}

/** How a policy names its bucket, in each form that the template may take; nothing if it is no policy. Its document is not rendered without need. */
function bucketForms(policy: CfnResource): unknown[] {
  if (hasOverrides(policy)) {
    const { Type, Properties } = deployedResource(policy, resolvedNames);
    return Type === TYPE ? variants(Properties.Bucket) ?? [undefined] : [];
  }
  const written = writtenBucket(policy);
  return BucketNames.isReference(written) ? [written] : variants(resolvedNames(written, policy)) ?? [undefined];
}
