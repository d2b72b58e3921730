import { BUCKET } from './brute-force';
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../../src/aws/actions';
import { onlyThroughS3 } from '../../src/guarantees/keys';
import { insideOrganizations } from '../../src/guarantees/organization';
import { youngPresignedUrls } from '../../src/guarantees/presigned-urls';
import { HTTPS_ONLY } from '../../src/guarantees/transport';
import { parsePolicy } from '../../src/policy/document';
import { unknownText } from '../../src/policy/unknown-text';
import { EVERY_CALLER, Guarantee } from '../../src/proof/guarantee';
import { keyRequests, prove, proveTogether } from '../../src/proof/prove';

const everything = parsePolicy({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/AppRole' }, Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`] }],
});

test.each([...OBJECT_ACTIONS, ...BUCKET_ACTIONS].map((name) => `s3:${name}`))('a guarantee about %s is refuted by it, though the policy tells it from no other action', (wanted) => {
  const proof = prove(everything, { sentence: `Nobody may ${wanted}.`, needsAllow: EVERY_CALLER, breaches: [{ Action: wanted }] }, BUCKET);
  expect(proof).toMatchObject({ verdict: 'broken', request: { action: wanted } });
});

test('a guarantee about an action that the policy does not allow holds', () => {
  const reading = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:Get*', Resource: `${BUCKET.arn}/*` }] });
  const claim = (wanted: string) => prove(reading, { sentence: `Nobody may ${wanted}.`, needsAllow: EVERY_CALLER, breaches: [{ Action: wanted }] }, BUCKET).verdict;
  expect([claim('s3:DeleteObject'), claim('s3:GetObjectTagging')]).toEqual(['holds', 'broken']);
});

const OUTSIDERS = insideOrganizations(['o-exampleorgid'], [], '111122223333');
const denyIf = (Condition: object) => parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition }] });

describe('a request that the policy judges like another, and that the guarantee tells from it, refutes', () => {
  test.each<[what: string, guarantee: Guarantee, condition: object]>([
    ['of another unit that is let in beside the own', OUTSIDERS, { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': ['o-exampleorgid/r-1/*', 'o-secondorgid/r-1/*'] } }],
    ['of an account that happens to be mentioned', OUTSIDERS, { StringEqualsIfExists: { 'aws:SourceAccount': ['999988887777', '111122223333'] } }],
    ['of an age that no test mentions', youngPresignedUrls(900_000), { NumericEquals: { 's3:signatureAge': ['899999', '604800000'] } }],
  ])('%s', (_, guarantee, condition) => {
    expect(prove(denyIf(condition), guarantee, BUCKET).verdict).toBe('broken');
  });

  test('of whoever a variable stands for', () => {
    const condition = { StringNotEquals: { 'aws:PrincipalOrgID': ['o-exampleorgid', '${aws:PrincipalOrgID}'] } };
    expect(prove(denyIf(condition), OUTSIDERS, BUCKET).verdict).toBe('broken');
  });
});

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
describe('the path of a principal may hold whatever can be printed', () => {
  const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });
  const passing = (...conditions: object[]) => prove(parsePolicy({ Version: '2012-10-17', Statement: conditions.map(deny) }), HTTPS_ONLY, BUCKET);
  const withPath = { verdict: 'broken', request: { principal: { arn: expect.stringMatching(/:(?:role|user)\/[!-~]*\/[\w+=,.@-]+$/) } } };

  test.each(['role/*!*', 'role/!*', 'role/*:*', 'role/*(x)*', 'role/*#?*', 'user/*;*'])('whom a deny spares by %s passes', (spared) => {
    expect(passing({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::111122223333:${spared}` }, Bool: { 'aws:SecureTransport': 'false' } })).toMatchObject(withPath);
  });

  test.each(['arn:*:iam::444455556666:*', 'arn:*:444455556666:?*', 'arn:aws*:iam::444455556666:role*'])('who is of another account passes as %s', (spared) => {
    expect(passing(
      { StringNotLike: { 'aws:PrincipalArn': spared }, Bool: { 'aws:SecureTransport': 'false' } },
      { StringEquals: { 'aws:PrincipalAccount': '444455556666' } },
    )).toMatchObject(withPath);
  });
});

describe('a deny of plain HTTP that spares only', () => {
  test.each<[what: string, verdict: string, condition: object]>([
    ['private addresses', 'not-decided', { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '127.0.0.0/8'] } }],
    ['a range with more than private addresses', 'broken', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/7' } }],
    ['services whose names end in another domain', 'not-decided', { StringLikeIfExists: { 'aws:PrincipalServiceName': '*.amazonaws.com' } }],
    ['services whose names begin alike', 'broken', { StringNotLike: { 'aws:PrincipalServiceName': 'delivery*' } }],
    ['calls through services whose names end in another domain', 'not-decided', { StringLikeIfExists: { 'aws:CalledViaLast': '*.amazonaws.com' } }],
    ['endpoints with ids longer than AWS draws them', 'not-decided', { StringNotLike: { 'aws:SourceVpce': `vpce-${'?'.repeat(18)}*` } }],
    ['endpoints whose ids begin alike', 'broken', { StringNotLike: { 'aws:SourceVpce': 'vpce-0abc*' } }],
    ['units below roots with shorter ids than there are', 'holds', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': '*/r-????*' } }],
    ['functions whose ARN is no ARN', 'not-decided', { ArnLikeIfExists: { 'lambda:SourceFunctionArn': 'arn:*:*:*:*:*' } }],
    ['instances with credentials of the first version', 'broken', { NumericGreaterThanIfExists: { 'ec2:RoleDelivery': '1.0' } }],
    ['instances with credentials of no version that there is', 'holds', { NumericGreaterThanEqualsIfExists: { 'ec2:RoleDelivery': '1.0' } }],
  ])('%s: %s', (_, verdict, condition) => {
    expect(prove(denyIf({ Bool: { 'aws:SecureTransport': 'false' }, ...condition }), HTTPS_ONLY, BUCKET).verdict).toBe(verdict);
  });
});

test('a condition on the owner of a bucket of an unknown account is not decided', () => {
  const policy = denyIf({ Bool: { 'aws:SecureTransport': 'false' }, StringNotEquals: { 'aws:ResourceAccount': '111122223333' } });
  expect(prove(policy, HTTPS_ONLY, { ...BUCKET, account: '<account>' }).verdict).toBe('not-decided');
});

describe('the owner of the bucket as a policy variable', () => {
  const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });
  const services = (...conditions: object[]) => prove(
    parsePolicy({ Version: '2012-10-17', Statement: conditions.map((condition) => deny({ Null: { 'aws:SourceAccount': 'false' }, ...condition })) }),
    { sentence: 'No service passes that tells its account.', breaches: [{ Condition: { Null: { 'aws:SourceAccount': 'false' } } }] },
    BUCKET,
  );

  test.each(['aws:ResourceAccount', 's3:ResourceAccount'])('${%s} is the account that owns it, and no other', (key) => {
    expect(services({ StringEquals: { 'aws:SourceAccount': `\${${key}}` } }, { StringNotEquals: { 'aws:SourceAccount': '111122223333' } }).verdict).toBe('holds');
    const another = services({ StringEquals: { 'aws:SourceAccount': `\${${key}}` } }, { StringNotEquals: { 'aws:SourceAccount': '444455556666' } });
    expect(another.verdict === 'broken' && another.request.context.get('aws:sourceaccount')).toEqual(['444455556666']);
  });
});

test('a session of a role may be of a role with a path, which the ARN of the session does not tell', () => {
  const session = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/App/session' }, Action: 's3:*', Resource: '*' }] });
  const claim = (roles: string) => prove(session, { sentence: 'No such role passes.', needsAllow: EVERY_CALLER, breaches: [{ Condition: { ArnLike: { 'aws:PrincipalArn': roles } } }] }, BUCKET);
  expect(claim('arn:aws:iam::*:role/team/*')).toMatchObject({ verdict: 'broken', request: { principal: { arn: 'arn:aws:iam::111122223333:role/team/App' } } });
  expect(claim('arn:aws:iam::*:role/team/Another').verdict).toBe('holds');
});

test.each(['aws:SourceVpce', 'aws:SourceVpc', 'aws:userid'])('whether %s is there is no value of it', (key) => {
  const http = { 'aws:SecureTransport': 'false' };
  const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });
  const like = { 'aws:SourceVpce': ['vpce-*'], 'aws:SourceVpc': ['vpc-*'], 'aws:userid': ['AROA*', 'AIDA*', '??????????*', 'anonymous'] }[key];
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [deny({ Bool: http, StringLike: { [key]: like } }), deny({ Bool: http, Null: { [key]: 'true' } })] });
  expect(prove(policy, { ...HTTPS_ONLY, breaches: [{ Condition: { Bool: http, Null: { 'aws:PrincipalArn': 'false' } } }] }, BUCKET).verdict).not.toBe('broken');
});

describe('what is rare, and possible', () => {
  const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });
  const allBut = (...spared: object[]) => prove(parsePolicy({ Version: '2012-10-17', Statement: spared.map(deny) }), {
    sentence: 'No such request passes.', breaches: [{ Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, Null: { 'aws:PrincipalArn': 'false' } } }],
  }, BUCKET);

  test.each([
    ['a colon in a path', 'arn:aws:iam::*:role/team:blue/*'],
    ['two slashes in a path', 'arn:aws:iam::*:user/team//*'],
    ['a path that looks like something else', '*:group/*'],
  ])('%s breaks', (_, arn) => {
    expect(allBut({ StringNotLike: { 'aws:PrincipalArn': arn } })).toMatchObject({ verdict: 'broken', request: { principal: { arn: expect.stringMatching(/\/[^/:]+$/) } } });
  });

  test('a colon in a name is impossible', () => {
    expect(allBut({ StringNotLike: { 'aws:PrincipalArn': '*:App' } }).verdict).toBe('holds');
  });

  test.each(['aws:Referer', 'aws:UserAgent', 's3:versionid', 's3:x-amz-copy-source'])('whether %s can be empty is not decided', (key) => {
    const all = [{ StringLike: { [key]: '?*' } }, { Null: { [key]: 'true' } }];
    expect(allBut(...all)).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining(`whether '${key.replace('R', 'r')}' can be there and empty`) });
    expect(allBut(...all, { StringEquals: { [key]: '' } }).verdict).toBe('holds');
  });

  test('whether a service can stand twice in aws:CalledVia is not decided', () => {
    const [one, other] = ['athena.amazonaws.com', 'glue.amazonaws.com'];
    const twice = [{ StringNotEquals: { 'aws:CalledViaFirst': one } }, { StringNotEquals: { 'aws:CalledViaLast': one } }];
    expect(allBut(...twice).verdict).toBe('broken');
    expect(allBut(...twice, { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': other } })).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('begin and end with the same service') });
  });

  const services = (...spared: object[]) => prove(parsePolicy({ Version: '2012-10-17', Statement: spared.map(deny) }), { sentence: 'No service passes.', breaches: [{ Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } }] }, BUCKET).verdict;

  test('the ARN of what a service calls for may have a Region and no account', () => {
    expect(services({ ArnNotLike: { 'aws:SourceArn': 'arn:aws:apigateway:eu-west-1::/restapis/*' } })).toBe('broken');
    expect(services({ ArnNotLike: { 'aws:SourceArn': 'arn:aws:apigateway:eu-west-1::/restapis/*' } }, { ArnLike: { 'aws:SourceArn': 'arn:aws:*:*::*' } })).toBe('holds');
  });

  test('a service may tell the account by the older key alone', () => {
    expect(services({ Null: { 'aws:SourceOwner': 'true' } }, { Null: { 'aws:SourceAccount': 'false' } })).toBe('broken');
  });
});

test('a pair of an encryption context is in the list of its keys', () => {
  const key = { arn: 'arn:aws:kms:eu-west-1:111122223333:key/1', objects: 'arn:aws:kms:eu-west-1:111122223333:key/1', account: '111122223333', partition: 'aws' };
  const decrypting = (listed: string) => prove(parsePolicy({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*', Condition: { 'StringEquals': { 'kms:EncryptionContext:aws:s3:arn': BUCKET.arn }, 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': listed } },
    }],
  }), { sentence: 'Nobody decrypts.', needsAllow: EVERY_CALLER, breaches: [{ Action: 'kms:Decrypt' }] }, key, keyRequests).verdict;
  expect([decrypting('tenant'), decrypting('aws:s3:arn'), decrypting('AWS:S3:ARN')]).toEqual(['holds', 'broken', 'broken']);
});

test('a principal of whom it is not known whether it is a role may have long-term credentials', () => {
  const named = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: unknownText('Caller') }, Action: 's3:GetObject', Resource: `${BUCKET.arn}/*`, Condition: { Null: { 'aws:TokenIssueTime': 'true' } } }] });
  const nobodyReads = { sentence: 'Nobody reads.', needsAllow: EVERY_CALLER, breaches: [{ Action: 's3:GetObject', Principal: { AWS: unknownText('Caller') } }] };
  expect(prove(named, nobodyReads, BUCKET).verdict).toBe('broken');
});

describe('callers whose ARN has a value that is not known before deployment beside a wildcard', () => {
  const role = unknownText('RoleName');
  const besidesKinds = (pattern: string) => prove(denyIf({ StringEquals: { 'aws:PrincipalType': ['AssumedRole', 'User', 'Account', 'FederatedUser'] } }), {
    sentence: 'No such caller passes.', breaches: [{ Condition: { ArnLike: { 'aws:PrincipalArn': pattern } } }],
  }, BUCKET);

  test.each([`arn:aws:iam::*:role/${role}`, `arn:*:iam::*:role/team/${role}`, `arn:aws:iam::111122223333:role/${role}-*`, `arn:aws:iam::*:user/${role}?`])('are the roles and users that they are called: %s', (pattern) => {
    expect(besidesKinds(pattern).verdict).toBe('holds');
  });

  test('are anybody where the beginning is not known, and have no wildcards in their names', () => {
    expect(besidesKinds(`${unknownText('Prefix')}*`)).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(/ <Prefix>Anyone calls /) });
  });
});

describe('two policies together', () => {
  const allow = (elements: object) => parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET.arn}/*`, ...elements }] });
  const nobodyReads: Guarantee = { sentence: 'Nobody may read.', needsAllow: EVERY_CALLER, breaches: [{ Action: 's3:GetObject' }] };

  test.each<[what: string, one: object, other: object, verdict: string]>([
    ['agree on some objects', { Resource: `${BUCKET.arn}/a/*` }, { Resource: `${BUCKET.arn}/*/b` }, 'broken'],
    ['name different objects', { Resource: `${BUCKET.arn}/a/*` }, { Resource: `${BUCKET.arn}/b/*` }, 'holds'],
    ['ask for different endpoints', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }, { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-2' } } }, 'holds'],
    ['allow different actions', {}, { Action: 's3:PutObject' }, 'holds'],
  ])('%s', (_, one, other, verdict) => {
    expect(proveTogether([allow(one), allow(other)], nobodyReads, BUCKET).verdict).toBe(verdict);
  });
});

describe('the printed request tells what decides', () => {
  const printed = (condition: object) => {
    const byIam = { sentence: 'No IAM caller passes by plain HTTP.', breaches: [{ Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' } } }] };
    const proof = prove(denyIf(condition), byIam, BUCKET);
    return proof.verdict === 'broken' ? proof.counterexample : proof.verdict;
  };

  test('when it is made', () => {
    expect(printed({ DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } })).toMatch(/aws:currenttime 2027-01-01T00:00:00/);
  });

  test('that it comes through an endpoint, though nothing asks which', () => {
    expect(printed({ IpAddress: { 'aws:SourceIp': ['0.0.0.0/0', '::/0'] } })).toMatch(/over plain HTTP, through a VPC endpoint/);
  });

  test('and of an address, nothing of endpoints', () => {
    expect(printed({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })).not.toMatch(/endpoint/);
  });
});

test.each(['Action', 'Resource', 'Caller', 'Connection', 'Signing', 'Owner'])("a condition on '%s', which no request carries, is one on a key like any other", (key) => {
  expect(prove(denyIf({ Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { [key]: 'x' } }), HTTPS_ONLY, BUCKET).verdict).toBe('broken');
  expect(prove(denyIf({ Bool: { 'aws:SecureTransport': 'false' }, StringEqualsIfExists: { [key]: 'x' } }), HTTPS_ONLY, BUCKET).verdict).toBe('broken');
});

test('where the guarantee is about a caller of whom a part is not known, the reason names what is not known', () => {
  const key = { arn: 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012', objects: '', account: '111122223333', partition: 'aws' };
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Sid: 'OtherRoot', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${unknownText('Acct')}:root` }, Action: 'kms:Decrypt', Resource: '*' }] });
  expect(prove(policy, onlyThroughS3(key), key, keyRequests)).toMatchObject({
    verdict: 'not-decided', reason: expect.stringContaining("whether the guarantee is about such a request depends on the value of 'Acct'"),
  });
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a condition key %s is one that nobody knows', (key) => {
  const spared = denyIf(JSON.parse(`{ "Bool": { "aws:SecureTransport": "false" }, "StringNotEquals": { "${key}": "x" } }`));
  expect(prove(spared, HTTPS_ONLY, BUCKET).verdict).toBe('broken');
});
