import { file, json, secureBucket } from './terminal';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const ROOT = { AWS: 'arn:aws:iam::111122223333:root' };
const policy = (Action: unknown) => file({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: ROOT, Action, Resource: '*' }] });

describe('a policy that is said to belong to what it is not for', () => {
  test.each<[what: string, action: unknown, owner: string[], found: string]>([
    ['a bucket policy of a key', 's3:GetObject', ['--kms-key', KEY], "not the policy of a key: none of its actions is one of kms (the first is 's3:GetObject')"],
    ['a key policy of a bucket', ['kms:Decrypt'], ['--bucket', 'amzn-s3-demo-bucket'], 'not the policy of a bucket or access point'],
    ['a key policy of an access point', 'kms:*', ['--access-point', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/analysts'], 'not the policy of a bucket or access point'],
  ])('is refused: %s', (_, action, owner, found) => {
    expect(secureBucket('check', '--policy', policy(action), ...owner)).toMatchObject({ exitCode: 1, err: expect.stringContaining(found) });
  });

  test.each<[action: unknown]>([['kms:*'], ['*'], ['KMS:Decrypt'], [['kms:Decrypt', 's3:GetObject']]])('is taken where it may be of a key: %j', (action) => {
    expect(secureBucket('check', '--policy', policy(action), '--kms-key', KEY).exitCode).not.toBe(1);
  });
});

test.each<[value: unknown, rule: string[]]>([
  [true, []],
  ['true', []],
  ['True', ['SecureBucket-BlockPublicAccess-NotDecided']],
  ['FALSE', ['SecureBucket-BlockPublicAccess-NotDecided']],
  ['false', ['SecureBucket-BlockPublicAccess']],
])('Block Public Access that is %j is judged by what is documented', (value, rule) => {
  const PublicAccessBlockConfiguration = { BlockPublicAcls: value, BlockPublicPolicy: value, IgnorePublicAcls: value, RestrictPublicBuckets: value };
  const { findings } = json('check', file({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { PublicAccessBlockConfiguration } } } }));
  expect(findings.map((one: { rule: string }) => one.rule).filter((one: string) => one.includes('BlockPublicAccess'))).toEqual(rule);
});
