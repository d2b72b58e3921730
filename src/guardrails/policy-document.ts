import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { StatementJson } from '../policy/public-allow';
import { Refusal } from '../refusal';

/** A policy document as it is deployed. */
export interface PolicyJson {
  readonly Version?: string;
  readonly Statement?: StatementJson | StatementJson[];
}

/** The statements of a document, where the CDK shows them. */
export function statementsOf(document: unknown): iam.PolicyStatement[] | undefined {
  return document instanceof iam.PolicyDocument ? (document as unknown as { statements?: iam.PolicyStatement[] }).statements : undefined;
}

/** The policy document as it will be deployed; empty if the policy may not be deployed with its bucket. */
export function deployedDocument(policy: s3.CfnBucketPolicy, bucket?: s3.CfnBucket): PolicyJson {
  const [resource] = Object.values<any>(Stack.of(policy).resolve(policy._toCloudFormation()).Resources);
  const isThere = resource.Condition === undefined || resource.Condition === bucket?.cfnOptions.condition?.logicalId;
  return (isThere && resource.Type === s3.CfnBucketPolicy.CFN_RESOURCE_TYPE_NAME && resource.Properties?.PolicyDocument) || {};
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
  const { condition } = policy.cfnOptions;
  if (condition && condition !== bucket?.cfnOptions.condition) {
    return { problem: `${where} is deployed under the condition '${condition.node.path}' only.`, remedy: 'Give policy and bucket the same condition.' };
  }
  return isReadable(policy.policyDocument) ? undefined : {
    problem: `${where} has a document that is not readable at synthesis.`, remedy: "Write it as an iam.PolicyDocument, or as an object with a list of 'Statement's.",
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

function isReadable(document: unknown): boolean {
  return document === undefined || document instanceof iam.PolicyDocument || (isPlain(document) && isPlain(document.Statement ?? {}));
}

/** An object or a list that is not an intrinsic function, and does not get its contents later. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Token.isUnresolved(value) && !Object.keys(value).some((key) => /^(?:Ref$|Fn::)/.test(key));
}

function isInTree(construct: IConstruct): boolean {
  return construct.node.scopes.every(({ node }) => node.scope === undefined || node.scope.node.tryFindChild(node.id)?.node === node);
}

function isElsewhere(policy: s3.CfnBucketPolicy, bucket?: s3.CfnBucket): boolean {
  const [here, there] = [Stack.of(policy), bucket && Stack.of(bucket)];
  return there !== undefined && (here.account !== there.account || here.region !== there.region);
}
