import { file, json, secureBucket } from './terminal';

const TLS = { Sid: 'Tls', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const MACRO = { 'Fn::Transform': { Name: 'Guardrails' } };
const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } };
const DOCUMENT = { Version: '2012-10-17', Statement: [TLS] };
const PROPERTIES = { Bucket: { Ref: 'Bucket' }, PolicyDocument: DOCUMENT };
const TYPE = 'AWS::S3::BucketPolicy';

/** What is proved of TLS. */
function tls(policy: object): { verdict: string; reason?: string } {
  return json('prove', file({ Resources: { Bucket: BUCKET, Policy: policy } })).buckets[0].guarantees[0];
}

test('a policy without a macro holds', () => {
  expect(tls({ Type: TYPE, Properties: PROPERTIES })).toMatchObject({ verdict: 'holds' });
});

test.each<[where: string, policy: object]>([
  ['beside the type of the policy', { Type: TYPE, ...MACRO, Properties: PROPERTIES }],
  ['among its properties', { Type: TYPE, Properties: { ...PROPERTIES, ...MACRO } }],
  ['instead of the document', { Type: TYPE, Properties: { Bucket: { Ref: 'Bucket' }, ...MACRO } }],
  ['in the document', { Type: TYPE, Properties: { ...PROPERTIES, PolicyDocument: { ...DOCUMENT, ...MACRO } } }],
  ['in a statement', { Type: TYPE, Properties: { ...PROPERTIES, PolicyDocument: { ...DOCUMENT, Statement: [{ ...TLS, ...MACRO }] } } }],
])('what a macro may change is not decided: %s', (_, policy) => {
  expect(tls(policy)).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(/transform/i) });
});

test('settings of a bucket that a macro may change are not decided', () => {
  const findings = (bucket: object): string[] => json('check', file({ Resources: { Bucket: bucket } })).findings.map(({ rule }: any) => rule);
  expect(findings(BUCKET)).toContain('SecureBucket-BlockPublicAccess');
  expect(findings({ ...BUCKET, ...MACRO })).not.toContain('SecureBucket-BlockPublicAccess');
  expect(findings({ ...BUCKET, ...MACRO })).toContain('SecureBucket-BlockPublicAccess-NotDecided');
});

test.each<[what: string, template: object]>([
  ['a macro beside the sections', { ...MACRO, Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }],
  ['a macro among the parameters', { Parameters: MACRO, Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }],
  ['a function without its transform', { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Length': [1] } } } } }],
])('a template is not clean that has %s', (_, template) => {
  const { exitCode, out, err } = secureBucket('check', file(template));
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('warning') });
  expect(out).not.toContain('--parameters Fn::Transform');
});
