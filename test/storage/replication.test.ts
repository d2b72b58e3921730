import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket, SecureBucketProps } from '../../src';
import { PRODUCER, policyStatements, synthesisErrors, testStack, warnings } from '../support/apps';

const network = { vpcEndpointIds: ['vpce-0abc123def4567890'] };
const isServiceLinked = (arn: unknown) => JSON.stringify(arn).includes(':role/aws-service-role/*');
const exempt = (stack: Stack, logicalId: string) => policyStatements(stack, logicalId).find(({ Sid }) => Sid === 'DenyOutsideVpce').Condition.ArnNotLike['aws:PrincipalArn']
  .filter((arn: unknown) => !isServiceLinked(arn));

function replicate(stack: Stack, destination: s3.IBucket, props: SecureBucketProps = {}): SecureBucket {
  return new SecureBucket(stack, 'Source', { replicationRules: [{ destination, kmsKey: destination.encryptionKey }], ...props });
}

test('a rule without a key for the replica is refused', () => {
  const stack = testStack();
  const destination = new s3.Bucket(stack, 'Replica', { versioned: true });
  expect(() => replicate(stack, destination)).toThrow("'Stack/Source': 'replicationRules' has a rule without 'kmsKey'");
});

describe('a rule whose replicas could not be made is refused', () => {
  const places = (source: string, destination: string, key: string) => {
    const app = new App({ analyticsReporting: false });
    const [from, to, ofKey] = [source, destination, key].map((region, at) => new Stack(app, `Stack${at}`, { env: { ...PRODUCER, region } }));
    const replica = new SecureBucket(to, 'Replica', { bucketName: 'amzn-s3-demo-replica' });
    const kmsKey = key === destination ? replica.encryptionKey : new kms.Key(ofKey, 'Key', { enableKeyRotation: true });
    return () => new SecureBucket(from, 'Source', { bucketName: 'amzn-s3-demo-source', replicationRules: [{ destination: replica, kmsKey }] });
  };

  test('a key of another Region than the destination', () => {
    expect(places('eu-west-1', 'eu-central-1', 'eu-west-1')).toThrow("'kmsKey' of the replication to 'Stack1/Replica' is a key in eu-west-1");
    expect(places('eu-west-1', 'eu-central-1', 'eu-central-1')).not.toThrow();
  });

  test('a destination in another partition', () => {
    expect(places('eu-west-1', 'cn-north-1', 'cn-north-1')).toThrow("'Stack1/Replica' is in cn-north-1, which is another partition");
  });
});

test('a rule that skips encrypted objects is refused: it would replicate nothing', () => {
  const stack = testStack();
  const destination = new SecureBucket(stack, 'Replica');
  const rule = { destination, kmsKey: destination.encryptionKey, sseKmsEncryptedObjects: false };
  expect(() => replicate(stack, destination, { replicationRules: [rule] })).toThrow('would replicate nothing');
});

test('encrypted objects are replicated, to the given key, by a role that may decrypt the source', () => {
  const stack = testStack();
  replicate(stack, new SecureBucket(stack, 'Replica'));
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::S3::Bucket', {
    ReplicationConfiguration: {
      Rules: [{
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
        Destination: { EncryptionConfiguration: { ReplicaKmsKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ReplicaKey'), 'Arn'] } } },
      }],
    },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SourceKey'), 'Arn'] } })]) },
  });
});

test('a role of yours may decrypt the source too', () => {
  const stack = testStack();
  const replicationRole = new iam.Role(stack, 'Replicator', { assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') });
  replicate(stack, new SecureBucket(stack, 'Replica'), { replicationRole });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SourceKey'), 'Arn'] } })] },
    Roles: [{ Ref: Match.stringLikeRegexp('^Replicator') }],
  });
});

test('a destination of the app that is less strict is warned of; a SecureBucket is not', () => {
  const stack = testStack();
  const plain = new s3.Bucket(stack, 'Plain', { versioned: true, encryption: s3.BucketEncryption.KMS });
  expect(warnings(replicate(stack, plain))).toEqual(['cdk-secure-bucket:weakReplicationDestination']);
  const other = testStack();
  expect(warnings(replicate(other, new SecureBucket(other, 'Replica')))).toEqual([]);
});

describe('the replication role passes the network perimeter', () => {
  const uniqueRoleNames = { context: { '@aws-cdk/aws-s3:setUniqueReplicationRoleName': true } };

  test('of the source', () => {
    const stack = testStack(undefined, uniqueRoleNames);
    replicate(stack, new SecureBucket(stack, 'Replica'), { network });
    expect(exempt(stack, 'SourcePolicy').slice(1)).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^SourceReplicationRole/), 'Arn'] }]);
  });

  test('of a destination in the same stack, from a plain source too', () => {
    const stack = testStack(undefined, uniqueRoleNames);
    const destination = new SecureBucket(stack, 'Replica', { network });
    new s3.Bucket(stack, 'Source', { versioned: true, replicationRules: [{ destination, kmsKey: destination.encryptionKey }] });
    expect(exempt(stack, 'ReplicaPolicy').slice(1)).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^SourceReplicationRole/), 'Arn'] }]);
  });

  test('of a destination in another stack if the role has a name', () => {
    const app = new App();
    const target = new Stack(app, 'Target', { env: PRODUCER });
    const destination = new SecureBucket(target, 'Replica', { network });
    const origin = new Stack(app, 'Origin', { env: PRODUCER });
    const replicationRole = new iam.Role(origin, 'Replicator', { roleName: 'Replicator', assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') });
    replicate(origin, destination, { replicationRole });
    expect(exempt(target, 'ReplicaPolicy')[1]).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/Replicator']] });
  });

  test('of a destination in another stack by a role that the CDK makes: it gets a name', () => {
    const app = new App(uniqueRoleNames);
    const target = new Stack(app, 'Target', { env: PRODUCER });
    const destination = new SecureBucket(target, 'Replica', { network });
    const origin = new Stack(app, 'Origin', { env: PRODUCER });
    replicate(origin, destination);
    const { Properties } = Object.values(Template.fromStack(origin).findResources('AWS::IAM::Role'))[0];
    expect(exempt(target, 'ReplicaPolicy')[1]).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::111122223333:role/${Properties.RoleName}`]] });
    expect(Properties.RoleName).toMatch(/^originereplicationrole/);
  });

  test('and synthesis fails where it cannot be named', () => {
    const app = new App(uniqueRoleNames);
    const target = new Stack(app, 'Target', { env: PRODUCER });
    const destination = new SecureBucket(target, 'Replica', { network });
    const origin = new Stack(app, 'Origin', { env: PRODUCER });
    replicate(origin, destination, { replicationRole: new iam.Role(origin, 'Replicator', { assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') }) });
    expect(synthesisErrors(target)).toContain("'Target/Replica': the network perimeter would lock out the role of 'Origin/Source/Resource', which the bucket's policy cannot name. Move it");
  });

  test('of a destination that is told of it', () => {
    const stack = testStack();
    const roleArn = 'arn:aws:iam::444455556666:role/Replicator';
    new SecureBucket(stack, 'Replica', { network }).addReplicationPolicy(roleArn, true, '444455556666');
    expect(exempt(stack, 'ReplicaPolicy').slice(1)).toEqual([roleArn]);
  });
});

describe('a side that is elsewhere', () => {
  const keyArn = 'arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';

  test('a destination of another account is handed over: what its bucket and its key must allow the role', () => {
    const stack = testStack();
    const destination = s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: 'replica', account: '444455556666', region: 'eu-central-1' });
    const source = replicate(stack, destination, { replicationRules: [{ destination, kmsKey: kms.Key.fromKeyArn(stack, 'Key', keyArn) }] });
    expect(warnings(source)).toEqual(Array(2).fill('cdk-secure-bucket:replicationNotGranted'));
    const texts = source.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data).replace(/(?<=[[{,:\]}"])\s+/g, '').replace(/\s+(?=[\]}])/g, ''));
    expect(texts[0]).toContain("the policy of bucket 'Stack/Imported' is not this app's to write");
    expect(texts[0]).toContain('"s3:ReplicateObject","s3:ReplicateDelete","s3:ReplicateTags"');
    expect(texts[1]).toContain("the policy of key 'Stack/Key' is not this app's to write");
    expect(texts[1]).toContain('"StringEquals":{"kms:ViaService":"s3.eu-central-1.');
    texts.forEach((text) => expect(text).toMatch(/"ArnEquals":{"aws:PrincipalArn":"\$\{SourceReplicationRole\w+\.Arn\}"/));
  });

  test('a destination of the same account calls for nothing more, beside a network perimeter too', () => {
    const stack = testStack();
    const destination = s3.Bucket.fromBucketName(stack, 'Imported', 'replica');
    const kmsKey = kms.Key.fromKeyArn(stack, 'Key', keyArn.replace('444455556666', PRODUCER.account));
    const source = replicate(stack, destination, { network, replicationRules: [{ destination, kmsKey }] });
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(source)).toEqual([]);
  });

  test('the role of a source of another account may write replicas and encrypt them, and nobody else of that account', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Replica', { bucketName: 'replica' }).addReplicationPolicy('arn:aws:iam::444455556666:role/Replicator', true);
    const foreign = { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] } };
    const itself = { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/Replicator' };
    const ofForeign = (statements: any[]) => statements.filter(({ Principal }) => JSON.stringify(Principal) === JSON.stringify(foreign));
    const inBucket = ofForeign(policyStatements(stack, 'ReplicaPolicy'));
    expect(inBucket.flatMap(({ Action }) => Action)).toEqual(['s3:GetBucketVersioning', 's3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags', 's3:ObjectOwnerOverrideToBucketOwner']);
    expect(inBucket.map(({ Condition }) => Condition)).toEqual([{ ArnEquals: itself }, { ArnEquals: itself }]);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    const [inKey, ...others] = ofForeign(Properties.KeyPolicy.Statement);
    expect(others).toEqual([]);
    expect(inKey.Condition).toMatchObject({ ArnEquals: itself, StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['s3.eu-west-1.', { Ref: 'AWS::URLSuffix' }]] } } });
  });

  test('a role that another account could not name is refused', () => {
    const app = new App();
    const destination = new SecureBucket(new Stack(app, 'Target', { env: { account: '444455556666', region: 'eu-west-1' } }), 'Replica', { bucketName: 'replica' });
    const origin = new Stack(app, 'Origin', { env: PRODUCER });
    const replicationRole = new iam.Role(origin, 'Replicator', { assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') });
    expect(() => replicate(origin, destination, { replicationRole })).toThrow("'Origin/Source': the replication role 'Origin/Replicator' has no name by which the policies of the other side could know it.");
  });
});
