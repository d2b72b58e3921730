import { AccessEvaluator } from '../../src/access/access-evaluator';
import { accessTo } from '../../src/access/access-to';

const ALLOWS_PUBLIC = { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: false };
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::dataset/*' };
const ROLE = 'arn:aws:iam::444455556666:role/AppRole';
const PARAMETER = { Ref: 'Given' };

/** Who may reach the bucket: `kind name capability`, with a question mark where that is not decided. */
function shown(resources: Record<string, any>): string[] {
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset', PublicAccessBlockConfiguration: ALLOWS_PUBLIC } };
  const template = { Parameters: { Given: { Type: 'String' } }, Resources: { Bucket: bucket, ...resources } };
  const model = AccessEvaluator.fromTemplates([{ stackName: 'Data', account: '111122223333', region: 'eu-west-1', template }])._model;
  return accessTo(model, model.inventory.bucketNamed('dataset')!).map(({ holder, capability, accessPoint, decision, doubt }) =>
    `${holder.kind} ${holder.name} ${capability}${accessPoint ? ` through ${accessPoint.logicalId}` : ''}${doubt === undefined && String(decision?.outcome) === 'allowed' ? '' : '?'}`);
}

function document(...statements: any[]): any {
  return { Version: '2012-10-17', Statement: statements };
}

function policy(...statements: any[]): any {
  return { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document(...statements) } } };
}

function resource(type: string, properties: any): any {
  return { Type: type, Properties: properties };
}

function inline(...statements: any[]): any {
  return [{ PolicyName: 'own', PolicyDocument: document(...statements) }];
}

const ALL = ['list', 'read', 'write', 'delete', 'administer'];
const GROUP = resource('AWS::IAM::Group', { GroupName: 'analysts', Policies: inline(READ) });

test.each<[string, any, string[]]>([
  ['a user, by an own policy', { User: resource('AWS::IAM::User', { UserName: 'alice', Policies: inline(READ) }) }, ['user arn:aws:iam::111122223333:user/alice read']],
  ['a user, by the policy of a group; and other members', { User: resource('AWS::IAM::User', { UserName: 'alice', Groups: [{ Ref: 'Group' }] }), Group: GROUP }, ['user arn:aws:iam::111122223333:user/alice read', 'user members of the group analysts read?']],
  ['members of a group whom no template names', { Group: GROUP }, ['user members of the group analysts read?']],
  ['a role elsewhere that a policy names', { Own: resource('AWS::IAM::Policy', { PolicyName: 'own', Roles: ['Elsewhere'], PolicyDocument: document(READ) }) }, ['role arn:aws:iam::111122223333:role/Elsewhere read']],
  ['perhaps a role with a managed policy that is not known', { Role: resource('AWS::IAM::Role', { RoleName: 'Local', ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unheard'] }) }, ALL.map((one) => `role arn:aws:iam::111122223333:role/Local ${one}?`)],
  ['perhaps a role by a resource that is not known', { Role: resource('AWS::IAM::Role', { RoleName: 'Local', Policies: inline({ ...READ, Resource: PARAMETER }) }) }, ['role arn:aws:iam::111122223333:role/Local read?']],
  ['perhaps a role by a statement whose effect is not known', { Role: resource('AWS::IAM::Role', { RoleName: 'Local', Policies: inline({ ...READ, Effect: PARAMETER }) }) }, ['role arn:aws:iam::111122223333:role/Local read?']],
  ['perhaps a role by a policy that is not known', { Role: resource('AWS::IAM::Role', { RoleName: 'Local', Policies: [{ PolicyName: 'own', PolicyDocument: PARAMETER }] }) }, ALL.map((one) => `role arn:aws:iam::111122223333:role/Local ${one}?`)],
  ['a role within its boundary', {
    Role: resource('AWS::IAM::Role', { RoleName: 'Local', PermissionsBoundary: { Ref: 'Boundary' }, Policies: inline(READ) }),
    Boundary: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: document({ ...READ, Resource: 'arn:aws:s3:::dataset/team/*' }) }),
  }, ['role arn:aws:iam::111122223333:role/Local read']],
  ['everyone, where a condition asks of members only', policy({ ...READ, Principal: '*', Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }), ['everyone everyone read']],
  ['everyone, where all of no values are inside', policy({ ...READ, Principal: '*', Condition: { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/*' } } }), ['everyone everyone read']],
  ['the role that a statement names, not its organization', policy({ ...READ, Principal: { AWS: ROLE }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }), [`role ${ROLE} read?`]],
  ['perhaps others, by a variable', policy({ ...READ, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } } }), ['everyone every AWS account read?', 'account 111122223333 read']],
  ['perhaps an account, in folders of its users', policy({ ...READ, Principal: { AWS: '444455556666' }, Resource: 'arn:aws:s3:::dataset/home/${aws:username}/*' }), ['account 444455556666 read?']],
  ['perhaps somebody who is a parameter', policy({ ...READ, Principal: { AWS: PARAMETER } }), ['role <Data: Ref "Given"> read?']],
  ['perhaps a principal by its unique id', policy({ ...READ, Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } }), ['role AROAEXAMPLEEXAMPLE123 read?']],
  ['perhaps a federated principal', policy({ ...READ, Principal: { Federated: 'cognito-identity.amazonaws.com' } }), ['identity provider cognito-identity.amazonaws.com read?']],
  ['perhaps a canonical user', policy({ ...READ, Principal: { CanonicalUser: 'abcdef' } }), ['canonical user abcdef read?']],
  ['perhaps a role, by an operator that IAM does not know', policy({ ...READ, Principal: { AWS: ROLE }, Condition: { StringWeird: { 'aws:SourceVpc': 'vpc-1' } } }), [`role ${ROLE} read?`]],
  ['perhaps a role, by a statement whose effect is not known', policy({ ...READ, Principal: { AWS: ROLE }, Effect: PARAMETER }), [`role ${ROLE} read?`]],
  ['perhaps somebody, by a policy that is not known', { Policy: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: PARAMETER }) }, ALL.map((one) => `everyone whomever Data/Policy lets in ${one}?`)],
  ['perhaps a role that a deny may spare', policy({ ...READ, Principal: { AWS: ROLE } }, { ...READ, Effect: 'Deny', NotPrincipal: { AWS: ROLE } }), [`role ${ROLE} read?`]],
  ['the role that a deny spares, where the allow is for everyone', policy({ ...READ, Principal: '*' }, { ...READ, Effect: 'Deny', Principal: '*', Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE, `${ROLE}2`] } } }), [`role ${ROLE} read?`, `role ${ROLE}2 read?`]],
  ['AWS services, where they alone are let in', policy({ ...READ, Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } }), ['service any AWS service read']],
  ['a role over plain HTTP, where HTTPS is denied', policy({ ...READ, Principal: { AWS: ROLE } }, { ...READ, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), [`role ${ROLE} read?`]],
  ['perhaps those of both of two policies', { ...policy({ ...READ, Principal: { AWS: ROLE } }), Another: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: document({ ...READ, Effect: 'Deny', Principal: '*' }) }) }, [`role ${ROLE} read?`]],
  ['perhaps those of a policy whose bucket is not known', { Policy: resource('AWS::S3::BucketPolicy', { Bucket: PARAMETER, PolicyDocument: document({ ...READ, Principal: { AWS: ROLE }, Resource: '*' }) }) }, [`role ${ROLE} read?`]],
  ['perhaps those of an access point whose bucket is not known', {
    Team: resource('AWS::S3::AccessPoint', { Name: 'team', Bucket: PARAMETER, Policy: document({ ...READ, Principal: { AWS: ROLE }, Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team/object/*' }) }),
  }, [`role ${ROLE} read through Team?`]],
  ['everyone, by access control lists', {
    Bucket: resource('AWS::S3::Bucket', { BucketName: 'dataset', AccessControl: 'PublicRead', OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] }, PublicAccessBlockConfiguration: { IgnorePublicAcls: false } }),
  }, ['everyone everyone list', 'everyone everyone read?', 'everyone every AWS account read?']],
  ['whoever may read by other actions that give data', policy({ ...READ, Action: 's3:GetObjectVersionForReplication', Principal: { AWS: ROLE } }), [`role ${ROLE} read?`]],
])('shows %s', (_, resources, expected) => {
  expect(shown(resources)).toEqual(expected);
});

test('a request that one endpoint denies does not hide what another may let through', () => {
  const endpoint = (...statements: any[]) => resource('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-1.s3', VpcId: 'vpc-0abc', PolicyDocument: document(...statements) });
  const outside = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: READ.Resource, Condition: { StringNotEquals: { 'aws:SourceVpce': [{ Ref: 'One' }, { Ref: 'Two' }] } } };
  const resources = {
    Role: resource('AWS::IAM::Role', { RoleName: 'Local', Policies: inline(READ) }),
    One: endpoint({ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }),
    Two: endpoint({ ...READ, Principal: '*' }),
    ...policy(outside),
  };
  expect(shown(resources)).toEqual(['role arn:aws:iam::111122223333:role/Local read?']);
});

describe('through an access point', () => {
  const point = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
  const forRole = { ...READ, Principal: { AWS: ROLE }, Resource: `${point}/object/*` };
  const accessPoint = (properties: object) => ({ Team: resource('AWS::S3::AccessPoint', { Name: 'team', Bucket: { Ref: 'Bucket' }, Policy: document(forRole), ...properties }) });
  const delegating = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::dataset', 'arn:aws:s3:::dataset/*'], Condition: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } } };
  const deny = (Condition: object) => ({ ...delegating, Effect: 'Deny', Condition });
  const caller = `role ${ROLE} read through Team?`; // of another account, whose policies no template has

  test('of a VPC', () => {
    expect(shown({ ...accessPoint({ VpcConfiguration: { VpcId: 'vpc-0abc123def4567890' } }), ...policy(delegating) })).toContain(caller);
  });

  test('of a VPC that a template makes', () => {
    const vpc = { Network: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }) };
    expect(shown({ ...vpc, ...accessPoint({ VpcConfiguration: { VpcId: { Ref: 'Network' } } }), ...policy(delegating) })).toContain(caller);
  });

  test.each([
    ['endpoints', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['VPCs', { StringNotEquals: { 'aws:SourceVpc': 'vpc-0abc123def4567890' } }],
    ['an organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }],
  ])('of a bucket that a perimeter of %s guards', (_, condition) => {
    expect(shown({ ...accessPoint({}), ...policy(delegating, deny(condition)) })).toContain(caller);
  });

  test('of a VPC, and of a bucket that answers another VPC alone', () => {
    const shut = policy(delegating, deny({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1111111111111111' } }));
    expect(shown({ ...accessPoint({ VpcConfiguration: { VpcId: 'vpc-0abc123def4567890' } }), ...shut }).filter((one) => one.startsWith('role'))).toEqual([]);
  });

  test('a role of the own account, by its own policy', () => {
    const local = { Role: resource('AWS::IAM::Role', { RoleName: 'Local', Policies: inline({ ...READ, Resource: `${point}/object/*` }) }) };
    const guarded = policy(delegating, deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }));
    expect(shown({ ...local, ...accessPoint({ VpcConfiguration: { VpcId: 'vpc-0abc123def4567890' } }), ...guarded })).toContain('role arn:aws:iam::111122223333:role/Local read through Team');
  });
});

test('through an access point, the part of the data that the bucket delegates', () => {
  const point = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
  const delegated = { ...READ, Principal: '*', Resource: 'arn:aws:s3:::dataset/team/*', Condition: { StringEquals: { 's3:DataAccessPointArn': point } } };
  expect(shown({
    Team: resource('AWS::S3::AccessPoint', { Name: 'team', Bucket: { Ref: 'Bucket' }, Policy: document({ ...READ, Principal: { AWS: ROLE }, Resource: `${point}/object/*` }) }),
    ...policy(delegated),
  })).toContain(`role ${ROLE} read through Team?`);
});

test('a role of another account, in the part of the data that both sides share', () => {
  const producer = {
    stackName: 'Producer',
    account: '111122223333',
    region: 'eu-west-1',
    template: {
      Resources: {
        Bucket: resource('AWS::S3::Bucket', { BucketName: 'dataset' }),
        ...policy({ ...READ, Principal: { AWS: ROLE }, Resource: ['arn:aws:s3:::dataset/a/*', 'arn:aws:s3:::dataset/b/*'] }),
      },
    },
  };
  const consumer = {
    stackName: 'Consumer',
    account: '444455556666',
    region: 'eu-west-1',
    template: {
      Resources: {
        Role: resource('AWS::IAM::Role', { RoleName: 'AppRole', Policies: inline({ ...READ, Resource: ['arn:aws:s3:::dataset/c/*', 'arn:aws:s3:::dataset/b/*'] }) }),
      },
    },
  };
  const model = AccessEvaluator.fromTemplates([producer, consumer])._model;
  expect(accessTo(model, model.inventory.bucketNamed('dataset')!).map(({ holder, decision }) => [holder.name, decision?.outcome])).toEqual([[ROLE, 'allowed']]);
});

test('whoever comes through a multi-Region access point is not decided, for each bucket that may be behind it', () => {
  const behind = (regions: any) => shown({ Point: resource('AWS::S3::MultiRegionAccessPoint', { Name: 'data', Regions: regions }) });
  const open = ALL.map((capability) => `role whomever Data/Point lets in ${capability} through Point?`);
  expect(behind([{ Bucket: { Ref: 'Bucket' } }, { Bucket: 'elsewhere' }]).map((one) => one.replace(/^\S+/, 'role'))).toEqual(open);
  expect(behind([{ Bucket: PARAMETER }]).map((one) => one.replace(/^\S+/, 'role'))).toEqual(open);
  expect(behind([{ Bucket: 'elsewhere' }])).toEqual([]);
});
