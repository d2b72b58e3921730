import { parsePolicy, PolicySyntaxError } from '../../src/policy/document';
import * as fc from '../support/fast-check';

const STATEMENT = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };

/** A policy of one statement that differs in some elements. */
function policy(elements: object): object {
  return { Version: '2012-10-17', Statement: [{ ...STATEMENT, ...elements }] };
}

function refusalOf(document: unknown): PolicySyntaxError {
  try {
    parsePolicy(document);
  } catch (error) {
    if (error instanceof PolicySyntaxError) {
      return error;
    }
    throw error;
  }
  throw new Error(`not refused: ${JSON.stringify(document)}`);
}

const REFUSED: [what: string, document: unknown, path: string, reason: RegExp][] = [
  ['no object', 'text', '', /"text" is no object/],
  ['nothing', null, '', /null is no object/],
  ['a list', [], '', /is no object/],
  ['no statements', { Version: '2012-10-17' }, 'Statement', /a policy has statements/],
  ['another version', { Version: '2012-10-18', Statement: [] }, 'Version', /"2012-10-18" is no version/],
  ['a date for the version', { Version: 20121017, Statement: [] }, 'Version', /20121017 is no version/],
  ['an element that does not exist', { Statements: [] }, 'Statements', /there is no element of this name/],
  ['a statement that is no object', { Statement: ['Deny'] }, 'Statement[0]', /"Deny" is no object/],
  ['a misspelt element', policy({ Resources: '*' }), 'Statement[0].Resources', /there is no element of this name/],
  ['an element in lower case', policy({ condition: {} }), 'Statement[0].condition', /there is no element of this name/],
  ['no effect', policy({ Effect: undefined }), 'Statement[0].Effect', /nothing is neither 'Allow' nor 'Deny'/],
  ['an effect in lower case', policy({ Effect: 'deny' }), 'Statement[0].Effect', /"deny" is neither 'Allow' nor 'Deny'/],
  ['a Sid that is a number', policy({ Sid: 1 }), 'Statement[0].Sid', /1 is no text/],
  ['no action', policy({ Action: undefined }), 'Statement[0].Action', /an Action or a NotAction/],
  ['Action and NotAction', policy({ NotAction: 's3:*' }), 'Statement[0]', /Action or NotAction, not both/],
  ['Resource and NotResource', policy({ NotResource: '*' }), 'Statement[0]', /Resource or NotResource, not both/],
  ['Principal and NotPrincipal', policy({ NotPrincipal: '*' }), 'Statement[0]', /Principal or NotPrincipal, not both/],
  ['an empty list of actions', policy({ Action: [] }), 'Statement[0].Action', /an empty list/],
  ['a principal that is a number, and of no account', policy({ Principal: { AWS: 12345678901 } }), 'Statement[0].Principal.AWS', /12345678901 is no text/],
  ['a service that is a number', policy({ Principal: { Service: [111122223333] } }), 'Statement[0].Principal.Service[0]', /111122223333 is no text/],
  ['a number among the actions', policy({ Action: ['s3:*', 7] }), 'Statement[0].Action[1]', /7 is no text/],
  ['a resource that is an object', policy({ Resource: { arn: '*' } }), 'Statement[0].Resource', /is no text/],
  ['a principal without its kind', policy({ Principal: 'arn:aws:iam::111122223333:root' }), 'Statement[0].Principal', /is no principal/],
  ['a principal of no kind', policy({ Principal: { Aws: '*' } }), 'Statement[0].Principal.Aws', /there is no element of this name/],
  ['a principal in a list', policy({ Principal: ['*'] }), 'Statement[0].Principal', /is no object/],
  ['an empty list of principals', policy({ Principal: { AWS: [] } }), 'Statement[0].Principal.AWS', /an empty list/],
  ['a condition in a list', policy({ Condition: [] }), 'Statement[0].Condition', /is no object/],
  ['a condition without keys', policy({ Condition: { Bool: 'true' } }), 'Statement[0].Condition.Bool', /is no object/],
  ['no value of a condition', policy({ Condition: { Bool: { 'aws:SecureTransport': null } } }), 'Statement[0].Condition.Bool.aws:SecureTransport', /null is no text, number or boolean/],
  ['a list in a list of values', policy({ Condition: { Bool: { 'aws:SecureTransport': ['true', []] } } }), 'Statement[0].Condition.Bool.aws:SecureTransport[1]', /is no text, number or boolean/],
  ['the prototype of objects', JSON.parse('{"Statement": [], "__proto__": {}}'), '__proto__', /there is no element of this name/],
  ['a single statement that is wrong', { Statement: { ...STATEMENT, Effect: 1 } }, 'Statement.Effect', /1 is neither/],
];

test.each(REFUSED)('refused with path and reason: %s', (_, document, path, reason) => {
  const refusal = refusalOf(document);
  expect(refusal.path).toBe(path);
  expect(refusal.reason).toMatch(reason);
  expect(refusal.message).toBe(`${path || 'the document'}: ${refusal.reason}`);
});

test('a condition key may be called as a member of every object', () => {
  const { statements } = parsePolicy(policy({ Condition: JSON.parse('{"StringEquals": {"__proto__": "a", "constructor": "b"}}') }));
  expect(statements[0].conditions.map(({ key }) => key)).toEqual(['__proto__', 'constructor']);
});

test('numbers and booleans in conditions are read as IAM reads them: as text', () => {
  const { statements } = parsePolicy(policy({ Condition: { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { 's3:TlsVersion': 1.2 } } }));
  expect(statements[0].conditions.map(({ values }) => values.map(({ source }) => source))).toEqual([['false'], ['1.2']]);
});

test('a deeply nested document is refused', () => {
  const depth = 5_000;
  const nested = JSON.parse(`${'{"Statement":['.repeat(depth)}${']}'.repeat(depth)}`);
  expect(refusalOf(nested).path).toMatch(/^Statement\[0\]/);
});

test('no element is dropped: each entry of a statement is in what was read', () => {
  const list = fc.uniqueArray(fc.constantFrom('s3:Get*', 's3:PutObject', 's3:ListBucket', 'kms:*'), { minLength: 1 });
  const conditions = fc.dictionary(fc.constantFrom('StringEquals', 'Bool', 'Null'), fc.dictionary(fc.constantFrom('a:b', 'c:d'), fc.array(fc.string())));
  fc.assert(fc.property(list, fc.boolean(), conditions, (actions, isInverted, Condition) => {
    const [read] = parsePolicy({ Statement: [{ Effect: 'Allow', [isInverted ? 'NotAction' : 'Action']: actions, Resource: '*', Condition }] }).statements;
    expect(read.action).toEqual(expect.objectContaining({ isInverted }));
    expect(read.action.members.map(({ text }) => text)).toEqual(actions.map((action) => action.toLowerCase()));
    expect(read.conditions.map(({ operatorName, writtenKey, values }) => [operatorName, writtenKey, values.length])).toEqual(
      Object.entries(Condition).flatMap(([operator, block]) => Object.entries(block).map(([key, values]) => [operator, key, values.length])));
  }));
});

test('any JSON is read, or refused with a reason', () => {
  const statement = fc.record({ Effect: fc.constantFrom('Allow', 'Deny', 1), Action: fc.jsonValue(), Resource: fc.jsonValue(), Principal: fc.jsonValue(), Condition: fc.jsonValue() }, { requiredKeys: [] });
  const document = fc.oneof(fc.jsonValue(), fc.record({ Version: fc.constantFrom('2012-10-17', 'x'), Statement: fc.oneof(fc.array(fc.oneof(statement, fc.jsonValue())), fc.jsonValue()) }, { requiredKeys: [] }));
  fc.assert(fc.property(document, (json) => {
    try {
      expect(parsePolicy(json).statements).toBeDefined();
    } catch (error) {
      expect(error).toBeInstanceOf(PolicySyntaxError);
      expect((error as PolicySyntaxError).reason).not.toBe('');
    }
  }), { numRuns: 2_000 });
});

test('the number of an account is a principal without quotes, too', () => {
  const principals = (AWS: unknown) => parsePolicy(policy({ Principal: { AWS } })).statements[0].principal?.members;
  expect(JSON.stringify(principals([111122223333, 'arn:aws:iam::444455556666:root']))).toBe(JSON.stringify(principals(['111122223333', 'arn:aws:iam::444455556666:root'])));
  expect(JSON.stringify(principals(111122223333))).toBe(JSON.stringify(principals('111122223333')));
});
