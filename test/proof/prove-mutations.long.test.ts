import { breachByBruteForce, BUCKET } from './brute-force';
import { GUARDRAIL_POLICIES } from './guardrail-policies';
import { parsePolicy } from '../../src/policy/document';
import { prove } from '../../src/proof/prove';

type Statement = any;

/** Ways to write one statement otherwise. Which of them change its meaning is found out by trying every request. */
const CHANGES: Record<string, (statement: Statement) => Statement[]> = {
  'is gone': () => [],
  'is there twice': (statement) => [statement, { ...statement, Sid: 'Again' }],
  'allows': (statement) => [{ ...statement, Effect: 'Allow' }],
  'has no conditions': ({ Condition, ...statement }) => [statement],
  'names everyone as AWS': (statement) => [{ ...statement, Principal: { AWS: '*' } }],
  'names everyone in a list': (statement) => [{ ...statement, Principal: { AWS: ['*'] } }],
  'names the own account only': (statement) => [{ ...statement, Principal: { AWS: '111122223333' } }],
  'names a role only': (statement) => [{ ...statement, Principal: { AWS: 'arn:aws:iam::444455556666:role/AppRole' } }],
  'names a service only': (statement) => [{ ...statement, Principal: { Service: 'logging.s3.amazonaws.com' } }],
  'denies all actions': (statement) => [{ ...statement, Action: '*' }],
  'denies all but those of another service': ({ Action, ...statement }) => [{ ...statement, NotAction: 'iam:*' }],
  'denies all but listing': ({ Action, ...statement }) => [{ ...statement, NotAction: 's3:ListBucket' }],
  'denies reading': (statement) => [{ ...statement, Action: 's3:GetObject' }],
  'denies reading and writing': (statement) => [{ ...statement, Action: ['s3:Get*', 's3:Put*'] }],
  'denies in capital letters': (statement) => [{ ...statement, Action: String(statement.Action).toUpperCase() }],
  'is about the bucket': (statement) => [{ ...statement, Resource: 'arn:aws:s3:::shared-dataset' }],
  'is about objects': (statement) => [{ ...statement, Resource: 'arn:aws:s3:::shared-dataset/*' }],
  'is about a prefix': (statement) => [{ ...statement, Resource: 'arn:aws:s3:::shared-dataset/data/*' }],
  'is about everything': (statement) => [{ ...statement, Resource: '*' }],
  'is about all that begins like the bucket': (statement) => [{ ...statement, Resource: 'arn:aws:s3:::shared-dataset*' }],
  'is about another bucket': (statement) => [{ ...statement, Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] }],
  'is about all but another bucket': ({ Resource, ...statement }) => [{ ...statement, NotResource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] }],
  'is about all but a prefix': ({ Resource, ...statement }) => [{ ...statement, NotResource: 'arn:aws:s3:::shared-dataset/public/*' }],
  'is split by resource': (statement) => [statement.Resource].flat().map((Resource: string, i: number) => ({ ...statement, Sid: `Part${i}`, Resource })),
  'is split by half of the actions': (statement) => [{ ...statement, Action: 's3:Get*' }, { ...statement, Sid: 'Rest', Action: undefined, NotAction: 's3:Get*' }].map(withoutUndefined),
  'spares a role': (statement) => [withCondition(statement, 'ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/Reader')],
  'spares every role': (statement) => [withCondition(statement, 'ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/*')],
  'spares an account': (statement) => [withCondition(statement, 'StringNotEquals', 'aws:PrincipalAccount', '444455556666')],
  'spares the organization': (statement) => [withCondition(statement, 'StringNotEquals', 'aws:PrincipalOrgID', 'o-exampleorgid')],
  'spares an endpoint': (statement) => [withCondition(statement, 'StringNotEquals', 'aws:SourceVpce', 'vpce-1111111111111111')],
  'spares an address': (statement) => [withCondition(statement, 'NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')],
  'spares services': (statement) => [withCondition(statement, 'Bool', 'aws:PrincipalIsAWSService', 'false')],
  'asks for a referer': (statement) => [withCondition(statement, 'StringLike', 'aws:Referer', '*')],
  'asks for anything that is no referer': (statement) => [withCondition(statement, 'StringNotLike', 'aws:Referer', 'nothing')],
  'asks for a misspelt key': (statement) => [withCondition(statement, 'Bool', 'aws:SecureTransports', 'false')],
  'asks for the absence of a misspelt key': (statement) => [withCondition(statement, 'Null', 'aws:SecureTransports', 'true')],
  'ends one day': (statement) => [withCondition(statement, 'DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z')],
  'asks for a tag': (statement) => [withCondition(statement, 'StringEquals', 'aws:PrincipalTag/team', 'red')],
  'ignores the absence of keys': (statement) => [{ ...statement, Condition: renamed(statement.Condition, (operator) => (/IfExists$|^Null$/.test(operator) ? operator : `${operator}IfExists`)) }],
  'is about any of several values': (statement) => [{ ...statement, Condition: renamed(statement.Condition, (operator) => (operator === 'Null' ? operator : `ForAnyValue:${operator.replace('IfExists', '')}`)) }],
  'is about all of several values': (statement) => [{ ...statement, Condition: renamed(statement.Condition, (operator) => (operator === 'Null' ? operator : `ForAllValues:${operator}`)) }],
  'is negated': (statement) => [{ ...statement, Condition: renamed(statement.Condition, negated) }],
  'has keys in lower case': (statement) => [{ ...statement, Condition: mapKeys(statement.Condition, (key) => key.toLowerCase()) }],
  'has lists of values': (statement) => [{ ...statement, Condition: mapValues(statement.Condition, (value) => [value]) }],
  'has wildcards for values': (statement) => [{ ...statement, Condition: mapValues(statement.Condition, (value) => (/^(?:true|false|[\d.]+)$/.test(value) ? value : '*')) }],
  'compares patterns': (statement) => [{ ...statement, Condition: renamed(statement.Condition, (operator) => operator.replace(/^String(Not)?Equals/, 'String$1Like')) }],
  'ignores case': (statement) => [{ ...statement, Condition: renamed(statement.Condition, (operator) => operator.replace(/Equals$/, 'EqualsIgnoreCase').replace(/^(Numeric|Arn)(Not)?EqualsIgnoreCase/, '$1$2Equals')) }],
  ...Object.fromEntries(['true', 'false', '0', '1.1', '1.3', '9999999', 'vpce-1111111111111111'].map((value) => [
    `has the value ${value} everywhere`,
    (statement: Statement) => [{ ...statement, Condition: mapValues(statement.Condition, () => value) }],
  ])),
  ...Object.fromEntries([0, 1, 2].map((index) => [`lacks condition ${index + 1}`, (statement: Statement) => [{ ...statement, Condition: withoutCondition(statement.Condition, index) }]])),
};

// AWS does not document what account a service has.
const NOT_DECIDED = new Set(['an organization: DenyServicesForOutsideOrg spares an account']);

/** AWS does not document what a value does that its operator cannot read. */
function isUnreadable({ Statement: statements }: { Statement: readonly Statement[] }): boolean {
  return statements.flatMap(({ Condition = {} }) => Object.entries(Condition)).some(([operator, tests]) => Object.values(tests as object).flat().some((value) => (
    /Bool|^Null/.test(operator) ? !/^(?:true|false)$/.test(value) : /Numeric/.test(operator) && Number.isNaN(Number(value))
  )));
}

const cases = GUARDRAIL_POLICIES.flatMap(({ name, guarantee, statements }) => statements.flatMap((statement, i) =>
  Object.entries(CHANGES).map(([change, apply]) => ({
    name: `${name}: ${statement.Sid} ${change}`,
    guarantee,
    policy: { Version: '2012-10-17', Statement: [...statements.slice(0, i), ...apply(structuredClone(statement)), ...statements.slice(i + 1)] },
  }))));

describe('for each way to write a statement of a guardrail, the proof says what trying every request says', () => {
  const judged = { holds: 0, broken: 0 };

  test.each(GUARDRAIL_POLICIES)('$name, as it is', ({ guarantee, statements }) => {
    const policy = parsePolicy({ Version: '2012-10-17', Statement: statements });
    expect(prove(policy, guarantee, BUCKET)).toEqual({ verdict: 'holds' });
    expect(breachByBruteForce(policy, guarantee)).toBeUndefined();
  });

  test.each(cases)('$name', ({ name, guarantee, policy: document }) => {
    const policy = parsePolicy(document);
    const expected = breachByBruteForce(policy, guarantee) ? 'broken' : 'holds';
    const { verdict } = prove(policy, guarantee, BUCKET);
    expect(isUnreadable(document) ? ['not-decided', 'broken'] : [NOT_DECIDED.has(name) ? 'not-decided' : expected]).toContain(verdict);
    judged[expected]++;
  });

  test('both occur often', () => {
    expect(judged.holds).toBeGreaterThan(100);
    expect(judged.broken).toBeGreaterThan(200);
  });
});

function withCondition(statement: Statement, operator: string, key: string, value: string): Statement {
  return { ...statement, Condition: { ...statement.Condition, [operator]: { ...statement.Condition[operator], [key]: value } } };
}

function withoutCondition(condition: Record<string, Record<string, unknown>>, index: number): object {
  const pairs = Object.entries(condition).flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) => ({ operator, key, value })));
  return pairs.filter((_, i) => i !== index).reduce<any>((all, { operator, key, value }) => ({ ...all, [operator]: { ...all[operator], [key]: value } }), {});
}

function renamed(condition: Record<string, object>, rename: (operator: string) => string): object {
  return Object.entries(condition).reduce<any>((all, [operator, keys]) => ({ ...all, [rename(operator)]: { ...all[rename(operator)], ...keys } }), {});
}

function negated(operator: string): string {
  const pairs: Record<string, string> = {
    Bool: 'StringNotEquals', BoolIfExists: 'StringNotEquals', StringNotEquals: 'StringEquals', StringEquals: 'StringNotEquals', ArnNotLike: 'ArnLike', NumericLessThan: 'NumericGreaterThanEquals', NumericGreaterThan: 'NumericLessThanEquals',
  };
  return pairs[operator] ?? operator;
}

function mapKeys(condition: Record<string, Record<string, any>>, change: (key: string) => string): object {
  return Object.fromEntries(Object.entries(condition).map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(keys).map(([key, value]) => [change(key), value]))]));
}

function mapValues(condition: Record<string, Record<string, any>>, change: (value: any) => unknown): object {
  return Object.fromEntries(Object.entries(condition).map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, change(value)]))]));
}

function withoutUndefined(statement: Statement): Statement {
  return Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined));
}
