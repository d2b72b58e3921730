import { CfnResource, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IdentityAccess, ObjectAccess } from './identity-access';
import { listOf, nameOf, readResource, readValue } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { isThroughS3Only, keyActions, neededOnKey, ObjectUse, objectUses } from './object-access';
import { OutsideRoles } from './outside-roles';
import { RegisteredLocations } from './registered-locations';
import { ResourcePolicies, ResourcePolicy } from './resource-policies';
import { jsonText } from '../../policy/json';
import { namesOriginAccessIdentity } from '../origin-access-identity';

/** Somebody who may use objects, and not the key. */
export interface AccessWithoutKey extends ObjectAccess {
  /** Whether it is CloudFront with an origin access identity, which no key policy can let in. */
  readonly isOriginAccessIdentity: boolean;
}

/** Who may use what in an app. */
export interface KnownAccess {
  readonly identities: IdentityAccess;
  readonly policies: ResourcePolicies;
  readonly locations: RegisteredLocations;
  readonly outsideRoles: OutsideRoles;
}

/**
 * Who may use objects of a bucket by a policy that somebody wrote, and not its key: with the key, S3 would deny what they do today.
 * The grants of the CDK give both.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function accessWithoutKey(bucket: s3.Bucket, key: kms.Key, { identities, policies, locations, outsideRoles }: KnownAccess): AccessWithoutKey[] {
  const names = new NamesInPolicies(bucket);
  const ofIdentities = [
    ...identities.toObjects(names, policies.accessPointsOf(names)),
    ...locations.of(names),
    ...outsideRoles.of(names),
  ].map((access) => ({ ...access, isOriginAccessIdentity: false }));
  const accesses = [...ofIdentities, ...policies.of(names).flatMap((policy) => accessByPolicy(policy, bucket))];
  if (accesses.length === 0) {
    return [];
  }
  const [keyName, keyArn, keyPolicy] = [nameOf(key.node.defaultChild!), arnOf(key), keyPolicyOf(key)];
  return accesses.filter(({ holder, use, isOriginAccessIdentity }) =>
    isOriginAccessIdentity || !([holder, roleNameIn(holder)].some((name) => identities.mayUse(name, keyName, keyArn, use)) || mayUse(keyPolicy, holder, use, key.stack)));
}

/** Policies name by its name the role of which others tell the ARN. */
function roleNameIn(holder: string): string {
  return /:role\/(?:.*\/)?([^/]+)$/.exec(holder)?.[1] ?? holder;
}

/** The statements of a key's policy. */
export function keyPolicyOf(key: kms.Key): any[] {
  return listOf(readResource(key.node.defaultChild as CfnResource)?.properties.KeyPolicy?.Statement);
}

/** The ARN that a key will have, as far as patterns of policies can mean it. */
function arnOf(key: kms.Key): string {
  const { region, account } = Stack.of(key);
  return jsonText(readValue(`arn:aws:kms:${region}:${account}:key/id`, key));
}

/**
 * Whether a key's policy lets somebody use it. Another account has to allow it by policies of its own besides, of which a grant of the CDK tells nobody: only a
 * statement that somebody has written for S3 shows that both sides were thought of.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
function mayUse(keyPolicy: readonly any[], holder: string, use: ObjectUse, { account }: Stack): boolean {
  const ofHolder = keyPolicy.filter((statement) =>
    callersOf(statement).map(inOnePartition).includes(inOnePartition(holder)) && (isOfAccount(holder, account) || isThroughS3Only(statement)));
  return neededOnKey(use).every((action) => ofHolder.flatMap(keyActions).includes(action));
}

/** ARNs that differ in how they write the partition are those of one principal. */
function inOnePartition(principal: string): string {
  return principal.replace('arn:{"Ref":"AWS::Partition"}:', 'arn:aws:');
}

/** Whether somebody is of an account. Who is named by a reference or without an account is; everybody, whom conditions hold to something, is not. */
export function isOfAccount(holder: string, account: string): boolean {
  return holder !== '*' && [undefined, account].includes(/:iam::(\d{12}):/.exec(holder)?.[1]);
}

/** Whom a policy of the bucket, or of an access point to it, lets in. */
function accessByPolicy({ policy, statements }: ResourcePolicy, bucket: s3.Bucket): AccessWithoutKey[] {
  return statements.flatMap((statement) => foreignCallers(statement, Stack.of(bucket).account).flatMap((holder) => objectUses(statement).map((use) =>
    ({ holder, use, policy, isOriginAccessIdentity: namesOriginAccessIdentity(statement.Principal) }))));
}

/**
 * Keys of conditions that hold only for callers with permissions of their own, among which the key's are looked for. Members of an organization are not
 * among them: most have accounts of their own, to which the key's policy would have to say it.
 */
const OF_IDENTITIES = /^(?:aws:principal(?!org)|s3:dataaccesspoint|s3:accesspoint)/i;

/** The callers that a policy's statement lets in by itself: without services, and without this account, which says by its own policies to whom. */
function foreignCallers(statement: any, account: string): string[] {
  const tests = Object.values<Record<string, unknown>>(statement.Condition ?? {}).flatMap((ofOperator) => Object.entries(ofOperator));
  const accounts = tests.filter(([key]) => /^aws:principalaccount$/i.test(key)).flatMap(([, value]) => listOf(value).map(jsonText));
  const isOfOtherAccounts = accounts.some((one) => /^\d{12}$/.test(one) && one !== account);
  const isOfIdentities = !isOfOtherAccounts && tests.some(([key]) => OF_IDENTITIES.test(key));
  const ownRoot = new RegExp(`:iam::(?:${account}|\\{"Ref":"AWS::AccountId"\\}):root$`);
  return isOfIdentities ? [] : callersOf(statement).filter((caller) => !ownRoot.test(caller));
}

/** The callers that a statement names, without services. */
function callersOf({ Principal: principal }: any): string[] {
  return typeof principal === 'string' ? [principal] : [principal?.AWS, principal?.CanonicalUser].flatMap(listOf).map(jsonText);
}
