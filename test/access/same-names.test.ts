import { AccessEvaluator } from '../../src';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';

// One app in two accounts or two Regions: IAM and KMS give a name once an account, or once an account and Region.

const [DEV, PROD] = ['111122223333', '444455556666'];
const allow = (...Action: string[]) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
const bucket = (BucketName: string, Properties: object = {}) => ({ Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName, ...Properties } } });
const stack = (name: string, account: string | undefined, Resources: any, region = 'eu-west-1'): StackTemplate => ({ name, account, region, template: { Resources } });
const readBy = (principal: string) => ({ Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'data', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' }] } } } });

const role = { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', AssumeRolePolicyDocument: trust } } };
const user = { User: { Type: 'AWS::IAM::User', Properties: { UserName: 'app' } } };
const member = { User: { Type: 'AWS::IAM::User', Properties: { UserName: 'app', Groups: ['team'] } } };
const group = { Group: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team' } } };
const attached = (Type: string, Properties: object) => ({ Attached: { Type, Properties: { PolicyName: 'reads', PolicyDocument: allow('s3:GetObject'), ...Properties } } });

const HOLDERS: [string, object, object, string][] = [
  ['a policy', role, attached('AWS::IAM::Policy', { Roles: ['app'] }), 'role/app'],
  ['an inline policy', role, attached('AWS::IAM::RolePolicy', { RoleName: 'app' }), 'role/app'],
  ['a managed policy', role, attached('AWS::IAM::ManagedPolicy', { Roles: ['app'] }), 'role/app'],
  ['a policy of a user', user, attached('AWS::IAM::UserPolicy', { UserName: 'app' }), 'user/app'],
  ['a policy of a group', { ...member, ...group }, attached('AWS::IAM::GroupPolicy', { GroupName: 'team' }), 'user/app'],
];

const read = (evaluator: AccessEvaluator, principal: string) => evaluator.decide({ principal, action: 's3:GetObject', resource: 'arn:aws:s3:::data/any' }).outcome;

describe.each(HOLDERS)('%s of a name', (_, holder, policy, name) => {
  const owner = { ...bucket('data'), ...readBy(`arn:aws:iam::${PROD}:${name}`) };

  test('is not that of the same name in another account', () => {
    const evaluator = AccessEvaluator._of([stack('Data', DEV, owner), stack('Dev', DEV, { ...holder, ...policy }), stack('Prod', PROD, holder)]);
    expect(read(evaluator, `arn:aws:iam::${PROD}:${name}`)).toBe('denied');
  });

  test('is that of the account', () => {
    const evaluator = AccessEvaluator._of([stack('Data', DEV, owner), stack('Dev', DEV, holder), stack('Prod', PROD, holder), stack('ProdPolicy', PROD, policy)]);
    expect(read(evaluator, `arn:aws:iam::${PROD}:${name}`)).toBe('allowed');
  });

  test('is perhaps that, if the account is not known', () => {
    const evaluator = AccessEvaluator._of([stack('Data', DEV, owner), stack('Prod', PROD, holder), stack('Somewhere', undefined, policy)]);
    expect(read(evaluator, `arn:aws:iam::${PROD}:${name}`)).toBe('not-decided');
  });
});

test('a user is in the group of the own account', () => {
  const added = { ...user, Addition: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: 'team', Users: ['app'] } } };
  const reading = { Group: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team', Policies: [{ PolicyName: 'reads', PolicyDocument: allow('s3:GetObject') }] } } };
  const owner = { ...bucket('data'), ...readBy(`arn:aws:iam::${PROD}:user/app`) };
  const evaluator = (ofDev: object, ofProd: object) => AccessEvaluator._of([stack('Data', DEV, owner), stack('Dev', DEV, ofDev), stack('Prod', PROD, ofProd)]);
  expect(read(evaluator({ ...added, ...reading }, user), `arn:aws:iam::${PROD}:user/app`)).toBe('denied');
  expect(read(evaluator(added, { ...added, ...reading }), `arn:aws:iam::${PROD}:user/app`)).toBe('allowed');
});

describe('an alias of a key', () => {
  const key = (more: object = {}) => ({
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }, Action: 'kms:*', Resource: '*' }] }, ...more } },
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/data', TargetKeyId: { Ref: 'Key' } } },
  });
  const named = (KMSMasterKeyID: unknown) => bucket('one', { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }] } });
  const encrypted = (name: string) => bucket(name, { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/data' } }] } });
  const keyOf = (...stacks: ReturnType<typeof stack>[]) => {
    const inventory = new Inventory(deploymentOf(stacks));
    return inventory.allBuckets.map(({ key: found }) => found?.stack.name);
  };

  test('is that of the account and Region of the bucket', () => {
    expect(keyOf(stack('Ireland', DEV, { ...encrypted('one'), ...key() }), stack('Frankfurt', DEV, { ...encrypted('two'), ...key() }, 'eu-central-1'))).toEqual(['Ireland', 'Frankfurt']);
    expect(keyOf(stack('Dev', DEV, { ...encrypted('one'), ...key() }), stack('Prod', PROD, { ...encrypted('two'), ...key() }))).toEqual(['Dev', 'Prod']);
    expect(keyOf(stack('Prod', PROD, { ...encrypted('two'), ...key() }), stack('Dev', DEV, { ...encrypted('one'), ...key() }))).toEqual(['Prod', 'Dev']);
  });

  test('of another Region is none', () => expect(keyOf(stack('Ireland', DEV, encrypted('one')), stack('Frankfurt', DEV, key(), 'eu-central-1'))).toEqual([undefined]));

  test('that is the default of a bucket is looked up in the account of whoever uploads', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
    const writes = { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'one', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: [DEV, PROD] }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::one/*' }] } } } };
    const writer = { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'writer', AssumeRolePolicyDocument: trust, Policies: [{ PolicyName: 'writes', PolicyDocument: allow('s3:PutObject', 'kms:GenerateDataKey') }] } } };
    const open = { KeyPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: [DEV, PROD] }, Action: 'kms:*', Resource: '*' }] } };
    const deciding = (data: object) => AccessEvaluator._of([stack('Dev', DEV, { ...data, ...writes, ...writer, ...key(open) }), stack('Prod', PROD, writer)]);
    const upload = (account: string, data: object = encrypted('one')) => deciding(data).decide({ principal: `arn:aws:iam::${account}:role/writer`, action: 's3:PutObject', resource: 'arn:aws:s3:::one/any' });
    expect(upload(DEV).outcome).toBe('allowed');
    expect([upload(PROD, named({ Ref: 'Key' })).outcome, upload(DEV, named({ Ref: 'Key' })).outcome, upload(PROD, named({ 'Fn::GetAtt': ['Key', 'Arn'] })).outcome]).toEqual(['not-decided', 'allowed', 'allowed']);
    expect(upload(PROD)).toMatchObject({ outcome: 'not-decided', decidedBy: { layer: 'kms-key', reason: expect.stringContaining("names its key by 'alias/data' instead of an ARN, which is looked up in the account of the caller") } });
  });

  describe('that is the default of a bucket which another account may write into', () => {
    const pinned = (...more: object[]) => ({
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: 'one',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::one/*', Condition: { Null: { 's3:x-amz-server-side-encryption': 'false' }, StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } },
              { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::one/*', Condition: { Null: { 's3:x-amz-server-side-encryption': 'false' }, StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': { 'Fn::GetAtt': ['Key', 'Arn'] } } } },
              ...more,
            ],
          },
        },
      },
    });
    const allowed = (AWS: string) => ({ Effect: 'Allow', Principal: { AWS }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::one/*' });
    const asksForHeader = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::one/*', Condition: { Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' } } };
    const uploads = (resources: object, Parameters = {}) => {
      const inventory = new Inventory(deploymentOf([{ ...stack('Dev', DEV, { ...resources, ...key() }), template: { Parameters, Resources: { ...resources, ...key() } } as any }]));
      return bucketGuarantees(inventory, inventory.allBuckets[0]).filter(({ sentence }) => sentence.startsWith('Uploads of other accounts')).map(({ verdict }) => verdict);
    };

    test.each<[string, unknown, object[], string[]]>([
      ['who names no key, is not held to the key of the bucket', 'alias/data', [allowed(PROD)], ['broken']],
      ['who must name the key, is', 'alias/data', [allowed(PROD), asksForHeader], ['holds']],
      ['is another matter for the own account', 'alias/data', [allowed(DEV)], ['holds']],
      ['is another matter for a key that is named by its ARN', { 'Fn::GetAtt': ['Key', 'Arn'] }, [allowed(PROD)], []],
      ['is not decided for a key by parameter', { Ref: 'KeyName' }, [allowed(PROD)], ['not-decided']],
      ['is no matter for a key by parameter where nobody else may write', { Ref: 'KeyName' }, [allowed(DEV)], []],
    ])('%s', (_, keyId, statements, verdicts) => expect(uploads({ ...named(keyId), ...pinned(...statements) }, { KeyName: { Type: 'String' } })).toEqual(verdicts));
  });

  test('by its ARN is that of the ARN', () => {
    const byArn = (region: string) => bucket('one', { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: `arn:aws:kms:${region}:${DEV}:alias/data` } }] } });
    expect(keyOf(stack('Ireland', DEV, { ...byArn('eu-west-1'), ...key() }), stack('Frankfurt', DEV, key(), 'eu-central-1'))).toEqual(['Ireland']);
    expect(keyOf(stack('Ireland', DEV, { ...byArn('us-east-1'), ...key() }))).toEqual([undefined]);
  });
});

test('a role of the same name in another account does not disagree with a bucket that it knows nothing of', () => {
  const own = (name: string) => ({
    ...bucket(name),
    ...role,
    Reads: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'reads', Roles: [{ Ref: 'Role' }], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }] } } },
  });
  const findings = judge(deploymentOf([stack('Dev', DEV, own('data-of-dev')), stack('Prod', PROD, own('data-of-prod'))]));
  expect(findings.filter(({ rule }) => rule.id === 'CrossAccountSides')).toEqual([]);
  expect(findings.length).toBeGreaterThan(0);
});
