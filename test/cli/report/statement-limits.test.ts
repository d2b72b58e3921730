import { limitsOf } from '../../../src/cli/report/statement-limits';

const limits = (statement: object) => limitsOf(JSON.stringify({ Effect: 'Allow', Action: 's3:GetObject', ...statement }));

test.each<[string, object, string | undefined]>([
  ['everything in a bucket', { Resource: ['arn:aws:s3:::dataset', 'arn:aws:s3:::dataset/*'] }, undefined],
  ['everything', { Resource: '*' }, undefined],
  ['no resource', {}, undefined],
  ['objects below a prefix', { Resource: 'arn:aws:s3:::dataset/data/*' }, 'objects data/*'],
  ['objects below several', { Resource: ['arn:aws:s3:::dataset/data/*', 'arn:aws:s3:::dataset/reports/*'] }, 'objects data/* or reports/*'],
  ['objects below a prefix beside all objects', { Resource: ['arn:aws:s3:::dataset/data/*', 'arn:aws:s3:::dataset/*'] }, undefined],
  ['objects behind an access point', { Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team/object/data/*' }, 'objects data/*'],
  ['all objects behind an access point', { Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team/object/*' }, undefined],
  ['objects with a colon in their keys', { Resource: 'arn:aws:s3:::dataset/a:b/*' }, 'objects a:b/*'],
  ['all but a prefix', { NotResource: 'arn:aws:s3:::dataset/secret/*' }, 'all but secret/*'],
])('objects: %s', (_, statement, words) => expect(limits(statement)).toBe(words));

test.each<[string, Record<string, Record<string, unknown>>, string]>([
  ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }, 'over vpce-0abc123def4567890'],
  ['endpoints', { StringEquals: { 'AWS:sourceVpce': ['vpce-1', 'vpce-2', 'vpce-3'] } }, 'over vpce-1, vpce-2 or vpce-3'],
  ['no endpoint', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, 'if aws:SourceVpce is not vpce-1'],
  ['an endpoint, or none', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }, 'if aws:SourceVpce, where the request has it, is vpce-1'],
  ['an address', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, 'if aws:SourceIp is not 203.0.113.0/24'],
  ['an organization and a service', { StringLike: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, StringEquals: { 'aws:SourceAccount': '111122223333' } }, 'by principals of o-exampleorgid; for account 111122223333'],
  ['HTTPS', { Bool: { 'aws:SecureTransport': 'true' } }, 'over HTTPS'],
  ['a boolean of JSON', { Bool: { 'aws:SecureTransport': true } }, 'over HTTPS'],
  ['plain HTTP', { Bool: { 'aws:SecureTransport': 'false' } }, 'if aws:SecureTransport is false'],
  ['an absent key', { Null: { 's3:x-amz-acl': 'true' } }, 'if s3:x-amz-acl is absent'],
  ['a number', { NumericLessThanEquals: { 's3:signatureAge': 900000 } }, 'if s3:signatureAge is at most 900000'],
  ['a set', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } }, 'if every value of aws:TagKeys is team or stage'],
  ['an unknown key', { StringEquals: { constructor: 'x' } }, 'if constructor is x'],
])('conditions: %s', (_, Condition, words) => expect(limits({ Condition })).toBe(words));

test('objects and conditions', () => {
  expect(limits({ Resource: 'arn:aws:s3:::dataset/data/*', Condition: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } } })).toBe('objects data/*; through access points of account 111122223333');
});
