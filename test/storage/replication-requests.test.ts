import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket, SecureBucketProps } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { DeployedApp, keyAllows, s3Allows } from '../sharing/sides';
import { NEW_APP_FLAGS, PRODUCER, warnings } from '../support/apps';

const CONSUMER = { account: '444455556666', region: 'eu-west-1' };
const ELSEWHERE = { account: PRODUCER.account, region: 'eu-central-1' };
const PERIMETERS = { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } };

const PLACES: Record<string, (app: App) => [source: Stack, destination: Stack]> = {
  'one stack': (app) => {
    const stack = new Stack(app, 'Both', { env: PRODUCER });
    return [stack, stack];
  },
  'two stacks of one place': (app) => [new Stack(app, 'Origin', { env: PRODUCER }), new Stack(app, 'Target', { env: PRODUCER })],
  'another account': (app) => [new Stack(app, 'Origin', { env: PRODUCER }), new Stack(app, 'Target', { env: CONSUMER })],
  'another Region': (app) => [new Stack(app, 'Origin', { env: PRODUCER }), new Stack(app, 'Target', { env: ELSEWHERE })],
  'another account and Region': (app) => [new Stack(app, 'Origin', { env: PRODUCER }), new Stack(app, 'Target', { env: { ...CONSUMER, region: 'us-east-1' } })],
  'another Region, by parameters that the CDK copies': (app) => [
    new Stack(app, 'Origin', { env: PRODUCER, crossRegionReferences: true }), new Stack(app, 'Target', { env: ELSEWHERE, crossRegionReferences: true }),
  ],
};

/** Copied parameters stand for a name that nobody generates. */
const NAMES: Record<string, string> = { 'another Region, by parameters that the CDK copies': 'replicas' };

interface Replicated {
  readonly app: App;
  readonly source: SecureBucket;
  readonly destination: SecureBucket;
}

function replicated(references: string, place: string, rule: Partial<s3.ReplicationRule> = {}, props: SecureBucketProps = PERIMETERS): Replicated {
  const app = new App({ analyticsReporting: false, context: { ...NEW_APP_FLAGS, '@aws-cdk/core:defaultCrossStackReferences': references } });
  const [from, to] = PLACES[place](app);
  const destination = new SecureBucket(to, 'Replica', { ...props, bucketName: NAMES[place] ?? PhysicalName.GENERATE_IF_NEEDED });
  const source = new SecureBucket(from, 'Source', { ...props, replicationRules: [{ destination, kmsKey: destination.encryptionKey, ...rule }] });
  return { app, source, destination };
}

/** What the replication role asks of S3 and KMS, and what they answer. */
function deployed({ app }: Replicated) {
  const sides = new DeployedApp(app);
  const [role] = sides.deployment.ofType('AWS::IAM::Role').filter(({ path }) => path.includes('/Source/ReplicationRole'));
  const roleArn = role.reference('Arn')!;
  const identity = sides.identity(roleArn);
  const bucketOf = (id: string) => sides.deployment.ofType('AWS::S3::Bucket').find(({ path }) => path.endsWith(`/${id}/Resource`))!;
  const s3May = (id: string, action: string, asRole = roleArn) => {
    const bucket = bucketOf(id);
    const arn = bucket.reference('Arn')!;
    const resource = /^s3:(?:ListBucket|GetReplicationConfiguration)$/.test(action) ? arn : `${arn}/report.csv`;
    const data = sides.bucketPolicy(bucket.reference('Ref')!);
    return s3Allows({ identity, data }, { roleArn: asRole, action, resource, ownerAccountId: bucket.stack.account });
  };
  const keyMay = (id: string, actions: string[], changes: { viaService?: string; encryptionContext?: string; roleArn?: string } = {}) => {
    const { stack, ...bucket } = bucketOf(id);
    const path = `${stack.name}/${id}/Key`;
    const arn = bucketOf(id).reference('Arn')!;
    expect(bucket).toBeDefined();
    return keyAllows({ identity, key: sides.keyPolicy(path) }, {
      roleArn, actions, keyArn: sides.keyArn(path), viaService: `s3.${stack.region}.amazonaws.com`, encryptionContext: arn, ...changes,
    });
  };
  return { roleArn, s3May, keyMay, arnOf: (id: string) => bucketOf(id).reference('Arn')! };
}

describe.each(['weak', 'strong'])('with %s references between stacks', (references) => {
  describe.each(Object.keys(PLACES))('a replica in %s', (place) => {
    const made = replicated(references, place);
    const { roleArn, s3May, keyMay, arnOf } = deployed(made);

    test.each(['s3:GetReplicationConfiguration', 's3:ListBucket', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'])(
      'the role may %s at the source, from outside the network perimeter', async (action) => {
        expect(await s3May('Source', action)).toBe(true);
      });

    test.each(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'])('the role may %s at the destination, whose perimeters are the same', async (action) => {
      expect(await s3May('Replica', action)).toBe(true);
    });

    test('the role may decrypt what the source holds, and encrypt the replicas, under a bucket key or without one', async () => {
      const actions = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'];
      expect(await keyMay('Source', ['kms:Decrypt'])).toBe(true);
      expect(await keyMay('Source', ['kms:Decrypt'], { encryptionContext: `${arnOf('Source')}/report.csv` })).toBe(true);
      expect(await keyMay('Replica', actions)).toBe(true);
      expect(await keyMay('Replica', actions, { encryptionContext: `${arnOf('Replica')}/report.csv` })).toBe(true);
    });

    test.each([
      ['through another service', { viaService: 'dynamodb.eu-west-1.amazonaws.com' }],
      ['for another bucket', { encryptionContext: 'arn:aws:s3:::another' }],
    ])('the role uses neither key %s', async (_, changes) => {
      expect(await keyMay('Source', ['kms:Decrypt'], changes)).toBe(false);
      expect(await keyMay('Replica', ['kms:Encrypt'], changes)).toBe(false);
    });

    test('the role neither writes at the source nor reads replicas', async () => {
      expect(await s3May('Source', 's3:PutObject')).toBe(false);
      expect(await s3May('Replica', 's3:GetObject')).toBe(false);
      expect(await keyMay('Source', ['kms:Encrypt'])).toBe(false);
    });

    test('another role with the same permissions is denied at the destination', async () => {
      expect(await s3May('Replica', 's3:ReplicateObject', roleArn.replace(/[^/]*$/, 'Another'))).toBe(false);
    });

    test('the rule pack has nothing to say', () => {
      const findings = judge(deploymentOf(synthesizedTemplates(made.app)));
      expect(findings.map(({ rule, resource, problem }) => `${rule.id} ${resource.path}: ${problem}`)).toEqual([]);
    });

    test('nothing is left to be done by hand', () => {
      expect(warnings(made.source)).toEqual([]);
      expect(warnings(made.destination)).toEqual([]);
    });
  });

  test('the owner of the destination becomes the owner of the replicas, where the rule says so', async () => {
    const { s3May } = deployed(replicated(references, 'another account', { accessControlTransition: true }));
    expect(await s3May('Replica', 's3:ObjectOwnerOverrideToBucketOwner')).toBe(true);
    const { s3May: without } = deployed(replicated(references, 'another account'));
    expect(await without('Replica', 's3:ObjectOwnerOverrideToBucketOwner')).toBe(false);
  });

  test('locks of objects are replicated with them', async () => {
    const { s3May } = deployed(replicated(references, 'another account', {}, { ...PERIMETERS, objectLockEnabled: true }));
    expect(await s3May('Source', 's3:GetObjectRetention')).toBe(true);
    expect(await s3May('Source', 's3:GetObjectLegalHold')).toBe(true);
  });
});

test.each([true, false])('delete markers are replicated by choice (%s)', (deleteMarkerReplication) => {
  const { app } = replicated('weak', 'another account', { deleteMarkerReplication });
  const [source] = new DeployedApp(app).deployment.ofType('AWS::S3::Bucket').filter(({ path }) => path === 'Origin/Source/Resource');
  expect(source.property('ReplicationConfiguration').Rules[0].DeleteMarkerReplication.Status).toBe(deleteMarkerReplication ? 'Enabled' : 'Disabled');
});

test('keys that do not leave it to their account name the role', async () => {
  const app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
  const [from, to] = PLACES['two stacks of one place'](app);
  const [sourceKey, replicaKey] = [from, to].map((stack) => new kms.Key(stack, 'Key', { enableKeyRotation: true, policy: administeredByRoot() }));
  const destination = new SecureBucket(to, 'Replica', { encryptionKey: replicaKey, bucketName: 'replicas' });
  new SecureBucket(from, 'Source', { encryptionKey: sourceKey, bucketName: 'sources', replicationRules: [{ destination, kmsKey: replicaKey }] });
  const sides = new DeployedApp(app);
  const [role] = sides.deployment.ofType('AWS::IAM::Role');
  const roleArn = role.reference('Arn')!;
  const keyMay = (stack: string, actions: string[], bucket: string) => keyAllows({ identity: sides.identity(roleArn), key: sides.keyPolicy(`${stack}/Key`) }, {
    roleArn, actions, keyArn: sides.keyArn(`${stack}/Key`), viaService: 's3.eu-west-1.amazonaws.com', encryptionContext: `arn:aws:s3:::${bucket}`,
  });
  expect(await keyMay('Origin', ['kms:Decrypt'], 'sources')).toBe(true);
  expect(await keyMay('Origin', ['kms:Decrypt'], 'replicas')).toBe(false);
  expect(await keyMay('Target', ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'], 'replicas')).toBe(true);
  expect(await keyMay('Target', ['kms:Encrypt'], 'sources')).toBe(false);
});

function administeredByRoot(): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['kms:Put*', 'kms:Get*', 'kms:Describe*', 'kms:ScheduleKeyDeletion'], resources: ['*'], principals: [new iam.AccountRootPrincipal()] })],
  });
}
