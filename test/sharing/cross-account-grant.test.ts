import { App, CfnParameter, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Call, DeployedApp, keyActionsFor, keyAllows, s3Allows, Sides, without } from './sides';
import { Consumer, CrossAccountGrant, CrossAccountGrantProps, DatasetAccess, PrincipalBinding, SecureBucket } from '../../src';
import { judge } from '../../src/checks/judge';
import { synthesisErrors, warnings } from '../support/apps';

const A = { account: '111122223333', region: 'eu-west-1' };
const B = { account: '444455556666', region: 'eu-west-1' };
const NAME = 'dataset-111122223333-eu-west-1-an';
const BUCKET = `arn:aws:s3:::${NAME}`;
const APP_ROLE = 'arn:aws:iam::444455556666:role/AppRole';
const VIA_S3 = 's3.eu-west-1.amazonaws.com';
const NAMED: s3.BucketProps = { bucketNamePrefix: 'dataset', bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL };

const ec2 = new iam.ServicePrincipal('ec2.amazonaws.com');

function newApp(): App {
  return new App({ analyticsReporting: false });
}

interface World {
  readonly app: App;
  readonly producer: Stack;
  readonly bucket: s3.Bucket;
  readonly grant: (props: Partial<CrossAccountGrantProps>) => CrossAccountGrant;
}

function world(env: { account?: string; region?: string } = A, bucketOf = (scope: Construct): s3.Bucket => new SecureBucket(scope, 'Data', NAMED)): World {
  const app = newApp();
  const producer = new Stack(app, 'Producer', { env });
  const bucket = bucketOf(producer);
  let count = 0;
  const grant = (props: Partial<CrossAccountGrantProps>) => new CrossAccountGrant(producer, `Grant${++count}`, { bucket, access: DatasetAccess.READ, ...props });
  return { app, producer, bucket, grant };
}

function appRole(scope: Construct, roleName = 'AppRole'): iam.Role {
  return new iam.Role(scope, 'AppRole', { assumedBy: ec2, roleName });
}

/** Ways to name the consumer `AppRole` of account B; each returns the identity policy that the role then has. */
const CONSUMERS: Record<string, (w: World) => { consumer: iam.IGrantable; identity: (deployed: DeployedApp, grant: CrossAccountGrant) => any; binding?: PrincipalBinding }> = {
  'a role of another account': ({ app }) => ({ consumer: appRole(new Stack(app, 'Consumer', { env: B })), identity: (deployed) => deployed.identity(APP_ROLE) }),
  'a role of another account and Region': ({ app }) => ({ consumer: appRole(new Stack(app, 'Consumer', { env: { ...B, region: 'us-east-1' } })), identity: (deployed) => deployed.identity(APP_ROLE) }),
  'a role of another stage': ({ app }) => {
    const stage = new Stage(app, 'Prod', { env: B });
    return { consumer: appRole(new Stack(stage, 'Consumer')), identity: (deployed) => deployed.identity(APP_ROLE) };
  },
  'a role by its account': ({ app }) => ({ consumer: appRole(new Stack(app, 'Consumer', { env: B })), identity: (deployed) => deployed.identity(APP_ROLE), binding: PrincipalBinding.ACCOUNT }),
  'an ARN': () => ({ consumer: Consumer.roleArn(APP_ROLE), identity: (_, grant) => handedOver(grant) }),
  'an imported role': ({ producer }) => ({ consumer: iam.Role.fromRoleArn(producer, 'Imported', APP_ROLE), identity: (_, grant) => handedOver(grant) }),
  'an account': () => ({ consumer: Consumer.account(B.account), identity: (_, grant) => handedOver(grant) }),
};

/** The policy in the output, as somebody pastes it after deployment. */
function handedOver(grant: CrossAccountGrant): any {
  const stack = Stack.of(grant);
  const outputs = Template.fromStack(stack).toJSON().Outputs;
  const [id] = Object.keys(outputs).filter((name) => name.startsWith(`${grant.node.id}ConsumerPolicy`));
  const [, parts] = outputs[id].Value['Fn::Join'];
  const text = parts.map((part: any) => {
    if (typeof part === 'string') {
      return part;
    }
    const key = Object.keys(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0];
    const known: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com' };
    const attribute = part['Fn::GetAtt']?.[0];
    return known[part.Ref] ?? (attribute === key ? keyArnOf(stack) : BUCKET);
  }).join('');
  return JSON.parse(text);
}

function keyArnOf(stack: Stack): string {
  return new DeployedApp(stack.node.root as App).keyArn('Producer/Data');
}

const ACCESSES: Record<string, { access: DatasetAccess; allowed: string[]; denied: string[] }> = {
  'READ': { access: DatasetAccess.READ, allowed: ['s3:GetObject', 's3:ListBucket'], denied: ['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion', 's3:PutBucketPolicy', 's3:GetObjectAcl'] },
  'WRITE': { access: DatasetAccess.WRITE, allowed: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:ListBucketMultipartUploads'], denied: ['s3:GetObject', 's3:ListBucket', 's3:DeleteObject', 's3:PutObjectAcl'] },
  'READ_WRITE': { access: DatasetAccess.READ_WRITE, allowed: ['s3:GetObject', 's3:ListBucket', 's3:PutObject', 's3:AbortMultipartUpload'], denied: ['s3:DeleteObject', 's3:DeleteBucket'] },
  'LIST_ONLY': { access: DatasetAccess.LIST_ONLY, allowed: ['s3:ListBucket'], denied: ['s3:GetObject', 's3:PutObject'] },
  'READ with versions': { access: DatasetAccess.READ.withVersions(), allowed: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucketVersions'], denied: ['s3:DeleteObjectVersion'] },
  'READ_WRITE and DELETE': { access: DatasetAccess.READ_WRITE.plus(DatasetAccess.DELETE), allowed: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], denied: ['s3:DeleteObjectVersion', 's3:DeleteBucket'] },
};

const BUCKET_ACTIONS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads', 's3:PutBucketPolicy', 's3:DeleteBucket'];

function call(action: string, changes: Partial<Call> = {}): Call {
  const resource = BUCKET_ACTIONS.includes(action) ? BUCKET : `${BUCKET}/data/object`;
  return { roleArn: APP_ROLE, action, resource, ownerAccountId: A.account, ...changes };
}

/** Whether a request succeeds: S3 lets it through, and so does the key where S3 asks it, with and without a bucket key. */
async function succeeds(sides: Sides, keyArn: string, request: Call): Promise<boolean> {
  const actions = keyActionsFor(request.action);
  const contexts = actions.length > 0 ? [BUCKET, request.resource] : [];
  const key = await Promise.all(contexts.map((encryptionContext) => keyAllows(sides, { roleArn: request.roleArn, actions, keyArn, viaService: VIA_S3, encryptionContext })));
  return await s3Allows(sides, request) && key.every((allowed) => allowed);
}

function sidesOf(deployed: DeployedApp, identity: any): Sides {
  return { identity, data: deployed.bucketPolicy(NAME), key: deployed.keyPolicy('Producer/Data') };
}

describe.each(Object.entries(CONSUMERS))('%s', (_, consumerOf) => {
  test.each(Object.entries(ACCESSES))('may do what %s says, and the guide is right: miss any one side and it fails', async (__, { access, allowed, denied }) => {
    const w = world();
    const { consumer, identity, binding } = consumerOf(w);
    const grant = w.grant({ consumer, access, principalBinding: binding });
    const deployed = new DeployedApp(w.app);
    const sides = sidesOf(deployed, identity(deployed, grant));
    const keyArn = deployed.keyArn('Producer/Data');
    for (const action of allowed) {
      expect([action, await succeeds(sides, keyArn, call(action))]).toEqual([action, true]);
      expect([action, await succeeds(without('identity', sides), keyArn, call(action))]).toEqual([action, false]);
      expect([action, await succeeds(without('data', sides), keyArn, call(action))]).toEqual([action, false]);
      expect([action, await succeeds(without('key', sides), keyArn, call(action))]).toEqual([action, keyActionsFor(action).length === 0]);
    }
    for (const action of denied) {
      expect([action, await s3Allows(sides, call(action))]).toEqual([action, false]);
    }
  });
});

describe('nothing but the data', () => {
  const w = world();
  const consumer = appRole(new Stack(w.app, 'Consumer', { env: B }));
  w.grant({ consumer, access: DatasetAccess.READ_WRITE, prefixes: ['in/', 'out/'] });
  const deployed = new DeployedApp(w.app);
  const sides = sidesOf(deployed, deployed.identity(APP_ROLE));
  const keyArn = deployed.keyArn('Producer/Data');
  const use = { roleArn: APP_ROLE, actions: ['kms:Decrypt'], keyArn, viaService: VIA_S3, encryptionContext: BUCKET };

  test.each([
    ['an object of a prefix', call('s3:GetObject', { resource: `${BUCKET}/in/object` }), true],
    ['an object of the other prefix', call('s3:PutObject', { resource: `${BUCKET}/out/object` }), true],
    ['an object beside them', call('s3:GetObject', { resource: `${BUCKET}/private/object` }), false],
    ['an object whose key begins alike', call('s3:GetObject', { resource: `${BUCKET}/in-private/object` }), false],
    ['an object of another bucket', call('s3:GetObject', { resource: 'arn:aws:s3:::another/in/object' }), false],
    ['the listing of a prefix', call('s3:ListBucket', { context: { 's3:prefix': 'in/' } }), true],
    ['the listing of a folder in it', call('s3:ListBucket', { context: { 's3:prefix': 'in/2026/' } }), true],
    ['the listing of everything', call('s3:ListBucket'), false],
    ['the listing of everything, asked for with an empty prefix', call('s3:ListBucket', { context: { 's3:prefix': '' } }), false],
    ['the listing of another prefix', call('s3:ListBucket', { context: { 's3:prefix': 'private/' } }), false],
    ['the list of uploads, which no prefix narrows', call('s3:ListBucketMultipartUploads'), false],
    ['another role of the account', call('s3:GetObject', { resource: `${BUCKET}/in/object`, roleArn: 'arn:aws:iam::444455556666:role/Other' }), false],
  ])('%s', async (_, request, expected) => {
    expect(await s3Allows(sides, request)).toBe(expected);
  });

  test.each([
    ['through S3, for the bucket', use, true],
    ['through S3, for an object', { ...use, encryptionContext: `${BUCKET}/in/object` }, true],
    ['through S3 of another Region', { ...use, viaService: 's3.us-east-1.amazonaws.com' }, false],
    ['through another service', { ...use, viaService: 'dynamodb.eu-west-1.amazonaws.com' }, false],
    ['for another bucket', { ...use, encryptionContext: 'arn:aws:s3:::another' }, false],
    ['for a bucket whose name begins alike', { ...use, encryptionContext: `${BUCKET}-2` }, false],
    ['to grant it to others', { ...use, actions: ['kms:CreateGrant'] }, false],
    ['another key of the account', { ...use, keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/another' }, true], // its own policy decides, below
    ['a key of another account', { ...use, keyArn: 'arn:aws:kms:eu-west-1:777788889999:key/another' }, false],
  ])('the key %s', async (_, keyUse, expected) => {
    expect(await keyAllows(sides, keyUse)).toBe(expected);
  });

  test('a key whose policy does not know the consumer', async () => {
    const stranger = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }] };
    expect(await keyAllows({ ...sides, key: stranger }, use)).toBe(false);
  });

  test('stands on no wildcard', () => {
    const own = sides.identity.Statement.flatMap(({ Action, Resource }) => [...[Action].flat(), ...[Resource].flat()]);
    expect(own.filter((text) => text === '*' || text === 's3:*' || text === 'kms:*')).toEqual([]);
  });
});

describe('a consumer of the same account', () => {
  test.each([
    ['a role of the stack', (w: World) => appRole(w.producer)],
    ['a role of another stack', (w: World) => appRole(new Stack(w.app, 'Consumer', { env: A }))],
    ['a role of another Region', (w: World) => appRole(new Stack(w.app, 'Consumer', { env: { ...A, region: 'us-east-1' } }))],
  ])('%s needs its own policy only', async (_, roleOf) => {
    const bare = world();
    const before = new DeployedApp(bare.app);
    const w = world();
    const role = roleOf(w);
    w.grant({ consumer: role });
    const deployed = new DeployedApp(w.app);
    expect(deployed.bucketPolicy(NAME)).toEqual(before.bucketPolicy(NAME));
    expect(deployed.keyPolicy('Producer/Data')).toEqual(before.keyPolicy('Producer/Data'));
    const roleArn = 'arn:aws:iam::111122223333:role/AppRole';
    const sides = sidesOf(deployed, deployed.identity(roleArn));
    expect(await succeeds(sides, deployed.keyArn('Producer/Data'), call('s3:GetObject', { roleArn }))).toBe(true);
    expect(await succeeds(without('identity', sides), deployed.keyArn('Producer/Data'), call('s3:GetObject', { roleArn }))).toBe(false);
  });

  test('in stacks of any account, a bucket needs no name', () => {
    const w = world({}, (scope) => new SecureBucket(scope, 'Data'));
    w.grant({ consumer: new iam.Role(w.producer, 'AppRole', { assumedBy: ec2 }) });
    expect(() => w.app.synth()).not.toThrow();
  });

  test('a key that trusts no policies of its account names the consumer', () => {
    const w = world(A, (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME, encryptionKey: untrustingKey(scope) }));
    w.grant({ consumer: appRole(w.producer) });
    const { Statement } = new DeployedApp(w.app).keyPolicy('Producer/Key');
    expect(Statement.filter(({ Sid }) => Sid === 'ShareDecrypt')).toHaveLength(1);
  });
});

/** A key whose policy names administrators instead of leaving everything to the account. */
function untrustingKey(scope: Construct): kms.Key {
  const administrators = new iam.PolicyStatement({ actions: ['kms:*'], resources: ['*'], principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Admin')] });
  const account = new iam.PolicyStatement({ actions: ['kms:Describe*', 'kms:List*'], resources: ['*'], principals: [new iam.AccountRootPrincipal()] });
  return new kms.Key(scope, 'Key', { policy: new iam.PolicyDocument({ statements: [administrators, account] }) });
}

describe('the order of stacks', () => {
  const dependencies = (stack: Stack) => stack.dependencies.map(({ node }) => node.path);

  test('a role exists before a policy names it', () => {
    const w = world();
    w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B })) });
    expect(dependencies(w.producer)).toEqual(['Consumer']);
  });

  test('an account needs no order', () => {
    const w = world();
    w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B })), principalBinding: PrincipalBinding.ACCOUNT });
    expect(dependencies(w.producer)).toEqual([]);
  });

  test('a consumer that is deployed after the producer is named by its account', () => {
    const w = world();
    const consumer = new Stack(w.app, 'Consumer', { env: B });
    consumer.addDependency(new Stack(w.app, 'Between', { env: B }));
    consumer.dependencies[0].addDependency(w.producer);
    w.grant({ consumer: appRole(consumer) });
    expect(dependencies(w.producer)).toEqual([]);
    const share = new DeployedApp(w.app).bucketPolicy(NAME).Statement.find(({ Sid }) => Sid === 'ShareRead');
    expect(share).toMatchObject({ Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Condition: { ArnEquals: { 'aws:PrincipalArn': [APP_ROLE] } } });
  });
});

describe('a role that was deleted and made again', () => {
  /** What IAM leaves of a policy once a principal in it is deleted: the unique id, which no ARN matches. Conditions stay as they are. */
  const afterDeletion = (document: any) => ({
    ...document,
    Statement: document.Statement.map((statement: any) => ({ ...statement, Principal: JSON.parse(JSON.stringify(statement.Principal).replaceAll(APP_ROLE, 'AROAEXAMPLEUNIQUEID')) })),
  });

  test.each([
    ['is somebody else where it was named itself', PrincipalBinding.PRINCIPAL, false],
    ['is the same where its account was named', PrincipalBinding.ACCOUNT, true],
  ])('%s', async (_, principalBinding, expected) => {
    const w = world();
    w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B })), principalBinding });
    const deployed = new DeployedApp(w.app);
    const before = sidesOf(deployed, deployed.identity(APP_ROLE));
    const keyArn = deployed.keyArn('Producer/Data');
    expect(await succeeds(before, keyArn, call('s3:GetObject'))).toBe(true);
    expect(await succeeds({ ...before, data: afterDeletion(before.data) }, keyArn, call('s3:GetObject'))).toBe(expected);
    expect(await succeeds({ ...before, key: afterDeletion(before.key) }, keyArn, call('s3:GetObject'))).toBe(expected);
  });
});

describe('a key apart from its bucket', () => {
  const appOf = (keyEnv = A) => {
    const app = newApp();
    const [keys, producer, consumer] = [['Keys', keyEnv], ['Producer', A], ['Consumer', B]].map(([id, env]) => new Stack(app, id as string, { env: env as any }));
    const key = new kms.Key(keys, 'Key');
    const bucket = new s3.Bucket(producer, 'Data', { bucketName: NAME, encryptionKey: keyEnv === A ? key : undefined });
    const share = (props: Partial<CrossAccountGrantProps> = {}) => new CrossAccountGrant(producer, 'Grant', { bucket, consumer: appRole(consumer), access: DatasetAccess.READ, encryptionKey: key, ...props });
    return { app, keys, producer, consumer, key, share };
  };
  const use = { roleArn: APP_ROLE, actions: ['kms:Decrypt'], viaService: VIA_S3, encryptionContext: BUCKET };

  test('in a stack that is deployed before the consumer names its account, and the bucket names the role', async () => {
    const { app, keys, consumer, share } = appOf();
    consumer.addDependency(keys);
    share();
    const deployed = new DeployedApp(app);
    const { Statement } = deployed.keyPolicy('Keys/Key');
    expect(Statement.filter(({ Sid }) => Sid).map(({ Principal }) => Principal)).toEqual([{ AWS: 'arn:aws:iam::444455556666:root' }]);
    expect(deployed.bucketPolicy(NAME).Statement.find(({ Sid }) => Sid === 'ShareRead').Principal).toEqual({ AWS: APP_ROLE });
    expect(await keyAllows({ identity: deployed.identity(APP_ROLE), key: deployed.keyPolicy('Keys/Key') }, { ...use, keyArn: deployed.keyArn('Keys/Key') })).toBe(true);
  });

  test("in the consumer's account needs the consumer's own policy only, and no circle of stacks", async () => {
    const { app, share } = appOf(B);
    expect(share().keyPolicy.isEmpty).toBe(true);
    const deployed = new DeployedApp(app);
    expect(deployed.keyPolicy('Keys/Key').Statement).toHaveLength(1);
    expect(await keyAllows({ identity: deployed.identity(APP_ROLE), key: deployed.keyPolicy('Keys/Key') }, { ...use, keyArn: deployed.keyArn('Keys/Key') })).toBe(true);
  });

  test("in another account names consumers of the bucket's own account too", () => {
    const app = newApp();
    const producer = new Stack(app, 'Producer', { env: A });
    const encryptionKey = kms.Key.fromKeyArn(producer, 'Key', 'arn:aws:kms:eu-west-1:777788889999:key/1234abcd-12ab-34cd-56ef-1234567890ab');
    const bucket = new s3.Bucket(producer, 'Data', { bucketName: NAME, encryptionKey });
    const grant = new CrossAccountGrant(producer, 'Grant', { bucket, consumer: appRole(producer), access: DatasetAccess.READ });
    expect(warnings(grant)).toEqual(['cdk-secure-bucket:handedOverKeyPolicy']);
    expect(grant.dataPolicy.isEmpty).toBe(true);
  });

  test('that trusts no policies of its account names a role of another stack, and no circle of stacks', () => {
    const w = world(A, (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME, encryptionKey: untrustingKey(scope) }));
    w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: A })) });
    const { Statement } = new DeployedApp(w.app).keyPolicy('Producer/Key');
    expect(Statement.find(({ Sid }) => Sid === 'ShareDecrypt').Principal).toEqual({ AWS: 'arn:aws:iam::111122223333:role/AppRole' });
  });

  test.each<[string, (scope: Stack) => kms.IAlias, string]>([
    ['is named by its own ARN', (scope) => new kms.Key(scope, 'Key').addAlias('alias/data'), 'key/'],
    ['is any of its account, where the alias is imported', (scope) => kms.Alias.fromAliasName(scope, 'Alias', 'alias/data'), 'key/*'],
  ])('behind an alias %s: the ARN of an alias names no key', (_, aliasOf, resource) => {
    const w = world(A, (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME, encryptionKey: aliasOf(scope as Stack) }));
    w.grant({ consumer: appRole(w.producer) });
    const { Statement } = new DeployedApp(w.app).identity('arn:aws:iam::111122223333:role/AppRole');
    const [statement] = Statement.filter(({ Action }) => Action === 'kms:Decrypt');
    expect(statement.Resource).toContain(`arn:aws:kms:eu-west-1:111122223333:${resource}`);
  });
});

describe('the order of nested stacks', () => {
  test('is that of the stacks around them', () => {
    const w = world(A, (scope) => new SecureBucket(new NestedStack(scope, 'Nested'), 'Data', NAMED));
    const consumer = new Stack(w.app, 'Consumer', { env: B });
    w.grant({ consumer: appRole(consumer) });
    expect(w.producer.dependencies).toEqual([consumer]);
    expect(() => w.app.synth()).not.toThrow();
  });

  test('is not turned into a circle', () => {
    const w = world(A, (scope) => new SecureBucket(new NestedStack(scope, 'Nested'), 'Data', NAMED));
    const consumer = new Stack(w.app, 'Consumer', { env: B });
    consumer.addDependency(w.producer);
    w.grant({ consumer: appRole(new NestedStack(consumer, 'Nested')) });
    expect(w.producer.dependencies).toEqual([]);
    expect(() => w.app.synth()).not.toThrow();
  });
});

describe('grants merge', () => {
  const shares = (w: World) => new DeployedApp(w.app).bucketPolicy(NAME).Statement.filter(({ Sid }) => Sid?.startsWith('Share'));

  test('one statement for all consumers with the same access', () => {
    const w = world();
    w.grant({ consumers: ['One', 'Two'].map((name) => Consumer.roleArn(`arn:aws:iam::444455556666:role/${name}`)) });
    w.grant({ consumer: Consumer.roleArn('arn:aws:iam::777788889999:role/Three') });
    w.grant({ consumer: Consumer.roleArn('arn:aws:iam::777788889999:role/Three') }); // twice is once
    expect(shares(w).map(({ Sid, Principal }) => [Sid, Principal.AWS])).toEqual([
      ['ShareRead', ['arn:aws:iam::444455556666:role/One', 'arn:aws:iam::444455556666:role/Two', 'arn:aws:iam::777788889999:role/Three']],
    ]);
  });

  test('other accesses, prefixes and bindings are other statements with other Sids', () => {
    const w = world();
    const consumer = Consumer.roleArn(APP_ROLE);
    w.grant({ consumer });
    w.grant({ consumer, principalBinding: PrincipalBinding.ACCOUNT });
    w.grant({ consumer, access: DatasetAccess.WRITE });
    w.grant({ consumer, prefixes: ['a/'] });
    w.grant({ consumer, prefixes: ['b/'] });
    const sids = shares(w).map(({ Sid }) => Sid);
    expect(sids).toHaveLength(7);
    expect(new Set(sids).size).toBe(7);
  });

  test('another consumer changes one place of a policy', () => {
    const textsOf = (count: number) => {
      const w = world();
      Array.from({ length: count }, (_, i) => w.grant({ consumer: Consumer.roleArn(`arn:aws:iam::444455556666:role/R${i}`) }));
      const deployed = new DeployedApp(w.app);
      return [deployed.bucketPolicy(NAME), deployed.keyPolicy('Producer/Data')].map((document) => JSON.stringify(document));
    };
    const [few, more] = [textsOf(3), textsOf(4)];
    few.forEach((text, at) => expect(more[at].replace(',"arn:aws:iam::444455556666:role/R3"', '')).toBe(text));
  });

  test('a prefix that is known at deployment has the same Sid, whatever else the app makes', () => {
    const sidsAfter = (others: number) => {
      const w = world();
      Array.from({ length: others }, (_, i) => new CfnParameter(w.producer, `Other${i}`).valueAsString);
      w.grant({ consumer: Consumer.account(B.account), prefixes: [`${new CfnParameter(w.producer, 'Prefix').valueAsString}/`] });
      return shares(w).map(({ Sid }) => Sid);
    };
    expect(sidsAfter(1)).toEqual(sidsAfter(3));
  });

  const roles = (count: number) => Array.from({ length: count }, (_, i) => Consumer.roleArn(`arn:aws:iam::444455556666:role/Consumer${i}`));

  test('200 consumers fit', () => {
    const w = world();
    w.grant({ consumers: roles(200) });
    expect(() => w.app.synth()).not.toThrow();
  });

  test.each([
    ['a SecureBucket', () => world()],
    ['a plain bucket', () => world(A, (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME }))],
  ])('600 do not fit into the policy of %s, and the error names the way out', (_, worldOf) => {
    const w = worldOf();
    w.grant({ consumers: roles(600) });
    expect(() => w.app.synth()).toThrow(/Producer\/Data.*the bucket policy takes at least [\d,]+ bytes, and S3 accepts 20,480\..*SharedDatasetAccessPoint/s);
  });

  test('nor do 900 into the policy of a key', () => {
    const w = world();
    w.grant({ consumers: roles(900) });
    expect(() => w.app.synth()).toThrow(/the key policy takes at least [\d,]+ bytes, and KMS accepts 32,768\. .*KeyPolicyScope/);
  });
});

describe('what this app cannot write is handed over', () => {
  test('to a consumer that is not in the app', () => {
    const w = world();
    const grant = w.grant({ consumer: Consumer.roleArn(APP_ROLE) });
    const [output] = Object.values<any>(Template.fromStack(w.producer).toJSON().Outputs);
    expect(output.Description).toBe(`To be added to the policies of ${APP_ROLE}`);
    expect(handedOver(grant).Statement.map(({ Sid }: any) => Sid)).toEqual(['ShareRead', 'ShareDecrypt']);
    expect(grant.consumerPolicy.isEmpty).toBe(false);
  });

  test('nothing where everything is written', () => {
    const w = world();
    const grant = w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B })) });
    expect(Template.fromStack(w.producer).toJSON().Outputs).toBeUndefined();
    expect([grant.dataPolicy.isEmpty, grant.keyPolicy.isEmpty]).toEqual([true, true]);
    expect(warnings(grant)).toEqual([]);
  });

  test('for an imported bucket and its imported key', () => {
    const app = newApp();
    const stack = new Stack(app, 'Producer', { env: A });
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab');
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: NAME, encryptionKey });
    const grant = new CrossAccountGrant(stack, 'Grant', { bucket, consumer: appRole(new Stack(app, 'Consumer', { env: B })), access: DatasetAccess.READ });
    const { Outputs } = Template.fromStack(stack).toJSON();
    expect(Object.keys(Outputs)).toEqual([expect.stringContaining('DataPolicy'), expect.stringContaining('KeyPolicy')]);
    expect(JSON.stringify(Outputs)).toContain('AppRole');
    expect(warnings(grant)).toEqual(['cdk-secure-bucket:handedOverDataPolicy', 'cdk-secure-bucket:handedOverKeyPolicy']);
    expect(stack.resolve(grant.dataPolicy).Statement).toHaveLength(1);
    expect(stack.resolve(grant.keyPolicy).Statement).toHaveLength(1);
  });

  test('an imported role of this account takes its policy', () => {
    const w = world();
    w.grant({ consumer: iam.Role.fromRoleArn(w.producer, 'Imported', 'arn:aws:iam::111122223333:role/Local') });
    const template = Template.fromStack(w.producer);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    expect(template.toJSON().Outputs).toBeUndefined();
  });

  test('a user of another account does not: its policy would be given to somebody of this account with the same name', () => {
    const w = world();
    const grant = w.grant({ consumer: iam.User.fromUserArn(w.producer, 'Imported', 'arn:aws:iam::444455556666:user/bob') });
    Template.fromStack(w.producer).resourceCountIs('AWS::IAM::Policy', 0);
    expect(handedOver(grant).Statement).toHaveLength(2);
  });

  test('a lazy role takes its policy, and its stack comes first', () => {
    const w = world();
    const consumer = new Stack(w.app, 'Consumer', { env: B });
    w.grant({ consumer: new iam.LazyRole(consumer, 'AppRole', { assumedBy: ec2, roleName: 'AppRole' }) });
    expect(w.producer.dependencies).toEqual([consumer]);
    expect(Template.fromStack(w.producer).toJSON().Outputs).toBeUndefined();
  });

  test.each<[string, (w: World) => iam.IGrantable, string]>([
    ['a role whose policies nobody may change', (w) => appRole(new Stack(w.app, 'Consumer', { env: B })).withoutPolicyUpdates(), 'To be added to the policies of Consumer/AppRole/Resource'],
    ["the bucket's own account", () => new iam.AccountRootPrincipal(), 'To be added to the policies of account 111122223333'],
    ['an account by its bare id', () => new iam.ArnPrincipal('444455556666'), 'To be added to the policies of account 444455556666'],
  ])('to %s, and says to whom in plain text: CloudFormation takes nothing else', (_, consumerOf, description) => {
    const w = world();
    w.grant({ consumer: consumerOf(w) });
    expect(Object.values<any>(Template.fromStack(w.producer).toJSON().Outputs).map(({ Description }) => Description)).toEqual([description]);
  });

  test('to more consumers than a stack has outputs for: an error at synthesis', () => {
    const w = world();
    Array.from({ length: 201 }, (_, i) => w.grant({ consumer: Consumer.account(String(444400000000 + i)), principalBinding: PrincipalBinding.ACCOUNT }));
    expect(synthesisErrors(w.producer)).toMatch(/Producer': the stack has 201 outputs, .* and CloudFormation accepts 200.*several stacks/);
  });

  test('a role whose policies nobody may change does not', () => {
    const w = world();
    w.grant({ consumer: iam.Role.fromRoleArn(w.producer, 'Imported', 'arn:aws:iam::111122223333:role/Local', { mutable: false }) });
    expect(Object.keys(Template.fromStack(w.producer).toJSON().Outputs)).toEqual([expect.stringContaining('ConsumerPolicy')]);
  });
});

describe('bad input is refused at construction, and nothing is written', () => {
  const roleIn = (w: World, env?: { account: string; region: string }, roleName?: string) => new iam.Role(new Stack(w.app, 'Consumer', { env }), 'AppRole', { assumedBy: ec2, roleName });

  test.each<[string, () => World, (w: World) => Partial<CrossAccountGrantProps>, RegExp]>([
    ['no consumer', () => world(), () => ({}), /nobody is named/],
    ['neither bucket nor access point', () => world(), () => ({ bucket: undefined, consumer: Consumer.roleArn(APP_ROLE) }), /not clear what is shared/],
    ['a service', () => world(), () => ({ consumer: new iam.ServicePrincipal('lambda.amazonaws.com') }), /no role, user or account/],
    ['everyone', () => world(), () => ({ consumer: new iam.AnyPrincipal() }), /no role, user or account/],
    ['an organization', () => world(), () => ({ consumer: new iam.OrganizationPrincipal('o-exampleorgid') }), /has conditions/],
    ['a consumer with conditions', () => world(), () => ({ consumer: new iam.ArnPrincipal(APP_ROLE).withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }) as any }), /has conditions/],
    ['a role of a stack of any account', () => world(), (w) => ({ consumer: roleIn(w, undefined, 'AppRole') }), /not known whether the consumer 'Consumer\/AppRole\/Resource' is of another account.*Set 'env'/],
    ['a bucket of a stack of any account', () => world({}), () => ({ consumer: Consumer.roleArn(APP_ROLE) }), /the account of 'Producer\/Data' is not known/],
    ['a role without a physical name', () => world(), (w) => ({ consumer: roleIn(w, B) }), /gets its name at deployment.*'roleName'/],
    ['a bucket without a physical name', () => world(A, (scope) => new SecureBucket(scope, 'Data')), () => ({ consumer: Consumer.roleArn(APP_ROLE) }), /gets its name at deployment.*'bucketName'/],
    ['an AWS managed key', () => world(A, (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME, encryption: s3.BucketEncryption.KMS_MANAGED })), () => ({ consumer: Consumer.roleArn(APP_ROLE) }), /AWS managed key, which no other account can use/],
    ['the alias of the AWS managed key', () => world(), (w) => ({ consumer: Consumer.roleArn(APP_ROLE), encryptionKey: kms.Alias.fromAliasName(w.producer, 'Alias', 'alias/aws/s3') }), /AWS managed key/],
    ['a prefix with a leading slash', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), prefixes: ['/in/'] }), /begins with a slash/],
    ['a prefix with a wildcard', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), prefixes: ['in/*'] }), /a wildcard or a policy variable/],
    ['a prefix with a variable', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), prefixes: ['${aws:username}/'] }), /a wildcard or a policy variable/],
    ['a role of another partition', () => world(), () => ({ consumer: Consumer.roleArn('arn:aws-cn:iam::444455556666:role/AppRole') }), /is in partition aws-cn, and the data in aws/],
    ['a role of the app in another partition', () => world(), (w) => ({ consumer: roleIn(w, { ...B, region: 'us-gov-west-1' }, 'AppRole') }), /is in partition aws-us-gov, and the data in aws/],
    ['a session', () => world(), () => ({ consumer: new iam.ArnPrincipal('arn:aws:sts::444455556666:assumed-role/AppRole/session') }), /no role, user or account/],
    ['all roles of an account', () => world(), () => ({ consumer: new iam.ArnPrincipal('arn:aws:iam::444455556666:role/*'), principalBinding: PrincipalBinding.ACCOUNT }), /no role, user or account/],
    ['all accounts', () => world(), () => ({ consumer: new iam.AccountPrincipal('*') }), /no role, user or account/],
    ['a function without its role', () => world(), (w) => ({ consumer: lambda.Function.fromFunctionArn(w.producer, 'Function', 'arn:aws:lambda:eu-west-1:444455556666:function:f') }), /imported without its role/],
    ['a group of another account', () => world(), (w) => ({ consumer: new iam.Group(new Stack(w.app, 'Consumer', { env: B }), 'Group', { groupName: 'team' }) }), /is a group, and the policies of buckets and keys cannot name groups/],
    ['a role whose ARN is known at deployment', () => world(), (w) => ({ consumer: Consumer.roleArn(new CfnParameter(w.producer, 'RoleArn').valueAsString) }), /not known whether the consumer 'a role' is of another account/],
    ['the list of uploads, confined to a prefix', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), access: DatasetAccess.of('s3:ListBucketMultipartUploads'), prefixes: ['in/'] }), /cannot be confined to prefixes/],
    ['a role that must be named, in a stack that is deployed later', () => world(), (w) => {
      const consumer = new Stack(w.app, 'Consumer', { env: B });
      consumer.addDependency(w.producer);
      return { consumer: appRole(consumer), principalBinding: PrincipalBinding.PRINCIPAL };
    }, /cannot name 'Consumer\/AppRole\/Resource': its stack is in another stage, or deployed after it/],
    ['a prefix with characters that IAM refuses', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), prefixes: ['日本/'] }), /has characters that IAM does not accept in policies/],
    ['a prefix that is longer than any key', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), prefixes: [`${'a'.repeat(1024)}/`] }), /is longer than an object key can be/],
    ['an empty prefix', () => world(), () => ({ consumer: Consumer.roleArn(APP_ROLE), prefixes: [''] }), /would share everything/],
  ])('%s', (_, worldOf, propsOf, message) => {
    const w = worldOf();
    const props = propsOf(w);
    expect(() => w.grant(props)).toThrow(message);
    expect(() => w.grant({ consumer: undefined, ...props })).toThrow(/Producer\/Grant2/);
    expect(w.producer.node.children.map(({ node }) => node.id).filter((id) => id.startsWith('Grant'))).toEqual([]);
    const policies = JSON.stringify(Template.fromStack(w.producer).toJSON());
    expect(policies).not.toMatch(/Share(Read|Decrypt)/);
  });

  test.each([
    ['no action', () => DatasetAccess.of(), /no action is named/],
    ['an action on the bucket itself', () => DatasetAccess.of('s3:PutBucketPolicy'), /'s3:PutBucketPolicy' is no action on the data.*s3:GetObject/],
    ['a wildcard', () => DatasetAccess.of('s3:Get*'), /no action on the data/],
    ['a session', () => Consumer.roleArn('arn:aws:sts::444455556666:assumed-role/AppRole/session'), /is not the ARN of a role/],
    ['a wildcard in an ARN', () => Consumer.roleArn('arn:aws:iam::444455556666:role/*'), /is not the ARN of a role/],
    ['an account id that is none', () => Consumer.account('4444'), /no account id/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('a prefix without a slash at its end is a warning', () => {
    const w = world();
    expect(warnings(w.grant({ consumer: Consumer.roleArn(APP_ROLE), prefixes: ['in'] }))).toEqual(['cdk-secure-bucket:prefixWithoutSlash']);
  });
});

describe('plain buckets', () => {
  test.each<[string, (scope: Construct) => s3.Bucket, number]>([
    ['with SSE-S3: there is no key', (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME }), 0],
    ['with a KMS key', (scope) => new s3.Bucket(scope, 'Data', { bucketName: NAME, encryption: s3.BucketEncryption.KMS }), 1],
  ])('%s', async (_, bucketOf, keys) => {
    const w = world(A, bucketOf);
    w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B })) });
    const deployed = new DeployedApp(w.app);
    expect(deployed.deployment.ofType('AWS::KMS::Key')).toHaveLength(keys);
    expect(await s3Allows({ identity: deployed.identity(APP_ROLE), data: deployed.bucketPolicy(NAME) }, call('s3:GetObject'))).toBe(true);
    expect(deployed.identity(APP_ROLE).Statement).toHaveLength(1 + keys);
  });

  test('with DSSE-KMS: there are no bucket keys, so the context is the object', async () => {
    const w = world(A, (scope) => new SecureBucket(scope, 'Data', { ...NAMED, encryption: s3.BucketEncryption.DSSE }));
    w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B })) });
    const deployed = new DeployedApp(w.app);
    const { identity, key } = sidesOf(deployed, deployed.identity(APP_ROLE));
    const use = { roleArn: APP_ROLE, actions: ['kms:Decrypt'], keyArn: deployed.keyArn('Producer/Data'), viaService: VIA_S3 };
    expect(await keyAllows({ identity, key }, { ...use, encryptionContext: `${BUCKET}/a` })).toBe(true);
    expect(await keyAllows({ identity, key }, { ...use, encryptionContext: BUCKET })).toBe(false);
  });
});

test.each([['cn-north-1', 'aws-cn', 's3.cn-north-1.amazonaws.com.cn'], ['us-gov-west-1', 'aws-us-gov', 's3.us-gov-west-1.amazonaws.com']])('in %s', (region, partition, viaService) => {
  const app = newApp();
  const producer = new Stack(app, 'Producer', { env: { ...A, region } });
  const bucket = new SecureBucket(producer, 'Data', NAMED);
  new CrossAccountGrant(producer, 'Grant', { bucket, consumer: appRole(new Stack(app, 'Consumer', { env: { ...B, region } })), access: DatasetAccess.READ });
  const deployed = new DeployedApp(app);
  const identity = deployed.identity(`arn:${partition}:iam::444455556666:role/AppRole`);
  expect(JSON.stringify(identity)).toContain(`"arn:${partition}:s3:::dataset-111122223333-${region}-an/*"`);
  expect(JSON.stringify(identity)).toContain(`"kms:ViaService":"${viaService}"`);
  expect(JSON.stringify(identity)).not.toContain('arn:aws:');
});

test('a generated name is as good as a given one', () => {
  const w = world();
  w.grant({ consumer: appRole(new Stack(w.app, 'Consumer', { env: B }), PhysicalName.GENERATE_IF_NEEDED) });
  expect(() => w.app.synth()).not.toThrow();
});

describe('the checks', () => {
  const findings = (app: App) => judge(new DeployedApp(app).deployment).map(({ rule, problem }) => `${rule.id}: ${problem}`);

  test.each(Object.entries(CONSUMERS))('are silent on %s', (_, consumerOf) => {
    const w = world();
    const { consumer, binding } = consumerOf(w);
    w.grant({ consumer, access: DatasetAccess.READ_WRITE, principalBinding: binding });
    w.grant({ consumer, access: DatasetAccess.READ, prefixes: ['data/'], principalBinding: binding });
    w.grant({ consumer, access: DatasetAccess.READ_WRITE.plus(DatasetAccess.DELETE).withVersions(), principalBinding: binding });
    expect(findings(w.app)).toEqual([]);
  });

  type Template = Record<string, any>;
  const statementsOf = (template: Template, type: string) => {
    const [{ Properties }] = Object.values<any>(template.Resources).filter((resource) => resource.Type === type && JSON.stringify(resource).includes('AppRole'));
    return (Properties.PolicyDocument ?? Properties.KeyPolicy).Statement;
  };
  const remove = (statements: any[], action: string) => statements.splice(statements.findIndex((statement) => [statement.Action].flat().includes(action) && statement.Effect === 'Allow'), 1);
  const find = (statements: any[], action: string) => statements.find((statement) => [statement.Action].flat().includes(action) && statement.Effect === 'Allow');

  test.each<[string, RegExp, (producer: Template, consumer: Template) => void]>([
    ['the bucket does not allow it', /^CrossAccountSides: The role .* may s3:GetObject by its own policies, and the policy of the bucket does not/, (producer) => remove(statementsOf(producer, 'AWS::S3::BucketPolicy'), 's3:GetObject')],
    ['the consumer is not allowed it', /^CrossAccountSides: .*the role's own policies do not/, (_, consumer) => remove(statementsOf(consumer, 'AWS::IAM::Policy'), 's3:GetObject')],
    ['the key does not allow it', /^CrossAccountSides: .*needs kms:Decrypt, and the policy of the key does not/, (producer) => remove(statementsOf(producer, 'AWS::KMS::Key'), 'kms:Decrypt')],
    ['the consumer may not use the key', /^CrossAccountSides: .*needs kms:Decrypt, and the role's own policies do not/, (_, consumer) => remove(statementsOf(consumer, 'AWS::IAM::Policy'), 'kms:Decrypt')],
    ['the bucket is open to everyone', /^PublicAllow/, (producer) => { find(statementsOf(producer, 'AWS::S3::BucketPolicy'), 's3:GetObject').Principal = '*'; }],
    ['the key is open to everyone', /^KeyPolicy/, (producer) => { find(statementsOf(producer, 'AWS::KMS::Key'), 'kms:Decrypt').Principal = '*'; }],
    ['the key is not confined to S3', /^KeyPolicy/, (producer) => { delete find(statementsOf(producer, 'AWS::KMS::Key'), 'kms:Decrypt').Condition.StringEquals; }],
    ['the consumer administers the bucket', /^OverbroadGrant/, (producer) => { find(statementsOf(producer, 'AWS::S3::BucketPolicy'), 's3:GetObject').Action = 's3:*'; }],
  ])('find that %s', (_, message, mutilate) => {
    const w = world();
    const consumer = new Stack(w.app, 'Consumer', { env: B });
    w.grant({ consumer: appRole(consumer) });
    w.app.synth();
    const { deployment } = new DeployedApp(w.app);
    const templates = deployment.stacks.map(({ source }) => ({ ...source, template: structuredClone(source.template) as Template }));
    const named = (name: string) => templates.find((source) => source.name === name)!.template;
    mutilate(named('Producer'), named('Consumer'));
    const { deploymentOf } = jest.requireActual('../../src/template/deployment-of');
    expect(judge(deploymentOf(templates)).map(({ rule, problem }) => `${rule.id}: ${problem}`)).toContainEqual(expect.stringMatching(message));
  });
});

