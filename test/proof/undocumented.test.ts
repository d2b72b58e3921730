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

const KMS_KEY = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const accountIs = (id: string) => ({ StringNotEquals: { 'aws:PrincipalAccount': id } });

describe('no counterexample rests on a request of a form that AWS does not document', () => {
  test.each<[what: string, conditions: object[]]>([
    ['an action on a version that tells no version', [{ Null: { 's3:versionid': 'false' } }]],
    ['a session of more than 36 hours', [{ DateLessThan: { 'aws:CurrentTime': '2026-06-03T00:00:00Z' } }, { DateGreaterThanEqualsIfExists: { 'aws:TokenIssueTime': '2026-06-01T00:00:00Z' } }, { Null: { 'aws:TokenIssueTime': 'true' } }]],
    ['a role that runs on a function of another account', [{ ArnNotLike: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:*:444455556666:function:*' } }, accountIs('111122223333')]],
    ['a role that runs on an instance of another account', [{ ArnNotLike: { 'ec2:SourceInstanceArn': 'arn:aws:ec2:*:444455556666:instance/*' } }, accountIs('111122223333')]],
    ['a role that runs on a build of another account', [{ ArnNotLike: { 'codebuild:BuildArn': 'arn:aws:codebuild:*:444455556666:build/*' } }, accountIs('111122223333')]],
    ['a key whose id begins with a letter that ids have not', [{ StringNotLike: { [KMS_KEY]: 'arn:aws:kms:*:*:key/x*' } }]],
    ['a key without a Region', [{ StringNotLike: { [KMS_KEY]: 'arn:aws:kms::*' } }]],
    ['a role with an id of six characters', [{ StringNotLike: { 'aws:userid': 'AROA??:*' } }]],
    ['a user with an id of more characters than IAM gives', [{ StringNotLike: { 'aws:userid': `AIDA${'?'.repeat(130)}` } }]],
    ['an access point with a name of two characters', [{ StringNotLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:*:accesspoint/??' } }]],
    ['an access point with a dot at the beginning', [{ StringNotLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:*:accesspoint/.*' } }]],
    ['an access point of several Regions whose alias begins with a digit', [{ StringNotLike: { 's3:DataAccessPointArn': 'arn:aws:s3::*:accesspoint/1*.mrap' } }]],
    ['an account that patterns fix together, in two organizations', [
      ...['aws:PrincipalAccount', 'aws:VpceAccount'].flatMap((key) => ['44445555666?', '?44455556666'].map((pattern) => ({ StringNotLike: { [key]: pattern } }))),
      unless('aws:PrincipalOrgID', 'o-exampleorgid'), unless('aws:VpceOrgID', 'o-secondorgid'),
    ]],
  ])('%s', (what, conditions) => {
    const isOfAccessPoints = what.startsWith('an access point');
    const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });
    const proof = isOfAccessPoints ? prove(parsePolicy({ Version: '2012-10-17', Statement: conditions.map(deny) }), { sentence: 'Nothing passes.', breaches: [{}] }, BUCKET)
      : what.startsWith('an action') ? prove(parsePolicy({ Version: '2012-10-17', Statement: conditions.map(deny) }), { sentence: 'No version is read.', breaches: [{ Action: 's3:GetObjectVersion' }] }, BUCKET)
        : denyingHttp(...conditions);
    expect(proof).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(/version|36 hours|run on|name a key|an id|access point called|two places/) });
  });

  test.each<[what: string, conditions: object[], key: string, value: RegExp]>([
    ['a session of a day', [{ DateLessThan: { 'aws:CurrentTime': '2026-06-02T00:00:00Z' } }, { DateGreaterThanEqualsIfExists: { 'aws:TokenIssueTime': '2026-06-01T00:00:00Z' } }], 'aws:tokenissuetime', /^2026-05-31/],
    ['a role that runs on a function of its own account', [{ ArnNotLike: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:*:444455556666:function:ingest-*' } }], 'aws:principalaccount', /^444455556666$/],
    ['a role that runs on some instance', [{ Null: { 'ec2:SourceInstanceArn': 'true' } }], 'ec2:sourceinstancearn', /^arn:aws:ec2:[a-z0-9-]+:111122223333:instance\/i-[0-9a-f]{17}$/],
    ['a key whose id begins as ids do', [{ StringNotLike: { [KMS_KEY]: 'arn:aws:kms:*:1234*:key/12*' } }], KMS_KEY, /:1234\d{8}:key\/12[0-9a-f-]{34}$/],
    ['a role with an id that begins as given', [{ StringNotLike: { 'aws:userid': 'AROAEXAMPLE*:*' } }], 'aws:userid', /^AROAEXAMPLE[A-Z0-9]{10}:/],
  ])('but what is possible refutes: %s', (_, conditions, key, value) => {
    const proof = denyingHttp(...conditions);
    expect(proof.verdict === 'broken' && proof.request.context.get(key)?.[0]).toMatch(value);
  });

  test.each(['team-*', 't*', '*-?', 'a??????'])('but an access point called %s may be', (name) => {
    const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotLike: { 's3:DataAccessPointArn': `arn:aws:s3:*:*:accesspoint/${name}` } } }] });
    const proof = prove(policy, { sentence: 'Nothing passes.', breaches: [{}] }, BUCKET);
    expect(proof.verdict === 'broken' && proof.request.context.get('s3:dataaccesspointarn')?.[0]).toMatch(/accesspoint\/[a-z0-9][a-z0-9-]+[a-z0-9]$/);
  });
});

test.each([['aws:userid', 'anonymous'], ['aws:PrincipalType', 'Anonymous']])('whether %s of a service is %s, as it is of nobody, is not decided', (key, value) => {
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:GetObject', Resource: '*' }] });
  const proof = prove(policy, { sentence: 'No such request is allowed.', needsAllow: {}, breaches: [{ Condition: { StringLike: { [key]: value } } }] }, BUCKET);
  expect(proof).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('which AWS does not document') });
});
