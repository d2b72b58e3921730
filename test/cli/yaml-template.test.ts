import { parseYaml as readYaml } from '../../src/cli/yaml-template';
import { WrongInputError } from '../../src/template/wrong-input';

const parseYaml = (text: string) => readYaml(text).value;

describe('a template in YAML', () => {
  test.each([
    ['!Ref Bucket', { Ref: 'Bucket' }],
    ['!Condition IsProduction', { Condition: 'IsProduction' }],
    ['!GetAtt Bucket.Arn', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
    ['!GetAtt Nested.Outputs.BucketName', { 'Fn::GetAtt': ['Nested', 'Outputs.BucketName'] }],
    ['!GetAtt [Bucket, Arn]', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
    ["!Sub 'arn:aws:s3:::${Bucket}/*'", { 'Fn::Sub': 'arn:aws:s3:::${Bucket}/*' }],
    ["!Sub ['${Name}-x', { Name: !Ref Bucket }]", { 'Fn::Sub': ['${Name}-x', { Name: { Ref: 'Bucket' } }] }],
    ['!If [IsProduction, !Ref A, !Ref AWS::NoValue]', { 'Fn::If': ['IsProduction', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] }],
    ["!Join ['', [a, !Ref B]]", { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
    ["!Select [0, !Split [',', !Ref List]]", { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'List' }] }] }],
    ['!FindInMap [Network, !Ref AWS::Region, Id]', { 'Fn::FindInMap': ['Network', { Ref: 'AWS::Region' }, 'Id'] }],
    ['!ImportValue Shared', { 'Fn::ImportValue': 'Shared' }],
    ['{ Fn::ImportValue: !Sub "${Stack}-Name" }', { 'Fn::ImportValue': { 'Fn::Sub': '${Stack}-Name' } }],
    ['!Transform { Name: AWS::Include }', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['!ToJsonString { a: 1 }', { 'Fn::ToJsonString': { a: 1 } }],
    ['!Not [!Equals [a, b]]', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }],
    ['!Base64 text', { 'Fn::Base64': 'text' }],
  ])('takes the short form %s', (written, meant) => expect(parseYaml(`value: ${written}`)).toEqual({ value: meant }));

  test.each([
    ['2012-10-17', '2012-10-17'],
    ['012345678901', '012345678901'],
    ['111122223333', 111122223333],
    ['12345678901234567890', '12345678901234567890'],
    ['1.2', 1.2],
    ['1.20', '1.20'],
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['"true"', 'true'],
    ['~', null],
    ['0x1F', '0x1F'],
    ['.5', '.5'],
    ['*', WrongInputError],
  ])('takes the value %s as CloudFormation does', (written, meant) => {
    const read = () => parseYaml(`value: ${written}`);
    return meant === WrongInputError ? expect(read).toThrow(WrongInputError) : expect(read()).toEqual({ value: meant });
  });

  test('keeps keys as they are written', () => {
    expect(Object.keys(parseYaml('on: 1\n"1.0": 2\nnull: 3\n2012-10-17: 4') as object)).toEqual(['on', '1.0', 'null', '2012-10-17']);
  });

  test('gives a key that would change all objects to this one alone', () => {
    const read: any = parseYaml('__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }');
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
    expect(({} as any).polluted).toBeUndefined();
  });

  test('takes anchors and merges, as command line tools expand them', () => {
    expect(parseYaml('a: &x { p: 1, q: 2 }\nb: { <<: *x, q: 3 }\nc: *x')).toEqual({ a: { p: 1, q: 2 }, b: { p: 1, q: 3 }, c: { p: 1, q: 2 } });
  });

  test.each([
    ['a list that ends as far left as its key', 'x:\n  a: [\n  1\n  ]\n  b: 2', { x: { a: [1], b: 2 } }],
    ['a map that ends further left', 'x:\n  a: {\n p: 1,\nq: 2\n}\n  b: 2', { x: { a: { p: 1, q: 2 }, b: 2 } }],
    ['lists in maps in lists', 'x:\n- {a: [\n1], b: 2\n}\n- y', { x: [{ a: [1], b: 2 }, 'y'] }],
    ['double quotes', 'x:\n  a: "p\nq"\n  b: 2', { x: { a: 'p q', b: 2 } }],
    ['single quotes', "x:\n  a: 'it''s\n q'\n  b: 2", { x: { a: "it's q", b: 2 } }],
    ['quotes with a tag', "x:\n  - a: !Sub '{\n    p\n}'\n  - b", { x: [{ a: { 'Fn::Sub': '{ p }' } }, 'b'] }],
    ['a function with brackets', 'a: !GetAtt [\nB,\nArn]\nb: 1', { a: { 'Fn::GetAtt': ['B', 'Arn'] }, b: 1 }],
  ])('takes any indentation within brackets, braces and quotes: %s', (_, text, meant) => expect(parseYaml(text)).toEqual(meant));

  test.each([
    ['!!int 3', 3],
    ['!!int "3"', 3],
    ['!!float 1.5', 1.5],
    ['!!str 3', '3'],
    ['!!bool true', true],
    ['!!null ~', null],
    ['!!map {b: 1}', { b: 1 }],
    ['!!seq [1]', [1]],
  ])('takes %s', (written, meant) => expect(parseYaml(`a: ${written}`)).toEqual({ a: meant }));

  test.each([
    ['an unknown tag', 'a: !Foo x', /!Foo.*\(line 1, column 4\)/],
    ['a key that is a list', 'b: 1\n? [a]\n: 2', /^a key must be a text, not a list, a map or a function \(line 2, column 3\)$/],
    ['a key that is a function', '{ !Ref a: b }', /^a key must be a text, not a list, a map or a function \(line 1,/],
    ['two documents', 'a: 1\n---\nb: 2', /multiple documents \(line 2,/],
    ['tabs for indentation', 'a:\n\tb: 1', /Tabs.*\(line 2, column 1\)/],
    ['an unknown alias', 'a:\n  b: *c', /'\*c' has no anchor before it \(line 2, column 6\)/],
    ['a list that does not end', 'a: [1', /\(line 1, column 6\)/],
    ['quotes that do not end', 'b: 1\na: "x', /\(line 2, column 6\)/],
    ['a text that continues further left than its key', 'x:\n  a: b\n c', /\(line 3, column 1\)/],
    ['a date', 'a: !!timestamp 2012-10-17', /'!!timestamp' \(line 1, column 16\)/],
    ['bytes', 'a: !!binary aGk=', /'!!binary' \(line 1,/],
    ['a set', 'a: !!set {b, c}', /'!!set' \(line 1,/],
  ])('says what is wrong with %s, and where', (_, text, message) => expect(() => parseYaml(text)).toThrow(message));
});
