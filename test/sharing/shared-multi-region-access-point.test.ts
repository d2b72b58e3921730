import { App, CfnParameter, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  Consumer, CrossAccountGrant, DatasetAccess, FailoverGrant, SecureBucket, SharedMultiRegionAccessPoint, SharedMultiRegionAccessPointProps,
} from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { synthesisErrors, warnings } from '../support/apps';
import { ALIAS, Change, deciding, MULTI_REGION_ARN, multiRegionWorld, OWNER, PARTNER, roleIn } from '../support/multi-region';

/** Takes statements away. */
const without = (type: string, sid: RegExp, stackName: string): Change => (resources, name) => Object.values(resources)
  .filter(({ Type }) => Type === type && name === stackName)
  .forEach(({ Properties }) => {
    const document = Properties.PolicyDocument ?? Properties.KeyPolicy ?? Properties.Policy;
    document.Statement = document.Statement.filter((statement: any) => !sid.test(statement.Sid ?? statement.Action));
  });

describe('a consumer of another account', () => {
  const { app, stackIn, make } = multiRegionWorld();
  const accessPoint = make();
  accessPoint.grants.read(roleIn(stackIn('Consumer', PARTNER, 'eu-west-1'), 'Reader'), { prefixes: ['data/'] });
  const READER = `arn:aws:iam::${PARTNER}:role/Reader`;
  const decide = deciding(app, accessPoint);

  test.each<[string, string, string, Record<string, string>, string]>([
    ['reads its prefix', 's3:GetObject', '/object/data/a', {}, 'allowed'],
    ['lists its prefix', 's3:ListBucket', '', { 's3:prefix': 'data/' }, 'allowed'],
    ['does not read beside it', 's3:GetObject', '/object/other/a', {}, 'denied'],
    ['does not list everything', 's3:ListBucket', '', {}, 'denied'],
    ['does not upload', 's3:PutObject', '/object/data/a', {}, 'denied'],
    ['signs with Version 4A', 's3:GetObject', '/object/data/a', { 's3:signatureversion': 'AWS4-HMAC-SHA256' }, 'denied'],
  ])('%s', (_, action, resource, context, expected) => {
    expect(decide(READER, action, resource, context)).toBe(expected);
  });

  test.each<[string, Change, string]>([
    ['the access point', without('AWS::S3::MultiRegionAccessPointPolicy', /Share/, 'Dublin'), 'denied'],
    ['one bucket', without('AWS::S3::BucketPolicy', /Delegate/, 'Virginia'), 'not-decided'],
    ['the other bucket', without('AWS::S3::BucketPolicy', /Delegate/, 'Dublin'), 'not-decided'],
    ['the key of one bucket', without('AWS::KMS::Key', /Share/, 'Virginia'), 'not-decided'],
    ['the key of the other bucket', without('AWS::KMS::Key', /Share/, 'Dublin'), 'not-decided'],
    ['its own account', without('AWS::IAM::Policy', /s3:GetObject/, 'Consumer'), 'denied'],
  ])('needs what %s says', (_, change, expected) => {
    expect(deciding(app, accessPoint, change)(READER, 's3:GetObject', '/object/data/a')).toBe(expected);
  });

  test('is all that the app allows: the rules find only that the buckets do not replicate', () => {
    app.synth();
    expect(judge(deploymentOf(synthesizedTemplates(app))).map(({ rule }) => rule.id)).toEqual(['MultiRegionReplication']);
  });
});

describe('consumers of the same account', () => {
  const { app, dublin, stackIn, make } = multiRegionWorld();
  const accessPoint = make();
  const beside = stackIn('Beside', OWNER, 'eu-west-1');
  const far = stackIn('Far', OWNER, 'us-east-1');
  const nameless = new iam.Role(far, 'Nameless', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  [roleIn(dublin, 'Here'), roleIn(beside, 'Beside'), roleIn(far, 'Far')].forEach((role) => accessPoint.grants.readWrite(role, { prefixes: ['data/'] }));
  const handedOver = accessPoint.grants.read(nameless);
  const operator = accessPoint.grants.failover(roleIn(far, 'Operator'));
  const decide = deciding(app, accessPoint);

  test.each(['Here', 'Beside', 'Far'])('%s: reads and uploads what it is granted, and nothing else', (name) => {
    const role = `arn:aws:iam::${OWNER}:role/${name}`;
    expect([
      decide(role, 's3:GetObject', '/object/data/a'), decide(role, 's3:PutObject', '/object/data/a'), decide(role, 's3:GetObject', '/object/other/a'), decide(role, 's3:DeleteObject', '/object/data/a'),
    ]).toEqual(['allowed', 'allowed', 'denied', 'denied']);
  });

  test('one that is named twice gets one policy', () => {
    const { dublin: here, virginia, make: makeHere } = multiRegionWorld();
    const reader = roleIn(virginia, 'Reader');
    const grant = new CrossAccountGrant(here, 'Grant', { multiRegionAccessPoint: makeHere(), consumers: [reader, reader], access: DatasetAccess.READ });
    expect(grant.node.children.map(({ node }) => node.id)).toEqual([expect.stringMatching(/^Policy/)]);
  });

  test('no stack waits in a circle', () => {
    expect(beside.dependencies).toEqual([dublin]); // it refers to the access point
    expect(far.dependencies).toEqual([]);
    expect(dublin.dependencies).toEqual(expect.arrayContaining([far])); // its policy is attached from here
  });

  test('a role of another Region without a name is left to others, with a warning and what to add', () => {
    expect(warnings(handedOver)).toEqual(['cdk-secure-bucket:consumerNotReached']);
    const outputs = Object.entries<any>(Template.fromStack(dublin).toJSON().Outputs).filter(([id]) => id.includes('ConsumerPolicy'));
    expect(outputs).toHaveLength(1);
    expect(outputs[0][1].Description).toContain('Far/Nameless');
    expect(Object.keys(Template.fromStack(far).findResources('AWS::IAM::Policy'))).toEqual([]);
  });

  test('a role whose stack is deployed after that of the access point is left to others, too', () => {
    const { dublin: here, stackIn: another, make: makeHere } = multiRegionWorld();
    const late = another('Late', OWNER, 'us-east-1');
    late.addDependency(here);
    const { grants } = makeHere();
    const role = roleIn(late, 'Reader');
    expect([grants.read(role), grants.failover(role)].map(warnings)).toEqual([['cdk-secure-bucket:consumerNotReached'], ['cdk-secure-bucket:consumerNotReached']]);
    expect(synthesisErrors(here)).toBe('');
  });

  test('who may fail over has these two actions on this access point, and no data', () => {
    const statements = Object.values<any>(Template.fromStack(dublin).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => (Properties.Roles.includes('Operator') ? Properties.PolicyDocument.Statement : []));
    expect(statements).toEqual([{ Effect: 'Allow', Action: ['s3:GetMultiRegionAccessPointRoutes', 's3:SubmitMultiRegionAccessPointRoutes'], Resource: dublin.resolve(accessPoint.multiRegionAccessPointArn) }]);
    expect(warnings(operator)).toEqual([]);
    expect(decide(`arn:aws:iam::${OWNER}:role/Operator`, 's3:GetObject', '/object/data/a')).toBe('denied');
  });
});

describe('a bucket of another account', () => {
  const { app, dublin, stackIn, make } = multiRegionWorld(PARTNER);
  const accessPoint = make();
  accessPoint.grants.read(roleIn(dublin, 'Reader'));
  accessPoint.grants.read(roleIn(stackIn('Consumer', '777788889999', 'eu-west-1'), 'Partner'));
  const decide = deciding(app, accessPoint);

  test.each([[OWNER, 'Reader'], ['777788889999', 'Partner']])('lets in those of account %s whom the access point lets in, and its key decrypts for them', (account, name) => {
    expect([decide(`arn:aws:iam::${account}:role/${name}`, 's3:GetObject', '/object/a'), decide(`arn:aws:iam::${account}:role/${name}`, 's3:PutObject', '/object/a')]).toEqual(['allowed', 'denied']);
  });

  test.each([['the bucket', 'AWS::S3::BucketPolicy', /Delegate/], ['its key', 'AWS::KMS::Key', /Share/]])('needs what %s says', (_, type, sid) => {
    expect(deciding(app, accessPoint, without(type, sid, 'Ohio'))(`arn:aws:iam::${OWNER}:role/Reader`, 's3:GetObject', '/object/a')).toBe('not-decided');
  });

  test('is named with its account, for S3 would look for it in this one', () => {
    const [{ Properties: { Regions } }] = Object.values<any>(Template.fromStack(dublin).findResources('AWS::S3::MultiRegionAccessPoint'));
    expect(Regions).toEqual([{ Bucket: { Ref: expect.any(String) } }, { Bucket: 'virginia' }, { Bucket: 'ohio', BucketAccountId: PARTNER }]);
  });
});

describe('the access point', () => {
  const resource = (stack: Stack) => Object.values<any>(Template.fromStack(stack).findResources('AWS::S3::MultiRegionAccessPoint'))[0].Properties;

  test('blocks all public access, and has no policy before somebody of another account is let in', () => {
    const { dublin, make } = multiRegionWorld();
    make().grants.read(roleIn(dublin, 'Reader'));
    expect(resource(dublin).PublicAccessBlockConfiguration).toEqual({ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true });
    Template.fromStack(dublin).resourceCountIs('AWS::S3::MultiRegionAccessPointPolicy', 0);
  });

  test('gets another name with other buckets, or another owner of one, and none with another policy: a replacement does not collide', () => {
    const names = [() => multiRegionWorld(), () => multiRegionWorld(PARTNER), () => multiRegionWorld(OWNER)].map((make) => {
      const { dublin, make: makeIn } = make();
      makeIn();
      return resource(dublin).Name;
    });
    const { dublin, make } = multiRegionWorld();
    make({ prefixes: ['a/'] }).grants.read(Consumer.account(PARTNER));
    expect([new Set(names).size, resource(dublin).Name]).toEqual([3, names[0]]);
    names.forEach((name) => expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/));
  });

  test('has an ARN of its alias, and can be found again by it', () => {
    const { dublin, make } = multiRegionWorld();
    expect(dublin.resolve(make().multiRegionAccessPointArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3::${OWNER}:accesspoint/`, { 'Fn::GetAtt': [expect.stringContaining('Global'), 'Alias'] }]],
    });
    const imported = SharedMultiRegionAccessPoint.fromMultiRegionAccessPointArn(dublin, 'Imported', MULTI_REGION_ARN);
    expect([imported.multiRegionAccessPointAlias, imported.env.account, imported.buckets]).toEqual([ALIAS, OWNER, undefined]);
  });

  test('gives the same grant once', () => {
    const { make } = multiRegionWorld();
    const { grants } = make();
    const consumer = Consumer.account(PARTNER);
    expect(grants.read(consumer)).toBe(grants.read(consumer));
    expect(grants.write(consumer)).not.toBe(grants.read(consumer));
    expect(grants.read(consumer, { prefixes: ['a/'] })).not.toBe(grants.read(consumer));
  });

  test('that is imported hands over what to add to its policy, and to those of consumers and keys', () => {
    const { dublin, buckets } = multiRegionWorld();
    const imported = SharedMultiRegionAccessPoint.fromMultiRegionAccessPointAttributes(dublin, 'Imported', { multiRegionAccessPointArn: MULTI_REGION_ARN, buckets });
    const grant = imported.grants.read(Consumer.roleArn(`arn:aws:iam::${PARTNER}:role/Reader`));
    expect(dublin.resolve(grant.dataPolicy).Statement[0].Resource).toEqual([MULTI_REGION_ARN, `${MULTI_REGION_ARN}/object/*`]);
    expect(dublin.resolve(grant.consumerPolicy).Statement.map(({ Sid }: any) => Sid)).toEqual(['ShareRead', 'ShareDecrypt', 'ShareDecrypt2']);
    expect(warnings(grant)).toEqual(['cdk-secure-bucket:handedOverDataPolicy']);
    expect(warnings(SharedMultiRegionAccessPoint.fromMultiRegionAccessPointArn(dublin, 'Bare', MULTI_REGION_ARN).grants.read(Consumer.account(PARTNER)))).toEqual(['cdk-secure-bucket:handedOverDataPolicy', 'cdk-secure-bucket:unknownKey']);
  });

  test('with imported buckets hands over the delegation of each, and what each key must say', () => {
    const { dublin } = multiRegionWorld();
    const imported = (id: string, region: string) => s3.Bucket.fromBucketAttributes(dublin, id, {
      bucketName: `imported-${region}`, region, encryptionKey: kms.Key.fromKeyArn(dublin, `${id}Key`, `arn:aws:kms:${region}:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`),
    });
    const accessPoint = new SharedMultiRegionAccessPoint(dublin, 'Global', { buckets: [imported('One', 'eu-west-2'), imported('Two', 'eu-west-3')] });
    expect(warnings(accessPoint)).toEqual(['cdk-secure-bucket:handedOverDelegation', 'cdk-secure-bucket:handedOverDelegation']);
    const grant = accessPoint.grants.read(Consumer.account(PARTNER));
    expect(warnings(grant)).toEqual(['cdk-secure-bucket:handedOverKeyPolicy', 'cdk-secure-bucket:handedOverKeyPolicy']);
    const outputs = Object.keys(Template.fromStack(dublin).toJSON().Outputs);
    expect(outputs.filter((id) => /BucketPolicy/.test(id))).toHaveLength(2);
    expect(outputs.filter((id) => /KeyPolicy/.test(id))).toHaveLength(2);
  });

  test('is never public', () => {
    const everyone = new iam.PolicyStatement({ sid: 'Open', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'] });
    expect(() => multiRegionWorld().make().addToResourcePolicy(everyone)).toThrow(/Dublin\/Global.*the statement 'Open' would make the access point public/);
  });

  test.each<[string, (accessPoint: SharedMultiRegionAccessPoint) => void, RegExp]>([
    ['its Block Public Access', ({ node }) => (node.defaultChild as s3.CfnMultiRegionAccessPoint).addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicPolicy', false), /weakens 'PublicAccessBlockConfiguration'/],
    ['its buckets', ({ node }) => (node.defaultChild as s3.CfnMultiRegionAccessPoint).addPropertyOverride('Regions.1.Bucket', 'other'), /weakens 'Regions'/],
    ['its policy', ({ node }) => (node.findChild('Policy') as s3.CfnMultiRegionAccessPointPolicy).addPropertyOverride('Policy.Statement.0.Principal', '*'), /would make the access point public/],
    ['whose policy it is', ({ node }) => (node.findChild('Policy') as s3.CfnMultiRegionAccessPointPolicy).addPropertyOverride('MrapName', 'other'), /weakens 'MrapName'/],
    ['its type', ({ node }) => (node.defaultChild as s3.CfnMultiRegionAccessPoint).addOverride('Type', 'AWS::S3::AccessPoint'), /of type 'AWS::S3::AccessPoint'/],
    ['what a grant says', ({ node }) => (node.findChild('Policy') as s3.CfnMultiRegionAccessPointPolicy).addPropertyOverride('Policy.Statement.0.Action', 's3:*'), /'ShareRead' of CrossAccountGrant is missing from the synthesized policy of the multi-Region access point, or was changed/],
    ['what a bucket delegates', ({ buckets: [bucket] = [] }) => (bucket.policy!.node.defaultChild as s3.CfnBucketPolicy).addPropertyOverride('PolicyDocument.Statement', []), /'DelegateToAccessPoints' of SharedMultiRegionAccessPoint is missing/],
  ])('fails synthesis when an override changes %s', (_, change, message) => {
    const { dublin, make } = multiRegionWorld();
    const accessPoint = make();
    accessPoint.grants.read(Consumer.account(PARTNER));
    change(accessPoint);
    expect(synthesisErrors(dublin)).toMatch(message);
  });

  test('is made in a stage of its own, of buckets with names, without waiting for their stage', () => {
    const { app, buckets } = multiRegionWorld();
    const stack = new Stack(new Stage(app, 'Prod'), 'Access', { env: { account: OWNER, region: 'eu-west-1' } });
    new SharedMultiRegionAccessPoint(stack, 'Global', { buckets }).grants.read(Consumer.account(PARTNER));
    expect(() => app.synth()).not.toThrow();
    expect(stack.dependencies).toEqual([]);
  });

  test('may have a name that is known at deployment', () => {
    const { dublin, make } = multiRegionWorld();
    make({ multiRegionAccessPointName: new CfnParameter(dublin, 'Name').valueAsString });
    expect(synthesisErrors(dublin)).toBe('');
    expect(resource(dublin).Name).toEqual({ Ref: 'Name' });
  });

  test('names late what was promised early', () => {
    const { dublin, make } = multiRegionWorld();
    make({ multiRegionAccessPointName: Lazy.string({ produce: () => 'Not-A-Name' }) });
    expect(synthesisErrors(dublin)).toMatch(/'multiRegionAccessPointName': 'Not-A-Name' is no name for an access point/);
  });
});

describe('bad input', () => {
  const { app, dublin, buckets, make } = multiRegionWorld();
  const and = (region: string | undefined, bucketName?: string) => [
    ...buckets, new s3.Bucket(new Stack(app, `More${app.node.children.length}`, { env: { account: OWNER, region } }), 'Data', { bucketName }),
  ];

  test.each<[string, Partial<SharedMultiRegionAccessPointProps>, RegExp]>([
    ['a name in capitals', { multiRegionAccessPointName: 'Global' }, /'Global' is no name for an access point/],
    ['a short name', { multiRegionAccessPointName: 'ab' }, /no name for an access point/],
    ['a long name', { multiRegionAccessPointName: 'a'.repeat(51) }, /no name for an access point/],
    ['a name with a period', { multiRegionAccessPointName: 'a.b' }, /no name for an access point/],
    ['no bucket', { buckets: [] }, /'buckets' is empty/],
    ['what is no bucket', { buckets: ['dublin'] as any }, /'buckets.*bucket/],
    ['two buckets of a Region', { buckets: and('us-east-1', 'again') }, /'Virginia\/Data' and 'More\d+\/Data' are in us-east-1/],
    ['the same bucket twice', { buckets: [...buckets, buckets[1]] }, /are in us-east-1/],
    ['a bucket without a name', { buckets: and('us-east-2') }, /the bucket 'More\d+\/Data' is of another stack, and gets its name at deployment.*bucketNamePrefix/],
    ['a bucket whose Region is not known', { buckets: and(undefined, 'somewhere') }, /the Region of the bucket 'More\d+\/Data' is not known.*'env'/],
    ['an opt-in Region', { buckets: and('eu-south-1', 'milan') }, /'More\d+\/Data' is in eu-south-1, which accounts have to enable: AWS supports such Regions .* by SDKs and the AWS CLI only/],
    ['a Region of another partition', { buckets: and('us-gov-west-1', 'gov') }, /is in us-gov-west-1, of partition aws-us-gov, which has no multi-Region access points/],
    ['a prefix with a slash in front', { prefixes: ['/team'] }, /begins with a slash/],
  ])('%s', (_, props, message) => {
    expect(() => make(props)).toThrow(message);
    expect(dublin.node.tryFindChild('Global')).toBeUndefined();
  });

  test.each(['cn-north-1', 'us-gov-west-1'])('a stack in %s', (region) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: OWNER, region } });
    expect(() => new SharedMultiRegionAccessPoint(stack, 'Global', { buckets: [new SecureBucket(stack, 'Data', { bucketName: 'data' })] })).toThrow(/'Stack\/Global': .*no multi-Region access points in partition aws-(?:cn|us-gov)/s);
  });

  test('a stack that is deployed before that of a bucket', () => {
    const made = multiRegionWorld();
    made.virginia.addDependency(made.dublin);
    expect(() => made.make()).toThrow(/the stack of the bucket 'Virginia\/Data' is deployed after that of the access point/);
  });

  const { make: makeSound } = multiRegionWorld();
  const accessPoint = makeSound({ prefixes: ['team/'] });
  const elsewhere = new Stack(accessPoint.node.root as App, 'Elsewhere', { env: { account: OWNER, region: 'us-east-1' } });

  test.each<[string, (sound: SharedMultiRegionAccessPoint) => unknown, RegExp]>([
    ['to nobody', (sound) => sound.grants.read('Reader' as any), /to whom access is granted is not a role/],
    ['of no access', (sound) => sound.grants.access(Consumer.account(PARTNER), 'read' as any), /what is granted is not a DatasetAccess/],
    ['outside of its prefixes', (sound) => sound.grants.read(Consumer.account(PARTNER), { prefixes: ['other/'] }), /the prefix 'other\/' is outside of what the access point is for: team\//],
    ['of versions in lists', (sound) => sound.grants.access(Consumer.account(PARTNER), DatasetAccess.READ.withVersions()), /multi-Region access points do not offer s3:ListBucketVersions/],
    ['of failover to another account', (sound) => sound.grants.failover(Consumer.account(PARTNER)), /the consumer 'account 444455556666' is of another account than the access point/],
    ['from a stack that cannot refer to it', (sound) => new CrossAccountGrant(elsewhere, 'Grant', {
      multiRegionAccessPoint: sound, consumer: Consumer.account(PARTNER), access: DatasetAccess.READ,
    }), /the stack of the grant cannot refer to 'Dublin\/Global'/],
    ['with one key for all', (sound) => new CrossAccountGrant(sound.stack, 'Grant', {
      multiRegionAccessPoint: sound, consumer: Consumer.account(PARTNER), access: DatasetAccess.READ, encryptionKey: sound.buckets![0].encryptionKey,
    }), /'encryptionKey' is one key/],
    ['of two things', (sound) => new CrossAccountGrant(sound.stack, 'Grant', {
      multiRegionAccessPoint: sound, bucket: sound.buckets![0], consumer: Consumer.account(PARTNER), access: DatasetAccess.READ,
    }), /exactly one of 'bucket', 'accessPoint' and 'multiRegionAccessPoint'/],
    ['of failover from elsewhere', (sound) => new FailoverGrant(elsewhere, 'Grant', {
      multiRegionAccessPoint: sound, consumer: Consumer.account(OWNER),
    }), /the stack of the grant cannot refer to 'Dublin\/Global'/],
  ])('a grant %s', (_, grant, message) => {
    expect(() => grant(accessPoint)).toThrow(message);
    expect(accessPoint.node.children.map(({ node }) => node.id)).toEqual(['Resource']);
  });

  test.each([
    ['an ARN of an access point of one Region', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team'],
    ['an ARN of objects behind one', `${MULTI_REGION_ARN}/object/*`],
    ['an ARN of all', `arn:aws:s3::${OWNER}:accesspoint/*`],
    ['an ARN with its name', `arn:aws:s3::${OWNER}:accesspoint/global`],
    ['an ARN of something else', 'arn:aws:s3:::bucket'],
  ])('%s', (_, arn) => {
    expect(() => SharedMultiRegionAccessPoint.fromMultiRegionAccessPointArn(new Stack(), 'Imported', arn)).toThrow(/is no ARN of a multi-Region access point/);
  });
});
