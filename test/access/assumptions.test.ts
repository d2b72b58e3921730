import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AccessAssumptions } from '../../src';
import { AccessEvaluator } from '../../src/access/access-evaluator';

const folder = mkdtempSync(join(tmpdir(), 'assume-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, 'assume.json');
  writeFileSync(path, content);
  return path;
}

test.each<[what: string, json: unknown, message: RegExp]>([
  ['a list', [], /^assumptions: the whole must be an object\.$/],
  ['a part that is not known', { buckte: {} }, /'buckte' is not known\. There are: version, environment/],
  ['another version', { version: 2 }, /'version' must be 1\./],
  ['an account id that is none', { accounts: { 123: {} } }, /'accounts\.123' must be an AWS account id, such as/],
  ['an organization id that is none', { accounts: { 111122223333: { organizationId: 'example' } } }, /'accounts\.111122223333\.organizationId' must be an organization id/],
  ['a path of an organization that is none', { accounts: { 111122223333: { organizationPath: 'ou-ab12-1' } } }, /organizationPath' must be the path of the account/],
  ['a policy that is none', { accounts: { 111122223333: { serviceControlPolicies: [[{ Statement: [{ Effect: 'Perhaps' }] }]] } } }, /'accounts\.111122223333\.serviceControlPolicies\[0\]\[0\]\.Statement\[0\]\.Effect' is no policy/],
  ['a resource control policy that AWS Organizations would refuse', { accounts: { 111122223333: { resourceControlPolicies: [{ Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] }] } } },
    /resourceControlPolicies\[0\]\.Statement\[0\]' is no policy: a resource control policy names services in its Action/],
  ['a principal that is none', { principals: { AppRole: {} } }, /'principals\.AppRole' must be the ARN of a role or user/],
  ['a principal of an account that is none', { principals: { 'arn:aws:iam::1111:role/AppRole': {} } }, /'principals\.arn:aws:iam::1111:role\/AppRole' is wrong: .*'1111' is not an AWS account id/],
  ['a flag that is a text', { accounts: { 111122223333: { isManagementAccount: 'yes' } } }, /isManagementAccount' must be true or false/],
  ['a setting that does not exist', { buckets: { 'amzn-s3-demo-bucket': { objectOwnership: 'Mine' } } }, /objectOwnership' must be "BucketOwnerEnforced" or/],
  ['an endpoint that is none', { endpoints: { 'vpce-1': {} } }, /'endpoints\.vpce-1' must be a VPC endpoint id/],
  ['a key that is none', { keys: { 'alias/data': {} } }, /'keys\.alias\/data' must be the ARN of a KMS key/],
  ['tags that are no texts', { principals: { 'arn:aws:iam::111122223333:role/A': { tags: { team: 1 } } } }, /tags\.team' must be a text/],
])('%s is refused with the place and the reason', (_, json, message) => {
  expect(() => AccessAssumptions.fromJson(json)).toThrow(message);
});

test('a file is named in the error', () => {
  expect(() => AccessAssumptions.fromFile(file('{"version": 3}'))).toThrow(/assume\.json: 'version' must be 1/);
  expect(() => AccessAssumptions.fromFile(file('{'))).toThrow(/assume\.json: this is no JSON/);
  expect(() => AccessAssumptions.fromFile(join(folder, 'nowhere.json'))).toThrow(/there is no such file/);
});

describe('what is given', () => {
  const template = {
    Parameters: { Name: { Type: 'String' } },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Name' } } },
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'AppRole', Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } }] } }] } },
    },
  };
  const request = { principal: 'arn:aws:iam::111122223333:role/AppRole', action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/1' };
  const decide = (json: object) => AccessEvaluator.fromTemplates([{ stackName: 'Stack', template }], AccessAssumptions.fromJson(json)).decide(request);

  test('where a stack is deployed, and what its parameters are', () => {
    expect(decide({}).outcome).toBe('not-decided');
    expect(decide({ environment: { account: '111122223333', region: 'eu-west-1' } }).outcome).toBe('not-decided');
    expect(decide({ environment: { account: '111122223333', region: 'eu-west-1' }, parameters: { Stack: { Name: 'amzn-s3-demo-bucket' } } }).outcome).toBe('allowed');
  });

  test('a policy of the assumptions is named as the place of a statement', () => {
    const path = file(JSON.stringify({
      environment: { account: '111122223333', region: 'eu-west-1' },
      parameters: { Stack: { Name: 'amzn-s3-demo-bucket' } },
      accounts: { 111122223333: { serviceControlPolicies: [{ Statement: [{ Sid: 'Stop', Effect: 'Deny', Action: '*', Resource: '*' }] }] } },
    }));
    const decision = AccessEvaluator.fromTemplates([{ stackName: 'Stack', template }], AccessAssumptions.fromFile(path)).decide(request);
    expect(decision.decidedBy?.statements).toEqual([
      expect.objectContaining({ sid: 'Stop', file: path, property: 'accounts.111122223333.serviceControlPolicies[0]', path: 'Statement[0]', json: '{"Sid":"Stop","Effect":"Deny","Action":"*","Resource":"*"}' }),
    ]);
    expect(String(decision)).toMatch(/^Denied by service-control-policies: .*\n {2}A statement in the service control policies of account 111122223333 denies s3:GetObject/);
  });
});

test('the example of the documentation is taken', () => {
  const [, json] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../../docs/access.md'), 'utf8'))!;
  expect(() => AccessAssumptions.fromFile(file(json))).not.toThrow();
  expect(Object.keys(JSON.parse(json))).toHaveLength(11);
});

test('the resource control policy that AWS attaches everywhere lets everything through', () => {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
  expect(() => AccessAssumptions.fromFile(file(JSON.stringify({ accounts: { 111122223333: { resourceControlPolicies: [everything] } } })))).not.toThrow();
});
