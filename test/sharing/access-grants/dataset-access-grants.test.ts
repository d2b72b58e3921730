import { App, CfnParameter, Duration, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AccessGrant, AccessGrantPermission, Consumer, DatasetAccessGrants, DirectoryGrantee, SecureBucket, SecureBucketProps } from '../../../src';
import { GROUP_ID, IDENTITY_CENTER, INSTANCE_ARN, OWNER, PARTNER, sessionPolicy, vending } from '../../support/access-grants';
import { synthesisErrors, warnings } from '../../support/apps';

const ENV = { account: OWNER, region: 'eu-west-1' };

function lake(props: SecureBucketProps = {}) {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Lake', { env: ENV });
  const bucket = new SecureBucket(stack, 'Data', { bucketName: 'lake-data', ...props });
  const accessGrants = new DatasetAccessGrants(stack, 'AccessGrants', { identityCenterArn: IDENTITY_CENTER });
  return { app, stack, bucket, accessGrants };
}

function roleIn(stack: Stack, name: string): iam.Role {
  return new iam.Role(stack, name, { roleName: name, assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
}

const resourcesOf = (stack: Stack, type: string) => Object.values<any>(Template.fromStack(stack).findResources(type)).map(({ Properties }) => Properties);
const grantsOf = (stack: Stack) => resourcesOf(stack, 'AWS::S3::AccessGrant');

describe('a session that access grants vend', () => {
  const { app, bucket, accessGrants } = lake({ network: { vpcEndpointIds: ['vpce-0abc123def4567890'] } });
  const whole = accessGrants.addLocation('Whole', bucket);
  const team = accessGrants.addLocation('Team', bucket, { prefix: 'team-a/' });
  const all = accessGrants.addDefaultLocation();
  const INSIDE = { 'aws:SourceVpce': 'vpce-0abc123def4567890' };
  const OBJECT = 'arn:aws:s3:::lake-data/team-a/reports/1.csv';

  test.each<[string, typeof whole, string, string, Record<string, any>, string]>([
    ['reads', whole, 's3:GetObject', OBJECT, INSIDE, 'allowed'],
    ['uploads', whole, 's3:PutObject', OBJECT, INSIDE, 'allowed'],
    ['deletes', whole, 's3:DeleteObject', OBJECT, INSIDE, 'allowed'],
    ['lists', whole, 's3:ListBucket', 'arn:aws:s3:::lake-data', INSIDE, 'allowed'],
    ['does not change the policy', whole, 's3:PutBucketPolicy', 'arn:aws:s3:::lake-data', INSIDE, 'denied'],
    ['is bound by the perimeter of the bucket', whole, 's3:GetObject', OBJECT, {}, 'denied'],
    ['is denied over HTTP', whole, 's3:GetObject', OBJECT, { ...INSIDE, 'aws:SecureTransport': 'false' }, 'denied'],
    ['reads the prefix of its location', team, 's3:GetObject', OBJECT, INSIDE, 'allowed'],
    ['does not read beside it', team, 's3:GetObject', 'arn:aws:s3:::lake-data/team-b/1.csv', INSIDE, 'denied'],
    ['lists its prefix', team, 's3:ListBucket', 'arn:aws:s3:::lake-data', { ...INSIDE, 's3:prefix': 'team-a/reports/' }, 'allowed'],
    ['does not list beside it', team, 's3:ListBucket', 'arn:aws:s3:::lake-data', { ...INSIDE, 's3:prefix': 'team-b/' }, 'denied'],
    ['of the default location reads', all, 's3:GetObject', OBJECT, INSIDE, 'allowed'],
  ])('%s', (_, location, action, resource, context, expected) => {
    expect(vending(app, location)(action, resource, context)).toBe(expected);
  });

  test('reaches no more than the grant', () => {
    const decide = vending(app, whole);
    const policies = [sessionPolicy('lake-data', 'team-a/', 'READ')];
    expect([
      decide('s3:GetObject', OBJECT, INSIDE, policies), decide('s3:GetObject', 'arn:aws:s3:::lake-data/team-b/1.csv', INSIDE, policies), decide('s3:PutObject', OBJECT, INSIDE, policies),
    ]).toEqual(['allowed', 'denied', 'denied']);
  });

  test.each([whole, team, all].map((location) => [location.node.id, location] as const))('of another instance, or of none, may do nothing (%s)', (_, location) => {
    const decide = vending(app, location);
    const elsewhere = `arn:aws:s3:eu-west-1:${PARTNER}:access-grants/default`;
    expect([decide('s3:GetObject', OBJECT, { ...INSIDE, 's3:AccessGrantsInstanceArn': elsewhere }), decide('s3:GetObject', OBJECT, { ...INSIDE, 's3:AccessGrantsInstanceArn': null })]).toEqual(['denied', 'denied']);
  });

  test('of the default location reaches no bucket of another account', () => {
    expect(vending(app, all)('s3:GetObject', OBJECT, { ...INSIDE, 'aws:ResourceAccount': PARTNER })).toBe('denied');
  });

  test('needs what the role may do with the key', () => {
    const withoutKey = (resources: Record<string, any>) => Object.values(resources).filter(({ Type }) => Type === 'AWS::IAM::Policy').forEach(({ Properties: { PolicyDocument } }) => {
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Sid }: any) => Sid !== 'UseKey');
    });
    expect([whole, team, all].map((location) => vending(app, location, withoutKey)('s3:GetObject', OBJECT, INSIDE))).toEqual(['denied', 'denied', 'denied']);
  });
});

describe('the role of a location', () => {
  const trustOf = (stack: Stack) => resourcesOf(stack, 'AWS::IAM::Role').find(({ Description }) => /S3 Access Grants/.test(Description ?? '')).AssumeRolePolicyDocument.Statement;
  const confined = (stack: Stack) => ({ 'aws:SourceAccount': OWNER, 'aws:SourceArn': stack.resolve(stack.formatArn({ service: 's3', resource: 'access-grants', resourceName: 'default' })) });

  test('trusts the instance of its account and Region, and the directory only where there is one', () => {
    const { stack, bucket, accessGrants } = lake();
    accessGrants.addLocation('Whole', bucket);
    const Principal = { Service: 'access-grants.s3.amazonaws.com' };
    expect(trustOf(stack)).toEqual([
      { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition: { StringEquals: confined(stack) } },
      { Effect: 'Allow', Principal, Action: 'sts:SetSourceIdentity', Condition: { StringEquals: confined(stack) } },
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:SetContext',
        Condition: { 'StringEquals': confined(stack), 'ForAllValues:ArnEquals': { 'sts:RequestContextProviders': 'arn:aws:iam::aws:contextProvider/IdentityCenter' } },
      },
    ]);
    const without = new Stack(new App(), 'Lake', { env: ENV });
    new DatasetAccessGrants(without, 'AccessGrants').addDefaultLocation();
    expect(trustOf(without).map(({ Action }: any) => Action)).toEqual(['sts:AssumeRole', 'sts:SetSourceIdentity']);
  });

  test('takes sessions of up to 12 hours', () => {
    const { stack, bucket, accessGrants } = lake();
    accessGrants.addLocation('Whole', bucket, { maxSessionDuration: Duration.hours(12) });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { MaxSessionDuration: 43200 });
  });

  test('is accepted by cdk-nag', () => {
    const { app, bucket, accessGrants } = lake();
    accessGrants.addLocation('Whole', bucket).grants.read(DirectoryGrantee.group(GROUP_ID));
    accessGrants.addDefaultLocation();
    expect(new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }: any) => ruleName)).toEqual([]);
  });
});

describe('a bucket of another account', () => {
  const world = () => {
    const { app, stack, accessGrants } = lake();
    const partner = new Stack(app, 'Partner', { env: { account: PARTNER, region: 'eu-west-1' } });
    const bucket = new SecureBucket(partner, 'Data', { bucketName: 'partner-data' });
    return { app, stack, partner, location: accessGrants.addLocation('Partner', bucket, { prefix: 'shared/' }) };
  };
  const { app, location } = world();
  const without = (type: string, sid: RegExp, stackName: string) => (resources: Record<string, any>, name: string) => Object.values(resources).forEach(({ Type, Properties }) => {
    if (Type !== type || name !== stackName) {
      return;
    }
    const document = Properties.PolicyDocument ?? Properties.KeyPolicy;
    document.Statement = document.Statement.filter((statement: any) => !sid.test(statement.Sid ?? ''));
  });
  const OBJECT = 'arn:aws:s3:::partner-data/shared/1';

  test('and its key let the role in, as far as the location goes', () => {
    const decide = vending(app, location);
    expect([
      decide('s3:GetObject', OBJECT), decide('s3:PutObject', OBJECT), decide('s3:ListBucket', 'arn:aws:s3:::partner-data', { 's3:prefix': 'shared/' }),
      decide('s3:GetObject', 'arn:aws:s3:::partner-data/other/1'), decide('s3:ListBucket', 'arn:aws:s3:::partner-data'),
    ]).toEqual(['allowed', 'allowed', 'allowed', 'denied', 'denied']);
  });

  test.each([['the bucket', 'AWS::S3::BucketPolicy', /^AccessGrants/, 'Partner'], ['its key', 'AWS::KMS::Key', /^AccessGrants/, 'Partner'], ['the role', 'AWS::IAM::Policy', /Objects/, 'Lake']])('needs what %s says', (_, type, sid, stackName) => {
    expect(vending(app, location, without(type, sid, stackName))('s3:GetObject', OBJECT)).toBe('denied');
  });

  test('that is imported gets the statements handed over', () => {
    const { stack, accessGrants } = lake();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'ImportedKey', `arn:aws:kms:eu-west-1:${PARTNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`);
    const imported = s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: 'partner-data', account: PARTNER, region: 'eu-west-1', encryptionKey });
    expect(warnings(accessGrants.addLocation('Partner', imported))).toEqual(['cdk-secure-bucket:handedOverKeyPolicy', 'cdk-secure-bucket:handedOverDataPolicy']);
    expect(Object.keys(Template.fromStack(stack).findOutputs('*')).filter((id) => /Policy/.test(id))).toHaveLength(2);
    const unknown = s3.Bucket.fromBucketName(stack, 'Unknown', 'somewhere');
    expect(warnings(accessGrants.addLocation('Unknown', unknown))).toEqual(['cdk-secure-bucket:unknownKey']);
  });

  test('keeps its statements: an override that changes them fails synthesis', () => {
    const { stack, partner } = world();
    (partner.node.findAll().find((construct) => s3.CfnBucketPolicy.isCfnBucketPolicy(construct)) as s3.CfnBucketPolicy).addPropertyOverride('PolicyDocument.Statement', []);
    expect(synthesisErrors(stack)).toMatch(/'AccessGrantsObjects' of AccessGrantsLocation is missing/);
  });
});

describe('grants', () => {
  test('name roles, users and groups with what they get, and let roles ask', () => {
    const { stack, bucket, accessGrants } = lake();
    const { grants } = accessGrants.addLocation('Team', bucket, { prefix: 'team-a/' });
    const grant = grants.read(roleIn(stack, 'Analyst'), { prefix: 'team-a/reports/' });
    grants.readWrite(DirectoryGrantee.group(GROUP_ID));
    grants.write(DirectoryGrantee.user(GROUP_ID), { prefix: 'team-a/inbox/' });
    expect(grantsOf(stack).map(({ Grantee: { GranteeType }, Permission, AccessGrantsLocationConfiguration: { S3SubPrefix } }) => [GranteeType, Permission, S3SubPrefix])).toEqual([
      ['IAM', 'READ', 'reports/*'], ['DIRECTORY_GROUP', 'READWRITE', '*'], ['DIRECTORY_USER', 'WRITE', 'inbox/*'],
    ]);
    expect(resourcesOf(stack, 'AWS::S3::AccessGrantsLocation')[0].LocationScope).toEqual({ 'Fn::Join': ['', ['s3://', { Ref: expect.any(String) }, '/team-a/']] });
    expect(stack.resolve(grant.granteePolicy).Statement[0].Action).toEqual(['s3:GetDataAccess', 's3:GetAccessGrantsInstanceForPrefix', 's3:ListCallerAccessGrants']);
    const [policy] = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Roles }) => JSON.stringify(Roles).includes('Analyst'));
    expect(policy.PolicyDocument.Statement.map(({ Action }: any) => Action[0])).toEqual(['s3:GetDataAccess']);
  });

  test('of the default location name a bucket', () => {
    const { stack, bucket, accessGrants } = lake();
    const { grants } = accessGrants.addDefaultLocation();
    grants.read(DirectoryGrantee.group(GROUP_ID), { bucket, prefix: 'reports/' });
    grants.read(DirectoryGrantee.group(GROUP_ID), { bucket: s3.Bucket.fromBucketName(stack, 'Other', 'other-data') });
    expect(grantsOf(stack).map(({ AccessGrantsLocationConfiguration: { S3SubPrefix } }) => S3SubPrefix)).toEqual([{ 'Fn::Join': ['', [{ Ref: expect.any(String) }, '/reports/*']] }, 'other-data/*']);
    expect(() => grants.read(DirectoryGrantee.group(GROUP_ID))).toThrow(/S3 does not grant all buckets. Name the bucket in 'bucket'/);
  });

  test('are made once for one request', () => {
    const { bucket, accessGrants } = lake();
    const { grants } = accessGrants.addLocation('Whole', bucket);
    const group = DirectoryGrantee.group(GROUP_ID);
    expect(grants.read(group)).toBe(grants.read(DirectoryGrantee.group(GROUP_ID)));
    expect(grants.read(group)).not.toBe(grants.write(group));
    expect(grants.read(group, { prefix: 'a/' })).not.toBe(grants.read(group));
  });

  test('of somebody of another account share the instance with it, once, and hand over what they may ask', () => {
    const { app, stack, bucket, accessGrants } = lake();
    const { grants } = accessGrants.addLocation('Whole', bucket);
    grants.read(roleIn(new Stack(app, 'Partner', { env: { account: PARTNER, region: 'eu-west-1' } }), 'PartnerRole'));
    const handed = grants.read(Consumer.roleArn(`arn:aws:iam::${PARTNER}:role/Other`));
    expect(resourcesOf(stack, 'AWS::RAM::ResourceShare')).toEqual([{
      Name: expect.any(String),
      Principals: [PARTNER],
      ResourceArns: [{ 'Fn::GetAtt': [expect.any(String), 'AccessGrantsInstanceArn'] }],
      PermissionArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ram::aws:permission/AWSRAMPermissionAccessGrantsData']] }],
    }]);
    expect(grantsOf(stack).map(({ Grantee }) => stack.resolve(Grantee.GranteeIdentifier))).toEqual([expect.anything(), `arn:aws:iam::${PARTNER}:role/Other`]);
    expect(JSON.stringify(grantsOf(stack)[0].Grantee)).toContain(':role/PartnerRole');
    expect(Object.keys(Template.fromStack(stack).findOutputs('*')).filter((id) => /GranteePolicy/.test(id))).toHaveLength(1);
    expect(stack.resolve(handed.granteePolicy).Statement[0].Sid).toBe('AskForDataAccess');
  });

  test('may be made in other stacks: more than 450 in one are refused', () => {
    const { app, stack, bucket, accessGrants } = lake();
    const location = accessGrants.addLocation('Whole', bucket);
    const further = new Stack(app, 'Further', { env: ENV });
    new AccessGrant(further, 'Grant', { location, grantee: DirectoryGrantee.group(GROUP_ID), permission: AccessGrantPermission.READ });
    expect(further.dependencies).toEqual([stack]);
    Array.from({ length: 451 }, (_, i) => location.grants.read(DirectoryGrantee.group(GROUP_ID), { prefix: `team-${i}/` }));
    expect(synthesisErrors(stack)).toMatch(/'Lake': the stack has 451 access grants.* Make at most 450 in a stack, and the others with 'new AccessGrant/);
  });

  test('get another logical ID when anything of them changes, and locations when their scope does: neither is changed in place', () => {
    const { READ, WRITE } = AccessGrantPermission;
    const GRANT = 'AWS::S3::AccessGrant';
    const ids = (prefix: string, sub: string, permission: AccessGrantPermission, type: string) => {
      const { stack, bucket, accessGrants } = lake();
      const location = accessGrants.addLocation('Team', bucket, { prefix });
      new AccessGrant(stack, 'Grant', { location, grantee: DirectoryGrantee.group(GROUP_ID), permission, prefix: sub });
      return Object.keys(Template.fromStack(stack).findResources(type))[0];
    };
    const grants = [ids('a/', 'a/', READ, GRANT), ids('a/', 'a/b/', READ, GRANT), ids('a/', 'a/', WRITE, GRANT), ids('b/', 'b/', READ, GRANT)];
    expect(new Set(grants).size).toBe(4);
    expect(ids('a/', 'a/', READ, 'AWS::S3::AccessGrant')).toBe(ids('a/', 'a/', READ, 'AWS::S3::AccessGrant'));
    expect(ids('a/', 'a/', READ, 'AWS::S3::AccessGrantsLocation')).not.toBe(ids('b/', 'b/', READ, 'AWS::S3::AccessGrantsLocation'));
  });
});

describe('the instance', () => {
  test('is deleted after its locations, and neither is replaced for a tag', () => {
    const { app, stack, bucket, accessGrants } = lake();
    accessGrants.addLocation('Whole', bucket);
    Tags.of(app).add('team', 'data');
    const [instanceId] = Object.keys(Template.fromStack(stack).findResources('AWS::S3::AccessGrantsInstance'));
    const [location] = Object.values<any>(Template.fromStack(stack).findResources('AWS::S3::AccessGrantsLocation'));
    expect(location.DependsOn).toContain(instanceId);
    expect([location.Properties.Tags, resourcesOf(stack, 'AWS::S3::AccessGrantsInstance')]).toEqual([undefined, [{ IdentityCenterArn: IDENTITY_CENTER }]]);
  });

  test('that exists is used and left as it is', () => {
    const stack = new Stack(new App(), 'Lake', { env: ENV });
    const accessGrants = new DatasetAccessGrants(stack, 'AccessGrants', { existingInstance: true, sharedWith: [PARTNER] });
    accessGrants.addDefaultLocation();
    Template.fromStack(stack).resourceCountIs('AWS::S3::AccessGrantsInstance', 0);
    expect(JSON.stringify(resourcesOf(stack, 'AWS::RAM::ResourceShare')[0].ResourceArns)).toContain(':access-grants/default');
    expect(stack.resolve(accessGrants.accessGrantsInstanceArn)['Fn::Join'][1].at(-1)).toBe(INSTANCE_ARN.slice('arn:aws'.length));
  });

  test('is one an account and Region', () => {
    const { app, stack } = lake();
    expect(() => new DatasetAccessGrants(new Stack(app, 'Other', { env: ENV }), 'Again')).toThrow(/'Other\/Again': 'Lake\/AccessGrants' creates the instance of S3 Access Grants of the same account and Region/);
    expect(() => new DatasetAccessGrants(new Stack(new Stage(app, 'Prod'), 'Other', { env: ENV }), 'Again')).toThrow(/there can be one only/);
    new DatasetAccessGrants(new Stack(app, 'Virginia', { env: { ...ENV, region: 'us-east-1' } }), 'AccessGrants');
    new DatasetAccessGrants(stack, 'Used', { existingInstance: true });
    const agnostic = ['One', 'Two'].map((id) => new Stack(app, id));
    agnostic.forEach((each) => new DatasetAccessGrants(each, 'AccessGrants'));
    expect(() => new DatasetAccessGrants(agnostic[0], 'Again')).toThrow(/there can be one only/);
  });
});

describe('what is refused', () => {
  const GROUP = DirectoryGrantee.group(GROUP_ID);
  test.each<[string, (world: ReturnType<typeof lake>) => unknown, RegExp]>([
    ['the same location twice', ({ bucket, accessGrants }) => [accessGrants.addLocation('One', bucket), accessGrants.addLocation('Two', bucket)], /'Lake\/AccessGrants\/Two': 'Lake\/AccessGrants\/One' is the same location/],
    ['a prefix with a wildcard', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket, { prefix: 'a/*' }), /the prefix 'a\/\*' has a wildcard/],
    ['an empty prefix', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket, { prefix: '' }), /a prefix is empty/],
    ['a bucket of another Region', ({ app, accessGrants }) => accessGrants.addLocation('One', new SecureBucket(new Stack(app, 'Far', { env: { ...ENV, region: 'us-east-1' } }), 'Data', { bucketName: 'far' })), /gives access to data of its own Region, eu-west-1/],
    ['a bucket of another account without a name', ({ app, accessGrants }) => accessGrants.addLocation('One', new SecureBucket(new Stack(app, 'Partner', { env: { ...ENV, account: PARTNER } }), 'Data')), /gets its name at deployment/],
    ['a bucket whose account may be another', ({ app, accessGrants }) => accessGrants.addLocation('One', new SecureBucket(new Stack(app, 'Anywhere'), 'Data', { bucketName: 'anywhere' })), /not known whether the bucket 'Anywhere\/Data' is of another account/],
    ['sessions of a day', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket, { maxSessionDuration: Duration.hours(24) }), /'maxSessionDuration' is 1 day, and a role's sessions last 1 to 12 hours/],
    ['no bucket', ({ accessGrants }) => accessGrants.addLocation('One', undefined as any), /the bucket of a location is not a bucket/],
    ['a prefix outside the location', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket, { prefix: 'a/' }).grants.read(GROUP, { prefix: 'b/' }), /the prefix 'b\/' is outside of what the location is for: a\//],
    ['a prefix of which it is not known', ({ stack, bucket, accessGrants }) => accessGrants.addLocation('One', bucket, { prefix: 'a/' }).grants.read(GROUP, { prefix: new CfnParameter(stack, 'Later').valueAsString }), /whether 'prefix' is inside the location is known at deployment only/],
    ['another bucket', ({ stack, bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read(GROUP, { bucket: s3.Bucket.fromBucketName(stack, 'Other', 'other') }), /the bucket 'Lake\/Other' is outside the location/],
    ['an account', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read(Consumer.account(PARTNER)), /a whole account, and access is granted to roles, users and members/],
    ['an IAM group', ({ stack, bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read(new iam.Group(stack, 'Group')), /an IAM group/],
    ['a service', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read({ grantPrincipal: new iam.ServicePrincipal('ec2.amazonaws.com') }), /is no role, user or account/],
    ['nobody', ({ bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read(undefined as any), /to whom access is granted is not a role/],
    ['the directory, where there is none', ({ app }) => {
      const virginia = new Stack(app, 'Virginia', { env: { ...ENV, region: 'us-east-1' } });
      return new DatasetAccessGrants(virginia, 'AccessGrants').addLocation('One', new SecureBucket(virginia, 'Data')).grants.read(GROUP);
    }, /is associated with no IAM Identity Center. Pass its 'identityCenterArn'/],
    ['a role of another account without a name', ({ app, bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read(new iam.Role(new Stack(app, 'Partner', { env: { ...ENV, account: PARTNER } }), 'Role', { assumedBy: new iam.AccountRootPrincipal() })), /gets its name at deployment/],
    ['a role whose account may be another', ({ app, bucket, accessGrants }) => accessGrants.addLocation('One', bucket).grants.read(new iam.Role(new Stack(app, 'Anywhere'), 'Role', { assumedBy: new iam.AccountRootPrincipal() })), /not known whether .* is of another account/],
    ['a grant in another Region', ({ app, bucket, accessGrants }) => new AccessGrant(new Stack(app, 'Far', { env: { ...ENV, region: 'us-east-1' } }), 'Grant', { location: accessGrants.addLocation('One', bucket), grantee: GROUP, permission: AccessGrantPermission.READ }), /cannot refer to the location 'Lake\/AccessGrants\/One'/],
    ['the name of a group', () => DirectoryGrantee.group('Analysts'), /'Analysts' is not an id of a user or group of IAM Identity Center/],
    ['an ARN that is no Identity Center', ({ app }) => new DatasetAccessGrants(new Stack(app, 'Virginia', { env: { ...ENV, region: 'us-east-1' } }), 'AccessGrants', { identityCenterArn: 'arn:aws:sso:::instance/mine' }), /'identityCenterArn': 'arn:aws:sso:::instance\/mine' is not/],
    ['an organization by its id', ({ app }) => new DatasetAccessGrants(new Stack(app, 'Virginia', { env: { ...ENV, region: 'us-east-1' } }), 'AccessGrants', { sharedWith: ['o-exampleorgid'] }), /'sharedWith': 'o-exampleorgid' is not an account id/],
    ['a grant of the default location, of a bucket whose key does not leave its use to the account', ({ stack, accessGrants }) => {
      const policy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(`arn:aws:iam::${OWNER}:role/Admin`)], actions: ['kms:*'], resources: ['*'] })] });
      const bucket = new s3.Bucket(stack, 'Closed', { encryptionKey: new kms.Key(stack, 'Key', { policy }) });
      return accessGrants.addDefaultLocation().grants.read(GROUP, { bucket });
    }, /the policy of the key 'Lake\/Key' does not leave its use to the account/],
    ['a key of another stack that would have to name the role', ({ app, accessGrants }) => {
      const beside = new Stack(app, 'Beside', { env: ENV });
      const encryptionKey = new kms.Key(beside, 'Key', { policy: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(`arn:aws:iam::${OWNER}:role/Admin`)], actions: ['kms:*'], resources: ['*'] })] }) });
      return accessGrants.addLocation('One', new s3.Bucket(beside, 'Data', { bucketName: 'beside', encryptionKey }));
    }, /the policy of the key 'Beside\/Key' does not let policies of its account allow its use/],
  ])('%s', (_, make, message) => {
    expect(() => make(lake())).toThrow(message);
  });

  test('leaves nothing in the tree', () => {
    const { bucket, accessGrants } = lake();
    const location = accessGrants.addLocation('One', bucket, { prefix: 'a/' });
    const count = accessGrants.node.findAll().length;
    expect(() => accessGrants.addLocation('Two', bucket, { prefix: 'a/' })).toThrow();
    expect(() => location.grants.read(GROUP, { prefix: 'b/' })).toThrow();
    expect(accessGrants.node.findAll()).toHaveLength(count);
  });

  test('somebody of the directory in a policy', () => {
    const { bucket } = lake();
    expect(() => bucket.grantRead(GROUP)).toThrow(/a policy cannot name users or groups of a corporate directory/);
  });
});
