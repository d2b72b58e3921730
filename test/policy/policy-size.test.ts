import { smallestPolicySize } from '../../src/policy/policy-size';
import * as fc from '../support/fast-check';

test('the size of a policy without intrinsic functions is exact', () => {
  const statements = fc.array(fc.record({ Sid: fc.stringMatching(/^[A-Za-z0-9]+$/), Action: fc.array(fc.string()) }));
  fc.assert(fc.property(statements, (Statement) => smallestPolicySize({ Statement }) === Buffer.byteLength(JSON.stringify({ Statement }))));
});

test('characters count in bytes', () => {
  expect(smallestPolicySize('ü')).toBe('"ü"'.length + 1);
});

test.each([
  [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] }, 'arn:aws:iam::111122223333:root'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::abc'],
  [{ 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '*']] }, 'arn:aws:s3:::abc/*'],
  [{ Ref: 'Bucket' }, 'a'],
  [{ 'Fn::ImportValue': 'Export' }, 'a'],
])('%j counts as the shortest text that it can stand for', (value, text) => {
  expect(smallestPolicySize({ Resource: value })).toBe(JSON.stringify({ Resource: text }).length);
});

test('an object with one key that is no intrinsic function keeps its key', () => {
  expect(smallestPolicySize({ AWS: '*' })).toBe('{"AWS":"*"}'.length);
});
