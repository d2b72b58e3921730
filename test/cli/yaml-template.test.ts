import { parseYaml } from '../../src/cli/yaml-template';
import { WrongInputError } from '../../src/template/wrong-input';

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
    ['an unknown tag', 'a: !Foo x', /!Foo.*line 1/],
    ['a key that occurs twice', 'a: 1\nb: 2\na: 3', /'a' occurs twice, again at line 3/],
    ['two documents', 'a: 1\n---\nb: 2', /multiple documents.*line 2/],
    ['tabs for indentation', 'a:\n\tb: 1', /Tabs.*line 2/],
    ['an unknown alias', 'a: *b', /alias/],
    ['a list that does not end', 'a: [1', /line 1/],
  ])('says what is wrong with %s, and on which line', (_, text, message) => expect(() => parseYaml(text)).toThrow(message));
});
