import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { file, secureBucket } from './terminal';
import { Consumer, DatasetAccessGrants, DirectoryGrantee, SecureBucket } from '../../src';
import { GROUP_ID, IDENTITY_CENTER, OWNER, PARTNER } from '../support/access-grants';
import { NewFolder } from '../support/new-folder';

const ENV = { account: OWNER, region: 'eu-west-1' };
const outdir = new NewFolder().path;
const app = new App({ analyticsReporting: false, outdir });
const stack = new Stack(app, 'Lake', { env: ENV });
const bucket = new SecureBucket(stack, 'Data', { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] } });
const team = new DatasetAccessGrants(stack, 'AccessGrants', { identityCenterArn: IDENTITY_CENTER }).addLocation('TeamA', bucket, { prefix: 'team-a/' });
const loader = new iam.Role(stack, 'Loader', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
const forbidden = new iam.Role(stack, 'Forbidden', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
forbidden.addToPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['s3:GetDataAccess'], resources: ['*'] }));
const bounded = new iam.Role(stack, 'Bounded', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'), permissionsBoundary: iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess') });
const GRANTS = {
  group: team.grants.read(DirectoryGrantee.group(GROUP_ID), { prefix: 'team-a/reports/' }),
  loader: team.grants.readWrite(loader),
  writer: team.grants.write(DirectoryGrantee.user(GROUP_ID)),
  forbidden: team.grants.read(forbidden),
  bounded: team.grants.read(bounded),
  partner: team.grants.read(Consumer.roleArn(`arn:aws:iam::${PARTNER}:role/Partner`)),
};
app.synth();

const INSIDE = ['--context', 'aws:SourceVpce=vpce-0abc123def4567890'];
const explained = (grant: keyof typeof GRANTS, action: string, key: string, ...more: string[]) =>
  secureBucket('explain', outdir, '--access-grant', GRANTS[grant].node.path, '--action', action, '--resource', 'Lake/Data', ...(key === '' ? [] : ['--key', key]), ...more);

test.each<[string, keyof typeof GRANTS, string, string, string[], number]>([
  ['a group reads its prefix', 'group', 's3:GetObject', 'team-a/reports/1.csv', INSIDE, 0],
  ['a group does not read beside it', 'group', 's3:GetObject', 'team-a/other/1.csv', INSIDE, 2],
  ['a group does not upload', 'group', 's3:PutObject', 'team-a/reports/1.csv', INSIDE, 2],
  ['a group is bound by the perimeter of the bucket', 'group', 's3:GetObject', 'team-a/reports/1.csv', [], 2],
  ['a group lists its prefix', 'group', 's3:ListBucket', '', [...INSIDE, '--context', 's3:prefix=team-a/reports/'], 0],
  ['a group does not list everything', 'group', 's3:ListBucket', '', INSIDE, 2],
  ['a role uploads', 'loader', 's3:PutObject', 'team-a/new', INSIDE, 0],
  ['a role does not upload outside the location', 'loader', 's3:PutObject', 'team-b/new', INSIDE, 2],
  ['who may write does not read', 'writer', 's3:GetObject', 'team-a/new', INSIDE, 2],
])('%s', (_, grant, action, key, context, exitCode) => {
  expect(explained(grant, action, key, ...context)).toMatchObject({ exitCode, err: '' });
});

test('who may not ask gets nothing', () => {
  const { exitCode, out } = explained('forbidden', 's3:GetObject', 'team-a/1', ...INSIDE);
  expect([exitCode, out]).toEqual([2, expect.stringContaining("The policies of 'Lake/Forbidden/Resource' do not allow it to call s3:GetDataAccess on ")]);
});

test('of whom it is not known whether they may ask, nothing is decided', () => {
  const { exitCode, out } = explained('partner', 's3:GetObject', 'team-a/1', ...INSIDE);
  expect([exitCode, out]).toEqual([2, expect.stringContaining(`Whether arn:aws:iam::${PARTNER}:role/Partner may call s3:GetDataAccess on `)]);
  expect(out).not.toContain('is shared with account'); // it is
});

test('what may stop the grantee above its own policies is not decided', () => {
  expect(explained('bounded', 's3:GetObject', 'team-a/1', ...INSIDE)).toMatchObject({ exitCode: 2, out: expect.stringContaining("Whether the permissions boundary of 'Lake/Bounded/Resource' lets it") });
  const denying = (Action: string) => file({ accounts: { [OWNER]: { serviceControlPolicies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action, Resource: '*' }] }] } } });
  expect(explained('loader', 's3:PutObject', 'team-a/new', ...INSIDE, '--assume', denying('s3:GetDataAccess'))).toMatchObject({ exitCode: 2, out: expect.stringContaining('Whether policies of the organization let') });
  expect(explained('loader', 's3:PutObject', 'team-a/new', ...INSIDE, '--assume', denying('s3:PutBucketPolicy')).exitCode).toBe(0);
});

test('a grant is named by its construct path or logical ID, and stands for the principal', () => {
  const logicalId = stack.resolve((GRANTS.group.node.defaultChild as any).logicalId);
  const reading = ['--action', 's3:GetObject', '--resource', 'Lake/Data', '--key', 'team-a/reports/1.csv', ...INSIDE];
  expect(secureBucket('explain', outdir, '--access-grant', logicalId, ...reading).exitCode).toBe(0);
  expect(secureBucket('explain', outdir, '--access-grant', 'Lake/Nothing', ...reading)).toMatchObject({ exitCode: 1, err: expect.stringContaining("There is no access grant 'Lake/Nothing'") });
  expect(secureBucket('explain', outdir, '--access-grant', logicalId, '--principal', 'Lake/Loader', ...reading)).toMatchObject({ exitCode: 1, err: expect.stringContaining('Specify --access-grant') });
});

test('what a grant of others gives cannot be told', () => {
  const template = file({
    Resources: {
      Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
      Grant: {
        Type: 'AWS::S3::AccessGrant',
        Properties: { AccessGrantsLocationId: 'default', AccessGrantsLocationConfiguration: { S3SubPrefix: 'amzn-s3-demo-bucket/*' }, Permission: 'READ', Grantee: { GranteeType: 'DIRECTORY_GROUP', GranteeIdentifier: GROUP_ID } },
      },
    },
  });
  const { exitCode, err } = secureBucket('explain', template, '--account', OWNER, '--region', 'eu-west-1', '--access-grant', 'Grant', '--action', 's3:GetObject', '--resource', 'Data', '--key', 'a');
  expect([exitCode, err]).toEqual([1, expect.stringContaining('the location of the grant is not in these templates')]);
});

test('whether the role of a location works in a session of a grant is not decided, unless the request says so; other roles surely do not', () => {
  const reading = (role: string, ...context: string[]) => secureBucket('explain', outdir, '--principal', role, '--action', 's3:GetObject', '--resource', 'Lake/Data', '--key', 'team-a/1', ...INSIDE, ...context);
  const location = 'Lake/AccessGrants/TeamA/Role';
  expect(reading(location).out).toMatch(/^Not decided by identity-policies: .*\n.*s3:accessgrantsinstancearn/i);
  expect(reading(location, 's3:AccessGrantsInstanceArn=').out).toMatch(/^Denied by identity-policies: /);
  expect(reading(location, `s3:AccessGrantsInstanceArn=arn:aws:s3:eu-west-1:${OWNER}:access-grants/default`).exitCode).toBe(0);
  expect(reading('Lake/Loader').out).toMatch(/^Denied by identity-policies: /);
});
