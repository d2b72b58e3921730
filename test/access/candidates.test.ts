import { candidates } from '../../src/access/candidates';
import { Inventory } from '../../src/access/inventory';
import { deploymentOf } from '../../src/template/deployment-of';

const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset' } };
const OBJECTS = 'arn:aws:s3:::dataset/*';

/** Who may do what, as the policies of some resources say it: `kind label capability`. */
function found(resources: Record<string, any>): string[] {
  const deployment = deploymentOf([{ name: 'Data', account: '111122223333', region: 'eu-west-1', template: { Resources: { Bucket: BUCKET, ...resources } } }]);
  const inventory = new Inventory(deployment);
  return candidates(inventory, inventory.bucketNamed('dataset')!).map(({ holder, capability, accessPoint }) =>
    `${holder.kind} ${holder.label} ${capability}${accessPoint ? ` through ${accessPoint.logicalId}` : ''}`);
}

function policy(...statements: any[]): any {
  return { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'dataset', PolicyDocument: { Version: '2012-10-17', Statement: statements } } } };
}

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS };
const ROLE = 'arn:aws:iam::444455556666:role/team/AppRole';

test.each<[string, any[], string[]]>([
  ['a role', [{ ...READ, Principal: { AWS: ROLE } }], ['role AppRole read']],
  ['a user', [{ ...READ, Principal: { AWS: 'arn:aws:iam::444455556666:user/alice' } }], ['user alice read']],
  ['an account, in either form', [{ ...READ, Principal: { AWS: ['444455556666', 'arn:aws:iam::777788889999:root'] } }], ['account 444455556666 read', 'account 777788889999 read']],
  ['roles of an account by condition', [{ ...READ, Principal: { AWS: '444455556666' }, Condition: { ArnEquals: { 'aws:PrincipalArn': [ROLE, 'arn:aws:iam::444455556666:role/Two'] } } }], ['role AppRole read', 'role Two read']],
  ['an organization', [{ ...READ, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }], ['organization o-exampleorgid read']],
  ['access points of accounts', [{ ...READ, Principal: '*', Condition: { StringEquals: { 's3:DataAccessPointAccount': ['111122223333', '444455556666'] } } }], ['access point those of 111122223333 read', 'access point those of 444455556666 read']],
  ['a distribution', [{ ...READ, Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: { StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/E1EXAMPLE' } } }], ['distribution E1EXAMPLE read']],
  ['a service', [{ ...READ, Action: 's3:PutObject', Principal: { Service: 'logging.s3.amazonaws.com' } }], ['service logging.s3.amazonaws.com write']],
  ['everyone: nobody in particular, any account, the own account', [{ ...READ, Principal: { AWS: '*' } }], ['everyone everyone read', 'everyone every AWS account read', 'account 111122223333 read', 'service any AWS service read']],
  ['everyone but one', [{ ...READ, NotPrincipal: { AWS: ROLE } }], [`everyone everyone but ${ROLE} read`, `everyone everyone but ${ROLE} read`, 'account 111122223333 read', 'service any AWS service read']],
  ['all that one statement gives', [{ ...READ, Principal: { AWS: ROLE }, Action: 's3:*', Resource: [OBJECTS, 'arn:aws:s3:::dataset'] }], ['list', 'read', 'write', 'delete', 'administer'].map((capability) => `role AppRole ${capability}`)],
  ['deleting, where a policy tells it from nothing else', [{ ...READ, Principal: { AWS: ROLE }, Action: ['s3:GetObject', 's3:DeleteObject'] }], ['role AppRole read', 'role AppRole delete']],
  ['nobody whom a deny stops', [{ ...READ, Principal: { AWS: ROLE } }, { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: OBJECTS, Condition: { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } } }], []],
  ['those whom a deny lets through', [{ ...READ, Principal: { AWS: ROLE } }, { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: OBJECTS, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } } }], ['role AppRole read']],
  ['nobody by a deny alone', [{ ...READ, Effect: 'Deny', Principal: '*' }], []],
])('%s', (_, statements, expected) => {
  expect(found(policy(...statements))).toEqual(expected);
});

test('each comes with a request that its statement allows', () => {
  const deployment = deploymentOf([{ name: 'Data', template: { Resources: { Bucket: BUCKET, ...policy({ ...READ, Principal: { AWS: ROLE }, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } } }) } } }]);
  const inventory = new Inventory(deployment);
  const [{ request }] = candidates(inventory, inventory.bucketNamed('dataset')!);
  expect(request).toMatchObject({ principal: { arn: ROLE }, action: 's3:GetObject' });
  expect(request?.context.get('aws:sourcevpce')).toEqual(['vpce-0abc123def4567890']);
});

const role = (...statements: any[]) => ({ Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'Local', Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }] } } });

test.each<[string, any, string[]]>([
  ['a role by its own policy', role(READ), ['role Local read']],
  ['a role that may do everything', role({ Effect: 'Allow', Action: '*', Resource: '*' }), ['list', 'read', 'write', 'delete', 'administer'].map((capability) => `role Local ${capability}`)],
  ['no role for other data', role({ ...READ, Resource: 'arn:aws:s3:::another/*' }), []],
  ['no role that the bucket denies it', { ...role(READ), ...policy({ ...READ, Effect: 'Deny', Principal: '*' }) }, []],
])('%s', (_, resources, expected) => {
  expect(found(resources)).toEqual(expected);
});

test('through an access point, those whom its policy names', () => {
  const arn = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
  const statement = { ...READ, Principal: { AWS: ROLE }, Resource: `${arn}/object/team/*` };
  const accessPoint = (Bucket: any) => ({ Team: { Type: 'AWS::S3::AccessPoint', Properties: { Bucket, Name: 'team', Policy: { Version: '2012-10-17', Statement: [statement] } } } });
  expect(found(accessPoint({ Ref: 'Bucket' }))).toEqual(['role AppRole read through Team']);
  expect(found(accessPoint('another'))).toEqual([]);
});
