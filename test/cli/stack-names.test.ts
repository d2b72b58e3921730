import { file, json, secureBucket } from './terminal';

const NOT_LEGACY = { NotLegacy: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::StackName' }, 'legacy'] }] } };
const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };
const DENY = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [{ 'Fn::GetAtt': ['Data', 'Arn'] }, { 'Fn::Sub': '${Data.Arn}/*' }], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const Policy = { Type: 'AWS::S3::BucketPolicy', Condition: 'NotLegacy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement: [DENY] } } };
const GUARDED = file({ Conditions: NOT_LEGACY, Resources: { Data: BUCKET, Policy } }, 'guarded.json');

describe('the name of a stack that a file gives it', () => {
  const name = GUARDED.split('/').at(-1)!.replace('.json', '');
  const said = `The name of the stack ${name} is '${name}', as its file is called.`;

  test('is assumed where something depends on it', () => {
    expect(json('prove', GUARDED)).toMatchObject({ assumptions: [said], buckets: [{ guarantees: expect.arrayContaining([expect.objectContaining({ rule: 'SecureBucket-RequireTls', verdict: 'holds' })]) }] });
    expect(json('check', GUARDED).assumptions).toEqual([said]);
    const request = ['--principal', 'anonymous', '--action', 's3:GetObject', '--resource', 'Data', '--key', 'a'];
    expect(json('explain', GUARDED, ...request).decisions[0].assumptions).toContainEqual({ sentence: said, givenBy: '--stack-name' });
  });

  test('is not assumed where it is given, or nothing depends on it', () => {
    expect(json('prove', GUARDED, '--stack-name', 'legacy')).toMatchObject({ assumptions: [], buckets: [{ guarantees: expect.arrayContaining([expect.objectContaining({ rule: 'SecureBucket-RequireTls', verdict: 'broken' })]) }] });
    expect(json('prove', file({ Resources: { Data: BUCKET } })).assumptions).toEqual([]);
  });

  test('is drawn by CloudFormation for a nested stack', () => {
    const parent = file({ Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `./${name}.json` } } } });
    expect(json('prove', parent, GUARDED).buckets[0].guarantees[0]).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining("the condition 'NotLegacy'") });
  });
});

describe('a stack set', () => {
  const said = (properties: object) => secureBucket('check', file({ Resources: { Everywhere: { Type: 'AWS::CloudFormation::StackSet', Properties: properties } } }));
  test.each([
    ['elsewhere', { TemplateURL: 'https://bucket.s3.amazonaws.com/storage.json' }, /The template of the stack set 'Everywhere' is not at hand; what it makes is not looked at\./],
    ['as a text', { TemplateBody: 'Resources: {}' }, /The template of the stack set 'Everywhere' is not at hand as a file of its own \(it is the text of 'TemplateBody'\); what it makes is not looked at\./],
  ])('with its template %s is not clean', (_, properties, message) => {
    const { exitCode, out, err } = said(properties);
    expect([exitCode, `${out}${err}`]).toEqual([2, expect.stringMatching(message)]);
  });
});
