import { matchesPattern } from './event-patterns';

const EVENT = {
  'detail-type': 'AWS API Call via CloudTrail',
  'detail': { state: 'running', resources: [{ ARN: 'one' }, { ARN: 'two' }], requestParameters: { bucketName: 'data' }, c: { c1: 100 } },
};

test.each<[string, Record<string, unknown>, boolean]>([
  ['a value', { detail: { state: ['running'] } }, true],
  ['one of several values', { detail: { state: ['initializing', 'running'] } }, true],
  ['another value', { detail: { state: ['stopped'] } }, false],
  ['a field that is not there', { detail: { zone: ['a'] } }, false],
  ['several fields, of which one differs', { 'detail-type': ['AWS API Call via CloudTrail'], 'detail': { state: ['stopped'] } }, false],
  ['a value in any element of an array', { detail: { resources: { ARN: ['two'] } } }, true],
  ['a value in no element of an array', { detail: { resources: { ARN: ['three'] } } }, false],
  ['anything but another value', { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } }, true],
  ['anything but this value', { detail: { state: [{ 'anything-but': 'running' }] } }, false],
  ['anything but some value, of a field that is not there', { detail: { zone: [{ 'anything-but': ['a'] }] } }, false],
  ['that a field is there', { detail: { state: [{ exists: true }] } }, true],
  ['that a field is not there', { detail: { state: [{ exists: false }] } }, false],
  ['that nothing is there below what is not there', { detail: { user: { session: { arn: [{ exists: false }] } } } }, true],
  ['that no leaf is there, where there is an object', { detail: { c: [{ exists: false }] } }, true],
  ['either of two, the second', { detail: { $or: [{ state: ['stopped'] }, { requestParameters: { bucketName: ['data'] } }] } }, true],
  ['neither of two', { detail: { $or: [{ state: ['stopped'] }, { requestParameters: { bucketName: ['other'] } }] } }, false],
  ['either of two beside a field that differs', { detail: { $or: [{ state: ['running'] }, { state: ['stopped'] }], requestParameters: { bucketName: ['other'] } } }, false],
])('%s', (_, pattern, matches) => {
  expect(matchesPattern(EVENT, pattern)).toBe(matches);
});

test('an operator that is not known is no match and no mismatch', () => {
  expect(() => matchesPattern(EVENT, { detail: { state: [{ prefix: 'run' }] } })).toThrow('an operator that is not known here');
});
