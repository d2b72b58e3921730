import { parsePolicy } from '../../src/policy/document';
import { lintPolicy } from '../../src/policy/lint';

const OBJECTS = 'arn:aws:s3:::dataset/*';
const BUCKET = 'arn:aws:s3:::dataset';

function findings(...statements: object[]): string[] {
  const Statement = statements.map((elements) => ({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:GetObject', Resource: OBJECTS, ...elements }));
  return lintPolicy(parsePolicy({ Version: '2012-10-17', Statement })).map(({ kind, path }) => `${kind} ${path}`);
}

test.each<[what: string, statements: object[], expected: string[]]>([
  ['a common statement', [{}], []],
  ['an unknown operator', [{ Condition: { StringEqual: { 'aws:PrincipalOrgID': 'o' } } }], ['unknown-operator Statement[0].Condition.StringEqual']],
  ['Null with IfExists', [{ Condition: { NullIfExists: { 'aws:PrincipalOrgID': 'true' } } }], ['unknown-operator Statement[0].Condition.NullIfExists']],
  ['operators in any case', [{ Condition: { 'stringequalsIFEXISTS': { 'aws:PrincipalOrgID': 'o' }, 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o/*' } } }], []],
  ['a misspelt key', [{ Condition: { StringEquals: { 'aws:SourceVPCEndpoint': 'vpce-1' } } }], ['misspelt-key Statement[0].Condition.StringEquals.aws:SourceVPCEndpoint']],
  ['a misspelt key of S3', [{ Condition: { StringEquals: { 's3:x-amz-server-side-encrytion': 'AES256' } } }], ['misspelt-key Statement[0].Condition.StringEquals.s3:x-amz-server-side-encrytion']],
  ['keys with a part of their own', [{ Condition: { StringEquals: { 'aws:PrincipalTag/a b': 'x', 's3:ExistingObjectTag/c': 'y', 'kms:EncryptionContext:aws:s3:arn': BUCKET } } }], []],
  ['a Sid twice', [{ Sid: 'A' }, { Sid: 'B' }, { Sid: 'A' }], ['duplicate-sid Statement[2].Sid']],
  ['no Sid twice', [{}, {}, { Sid: '' }, { Sid: '' }], []],
  ['an action that does not exist', [{ Action: ['s3:GetObjects', 's3:GetObject'] }], ['unknown-action Statement[0].Action']],
  ['what the CDK allows AppConfig', [{ Action: ['s3:GetObject', 's3:GetObjectMetadata'] }], []],
  ['actions of other services', [{ Action: ['sqs:Anything', 's3:GetObject'] }], []],
  ['what the CDK allows AppConfig, in a deny', [{ Effect: 'Deny', Action: 's3:GetObjectMetadata' }], ['unknown-action Statement[0].Action']],
  ['an action of KMS that does not exist', [{ Action: ['kms:Decrpyt', 'kms:ReEncrypt*'] }], ['unknown-action Statement[0].Action']],
  ['a principal with a wildcard', [{ Principal: { AWS: ['arn:aws:iam::111122223333:role/*', '*'] } }], ['principal-pattern Statement[0].Principal.AWS']],
  ['a condition key of no service', [{ Condition: { Bool: { SecureTransport: 'true' } } }], ['misspelt-key Statement[0].Condition.Bool.SecureTransport']],
  ['listing of objects', [{ Action: 's3:ListBucket' }], ['action-without-resource Statement[0].Action']],
  ['reading of a bucket', [{ Resource: BUCKET }], ['action-without-resource Statement[0].Action']],
  ['listing and reading of both', [{ Action: ['s3:ListBucket', 's3:GetObject'], Resource: [BUCKET, OBJECTS] }], []],
  ['a wildcard that is something', [{ Action: 's3:Get*' }], []],
  ['a wildcard that is nothing', [{ Action: 's3:Fetch*' }], ['unknown-action Statement[0].Action']],
  ['objects of an access point', [{ Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*' }], []],
  ['reading of an access point itself', [{ Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/a' }], ['action-without-resource Statement[0].Action']],
  ['everything but something', [{ Resource: undefined, NotResource: BUCKET }, { Action: undefined, NotAction: 's3:Nothing' }], []],
])('%s', (_, statements, expected) => {
  expect(findings(...statements)).toEqual(expected);
});
