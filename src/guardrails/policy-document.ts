import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { isInTree } from './deployed-resource';
import { isRaw, rawResource } from './raw-resource';
import { BUCKET_POLICY_QUOTA, smallestPolicySize } from '../policy/policy-size';
import { StatementJson } from '../policy/public-allow';
import { Refusal } from '../refusal';

/** A policy document as it is deployed. */
export interface PolicyJson {
  readonly Version?: string;
  readonly Statement?: StatementJson | StatementJson[];
}

/** The statements of a document, where the CDK shows them and renders nothing else. */
export function statementsOf(document: unknown): iam.PolicyStatement[] | undefined {
  const rendersItself = document instanceof iam.PolicyDocument && Object.getPrototypeOf(document) === iam.PolicyDocument.prototype && !Object.hasOwn(document, 'resolve');
  return rendersItself ? (document as unknown as { statements?: iam.PolicyStatement[] }).statements : undefined;
}

/** Why no statement can be written into a policy; nothing if it can. */
export function unwritablePolicy(policy: s3.CfnBucketPolicy, bucket?: s3.CfnBucket): Refusal | undefined {
  const where = `its policy '${policy.node.path}'`;
  if (isElsewhere(policy, bucket)) {
    return { problem: `${where} is in a stack of another account or Region.`, remedy: "Move the policy into the bucket's stack." };
  }
  if (!isInTree(policy)) {
    return { problem: `${where} was removed from the construct tree.`, remedy: 'Do not remove it.' };
  }
  if (isRaw(policy)) {
    const { problem, remedy } = rawResource(policy);
    return { problem: `${where}: ${problem}`, remedy };
  }
  const { condition } = policy.cfnOptions;
  if (condition && condition !== bucket?.cfnOptions.condition) {
    return { problem: `${where} is deployed under the condition '${condition.node.path}' only.`, remedy: 'Give policy and bucket the same condition.' };
  }
  return isReadable(policy.policyDocument) ? undefined : {
    problem: `${where} has a document that is not readable at synthesis.`, remedy: "Write it as an iam.PolicyDocument, or as an object with a list of 'Statement's.",
  };
}

/** Whether statements cannot fill the quota together with those of the guardrails, which take less than half of it. */
export function isSurelySmall(statements: StatementJson[]): boolean {
  const text = JSON.stringify(statements);
  return text.length < BUCKET_POLICY_QUOTA / 4 && !/<unresolved|#\{Token/.test(text); // a list token may stand for any number of values
}

export function oversize(document: PolicyJson): Refusal[] {
  const size = smallestPolicySize(document);
  return size <= BUCKET_POLICY_QUOTA ? [] : [{
    problem: `the bucket policy takes at least ${size.toLocaleString('en')} bytes, and S3 accepts ${BUCKET_POLICY_QUOTA.toLocaleString('en')}.`,
    remedy: 'Give consumers a SharedDatasetAccessPoint, whose policy is its own, or merge statements that differ in one value.',
  }];
}

/** S3 keeps one policy a bucket: the last to be deployed replaces the others. */
export function competingPolicies(policies: IConstruct[]): Refusal {
  return {
    problem: `the app writes ${policies.length} bucket policies (${policies.map(({ node }) => `'${node.path}'`).join(', ')}), and the last to be deployed replaces the others.`,
    remedy: "Keep one: add statements with the bucket's 'addToResourcePolicy'.",
  };
}

/** Adds statements to a policy. What is written in JSON stays as it is: it may have elements that the CDK does not know. */
export function addStatements(policy: s3.CfnBucketPolicy, statements: iam.PolicyStatement[]): void {
  const document = policy.policyDocument;
  if (document instanceof iam.PolicyDocument) {
    document.addStatements(...statements);
    return;
  }
  const json: PolicyJson = document ?? { Version: '2012-10-17' };
  policy.policyDocument = { ...json, Statement: [...[json.Statement ?? []].flat(), ...statements.map((statement) => statement.toStatementJson())] };
}

/** Puts statements into the place of others that were added as such. */
export function replaceStatements(policy: s3.CfnBucketPolicy, before: readonly iam.PolicyStatement[], after: readonly iam.PolicyStatement[]): void {
  const statements = statementsOf(policy.policyDocument) ?? [];
  const at = statements.indexOf(before[0]);
  if (at < 0 || before.some((statement, i) => statements[at + i] !== statement)) {
    throw new Error(`internal error in secure-bucket (please report it): the statements of a guardrail are not together in '${policy.node.path}'`);
  }
  statements.splice(at, before.length, ...after);
}

function isReadable(document: unknown): boolean {
  return document === undefined || document instanceof iam.PolicyDocument || (isPlain(document) && isPlain(document.Statement ?? {}));
}

/** An object or a list that is not an intrinsic function, and does not get its contents later. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Token.isUnresolved(value) && !Object.keys(value).some((key) => /^(?:Ref$|Fn::)/.test(key));
}

function isElsewhere(policy: s3.CfnBucketPolicy, bucket?: s3.CfnBucket): boolean {
  const [here, there] = [Stack.of(policy), bucket && Stack.of(bucket)];
  return there !== undefined && (here.account !== there.account || here.region !== there.region);
}
