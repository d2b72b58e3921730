import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { mentions, nameOf, ReadResource } from './named-references';
import { textPattern } from '../../policy/pattern';

/** The resources that carry policies of identities. */
export const IDENTITY_POLICY_TYPES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** One statement, by whom it is carried. */
interface HeldStatement {
  readonly holders: readonly string[];
  readonly site: IConstruct;
  readonly statement: any;
}

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
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function accessWithoutKey(bucket: s3.Bucket, key: IConstruct, keyPolicy: readonly any[], bucketPolicy: ReadResource | undefined, identityPolicies: readonly ReadResource[]): AccessWithoutKey | undefined {
  const held = identityPolicies.flatMap(heldStatements);
  const keyUsers = new Set(held.filter(({ statement }) => givesKey(statement, key)).flatMap(({ holders }) => holders));
  const mayUseKey = (text: string) => keyUsers.has(text) || keyPolicy.some(({ Principal }) => JSON.stringify(Principal ?? '').includes(JSON.stringify(text).slice(1, -1)));
  const withoutKey = held.find(({ holders, statement }) => givesObjects(statement, bucket) && !holders.some(mayUseKey));
  if (withoutKey) {
    return { site: withoutKey.site, isOriginAccessIdentity: false };
  }
  const account = Stack.of(bucket).account;
  const foreign = listOf(bucketPolicy?.properties.PolicyDocument?.Statement).find((statement) => isAllowed(statement, OBJECT_ACTIONS) && callers(statement, account).some((caller) => !mayUseKey(caller)));
  return foreign && { site: bucketPolicy!.resource, isOriginAccessIdentity: foreign.Principal.CanonicalUser !== undefined };
}

const OBJECT_ACTIONS = ['s3:GetObject', 's3:PutObject'];
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

function heldStatements({ resource, type, properties }: ReadResource): HeldStatement[] {
  const itself = nameOf(resource);
  const attached = type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy';
  const holders = attached ? [properties.Roles, properties.Users, properties.Groups].flatMap(listOf).filter((holder) => typeof holder === 'string') : [itself];
  const documents = attached ? [properties.PolicyDocument] : listOf(properties.Policies).map((policy) => policy?.PolicyDocument);
  return documents.flatMap((document) => listOf(document?.Statement).map((statement) => ({ holders, site: resource, statement })));
}

function givesObjects(statement: any, bucket: s3.Bucket): boolean {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  const { bucketName } = resource;
  const isNamed = bucketName !== undefined && !Token.isUnresolved(bucketName) && listOf(statement.Resource).some((text) => String(text).includes(`:s3:::${bucketName}/`));
  return isAllowed(statement, OBJECT_ACTIONS) && (isNamed || mentions(statement.Resource, resource));
}

/** Whether a statement gives use of the key: by its ARN, or of keys that are named by a wildcard. */
function givesKey(statement: any, key: IConstruct): boolean {
  return isAllowed(statement, KEY_ACTIONS) && (mentions(statement.Resource, key.node.defaultChild!) || listOf(statement.Resource).some((text) => text === '*' || /:kms:.*(?:key|alias)\/\S*$/.test(String(text))));
}

function isAllowed(statement: any, actions: readonly string[]): boolean {
  const patterns = listOf(statement?.Action).map((action) => textPattern(String(action).toLowerCase()));
  return statement?.Effect === 'Allow' && patterns.some(({ matches }) => actions.some((action) => matches(action.toLowerCase()) === true));
}

/** Keys of conditions that hold only for callers with permissions of their own, in which the key's are looked for. */
const OF_IDENTITIES = /^(?:aws:principal|s3:dataaccesspoint|s3:accesspoint)/i;

/** The callers that a bucket policy's statement names, without services and without this account, which says by its own policies to whom. */
function callers({ Principal, Condition }: any, account: string): string[] {
  if (Object.values<object>(Condition ?? {}).some((tests) => Object.keys(tests).some((key) => OF_IDENTITIES.test(key)))) {
    return [];
  }
  const named = Principal === '*' ? ['*'] : [Principal?.AWS, Principal?.CanonicalUser].flatMap(listOf).map(String);
  const ownRoot = new RegExp(`:iam::(?:${account}|\\{"Ref":"AWS::AccountId"\\}):root$`);
  return named.filter((caller) => !ownRoot.test(caller));
}

function listOf(value: unknown): any[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
