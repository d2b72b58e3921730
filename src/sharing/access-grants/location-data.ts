import { Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LOCATION_ACTIONS } from './location-role';
import { Refusal, refusedBy } from '../../refusal';
import { handOverWithWarning } from '../../statements/hand-over';
import { warn } from '../../warning';
import { followBucket } from '../bucket-behind';
import { DatasetAccess } from '../dataset-access';
import { trustsItsAccount } from '../key-trust';
import { MergedStatement } from '../merged-statement';
import { areDeployedAlike, bucketArnIn, bucketResource, keyArnIn, known } from '../names';
import { keyStatements } from '../share-statements';
import { sharedBucket, SharedKey, sharedKeys, watchKeyPolicy } from '../shared-data';
import { canFollow } from '../stack-order';

const WRITER = 'AccessGrantsLocation';

/** What S3 asks the key for, for grants that read and write. */
const KEY_USE = DatasetAccess.READ_WRITE;

/** Why a location's role could not get at a bucket. */
export function unreachableBucket(site: Construct, bucket: s3.IBucket): Refusal[] {
  const [here, there] = [Stack.of(site), Stack.of(bucket)];
  const isOrdered = bucketResource(bucket) === undefined || Stage.of(there) !== Stage.of(here) || canFollow(here, there);
  const isNear = areDeployedAlike(bucket, here) && Stage.of(there) === Stage.of(here);
  const isForeignRegion = known(bucket.env.region) !== undefined && known(here.region) !== undefined && bucket.env.region !== here.region;
  if (isAccountUnclear(site, bucket.env.account)) {
    return [{
      name: 'UnknownAccount',
      problem: `it is not known whether the bucket '${bucket.node.path}' is of another account than the location.`,
      remedy: "Set 'env' on both stacks, or import the bucket with its 'account' (Bucket.fromBucketAttributes).",
    }];
  }
  return [
    ...(isForeignRegion ? [{
      name: 'AnotherRegion',
      problem: `the bucket '${bucket.node.path}' is in ${bucket.env.region}, and an instance of S3 Access Grants gives access to data of its own Region, ${here.region}.`,
      remedy: 'Use the instance of that Region: another DatasetAccessGrants in a stack there.',
    }] : []),
    ...(isNear || sharedBucket(bucket).hasKnownName() ? [] : [{
      name: 'UnnamedBucket',
      problem: `the bucket '${bucket.node.path}' gets its name at deployment, and the stack of the location cannot refer to it.`,
      remedy: "Give it a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
    }]),
    ...(isOrdered ? [] : [{
      name: 'BucketTooLate', problem: `the stack of the bucket '${bucket.node.path}' is deployed after that of the location, which needs the bucket.`, remedy: 'Make the location in another stack.',
    }]),
    ...unusableKey(site, bucket),
  ];
}

/** A key whose policy would have to name a role that refers to the key: between stacks, neither could be deployed first. */
function unusableKey(site: Construct, bucket: s3.IBucket): Refusal[] {
  const bad = refusedBy(() => keysOf(site, bucket));
  const mustName = ({ key }: SharedKey) => !isForeign(site, key.env.account) && !trustsItsAccount(key, KEY_USE._keyActions) && Stack.of(key) !== Stack.of(site);
  return bad.length > 0 ? bad : keysOf(site, bucket).filter(mustName).map(({ key }) => ({
    name: 'KeyElsewhere',
    problem: `the policy of the key '${key.node.path}' does not let policies of its account allow its use, and it is of another stack than the location, whose role it would have to name.`,
    remedy: "Make the location in the stack of the key, or let the key's policy trust its account, as it does by default.",
  }));
}

/** The role of the default location is named by no key: it uses those whose policies leave their use to the account. */
export function keyNotLeftToAccount(site: Construct, bucket: s3.IBucket): Refusal[] {
  return keysOf(site, bucket).filter(({ key }) => isForeign(site, key.env.account) || !trustsItsAccount(key, KEY_USE._keyActions)).map(({ key }) => ({
    name: 'KeyNotLeftToAccount',
    problem: `the policy of the key '${key.node.path}' does not leave its use to the account, so the role of the default location cannot use it.`,
    remedy: 'Register the bucket by itself (addLocation), whose role the key then names.',
  }));
}

/** Aligns the bucket and its key with the role of a location: what is of another account, or not left to the account, has to name the role. */
export function alignBucket(location: Construct, role: iam.Role, bucket: s3.IBucket, prefix: string): void {
  followBucket(location, bucket, 'a location of S3 Access Grants');
  keysOf(location, bucket).forEach((key) => alignKey(location, role, key));
  if (bucket.encryptionKey === undefined && bucketResource(bucket) === undefined) {
    warn(location, 'unknownKey', `it is not known how the data of '${bucket.node.path}' is encrypted. If it is with a customer managed key, import the bucket with its 'encryptionKey': without it, grants may not decrypt.`);
  }
  if (isForeign(location, bucket.env.account)) {
    const arn = bucketArnIn(Stack.of(bucket), bucket);
    const statements = [
      { sid: 'AccessGrantsObjects', actions: LOCATION_ACTIONS.objects, resources: [`${arn}/${prefix}*`] },
      { sid: 'AccessGrantsListing', actions: LOCATION_ACTIONS.bucket, resources: [arn], ...(prefix === '' ? {} : { conditions: { StringLike: { 's3:prefix': `${prefix}*` } } }) },
    ].map((props) => nameRole(role, bucket, props));
    handOverUnlessAttached(location, 'BucketPolicy', statements, `the policy of bucket '${bucket.node.path}'`, 'handedOverDataPolicy');
  }
}

function alignKey(location: Construct, role: iam.Role, { key, useIn }: SharedKey): void {
  const stack = Stack.of(location);
  const isOfAnother = isForeign(location, key.env.account);
  const isNamed = isOfAnother || !trustsItsAccount(key, KEY_USE._keyActions);
  keyStatements(KEY_USE, keyArnIn(stack, key, !isOfAnother), useIn(stack)).forEach((props) => role.addToPolicy(new iam.PolicyStatement({ ...props, sid: 'UseKey' })));
  if (isNamed) {
    const statements = keyStatements(KEY_USE, '*', useIn(Stack.of(key))).map((props) => nameRole(role, key, { ...props, sid: 'AccessGrantsKey' })); // '*' is the key itself
    handOverUnlessAttached(location, 'KeyPolicy', statements, `the policy of key '${key.node.path}'`, 'handedOverKeyPolicy');
    watchKeyPolicy(key);
  }
}

/** Names the role by its account and ARN: policies that name a role itself are refused before it exists. */
function nameRole(role: iam.Role, resource: iam.IResourceWithPolicy | SharedKey['key'], props: iam.PolicyStatementProps): MergedStatement {
  const statement = MergedStatement.on(resource, props, 'arn-in-account', (added) => resource.addToResourcePolicy(added).statementAdded, WRITER);
  statement.admit({ kind: 'arn-in-account', account: role.env.account, arn: role.roleArn });
  return statement;
}

function handOverUnlessAttached(location: Construct, id: string, statements: MergedStatement[], to: string, warningName: string): void {
  const left = statements.filter(({ isAttached }) => !isAttached).map(({ statement }) => statement);
  if (left.length > 0) {
    handOverWithWarning(location, id, new iam.PolicyDocument({ statements: left }), to, warningName);
  }
}

/** Data under a key without a policy of its own needs none: S3 and AWS managed keys let in whom the account lets in. */
function keysOf(site: Construct, bucket: s3.IBucket): SharedKey[] {
  return bucket.encryptionKey === undefined && !isForeign(site, bucket.env.account) ? [] : sharedKeys(site, sharedBucket(bucket));
}

function isForeign(site: Construct, account: string): boolean {
  return account !== Stack.of(site).account;
}

function isAccountUnclear(site: Construct, account: string): boolean {
  return isForeign(site, account) && [account, Stack.of(site).account].some((id) => known(id) === undefined);
}
