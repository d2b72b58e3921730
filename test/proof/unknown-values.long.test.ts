import { BUCKET as BUCKET_ARN, pick, Random, randomGrants, randomOf, randomQuestion } from './random-questions';
import { CONDITION_KEYS } from '../../src/aws/condition-keys';
import { parsePolicy } from '../../src/policy/document';
import { drawnKind, unknownText } from '../../src/policy/unknown-text';
import { EVERY_CALLER, Guarantee, RequestDescription } from '../../src/proof/guarantee';
import { prove } from '../../src/proof/prove';

/** How many policies are asked: `UNKNOWN_RUNS=20000 npx jest test/proof/unknown-values`. */
const RUNS = Number(process.env.UNKNOWN_RUNS ?? 400);
const FIRST = Number(process.env.UNKNOWN_FROM ?? 0);

const BUCKET = { arn: BUCKET_ARN, objects: `${BUCKET_ARN}/`, account: '111122223333', partition: 'aws' };

/** What accounts and ids may turn out to be of which no policy knows anything. */
const OTHER_VALUES = ['888877776666', 'o-newexampleid', 'vpce-8888888888888888', 'vpc-8888888888888888', 'arn:aws:iam::888877776666:role/New'];

/** What a value is of. A parameter is taken to have a value of its kind: an endpoint is no account. */
function kindOf(value: string): string {
  return /^\d{12}$/.test(value) ? 'account' : /^(?:o|vpce|vpc)-(?=[a-z0-9]+$)|^arn:/.exec(value)?.[0] ?? `as ${value}`;
}

function byKey(statements: readonly any[]): [key: string, value: string][] {
  const blocks = statements.flatMap(({ Condition }) => Object.values<any>(Condition ?? {}));
  return blocks.flatMap((keys) => Object.entries<any>(keys).flatMap(([key, values]) => [values].flat().map((value: string): [string, string] => [key.toLowerCase(), value])));
}

/** Texts in conditions, each once. */
function valuesOf(statements: readonly any[]): string[] {
  return [...new Set(byKey(statements).map(([, value]) => value))];
}

/** What is written of keys in many policies. */
const WRITTEN = new Map<string, Set<string>>();
for (const [key, value] of Array.from({ length: 400 }, (_, seed) => randomQuestion(seed).policy.Statement).flatMap(byKey)) {
  WRITTEN.set(key, new Set([...(WRITTEN.get(key) ?? []), value]));
}

/** What else a value of a policy may be: others of its kind, or what is written of the same keys elsewhere. */
function possibleFor(parameter: string, statements: readonly any[]): string[] {
  const ofKind = [...valuesOf(statements), ...OTHER_VALUES].filter((value) => kindOf(value) === kindOf(parameter));
  const keys = byKey(statements).filter(([, value]) => value === parameter).map(([key]) => key);
  const ofKeys = keys.map((key) => WRITTEN.get(key) ?? new Set<string>()).reduce((one, other) => new Set([...one].filter((value) => other.has(value))));
  return [...ofKind, ...ofKeys].filter((value) => !['', 'true', 'false'].includes(value) && !/[*?]/.test(value));
}

/** The same JSON with values in conditions in place of others. */
function replaced(json: any, values: ReadonlyMap<string, string>): any {
  const inCondition = (value: any): any => (Array.isArray(value) ? value.map(inCondition) : values.get(value) ?? value);
  const condition = (written: any) => written && Object.fromEntries(Object.entries<any>(written).map(([operator, keys]) =>
    [operator, Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, inCondition(value)]))]));
  return json.map((statement: any) => ({ ...statement, ...(statement.Condition ? { Condition: condition(statement.Condition) } : {}) }));
}

interface Asked {
  readonly statements: readonly any[];
  readonly breaches: readonly RequestDescription[];
  readonly needsAllow: boolean;
}

function asked(seed: number): Asked {
  if (seed % 4 === 3) {
    const { policies: [policy], breaches } = randomGrants(seed, 'bucket', 1);
    return { statements: policy.Statement, breaches, needsAllow: true };
  }
  const { policy, guarantee } = randomQuestion(seed);
  return { statements: policy.Statement, breaches: guarantee.breaches, needsAllow: false };
}

function verdictOf({ statements, breaches, needsAllow }: Asked, values: ReadonlyMap<string, string>): string {
  const guarantee: Guarantee = { sentence: 'Nobody passes.', breaches: replaced(breaches, values), needsAllow: needsAllow ? EVERY_CALLER : undefined };
  return prove(parsePolicy({ Version: '2012-10-17', Statement: replaced(statements, values) }), guarantee, BUCKET).verdict;
}

/** One or two values of a policy, and what else they may be: other values of it, each other, and values of which it knows nothing. */
function parametersOf({ statements }: Asked, random: Random): string[] {
  const values = valuesOf(statements).filter((value) => !['true', 'false'].includes(value) && !/[*?]/.test(value));
  return values.length === 0 ? [] : [...new Set([pick(random, values), ...(random() < 0.3 ? [pick(random, values)] : [])])];
}

test(`what is proved of parameters is so whatever they are, in ${RUNS} random policies`, () => {
  const counts: Record<string, number> = { 'holds': 0, 'broken': 0, 'not-decided': 0 };
  const wrong: object[] = [];
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const random = randomOf(seed + 7_000_000);
    const question = asked(seed);
    const parameters = parametersOf(question, random);
    if (parameters.length === 0) {
      continue;
    }
    const verdict = verdictOf(question, new Map(parameters.map((value, i) => [value, unknownText(`Parameter${i}`)])));
    counts[verdict]++;
    const statements = [...question.statements, ...question.breaches];
    const valuations = [parameters, ...Array.from({ length: 5 }, () => parameters.map((parameter) => pick(random, possibleFor(parameter, statements))))];
    for (const values of verdict === 'not-decided' ? [] : valuations) {
      const otherwise = verdictOf(question, new Map(parameters.map((value, i) => [value, values[i]])));
      if (otherwise !== verdict && otherwise !== 'not-decided') {
        wrong.push({ seed, parameters, verdict, values, otherwise });
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(counts.holds).toBeGreaterThan(RUNS / 20);
  expect(counts.broken).toBeGreaterThan(RUNS / 20);
}, 120_000 + RUNS * 300);

test(`what is proved of parameters with allowed values is so for each of these, in ${RUNS / 2} random policies`, () => {
  const counts: Record<string, number> = { 'holds': 0, 'broken': 0, 'not-decided': 0 };
  const wrong: object[] = [];
  for (let seed = FIRST; seed < FIRST + RUNS / 2; seed++) {
    const random = randomOf(seed + 9_000_000);
    const question = asked(seed);
    const [parameter] = parametersOf(question, random);
    const others = parameter === undefined ? [] : possibleFor(parameter, [...question.statements, ...question.breaches]);
    if (others.length === 0) {
      continue;
    }
    const values = [...new Set([parameter, pick(random, others), pick(random, others)])];
    const verdict = verdictOf(question, new Map([[parameter, unknownText('Parameter', { kind: 'without-wildcards', values })]]));
    counts[verdict]++;
    const each = verdict === 'not-decided' ? [] : values.map((value) => verdictOf(question, new Map([[parameter, value]])));
    if (each.some((otherwise) => otherwise !== verdict && otherwise !== 'not-decided')) {
      wrong.push({ seed, parameter, values, verdict, each });
    }
  }
  expect(wrong).toEqual([]);
  expect(counts.holds).toBeGreaterThan(RUNS / 40);
  expect(counts.broken).toBeGreaterThan(RUNS / 40);
}, 120_000 + RUNS * 300);

test('a value is one of those that are allowed, and may be each', () => {
  const env = unknownText('Env', { kind: 'without-wildcards', values: ['dev', 'prod'] });
  const verdict = (...known: string[]) => {
    const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET_ARN, `${BUCKET_ARN}/*`], Condition });
    const policy = { Version: '2012-10-17', Statement: [deny({ StringNotEquals: { 'aws:PrincipalTag/env': env } }), deny({ StringEquals: { 'aws:PrincipalTag/env': known } })] };
    return prove(parsePolicy(policy), { sentence: 'Nobody passes.', breaches: [{}] }, BUCKET).verdict;
  };
  expect([verdict('dev', 'prod'), verdict('dev', 'prod', 'test'), verdict('dev', 'test')]).toEqual(['holds', 'holds', 'not-decided']);
});

/** A value in a policy of which AWS draws a part: what stands before it, what is known of it, and what stands behind it. */
interface DrawnPart {
  readonly before: string;
  readonly pattern: string;
  readonly after: string;
}

function drawnPartOf(value: string): DrawnPart {
  const [id] = /^vpce?-(?=[0-9a-f])|^A(?:ROA|IDA)(?=[A-Z0-9])/.exec(value) ?? [];
  const [inAccount] = /^arn:aws:iam::\d{12}:(?:role|user)\//.exec(value) ?? [];
  const [, session] = /^A[A-Z0-9]+(:.*)$/.exec(value) ?? [];
  return { before: inAccount ?? '', pattern: id ? `${id}*` : '*', after: session ?? '' };
}

const INSIDE = 'x-y-1XQZJWKYV0179';

/** What the part may be: what other values have there, and what patterns have there once their wildcards are filled in. */
function possibleParts({ before, pattern, after }: DrawnPart, statements: readonly any[]): string[] {
  const filled = valuesOf(statements).flatMap((value) => [value, value.replace(/\*/g, INSIDE).replace(/\?/g, 'x'), value.replace(/\*/g, '').replace(/\?/g, '0')]);
  const parts = [...filled, ...OTHER_VALUES].filter((value) => value.startsWith(before)).map((value) => value.slice(before.length).split(after || '\n')[0]);
  const begin = pattern.slice(0, -1);
  return [...new Set([...parts, `${begin}${INSIDE}`])].filter((part) => part.startsWith(begin) && part.length > begin.length && !/[*?]|^(?:true|false)$/.test(part));
}

test(`what is proved of ids that AWS draws is so whatever they are, in ${RUNS / 2} random policies`, () => {
  const counts: Record<string, number> = { 'holds': 0, 'broken': 0, 'not-decided': 0 };
  const wrong: object[] = [];
  for (let seed = FIRST; seed < FIRST + RUNS / 2; seed++) {
    const random = randomOf(seed + 9_000_000);
    const question = asked(seed);
    const values = valuesOf(question.statements).filter((value) => value !== '' && !['true', 'false'].includes(value) && !/[*?].*[*?]|[*?]./.test(value));
    if (values.length === 0) {
      continue;
    }
    const replacedValues = [...new Set([pick(random, values), ...(random() < 0.5 ? [pick(random, values)] : [])])];
    const parts = replacedValues.map(drawnPartOf);
    const asDrawn = new Map(replacedValues.map((value, i) => [value, `${parts[i].before}${unknownText(`Drawn${i}`, { kind: drawnKind(parts[i].pattern) })}${parts[i].after}`]));
    const verdict = verdictOf(question, asDrawn);
    counts[verdict]++;
    const statements = [...question.statements, ...question.breaches];
    const valuations = verdict === 'not-decided' ? [] : Array.from({ length: 6 }, () => parts.map((part) => `${part.before}${pick(random, possibleParts(part, statements))}${part.after}`));
    for (const valuation of valuations) {
      const otherwise = verdictOf(question, new Map(replacedValues.map((value, i) => [value, valuation[i]])));
      const isOfKind = valuation.every((value, i) => kindOf(value) === kindOf(replacedValues[i])); // a request that breaks a policy is there for values of their kind
      if (otherwise !== verdict && otherwise !== 'not-decided' && (verdict === 'holds' || isOfKind)) {
        wrong.push({ seed, replacedValues, verdict, valuation, otherwise });
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(counts.holds).toBeGreaterThan(RUNS / 40);
  expect(counts.broken).toBeGreaterThan(RUNS / 40);
}, 120_000 + RUNS * 300);

const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });
const KEYS = CONDITION_KEYS.filter(({ name, actions }) => !/^(?:kms|sts|iam):/.test(name) && !actions?.every((action) => /^(?:kms|sts):/.test(action)));

test.each(KEYS.map(({ name, isOpen }) => (isOpen ? `${name}team` : name)))('whom a parameter spares by %s is not forgotten', (key) => {
  const spared = (operator: string) => prove(parsePolicy({ Version: '2012-10-17', Statement: [deny({ [operator]: { [key]: unknownText('Given') } }), deny({ Null: { [key]: 'true' } })] }), {
    sentence: 'Nobody passes.', breaches: [{}],
  }, BUCKET).verdict;
  const isThere = prove(parsePolicy({ Version: '2012-10-17', Statement: [deny({ Null: { [key]: 'true' } })] }), { sentence: 'Nobody passes.', breaches: [{}] }, BUCKET).verdict !== 'holds';
  expect(['StringNotEquals', 'StringNotLike', 'ForAllValues:StringNotEquals'].filter((operator) => isThere === (spared(operator) === 'holds'))).toEqual([]);
});
