import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DeployedApp, Document, keyAllows, s3Allows } from './sides';
import { AccessPointDelegation, Consumer, CrossAccountGrant, DatasetAccess, KeyPolicyScope, SecureBucket, SharedDatasetAccessPoint, SharedDatasetAccessPointProps } from '../../src';
import { judge } from '../../src/checks/judge';
import { parsePolicy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { smallestPolicySize } from '../../src/policy/policy-size';
import { iamPrincipal } from '../../src/policy/request';
import { Conditions, EVERY_CALLER } from '../../src/proof/guarantee';
import { keyRequests, prove } from '../../src/proof/prove';
import { deploymentOf } from '../../src/template/deployment-of';
import { warnings } from '../support/apps';

const A = { account: '111122223333', region: 'eu-west-1' };
const B = { account: '444455556666', region: 'eu-west-1' };
const NAME = 'dataset-111122223333-eu-west-1-an';
const BUCKET = `arn:aws:s3:::${NAME}`;
const APP_ROLE = 'arn:aws:iam::444455556666:role/AppRole';
const NAMED: s3.BucketProps = { bucketNamePrefix: 'dataset', bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL };
const OTHER = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/other';
const NOTHING: Document = { Version: '2012-10-17', Statement: [] };

function world(env: { account?: string; region?: string } = A) {
  const app = new App({ analyticsReporting: false });
  const producer = new Stack(app, 'Producer', { env });
  const bucket = new SecureBucket(producer, 'Data', NAMED);
  const accessPoint = (props: Partial<SharedDatasetAccessPointProps> = {}, id = 'Team') => new SharedDatasetAccessPoint(producer, id, { bucket, ...props });
  const consumerStack = (name = 'Consumer') => new Stack(app, name, { env: B });
  return { app, producer, bucket, accessPoint, consumerStack };
}

function appRole(scope: Stack): iam.Role {
  return new iam.Role(scope, 'AppRole', { roleName: 'AppRole', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
}

/** Everything that decides about a request through an access point. */
interface Layers {
  readonly identity: Document;
  readonly accessPoint: Document;
  readonly bucket: Document;
  readonly key: Document;
}

interface Request {
  readonly action: string;
  readonly accessPointArn: string;
  readonly accessPointAccount: string;
  readonly key?: string;
  readonly prefix?: string;
  readonly keyArn: string;
}

/** A request through an access point succeeds if caller and access point allow it, the bucket lets it through, and the key decrypts. */
async function succeeds(layers: Layers, { action, accessPointArn, accessPointAccount, key, prefix, keyArn }: Request): Promise<boolean> {
  const listing: Record<string, string> = prefix === undefined ? {} : { 's3:prefix': prefix };
  const there = key === undefined ? accessPointArn : `${accessPointArn}/object/${key}`;
  const here = key === undefined ? BUCKET : `${BUCKET}/${key}`;
  const origin = { 's3:DataAccessPointAccount': accessPointAccount, 's3:DataAccessPointArn': accessPointArn, 's3:AccessPointNetworkOrigin': 'Internet' };
  const use = { roleArn: APP_ROLE, actions: ['kms:Decrypt'], keyArn, viaService: 's3.eu-west-1.amazonaws.com', encryptionContext: BUCKET };
  return allows(layers.identity, action, there, listing)
    && allows(layers.accessPoint, action, there, listing)
    && allows(layers.bucket, action, here, { ...listing, ...origin })
    && (key === undefined || keyAllows({ identity: layers.identity, key: layers.key }, use));
}

/** What one policy says. The simulator knows no access points, so that the engine of this package decides. */
function allows(document: Document, action: string, resource: string, details: Record<string, string>): boolean {
  const values = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:PrincipalArn': APP_ROLE, ...details };
  const context = new Map(Object.entries(values).map(([name, value]): [string, string[]] => [name.toLowerCase(), [value]]));
  return evaluate(parsePolicy(document), { principal: iamPrincipal(APP_ROLE), action, resource, context }).outcome === 'allowed';
}

describe('a consumer of another account', () => {
  const { app, accessPoint, consumerStack } = world();
  const team = accessPoint({ prefixes: ['team/'] });
  team.grantRead(appRole(consumerStack()));
  const deployed = new DeployedApp(app);
  const layers: Layers = {
    identity: deployed.identity(APP_ROLE),
    accessPoint: deployed.accessPointPolicy(team.accessPointName),
    bucket: deployed.bucketPolicy(NAME),
    key: deployed.keyPolicy('Producer/Data'),
  };
  const request = { accessPointArn: `arn:aws:s3:eu-west-1:111122223333:accesspoint/${team.accessPointName}`, accessPointAccount: A.account, keyArn: deployed.keyArn('Producer/Data') };

  test.each([
    ['reads its prefix', { action: 's3:GetObject', key: 'team/object' }, true],
    ['lists its prefix', { action: 's3:ListBucket', prefix: 'team/' }, true],
    ['does not read beside it', { action: 's3:GetObject', key: 'other/object' }, false],
    ['does not list everything', { action: 's3:ListBucket' }, false],
    ['does not write', { action: 's3:PutObject', key: 'team/object' }, false],
  ])('%s', async (_, wish, expected) => {
    expect(await succeeds(layers, { ...request, ...wish })).toBe(expected);
  });

  test.each(Object.keys(layers) as (keyof Layers)[])('reads nothing without what the %s says', async (layer) => {
    expect(await succeeds({ ...layers, [layer]: NOTHING }, { ...request, action: 's3:GetObject', key: 'team/object' })).toBe(false);
  });

  test('reads nothing from the bucket directly', async () => {
    expect(await s3Allows({ identity: layers.identity, data: layers.bucket }, { roleArn: APP_ROLE, action: 's3:GetObject', resource: `${BUCKET}/team/object`, ownerAccountId: A.account })).toBe(false);
  });
});

describe('an access point of another account', () => {
  const build = (consumerOf: (stack: Stack) => iam.IGrantable) => {
    const { app, producer, bucket, consumerStack } = world();
    const stack = consumerStack('Access');
    const team = new SharedDatasetAccessPoint(stack, 'Team', { bucket, prefixes: ['team/'] });
    team.grantRead(consumerOf(stack));
    return { app, producer, stack, team };
  };

  test('gives to a role of its own account what the key must know of, and the bucket is there first', async () => {
    const { app, producer, stack, team } = build(appRole);
    expect(stack.dependencies).toEqual([producer]);
    expect(producer.dependencies).toEqual([]);
    const deployed = new DeployedApp(app);
    const identity = deployed.identity(APP_ROLE);
    const use = { roleArn: APP_ROLE, actions: ['kms:Decrypt'], keyArn: deployed.keyArn('Producer/Data'), viaService: 's3.eu-west-1.amazonaws.com', encryptionContext: BUCKET };
    expect(await keyAllows({ identity, key: deployed.keyPolicy('Producer/Data') }, use)).toBe(true);
    const arn = `arn:aws:s3:eu-west-1:444455556666:accesspoint/${team.accessPointName}`;
    expect(allows(identity, 's3:GetObject', `${arn}/object/team/a`, {})).toBe(true);
    expect(allows(deployed.bucketPolicy(NAME), 's3:GetObject', `${BUCKET}/team/a`, { 's3:DataAccessPointAccount': B.account, 's3:DataAccessPointArn': arn })).toBe(true);
    expect(allows(deployed.bucketPolicy(NAME), 's3:GetObject', `${BUCKET}/team/a`, { 's3:DataAccessPointAccount': '777788889999' })).toBe(false);
    expect(allows(deployed.bucketPolicy(NAME), 's3:DeleteObject', `${BUCKET}/team/a`, { 's3:DataAccessPointAccount': B.account })).toBe(false);
    expect(judge(deployed.deployment)).toEqual([]);
  });

  test("needs no order between the consumer and the key: the key names the consumer's account", () => {
    const { app, producer, stack } = build((access) => appRole(new Stack(access.node.root as App, 'Consumer', { env: { ...B, account: '777788889999' } })));
    expect(producer.dependencies).toEqual([]);
    expect(stack.dependencies.map(({ node }) => node.id).sort()).toEqual(['Consumer', 'Producer']);
    expect(() => app.synth()).not.toThrow();
  });

  test('cannot be made before the bucket: an error that says what to do', () => {
    const { producer, bucket, consumerStack } = world();
    const stack = consumerStack();
    new CrossAccountGrant(producer, 'Grant', { bucket, consumer: appRole(stack), access: DatasetAccess.READ });
    expect(() => new SharedDatasetAccessPoint(stack, 'Team', { bucket })).toThrow(/Consumer\/Team': the stack of the bucket 'Producer\/Data' is deployed after that of the access point.*PrincipalBinding\.ACCOUNT/);
    expect(stack.node.tryFindChild('Team')).toBeUndefined();
  });
});

describe('a bucket with a network and an organization perimeter', () => {
  const app = new App({ analyticsReporting: false });
  const producer = new Stack(app, 'Producer', { env: A });
  const bucket = new SecureBucket(producer, 'Data', { ...NAMED, network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } });
  const team = new SharedDatasetAccessPoint(producer, 'Team', { bucket, vpcId: 'vpc-0abc123def4567890', delegation: AccessPointDelegation.VPC_ORIGIN });
  team.grantRead(Consumer.roleArn(APP_ROLE));
  const policy = new DeployedApp(app).bucketPolicy(NAME);
  const through = {
    's3:DataAccessPointAccount': A.account,
    's3:AccessPointNetworkOrigin': 'VPC',
    'aws:SourceVpce': 'vpce-0abc123def4567890',
    'aws:PrincipalOrgID': 'o-exampleorgid',
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:PrincipalAccount': B.account,
  };
  const { 'aws:SourceVpce': _, ...outside } = through;

  test.each<[string, Record<string, string>, boolean]>([
    ['lets an access point of a VPC through, by its endpoint', through, true],
    ['not from elsewhere', { ...outside, 'aws:SourceIp': '198.51.100.77' }, false],
    ['not by another endpoint', { ...through, 'aws:SourceVpce': 'vpce-0abc123def4567891' }, false],
    ['not for another organization', { ...through, 'aws:PrincipalOrgID': 'o-another0rg' }, false],
    ['not through an access point of the internet', { ...through, 's3:AccessPointNetworkOrigin': 'Internet' }, false],
    ['not through an access point of another account', { ...through, 's3:DataAccessPointAccount': B.account }, false],
    ['nor directly', { 'aws:SourceVpce': through['aws:SourceVpce'], 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' }, false],
  ])('%s', (__, context, expected) => {
    expect(allows(policy, 's3:GetObject', `${BUCKET}/team/object`, context)).toBe(expected);
  });
});

test('roles of two stacks with one logical id are two consumers', () => {
  const { app, accessPoint } = world();
  const team = accessPoint();
  ['One', 'Two'].forEach((name) => team.grantRead(new iam.Role(new Stack(app, name, { env: A }), 'AppRole', { roleName: name, assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') })));
  const deployed = new DeployedApp(app);
  ['One', 'Two'].forEach((name) => expect(deployed.identity(`arn:aws:iam::111122223333:role/${name}`).Statement).toHaveLength(2));
});

describe('the bucket delegates', () => {
  const delegations = (app: App) => new DeployedApp(app).bucketPolicy(NAME).Statement.filter(({ Sid }) => Sid?.startsWith('Delegate'));

  test('once, however many access points there are, and is no larger for it', () => {
    const sizes = [1, 100].map((count) => {
      const { app, accessPoint } = world();
      Array.from({ length: count }, (_, i) => accessPoint({}, `Team${i}`).grantRead(Consumer.roleArn(`arn:aws:iam::444455556666:role/Team${i}`)));
      expect(delegations(app)).toHaveLength(1);
      const deployed = new DeployedApp(app);
      return [deployed.bucketPolicy(NAME), deployed.keyPolicy('Producer/Data')].map(smallestPolicySize);
    });
    expect(sizes[1]).toEqual(sizes[0]);
  });

  test.each<[string, (team: SharedDatasetAccessPoint) => void, string[]]>([
    ['reading alone at first', () => undefined, []],
    ['reading alone for readers', (team) => team.grantRead(Consumer.roleArn(APP_ROLE)), []],
    ['uploads when somebody may upload, even with policies of its own', (team) => team.grantWrite(Consumer.account(A.account)), ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:ListBucketMultipartUploads']],
    ['deletion when somebody may delete', (team) => team.grant(Consumer.roleArn(APP_ROLE), DatasetAccess.DELETE), ['s3:DeleteObject']],
    ['what a statement allows', (team) => team.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(APP_ROLE)], actions: ['s3:PutObject*', 's3:PutBucketPolicy'], resources: [`${team.accessPointArn}/object/*`] })), ['s3:PutObject', 's3:PutObjectTagging']],
    ['nothing that a statement denies', (team) => team.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: ['*'] })), []],
  ])('%s', (_, ask, more) => {
    const { app, accessPoint } = world();
    ask(accessPoint());
    expect(delegations(app).map(({ Action }) => [...Action].sort())).toEqual([['s3:GetObject', 's3:ListBucket', ...more].sort()]);
  });

  test('to the accounts that own access points', () => {
    const { app, bucket, accessPoint, consumerStack } = world();
    accessPoint();
    new SharedDatasetAccessPoint(consumerStack(), 'Team', { bucket });
    expect(delegations(app).map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [{ AWS: '*' }, { StringEquals: { 's3:DataAccessPointAccount': ['111122223333', '444455556666'] } }],
    ]);
  });

  test.each([
    ['access points of a VPC', AccessPointDelegation.VPC_ORIGIN, { StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC', 's3:DataAccessPointAccount': ['111122223333'] } }],
    ['access points by ARN', AccessPointDelegation.arnPattern('arn:aws:s3:eu-west-1:111122223333:accesspoint/dataset-*'), {
      ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:eu-west-1:111122223333:accesspoint/dataset-*' }, StringEquals: { 's3:DataAccessPointAccount': ['111122223333'] },
    }],
  ])('to %s when asked', (_, delegation, condition) => {
    const { app, accessPoint } = world();
    accessPoint({ delegation, accessPointName: 'dataset-team', vpcId: 'vpc-0abc123def4567890' });
    expect(delegations(app).map(({ Condition }) => Condition)).toEqual([condition]);
  });

  test('what an imported bucket does not is handed over', () => {
    const stack = new Stack(new App(), 'Stack', { env: B });
    const bucket = s3.Bucket.fromBucketName(stack, 'Data', NAME);
    const team = new SharedDatasetAccessPoint(stack, 'Team', { bucket, bucketAccount: A.account });
    expect(warnings(team)).toEqual(['cdk-secure-bucket:handedOverDelegation']);
    const { Outputs, Resources } = Template.fromStack(stack).toJSON();
    expect(JSON.stringify(Outputs)).toContain('s3:DataAccessPointAccount');
    expect(Object.values<any>(Resources)[0].Properties).toMatchObject({ Bucket: NAME, BucketAccountId: A.account });
  });
});

describe('the access point', () => {
  const resource = (stack: Stack) => Object.values<any>(Template.fromStack(stack).findResources('AWS::S3::AccessPoint'))[0].Properties;

  test('blocks all public access', () => {
    const { producer, accessPoint } = world();
    accessPoint();
    expect(resource(producer).PublicAccessBlockConfiguration).toEqual({ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true });
  });

  test('can be bound to a VPC, and gets another name with another VPC: a replacement does not collide', () => {
    const names = ['vpc-0abc123def4567890', 'vpc-0abc123def4567891', undefined].map((vpcId) => {
      const { producer, accessPoint } = world();
      accessPoint({ vpcId });
      expect(resource(producer).VpcConfiguration).toEqual(vpcId && { VpcId: vpcId });
      return resource(producer).Name;
    });
    expect(new Set(names).size).toBe(3);
    names.forEach((name) => expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/));
  });

  test('gets another name with another owner of the bucket, for that is a replacement too', () => {
    const names = [undefined, '777788889999'].map((bucketAccount) => {
      const { producer, accessPoint } = world();
      accessPoint({ bucketAccount });
      return resource(producer).Name;
    });
    expect(new Set(names).size).toBe(2);
  });

  test('keeps its name when only its policy changes', () => {
    const names = [undefined, ['a/'], ['b/']].map((prefixes) => {
      const { producer, accessPoint } = world();
      accessPoint({ prefixes });
      return resource(producer).Name;
    });
    expect(new Set(names).size).toBe(1);
  });

  test('has an ARN and an alias, and can be found again by its ARN', () => {
    const { producer, accessPoint } = world();
    const team = accessPoint({ accessPointName: 'team' });
    expect(producer.resolve(team.accessPointArn)).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:eu-west-1:111122223333:accesspoint/team']] });
    expect(producer.resolve(team.accessPointAlias)).toEqual({ 'Fn::GetAtt': [expect.stringContaining('Team'), 'Alias'] });
    const imported = SharedDatasetAccessPoint.fromAccessPointArn(producer, 'Imported', 'arn:aws:s3:eu-west-1:444455556666:accesspoint/other');
    expect([imported.accessPointName, imported.env.account, imported.env.region]).toEqual(['other', '444455556666', 'eu-west-1']);
  });

  test('of this app gives the same grant once', () => {
    const { accessPoint } = world();
    const team = accessPoint();
    const consumer = Consumer.roleArn(APP_ROLE);
    expect(team.grantRead(consumer)).toBe(team.grantRead(consumer));
    expect(team.grantReadWrite(consumer)).not.toBe(team.grantRead(consumer));
  });

  test('that is imported hands over what to add to its policy', () => {
    const { producer, bucket } = world();
    const imported = SharedDatasetAccessPoint.fromAccessPointAttributes(producer, 'Imported', { accessPointArn: OTHER, bucket });
    const grant = new CrossAccountGrant(producer, 'Grant', { accessPoint: imported, consumer: Consumer.roleArn(APP_ROLE), access: DatasetAccess.READ });
    expect(producer.resolve(grant.dataPolicy).Statement[0].Resource).toEqual([OTHER, `${OTHER}/object/*`]);
    expect(producer.resolve(grant.consumerPolicy).Statement[1].Condition.StringLike['kms:EncryptionContext:aws:s3:arn']).toHaveLength(2);
    expect(warnings(grant)).toEqual(['cdk-secure-bucket:handedOverDataPolicy']);
  });

  test('that is imported without its bucket grants no key, and says so', () => {
    const { producer, bucket } = world();
    const props = { accessPoint: SharedDatasetAccessPoint.fromAccessPointArn(producer, 'Imported', OTHER), consumer: Consumer.roleArn(APP_ROLE), access: DatasetAccess.READ };
    expect(warnings(new CrossAccountGrant(producer, 'Grant', props))).toEqual(['cdk-secure-bucket:handedOverDataPolicy', 'cdk-secure-bucket:unknownKey']);
    expect(() => new CrossAccountGrant(producer, 'GrantWithKey', { ...props, encryptionKey: bucket.encryptionKey })).toThrow(/Producer\/GrantWithKey.*the bucket behind the access point is not known.*fromAccessPointAttributes/);
  });

  test('is never public', () => {
    const { accessPoint } = world();
    const everyone = new iam.PolicyStatement({ sid: 'Open', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'] });
    expect(() => accessPoint().addToResourcePolicy(everyone)).toThrow(/Producer\/Team.*the statement 'Open' would make the access point public/);
  });
});

describe('the key', () => {
  const ORGANIZATION = 'o-exampleorgid';

  test('names accounts, so that it grows with accounts and not with consumers', () => {
    const { app, accessPoint } = world();
    const team = accessPoint();
    ['One', 'Two', 'Three'].forEach((name) => team.grantRead(Consumer.roleArn(`arn:aws:iam::444455556666:role/${name}`)));
    const share = new DeployedApp(app).keyPolicy('Producer/Data').Statement.filter(({ Sid }) => Sid?.startsWith('Share'));
    expect(share.map(({ Principal }) => Principal)).toEqual([{ AWS: 'arn:aws:iam::444455556666:root' }]);
  });

  test('can name an organization: 1,000 accounts are one statement, and nobody else decrypts', () => {
    const { app, accessPoint } = world();
    const team = accessPoint({ keyPolicyScope: KeyPolicyScope.organization(ORGANIZATION) });
    Array.from({ length: 100 }, (_, i) => team.grantRead(Consumer.account(String(444400000000 + i)))); // what the key says is the same for all
    const deployed = new DeployedApp(app);
    const policy = deployed.keyPolicy('Producer/Data');
    expect(policy.Statement).toHaveLength(2);
    const arn = deployed.keyArn('Producer/Data');
    const facts = { arn, objects: arn, account: A.account, partition: 'aws' };
    const nobody = (sentence: string, condition: Conditions) => prove(parsePolicy(policy), {
      sentence,
      needsAllow: EVERY_CALLER,
      breaches: [{ Action: 'kms:Decrypt', Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:*:*::${A.account}:*` }, ...condition } }],
    }, facts, keyRequests).verdict;
    expect(nobody('Nobody outside the organization decrypts.', { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } })).toBe('holds');
    expect(nobody('Nobody decrypts but through S3.', { StringNotEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } })).toBe('holds');
    expect(nobody('Nobody decrypts data of another bucket.', { StringNotLike: { 'kms:EncryptionContext:aws:s3:arn': [BUCKET, `${BUCKET}/*`] } })).toBe('holds');
    expect(nobody('Nobody of the organization decrypts.', {})).toBe('broken'); // the proofs above look at something
  });
});

describe('bad input', () => {
  const vpcOf = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0abc123def4567890', availabilityZones: ['x'], region: 'us-east-1' });

  test.each<[string, (producer: Stack) => Partial<SharedDatasetAccessPointProps>, RegExp]>([
    ['a name in capitals', () => ({ accessPointName: 'Team' }), /'Team' is no name for an access point/],
    ['a short name', () => ({ accessPointName: 'ab' }), /no name for an access point/],
    ['a long name', () => ({ accessPointName: 'a'.repeat(51) }), /no name for an access point/],
    ['a name that ends with a hyphen', () => ({ accessPointName: 'team-' }), /no name for an access point/],
    ['a reserved name', () => ({ accessPointName: 'team-s3alias' }), /as S3 reserves it/],
    ['a malformed VPC id', () => ({ vpcId: 'vpc-1' }), /'vpc-1' is not a VPC id/],
    ['a VPC of another Region', (producer) => ({ vpc: vpcOf(producer) }), /its VPC is in us-east-1, and the access point in eu-west-1/],
    ['two VPCs', (producer) => ({ vpc: ec2.Vpc.fromVpcAttributes(producer, 'Vpc', { vpcId: 'vpc-0abc123def4567890', availabilityZones: ['x'] }), vpcId: 'vpc-0abc123def4567891' }), /'vpc' and 'vpcId' name two/],
    ['a delegation to access points of VPCs, without a VPC', () => ({ delegation: AccessPointDelegation.VPC_ORIGIN }), /access points of VPCs only, and this one has none/],
    ['a delegation to access points of another name', () => ({ accessPointName: 'team', delegation: AccessPointDelegation.arnPattern('arn:aws:s3:eu-west-1:111122223333:accesspoint/dataset-*') }), /accesspoint\/dataset-\* only, and this one is .*accesspoint\/team/],
    ['a delegation to access points of another account', () => ({ delegation: AccessPointDelegation.arnPattern('arn:aws:s3:*:444455556666:accesspoint/*') }), /only, and this one is/],
    ['a malformed account', () => ({ bucketAccount: '1' }), /not an AWS account id/],
    ['an empty account', () => ({ bucketAccount: '' }), /'bucketAccount': '' is not an AWS account id/],
    ['a prefix with a slash in front', () => ({ prefixes: ['/team'] }), /begins with a slash/],
  ])('%s', (_, propsOf, message) => {
    const { producer, accessPoint } = world();
    expect(() => accessPoint(propsOf(producer))).toThrow(message);
    expect(JSON.stringify(Template.fromStack(producer).toJSON())).not.toContain('DelegateToAccessPoints');
    expect(producer.node.tryFindChild('Team')).toBeUndefined();
  });

  test('a bucket of another Region', () => {
    const { app, bucket } = world();
    expect(() => new SharedDatasetAccessPoint(new Stack(app, 'Other', { env: { ...A, region: 'us-east-1' } }), 'Team', { bucket })).toThrow(/its bucket is in eu-west-1, and the access point in us-east-1/);
  });

  test('a bucket of another account without a name', () => {
    const app = new App();
    const bucket = new SecureBucket(new Stack(app, 'Producer', { env: A }), 'Data');
    expect(() => new SharedDatasetAccessPoint(new Stack(app, 'Other', { env: B }), 'Team', { bucket })).toThrow(/gets its name at deployment/);
  });

  test('a bucket of another stage without a name', () => {
    const app = new App();
    const bucket = new SecureBucket(new Stack(app, 'Producer', { env: A }), 'Data');
    expect(() => new SharedDatasetAccessPoint(new Stack(new Stage(app, 'Prod', { env: A }), 'Other'), 'Team', { bucket })).toThrow(/in another account or stage, and gets its name at deployment/);
  });

  test('a consumer of another account, where the key could only refer to the bucket which refers to it', () => {
    const stack = new Stack(new App(), 'Producer', { env: A });
    const team = new SharedDatasetAccessPoint(stack, 'Team', { bucket: new SecureBucket(stack, 'Data') });
    expect(() => team.grantRead(Consumer.roleArn(APP_ROLE))).toThrow(/policies that share the bucket 'Producer\/Data'.*cannot name it/);
  });

  test('a refused grant is refused again', () => {
    const { accessPoint } = world();
    const team = accessPoint();
    [1, 2].forEach(() => expect(() => team.grantRead(Consumer.roleArn(APP_ROLE), '/team/')).toThrow(/begins with a slash/));
  });

  test('a role without a physical name', () => {
    const { accessPoint, consumerStack } = world();
    const role = new iam.Role(consumerStack(), 'AppRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    expect(() => accessPoint().grantRead(role)).toThrow(/cannot name 'Consumer\/AppRole\/Resource'.*'roleName'/);
  });

  test('a grant outside of its prefixes, whoever makes it', () => {
    const { producer, accessPoint } = world();
    const team = accessPoint({ prefixes: ['team/'] });
    expect(() => new CrossAccountGrant(producer, 'Grant', { accessPoint: team, consumer: Consumer.roleArn(APP_ROLE), access: DatasetAccess.READ, prefixes: ['other/'] }))
      .toThrow(/Producer\/Grant': the prefix 'other\/' is outside of what the access point is for: team\//);
    const grant = new CrossAccountGrant(producer, 'Grant', { accessPoint: team, consumer: Consumer.roleArn(APP_ROLE), access: DatasetAccess.READ });
    expect(producer.resolve(grant.consumerPolicy).Statement[0].Resource['Fn::Join'][1].at(-1)).toMatch(/\/object\/team\/\*$/);
  });

  test('a grant by its method outside of its prefixes', () => {
    const { accessPoint } = world();
    expect(() => accessPoint({ prefixes: ['team/'] }).grantRead(Consumer.roleArn(APP_ROLE), 'other/')).toThrow(/the prefix 'other\/' is outside of what the access point is for: team\//);
  });

  test.each([
    ['an ARN of something else', () => SharedDatasetAccessPoint.fromAccessPointArn(new Stack(), 'Imported', 'arn:aws:s3:::bucket'), /no ARN of an access point/],
    ['an ARN of objects behind one', () => SharedDatasetAccessPoint.fromAccessPointArn(new Stack(), 'Imported', `${OTHER}/object/*`), /no ARN of an access point/],
    ['an ARN of all', () => SharedDatasetAccessPoint.fromAccessPointArn(new Stack(), 'Imported', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/*'), /no ARN of an access point/],
    ['a delegation to everybody', () => AccessPointDelegation.arnPattern('arn:aws:s3:*:*:accesspoint/*'), /no pattern for access points of one account/],
    ['no organization', () => KeyPolicyScope.organization(), /no organization is named/],
    ['a malformed organization', () => KeyPolicyScope.organization('exampleorg'), /is not an organization id/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the checks', () => {
  const lines = (deployment: any) => judge(deployment).map(({ rule, problem }) => `${rule.id}: ${problem}`);
  const build = (props: Partial<SharedDatasetAccessPointProps> = {}) => {
    const { app, accessPoint, consumerStack } = world();
    accessPoint({ prefixes: ['team/'], ...props }).grantReadWrite(appRole(consumerStack()));
    return new DeployedApp(app).deployment;
  };

  test.each([
    ['a bare one', {}],
    ['one for a VPC', { vpcId: 'vpc-0abc123def4567890', delegation: AccessPointDelegation.VPC_ORIGIN }],
    ['one with a key for an organization', { keyPolicyScope: KeyPolicyScope.organization('o-exampleorgid') }],
    ['one with a key for consumers', { keyPolicyScope: KeyPolicyScope.CONSUMERS }],
  ])('are silent on %s', (_, props) => {
    expect(lines(build(props))).toEqual([]);
  });

  const only = (template: any, type: string, text: string) =>
    Object.values<any>(template.Resources).find((resource) => resource.Type === type && JSON.stringify(resource).includes(text)).Properties;

  const delegation = (producer: any) => only(producer, 'AWS::S3::BucketPolicy', 'Delegate').PolicyDocument.Statement.find(({ Sid }: any) => Sid === 'DelegateToAccessPoints');

  test.each<[string, RegExp, (producer: any, consumer: any) => void]>([
    ['a bucket that does not delegate', /^CrossAccountSides: The access point .* allows the role .* s3:GetObject, and the policy of the bucket lets nothing through/, (producer) => {
      const document = only(producer, 'AWS::S3::BucketPolicy', 'Delegate').PolicyDocument;
      document.Statement = document.Statement.filter(({ Sid }: any) => Sid !== 'DelegateToAccessPoints');
    }],
    ['a bucket that delegates to another account', /^CrossAccountSides: The access point/, (producer) => {
      delegation(producer).Condition.StringEquals['s3:DataAccessPointAccount'] = '777788889999';
    }],
    ['a bucket that delegates to every account', /^AccessPointDelegation/, (producer) => {
      delegation(producer).Condition = { StringLike: { 's3:DataAccessPointAccount': '*' } };
    }],
    ['an access point that does not allow it', /^CrossAccountSides: The role .* may s3:GetObject by its own policies, and the policy of the access point does not/, (producer) => {
      only(producer, 'AWS::S3::AccessPoint', 'AppRole').Policy.Statement.splice(0, 1);
    }],
    ['an access point for everyone', /^PublicAllow/, (producer) => {
      only(producer, 'AWS::S3::AccessPoint', 'AppRole').Policy.Statement[0].Principal = '*';
    }],
    ['an access point with public access', /^BlockPublicAccess/, (producer) => {
      only(producer, 'AWS::S3::AccessPoint', 'AppRole').PublicAccessBlockConfiguration.BlockPublicPolicy = false;
    }],
    ['a consumer without permissions', /^CrossAccountSides: The policy of access point .* allows the role s3:GetObject, and the role's own policies do not/, (_, consumer) => {
      only(consumer, 'AWS::IAM::Policy', 'accesspoint').PolicyDocument.Statement.splice(0, 1);
    }],
    ['a key that does not know the account', /^CrossAccountSides: .*needs kms:Decrypt, and the policy of the key does not/, (producer) => {
      only(producer, 'AWS::KMS::Key', 'Share').KeyPolicy.Statement.splice(1, 1);
    }],
    ['a key for any use', /^KeyPolicy/, (producer) => {
      delete only(producer, 'AWS::KMS::Key', 'Share').KeyPolicy.Statement[1].Condition;
    }],
  ])('find %s', (_, message, mutilate) => {
    const templates = build().stacks.map(({ source }) => ({ ...source, template: structuredClone(source.template) as any }));
    mutilate(templates.find(({ name }) => name === 'Producer')!.template, templates.find(({ name }) => name === 'Consumer')!.template);
    expect(lines(deploymentOf(templates))).toContainEqual(expect.stringMatching(message));
  });
});

test.each<[string, (accessPoint: SharedDatasetAccessPoint) => unknown]>([
  ['to whom access is granted is not a role, a user, a function or a Consumer', (accessPoint) => accessPoint.grantRead('AppRole' as any)],
  ['to whom access is granted is not a role, a user, a function or a Consumer', (accessPoint) => accessPoint.grantWrite(undefined as any)],
  ['what is granted is not a DatasetAccess', (accessPoint) => accessPoint.grant(Consumer.account(B.account), 'read' as any)],
])('a grant to what is no consumer, or of what is no access: %s', (message, grant) => {
  const { bucket, producer } = world();
  expect(() => grant(new SharedDatasetAccessPoint(producer, 'Shared', { bucket }))).toThrow(message);
});
