import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { allows, IdentityAccess, OBJECT_ACTIONS } from './identity-access';
import { listOf, nameOf, readResource } from './named-references';
import { hasOverrides } from '../../guardrails/deployed-resource';

/** A policy that gives somebody objects, and not the key. */
export interface AccessWithoutKey {
  readonly site: IConstruct;

  /** Whether it is CloudFront with an origin access identity, which no key policy can let in. */
  readonly isOriginAccessIdentity: boolean;
}

/**
 * Who may use objects of a bucket by a policy that somebody wrote, and not its key: with the key, S3 would deny what they do today.
 * The grants of the CDK give both.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function accessWithoutKey(bucket: s3.Bucket, key: kms.Key, identities: IdentityAccess): AccessWithoutKey | undefined {
  const isWithoutKey = (caller: string) => !identities.mayUse(caller, nameOf(key.node.defaultChild!))
    && !keyPolicyOf(key).some((statement) => callersOf(statement).includes(caller));
  const byIdentity = identities.toObjects(namesOf(bucket)).find(({ holders }) => holders.every(isWithoutKey));
  if (byIdentity) {
    return { site: byIdentity.site, isOriginAccessIdentity: false };
  }
  const policy = bucket.policy?.node.defaultChild as s3.CfnBucketPolicy | undefined;
  const statement = allowsOf(bucket, policy).find((allow) => allows(allow, OBJECT_ACTIONS) && foreignCallers(allow, Stack.of(bucket).account).some(isWithoutKey));
  return statement && { site: policy!, isOriginAccessIdentity: statement.Principal?.CanonicalUser !== undefined };
}

/** The statements of a key's policy. */
export function keyPolicyOf(key: kms.Key): any[] {
  return listOf(readResource(key.node.defaultChild as CfnResource)?.properties.KeyPolicy?.Statement);
}

function namesOf(bucket: s3.Bucket): string[] {
  const { bucketName } = bucket.node.defaultChild as s3.CfnBucket;
  return [nameOf(bucket.node.defaultChild!), ...(bucketName === undefined || Token.isUnresolved(bucketName) ? [] : [bucketName])];
}

/** The statements of a bucket's policy, which is read only if it may allow something: most policies here only deny. */
function allowsOf(bucket: s3.Bucket, policy?: s3.CfnBucketPolicy): any[] {
  const { statements } = (bucket.policy?.document ?? {}) as unknown as { statements?: iam.PolicyStatement[] };
  const onlyDenies = statements?.every(({ effect }) => effect === iam.Effect.DENY) ?? false;
  return policy === undefined || (onlyDenies && !hasOverrides(policy)) ? [] : listOf(readResource(policy)?.properties.PolicyDocument?.Statement);
}

/** Keys of conditions that hold only for callers with permissions of their own, among which the key's are looked for. */
const OF_IDENTITIES = /^(?:aws:principal|s3:dataaccesspoint|s3:accesspoint)/i;

/** The callers that a bucket policy's statement lets in by itself: without services, and without this account, which says by its own policies to whom. */
function foreignCallers(statement: any, account: string): string[] {
  const isOfIdentities = Object.values<object>(statement.Condition ?? {}).some((tests) => Object.keys(tests).some((key) => OF_IDENTITIES.test(key)));
  const ownRoot = new RegExp(`:iam::(?:${account}|\\{"Ref":"AWS::AccountId"\\}):root$`);
  return isOfIdentities ? [] : callersOf(statement).filter((caller) => !ownRoot.test(caller));
}

/** The callers that a statement names, without services. */
function callersOf({ Principal: principal }: any): string[] {
  return typeof principal === 'string' ? [principal] : [principal?.AWS, principal?.CanonicalUser].flatMap(listOf).map(String);
}
