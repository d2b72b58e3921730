import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { BucketView, Inventory } from '../../src/access/inventory';
import { Finding } from '../../src/checks/finding';
import { lockout } from '../../src/checks/rules/lockout';
import { waysOf } from '../../src/checks/ways';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';

const ACCOUNT = '111122223333';
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const OBJECTS = `${BUCKET}/*`;
const DEPLOY_ROLE = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`;
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/Admin`;

const deny = (Condition?: object, others: object = {}) => ({ Sid: 'Deny', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, OBJECTS], Condition, ...others });
const allow = (Service: string, Condition: object = {}, Action = 's3:PutObject') => ({ Effect: 'Allow', Principal: { Service }, Action, Resource: OBJECTS, Condition });
const DELIVERY = allow('delivery.logs.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ACCOUNT } });
const SITE = allow('cloudfront.amazonaws.com', { StringEquals: { 'aws:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD6EXAMPLE` } }, 's3:GetObject');

interface App {
  readonly bucket?: readonly object[];
  readonly key?: readonly object[];
  readonly resources?: object;
  readonly account?: string;

  /** The account of a stack of its own with the other resources. */
  readonly organization?: string;

  /** A template of which nobody knows how it is deployed. */
  readonly isTemplate?: boolean;
}

/** What the rule says where values are what they seem. */
function findings(...templates: StackTemplate[]): readonly Finding[] {
  const [{ inventory }] = waysOf(new Inventory(deploymentOf(templates)));
  return lockout.judgeBuckets!(new BucketView(inventory, inventory.allBuckets));
}

/** Whose account has it is the management account. */
const MANAGED = { Organization: { Type: 'AWS::Organizations::Organization', Properties: { FeatureSet: 'ALL' } } };

/** The same, a line a finding: `-NotDecided` in front where it is not decided. */
function lockouts({ bucket = [], key, resources = {}, isTemplate = false, account = ACCOUNT, organization }: App): string[] {
  const encrypted = key && {
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] },
  };
  const Resources = {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket', ...encrypted } },
    ...(key ? { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: key } } } } : {}),
    ...(bucket.length > 0 ? { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: bucket } } } } : {}),
    ...(organization ? {} : resources),
  };
  const managed = organization === ACCOUNT ? {} : MANAGED;
  const organizations = organization ? [{ name: 'Organization', account: organization, region: 'us-east-1', template: { Resources: { ...resources, ...managed } } }] : [];
  const template = { name: 'Stack', account, region: 'eu-west-1', template: { Resources }, ...(isTemplate ? {} : { executionRoleArn: DEPLOY_ROLE }) };
  return findings(template, ...organizations as StackTemplate[]).map(({ isDecided, problem }) => `${isDecided ? '' : '-NotDecided '}${problem}`);
}

const FOUND = [expect.stringMatching(/^The statement 'Deny' shuts out the role that deploys the stack \(s3:PutBucketPolicy/)];
const DOUBT = [expect.stringMatching(/^-NotDecided Whether the statement 'Deny' shuts out the role that deploys the stack .* is not known: /)];

describe('a deny that stops the role which deploys the stack is found', () => {
  test.each<[string, object | undefined, object?]>([
    ['of everybody', undefined],
    ['outside access points of the account', { StringNotEquals: { 's3:DataAccessPointAccount': ACCOUNT } }],
    ['outside one access point', { ArnNotLike: { 's3:DataAccessPointArn': `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/*` } }],
    ['without a second factor', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }],
    ['without a second factor, where sessions tell', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }],
    ['without a recent second factor', { NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': '3600' } }],
    ['without the time of a second factor', { Null: { 'aws:MultiFactorAuthAge': 'true' } }],
    ['but users, by their ids', { StringNotLike: { 'aws:userid': 'AIDACKCEVSQ6C2EXAMPLE' } }],
    ['but the root user, by its id', { StringNotEquals: { 'aws:userid': ACCOUNT } }],
    ['but users, by their names', { StringNotEquals: { 'aws:username': 'admin' } }],
    ['below TLS 1.4', { NumericLessThan: { 's3:TlsVersion': '1.4' } }],
    ['with or without TLS', { Bool: { 'aws:SecureTransport': ['true', 'false'] } }],
    ['with TLS', { Bool: { 'aws:SecureTransport': 'true' } }],
    ['but services, which deploy nothing', { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }],
    ['who is an AWS service, or is not', { Bool: { 'aws:PrincipalIsAWSService': ['true', 'false'] } }],
    ['but a session, which no policy sees in the ARN of the role', { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:sts::${ACCOUNT}:assumed-role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1/*` } }],
    ['but another role', { ArnNotEquals: { 'aws:PrincipalArn': ADMIN } }],
    ['but the deploy role of another Region', { ArnNotLike: { 'aws:PrincipalArn': DEPLOY_ROLE.replace('eu-west-1', 'us-east-1') } }],
    ['but root users', { StringNotEquals: { 'aws:PrincipalType': 'Account' } }],
    ['but another role, as NotPrincipal', undefined, { Principal: undefined, NotPrincipal: { AWS: ADMIN } }],
    ['of the account, by its number', undefined, { Principal: { AWS: ACCOUNT } }],
    ['of roles, by name', undefined, { Principal: { AWS: DEPLOY_ROLE } }],
    ['of another account than the own', { StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } }],
    ['outside a network', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['outside a network, which services pass', { StringNotEqualsIfExists: { 'aws:SourceVpc': 'vpc-0abc123def4567890' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' } }],
    ['outside addresses', { NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '203.0.113.0/24'] } }],
    ['in a Region', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }],
    ['who brings no source identity', { Null: { 'aws:SourceIdentity': 'true' } }],
    ['who was not vouched for', { Null: { 'aws:FederatedProvider': 'true' } }],
    ['whose request was signed in a header', { StringEquals: { 's3:authType': 'REST-HEADER' } }],
    ['after a time', { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }],
    ['for the policy alone', undefined, { Action: ['s3:Put*Policy'], Resource: BUCKET }],
    ['for all but objects', undefined, { Action: undefined, NotAction: ['s3:GetObject', 's3:PutObject'] }],
    ['by a resource that is everything', undefined, { Resource: '*' }],
    ['for another object than one', undefined, { Resource: undefined, NotResource: `${BUCKET}/public/*` }],
  ])('%s', (...[, condition, others]) => {
    expect(lockouts({ bucket: [deny(condition, others)] })).toEqual(FOUND);
  });

  test('who may not read the policy, or not delete it', () => {
    const lines = ['s3:GetBucketPolicy', 's3:DeleteBucketPolicy'].map((Action) => lockouts({ bucket: [deny(undefined, { Action })] }));
    expect(lines).toEqual([[expect.stringContaining('(s3:GetBucketPolicy)')], [expect.stringContaining('(s3:DeleteBucketPolicy)')]]);
  });

  test('and the text says what still helps', () => {
    const [{ remedy, proof }] = findings({
      name: 'Stack',
      account: ACCOUNT,
      region: 'eu-west-1',
      executionRoleArn: DEPLOY_ROLE,
      template: { Resources: { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Statement: deny() } } } } },
    });
    expect(remedy).toMatch(/root user of the bucket's account .*sts:AssumeRoot .*S3UnlockBucketPolicy/);
    expect(proof).toContain(`${DEPLOY_ROLE} calls s3:PutBucketPolicy on ${BUCKET}`);
  });
});

describe('it is not decided', () => {
  test.each<[string, object]>([
    ['by tags', { StringNotEquals: { 'aws:PrincipalTag/team': 'platform' } }],
    ['by the id of a role, which may be this one', { StringNotLike: { 'aws:userid': 'AROACKCEVSQ6C2EXAMPLE:*' } }],
    ['by the time when the session began', { DateLessThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } }],
    ['by what the client is called', { StringNotLike: { 'aws:UserAgent': '*cloudformation*' } }],
    ['by a key that nobody knows', { StringNotEquals: { 'aws:NotYetDocumented': 'yes' } }],
    ['by an operator that nobody knows', { StringAlmostEquals: { 'aws:PrincipalArn': ADMIN } }],
    ['by a parameter', { ArnNotEquals: { 'aws:PrincipalArn': { Ref: 'Role' } } }],
  ])('%s', (_, condition) => {
    expect(lockouts({ bucket: [deny(condition)] })).toEqual(DOUBT);
  });
});

describe('a deny that lets the role pass is none', () => {
  test.each<[string, object | undefined, object?]>([
    ['over plain HTTP', { Bool: { 'aws:SecureTransport': 'false' } }],
    ['below TLS 1.3', { NumericLessThan: { 's3:TlsVersion': '1.3' } }],
    ['but the role', { ArnNotLike: { 'aws:PrincipalArn': DEPLOY_ROLE } }],
    ['but roles of the CDK', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/cdk-*-cfn-exec-role-*' } }],
    ['of other accounts', { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } }],
    ['of other organizations', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ['o-exampleorgid', 'o-examplepartn'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }],
    ['of other organizations than that of the bucket', { StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }],
    ['of other paths of organizations', { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/ou-ab12-11111111/*' }, 'BoolIfExists': { 'aws:PrincipalIsAWSService': 'false' } }],
    ['of old signatures', { NumericGreaterThan: { 's3:signatureAge': '600000' } }],
    ['to objects', undefined, { Action: 's3:*Object', Resource: OBJECTS }],
    ['to another role', undefined, { Principal: { AWS: ADMIN } }],
    ['from one network', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    ['through another account\'s access points', { StringNotEqualsIfExists: { 's3:DataAccessPointAccount': ACCOUNT }, Null: { 's3:DataAccessPointAccount': 'false' } }],
  ])('%s', (...[, condition, others]) => {
    expect(lockouts({ bucket: [deny(condition, others)] })).toEqual([]);
  });
});

describe('the policy of the key', () => {
  const ROOT = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
  const denyKey = (Condition: object) => ({ Sid: 'Deny', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', Condition });

  test.each<[string, object]>([
    ['outside S3', { StringNotEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }],
    ['without a second factor', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }],
    ['of other accounts', { StringNotEquals: { 'kms:CallerAccount': '444455556666' } }],
    ['without an encryption context', { Null: { 'kms:EncryptionContext:aws:s3:arn': 'true' } }],
  ])('stops the role by a deny %s', (_, condition) => {
    const shutOut = /^The statement 'Deny' shuts out the role that deploys the stack \(kms:PutKeyPolicy, kms:GetKeyPolicy\)/;
    expect(lockouts({ key: [ROOT, denyKey(condition)] })).toEqual([expect.stringMatching(shutOut)]);
  });

  test('stops the role where it lets others in alone', () => {
    const letInByNone = /^No statement of the policy lets through the role that deploys the stack \(kms:PutKeyPolicy/;
    expect(lockouts({ key: [{ ...ROOT, Principal: { AWS: ADMIN } }] })).toEqual([expect.stringMatching(letInByNone)]);
  });

  test('lets it pass', () => {
    expect(lockouts({ key: [ROOT] })).toEqual([]);
    expect(lockouts({ key: [ROOT, denyKey({ StringNotEquals: { 'kms:CallerAccount': ACCOUNT } })] })).toEqual([]);
    expect(lockouts({ key: [ROOT, denyKey({ ArnNotEquals: { 'aws:PrincipalArn': DEPLOY_ROLE } })] })).toEqual([]);
  });

  test('of a template that nobody can change', () => {
    expect(lockouts({ isTemplate: true, key: [ROOT, denyKey({ StringNotEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } })] })).toEqual([expect.stringContaining("'Deny' shuts out every role and user")]);
    expect(lockouts({ isTemplate: true, key: [ROOT, denyKey({ ArnNotEquals: { 'aws:PrincipalArn': ADMIN } })] })).toEqual([]);
  });
});

describe('a template of which nobody knows who deploys it', () => {
  const ROLE = (service: string) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: 'Deployer', AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' } } } });
  const sparing = deny({ ArnNotEquals: { 'aws:PrincipalArn': ADMIN } });

  test.each<[string, object | undefined]>([
    ['of everybody', undefined],
    ['outside access points', { StringNotEquals: { 's3:DataAccessPointAccount': ACCOUNT } }],
    ['without a second factor', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }],
    ['below TLS 1.4', { NumericLessThan: { 's3:TlsVersion': '1.4' } }],
    ['with or without TLS', { Bool: { 'aws:SecureTransport': ['true', 'false'] } }],
    ['outside a network', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['but a session by its ARN', { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/*` } }],
    ['but the root user', { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:root` } }],
  ])('shuts out every role and user %s', (_, condition) => {
    expect(lockouts({ isTemplate: true, bucket: [deny(condition)] })).toEqual([expect.stringMatching(/^The statement 'Deny' shuts out every role and user/)]);
  });

  test.each<[string, object]>([
    ['a role', { ArnNotEquals: { 'aws:PrincipalArn': ADMIN } }],
    ['the bearer of a tag', { StringNotEquals: { 'aws:PrincipalTag/team': 'platform' } }],
    ['somebody by an id', { StringNotLike: { 'aws:userid': ['AROACKCEVSQ6C2EXAMPLE:*', ACCOUNT] } }],
    ['a user', { StringNotEquals: { 'aws:username': 'admin' } }],
    ['an organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }],
  ])('leaves %s', (_, condition) => {
    expect(lockouts({ isTemplate: true, bucket: [deny(condition)] })).toEqual([]);
  });

  test('by two statements together', () => {
    expect(lockouts({ isTemplate: true, bucket: [sparing, deny({ ArnEquals: { 'aws:PrincipalArn': ADMIN } })] })).toEqual([expect.stringMatching(/^The denies together shut out every role and user/)]);
  });

  test('shuts out a role that CloudFormation may take on', () => {
    expect(lockouts({ isTemplate: true, bucket: [sparing], resources: { Deployer: ROLE('cloudformation.amazonaws.com') } })).toEqual([expect.stringMatching(/^The statement 'Deny' shuts out the role 'Stack\/Deployer', which CloudFormation may deploy/)]);
    expect(lockouts({ isTemplate: true, bucket: [sparing], resources: { Deployer: ROLE('lambda.amazonaws.com') } })).toEqual([]);
    expect(lockouts({ isTemplate: true, bucket: [deny({ ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/Deployer` } })], resources: { Deployer: ROLE('cloudformation.amazonaws.com') } })).toEqual([]);
  });
});

describe('a delivery', () => {
  const spared = { ArnNotEquals: { 'aws:PrincipalArn': DEPLOY_ROLE } };

  test.each<[string, object, object]>([
    ['of a service, by a network', DELIVERY, deny({ ...spared, StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } })],
    ['of a service, because it is one', DELIVERY, deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    ['of a service, outside access points', DELIVERY, deny({ ...spared, StringNotEquals: { 's3:DataAccessPointAccount': ACCOUNT } })],
    ['of a service, over TLS', DELIVERY, deny({ ...spared, Bool: { 'aws:SecureTransport': ['true', 'false'] } })],
    ['of a service for the account', DELIVERY, deny({ StringEquals: { 'aws:SourceAccount': ACCOUNT } })],
    ['of a service that is not the only one let in', DELIVERY, deny({ StringNotEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    ['of a distribution', SITE, deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' }, ArnNotLike: { 'aws:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/EANOTHEREXAMPLE` } })],
  ])('is stopped: %s', (_, delivery, denying) => {
    const stopped = /^The statement 'Deny' shuts out AWS services: what (delivery\.logs|cloudfront)\.amazonaws\.com may do here is denied/;
    expect(lockouts({ bucket: [delivery, denying] })).toEqual([expect.stringMatching(stopped)]);
  });

  test.each<[string, object, object]>([
    ['of a service, outside a network', DELIVERY, deny({
      ...spared, StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    })],
    ['of a service for the organization', DELIVERY, deny({ StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-exampleorgid' }, Null: { 'aws:SourceAccount': 'false' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    ['of a distribution', SITE, deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' }, ArnNotLike: { 'aws:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD6EXAMPLE` } })],
    ['under another prefix', DELIVERY, deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }, { Resource: `${BUCKET}/private/*` })],
  ])('passes: %s', (_, delivery, denying) => {
    expect(lockouts({ bucket: [delivery, denying] })).toEqual([]);
  });

  test('of a load balancer is stopped by an organization', () => {
    const logs = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::156460612806:root' }, Action: 's3:PutObject', Resource: OBJECTS };
    const organization = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
    expect(lockouts({ bucket: [logs, deny(organization)] })).toEqual([expect.stringMatching(/shuts out an account of AWS with which Elastic Load Balancing delivers/)]);
    expect(lockouts({ bucket: [logs, deny({ ...organization, StringNotEquals: { 'aws:PrincipalAccount': '156460612806' } })] })).toEqual([]);
  });

  test.each([
    ['Firehose', { Stream: { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: { ExtendedS3DestinationConfiguration: { BucketARN: BUCKET, RoleARN: ADMIN } } } }, 'Amazon Data Firehose'],
    ['CodePipeline', { Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { RoleArn: ADMIN, ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } } } } }, 'CodePipeline'],
    ['replication', { Other: { Type: 'AWS::S3::Bucket', Properties: { ReplicationConfiguration: { Role: ADMIN, Rules: [{ Destination: { Bucket: BUCKET } }] } } } }, 'S3 replicates'],
  ])('by the role of %s is stopped by a network', (_, resources, name) => {
    const network = (...arns: string[]) => deny({ ArnNotEquals: { 'aws:PrincipalArn': [DEPLOY_ROLE, ...arns] }, StringNotEquals: { 'aws:SourceVpc': 'vpc-0abc123def4567890' } });
    expect(lockouts({ bucket: [network()], resources })).toEqual([expect.stringContaining(`shuts out the role '${ADMIN}': ${name}`)]);
    expect(lockouts({ bucket: [network(ADMIN)], resources })).toEqual([]);
  });
});

test('a resource control policy shuts out whom the policy of the bucket lets pass', () => {
  const Content = { Version: '2012-10-17', Statement: [{ Sid: 'Deny', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }] };
  const resources = { Control: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', TargetIds: [ACCOUNT], Content } } };
  expect(lockouts({ bucket: [DELIVERY], resources, organization: '999988887777' })).toEqual(expect.arrayContaining([expect.stringContaining("The statement 'Deny' of a resource control policy shuts out the role that deploys the stack")]));
  expect(lockouts({ bucket: [DELIVERY], resources, organization: ACCOUNT })).toEqual(['the role that deploys', 'AWS services'].map((who) => expect.stringMatching(`^-NotDecided Whether the statement 'Deny' of a resource control policy shuts out ${who}.*management account`)));
});

const CORPORA = process.env.PUBLISHED_POLICIES ?? resolve(__dirname, '../../../shared/corpora');

(existsSync(CORPORA) ? test : test.skip)('published policies are silent, but for those that do shut out', () => {
  const published = readdirSync(CORPORA).filter((name) => name.endsWith('.json')).flatMap((name): { file: string; policy: any }[] => JSON.parse(readFileSync(join(CORPORA, name), 'utf8')));
  const ofBuckets = published.filter(({ policy }) => isOfBucket([policy.Statement].flat()));
  expect(ofBuckets.length).toBeGreaterThan(50);
  const lines = ofBuckets.flatMap(({ file, policy }) => publishedLockouts(file, policy).map((line) => `${file.replace(/^.*\//, '')}: ${line}`));
  expect([...new Set(lines)].sort()).toMatchSnapshot();
});

function isOfBucket(statements: any[]): boolean {
  return statements.every(({ Principal, NotPrincipal }) => Principal ?? NotPrincipal) && /"(?:s3:[^"]*|\*)"/.test(JSON.stringify(statements));
}

/** As a resource control policy if it is one, otherwise as the policy of the bucket that it names. */
function publishedLockouts(file: string, policy: any): string[] {
  const isControl = /rcp\.json$|^(?:Restrict|Establish|Service-specific|Enforce)/i.test(file);
  const [Bucket = 'amzn-s3-demo-bucket'] = JSON.stringify(policy).match(/(?<=arn:aws:s3:::)[^"/*]+/) ?? [];
  const own = { Statement: { ...DELIVERY, Resource: `arn:aws:s3:::${Bucket}/*` } };
  const Resources = {
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket, PolicyDocument: isControl ? own : policy } },
  };
  const control = { Control: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', TargetIds: [ACCOUNT], Content: policy } } };
  const organization = { name: 'Organization', account: '999988887777', region: 'us-east-1', template: { Resources: isControl ? { ...control, ...MANAGED } : {} } };
  return [undefined, DEPLOY_ROLE].flatMap((executionRoleArn) => findings({ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', template: { Resources }, executionRoleArn }, organization))
    .map(({ isDecided, problem }) => `${isDecided ? 'found' : 'not decided'}, ${problem.replace(/ \(s3:.*| is not known: .*/s, '')}`);
}

describe('roles with which services work in networks of AWS', () => {
  const OUTSIDE = { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, ArnNotLike: { 'aws:PrincipalArn': DEPLOY_ROLE }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
  const worker = (service: string, Action: unknown = ['s3:GetObject', 's3:PutObject'], Resource: unknown = OBJECTS) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'Worker',
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] },
      Policies: [{ PolicyName: 'Work', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] } }],
    },
  });
  const arn = { 'Fn::GetAtt': ['Worker', 'Arn'] };
  const STOPPED = [expect.stringMatching(/^The statement 'Deny' shuts out the role 'arn:aws:iam::111122223333:role\/Worker': .* with it \(s3:GetObject\)/)];

  test.each<[string, object]>([
    ['AWS Backup', { Worker: worker('backup.amazonaws.com') }],
    ['DataSync', { Worker: worker('datasync.amazonaws.com') }],
    ['Transfer Family', { Worker: worker('transfer.amazonaws.com') }],
    ['Firehose', { Worker: worker('firehose.amazonaws.com') }],
    ['CodePipeline', { Worker: worker('codepipeline.amazonaws.com') }],
    ['a Glue job without a connection', { Worker: worker('glue.amazonaws.com'), Job: { Type: 'AWS::Glue::Job', Properties: { Role: arn } } }],
    ['a CodeBuild project outside a VPC', { Worker: worker('codebuild.amazonaws.com'), Project: { Type: 'AWS::CodeBuild::Project', Properties: { ServiceRole: arn } } }],
    ['the function of a custom resource', {
      Worker: worker('lambda.amazonaws.com'),
      Handler: { Type: 'AWS::Lambda::Function', Properties: { Role: arn } },
      Fill: { Type: 'Custom::Fill', Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] } } },
    }],
  ])('are found where a perimeter stops them: %s', (_, resources) => {
    expect(lockouts({ bucket: [deny(OUTSIDE)], resources })).toEqual(STOPPED);
    const exempt = { ...OUTSIDE, ArnNotLike: { 'aws:PrincipalArn': [DEPLOY_ROLE, `arn:aws:iam::${ACCOUNT}:role/Worker`] } };
    expect(lockouts({ bucket: [deny(exempt)], resources })).toEqual([]);
  });

  test.each<[string, object]>([
    ['a role of another bucket', { Worker: worker('backup.amazonaws.com', 's3:GetObject', 'arn:aws:s3:::amzn-s3-demo-other/*') }],
    ['a role without rights on objects that matter', { Worker: worker('backup.amazonaws.com', 's3:GetBucketTagging', BUCKET) }],
    ['a Glue job in a network of its own', { Worker: worker('glue.amazonaws.com'), Job: { Type: 'AWS::Glue::Job', Properties: { Role: arn, Connections: { Connections: ['vpc'] } } } }],
    ['a CodeBuild project in a VPC', { Worker: worker('codebuild.amazonaws.com'), Project: { Type: 'AWS::CodeBuild::Project', Properties: { ServiceRole: arn, VpcConfig: { VpcId: 'vpc-1a2b3c4d' } } } }],
    ['a function that is no custom resource', { Worker: worker('lambda.amazonaws.com'), Handler: { Type: 'AWS::Lambda::Function', Properties: { Role: arn } } }],
  ])('are not asked where that is not known: %s', (_, resources) => {
    expect(lockouts({ bucket: [deny(OUTSIDE)], resources })).toEqual([]);
  });

  test('may upload in one of the ways that a bucket takes', () => {
    const header = 's3:x-amz-server-side-encryption';
    const withoutHeader = deny({ Null: { [header]: 'true' } }, { Action: 's3:PutObject' });
    expect(lockouts({ bucket: [withoutHeader], resources: { Worker: worker('backup.amazonaws.com', 's3:PutObject') } })).toEqual([]);
  });
});

describe('a service control policy', () => {
  const control = (Content: object, type = 'SERVICE_CONTROL_POLICY') => ({ Control: { Type: 'AWS::Organizations::Policy', Properties: { Type: type, TargetIds: [ACCOUNT], Content } } });
  const stopping = (Action: string) => control({ Version: '2012-10-17', Statement: [{ Sid: 'Deny', Effect: 'Deny', Action, Resource: '*' }] });

  test('shuts out the role that deploys the stack, whatever the policy of the bucket says', () => {
    expect(lockouts({ bucket: [DELIVERY], resources: stopping('s3:PutBucketPolicy'), organization: '999988887777' }))
      .toEqual([expect.stringMatching(/^The statement 'Deny' of a service control policy shuts out the role that deploys the stack \(s3:PutBucketPolicy\)/)]);
  });

  test('does not bind services, and is nothing where it denies something else', () => {
    expect(lockouts({ bucket: [DELIVERY], resources: stopping('s3:PutObject'), organization: '999988887777' })).toEqual([]);
  });
});
