import { CfnResource, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { WrittenPolicy } from './bucket-policies';
import { deployedResource, displaced, hasOverrides, isInTree, REMOVE_CHANGE, transformed } from './deployed-resource';
import { possibleStatements } from './deployed-statements';
import { isAsWritten, KeptStatement, lostStatements } from './lost-statements';
import { competingPolicies, isSurelySmall, oversize, statementsOf } from './policy-document';
import { hasTransform, settled, variants } from './template-values';
import { StatementJson, whyPublic } from '../policy/public-allow';
import { Refusal } from '../refusal';

const POLICY = s3.CfnBucketPolicy.CFN_RESOURCE_TYPE_NAME;

/** What the policy of a bucket has to be. */
export interface PolicyIntent {
  readonly stack: Stack;

  /** The bucket, where the app makes it. */
  readonly cfnBucket?: s3.CfnBucket;

  /** Whether nothing may be allowed to everyone. */
  readonly isPrivate: boolean;

  /** The policy in which the statements were written. */
  readonly own?: s3.CfnBucketPolicy;
  readonly statements: OwnStatements[];
}

/** Statements that are to stay as they are. */
export interface OwnStatements {
  readonly ours: KeptStatement[];
  readonly writer: string;

  /** How to do without them, to be added to an error. */
  readonly toRelax: string;

  /** Whether consumers are added to them: unlike the statements of guardrails, they may then fill the policy. */
  readonly mayGrow: boolean;
}

/**
 * What is wrong with the policy of a bucket as it will be deployed.
 *
 * @param policies the policies that the app writes for the bucket
 */
export function judgePolicies(intent: PolicyIntent, policies: WrittenPolicy[]): Refusal[] {
  if (policies.length > 1) {
    return [competingPolicies(policies.map(({ resource }) => resource))];
  }
  const { cfnBucket, isPrivate } = intent;
  const gone = cfnBucket && !isPrivate ? displaced(cfnBucket, s3.CfnBucket.CFN_RESOURCE_TYPE_NAME) : undefined; // those of this package watch themselves
  return [...(gone ? [gone] : []), ...(policies.length === 1 ? policyProblems(intent, policies[0]) : problemsWithoutPolicy(intent))];
}

function problemsWithoutPolicy(intent: PolicyIntent): Refusal[] {
  const { own } = intent;
  return own && isInTree(own) ? [displaced(own, POLICY) ?? movedPolicy(own)] : lostFrom(intent, undefined);
}

function policyProblems(intent: PolicyIntent, { resource, isAlways }: WrittenPolicy): Refusal[] {
  if (!CfnResource.isCfnResource(resource)) {
    return [{ problem: `its policy is written by '${resource.node.path}', which is not a CfnResource: what it says cannot be seen.`, remedy: "Remove it, and add its statements with the bucket's 'addToResourcePolicy'." }];
  }
  const others = isAlways ? statementsBesideOurs(intent, resource) : undefined;
  if (others && isSurelySmall([...others, ...growing(intent)])) {
    return publicAllows(intent, others.flatMap((statement) => formsOf(statement, Stack.of(resource))));
  }
  const deployed = deployedResource(resource);
  const { Condition, Properties: { PolicyDocument: document = {} } } = deployed;
  const problem = displaced(resource, POLICY, deployed)
    ?? (hasTransform(document) ? transformed(`in its policy '${resource.node.path}'`) : undefined)
    ?? (isAlways ? undefined : movedPolicy(resource))
    ?? (Condition === undefined || Condition === conditionOf(intent) ? undefined : conditionalPolicy(resource, Condition));
  return problem ? [problem] : [
    ...lostFrom(intent, document, Stack.of(resource)),
    ...oversize(document),
    ...publicAllows(intent, possibleStatements(document, Stack.of(resource)) ?? []),
  ];
}

function growing({ statements }: PolicyIntent): StatementJson[] {
  return statements.filter(({ mayGrow }) => mayGrow).flatMap(({ ours }) => ours).map(({ statement }) => statement.toStatementJson());
}

/** The condition on which the bucket is made. */
function conditionOf({ cfnBucket }: PolicyIntent): string | undefined {
  return cfnBucket && deployedResource(cfnBucket).Condition;
}

/**
 * The statements of a policy that has all that was written into it, without those; undefined if it was touched.
 * To judge an untouched policy, it need not be rendered.
 */
function statementsBesideOurs({ cfnBucket, statements: own }: PolicyIntent, policy: CfnResource): StatementJson[] | undefined {
  const statements = statementsOf((policy as Partial<s3.CfnBucketPolicy>).policyDocument);
  const present = new Set(statements);
  const kept = own.flatMap((written) => written.ours);
  const ours = new Set(kept.map(({ statement }) => statement));
  const isUntouched = statements !== undefined
    && !hasOverrides(policy)
    && (policy.cfnOptions.condition === undefined || (policy.cfnOptions.condition === cfnBucket?.cfnOptions.condition && !hasOverrides(cfnBucket)))
    && kept.every((each) => present.has(each.statement) && isAsWritten(each));
  return isUntouched ? statements.filter((statement) => !ours.has(statement)).map((statement) => statement.toStatementJson()) : undefined;
}

/** A principal or a condition that is a token may depend on conditions of the template. */
function formsOf({ Effect, Sid, Principal, NotPrincipal, Condition }: StatementJson, stack: Stack): StatementJson[] {
  const audience = { Effect, Sid, ...(NotPrincipal ? { NotPrincipal } : { Principal }), ...(Condition ? { Condition } : {}) };
  return /<unresolved|[$#]\{Token\[/.test(JSON.stringify(audience))
    ? (variants(settled(stack.resolve(audience), stack)) ?? [{ Effect, Sid, Principal: '*' }]) as StatementJson[]
    : [audience];
}

function publicAllows({ isPrivate }: PolicyIntent, statements: StatementJson[]): Refusal[] {
  const problems = isPrivate ? statements.flatMap((statement) => publicAllow(statement) ?? []) : [];
  return problems.filter(({ problem }, at) => problems.findIndex((other) => other.problem === problem) === at);
}

/** What is wrong with a statement that gives access to everyone; nothing if it does not. */
export function publicAllow(statement: StatementJson): Refusal | undefined {
  const reason = whyPublic(statement);
  return reason === undefined ? undefined : {
    problem: `the statement '${statement.Sid ?? '(without a Sid)'}' would make the bucket public: ${reason}.`,
    remedy: 'Name the principals, or serve the objects through CloudFront with origin access control (OacDistribution).',
  };
}

function lostFrom({ stack, statements }: PolicyIntent, document: unknown, where: Stack = stack): Refusal[] {
  return statements.flatMap(({ ours, writer, toRelax }) => lostStatements(ours, document, where, writer, 'bucket policy', toRelax));
}

function movedPolicy(policy: IConstruct): Refusal {
  return { problem: `'Bucket' of its policy '${policy.node.path}' is not, or not always, this bucket in the synthesized template.`, remedy: REMOVE_CHANGE };
}

function conditionalPolicy(policy: IConstruct, condition: string): Refusal {
  return { problem: `its policy '${policy.node.path}' is deployed under the condition '${condition}' only.`, remedy: 'Remove the condition, or set it on the bucket too.' };
}
