import { Aws } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket } from '../../src';
import { policyStatements, synthesisErrors, testStack, warnings } from '../support/apps';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const pin = (stack: ReturnType<typeof testStack>) => policyStatements(stack, 'DataPolicy').find(({ Sid }) => Sid === 'DenyOtherKeys').Condition.StringNotEquals['s3:x-amz-server-side-encryption-aws-kms-key-id'];

test('a key of the app is taken as it is, and uploads are pinned to its ARN', () => {
  const stack = testStack();
  const key = new kms.Key(stack, 'Shared', { enableKeyRotation: true });
  const bucket = new SecureBucket(stack, 'Data', { encryptionKey: key });
  expect(bucket.encryptionKey).toBe(key);
  expect(pin(stack)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Shared/), 'Arn'] });
  Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
  expect(warnings(bucket)).toEqual([]);
});

test('a key of the app that does not rotate comes with a warning', () => {
  const stack = testStack();
  expect(warnings(new SecureBucket(stack, 'Data', { encryptionKey: new kms.Key(stack, 'Shared') }))).toEqual(['cdk-secure-bucket:keyDoesNotRotate']);
});

test('what cannot be verified of an imported key is said in a warning', () => {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Data', { encryptionKey: kms.Key.fromKeyArn(stack, 'Imported', KEY_ARN) });
  expect(warnings(bucket)).toEqual(['cdk-secure-bucket:importedKeyNotVerified']);
  expect(pin(stack)).toBe(KEY_ARN);
});

test('an alias of a key of the app is as good as the key: uploads are pinned to the key', () => {
  const stack = testStack();
  const alias = new kms.Key(stack, 'Shared', { enableKeyRotation: true }).addAlias('alias/data');
  const bucket = new SecureBucket(stack, 'Data', { encryptionKey: alias });
  expect(warnings(bucket)).toEqual([]);
  expect(pin(stack)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Shared/), 'Arn'] });
});

test('an imported alias is refused: its key, to which uploads would be pinned, is unknown', () => {
  const stack = testStack();
  expect(() => new SecureBucket(stack, 'Data', { encryptionKey: kms.Alias.fromAliasName(stack, 'Imported', 'alias/data') })).toThrow("'Stack/Data': 'encryptionKey' is the alias 'alias/data' of a key that is not known at synthesis");
});

test.each([
  ['alias/data', "'Stack/Data': 'encryptionKey' is the alias 'alias/data' of a key that is not known at synthesis"],
  ['alias/aws/s3', "'Stack/Data': 'encryptionKey' is the AWS managed key 'alias/aws/s3'"],
])('an alias that is imported by its ARN is refused like one by its name: %s', (name, expected) => {
  const stack = testStack();
  const key = kms.Key.fromKeyArn(stack, 'Imported', `arn:aws:kms:eu-west-1:111122223333:${name}`);
  expect(() => new SecureBucket(stack, 'Data', { encryptionKey: key })).toThrow(expected);
});

test('the AWS managed key is refused', () => {
  const stack = testStack();
  expect(() => new SecureBucket(stack, 'Data', { encryptionKey: kms.Alias.fromAliasName(stack, 'Aws', 'alias/aws/s3') })).toThrow("'Stack/Data': 'encryptionKey' is the AWS managed key 'alias/aws/s3'");
});

test('a key of another Region is refused', () => {
  const stack = testStack();
  const key = kms.Key.fromKeyArn(stack, 'Imported', KEY_ARN.replace('eu-west-1', 'us-east-1'));
  expect(() => new SecureBucket(stack, 'Data', { encryptionKey: key })).toThrow("'Stack/Data': 'encryptionKey' is in us-east-1, and the bucket in eu-west-1");
});

test('a key that cannot encrypt is refused', () => {
  const stack = testStack();
  const key = new kms.Key(stack, 'Signing', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY });
  expect(() => new SecureBucket(stack, 'Data', { encryptionKey: key })).toThrow("'Stack/Data': 'encryptionKey' is a RSA_2048 key");
});

test.each<[string, (stack: ReturnType<typeof testStack>) => s3.IBucket]>([
  ['its own', (stack) => new SecureBucket(stack, 'Data')],
  ['one of the app', (stack) => new SecureBucket(stack, 'Data', { encryptionKey: new kms.Key(stack, 'Shared', { enableKeyRotation: true }) })],
])('a grant for an origin access identity, which KMS would refuse, fails with the way out: the key is %s', (_, make) => {
  const stack = testStack();
  const bucket = make(stack);
  bucket.grantRead(new cloudfront.OriginAccessIdentity(stack, 'Identity'));
  expect(synthesisErrors(stack)).toMatch(/'Stack\/Data': the policy of its key names an origin access identity.*KMS refuses.*withOriginAccessControl/);
});

test('a key that is disabled is refused', () => {
  const stack = testStack();
  expect(() => new SecureBucket(stack, 'Data', { encryptionKey: new kms.Key(stack, 'Shared', { enabled: false }) })).toThrow("'Stack/Data': 'encryptionKey' is disabled");
});

describe('a deny in the policy of its key, where the account is not known', () => {
  const errorsWith = (conditions: Record<string, any>) => {
    const stack = testStack({});
    const bucket = new SecureBucket(stack, 'Data');
    bucket.encryptionKey!.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'Added', effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:*'], resources: ['*'], conditions,
    }));
    return synthesisErrors(stack);
  };

  test('that binds everybody is an error', () => {
    expect(errorsWith({ ArnLike: { 'aws:PrincipalArn': '*' } })).toContain("'Stack/Data': the statement 'Added' of the policy of its key locks out everybody from kms:Decrypt. Name the principals");
  });

  test.each([
    ['that binds all accounts but one that is known, which may be its own', '444455556666'],
    ['that binds all accounts but its own', Aws.ACCOUNT_ID],
  ])('%s is none', (_, account) => {
    expect(errorsWith({ StringNotEquals: { 'aws:PrincipalAccount': account } })).toBe('');
    expect(errorsWith({ StringNotEquals: { 'kms:CallerAccount': account } })).toBe('');
  });
});
