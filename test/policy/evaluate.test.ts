import { parsePolicy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { iamPrincipal, PolicyRequest, Principal } from '../../src/policy/request';
import { UNDETERMINED } from '../../src/policy/unknown-text';

const BUCKET = 'arn:aws:s3:::dataset';
const ROLE = 'arn:aws:iam::111122223333:role/App';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/App/one';
const USER = 'arn:aws:iam::111122223333:user/Ann';

interface Asked {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Record<string, string | string[]>;
}

function request({ principal = iamPrincipal(ROLE), action = 's3:GetObject', resource = `${BUCKET}/data/a.csv`, context = {} }: Asked): PolicyRequest {
  return { principal, action, resource, context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()])) };
}

/** Whether a statement with some elements applies. */
function applies(elements: object, asked: Asked = {}): boolean | undefined {
  const statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...elements };
  const { outcome } = evaluate(parsePolicy({ Version: '2012-10-17', Statement: [statement] }), request(asked));
  return outcome === 'not-decided' ? undefined : outcome === 'allowed';
}

type Values = string | string[] | undefined;
type Row = [operator: string, policy: Values, request: Values, truth: boolean | undefined];

const KEY = 'aws:PrincipalTag/team';
const CONDITIONS: Row[] = [
  ['StringEquals', 'red', 'red', true],
  ['StringEquals', 'red', 'Red', false],
  ['StringEquals', 'r*', 'red', false],
  ['StringEquals', ['red', 'blue'], 'blue', true],
  ['StringEquals', 'red', undefined, false],
  ['StringEqualsIfExists', 'red', undefined, true],
  ['StringEqualsIfExists', 'red', 'blue', false],
  ['stringequals', 'red', 'red', true],
  ['StringNotEquals', ['red', 'blue'], 'blue', false],
  ['StringNotEquals', ['red', 'blue'], 'green', true],
  ['StringNotEquals', 'red', undefined, true],
  ['StringEqualsIgnoreCase', 'red', 'RED', true],
  ['StringNotEqualsIgnoreCase', 'red', 'RED', false],
  ['StringLike', 'r?d*', 'red/blue', true],
  ['StringLike', 'r?d', 'rd', false],
  ['StringLike', '*', '', true],
  ['StringLike', '*', undefined, false],
  ['StringNotLike', 'r*', 'red', false],
  ['StringNotLike', 'r*', undefined, true],
  ['NumericEquals', '5', '5.0', true],
  ['NumericNotEquals', '5', '6', true],
  ['NumericLessThan', '1.2', '1.1', true],
  ['NumericLessThan', '1.2', '1.2', false],
  ['NumericLessThanEquals', '1.2', '1.2', true],
  ['NumericGreaterThan', '10', '9', false],
  ['NumericGreaterThanEquals', '10', '10', true],
  ['NumericLessThan', '10', undefined, false],
  ['NumericLessThanIfExists', '10', undefined, true],
  ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
  ['DateLessThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', true],
  ['DateGreaterThan', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', false],
  ['DateGreaterThanEquals', '2026-01-01', '2026-01-01T00:00:00Z', true],
  ['DateNotEquals', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', true],
  ['Bool', 'true', 'true', true],
  ['Bool', 'false', 'true', false],
  ['Bool', 'false', undefined, false],
  ['BoolIfExists', 'false', undefined, true],
  ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
  ['IpAddress', '203.0.113.0/24', '203.0.113.9', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.9', false],
  ['IpAddress', '2001:db8::/32', '2001:db8:1::7', true],
  ['IpAddress', '2001:db8::/32', '203.0.113.9', false],
  ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
  ['NotIpAddress', '203.0.113.0/24', undefined, true],
  ['ArnEquals', 'arn:aws:iam::*:role/App', ROLE, true],
  ['ArnLike', 'arn:aws:iam::111122223333:role/*', ROLE, true],
  ['ArnLike', 'arn:aws:iam::*:user/*', ROLE, false],
  ['ArnLike', 'arn:*/App', ROLE, undefined],
  ['ArnLike', 'arn:aws:iam::*:role', ROLE, false],
  ['ArnLike', 'arn:*:*:*:*:role/App', ROLE, true],
  ['ArnNotLike', 'arn:aws:iam::111122223333:role/*', ROLE, false],
  ['ArnNotEquals', ROLE, undefined, true],
  ['Null', 'true', undefined, true],
  ['Null', 'true', 'red', false],
  ['Null', 'false', 'red', true],
  ['Null', 'false', undefined, false],
  ['ForAnyValue:StringEquals', ['red', 'blue'], ['green', 'blue'], true],
  ['ForAnyValue:StringEquals', ['red', 'blue'], ['green'], false],
  ['ForAnyValue:StringEquals', 'red', [], false],
  ['ForAnyValue:StringEquals', 'red', undefined, false],
  ['ForAnyValue:StringNotEquals', 'red', ['red', 'blue'], true],
  ['ForAllValues:StringEquals', ['red', 'blue'], ['blue', 'red'], true],
  ['ForAllValues:StringEquals', ['red', 'blue'], ['blue', 'green'], false],
  ['ForAllValues:StringEquals', 'red', [], true],
  ['ForAllValues:StringEquals', 'red', undefined, true],
  ['ForAllValues:StringNotLike', 'r*', ['blue', 'red'], false],
  ['ForAnyValue:StringEquals', 'red', ['red', UNDETERMINED], true],
  ['ForAnyValue:StringEquals', 'red', ['blue', UNDETERMINED], undefined],
  ['ForAnyValue:StringNotEquals', 'red', ['red', UNDETERMINED], undefined],
  ['ForAllValues:StringEquals', 'red', ['blue', UNDETERMINED], false],
  ['ForAllValues:StringEquals', 'red', ['red', UNDETERMINED], undefined],
  ['ForAllValues:StringEquals', 'red', [UNDETERMINED], undefined],
  ['StringEquals', 'red', ['red', UNDETERMINED], undefined],
  ['StringEqual', 'red', 'red', undefined],
  ['NullIfExists', 'true', 'red', undefined],
];

test.each(CONDITIONS)('%s %j of a request with %j: %s', (operator, policy, value, truth) => {
  expect(applies({ Condition: { [operator]: { [KEY]: policy } } }, { context: value === undefined ? {} : { [KEY]: value } })).toBe(truth);
});

const PRINCIPALS: Record<string, Principal> = {
  role: iamPrincipal(ROLE),
  session: iamPrincipal(SESSION),
  user: iamPrincipal(USER),
  root: iamPrincipal('arn:aws:iam::111122223333:root'),
  stranger: iamPrincipal('arn:aws:iam::999988887777:role/App'),
  service: { kind: 'service', service: 'cloudfront.amazonaws.com' },
  federated: { kind: 'federated', provider: 'accounts.google.com' },
  anonymous: { kind: 'anonymous' },
};
const NAMED: [element: unknown, who: string][] = [
  ['*', 'role session user root stranger service federated anonymous'],
  [{ AWS: '*' }, 'role session user root stranger service federated anonymous'],
  [{ AWS: '111122223333' }, 'role session user root'],
  [{ AWS: 'arn:aws:iam::111122223333:root' }, 'role session user root'],
  [{ AWS: ROLE }, 'role session'],
  [{ AWS: SESSION }, 'session'],
  [{ AWS: USER }, 'user'],
  [{ AWS: 'arn:aws:iam::111122223333:role/*' }, ''],
  [{ Service: 'cloudfront.amazonaws.com' }, 'service'],
  [{ Service: 'cloudtrail.amazonaws.com' }, ''],
  [{ Federated: 'accounts.google.com' }, 'federated'],
  [{ AWS: [USER, '999988887777'], Service: ['s3.amazonaws.com', 'cloudfront.amazonaws.com'] }, 'user stranger service'],
];

test.each(NAMED)('Principal %j names %s', (element, who) => {
  expect(Object.keys(PRINCIPALS).filter((name) => applies({ Principal: element }, { principal: PRINCIPALS[name] })).join(' ')).toBe(who);
});

test.each<[element: object, name: string, truth: boolean | undefined]>([
  [{ AWS: USER }, 'stranger', true],
  [{ AWS: USER }, 'user', undefined],
  [{ AWS: [USER, '111122223333'] }, 'user', false],
  [{ AWS: [ROLE, '111122223333'] }, 'session', undefined],
  [{ AWS: [ROLE, SESSION, '111122223333'] }, 'session', false],
  [{ Service: 'cloudfront.amazonaws.com' }, 'service', false],
  [{ Service: 'cloudfront.amazonaws.com' }, 'anonymous', true],
])('NotPrincipal %j of the %s: %s', (NotPrincipal, name, truth) => {
  expect(applies({ Principal: undefined, NotPrincipal }, { principal: PRINCIPALS[name] })).toBe(truth);
});

test.each<[elements: object, asked: Asked, truth: boolean]>([
  [{ Action: 'S3:getobject' }, {}, true],
  [{ Action: 's3:Get*' }, {}, true],
  [{ Action: 's3:Get?bject' }, {}, true],
  [{ Action: 's3:GetObject' }, { action: 's3:GetObjectAcl' }, false],
  [{ Action: undefined, NotAction: 's3:Get*' }, {}, false],
  [{ Action: undefined, NotAction: ['s3:Put*', 's3:Delete*'] }, {}, true],
  [{ Resource: `${BUCKET}/*` }, {}, true],
  [{ Resource: BUCKET }, {}, false],
  [{ Resource: `${BUCKET}*` }, { resource: 'arn:aws:s3:::dataset-of-somebody-else/x' }, true],
  [{ Resource: `${BUCKET}/DATA/*` }, {}, false],
  [{ Resource: `${BUCKET}/data/?.csv` }, {}, true],
  [{ Resource: undefined, NotResource: `${BUCKET}/data/*` }, {}, false],
  [{ Resource: undefined, NotResource: [BUCKET, `${BUCKET}/logs/*`] }, {}, true],
  [{ Condition: { StringEquals: { 'AWS:principaltag/TEAM': 'red' } } }, { context: { [KEY]: 'red' } }, true],
  [{ Condition: { StringEquals: { [KEY]: 'red' }, Bool: { 'aws:SecureTransport': 'true' } } }, { context: { [KEY]: 'red' } }, false],
])('%j of %j: %s', (elements, asked, truth) => {
  expect(applies(elements, asked)).toBe(truth);
});

test.each<[resource: string, context: Asked['context'], object: string, truth: boolean]>([
  [`${BUCKET}/\${aws:PrincipalTag/team}/*`, { [KEY]: 'red' }, 'red/a', true],
  [`${BUCKET}/\${aws:PrincipalTag/team}/*`, { [KEY]: 'red' }, 'blue/a', false],
  [`${BUCKET}/\${aws:PrincipalTag/team}/*`, {}, 'red/a', false],
  [`${BUCKET}/\${aws:PrincipalTag/team, 'all'}/*`, {}, 'all/a', true],
  [`${BUCKET}/\${aws:PrincipalTag/team, 'all'}/*`, { [KEY]: 'red' }, 'all/a', false],
  [`${BUCKET}/\${aws:PrincipalTag/team}/*`, { [KEY]: '*' }, 'blue/a', false],
  [`${BUCKET}/a\${*}b`, {}, 'a*b', true],
  [`${BUCKET}/a\${*}b`, {}, 'axb', false],
  [`${BUCKET}/a\${?}`, {}, 'a?', true],
  [`${BUCKET}/\${$}`, {}, '$', true],
])('%s with %j covers %s: %s', (Resource, context, object, truth) => {
  expect(applies({ Resource }, { context, resource: `${BUCKET}/${object}` })).toBe(truth);
});

test('without the version of 2012, a variable is text', () => {
  const statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: `${BUCKET}/\${aws:username}` };
  const { outcome } = evaluate(parsePolicy({ Version: '2008-10-17', Statement: statement }), request({ resource: `${BUCKET}/\${aws:username}` }));
  expect(outcome).toBe('allowed');
});

test.each<[effects: string, outcome: string]>([
  ['', 'not-mentioned'],
  ['Allow', 'allowed'],
  ['Allow Deny', 'denied'],
  ['Deny Allow', 'denied'],
  ['Allow Deny?', 'not-decided'],
  ['Deny Deny?', 'denied'],
  ['Allow Allow?', 'allowed'],
  ['Allow?', 'not-decided'],
])('statements that apply (?: perhaps): %s: %s', (effects, outcome) => {
  const Statement = effects.split(' ').filter(Boolean).map((effect) => ({
    Effect: effect.replace('?', ''),
    Principal: '*',
    Action: '*',
    Resource: '*',
    ...(effect.endsWith('?') ? { Condition: { Unheard: { 'aws:username': 'x' } } } : {}),
  }));
  expect(evaluate(parsePolicy({ Statement }), request({})).outcome).toBe(outcome);
});
