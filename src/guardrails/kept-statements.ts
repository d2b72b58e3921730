import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { deployedResource, hasOverrides } from './deployed-resource';
import { alwaysHas } from './deployed-statements';
import { GuardedBucket } from './guarded-bucket';
import { sentenceOf } from '../refusal';

/**
 * Sees to it that a statement which a construct has written into the policy of a bucket, a key or an access point stays as it is: whom a policy
 * lets in, and to what, is not to be changed behind its back.
 *
 * @param resource where it is written
 * @param writer who has written it, for errors
 */
export function keepStatement(resource: IConstruct, statement: iam.PolicyStatement, writer: string): void {
  const made = resource.node.defaultChild;
  if (s3.CfnBucket.isCfnBucket(made)) {
    GuardedBucket.of(made).keep(statement, writer);
  } else if (kms.CfnKey.isCfnKey(made)) {
    keepIn({ resource: made, what: 'key policy', property: 'KeyPolicy', current: () => made.keyPolicy }, statement, writer);
  } else if (s3.CfnAccessPoint.isCfnAccessPoint(made)) {
    keepIn({ resource: made, what: 'access point policy', property: 'Policy', current: () => made.policy }, statement, writer);
  }
}

/** The policy that a resource has as a property. */
interface PolicyProperty {
  readonly resource: CfnResource;
  readonly what: string;
  readonly property: string;
  readonly current: () => unknown;
}

const KEPT = new WeakMap<IConstruct, Map<iam.PolicyStatement, string>>();

function keepIn(policy: PolicyProperty, statement: iam.PolicyStatement, writer: string): void {
  const { resource } = policy;
  const kept = KEPT.get(resource);
  if (kept) {
    kept.set(statement, writer);
    return;
  }
  const statements = new Map([[statement, writer]]);
  KEPT.set(resource, statements);
  resource.node.addValidation({ validate: () => lostStatements(policy, statements) });
}

function lostStatements({ resource, what, property, current }: PolicyProperty, kept: Map<iam.PolicyStatement, string>): string[] {
  const stack = Stack.of(resource);
  const document = hasOverrides(resource) ? deployedResource(resource).Properties[property] : stack.resolve(current());
  const lost = [...kept].filter(([statement]) => !alwaysHas(document, stack.resolve(statement.toStatementJson())));
  return lost.map(([{ sid }, writer]) => sentenceOf(resource.node.path, {
    problem: `the statement '${sid}' of ${writer} is missing from the synthesized ${what}, or was changed.`,
    remedy: 'Remove the override, aspect or edit that touches the policy.',
  }));
}
