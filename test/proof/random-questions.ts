import { RequestDescription } from '../../src/proof/guarantee';

/** A random policy with a guarantee that it may or may not keep. */
export interface RandomQuestion {
  readonly policy: { readonly Version: string; readonly Statement: readonly any[] };
  readonly guarantee: { readonly sentence: string; readonly breaches: readonly RequestDescription[] };

  /** Whether the denies leave nothing through by the way they were made: they divide all requests, and deny each part. */
  readonly isComplete: boolean;
}

export type Random = () => number;

/** Numbers from 0 to 1 that follow from a seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0; // eslint-disable-line no-bitwise
  return () => {
    state = (state + 0x6d2b79f5) >>> 0; // eslint-disable-line no-bitwise
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state); // eslint-disable-line no-bitwise
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed; // eslint-disable-line no-bitwise
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296; // eslint-disable-line no-bitwise
  };
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)];
}

export const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const ACCOUNTS = ['111122223333', '444455556666', '777788889999'];
const ORGANIZATIONS = ['o-exampleorgid', 'o-secondorgid'];
const some = (random: Random, values: readonly string[]) => (random() < 0.3 ? [...new Set([pick(random, values), pick(random, values)])] : pick(random, values));

export type Test = readonly [operator: string, key: string, values: unknown];

/** Operators with their exact opposites. */
const OPPOSITES: readonly (readonly [string, string])[] = [
  ['StringEquals', 'StringNotEquals'], ['StringLike', 'StringNotLike'], ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'], ['ArnLike', 'ArnNotLike'], ['IpAddress', 'NotIpAddress'],
  ['ForAnyValue:StringLike', 'ForAllValues:StringNotLike'], ['ForAnyValue:StringEquals', 'ForAllValues:StringNotEquals'], ['NumericLessThan', 'NumericGreaterThanEqualsIfExists'],
  ['NumericGreaterThan', 'NumericLessThanEqualsIfExists'], ['DateLessThan', 'DateGreaterThanEqualsIfExists'], ['NumericEquals', 'NumericNotEquals'],
  ['ForAnyValue:StringNotEquals', 'ForAllValues:StringEquals'], ['ForAnyValue:StringEqualsIgnoreCase', 'ForAllValues:StringNotEqualsIgnoreCase'],
  ['ForAnyValue:StringNotEqualsIgnoreCase', 'ForAllValues:StringEqualsIgnoreCase'],
];

/** Tests of every kind of key, with values that occur in several of them, so that entities hang together. */
const TESTS: readonly ((random: Random) => Test)[] = [
  (r) => ['StringEquals', 'aws:PrincipalAccount', some(r, ACCOUNTS)],
  (r) => ['StringLike', 'aws:PrincipalAccount', pick(r, ['4*', '*3', '4444????6666'])],
  (r) => ['ArnLike', 'aws:PrincipalArn', some(r, [`arn:aws:iam::${pick(r, ACCOUNTS)}:role/App`, `arn:aws:iam::${pick(r, ACCOUNTS)}:role/*`, 'arn:aws:iam::*:user/*', `arn:aws:sts::${pick(r, ACCOUNTS)}:federated-user/*`, `arn:aws:iam::${pick(r, ACCOUNTS)}:root`])],
  (r) => ['StringLike', 'aws:PrincipalArn', pick(r, ['*:role/team/*', '*444455556666*', '*/App', 'arn:aws:iam::1*'])],
  (r) => ['StringEquals', 'aws:PrincipalOrgID', some(r, ORGANIZATIONS)],
  (r) => ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', pick(r, ['o-exampleorgid/*', 'o-exampleorgid/r-ab12/ou-ab12-11111111/*', 'o-secondorgid/r-cd34/', '*/ou-ab12-11111111/'])],
  (r) => ['StringEquals', 'aws:PrincipalType', some(r, ['User', 'AssumedRole', 'Account', 'FederatedUser', 'Anonymous'])],
  (r) => ['StringLike', 'aws:userid', pick(r, ['AROAEXAMPLEEXAMPLE12:*', '*:session', '111122223333', '444455556666:*', 'AIDA*', 'anonymous'])],
  (r) => ['StringLike', 'aws:username', pick(r, ['bob', 'b*'])],
  (r) => ['StringEquals', 'aws:PrincipalTag/team', pick(r, ['red', 'blue', ''])],
  () => ['Null', 'aws:MultiFactorAuthPresent', 'true'],
  (r) => ['StringEquals', 'aws:PrincipalServiceName', some(r, ['cloudfront.amazonaws.com', 'logging.s3.amazonaws.com'])],
  (r) => ['StringEquals', 'aws:SourceAccount', some(r, ACCOUNTS)],
  (r) => ['ArnLike', 'aws:SourceArn', pick(r, [`arn:aws:cloudfront::${pick(r, ACCOUNTS)}:distribution/E1EXAMPLE`, `arn:aws:logs:*:${pick(r, ACCOUNTS)}:*`, 'arn:aws:s3:::source-bucket', '*'])],
  (r) => ['StringEquals', 'aws:SourceOrgID', some(r, ORGANIZATIONS)],
  (r) => ['StringEquals', 'aws:SourceVpce', some(r, ['vpce-0abc123def4567890', 'vpce-1111111111111111'])],
  (r) => ['StringLike', 'aws:SourceVpce', pick(r, ['vpce-*', '*0'])],
  (r) => ['StringEquals', 'aws:SourceVpc', some(r, ['vpc-0abc123def4567890', 'vpc-1111111111111111'])],
  (r) => ['ArnLike', 'aws:SourceVpcArn', pick(r, [`arn:aws:ec2:eu-west-1:${pick(r, ACCOUNTS)}:vpc/vpc-0abc123def4567890`, `arn:aws:ec2:*:${pick(r, ACCOUNTS)}:vpc/*`])],
  (r) => ['StringEquals', 'aws:VpceAccount', some(r, ACCOUNTS)],
  (r) => ['StringEquals', 'aws:VpceOrgID', some(r, ORGANIZATIONS)],
  (r) => ['ForAnyValue:StringLike', 'aws:VpceOrgPaths', pick(r, ['o-exampleorgid/*', 'o-secondorgid/r-cd34/*'])],
  (r) => ['IpAddress', 'aws:SourceIp', some(r, ['203.0.113.0/24', '10.0.0.0/8', '198.51.100.0/24', '2001:db8::/32'])],
  (r) => ['IpAddress', 'aws:VpcSourceIp', some(r, ['10.0.0.0/8', '10.1.0.0/16'])],
  (r) => ['ForAnyValue:StringEquals', 'aws:CalledVia', some(r, ['athena.amazonaws.com', 'cloudformation.amazonaws.com'])],
  (r) => ['StringEquals', pick(r, ['aws:CalledViaFirst', 'aws:CalledViaLast']), pick(r, ['athena.amazonaws.com', 'cloudformation.amazonaws.com'])],
  (r) => ['StringEquals', 's3:DataAccessPointAccount', some(r, ACCOUNTS)],
  (r) => ['ArnLike', 's3:DataAccessPointArn', pick(r, [`arn:aws:s3:*:${pick(r, ACCOUNTS)}:accesspoint/*`, `arn:aws:s3:eu-west-1:${pick(r, ACCOUNTS)}:accesspoint/team`])],
  (r) => ['StringEquals', 's3:AccessPointNetworkOrigin', pick(r, ['VPC', 'Internet'])],
  (r) => ['StringEquals', 's3:authType', some(r, ['REST-HEADER', 'REST-QUERY-STRING', 'POST'])],
  (r) => ['StringEquals', 's3:signatureversion', pick(r, ['AWS', 'AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'])],
  (r) => ['NumericGreaterThan', 's3:signatureAge', pick(r, ['0', '600000', '900000', '3600000'])],
  (r) => ['NumericLessThan', 's3:signatureAge', pick(r, ['600000', '900000', '3600000'])],
  (r) => ['NumericLessThan', 's3:TlsVersion', pick(r, ['1.2', '1.3'])],
  (r) => ['StringLike', 's3:prefix', pick(r, ['?*', 'data/*', ''])],
  (r) => ['StringEquals', 's3:delimiter', pick(r, ['/', ''])],
  (r) => ['NumericLessThan', 's3:max-keys', pick(r, ['1', '100'])],
  (r) => ['StringEquals', 's3:x-amz-server-side-encryption', some(r, ['aws:kms', 'AES256', 'aws:kms:dsse', 'aws:kmsx'])],
  (r) => ['StringEquals', 's3:x-amz-server-side-encryption-aws-kms-key-id', pick(r, ['arn:aws:kms:eu-west-1:111122223333:key/1', 'alias/aws/s3'])],
  () => ['Null', 's3:x-amz-server-side-encryption-customer-algorithm', 'true'],
  (r) => ['StringEquals', 's3:x-amz-acl', pick(r, ['private', 'public-read'])],
  (r) => ['DateLessThan', 'aws:CurrentTime', pick(r, ['2026-06-01T00:00:00Z', '2027-01-01T00:00:00Z'])],
  (r) => ['DateLessThan', 'aws:EpochTime', pick(r, ['1790000000', '1800000000'])],
  (r) => ['StringEqualsIgnoreCase', 'aws:Referer', pick(r, ['https://Example.com/', 'nothing'])],
  (r) => ['StringEquals', 'example:NoListHasThis', pick(r, ['a', 'b'])],
  (r) => ['ForAnyValue:StringEquals', 's3:RequestObjectTagKeys', some(r, ['team', 'owner'])],
  () => ['Bool', 'aws:ViaAWSService', 'true'],
  () => ['Bool', 'aws:PrincipalIsAWSService', 'true'],
  () => ['Bool', 'aws:ViaAWSMCPService', 'true'],
  (r) => ['Null', pick(r, ['aws:SourceVpce', 'aws:PrincipalOrgID', 'aws:SourceAccount', 'aws:SourceIp', 's3:prefix', 'aws:PrincipalArn', 'aws:VpceOrgID', 'aws:CalledVia', 's3:authType', 's3:DataAccessPointArn']), 'true'],
];

const GUARANTEES: readonly RequestDescription[] = [
  { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  { Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
  { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
  { Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' }, Null: { 'aws:SourceAccount': 'false' }, StringNotEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } } },
  { Action: 's3:PutObject', Condition: { Null: { 's3:x-amz-server-side-encryption': 'false' }, StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } },
  { Condition: { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericGreaterThan: { 's3:signatureAge': '900000' } } },
];

/** Divides what a guarantee forbids by some tests, denies each part, and then, as often as not, spoils one of the denies. */
export function randomQuestion(seed: number): RandomQuestion {
  const random = randomOf(seed);
  const breach = pick(random, GUARANTEES);
  const parts = divide(random, [[]], 1 + Math.floor(random() * 3));
  const spoiled = random() < 0.6 ? spoil(random, parts) : parts;
  const denies = spoiled.map((tests, i) => denyOf(breach, tests, i));
  const noise = random() < 0.3 ? [denyOf({}, [pick(random, TESTS)(random), pick(random, TESTS)(random)], 99)] : [];
  return {
    policy: { Version: '2012-10-17', Statement: [...denies, ...noise] },
    guarantee: { sentence: `Question ${seed}`, breaches: [breach] },
    isComplete: spoiled === parts,
  };
}

/** What may be asked of policies that allow something. */
export interface RandomGrants {
  readonly policies: readonly { readonly Version: string; readonly Statement: readonly any[] }[];
  readonly breaches: readonly RequestDescription[];
}

export const ACCESS_POINT = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1';

const KEY_TESTS: readonly ((random: Random) => Test)[] = [
  (r) => ['StringEquals', 'kms:ViaService', pick(r, ['s3.eu-west-1.amazonaws.com', 'ec2.eu-west-1.amazonaws.com'])],
  (r) => ['StringLike', 'kms:ViaService', pick(r, ['s3.*', '*'])],
  (r) => ['StringEquals', 'kms:CallerAccount', some(r, ACCOUNTS)],
  (r) => ['StringLike', 'kms:EncryptionContext:aws:s3:arn', pick(r, [BUCKET, `${BUCKET}/*`, '*'])],
];
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  'bucket': [BUCKET, `${BUCKET}/*`, `${BUCKET}/data/*`],
  'access-point': [ACCESS_POINT, `${ACCESS_POINT}/object/*`, `${ACCESS_POINT}/object/data/*`],
  'key': ['*'],
};
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'bucket': ['s3:*', 's3:GetObject', 's3:Put*', 's3:List*', 's3:*Object'], 'access-point': ['s3:*', 's3:GetObject', 's3:Put*', 's3:List*', 's3:*Object'], 'key': ['kms:*', 'kms:Decrypt', 'kms:Generate*', 'kms:*Key'],
};

/** Policies that allow something to some, and what nobody may do by all of them together. */
export function randomGrants(seed: number, world: 'bucket' | 'access-point' | 'key', policies: number): RandomGrants {
  const random = randomOf(seed);
  const test = () => pick(random, world === 'key' && random() < 0.5 ? KEY_TESTS : TESTS.filter((make) => world !== 'key' || !make(() => 0)[1].startsWith('s3:')))(random);
  const principal = () => pick<any>(random, ['*', { AWS: pick(random, ACCOUNTS) }, { AWS: `arn:aws:iam::${pick(random, ACCOUNTS)}:role/App` }, { AWS: `arn:aws:iam::${pick(random, ACCOUNTS)}:root` }, { Service: 'cloudfront.amazonaws.com' }]);
  const statement = (Effect: string) => {
    const either = random() < 0.5 ? [test(), opposite(test())] : [test()];
    const resources = RESOURCES[world].slice(0, 1 + Math.floor(random() * 3));
    const tests = either.slice(0, Math.floor(random() * 3));
    return { ...denyOf({}, tests, 0), Sid: undefined, Effect, Principal: principal(), Action: pick(random, ACTIONS[world]), Resource: resources };
  };
  const breach = denyOf({}, [test(), ...(random() < 0.4 ? [opposite(test())] : [])], 0);
  return {
    policies: Array.from({ length: policies }, () => ({
      Version: '2012-10-17',
      Statement: [...Array.from({ length: 1 + Math.floor(random() * 2) }, () => statement('Allow')), ...Array.from({ length: Math.floor(random() * 3) }, () => statement('Deny'))].map((one) => JSON.parse(JSON.stringify(one))),
    })),
    breaches: [{ Action: random() < 0.5 ? '*' : pick(random, ACTIONS[world]), Condition: breach.Condition }],
  };
}

type Part = readonly (Test | readonly ['Action' | 'NotAction' | 'Resource' | 'NotResource', string])[];

function divide(random: Random, parts: readonly Part[], times: number): readonly Part[] {
  if (times === 0) {
    return parts;
  }
  const at = Math.floor(random() * parts.length);
  const [one, other] = halves(random);
  return divide(random, [...parts.slice(0, at), [...parts[at], one], [...parts[at], other], ...parts.slice(at + 1)], times - 1);
}

function halves(random: Random): [Part[number], Part[number]] {
  const draw = random();
  if (draw < 0.08) {
    const action = pick(random, ['s3:GetObject', 's3:List*', 's3:Put*', 's3:*Object']);
    return [['Action', action], ['NotAction', action]];
  }
  if (draw < 0.14) {
    const resource = pick(random, [`${BUCKET}/data/*`, BUCKET, `${BUCKET}/*/private/*`]);
    return [['Resource', resource], ['NotResource', resource]];
  }
  const test = pick(random, TESTS)(random);
  return [test, opposite(test)];
}

export function opposite([operator, key, values]: Test): Test {
  if (operator === 'Null') {
    return ['Null', key, values === 'true' ? 'false' : 'true'];
  }
  if (operator === 'Bool') {
    return ['BoolIfExists', key, values === 'true' ? 'false' : 'true'];
  }
  const pair = OPPOSITES.find((both) => both.includes(operator))!;
  return [pair[0] === operator ? pair[1] : pair[0], key, values];
}

/** Leaves a part out, or asks one thing more of it, or something else. */
function spoil(random: Random, parts: readonly Part[]): readonly Part[] {
  const at = Math.floor(random() * parts.length);
  const more = pick(random, TESTS)(random);
  const spoiled: readonly Part[] = random() < 0.3 ? [] : random() < 0.7 ? [[...parts[at], more]] : [[...parts[at].slice(0, -1), more]];
  return [...parts.slice(0, at), ...spoiled, ...parts.slice(at + 1)];
}

/** The same key in other letter case, in as many ways as it has letters. */
function* spellings(key: string): Generator<string> {
  yield key;
  for (let i = 1; i <= key.length; i++) {
    yield key.slice(0, i).toUpperCase() + key.slice(i).toLowerCase();
  }
}

/** The deny of a part. Two tests of one operator and key would be one: the others are written in another letter case. */
function denyOf(breach: RequestDescription, tests: Part, index: number): any {
  const statement: any = { Sid: `Part${index}`, Effect: 'Deny', Principal: '*', Condition: structuredClone(breach.Condition ?? {}) };
  const scopes = new Set<string>();
  for (const test of tests) {
    if (test.length === 2) {
      const [element, value] = test;
      const kind = element.replace('Not', '');
      if (!scopes.has(kind)) {
        statement[element] = value;
        scopes.add(kind);
      }
      continue;
    }
    const [operator, key, values] = test;
    const conditions = (statement.Condition[operator] ??= {});
    conditions[[...spellings(key)].find((name) => !(name in conditions))!] = values;
  }
  return {
    ...statement,
    ...(scopes.has('Action') ? {} : breach.Action ? { Action: breach.Action } : { Action: 's3:*' }),
    ...(scopes.has('Resource') ? {} : { Resource: [BUCKET, `${BUCKET}/*`] }),
  };
}
