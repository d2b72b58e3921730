import * as fc from '../support/fast-check';

/** A policy as it is written in JSON, of the parts that random policies have. */
export interface PolicyJson {
  readonly Version?: string;
  readonly Statement: readonly StatementJson[];
}

export interface StatementJson {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalJson;
  readonly NotPrincipal?: PrincipalJson;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: ConditionJson;
}

export type PrincipalJson = '*' | Readonly<Record<string, string | readonly string[]>>;
export type ConditionJson = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A request as both engines can be asked about it. */
export interface RequestJson {
  /** An ARN, a service, an identity provider, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;

  /** Keys that have a list of values are multi-valued ones. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A policy, and requests that have a good chance to meet its statements. */
export interface RandomCase {
  readonly policy: PolicyJson;
  readonly requests: readonly RequestJson[];
}

const ACCOUNTS = ['111122223333', '444455556666'];
const ROLE = 'arn:aws:iam::111122223333:role/Reader';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/Reader/alice';
const USER = 'arn:aws:iam::111122223333:user/team/bob';
const OTHER_ROLE = 'arn:aws:iam::444455556666:role/Auditor';
const ROOT = 'arn:aws:iam::111122223333:root';
const SERVICES = ['logging.s3.amazonaws.com', 'cloudtrail.amazonaws.com'];
const PROVIDERS = ['accounts.google.com', 'arn:aws:iam::111122223333:saml-provider/Okta'];

const CALLERS = [ROLE, SESSION, SESSION, USER, OTHER_ROLE, ROOT, SERVICES[0], PROVIDERS[0], 'anonymous'];
const PRINCIPALS: readonly [string, string][] = [
  ...['*', ...ACCOUNTS, ROOT, 'arn:aws:iam::444455556666:root', ROLE, SESSION, USER, OTHER_ROLE].map((value): [string, string] => ['AWS', value]),
  ...SERVICES.map((value): [string, string] => ['Service', value]),
  ...PROVIDERS.map((value): [string, string] => ['Federated', value]),
  ['CanonicalUser', '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'],
];
/** Lists that spare someone completely, as AWS asks for in the page on NotPrincipal. */
const COMPLETE_EXCEPTIONS: readonly PrincipalJson[] = [
  '*',
  { AWS: [ROLE, SESSION, ROOT] },
  { AWS: [ACCOUNTS[0], SESSION, ROLE, USER] },
  { AWS: [USER, ACCOUNTS[0]] },
  { AWS: [OTHER_ROLE, ACCOUNTS[1]], Service: SERVICES },
  { Service: SERVICES[0] },
];

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:GetObjectTagging', 's3:DeleteBucketPolicy'];
const ACTION_PATTERNS = [
  ...ACTIONS, 's3:*', 's3:*', '*', 's3:Get*', 'S3:gEtObJect', 's3:*Object', 's3:?etObject', 's3:GetObject?*', 's3:*Bucket*',
  's3:Put*g', 'kms:*',
];

const LINE_BREAK = 'arn:aws:s3:::bucket/logs/a\nb';
const RESOURCES = [
  'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/logs/1', 'arn:aws:s3:::bucket/home/blue/file.txt', 'arn:aws:s3:::bucket/a:b',
  'arn:aws:s3:::bucket/${x}', 'arn:aws:s3:::other/logs/1',
  'arn:aws:s3:::bucket/why?', 'arn:aws:s3:::bucket/(1)+[2].$',
];
const RARE_RESOURCES = [LINE_BREAK, 'arn:aws:s3:::bucket/star*'];
const RESOURCE_PATTERNS = [
  '*', 'arn:aws:s3:::*', 'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket*', 'arn:aws:s3:::bucket/logs/?',
  'arn:*:s3:::bucket/*/*', 'arn:aws:s3:*:*:bucket*',
  'arn:aws:s3:::bucket/*.txt', 'arn:aws:s3:::*/logs/*', 'arn:aws:s3:::bucket/?:?', 'arn:aws:s3:::bucket/(1)+[2].$',
  'arn:aws:s3:::bucket/why?', 'arn:aws:s3:?::bucket',
  'arn:aws:s3:::bucket/home/${aws:PrincipalTag/team}/*', 'arn:aws:s3:::bucket/home/${aws:PrincipalTag/team, \'blue\'}/*',
  'arn:aws:s3:::bucket/${$}{x}', 'arn:aws:s3:::bucket/${*}',
  'arn:aws:s3:::${aws:PrincipalTag/Team}*', 'arn:aws:s3:::bucket/why${?}', 'arn:aws:s3:::bucket/home/${aws:TagKeys}/*',
];
const SHORT_RESOURCE_PATTERNS = ['arn:aws:s3:*', 'arn:aws:*', 'arn:aws:s3::bucket*', 'arn:aws:s3'];

/** A condition key: the operators that suit it, the values that requests have, and those that policies compare them with. */
interface KeyPool {
  readonly key: string;
  readonly operators: readonly string[];
  readonly requestValues: readonly string[];
  readonly policyValues: readonly string[];
  readonly isMultivalued?: boolean;
}

const TEXT = ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike'];
const ARN = ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'];
const NUMBER = ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'];
const DATE = ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'];

const KEYS: readonly KeyPool[] = [
  {
    key: 'aws:SecureTransport',
    operators: ['Bool', 'Bool', 'StringEquals', 'StringNotEquals'],
    requestValues: ['true', 'false'],
    policyValues: ['true', 'false', 'False'],
  },
  { key: 's3:TlsVersion', operators: [...NUMBER, 'StringEquals'], requestValues: ['1.1', '1.2', '1.3'], policyValues: ['1.2', '1.3', '1.20', '1'] },
  {
    key: 'aws:SourceVpce',
    operators: TEXT,
    requestValues: ['vpce-1a', 'vpce-2b'],
    policyValues: ['vpce-1a', 'vpce-2b', 'VPCE-1A', 'vpce-*', 'vpce-?b', 'vpce-${*}', '*'],
  },
  {
    key: 'aws:SourceIp',
    operators: ['IpAddress', 'NotIpAddress'],
    requestValues: ['203.0.113.5', '203.0.113.200', '10.1.2.3', '2001:db8::1', '2001:db8:1::5'],
    policyValues: [
      '203.0.113.0/24', '203.0.113.128/25', '10.0.0.0/8', '203.0.113.5', '203.0.113.5/32', '0.0.0.0/0', '0.0.0.0/1',
      '2001:db8::/32', '2001:DB8:0:0::/48', '2001:db8::1', '2001:DB8::1', '::/0',
    ],
  },
  {
    key: 'aws:PrincipalOrgID',
    operators: TEXT,
    requestValues: ['o-exampleorg', 'o-other'],
    policyValues: ['o-exampleorg', 'o-other', 'o-*', '${aws:ResourceOrgID}'],
  },
  {
    key: 'aws:ResourceOrgID',
    operators: TEXT,
    requestValues: ['o-exampleorg'],
    policyValues: ['o-exampleorg', '${aws:PrincipalOrgID}', '${aws:PrincipalOrgID, \'o-exampleorg\'}'],
  },
  {
    key: 'aws:PrincipalArn',
    operators: [...ARN, ...ARN, 'StringEquals', 'StringLike', 'StringNotLike'],
    requestValues: [ROLE, USER, OTHER_ROLE, ROOT],
    policyValues: [
      ROLE, USER, OTHER_ROLE, '*', 'arn:aws:iam::111122223333:*', 'arn:aws:iam::*:role/*', 'arn:*:iam::????22223333:role/R*',
      'arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}',
      'arn:aws:iam::${aws:PrincipalAccount}:role/Reader', 'arn:aws:iam::*', 'arn:aws:*:role/Reader',
      'arn:aws:iam::444455556666:role/${aws:PrincipalTag/team, \'Auditor\'}',
    ],
  },
  {
    key: 'aws:PrincipalAccount',
    operators: TEXT,
    requestValues: ACCOUNTS,
    policyValues: [...ACCOUNTS, '${aws:ResourceAccount}', '${aws:ResourceAccount, \'111122223333\'}'],
  },
  { key: 'aws:ResourceAccount', operators: TEXT, requestValues: ACCOUNTS, policyValues: [...ACCOUNTS, '1111*', '${aws:PrincipalAccount}'] },
  {
    key: 'aws:PrincipalOrgPaths',
    operators: TEXT,
    isMultivalued: true,
    requestValues: ['o-exampleorg/r-1/ou-1/', 'o-exampleorg/r-1/ou-2/', 'o-other/r-9/'],
    policyValues: ['o-exampleorg/*', 'o-exampleorg/r-1/ou-1/', 'o-exampleorg/r-1/ou-?/', 'o-other/*'],
  },
  {
    key: 'aws:CalledVia',
    operators: TEXT,
    isMultivalued: true,
    requestValues: ['athena.amazonaws.com', 'cloudformation.amazonaws.com'],
    policyValues: ['athena.amazonaws.com', '*.amazonaws.com', 'dynamodb.amazonaws.com'],
  },
  {
    key: 'aws:TagKeys',
    operators: TEXT,
    isMultivalued: true,
    requestValues: ['team', 'Team', 'cost'],
    policyValues: ['team', 'cost', '*', '${aws:PrincipalTag/team}'],
  },
  {
    key: 's3:prefix',
    operators: TEXT,
    requestValues: ['', 'home/', 'home/blue/', 'home/*'],
    policyValues: ['', 'home/', 'home/*', 'home/${aws:PrincipalTag/team}/', 'home/${*}', 'HOME/', '${aws:TagKeys}', 'home/${aws:PrincipalTag/team, \'\'}'],
  },
  { key: 's3:x-amz-server-side-encryption', operators: TEXT, requestValues: ['AES256', 'aws:kms'], policyValues: ['AES256', 'aws:kms', 'aes256', 'aws:*'] },
  { key: 's3:signatureAge', operators: NUMBER, requestValues: ['0', '600000', '900000'], policyValues: ['600000', '600000.0', '1000000', '-1'] },
  {
    key: 'aws:CurrentTime',
    operators: DATE,
    requestValues: ['2026-01-15T12:00:00Z', '2025-06-30T23:59:59Z'],
    policyValues: ['2026-01-15T12:00:00Z', '2026-01-15T13:00:00+01:00', '2026-01-01', '2025-06-30T23:59:59.500Z', '1768478400', '2026'],
  },
  { key: 'aws:EpochTime', operators: DATE, requestValues: ['1768478400', '1735689600'], policyValues: ['1768478400', '1751328000', '2026-01-15T12:00:00Z'] },
  {
    key: 'aws:PrincipalTag/team',
    operators: TEXT,
    requestValues: ['blue', 'Reader', 'bl*', ''],
    policyValues: ['blue', 'BLUE', 'b*', '${aws:PrincipalTag/Team}', '${aws:username, \'blue\'}'],
  },
  {
    key: 'aws:username',
    operators: TEXT,
    requestValues: ['bob'],
    policyValues: ['bob', 'B?b', '${aws:PrincipalTag/team, \'bob\'}', 'no-${aws:FederatedProvider}'],
  },
  {
    key: 's3:x-amz-server-side-encryption-customer-key-md5',
    operators: ['BinaryEquals'],
    requestValues: ['QmluYXJ5', 'aGVsbG8='],
    policyValues: ['QmluYXJ5', 'qmluyxj5', 'aGVsbG8='],
  },
];

function oneOrMore<T>(item: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T | T[]> {
  return fc.oneof({ arbitrary: item as fc.Arbitrary<T | T[]>, weight: 2 }, { arbitrary: fc.array(item, { minLength: 1, maxLength, size: 'max' }), weight: 1 });
}

function oddCase(text: string): string {
  return text.split('').map((character, i) => (i % 2 === 0 ? character.toUpperCase() : character.toLowerCase())).join('');
}

function either<T>(...choices: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** An element or its negation, such as `Action` and `NotAction`. */
function element(name: string, listed: fc.Arbitrary<unknown>, unlisted: fc.Arbitrary<unknown> = listed, weight = 1): fc.Arbitrary<Record<string, unknown>> {
  return either([8, listed.map((value) => ({ [name]: value }))], [weight, unlisted.map((value) => ({ [`Not${name}`]: value }))]);
}

const principalList = fc.array(fc.constantFrom(...PRINCIPALS), { minLength: 1, maxLength: 3, size: 'max' }).map((entries) => Object.fromEntries(
  [...new Set(entries.map(([kind]) => kind))].map((kind) => [kind, entries.flatMap(([other, value]) => (other === kind ? [value] : []))]),
));
const principal = element(
  'Principal',
  either<unknown>([1, fc.constant('*')], [1, principalList]),
  either<unknown>([4, fc.constantFrom(...COMPLETE_EXCEPTIONS)], [1, principalList]),
);
const resourcePattern = either(
  [24, fc.constantFrom(...RESOURCE_PATTERNS)],
  [16, fc.constantFrom('arn:aws:s3:::bucket/*', '*')],
  [1, fc.constantFrom(...SHORT_RESOURCE_PATTERNS)],
);
const resource = element('Resource', oneOrMore(resourcePattern, 3));
const action = element('Action', oneOrMore(either([2, fc.constantFrom(...ACTION_PATTERNS)], [1, fc.constantFrom('s3:*', '*')]), 3));

interface RandomTest {
  readonly operator: string;
  readonly key: string;
  readonly values: string | readonly string[];
}

function testsOf(pool: KeyPool): fc.Arbitrary<RandomTest> {
  const [sets, none] = pool.isMultivalued ? [10, 1] : [1, 12];
  const set = either([sets, fc.constantFrom('ForAllValues:', 'forAnyValue:', 'ForAnyValue:')], [none, fc.constant('')]);
  const ifExists = either([4, fc.constant('')], [1, fc.constant('IfExists')]);
  const operator = fc.tuple(set, fc.constantFrom(...pool.operators), ifExists).map((parts) => parts.join(''));
  const values = oneOrMore(fc.constantFrom(...pool.policyValues), 3);
  const written = fc.constantFrom(pool.key, pool.key, pool.key, oddCase(pool.key));
  const compared = fc.record({ operator: either([9, operator], [1, operator.map((name) => name.toLowerCase())]), key: written, values });
  const absence = fc.record({ operator: fc.constant('Null'), key: written, values: fc.constantFrom('true', 'false', ['true', 'false']) });
  return either<RandomTest>([10, compared], [1, absence]);
}

const anyTest = fc.oneof(...KEYS.map(testsOf));

function condition(maxTests: number): fc.Arbitrary<ConditionJson> {
  return fc.array(anyTest, { minLength: 1, maxLength: maxTests, size: 'max' }).map((tests) => {
    const blocks: Record<string, Record<string, string | readonly string[]>> = {};
    tests.forEach(({ operator, key, values }) => Object.assign(blocks[operator] ??= {}, { [key]: values }));
    return blocks;
  });
}

const effect = fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny');
const when = either<ConditionJson | undefined>([1, condition(1)], [1, fc.constant(undefined)]);
const anyStatement: fc.Arbitrary<StatementJson> = fc.tuple(effect, principal, action, resource, when)
  .map(([Effect, who, what, where, Condition]) => ({ Effect, ...who, ...what, ...where, ...(Condition && { Condition }) }));

// What they decide depends on their conditions alone: elsewhere, most requests fail at the principal, the action or the resource.
const conditionalStatement: fc.Arbitrary<StatementJson> = fc.tuple(effect, condition(2))
  .map(([Effect, Condition]) => ({ Effect, Principal: '*', Action: 's3:*', Resource: '*', Condition }));

const statement = either([2, anyStatement], [1, conditionalStatement]);

const version = either<{ Version?: string }>([8, fc.constant({ Version: '2012-10-17' })], [1, fc.constantFrom({ Version: '2008-10-17' }, {})]);

const policy: fc.Arbitrary<PolicyJson> = fc.tuple(version, fc.array(statement, { minLength: 1, maxLength: 4, size: 'max' }))
  .map(([written, Statement]) => ({ ...written, Statement }));

function valuesOf({ requestValues, isMultivalued }: KeyPool): fc.Arbitrary<string | string[]> {
  const value = fc.constantFrom(...requestValues);
  return isMultivalued ? fc.array(value, { minLength: 0, maxLength: 3, size: 'max' }) : value;
}

const context = fc.tuple(...KEYS.map((pool) => fc.option(valuesOf(pool), { freq: 3, nil: undefined }))).map((values) => Object.fromEntries(
  values.flatMap((value, i) => (value === undefined ? [] : [[KEYS[i].key, value]])),
));

const request: fc.Arbitrary<RequestJson> = fc.record({
  principal: fc.constantFrom(...CALLERS),
  action: fc.constantFrom(...ACTIONS),
  resource: either([60, fc.constantFrom(...RESOURCES)], [1, fc.constantFrom(...RARE_RESOURCES)]),
  context,
});

/** Random policies, each with the given number of random requests. */
export function randomCases(requests: number): fc.Arbitrary<RandomCase> {
  return fc.record({ policy, requests: fc.array(request, { minLength: requests, maxLength: requests }) });
}
