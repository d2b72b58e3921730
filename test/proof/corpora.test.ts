import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { HTTPS_ONLY } from '../../src/guarantees/transport';
import { parsePolicy, Policy, PolicySyntaxError } from '../../src/policy/document';
import { lintPolicy } from '../../src/policy/lint';
import { unknownText } from '../../src/policy/unknown-text';
import { EVERY_CALLER, Guarantee } from '../../src/proof/guarantee';
import { prove } from '../../src/proof/prove';

const CORPORA = process.env.PUBLISHED_POLICIES ?? resolve(__dirname, '../../../shared/corpora');
const isThere = existsSync(CORPORA);

interface Published {
  readonly name: string;
  readonly policy: any;
}

const published: Published[] = !isThere ? [] : readdirSync(CORPORA).filter((file) => file.endsWith('.json')).flatMap((corpus) =>
  JSON.parse(readFileSync(join(CORPORA, corpus), 'utf8')).map(({ file, policy }: any, i: number) => ({ name: `${corpus} ${i} ${file}`, policy })));

function read({ policy }: Published): Policy | PolicySyntaxError {
  try {
    return parsePolicy(policy);
  } catch (error) {
    if (error instanceof PolicySyntaxError) {
      return error;
    }
    throw error;
  }
}

(isThere ? describe : describe.skip)(`published policies${isThere ? '' : ' (the folder ../shared/corpora is not here)'}`, () => {
  const results = published.map((document) => ({ ...document, result: read(document) }));
  const policies = results.filter(({ result }) => !(result instanceof PolicySyntaxError)) as (Published & { result: Policy })[];
  const refused = results.filter(({ result }) => result instanceof PolicySyntaxError) as (Published & { result: PolicySyntaxError })[];

  test('there are at least 500, and most of them are policies', () => {
    expect(published.length).toBeGreaterThanOrEqual(500);
    expect(refused.length).toBeLessThan(published.length / 20);
  });

  test('no statement and no element of a statement is dropped', () => {
    for (const { name, policy, result } of policies) {
      const statements: any[] = [policy.Statement].flat();
      expect({ name, read: result.statements.map(elementsOf) }).toEqual({ name, read: statements.map((json) => Object.keys(json).sort()) });
    }
  });

  test('what is refused is refused at a place that is in the document, with a reason', () => {
    const isKnown = (reason: string) => /is no|there is no element|a statement has|a policy has|an empty list|is neither/.test(reason);
    expect(refused.map(({ result }) => result.reason).filter((reason) => !isKnown(reason))).toEqual([]);
    expect(refused.filter(({ result }) => !/^(?:Statement|Version|Id|\w+)/.test(result.path) && result.path !== '')).toEqual([]);
  });

  test('each can be judged: findings name a place, proofs come to a verdict', () => {
    const verdicts = policies.map(({ result }) => {
      expect(lintPolicy(result).filter(({ path, problem }) => path === '' || problem === '')).toEqual([]);
      return prove(result, HTTPS_ONLY, BUCKET).verdict;
    });
    expect(new Set(verdicts).size).toBeGreaterThan(1);
    expect(verdicts.filter((verdict) => verdict === 'not-decided').length).toBeLessThanOrEqual(verdicts.length / 100);
  });
});

const BUCKET = { arn: 'arn:aws:s3:::amzn-s3-demo-bucket', objects: 'arn:aws:s3:::amzn-s3-demo-bucket/', account: '111122223333', partition: 'aws' };

const GUARANTEES: readonly Guarantee[] = [
  HTTPS_ONLY,
  { sentence: 'Nobody is allowed anything.', breaches: [{}], needsAllow: EVERY_CALLER },
  { sentence: 'No account but one passes.', breaches: [{ Condition: { StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } } }] },
];

/** Values of conditions that may be parameters: names, ids and ARNs. */
function namesIn({ Statement }: any): string[] {
  const values: unknown[] = [Statement].flat().flatMap(({ Condition }: any) => Object.values<any>(Condition ?? {}).flatMap((keys) => Object.values<any>(keys).flat()));
  return [...new Set(values.filter((value): value is string => typeof value === 'string' && /^(?!(?:true|false)$)[a-z0-9:/_-]{4,}$/i.test(value)))];
}

/** The policy with a parameter in place of a value, wherever a condition compares with it. */
function parameterized(policy: any, value: string): any {
  const inCondition = (json: any): any => (Array.isArray(json) ? json.map(inCondition)
    : typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json).map(([key, member]) => [key, inCondition(member)]))
      : json === value ? unknownText('Parameter') : json);
  const inStatement = (statement: any) => ({ ...statement, ...(statement.Condition ? { Condition: inCondition(statement.Condition) } : {}) });
  return { ...policy, Statement: [policy.Statement].flat().map(inStatement) };
}

(isThere ? test : test.skip)('what is proved of a published policy with a parameter in it is so of the policy as it is printed', () => {
  const cases = published.filter((document) => !(read(document) instanceof PolicySyntaxError)).flatMap(({ name, policy }, i) => {
    const values = namesIn(policy);
    return values.length === 0 ? [] : [{ name, policy, value: values[i % values.length] }];
  });
  const compared = cases.flatMap(({ name, policy, value }) => GUARANTEES.map((guarantee) => {
    const verdictOf = (document: any) => prove(parsePolicy(document), guarantee, BUCKET).verdict;
    const ofParameter = verdictOf(parameterized(policy, value));
    return { name, value, sentence: guarantee.sentence, ofParameter, asPrinted: ofParameter === 'not-decided' ? ofParameter : verdictOf(policy) };
  }));
  expect(compared.filter(({ ofParameter, asPrinted }) => ofParameter !== asPrinted)).toEqual([]);
  expect(compared.filter(({ ofParameter }) => ofParameter !== 'not-decided').length).toBeGreaterThan(compared.length / 2);
}, 120_000);

/** The elements of a statement, as they were read. */
function elementsOf({ sid, principal, action, resource, conditions }: Policy['statements'][number]): string[] {
  const scoped = Object.entries({ Action: action, Principal: principal, Resource: resource }).flatMap(([name, scope]) => (scope ? [`${scope.isInverted ? 'Not' : ''}${name}`] : []));
  return ['Effect', ...scoped, ...(sid === undefined ? [] : ['Sid']), ...(conditions.length > 0 ? ['Condition'] : [])].sort();
}
