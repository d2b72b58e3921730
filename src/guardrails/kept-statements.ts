import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { deployedResource, hasOverrides } from './deployed-resource';
import { GuardedBucket } from './guarded-bucket';
import { asItStands, KeptStatement, lostStatements } from './lost-statements';
import { sentenceOf } from '../refusal';

/**
 * Sees to it that a statement which a construct has written into the policy of a bucket, a key or an access point stays as it is: whom a policy
 * lets in, and to what, is not to be changed behind its back.
 *
 * @param resource where it is written
 * @param writer who has written it, for errors
 * @returns what it is compared with: a writer that adds to the statement later adds the same here
 */
export function keepStatement(resource: IConstruct, statement: iam.PolicyStatement, writer: string): iam.PolicyStatement {
  const [made, kept] = [resource.node.defaultChild, asItStands(statement)];
  if (s3.CfnBucket.isCfnBucket(made)) {
    GuardedBucket.of(made).keep(kept, writer);
  } else if (kms.CfnKey.isCfnKey(made)) {
    keepIn({ resource: made, what: 'key policy', property: 'KeyPolicy', current: () => made.keyPolicy }, kept, writer);
  } else if (s3.CfnAccessPoint.isCfnAccessPoint(made)) {
    keepIn({ resource: made, what: 'access point policy', property: 'Policy', current: () => made.policy }, kept, writer);
  } else if (s3.CfnMultiRegionAccessPoint.isCfnMultiRegionAccessPoint(made)) {
    resource.node.children.filter(s3.CfnMultiRegionAccessPointPolicy.isCfnMultiRegionAccessPointPolicy).forEach((policy) => {
      keepIn({ resource: policy, what: 'policy of the multi-Region access point', property: 'Policy', current: () => policy.policy }, kept, writer);
    });
  }
  return kept.asWritten;
}

/** The policy that a resource has as a property. */
interface PolicyProperty {
  readonly resource: CfnResource;
  readonly what: string;
  readonly property: string;
  readonly current: () => unknown;
}

const KEPT = new WeakMap<IConstruct, Map<KeptStatement, string>>();

function keepIn(policy: PolicyProperty, statement: KeptStatement, writer: string): void {
  const { resource } = policy;
  const kept = KEPT.get(resource);
  if (kept) {
    kept.set(statement, writer);
    return;
  }
  const statements = new Map([[statement, writer]]);
  KEPT.set(resource, statements);
  resource.node.addValidation({ validate: () => lostFrom(policy, statements) });
}

function lostFrom({ resource, what, property, current }: PolicyProperty, kept: Map<KeptStatement, string>): string[] {
  const stack = Stack.of(resource);
  const document = hasOverrides(resource) ? deployedResource(resource).Properties[property] : stack.resolve(current());
  return [...kept].flatMap(([statement, writer]) => lostStatements([statement], document, stack, writer, what)).map((problem) => sentenceOf(resource.node.path, problem));
}
