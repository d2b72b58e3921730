import { denying, IMPOSSIBLE, Kind, NEVER_OVER_OLD_TLS, NEVER_THROUGH_ACCESS_POINTS, OVER_OLD_TLS, POSSIBLE, sparing, THROUGH_ACCESS_POINTS } from './kinds-of-requests';
import { pick, Random, randomGrants, randomOf, randomQuestion } from './random-questions';
import { broken as BROKEN, seeds as SPECIAL } from './sampled-policies.json';
import { BUCKET, DERIVED_KEYS, isLetThrough, Operations, OWNER, Question, SENTENCES, whyImpossible, World } from './sampled-requests';
import { HTTPS_ONLY, tlsFloor } from '../../src/guarantees/transport';
import { contextOf } from '../../src/policy/context';
import { parsePolicy, Policy, Statement } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { PolicyRequest, requestSentence } from '../../src/policy/request';
import { UNDETERMINED } from '../../src/policy/unknown-text';
import { described, EVERY_CALLER, Guarantee } from '../../src/proof/guarantee';
import { prove, Proof, proveTogether } from '../../src/proof/prove';

const POLICIES = Number(process.env.SAMPLED_POLICIES ?? 3000);
const FIRST = Number(process.env.SAMPLED_FROM ?? 0);
const SAMPLES = 200;
const FLOOR = tlsFloor(1.2);
const facts = { arn: BUCKET, objects: `${BUCKET}/`, account: OWNER, partition: 'aws' };

/* ---- random policies, each with a guarantee ---- */

interface Asked {
  readonly documents: readonly object[];
  readonly policies: readonly Policy[];
  readonly guarantee: Guarantee;

  /** Whether the denies leave nothing through by the way they were made. */
  readonly isComplete: boolean;
}

/** Of each ten, six divide what is forbidden by random tests, two by kinds of requests, and two are about what is allowed. */
function asked(seed: number): Asked {
  const random = randomOf(seed * 31 + 7);
  const { documents, guarantee, isComplete = false } = seed % 10 < 6 ? denies(seed) : seed % 10 < 8 ? kinds(random) : grants(seed, random);
  return { documents, guarantee, isComplete, policies: documents.map(parsePolicy) };
}

type Made = Pick<Asked, 'documents' | 'guarantee'> & Partial<Asked>;

function denies(seed: number): Made {
  const { policy, guarantee, isComplete } = randomQuestion(seed);
  const asksTooOften = /[^"] ":/.test(JSON.stringify(policy)); // a key that is asked three times in one way becomes another key
  return { documents: [policy], guarantee, isComplete: isComplete && !asksTooOften };
}

const KINDS = [...POSSIBLE, ...THROUGH_ACCESS_POINTS, ...OVER_OLD_TLS, ...IMPOSSIBLE, ...NEVER_THROUGH_ACCESS_POINTS, ...NEVER_OVER_OLD_TLS];

/** A policy that spares what is of several kinds at once; now and then, a deny is missing, or one kind more is denied. */
function kinds(random: Random): Made {
  const guarantee = pick(random, [HTTPS_ONLY, FLOOR]);
  const tests = Array.from({ length: pick(random, [1, 2, 2, 3]) }, () => pick(random, KINDS)).flatMap(([, ...ofKind]) => ofKind);
  const kind: Kind = ['of several kinds', ...tests];
  const spared = sparing(kind, guarantee);
  const statements = pick(random, [spared, spared.slice(1), [...spared, ...denying(pick(random, KINDS), guarantee)]]);
  return { documents: [documentOf(statements)], guarantee };
}

/** What one policy allows, or two together; some callers, or all, have no permissions of their own. */
function grants(seed: number, random: Random): Made {
  const { policies, breaches } = randomGrants(seed, 'bucket', pick(random, [1, 1, 2]));
  const needsAllow = policies.length > 1 ? EVERY_CALLER : pick(random, [
    EVERY_CALLER,
    { Condition: { StringEquals: { 'proof:CallerKind': 'anonymous' } } },
    { Condition: { StringEquals: { 'proof:CallerKind': ['anonymous', 'service'] } } },
    { Condition: { StringEquals: { 'proof:IsUnmentionedCaller': 'true' } } },
    { Condition: { StringNotEquals: { 'aws:PrincipalAccount': OWNER } } },
  ]);
  return { documents: policies, guarantee: { sentence: `Question ${seed}`, breaches, needsAllow } };
}

function documentOf(statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

function questionOf(policies: readonly Policy[], { breaches, needsAllow }: Guarantee): Question {
  const ofEffect = (effect: Statement['effect']) => policies.map(({ statements }) => statements.filter((statement) => statement.effect === effect));
  return { breaches: breaches.map(described), denies: ofEffect('Deny').flat(), allows: ofEffect('Allow'), needsAllow: needsAllow && described(needsAllow) };
}

function statementsOf({ breaches, denies: all, allows, needsAllow }: Question): Statement[] {
  return [...all, ...allows.flat(), ...breaches, ...(needsAllow ? [needsAllow] : [])];
}

/* ---- the attack ---- */

interface Attacked {
  readonly seed: number;
  readonly isComplete: boolean;
  readonly proof: Proof;

  /** A breach that is let through, where the search found one. */
  readonly passing?: string;

  /** What is wrong with the counterexample. */
  readonly wrong?: string;
}

function attacked(seed: number, operations: Operations): Attacked {
  const { documents, policies, guarantee, isComplete } = asked(seed);
  const [one, other] = policies;
  const proof = other ? proveTogether([one, other], guarantee, facts) : prove(one, guarantee, facts);
  const question = questionOf(policies, guarantee);
  const statements = statementsOf(question);
  const isAttacked = proof.verdict === 'holds' || seed % 20 === 0; // of the others, enough to see that the search is able to find something
  const request = isAttacked ? new World(randomOf(seed + 1_000_000), operations, statements).find(question, SAMPLES) : undefined;
  return {
    seed,
    isComplete,
    proof,
    passing: request && `${requestSentence(request)} passes ${JSON.stringify(documents)}`,
    wrong: proof.verdict === 'broken' ? wrongOf(proof.request, policies, question, operations) : undefined,
  };
}

function wrongOf(request: PolicyRequest, policies: readonly Policy[], question: Question, operations: Operations): string | undefined {
  const keys = new Set(statementsOf(question).flatMap(({ conditions }) => conditions.map(({ key }) => key)));
  const impossible = whyImpossible(request, operations, (key) => keys.has(key));
  const decisions = policies.map((policy) => evaluate(policy, request));
  const isStopped = !isLetThrough(question, request) || decisions.some(({ statements }) => statements.some(({ effect }) => effect === 'Deny'));
  return impossible ? `${requestSentence(request)}: ${impossible}` : isStopped ? `${requestSentence(request)} is stopped` : undefined;
}

let operations: Operations;

beforeAll(async () => {
  operations = await Operations.published();
});

describe(`${POLICIES} random policies, attacked with requests of which the proofs know nothing`, () => {
  const all: Attacked[] = [];
  const of = (verdict: Proof['verdict']) => all.filter(({ proof }) => proof.verdict === verdict);

  beforeAll(() => {
    const seeds = Array.from({ length: POLICIES }, (_, i) => FIRST + i);
    all.push(...[...new Set([...seeds, ...SPECIAL.map(({ seed }) => seed)])].map((seed) => attacked(seed, operations)));
  }, 60_000 + POLICIES * 100);

  test('no request passes where the guarantee holds', () => {
    expect(of('holds').flatMap(({ seed, passing }) => (passing === undefined ? [] : [{ seed, passing }]))).toEqual([]);
    expect(of('holds').length).toBeGreaterThan(POLICIES / 4);
  });

  test('a guarantee whose denies leave nothing through by the way they were made is not broken', () => {
    expect(of('broken').filter(({ isComplete }) => isComplete)).toEqual([]);
    expect(all.filter(({ isComplete }) => isComplete).length).toBeGreaterThan(POLICIES / 8);
  });

  test('what breaks a guarantee is a request that somebody can send, and that nothing stops', () => {
    expect(of('broken').flatMap(({ seed, wrong }) => (wrong === undefined ? [] : [{ seed, wrong }]))).toEqual([]);
    expect(of('broken').length).toBeGreaterThan(POLICIES / 4);
  });

  test('few are not decided', () => {
    expect(of('not-decided').length).toBeLessThanOrEqual(all.length * 0.03);
  });

  test('the attack is strong: it passes most of the broken ones', () => {
    const tried = of('broken').filter(({ seed }) => seed % 20 === 0);
    expect(tried.filter(({ passing }) => passing !== undefined).length).toBeGreaterThan(tried.length * 0.8);
  });
});

describe('the attack passes', () => {
  const FOUND_WITHIN = 3000;

  function foundIn(statements: readonly object[], guarantee: Guarantee, samples: number, seed: number): PolicyRequest | undefined {
    const question = questionOf([parsePolicy(documentOf(statements))], guarantee);
    return new World(randomOf(seed), operations, statementsOf(question)).find(question, samples);
  }

  test.each(BROKEN.map(({ name, ...policy }): [string, typeof policy] => [name, policy]))('a policy that is known to be broken: %s', (_, { guarantee, denies: all }) => {
    const statements = all.map((deny) => ({ Effect: 'Deny', Principal: '*', ...('NotAction' in deny ? {} : { Action: 's3:*' }), Resource: [BUCKET, `${BUCKET}/*`], ...deny }));
    const forbidden = guarantee === 'https-only' ? HTTPS_ONLY : FLOOR;
    expect(foundIn(statements, forbidden, FOUND_WITHIN, 1)).toBeDefined();
    expect(prove(parsePolicy(documentOf(statements)), forbidden, facts).verdict).toBe('broken');
  });

  test('nearly all of 100 policies that spare one kind of requests', () => {
    const random = randomOf(100);
    const found = Array.from({ length: 100 }, (_, seed) => foundIn(sparing(pick(random, POSSIBLE), HTTPS_ONLY), HTTPS_ONLY, SAMPLES, seed));
    expect(found.filter((request) => request !== undefined).length).toBeGreaterThanOrEqual(90);
  });

  test('none that spares what S3 would never answer', () => {
    const found = IMPOSSIBLE.map((kind, seed) => foundIn(sparing(kind, HTTPS_ONLY), HTTPS_ONLY, SAMPLES, seed));
    expect(found.flatMap((request) => (request ? [requestSentence(request)] : []))).toEqual([]);
  });
});

/* ---- the requests themselves ---- */

const MORE_KEYS = [
  'aws:requestedregion', 'aws:viaawsmcpservice', 'aws:assumedroot', 'aws:principaltag/team', 'aws:multifactorauthpresent', 'aws:multifactorauthage', 'aws:tokenissuetime', 'aws:sourceidentity',
  'aws:tagkeys', 'aws:referer', 's3:prefix', 's3:delimiter', 's3:max-keys', 's3:versionid', 's3:x-amz-acl', 's3:requestobjecttagkeys', 's3:existingobjecttag/site', 'example:newkey',
];

describe('requests that are drawn', () => {
  const drawn: PolicyRequest[] = [];

  beforeAll(() => {
    for (let seed = 0; seed < 150; seed++) {
      const { policies, guarantee } = asked(seed);
      const world = new World(randomOf(seed), operations, statementsOf(questionOf(policies, guarantee)), [...DERIVED_KEYS, ...MORE_KEYS].filter((key) => !key.startsWith('proof:isunmentioned')));
      drawn.push(...Array.from({ length: 20 }, () => world.request()));
    }
  });

  test('are requests that somebody can send', () => {
    expect(drawn.flatMap((request) => whyImpossible(request, operations) ?? [])).toEqual([]);
  });

  test('have each key now and then, and are without each that may be absent', () => {
    const without = (key: string) => drawn.filter(({ context }) => !context.has(key)).length;
    const keys = [...DERIVED_KEYS, ...MORE_KEYS].filter((key) => !key.startsWith('proof:'));
    expect(keys.filter((key) => drawn.length - without(key) < 20)).toEqual([]);
    expect(keys.filter((key) => without(key) === 0)).toEqual([
      'aws:principalaccount', 'aws:principaltype', 'aws:userid', 'aws:viaawsservice', 'aws:securetransport', 'aws:currenttime', 'aws:epochtime', 'aws:resourceaccount', 's3:resourceaccount', 'aws:requestedregion',
    ]);
  });

  test('are of all kinds that go together', () => {
    const shapes = new Set(drawn.map(({ principal, context }) => {
      const route = context.has('aws:sourcevpce') ? 'endpoint' : context.get('aws:viaawsservice')![0] === 'true' ? 'through service' : context.has('aws:sourceip') ? 'internet' : 'inside AWS';
      const caller = context.get('proof:callerkind')![0] + (principal.kind === 'iam' && principal.provider ? ' of a provider' : '');
      return `${caller}, ${route}, ${context.get('s3:authtype')?.[0] ?? 'unsigned'}, ${context.get('s3:accesspointnetworkorigin')?.[0] ?? 'direct'}`;
    }));
    const ofIam = 5 * (3 * (1 + 1) + 3 + 3 + 3); // internet and through services directly or by an access point, endpoints by one of a VPC, too
    expect(shapes.size).toBeGreaterThan(ofIam * 0.8);
  });
});

describe('what makes a request possible', () => {
  const ROLE = { kind: 'iam', arn: 'arn:aws:iam::444455556666:role/team/App', account: '444455556666', sessionArn: 'arn:aws:sts::444455556666:assumed-role/App/nightly' } as const;
  const OF_ALL = { 'aws:CurrentTime': '2026-04-05T06:07:08.250Z', 'aws:EpochTime': '1775369228.25', 'aws:ResourceAccount': OWNER, 's3:ResourceAccount': OWNER, 'aws:RequestedRegion': 'eu-west-1', 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:ViaAWSService': 'false' };
  const SIGNED = { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:signatureAge': '0' };
  const BY_ROLE = { 'aws:PrincipalArn': ROLE.arn, 'aws:PrincipalAccount': ROLE.account, 'aws:PrincipalType': 'AssumedRole', 'aws:userid': 'AROAEXAMPLE:nightly', 'aws:PrincipalIsAWSService': 'false', 'proof:CallerKind': 'role', 'aws:TokenIssueTime': '2026-04-05T05:00:00Z' };
  const BY_SERVICE = { 'aws:PrincipalAccount': UNDETERMINED, 'aws:PrincipalType': UNDETERMINED, 'aws:userid': UNDETERMINED, 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': 'a.amazonaws.com', 'aws:PrincipalServiceNamesList': ['a.amazonaws.com', 'b.amazonaws.com'], 'proof:CallerKind': 'service' };
  const BY_NOBODY = { 'aws:PrincipalAccount': 'anonymous', 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous', 'proof:CallerKind': 'anonymous' };
  const ENDPOINT = { 'aws:SourceVpce': 'vpce-1', 'aws:SourceVpc': 'vpc-1', 'aws:VpcSourceIp': '10.0.0.1', 'aws:VpceAccount': '777788889999', 'aws:SourceVpcArn': 'arn:aws:ec2:eu-west-1:777788889999:vpc/vpc-1' };
  const ACCESS_POINT = { 's3:DataAccessPointArn': 'arn:aws:s3:eu-west-1:777788889999:accesspoint/a', 's3:DataAccessPointAccount': '777788889999', 's3:AccessPointNetworkOrigin': 'Internet' };

  type Keys = Record<string, string | string[] | undefined>;
  const role = (keys: Keys, more: Partial<PolicyRequest> = {}): PolicyRequest => ({ principal: ROLE, action: 's3:GetObject', resource: `${BUCKET}/a`, context: contextOf({ ...OF_ALL, ...SIGNED, ...BY_ROLE, 'aws:SourceIp': '192.0.2.1', ...keys }), ...more });
  const byEndpoint = (keys: Keys): PolicyRequest => role({ 'aws:SourceIp': undefined, ...ENDPOINT, ...keys });
  const service = (keys: Keys): PolicyRequest => role({}, { principal: { kind: 'service', service: 'a.amazonaws.com' }, context: contextOf({ ...OF_ALL, ...SIGNED, ...BY_SERVICE, ...keys }) });
  const nobody = (keys: Keys): PolicyRequest => role({}, { principal: { kind: 'anonymous' }, context: contextOf({ ...OF_ALL, ...BY_NOBODY, 'aws:SourceIp': '192.0.2.1', ...keys }) });
  const upload = (keys: Keys): PolicyRequest => role(keys, { action: 's3:PutObject' });
  const of = (arn: string, keys: Keys): PolicyRequest => role({ 'aws:PrincipalArn': arn, ...keys }, { principal: { kind: 'iam', arn, account: '444455556666' } });

  test.each<[string, PolicyRequest]>([
    ['a role', role({})],
    ['a role of an organization', role({ 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/' })],
    ['a role by an endpoint', byEndpoint({})],
    ['a role through a service', role({ 'aws:ViaAWSService': 'true', 'aws:CalledVia': ['a', 'b'], 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'b' })],
    ['a role through an access point of a VPC', byEndpoint({ ...ACCESS_POINT, 's3:AccessPointNetworkOrigin': 'VPC' })],
    ['a user', of('arn:aws:iam::444455556666:user/team/bob', { 'aws:PrincipalType': 'User', 'aws:username': 'bob', 'aws:userid': 'AIDAEXAMPLE', 'proof:CallerKind': 'user' })],
    ['a federated user', of('arn:aws:sts::444455556666:federated-user/bob', { 'aws:PrincipalType': 'FederatedUser', 'aws:userid': '444455556666:bob', 'proof:CallerKind': 'federated-user' })],
    ['a root user', of('arn:aws:iam::444455556666:root', { 'aws:PrincipalType': 'Account', 'aws:userid': '444455556666', 'proof:CallerKind': 'root', 'aws:AssumedRoot': 'true' })],
    ['a service', service({ 'aws:SourceAccount': '777788889999', 'aws:SourceArn': 'arn:aws:s3:::any', 'aws:SourceOrgID': 'o-exampleorgid' })],
    ['nobody', nobody({})],
    ['a form with Signature Version 2 and KMS', upload({ 's3:authType': 'POST', 's3:signatureversion': 'AWS', 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': 'x' })],
  ])('is what %s sends', (_, request) => {
    expect(whyImpossible(request, operations)).toBeUndefined();
  });

  const IMPOSSIBLE_REQUESTS: readonly (readonly [sentence: string, ...requests: PolicyRequest[]])[] = [
    ['the ARN of an IAM caller is that of a role, user, root user or federated user of an account', of('arn:aws:iam::444455556666:role/team/', {}), of('arn:aws:iam::anonymous:role/App', {}), of('arn:aws:iam::777788889999:role/App', {})],
    ['keys of the caller follow from the ARN', role({ 'aws:PrincipalArn': undefined }), role({ 'aws:PrincipalAccount': '777788889999' }), role({ 'aws:PrincipalIsAWSService': undefined })],
    ['aws:PrincipalType follows from the kind of caller', role({ 'aws:PrincipalType': 'User' })],
    ['aws:userid follows from the kind of caller', role({ 'aws:userid': 'AROAEXAMPLE' }), nobody({ 'aws:userid': 'AIDAEXAMPLE' }), of('arn:aws:sts::444455556666:federated-user/bob', { 'aws:PrincipalType': 'FederatedUser', 'aws:userid': '444455556666:alice' })],
    ['aws:username is the last part of the name of a user, of users alone', role({ 'aws:username': 'App' }), of('arn:aws:iam::444455556666:user/team/bob', { 'aws:PrincipalType': 'User', 'aws:username': 'team/bob', 'aws:userid': 'AIDAEXAMPLE' })],
    ['the session is one of the role', role({ 'aws:userid': 'AROAEXAMPLE:daily' }), role({}, { principal: { ...ROLE, sessionArn: 'arn:aws:sts::444455556666:assumed-role/Other/nightly' } })],
    ['aws:FederatedProvider is who vouched for the session of a role', role({ 'aws:FederatedProvider': 'accounts.example.com' }), role({}, { principal: { ...ROLE, provider: 'accounts.example.com' } })],
    ['a service has the keys of its name', role({ 'aws:PrincipalServiceName': 'a.amazonaws.com' }), service({ 'aws:PrincipalServiceNamesList': ['b.amazonaws.com'] })],
    ['of services, nothing else is documented', service({ 'aws:PrincipalAccount': '777788889999' })],
    ['what is not documented of services is known of all others', role({ 'aws:SourceIdentity': UNDETERMINED })],
    ['anonymous callers are told by aws:PrincipalAccount, and nobody says that they are no service', nobody({ 'aws:PrincipalIsAWSService': 'false' })],
    ['keys of IAM callers are theirs alone', service({ 'aws:PrincipalArn': ROLE.arn }), service({ 'aws:PrincipalOrgID': 'o-exampleorgid' }), nobody({ 'aws:PrincipalTag/team': 'red' })],
    ['accounts have twelve digits', service({ 'aws:SourceAccount': '1' }), byEndpoint({ 'aws:VpceAccount': 'anonymous' })],
    ['services alone tell what they call for', role({ 'aws:SourceAccount': '777788889999' })],
    ['a service calls for one account', service({ 'aws:SourceAccount': '777788889999', 'aws:SourceArn': 'arn:aws:sns:eu-west-1:444455556666:topic' })],
    ['an organization has one id', role({ 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalOrgPaths': 'o-secondorgid/r-cd34/' }), role({ 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalOrgPaths': 'o-exampleorgid/' }), role({ 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:PrincipalOrgPaths': ['o-exampleorgid/a/', 'o-exampleorgid/b/'] })],
    ['an account is in one organization, at one path, or in none', role({ 'aws:PrincipalOrgID': 'o-exampleorgid' }), byEndpoint({ 'aws:VpceAccount': '444455556666', 'aws:SourceVpcArn': 'arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1', 'aws:VpceOrgID': 'o-exampleorgid', 'aws:VpceOrgPaths': 'o-exampleorgid/r-ab12/' }), service({ 'aws:SourceAccount': OWNER, 'aws:SourceOrgID': 'o-exampleorgid' })],
    ['aws:ViaAWSService tells whether a service calls with the credentials of an IAM caller', nobody({ 'aws:ViaAWSService': 'true' }), role({ 'aws:ViaAWSService': undefined })],
    ['what is called through a service is no request by an endpoint', byEndpoint({ 'aws:ViaAWSService': 'true' })],
    ['services in between are told by requests through services alone, all three keys or none', role({ 'aws:CalledVia': ['a'], 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'a' }), role({ 'aws:ViaAWSService': 'true', 'aws:CalledVia': ['a', 'b'], 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'a' })],
    ['a request comes by an endpoint, or from an address on the internet', role(ENDPOINT)],
    ['a request over the internet has an address', role({ 'aws:SourceIp': undefined })],
    ['services call inside AWS', service({ 'aws:SourceIp': '192.0.2.1' }), service(ENDPOINT)],
    ['an endpoint has a VPC with an ARN, an account and an address', byEndpoint({ 'aws:SourceVpc': undefined }), byEndpoint({ 'aws:VpceAccount': undefined }), byEndpoint({ 'aws:SourceVpcArn': undefined })],
    ['the VPC is in the account of the endpoint', byEndpoint({ 'aws:SourceVpcArn': 'arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1' }), byEndpoint({ 'aws:SourceVpcArn': 'arn:aws:ec2:eu-west-1:777788889999:vpc/vpc-2' })],
    ['addresses are IPv4 or IPv6', role({ 'aws:SourceIp': '10.0.0' })],
    ['s3:TlsVersion is there over HTTPS, and over HTTPS alone', role({ 'aws:SecureTransport': 'false' }), role({ 's3:TlsVersion': undefined })],
    ['anonymous requests are not signed, all others are', nobody(SIGNED), role({ 's3:authType': undefined })],
    ['the age of a signature is a whole number that S3 accepts', role({ 's3:signatureAge': '900000' }), role({ 's3:signatureAge': '0.5' }), role({ 's3:signatureAge': '1', 's3:signatureversion': 'AWS' }), role({ 's3:signatureAge': '604800001', 's3:authType': 'REST-QUERY-STRING' })],
    ['forms upload', role({ 's3:authType': 'POST' })],
    ['services sign in the header, with version 4', service({ 's3:authType': 'REST-QUERY-STRING' }), service({ 's3:signatureversion': 'AWS' })],
    ['an access point tells its ARN, account and origin', role({ ...ACCESS_POINT, 's3:AccessPointNetworkOrigin': undefined })],
    ['the ARN of an access point is of its account', role({ ...ACCESS_POINT, 's3:DataAccessPointAccount': '444455556666' }), role({ ...ACCESS_POINT, 's3:DataAccessPointArn': 'arn:aws:s3::777788889999:accesspoint/a' })],
    ['access points take HTTPS and Signature Version 4 alone, and nobody who is anonymous', role({ ...ACCESS_POINT, 'aws:SecureTransport': 'false', 's3:TlsVersion': undefined }), role({ ...ACCESS_POINT, 's3:signatureversion': 'AWS' }), nobody(ACCESS_POINT)],
    ['access points that are bound to a VPC are reached by endpoints alone', role({ ...ACCESS_POINT, 's3:AccessPointNetworkOrigin': 'VPC' }), service({ ...ACCESS_POINT, 's3:AccessPointNetworkOrigin': 'VPC' })],
    ['access points of several Regions take Signature Version 4A', role({ ...ACCESS_POINT, 's3:DataAccessPointArn': 'arn:aws:s3::777788889999:accesspoint/a.mrap' })],
    ['access points of several Regions are on the internet', byEndpoint({ ...ACCESS_POINT, 's3:DataAccessPointArn': 'arn:aws:s3::777788889999:accesspoint/a.mrap', 's3:AccessPointNetworkOrigin': 'VPC', 's3:signatureversion': 'AWS4-ECDSA-P256-SHA256' })],
    ['an action is one of S3, on what it works on', role({}, { action: 's3:ListBucket' }), role({}, { resource: BUCKET }), role({}, { action: 's3:GetEverything' })],
    ['headers and parameters are carried where S3 takes them', role({ 's3:x-amz-server-side-encryption': 'AES256' }), role({ 's3:prefix': '' }), role({ 'aws:TagKeys': 'team' })],
    ['keys with few values have one of them', upload({ 's3:x-amz-server-side-encryption': 'aws:kmsx' }), upload({ 's3:x-amz-acl': 'public' }), role({ 's3:TlsVersion': '1.4' })],
    ['an upload asks for one way of encryption', upload({ 's3:x-amz-server-side-encryption': 'AES256', 's3:x-amz-server-side-encryption-aws-kms-key-id': 'x' }), upload({ 's3:x-amz-server-side-encryption': 'AES256', 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' })],
    ['a key of the caller is sent over HTTPS alone', upload({ 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256', 'aws:SecureTransport': 'false', 's3:TlsVersion': undefined })],
    ['numbers are whole and not negative', role({ 'aws:MultiFactorAuthAge': '-1' })],
    ['both keys of time tell the same moment', role({ 'aws:EpochTime': '1775369228' }), role({ 'aws:CurrentTime': undefined })],
    ['the owner is who owns the bucket', role({ 'aws:ResourceAccount': '444455556666' })],
    ['boolean keys are true or false', role({ 'aws:MultiFactorAuthPresent': 'yes' }), role({ 'aws:ViaAWSMCPService': 'false' })],
    ['root users have no tags', of('arn:aws:iam::444455556666:root', { 'aws:PrincipalType': 'Account', 'aws:userid': '444455556666', 'proof:CallerKind': 'root', 'aws:PrincipalTag/team': 'red' })],
    ['functions, instances and builds call by roles, of which alone a source identity is told', of('arn:aws:iam::444455556666:root', { 'aws:PrincipalType': 'Account', 'aws:userid': '444455556666', 'proof:CallerKind': 'root', 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-west-1:444455556666:function:f' })],
    ['how long ago multi-factor authentication was is told of those who used it', role({ 'aws:MultiFactorAuthAge': '1', 'aws:MultiFactorAuthPresent': 'false' })],
    ['tags of access points come with an access point', role({ 's3:AccessPointTag/team': 'red', 's3:DataAccessPointArn': undefined })],
    ['tags come with their keys', upload({ 's3:RequestObjectTag/team': 'red', 's3:RequestObjectTagKeys': undefined }), upload({ 's3:RequestObjectTag/team': 'red', 's3:RequestObjectTagKeys': 'site' })],
    ['role sessions and federated users tell when their session began', role({ 'aws:TokenIssueTime': undefined })],
    ['no session begins after the request', role({ 'aws:TokenIssueTime': '2026-04-05T06:07:08.251Z' })],
    ['multi-factor authentication is told of sessions alone', of('arn:aws:iam::444455556666:user/bob', { 'aws:PrincipalType': 'User', 'aws:username': 'bob', 'aws:userid': 'AIDAEXAMPLE', 'proof:CallerKind': 'user', 'aws:MultiFactorAuthPresent': 'true', 'aws:TokenIssueTime': undefined })],
    ['aws:AssumedRoot is of root users', role({ 'aws:AssumedRoot': 'true' })],
    ['a key has one value, unless it may have several', role({ 'aws:SourceIp': ['192.0.2.1', '192.0.2.2'] })],
    ['a Region is asked', role({ 'aws:RequestedRegion': undefined })],
    ['what is asked of the kind of caller is so', role({ 'proof:CallerKind': 'user' })],
  ];

  test.each(IMPOSSIBLE_REQUESTS.flatMap(([sentence, ...requests]) => requests.map((request): [string, PolicyRequest] => [sentence, request])))('%s', (sentence, request) => {
    expect(whyImpossible(request, operations)).toBe(sentence);
  });

  test('is said in sentences, each of which some request fails', () => {
    expect(IMPOSSIBLE_REQUESTS.map(([sentence]) => sentence)).toEqual(SENTENCES);
  });
});
