import { CfnElement, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { conditionKeys } from './object-access';
import { BucketPolicies } from '../../guardrails/bucket-policies';
import { GuardedBucket } from '../../guardrails/guarded-bucket';
import { byHand } from '../../guardrails/imported-bucket';
import { addStatements, oversize, statementsOf, unwritablePolicy } from '../../guardrails/policy-document';
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
  const guarded = GuardedBucket.of(resource);
  const written = own && withoutGuardrails(own.document, guarded);
  const others = policies.of(resource).map(({ resource: policy }) => policy).filter((policy) => policy !== own?.node.defaultChild);
  const [other] = others;
  const problem = other && whyClosed(other, resource);
  if (own === undefined || other === undefined || written === undefined || (problem !== undefined && guarded.denies.length > 0)) {
    return undefined;
  }
  removePolicy(bucket, own);
  const statements = written.map((deny) => aboutBucket(deny, s3.CfnBucketPolicy.isCfnBucketPolicy(other) ? other.bucket : bucket.bucketName, Stack.of(other)));
  if (problem === undefined) {
    addStatements(other as s3.CfnBucketPolicy, statements);
    guarded.moveTo(other as s3.CfnBucketPolicy);
  }
  return problem === undefined ? undefined : { problem: `${problem} SecureBucketDefaults could not add to it that requests need TLS 1.2.`, remedy: `Add these statements there:${byHand(other, statements)}` };
}

const FEW_STATEMENTS = 20; // whose policy surely has room

/**
 * Takes what the defaults demand of connections out of a policy that S3 would refuse with it, and would take without.
 *
 * @returns what then is not demanded
 */
export function leaveRoom({ policy, stack }: s3.Bucket): Refusal | undefined {
  const statements = (policy && statementsOf(policy.document)) ?? [];
  const others = statements.filter((statement) => !isOfTls(statement));
  if (statements.length <= FEW_STATEMENTS || others.length === statements.length || oversize(stack.resolve(policy!.document)).length === 0) {
    return undefined;
  }
  Object.assign(policy!.document, { statements: others });
  return {
    problem: 'its policy has no room for the statements that requests need TLS 1.2.',
    remedy: 'Give consumers a SharedDatasetAccessPoint, whose policy is its own, or merge statements that differ in one value.',
  };
}

/** Why nothing can be added to a policy. What is of another stage may be synthesized already. */
function whyClosed(policy: CfnElement, bucket: s3.CfnBucket): string | undefined {
  return Stage.of(policy) !== Stage.of(bucket) ? `its policy '${policy.node.path}' is of another stage.`
    : s3.CfnBucketPolicy.isCfnBucketPolicy(policy) ? unwritablePolicy(policy, bucket)?.problem : `its policy is written by '${policy.node.path}'.`;
}

/** The statements of the defaults in a policy that has no others but those of guardrails; undefined if it has. */
function withoutGuardrails(document: iam.PolicyDocument, { denies }: GuardedBucket): readonly iam.PolicyStatement[] | undefined {
  const statements = (statementsOf(document) ?? []).filter((statement) => !denies.includes(statement));
  return statements.every(isOfTls) ? statements : undefined;
}

/** Whether a statement is what the L2 writes for `enforceSSL` and `minimumTLSVersion`. */
function isOfTls({ sid, effect, conditions }: iam.PolicyStatement): boolean {
  const keys = conditionKeys(conditions);
  return sid === undefined && effect === iam.Effect.DENY && keys.length > 0 && keys.every((key) => OF_TLS.test(key));
}

/** What was told to wait for the policy, such as notifications, keeps a construct without a resource to wait for. */
function removePolicy(bucket: s3.Bucket, policy: s3.BucketPolicy): void {
  policy.node.tryRemoveChild('Resource');
  bucket.node.tryRemoveChild(POLICY_ID);
  bucket.policy = undefined; // so that statements which come later are not lost
}

/** The deny with the name by which the other policy calls the bucket: a reference might be a new one between stacks. */
function aboutBucket({ conditions }: iam.PolicyStatement, bucketName: string, stack: Stack): iam.PolicyStatement {
  const arn = stack.formatArn({ service: 's3', region: '', account: '', resource: bucketName });
  return new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [arn, `${arn}/*`], conditions });
}
