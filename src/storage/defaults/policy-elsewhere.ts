import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { BucketPolicies } from '../../guardrails/bucket-policies';
import { byHand } from '../../guardrails/imported-bucket';
import { addStatements, unwritablePolicy } from '../../guardrails/policy-document';
import { Refusal } from '../../refusal';

const POLICY_ID = 'Policy';
const OF_TLS = /^(?:aws:SecureTransport|s3:TlsVersion)$/;

/**
 * Has what the defaults demand of connections stand in the policy that the app writes for the bucket by itself: a bucket has one policy, and of two that an app
 * writes, CloudFormation refuses one, or the one that is deployed last takes the place of the other.
 *
 * @returns what could not be written there
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export function joinPolicies(bucket: s3.Bucket, policies: BucketPolicies): Refusal | undefined {
  const [own, resource] = [bucket.policy, bucket.node.defaultChild as s3.CfnBucket];
  const others = policies.of(resource).map(({ resource: written }) => written).filter((written) => written !== own?.node.defaultChild);
  if (own === undefined || others.length === 0 || !isOfTlsAlone(own.document) || isNeeded(own)) {
    return undefined;
  }
  const denies = (own.document as unknown as { statements: iam.PolicyStatement[] }).statements;
  bucket.node.tryRemoveChild(POLICY_ID);
  bucket.policy = undefined;
  const [other] = others;
  const problem = s3.CfnBucketPolicy.isCfnBucketPolicy(other) ? unwritablePolicy(other, resource) : { problem: `its policy is written by '${other.node.path}'.`, remedy: '' };
  const statements = denies.map((deny) => aboutBucket(deny, s3.CfnBucketPolicy.isCfnBucketPolicy(other) ? other.bucket : bucket.bucketName, Stack.of(other)));
  if (problem === undefined) {
    addStatements(other as s3.CfnBucketPolicy, statements);
  }
  return problem && { problem: `${problem.problem} SecureBucketDefaults could not add to it that requests need TLS 1.2.`, remedy: `Add these statements there:${byHand(other, statements)}` };
}

function isOfTlsAlone(document: iam.PolicyDocument): boolean {
  const { statements } = document as unknown as { statements: iam.PolicyStatement[] };
  return statements.every(({ effect, conditions }) => effect === iam.Effect.DENY
    && Object.values<object>(conditions).every((tests) => Object.keys(tests).every((key) => OF_TLS.test(key))));
}

/** Whether something waits for the policy. */
function isNeeded(policy: IConstruct): boolean {
  return policy.node.root.node.findAll().some(({ node }) => node.dependencies.includes(policy));
}

/** The deny with the name by which the other policy calls the bucket: a reference might be a new one between stacks. */
function aboutBucket({ conditions }: iam.PolicyStatement, bucketName: string, stack: Stack): iam.PolicyStatement {
  const arn = stack.formatArn({ service: 's3', region: '', account: '', resource: bucketName });
  return new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [arn, `${arn}/*`], conditions });
}
