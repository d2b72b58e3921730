import { BUCKET } from './brute-force';
import { HTTPS_ONLY } from '../../src/guarantees/transport';
import { parsePolicy } from '../../src/policy/document';
import { Guarantee } from '../../src/proof/guarantee';
import { prove } from '../../src/proof/prove';

/** What is proved of a policy that denies plain HTTP under each of some conditions. */
function denyingHttp(...conditions: object[]) {
  const deny = ({ Bool = {}, ...others }: any) =>
    ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false', ...Bool }, ...others } });
  return prove(parsePolicy({ Version: '2012-10-17', Statement: conditions.map(deny) }), HTTPS_ONLY, BUCKET);
}

const unless = (key: string, value: string) => ({ StringNotEquals: { [key]: value } });
const only = (key: string, value: string) => ({ StringEquals: { [key]: value } });

describe('tags that differ in letter case alone', () => {
  test.each(['s3:ExistingObjectTag/', 's3:RequestObjectTag/', 's3:BucketTag/', 'aws:ResourceTag/', 'aws:RequestTag/'])('are not decided: %s', (tag) => {
    const expected = { verdict: 'not-decided', reason: expect.stringContaining('letter case') };
    expect(denyingHttp(unless(`${tag}Team`, 'red'), unless(`${tag}team`, 'blue'))).toMatchObject(expected);
    expect(denyingHttp(unless(`${tag}team`, 'red'), unless(`${tag}team`, 'blue'))).toMatchObject(expected);
  });

  test('change nothing where some tag is denied, whichever counts', () => {
    expect(denyingHttp(unless('s3:ExistingObjectTag/team', 'red'), only('s3:ExistingObjectTag/team', 'red')).verdict).toBe('holds');
    expect(denyingHttp(unless('s3:ExistingObjectTag/team', 'red'), only('s3:ExistingObjectTag/Team', 'red')).verdict).toBe('holds');
  });

  test('are none of callers: IAM tells no such tags apart', () => {
    expect(denyingHttp(unless('aws:PrincipalTag/Team', 'red'), unless('aws:PrincipalTag/team', 'blue')).verdict).toBe('holds');
  });
});

test.each(['StringNotEquals', 'StringEquals', 'Null', 'ForAllValues:StringEquals', 'NotIpAddress'])('what %s says where no value is listed is not decided', (operator) => {
  expect(denyingHttp({ [operator]: { 'aws:Referer': [] } })).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('where no value is listed') });
});

test('an allow under a condition without values is not taken for one that allows nothing', () => {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': [] }, StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }] });
  expect(prove(policy, { sentence: 'Nobody is allowed anything.', needsAllow: {}, breaches: [{}] }, BUCKET).verdict).toBe('not-decided');
});

describe('what lies between two milliseconds is not decided', () => {
  const until = (moment: string, key = 'aws:CurrentTime') => ({ DateLessThanEquals: { [key]: moment } });
  const from = (moment: string, key = 'aws:CurrentTime') => ({ DateGreaterThanEquals: { [key]: moment } });

  test.each([
    [[until('2026-06-01T00:00:00.000Z'), from('2026-06-01T00:00:00.001Z')]],
    [[until('2026-06-01T00:00:00.0001Z'), from('2026-06-01T00:00:00.0009Z')]],
    [[until('1780272000', 'aws:EpochTime'), from('2026-06-01T00:00:00.001Z')]],
    [[until('2026-06-01T00:00:00Z', 'aws:TokenIssueTime'), from('2026-06-01T00:00:00.001Z', 'aws:TokenIssueTime'), { Null: { 'aws:TokenIssueTime': 'true' } }]],
  ])('%j', (conditions) => {
    expect(denyingHttp(...conditions).verdict).toBe('not-decided');
  });

  test('what lies between others is', () => {
    expect(denyingHttp(until('2026-06-01T00:00:00.000Z'), from('2026-06-01T00:00:00.002Z')).verdict).toBe('broken');
    expect(denyingHttp(until('2026-06-01T00:00:00.001Z'), from('2026-06-01T00:00:00.001Z')).verdict).toBe('holds');
  });
});

describe('a negated operator for ARNs, and a value that is no ARN', () => {
  const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1';
  const noOtherKey: Guarantee = { sentence: 'Nothing is uploaded with another key.', breaches: [{ Action: 's3:PutObject', Condition: { Null: { [key]: 'false' }, StringNotEquals: { [key]: arn } } }] };
  const proved = (operator: string, guarantee = noOtherKey) => prove(parsePolicy({
    Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { [operator]: { [key]: arn } } }],
  }), guarantee, BUCKET);

  test.each(['ArnNotEquals', 'ArnNotLike'])('are not decided: %s with the alias of a key', (operator) => {
    expect(proved(operator)).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(/what \S+ says of '\S+' in '\S+', which is no ARN/) });
    expect(proved(operator, { ...noOtherKey, breaches: [{ Condition: { ArnLike: { [key]: 'arn:aws:kms:*:444455556666:*' } } }] }).verdict).toBe('holds');
  });

  test('are no matter to operators that compare texts', () => {
    expect(proved('StringNotEquals').verdict).toBe('holds');
  });
});

test.each([
  ['a time without a zone', { DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00' } }],
  ['a day that its month does not have', { DateLessThan: { 'aws:CurrentTime': '2026-02-30T00:00:00Z' } }],
  ['a number with an exponent', { NumericGreaterThan: { 's3:signatureAge': '6e5' } }],
  ['a number between blanks', { NumericGreaterThan: { 's3:signatureAge': ' 600000 ' } }],
])('how %s is compared is not decided', (_, condition) => {
  const [[operator, compared]] = Object.entries(condition);
  const opposite = { DateLessThan: 'DateGreaterThanEquals', NumericGreaterThan: 'NumericLessThanEqualsIfExists' }[operator]!;
  expect(denyingHttp(condition, { [opposite]: compared })).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(/which is not a valid (?:date|number)/) });
});
