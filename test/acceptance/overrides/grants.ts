import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Attack, HarmlessChange, resource, sometimes, Target } from './attack';
import { Consumer, CrossAccountGrant, DatasetAccess, PrincipalBinding, SecureBucket } from '../../../src';

export interface GrantSite {
  readonly stack: Stack;
  readonly bucket: s3.Bucket;
  readonly policy: s3.CfnBucketPolicy;
  readonly cfnKey: kms.CfnKey;
}

function granted(bucketIn: (stack: Stack) => s3.Bucket, principalBinding: PrincipalBinding): (stack: Stack) => GrantSite {
  return (stack) => {
    const bucket = bucketIn(stack);
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(READER), access: DatasetAccess.READ, prefixes: ['reports/'], principalBinding });
    return { stack, bucket, policy: resource(bucket.policy!), cfnKey: resource(bucket.encryptionKey!) };
  };
}

const READER = 'arn:aws:iam::444455556666:role/Reader';
const nameIn = ({ stackName }: Stack) => `shared-${stackName.toLowerCase()}`;
const secureBucket = (stack: Stack) => new SecureBucket(stack, 'Data', { bucketName: nameIn(stack) });

/** A grant in each form that its statements have. */
export const GRANTS: Target<GrantSite>[] = [
  { what: 'CrossAccountGrant', where: 'Data', build: granted(secureBucket, PrincipalBinding.PRINCIPAL) },
  { what: 'CrossAccountGrant by account', where: 'Data', build: granted(secureBucket, PrincipalBinding.ACCOUNT) },
  {
    what: 'CrossAccountGrant on an s3.Bucket',
    where: 'Data',
    build: granted((stack) => new s3.Bucket(stack, 'Data', { bucketName: nameIn(stack), encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true }), PrincipalBinding.ACCOUNT),
  },
];

interface Policy {
  readonly resource: (site: GrantSite) => CfnResource;
  readonly property: string;
  readonly sid: RegExp;
}

const OBJECTS: Policy = { resource: ({ policy }) => policy, property: 'PolicyDocument', sid: /^Share\w*Objects/ };
const LISTING: Policy = { resource: ({ policy }) => policy, property: 'PolicyDocument', sid: /^Share\w*Listing/ };
const KEY: Policy = { resource: ({ cfnKey }) => cfnKey, property: 'KeyPolicy', sid: /^ShareDecrypt/ };

function statementsOf(policy: Policy, site: GrantSite): any[] {
  const { policyDocument, keyPolicy } = policy.resource(site) as unknown as { policyDocument?: unknown; keyPolicy?: unknown };
  return site.stack.resolve(policyDocument ?? keyPolicy).Statement;
}

/** Changes an element of the grant's statement in a policy. */
function change(policy: Policy, path: string, value: unknown): (site: GrantSite) => void {
  return (site) => {
    const at = statementsOf(policy, site).findIndex(({ Sid }) => policy.sid.test(Sid));
    policy.resource(site).addPropertyOverride(`${policy.property}.Statement.${at}${path}`, value);
  };
}

const KEPT = 'of CrossAccountGrant is missing from the synthesized (?:bucket|key) policy, or was changed';
const changed = ({ sid }: Policy) => new RegExp(`'${sid.source.slice(1)}\\w*' ${KEPT}`);
const attacksOn = (policy: Policy, attacks: [how: string, path: string, value: unknown][]): Attack<GrantSite>[] =>
  attacks.map(([how, path, value]) => ({ how, attack: change(policy, path, value), says: changed(policy) }));

/** The grant's statement in the policy of the bucket, as everybody can find it. */
function inPlace({ policy }: GrantSite): iam.PolicyStatement {
  const { statements } = policy.policyDocument as { statements: iam.PolicyStatement[] };
  return statements.find(({ sid }) => OBJECTS.sid.test(sid ?? ''))!;
}

export const GRANT_ATTACKS: Attack<GrantSite>[] = [
  { how: 'another consumer, added in place', attack: (site) => inPlace(site).addArnPrincipal('arn:aws:iam::999988887777:root'), says: changed(OBJECTS) },
  { how: 'more actions, added in place', attack: (site) => inPlace(site).addActions('s3:DeleteObject'), says: changed(OBJECTS) },
  { how: 'more objects, added in place', attack: (site) => inPlace(site).addResources('arn:aws:s3:::*'), says: changed(OBJECTS) },
  ...attacksOn(KEY, [
    ["the key's statement without conditions", '.Condition', undefined],
    ["the key's statement through every service", '.Condition.StringEquals.kms:ViaService', undefined],
    ["the key's statement through another service", '.Condition.StringEquals.kms:ViaService', 'ec2.eu-west-1.amazonaws.com'],
    ["the key's statement for all data", '.Condition.StringLike', undefined],
    ["the key's statement for data of any bucket", '.Condition.StringLike.kms:EncryptionContext:aws:s3:arn', 'arn:aws:s3:::*'],
    ["the key's statement for another account", '.Principal', { AWS: 'arn:aws:iam::999988887777:root' }],
    ["the key's statement for another account as well", '.Principal.AWS', [READER, 'arn:aws:iam::999988887777:root']],
    ["the key's statement for more actions", '.Action', 'kms:*'],
  ]),
  ...attacksOn(OBJECTS, [
    ['all objects', '.Resource', 'arn:aws:s3:::*'],
    ['more prefixes', '.Resource', ['arn:aws:s3:::shared/reports/*', 'arn:aws:s3:::shared/secret/*']],
    ['all actions', '.Action', 's3:*'],
    ['another account', '.Principal', { AWS: 'arn:aws:iam::999988887777:root' }],
    ['a condition that defuses it', '.Condition.Bool', { 'aws:SecureTransport': 'false' }],
    ['a deny in its place', '.Effect', 'Deny'],
    ['no statement', '', undefined],
  ]),
  ...attacksOn(LISTING, [
    ['the list of everything', '.Condition.StringLike', undefined],
    ['the list of more prefixes', '.Condition.StringLike.s3:prefix', ['reports/*', 'secret/*']],
    ['the list for another account', '.Principal', { AWS: 'arn:aws:iam::999988887777:root' }],
  ]),
  {
    how: 'its statements under a condition',
    attack: (site) => site.policy.addPropertyOverride('PolicyDocument.Statement', statementsOf(OBJECTS, site).map((said) => (OBJECTS.sid.test(said.Sid) ? sometimes(site.stack, said) : said))),
    says: changed(OBJECTS),
  },
  { how: 'another document, by assignment', attack: ({ policy }) => { policy.policyDocument = { Version: '2012-10-17', Statement: [] }; }, says: changed(OBJECTS) },
  { how: 'another key policy, by assignment', attack: ({ cfnKey, stack }) => { cfnKey.keyPolicy = { Statement: [stack.resolve(cfnKey.keyPolicy).Statement[0]] }; }, says: changed(KEY) },
];

export const HARMLESS: HarmlessChange<GrantSite>[] = [
  { how: 'another consumer', change: ({ stack, bucket }) => new CrossAccountGrant(stack, 'Other', { bucket, consumer: Consumer.roleArn('arn:aws:iam::444455556666:role/Other'), access: DatasetAccess.READ, prefixes: ['reports/'] }) },
  { how: 'another access', change: ({ stack, bucket }) => new CrossAccountGrant(stack, 'Other', { bucket, consumer: Consumer.account('999988887777'), access: DatasetAccess.WRITE, prefixes: ['inbox/'] }) },
  { how: 'one more reader, by hand', change: ({ bucket }) => bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Local')], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] })) },
  { how: 'one more reader with the key', change: ({ bucket }) => bucket.encryptionKey!.grantDecrypt(new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Other')) },
  { how: 'its statements in another order', change: (site) => site.policy.addPropertyOverride('PolicyDocument.Statement', [...statementsOf(OBJECTS, site)].reverse()) },
];
