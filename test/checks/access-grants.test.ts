import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Consumer, DatasetAccessGrants, DirectoryGrantee, SecureBucket } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { GROUP_ID, IDENTITY_CENTER } from '../support/access-grants';

const ACCOUNT = '111122223333';
const SERVICE = { Service: 'access-grants.s3.amazonaws.com' };
const INSTANCE = `arn:aws:s3:eu-west-1:${ACCOUNT}:access-grants/default`;

/** What a rule says of a template. */
function said(ruleId: string, Resources: object, environment: object = { account: ACCOUNT, region: 'eu-west-1' }): string[] {
  const template = { Parameters: { P: { Type: 'String' } }, Resources };
  return judge(deploymentOf([{ name: 'Stack', ...environment, template } as any]))
    .filter(({ rule }) => rule.id === ruleId).map(({ isDecided, problem }) => `${isDecided ? 'found' : 'not decided'}: ${problem}`);
}

describe('AccessGrantsLocation', () => {
  const location = (IamRoleArn: unknown = { 'Fn::GetAtt': ['Role', 'Arn'] }) => ({ Type: 'AWS::S3::AccessGrantsLocation', Properties: { LocationScope: 's3://', IamRoleArn } });
  const judged = (statements: unknown, environment?: object) => said('AccessGrantsLocation', {
    Location: location(), Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: statements } } },
  }, environment);
  const trust = (more: object = {}) => ({ Effect: 'Allow', Principal: SERVICE, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'], ...more });
  const BY_ANY_INSTANCE = 'found: The role of a location of S3 Access Grants can be taken on by S3 Access Grants for an instance of any account.';
  const BY_ANYBODY = 'found: The role of a location of S3 Access Grants can be taken on by anybody of any account.';

  test.each<[string, unknown, string[]]>([
    ['its account', [trust({ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })], []],
    ['its instance', [trust({ Condition: { ArnEquals: { 'aws:SourceArn': INSTANCE } } })], []],
    ['both', [trust({ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': INSTANCE } } })], []],
    ['its account, whatever that is', [trust({ Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } })], []],
    ['an organization', [trust({ Condition: { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } } })], []],
    ['nothing', [trust()], [BY_ANY_INSTANCE]],
    ['instances of any account', [trust({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:access-grants/default' } } })], [BY_ANY_INSTANCE]],
    ['its account, if somebody says for which', [trust({ Condition: { 'ForAllValues:StringNotEquals': { 'aws:SourceAccount': '444455556666' } } })], [BY_ANY_INSTANCE]],
    ['a deny of others', [trust(), { Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: { StringNotEquals: { 'aws:SourceAccount': ACCOUNT } } }], []],
    ['everybody', [trust({ Principal: '*' })], [BY_ANY_INSTANCE, BY_ANYBODY]],
    ['everybody of an account, and for its account', [trust({ Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } } })], []],
    ['another account that is named', [trust({ Principal: { AWS: '444455556666' } })], []],
    ['another service', [trust({ Principal: { Service: 'ec2.amazonaws.com' } })], []],
  ])('a role that trusts the service for %s', (_, statements, expected) => {
    expect(judged(statements)).toEqual(expected);
  });

  test('where the account is not known before deployment, the own one is still not a stranger', () => {
    expect(judged([trust({ Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } })], {})).toEqual([]);
    expect(judged([trust()], {})).toEqual([BY_ANY_INSTANCE]);
  });

  test.each<[string, object, RegExp]>([
    ['a role of elsewhere', { Location: location(`arn:aws:iam::${ACCOUNT}:role/elsewhere`) }, /the role is not in these templates/],
    ['a role that comes later', { Location: location({ Ref: 'P' }) }, /the role is not in these templates/],
    ['a trust that comes later', { Location: location(), Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Ref: 'P' } } } }, /its trust is not known before deployment/],
    ['a condition that comes later', {
      Location: location(), Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [trust({ Condition: { StringLike: { 'aws:SourceAccount': { Ref: 'P' } } } })] } } },
    }, /values of its trust are not known before deployment/],
  ])('%s is not decided', (_, resources, expected) => {
    expect(said('AccessGrantsLocation', resources)).toEqual([expect.stringMatching(expected)]);
    expect(said('AccessGrantsLocation', resources)[0]).toMatch(/^not decided: |It is not decided whether/);
  });
});

describe('AccessGrantScope', () => {
  const grant = (S3SubPrefix: unknown, AccessGrantsLocationId: unknown = 'default') => ({
    Type: 'AWS::S3::AccessGrant',
    Properties: {
      AccessGrantsLocationId,
      Permission: 'READ',
      Grantee: { GranteeType: 'IAM', GranteeIdentifier: `arn:aws:iam::${ACCOUNT}:role/Reader` },
      ...(S3SubPrefix === undefined ? {} : { AccessGrantsLocationConfiguration: { S3SubPrefix } }),
    },
  });
  const location = (LocationScope: unknown) => ({ Type: 'AWS::S3::AccessGrantsLocation', Properties: { LocationScope, IamRoleArn: `arn:aws:iam::${ACCOUNT}:role/location` } });
  const ID = { 'Fn::GetAtt': ['Location', 'AccessGrantsLocationId'] };
  const judged = (Grant: object, more: object = {}) => said('AccessGrantScope', { Grant, ...more });

  test.each<[string, object, object]>([
    ['of a bucket', grant('amzn-s3-demo-bucket/*'), {}],
    ['of a prefix', grant('amzn-s3-demo-bucket/reports/*'), {}],
    ['of a bucket of the template', grant({ 'Fn::Sub': '${Bucket}/*' }), { Bucket: { Type: 'AWS::S3::Bucket' } }],
    ['of all of a location', grant('*', ID), { Location: location('s3://amzn-s3-demo-bucket/') }],
    ['of a location that others registered', grant('*', 'a1b2c3d4-5678-90ab-cdef-1234567890ab'), {}],
  ])('a grant %s is fine', (_, one, more) => {
    expect(judged(one, more)).toEqual([]);
  });

  test.each<[string, object, object, string]>([
    ['of everything', grant('*'), {}, "for all buckets: its scope is 's3://*'"],
    ['of the default location without more', grant(undefined), {}, "for all buckets: its scope is 's3://'"],
    ['of everything, by reference', grant('*', ID), { Location: location('s3://') }, "for all buckets: its scope is 's3://*'"],
    ['of buckets that begin alike', grant('data-*/reports/*'), {}, "for all buckets whose names begin with 'data-'"],
  ])('a grant %s is found', (_, one, more, expected) => {
    expect(judged(one, more)).toEqual([expect.stringContaining(`found: The access grant is ${expected}`)]);
  });

  test.each<[string, object, object]>([
    ['of what comes later', grant({ Ref: 'P' }), {}],
    ['of a location that comes later', grant('*', { Ref: 'P' }), {}],
    ['of a location whose scope comes later', grant('*', ID), { Location: location({ Ref: 'P' }) }],
  ])('a grant %s is not decided', (_, one, more) => {
    expect(judged(one, more)).toEqual([expect.stringMatching(/^not decided: /)]);
  });
});

test('the rules have nothing to say of what DatasetAccessGrants makes', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Lake', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  const bucket = new SecureBucket(stack, 'Data', { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } });
  const accessGrants = new DatasetAccessGrants(stack, 'AccessGrants', { identityCenterArn: IDENTITY_CENTER });
  accessGrants.addLocation('Team', bucket, { prefix: 'team-a/' }).grants.read(DirectoryGrantee.group(GROUP_ID));
  const { grants } = accessGrants.addDefaultLocation();
  grants.readWrite(new iam.Role(stack, 'Loader', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') }), { bucket });
  grants.read(Consumer.roleArn('arn:aws:iam::444455556666:role/Partner'), { bucket, prefix: 'shared/' });
  app.synth();
  expect(judge(deploymentOf(synthesizedTemplates(app))).map(({ rule, problem }) => `${rule.id}: ${problem}`)).toEqual([]);
  expect(bucket.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning'))).toEqual([]);
});
