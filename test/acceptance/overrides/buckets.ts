import { AspectPriority, Aspects, CfnParameter, CfnResource, Fn, Lazy, Mixins, RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct, IMixin } from 'constructs';
import { aspect, Attack, HarmlessChange, resource, sometimes, sometimesToken, Target } from './attack';
import { AccessLogBucket, SecureBucket } from '../../../src';

export interface BucketSite {
  readonly stack: Stack;
  readonly bucket: s3.Bucket;
  readonly cfnBucket: s3.CfnBucket;
}

const site = (stack: Stack, bucket: s3.Bucket): BucketSite => ({ stack, bucket, cfnBucket: resource(bucket) });

export const SECURE_BUCKET: Target<BucketSite> = { what: 'SecureBucket', where: 'Data', build: (stack) => site(stack, new SecureBucket(stack, 'Data')) };
export const LOG_BUCKET: Target<BucketSite> = {
  what: 'AccessLogBucket',
  where: 'Logs',
  build: (stack) => {
    const logs = new AccessLogBucket(stack, 'Logs');
    new SecureBucket(stack, 'Data', { serverAccessLogsBucket: logs, serverAccessLogsPrefix: 'Data/' });
    return site(stack, logs);
  },
};

const denial = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({
  sid: 'Added', effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], ...(props.notResources ? {} : { resources: ['*'] }), ...props,
});

/** Adds a deny to the bucket's policy: through the bucket, and by an override. */
function denied(how: string, props: (site: BucketSite) => iam.PolicyStatementProps): { how: string; add: (site: BucketSite) => void }[] {
  return [
    { how, add: (where) => where.bucket.addToResourcePolicy(denial(props(where))) },
    {
      how: `${how}, by an override`,
      add: (where) => {
        const policy = resource<s3.CfnBucketPolicy>(where.bucket.policy!);
        policy.addPropertyOverride('PolicyDocument.Statement', [...where.stack.resolve(policy.policyDocument).Statement, where.stack.resolve(denial(props(where)).toStatementJson())]);
      },
    },
  ];
}

const onObjects = ({ bucket }: BucketSite) => ({ resources: [bucket.arnForObjects('*')] });
const SERVICE = new iam.ServicePrincipal('logging.s3.amazonaws.com');
const STOPS = /'Added' of its policy stops the delivery of the access logs of '[^']*Data'/;

/** Denies that stop the delivery of access logs. */
export const DELIVERY_ATTACKS: Attack<BucketSite>[] = [
  ...denied('uploads denied to everybody', () => ({})),
  ...denied('uploads denied to everybody, on its objects', onObjects),
  ...denied('uploads denied to the service', (where) => ({ ...onObjects(where), principals: [SERVICE] })),
  ...denied('uploads denied to services', () => ({ conditions: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } })),
  ...denied('uploads denied to the service, by its name', () => ({ conditions: { StringLike: { 'aws:PrincipalServiceName': 'logging.*' } } })),
  ...denied('uploads denied to the service, by one of its names', () => ({ conditions: { 'ForAnyValue:StringLike': { 'aws:PrincipalServiceNamesList': 'logging.*' } } })),
  ...denied('uploads denied but under a prefix of any bucket', () => ({ notResources: ['arn:aws:s3:::*/allowed/*'] })),
  ...denied('uploads denied under the prefix of the source', ({ bucket }) => ({ resources: [bucket.arnForObjects('Data/*')] })),
  ...denied('uploads denied but under another prefix', ({ bucket }) => ({ notResources: [bucket.arnForObjects('private/*')] })),
  ...denied('uploads denied to the service but under another prefix', ({ bucket }) => ({ principals: [SERVICE], notResources: [bucket.arnForObjects('private/*')] })),
  ...denied('uploads denied but to another bucket', () => ({ notResources: ['arn:aws:s3:::other/*'] })),
  ...denied('uploads denied for the source', ({ stack }) => ({ conditions: { ArnEquals: { 'aws:SourceArn': source(stack).attrArn } } })),
  ...denied('uploads denied for buckets', () => ({ conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } } })),
  ...denied('uploads denied for all sources but a trail', () => ({ conditions: { ArnNotLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:111122223333:trail/*' } } })),
  ...denied('uploads denied for its account', () => ({ conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })),
  ...denied('uploads denied for all accounts but a foreign one', () => ({ conditions: { StringNotEquals: { 'aws:SourceAccount': '444455556666' } } })),
  ...denied('uploads denied without an encryption header', () => ({ conditions: { Null: { 's3:x-amz-server-side-encryption': 'true' } } })),
  ...denied('uploads denied without the right encryption header', () => ({ conditions: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } } })),
  ...denied('uploads denied outside of an organization', () => ({ actions: ['s3:*'], conditions: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } })),
  ...denied('uploads denied outside of an endpoint', () => ({ actions: ['s3:*'], conditions: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } } })),
  ...denied('uploads denied to its own account', () => ({ conditions: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } })),
  ...denied('uploads denied outside of another Region', () => ({ conditions: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-2' } } })),
  ...denied('uploads denied without a second factor', () => ({ conditions: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })),
  ...denied('uploads denied from outside of a network', () => ({ conditions: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })),
  ...denied('uploads denied to whoever has no session', () => ({ conditions: { Null: { 'aws:TokenIssueTime': 'true' } } })),
  ...denied('uploads denied to whoever is no role of a path', () => ({ conditions: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/team/*' } } })),
  ...denied('uploads denied but through access points', () => ({ conditions: { Null: { 's3:DataAccessPointArn': 'true' } } })),
  ...denied('uploads denied but through access points of an account', () => ({ conditions: { StringNotEquals: { 's3:DataAccessPointAccount': '111122223333' } } })),
  ...denied('uploads denied over TLS', () => ({ conditions: { Bool: { 'aws:SecureTransport': 'true' } } })),
].map(({ how, add }) => ({ how, attack: add, says: STOPS }));

function source(stack: Stack): s3.CfnBucket {
  return resource(stack.node.findChild('Data'));
}

/** Denies that let access logs through. */
export const HARMLESS_TO_DELIVERY: HarmlessChange<BucketSite>[] = [
  ...denied('uploads denied to whoever is no service', () => ({ conditions: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } })),
  ...denied('uploads denied in another Region', () => ({ conditions: { StringEquals: { 'aws:RequestedRegion': 'us-east-2' } } })),
  ...denied('uploads denied to users with a second factor', () => ({ conditions: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
  ...denied('uploads denied through access points', () => ({ conditions: { Null: { 's3:DataAccessPointArn': 'false' } } })),
  ...denied('uploads denied to a role', () => ({ principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Writer')] })),
  ...denied('uploads denied to another service', () => ({ principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')] })),
  ...denied('deletions denied', () => ({ actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'] })),
  ...denied('uploads denied under another prefix', ({ bucket }) => ({ resources: [bucket.arnForObjects('private/*')] })),
  ...denied('uploads denied but under the prefix of the source', ({ bucket }) => ({ notResources: [bucket.arnForObjects('Data/*')] })),
  ...denied('uploads denied but to buckets with some name, which it may have', () => ({ notResources: ['arn:aws:s3:::attempt*'] })),
  ...denied('uploads denied with the wrong encryption header', () => ({ conditions: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' }, Null: { 's3:x-amz-server-side-encryption': 'false' } } })),
  ...denied('uploads denied for other accounts', () => ({ conditions: { StringNotEqualsIfExists: { 'aws:SourceAccount': '111122223333' } } })),
  ...denied('uploads denied for other sources', ({ stack }) => ({ conditions: { ArnNotEqualsIfExists: { 'aws:SourceArn': source(stack).attrArn } } })),
  ...denied('uploads denied for sources of other names, which its source may have', () => ({ conditions: { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::attempt*' } } })),
  ...denied('uploads denied outside of a network, services apart', () => ({ conditions: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } })),
].map(({ how, add }) => ({ how, change: add }));

const RULE = 'BucketEncryption.ServerSideEncryptionConfiguration.0';
const KEY_ID = `${RULE}.ServerSideEncryptionByDefault.KMSMasterKeyID`;
const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const REPLICATOR = 'arn:aws:iam::111122223333:role/Replicator';
const NO_VALUE = { Ref: 'AWS::NoValue' };

const override = (path: string, value: unknown) => ({ cfnBucket }: BucketSite) => cfnBucket.addPropertyOverride(path, value);
const conditional = (path: string, value: unknown, otherwise?: unknown) => ({ cfnBucket, stack }: BucketSite) =>
  cfnBucket.addPropertyOverride(path, sometimes(stack, value, otherwise));
const assign = (change: (bucket: any, site: BucketSite) => void) => (where: BucketSite) => change(where.cfnBucket, where);

function mixin(change: (bucket: s3.CfnBucket) => void): IMixin {
  return { supports: (construct) => s3.CfnBucket.isCfnBucket(construct), applyTo: (construct: IConstruct) => change(construct as s3.CfnBucket) };
}

function publicSettings(bucket: s3.CfnBucket): void {
  bucket.publicAccessBlockConfiguration = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: false, restrictPublicBuckets: false };
}

/** What is guarded of every bucket of this package. */
export const PRIVATE_SETTINGS: Attack<BucketSite>[] = [
  { how: 'one public access setting, by an override', attack: override('PublicAccessBlockConfiguration.RestrictPublicBuckets', false), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'one public access setting, as text', attack: override('PublicAccessBlockConfiguration.BlockPublicPolicy', 'false'), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'public access settings, by a deletion override', attack: ({ cfnBucket }) => cfnBucket.addDeletionOverride('Properties.PublicAccessBlockConfiguration'), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'public access settings, by a property deletion override', attack: ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('PublicAccessBlockConfiguration'), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'public access settings, by assignment', attack: assign(publicSettings), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'versioning, changed in place', attack: assign((bucket) => { bucket.versioningConfiguration.status = 'Suspended'; }), says: /weakens 'VersioningConfiguration'/ },
  { how: 'a public access setting under a condition', attack: conditional('PublicAccessBlockConfiguration.BlockPublicAcls', true, false), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'all public access settings under a condition, as a token', attack: assign((bucket, { stack }) => { bucket.publicAccessBlockConfiguration = sometimesToken(stack, {}, { BlockPublicAcls: true }); }), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'a public access setting by a parameter', attack: ({ stack, cfnBucket }) => cfnBucket.addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicAcls', new CfnParameter(stack, 'Block').valueAsString), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'a public access setting, by a lazy value', attack: assign((bucket) => { bucket.publicAccessBlockConfiguration = Lazy.any({ produce: () => ({ BlockPublicAcls: true }) }); }), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'Fn::Transform beside the properties', attack: override('Fn::Transform', { Name: 'AWS::Include', Parameters: { Location: 's3://elsewhere/properties.yaml' } }), says: /'Fn::Transform'/ },
  { how: 'Fn::Transform in the public access settings', attack: override('PublicAccessBlockConfiguration.Fn::Transform', { Name: 'Rewrite' }), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'all properties deleted', attack: ({ cfnBucket }) => cfnBucket.addDeletionOverride('Properties'), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'ownership, by an override', attack: override('OwnershipControls.Rules.0.ObjectOwnership', 'ObjectWriter'), says: /weakens 'OwnershipControls'/ },
  { how: 'ownership, by assignment', attack: assign((bucket) => { bucket.ownershipControls = undefined; }), says: /weakens 'OwnershipControls'/ },
  { how: 'ownership under a condition', attack: conditional('OwnershipControls', { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }), says: /weakens 'OwnershipControls'/ },
  { how: 'a public ACL', attack: override('AccessControl', 'PublicRead'), says: /weakens 'AccessControl'/ },
  { how: 'a public ACL under a condition', attack: conditional('AccessControl', 'PublicRead'), says: /weakens 'AccessControl'/ },
  { how: 'a website', attack: assign((bucket) => { bucket.websiteConfiguration = { indexDocument: 'index.html' }; }), says: /weakens 'WebsiteConfiguration'/ },
  { how: 'a redirecting website', attack: override('WebsiteConfiguration.RedirectAllRequestsTo', { HostName: 'example.com' }), says: /weakens 'WebsiteConfiguration'/ },
  { how: 'suspended versioning', attack: override('VersioningConfiguration.Status', 'Suspended'), says: /weakens 'VersioningConfiguration'/ },
  { how: 'versioning that is deleted', attack: ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('VersioningConfiguration'), says: /weakens 'VersioningConfiguration'/ },
  { how: 'versioning under a condition', attack: conditional('VersioningConfiguration', { Status: 'Enabled' }), says: /weakens 'VersioningConfiguration'/ },
  { how: 'SSE-C that is not blocked', attack: override(`${RULE}.BlockedEncryptionTypes.EncryptionType`, ['NONE']), says: /weakens 'BucketEncryption': it no longer says that SSE-C is blocked/ },
  { how: 'SSE-C that is blocked under a condition', attack: ({ stack, cfnBucket }) => cfnBucket.addPropertyOverride(`${RULE}.BlockedEncryptionTypes.EncryptionType`, [sometimes(stack, 'SSE-C')]), says: /SSE-C is blocked/ },
  { how: 'deletion with the stack, by options', attack: ({ cfnBucket }) => cfnBucket.applyRemovalPolicy(RemovalPolicy.DESTROY), says: /weakens 'DeletionPolicy'/ },
  { how: 'deletion with the stack, by the L2', attack: ({ bucket }) => bucket.applyRemovalPolicy(RemovalPolicy.DESTROY), says: /weakens 'DeletionPolicy'/ },
  { how: 'deletion with the stack, by RemovalPolicies', attack: ({ stack }) => RemovalPolicies.of(stack).destroy(), says: /weakens 'DeletionPolicy'/ },
  { how: 'deletion with the stack, by an override', attack: ({ cfnBucket }) => cfnBucket.addOverride('DeletionPolicy', 'Delete'), says: /weakens 'DeletionPolicy'/ },
  { how: 'no deletion policy', attack: ({ cfnBucket }) => cfnBucket.addDeletionOverride('DeletionPolicy'), says: /weakens 'DeletionPolicy'/ },
  { how: 'deletion when it is replaced', attack: ({ cfnBucket }) => cfnBucket.addOverride('UpdateReplacePolicy', 'Delete'), says: /weakens 'UpdateReplacePolicy'/ },
  { how: 'another resource type', attack: ({ cfnBucket }) => cfnBucket.addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle'), says: /'AWS::CloudFormation::WaitConditionHandle'/ },
  {
    how: 'another resource under its id',
    attack: ({ bucket }) => {
      bucket.node.tryRemoveChild('Resource');
      new s3.CfnBucket(bucket, 'Resource').applyRemovalPolicy(RemovalPolicy.RETAIN);
    },
    says: /has been removed from the construct tree/,
  },
  {
    how: 'another resource under its logical ID',
    attack: ({ stack, bucket, cfnBucket }) => {
      const logicalId = stack.resolve(cfnBucket.logicalId);
      bucket.node.tryRemoveChild('Resource');
      new s3.CfnBucket(stack, 'Weak').overrideLogicalId(logicalId);
    },
    says: /has been removed from the construct tree/,
  },
  {
    how: 'an override under a new logical ID',
    attack: ({ cfnBucket }) => {
      cfnBucket.overrideLogicalId('Renamed');
      cfnBucket.addPropertyDeletionOverride('OwnershipControls');
    },
    says: /weakens 'OwnershipControls'/,
  },
  ...[AspectPriority.MUTATING, AspectPriority.DEFAULT, AspectPriority.READONLY, 100_000].map((priority) => ({
    how: `an aspect of priority ${priority}`,
    attack: ({ stack }: BucketSite) => Aspects.of(stack).add(aspect((visited) => (s3.CfnBucket.isCfnBucket(visited) ? publicSettings(visited) : undefined)), { priority }),
    says: /weakens 'PublicAccessBlockConfiguration'/,
  })),
  { how: 'an aspect that overrides', attack: ({ cfnBucket }) => Aspects.of(cfnBucket).add(aspect(() => cfnBucket.addPropertyOverride('VersioningConfiguration.Status', 'Suspended'))), says: /weakens 'VersioningConfiguration'/ },
  { how: 'a mixin afterwards', attack: ({ bucket }) => bucket.with(mixin(publicSettings)), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'mixins of the whole stack', attack: ({ stack }) => Mixins.of(stack).apply(mixin((bucket) => { bucket.versioningConfiguration = undefined; })), says: /weakens 'VersioningConfiguration'/ },
  { how: 'the bucket is left out of the template', attack: assign((bucket) => { bucket.shouldSynthesize = () => false; }), says: /is left out of the synthesized template/ },
  {
    how: 'another way of rendering',
    attack: assign((bucket) => {
      const render = bucket.renderProperties.bind(bucket);
      bucket.renderProperties = (properties: any) => ({ ...render(properties), PublicAccessBlockConfiguration: undefined });
    }),
    says: /weakens 'PublicAccessBlockConfiguration'/,
  },
];

/** What is guarded of a bucket that holds data. */
export const DATA_SETTINGS: Attack<BucketSite>[] = [
  { how: 'SSE-S3', attack: override(`${RULE}.ServerSideEncryptionByDefault`, { SSEAlgorithm: 'AES256', KMSMasterKeyID: undefined }), says: /weakens 'BucketEncryption'.*customer managed key/ },
  { how: 'no encryption', attack: ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('BucketEncryption'), says: /weakens 'BucketEncryption'.*customer managed key/ },
  { how: 'no key', attack: ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride(KEY_ID), says: /weakens 'BucketEncryption'.*customer managed key/ },
  { how: 'a key that is AWS::NoValue', attack: override(KEY_ID, NO_VALUE), says: /weakens 'BucketEncryption'.*customer managed key/ },
  { how: 'a key under a condition', attack: ({ cfnBucket, stack, bucket }) => cfnBucket.addPropertyOverride(KEY_ID, sometimes(stack, bucket.encryptionKey!.keyArn)), says: /weakens 'BucketEncryption'.*customer managed key/ },
  {
    how: 'a key under a condition, as a token',
    attack: assign((cfnBucket, { stack, bucket }) => {
      const serverSideEncryptionByDefault = { sseAlgorithm: 'aws:kms', kmsMasterKeyId: Fn.conditionIf('Sometimes', bucket.encryptionKey!.keyArn, NO_VALUE).toString() };
      sometimes(stack, '');
      cfnBucket.bucketEncryption = { serverSideEncryptionConfiguration: [{ bucketKeyEnabled: true, blockedEncryptionTypes: { encryptionType: ['SSE-C'] }, serverSideEncryptionByDefault }] };
    }),
    says: /weakens 'BucketEncryption'.*customer managed key/,
  },
  { how: 'the AWS managed key', attack: override(KEY_ID, 'alias/aws/s3'), says: /weakens 'BucketEncryption'.*customer managed key/ },
  { how: 'the AWS managed key in pieces', attack: override(KEY_ID, { 'Fn::Join': ['/', ['alias', 'aws', 's3']] }), says: /weakens 'BucketEncryption'/ },
  { how: 'a key of another account', attack: override(KEY_ID, FOREIGN_KEY), says: /weakens 'BucketEncryption': .*'encryptionKey'/ },
  { how: 'another key of the stack', attack: ({ stack, cfnBucket }) => cfnBucket.addPropertyOverride(KEY_ID, stack.resolve(new kms.Key(stack, 'Other').keyArn)), says: /weakens 'BucketEncryption': .*'encryptionKey'/ },
  {
    how: 'another key, by assignment',
    attack: assign((cfnBucket) => {
      const [rule] = cfnBucket.bucketEncryption.serverSideEncryptionConfiguration;
      cfnBucket.bucketEncryption = { serverSideEncryptionConfiguration: [{ ...rule, serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: FOREIGN_KEY } }] };
    }),
    says: /weakens 'BucketEncryption': .*'encryptionKey'/,
  },
  { how: 'a key by a parameter', attack: ({ stack, cfnBucket }) => cfnBucket.addPropertyOverride(KEY_ID, new CfnParameter(stack, 'KeyId').valueAsString), says: /weakens 'BucketEncryption': .*'encryptionKey'/ },
  { how: 'two rules', attack: ({ cfnBucket }) => cfnBucket.addPropertyOverride('BucketEncryption.ServerSideEncryptionConfiguration', [{ BucketKeyEnabled: true }, { BucketKeyEnabled: true }]), says: /weakens 'BucketEncryption'/ },
  { how: 'no bucket key', attack: override(`${RULE}.BucketKeyEnabled`, false), says: /weakens 'BucketEncryption'.*bucket keys are on/ },
  { how: 'a bucket key under a condition', attack: conditional(`${RULE}.BucketKeyEnabled`, true, false), says: /weakens 'BucketEncryption'.*bucket keys are on/ },
  { how: 'no access logs', attack: ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('LoggingConfiguration'), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs assigned away', attack: assign((bucket) => { bucket.loggingConfiguration = undefined; }), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs without a destination, which is the bucket itself', attack: ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('LoggingConfiguration.DestinationBucketName'), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs to the bucket itself', attack: override('LoggingConfiguration.DestinationBucketName', { Ref: 'Data4FD54706' }), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs to the bucket itself, by assignment', attack: assign((bucket) => { bucket.loggingConfiguration = { destinationBucketName: bucket.ref }; }), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs to AWS::NoValue', attack: override('LoggingConfiguration.DestinationBucketName', NO_VALUE), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs under a condition', attack: ({ stack, cfnBucket }) => cfnBucket.addPropertyOverride('LoggingConfiguration', sometimes(stack, { DestinationBucketName: 'logs' })), says: /weakens 'LoggingConfiguration'/ },
  { how: 'access logs to a bucket that is removed', attack: ({ stack }) => stack.node.tryRemoveChild('SecureBucketAccessLogs'), says: /weakens 'LoggingConfiguration'/ },
  { how: 'replicas without a key', attack: override('ReplicationConfiguration', { Role: REPLICATOR, Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }] }), says: /weakens 'ReplicationConfiguration'/ },
  {
    how: 'replicas without a key, by assignment',
    attack: assign((bucket) => { bucket.replicationConfiguration = { role: REPLICATOR, rules: [{ status: 'Enabled', destination: { bucket: 'arn:aws:s3:::elsewhere' } }] }; }),
    says: /weakens 'ReplicationConfiguration'/,
  },
  {
    how: 'replicas of nothing that is encrypted with KMS',
    attack: override('ReplicationConfiguration', { Role: REPLICATOR, Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere', EncryptionConfiguration: { ReplicaKmsKeyID: FOREIGN_KEY } } }] }),
    says: /weakens 'ReplicationConfiguration'/,
  },
  { how: 'access logs to another bucket', attack: override('LoggingConfiguration.DestinationBucketName', 'somebody-elses'), says: /weakens 'LoggingConfiguration': .*'serverAccessLogsBucket'/ },
];

/** What is guarded of a bucket that receives access logs. */
export const LOG_SETTINGS: Attack<BucketSite>[] = [
  { how: 'encryption with KMS, which stops the logs', attack: override(`${RULE}.ServerSideEncryptionByDefault`, { SSEAlgorithm: 'aws:kms' }), says: /weakens 'BucketEncryption'.*SSE-S3/ },
  { how: 'encryption under a condition', attack: conditional(`${RULE}.ServerSideEncryptionByDefault.SSEAlgorithm`, 'AES256', 'aws:kms'), says: /weakens 'BucketEncryption'.*SSE-S3/ },
  { how: 'a default retention, which stops the logs', attack: override('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } }), says: /weakens 'ObjectLockConfiguration'/ },
  { how: 'logs of itself', attack: assign((bucket) => { bucket.loggingConfiguration = { destinationBucketName: bucket.ref }; }), says: /weakens 'LoggingConfiguration'/ },
  { how: 'no statement that lets logs in', attack: ({ bucket }) => resource<CfnResource>(bucket.policy!).addPropertyDeletionOverride('PolicyDocument.Statement.2'), says: /'AllowServerAccessLogDelivery'/ },
  { how: 'logs of every account', attack: ({ bucket }) => resource<CfnResource>(bucket.policy!).addPropertyDeletionOverride('PolicyDocument.Statement.2.Condition'), says: /'AllowServerAccessLogDelivery'/ },
];

/** What may be changed of a bucket afterwards. */
export const HARMLESS: HarmlessChange<BucketSite>[] = [
  { how: 'tags by an override', change: override('Tags', [{ Key: 'team', Value: 'data' }]) },
  { how: 'a lifecycle rule', change: ({ bucket }) => bucket.addLifecycleRule({ transitions: [] }) },
  { how: 'a lifecycle by an override', change: override('LifecycleConfiguration.Rules', [{ Id: 'Old', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90 } }]) },
  { how: 'notifications to EventBridge', change: ({ bucket }) => bucket.enableEventBridgeNotification() },
  { how: 'CORS for one origin', change: ({ bucket }) => bucket.addCorsRule({ allowedMethods: [s3.HttpMethods.GET], allowedOrigins: ['https://example.com'] }) },
  { how: 'acceleration', change: assign((bucket) => { bucket.accelerateConfiguration = { accelerationStatus: 'Enabled' }; }) },
  { how: 'a name by an override', change: override('BucketName', 'example-data') },
  { how: 'a new logical ID', change: ({ cfnBucket }) => cfnBucket.overrideLogicalId('Renamed') },
  { how: 'a new logical ID of something else', change: ({ stack }) => resource<CfnResource>(new s3.Bucket(stack, 'Unrelated')).overrideLogicalId('RenamedToo') },
  { how: 'retention that is said again', change: ({ bucket }) => bucket.applyRemovalPolicy(RemovalPolicy.RETAIN) },
  { how: 'retention unless the creation fails', change: ({ bucket }) => bucket.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE) },
  { how: 'metadata', change: ({ cfnBucket }) => cfnBucket.addMetadata('owner', 'data') },
  { how: 'a dependency', change: ({ stack, cfnBucket }) => cfnBucket.node.addDependency(new s3.CfnBucket(stack, 'Earlier')) },
  { how: 'public access settings that are said again, as text', change: override('PublicAccessBlockConfiguration.BlockPublicAcls', 'true') },
  { how: 'a setting that is the same in both branches', change: conditional('VersioningConfiguration.Status', 'Enabled', 'Enabled') },
  { how: 'Fn::Transform in another property', change: override('LifecycleConfiguration.Fn::Transform', { Name: 'AWS::Include', Parameters: { Location: 's3://ours/rules.yaml' } }) },
  { how: 'another property under a condition', change: conditional('AccelerateConfiguration', { AccelerationStatus: 'Enabled' }) },
  { how: 'Object Lock', change: override('ObjectLockEnabled', true) },
  { how: 'an aspect that tags', change: ({ stack }) => Aspects.of(stack).add(aspect((visited) => (s3.CfnBucket.isCfnBucket(visited) ? visited.addPropertyOverride('Tags', [{ Key: 'a', Value: 'b' }]) : undefined))) },
];

export const HARMLESS_TO_DATA: HarmlessChange<BucketSite>[] = [
  { how: 'the same key, said again', change: ({ stack, cfnBucket, bucket }) => cfnBucket.addPropertyOverride(KEY_ID, stack.resolve(bucket.encryptionKey!.keyArn)) },
  { how: 'a longer prefix of the access logs', change: override('LoggingConfiguration.LogFilePrefix', 'data/of/ours/') },
  { how: 'another format of log keys', change: override('LoggingConfiguration.TargetObjectKeyFormat', { SimplePrefix: {} }) },
  { how: 'an inventory', change: ({ stack, bucket }) => bucket.addInventory({ destination: { bucket: new s3.Bucket(stack, 'Inventory') } }) },
];
