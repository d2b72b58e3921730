import { isUnknown, widest } from '../../src/policy/unknown-text';
import { policyText } from '../../src/policy/variables';
import { deploymentOf } from '../../src/template/deployment-of';
import { resolveValue } from '../../src/template/intrinsics';
import * as fc from '../support/fast-check';

const OWN = { account: '111122223333', region: 'eu-west-1' };
const EXPORTING = {
  Parameters: { Given: { Type: 'String' } },
  Mappings: { Names: { prod: { bucket: 'mapped-bucket' } } },
  Resources: {
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'named-bucket' } },
    Nameless: { Type: 'AWS::S3::Bucket' },
    Key: { Type: 'AWS::KMS::Key' },
    Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Passed: { Ref: 'Named' } } } },
  },
  Outputs: { Shared: { Value: { 'Fn::GetAtt': ['Named', 'Arn'] }, Export: { Name: 'SharedArn' } } },
};
const NESTED = {
  Parameters: { Passed: { Type: 'String' } },
  Resources: {},
  Outputs: { Back: { Value: { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Passed}' } } },
};
const CYCLIC = {
  Resources: {},
  Outputs: { Loop: { Value: { 'Fn::ImportValue': 'Loop' }, Export: { Name: 'Loop' } } },
};

const deployment = deploymentOf([
  { name: 'Exporting', ...OWN, template: EXPORTING },
  { name: 'Nested', ...OWN, template: NESTED, nestedIn: { stack: 'Exporting', logicalId: 'Nested' } },
  { name: 'Importing', ...OWN, template: { Resources: {} } },
  { name: 'Cyclic', ...OWN, template: CYCLIC },
  { name: 'Anywhere', template: { Resources: {} } },
  { name: 'China', account: OWN.account, region: 'cn-north-1', template: { Resources: {} } },
]);

function valueOf(value: unknown, stack = 'Exporting'): any {
  return resolveValue(value, deployment.stack(stack)!);
}

describe('an output under a condition', () => {
  const exporting = (Condition: unknown, name = 'Exporting') => ({
    name,
    ...OWN,
    template: { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] }, Always: { 'Fn::Equals': ['a', 'a'] } }, Resources: {}, Outputs: { Name: { ...(Condition === undefined ? {} : { Condition }), Value: name, Export: { Name: 'shared' } } } },
  }) as any;
  const imported = (...stacks: object[]): unknown => resolveValue({ 'Fn::ImportValue': 'shared' }, deploymentOf([...stacks, { name: 'Reader', ...OWN, template: { Resources: {} } }] as any).stack('Reader')!);

  test('is there where the condition holds', () => expect(imported(exporting('Always'))).toBe('Exporting'));
  test('is not there where it does not', () => expect(isUnknown(imported(exporting('Never')) as string)).toBe(true));
  test('leaves its name to another one', () => expect(imported(exporting('Never'), exporting(undefined, 'Other'))).toBe('Other'));
});

test.each<[what: string, value: unknown, stack: string, expected: unknown]>([
  ['a text', 'a', 'Exporting', 'a'],
  ['the name of a bucket', { Ref: 'Named' }, 'Exporting', 'named-bucket'],
  ['the ARN of a bucket', { 'Fn::GetAtt': ['Named', 'Arn'] }, 'Exporting', 'arn:aws:s3:::named-bucket'],
  ['an attribute in one text', { 'Fn::GetAtt': 'Named.Arn' }, 'Exporting', 'arn:aws:s3:::named-bucket'],
  ['a joined text', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Named', 'Arn'] }, '/*']] }, 'Exporting', 'arn:aws:s3:::named-bucket/*'],
  ['a text with substitutions', { 'Fn::Sub': '${Named.Arn}/${!aws:username}/${AWS::Region}' }, 'Exporting', 'arn:aws:s3:::named-bucket/${aws:username}/eu-west-1'],
  ['a text with variables', { 'Fn::Sub': ['${a}/${Named}', { a: { Ref: 'AWS::AccountId' } }] }, 'Exporting', '111122223333/named-bucket'],
  ['a part of a text', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }, 'Exporting', 'b'],
  ['a mapped value', { 'Fn::FindInMap': ['Names', 'prod', 'bucket'] }, 'Exporting', 'mapped-bucket'],
  ['what both branches say', { 'Fn::If': ['Any', { Ref: 'Named' }, 'named-bucket'] }, 'Exporting', 'named-bucket'],
  ['an imported value', { 'Fn::ImportValue': 'SharedArn' }, 'Importing', 'arn:aws:s3:::named-bucket'],
  ['what the stack around passes', { Ref: 'Passed' }, 'Nested', 'named-bucket'],
  ['what a nested stack gives back', { 'Fn::GetAtt': ['Nested', 'Outputs.Back'] }, 'Exporting', 'arn:aws:s3:::named-bucket'],
  ['no value in a list', ['a', { Ref: 'AWS::NoValue' }], 'Exporting', ['a']],
  ['no value in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, 'Exporting', { b: 1 }],
  ['the partition', { Ref: 'AWS::Partition' }, 'China', 'aws-cn'],
  ['the suffix', { Ref: 'AWS::URLSuffix' }, 'China', 'amazonaws.com.cn'],
])('%s is resolved', (_, value, stack, expected) => {
  expect(valueOf(value, stack)).toEqual(expected);
});

test.each<[what: string, value: unknown]>([
  ['a parameter', { Ref: 'Given' }],
  ['what is not there', { Ref: 'Nothing' }],
  ['a member of every object', { Ref: 'constructor' }],
  ['a member of every map', { 'Fn::FindInMap': ['Names', '__proto__', 'bucket'] }],
  ['an attribute of what is not there', { 'Fn::GetAtt': ['Nothing', 'Arn'] }],
  ['an export of nobody', { 'Fn::ImportValue': 'Nobody' }],
  ['branches that differ', { 'Fn::If': ['Any', 'a', 'b'] }],
  ['a function that does not exist', { 'Fn::Nonsense': [] }],
  ['a transform', { 'Fn::Transform': { Name: 'AWS::Include' } }],
  ['a function of nothing', { 'Fn::Join': null }],
  ['a text joined with a parameter', { 'Fn::Join': ['', ['a', { Ref: 'Given' }]] }],
])('not known: %s', (_, value) => {
  expect(isUnknown(String(valueOf(value)))).toBe(true);
});

test('not known: an export that imports itself', () => {
  expect(isUnknown(String(valueOf({ 'Fn::ImportValue': 'Loop' }, 'Cyclic')))).toBe(true);
});

describe('an output of another stack', () => {
  const output = (value: string) => ({ Resources: {}, Outputs: { Name: { Value: value, Export: { Name: 'Name' } } } });
  const ELSEWHERE = { account: '444455556666', region: 'us-east-1' };
  const stages = deploymentOf([
    { name: 'Prod/Data', deployedName: 'data', ...OWN, template: output('prod') },
    { name: 'Test/Data', deployedName: 'data', account: ELSEWHERE.account, region: OWN.region, template: output('test') },
    { name: 'Other', deployedName: 'other', ...ELSEWHERE, template: output('other') },
    { name: 'Twice/One', deployedName: 'twice', ...OWN, template: output('one') },
    { name: 'Twice/Two', deployedName: 'twice', ...OWN, template: output('two') },
    { name: 'Nested', deployedName: 'nested', ...OWN, template: output('nested'), nestedIn: { stack: 'Prod/Data', logicalId: 'Nested' } },
    { name: 'Consumer', ...OWN, template: { Resources: {} } },
    { name: 'Consumer2', ...OWN, account: ELSEWHERE.account, template: { Resources: {} } },
    { name: 'Anywhere', template: { Resources: {} } },
    { name: 'Open', deployedName: 'open', template: { Resources: {}, Outputs: { Name: { Value: 'open' } } } },
  ]);
  const read = (stack: string, reference: object) => resolveValue({ 'Fn::GetStackOutput': { OutputName: 'Name', ...reference } }, stages.stack(stack)!);
  const roleOf = (account: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:role/Reader` });

  test.each<[what: string, stack: string, reference: object, expected: string]>([
    ['of the same account and Region', 'Consumer', { StackName: 'data' }, 'prod'],
    ['of the same name in another account', 'Consumer2', { StackName: 'data' }, 'test'],
    ['of a Region that is named', 'Consumer', { StackName: 'data', Region: { Ref: 'AWS::Region' } }, 'prod'],
    ['of another account and Region', 'Consumer', { StackName: 'other', Region: 'us-east-1', RoleArn: roleOf(ELSEWHERE.account) }, 'other'],
    ['of the unknown account and Region of the stack itself', 'Anywhere', { StackName: 'open', Region: { Ref: 'AWS::Region' }, RoleArn: roleOf('${AWS::AccountId}') }, 'open'],
  ])('is followed: %s', (_, stack, reference, expected) => {
    expect(read(stack, reference)).toBe(expected);
  });

  test.each<[what: string, stack: string, reference: object]>([
    ['of a stack that is not at hand', 'Consumer', { StackName: 'elsewhere' }],
    ['that does not exist', 'Consumer', { StackName: 'data', OutputName: 'Nothing' }],
    ['of a stack of another Region', 'Consumer', { StackName: 'data', Region: 'us-west-2' }],
    ['of a stack of another account', 'Consumer', { StackName: 'other', Region: 'us-east-1' }],
    ['whose role is of an account that is not known', 'Consumer', { StackName: 'other', Region: 'us-east-1', RoleArn: { Ref: 'Role' } }],
    ['of a Region that is not known', 'Anywhere', { StackName: 'open', Region: { Ref: 'Region' } }],
    ['of a Region, from a stack whose Region is not known', 'Anywhere', { StackName: 'open', Region: 'us-east-1' }],
    ['of an account, from a stack whose account is not known', 'Anywhere', { StackName: 'open', RoleArn: roleOf(OWN.account) }],
    ['read from a stack of any account', 'Anywhere', { StackName: 'other' }],
    ['of a stack in one of two places', 'Anywhere', { StackName: 'data' }],
    ['of one of two stacks', 'Consumer', { StackName: 'twice' }],
    ['of a nested stack, whose name AWS draws', 'Consumer', { StackName: 'nested' }],
    ['of a stack that a parameter names', 'Consumer', { StackName: { Ref: 'Stack' } }],
    ['of nothing', 'Consumer', { StackName: null }],
  ])('is not known: %s', (_, stack, reference) => {
    expect(isUnknown(String(read(stack, reference)))).toBe(true);
  });

  test('is imported from the account and Region of the stack that imports it', () => {
    const imported = (stack: string) => resolveValue({ 'Fn::ImportValue': 'Name' }, stages.stack(stack)!);
    expect(imported('Consumer2')).toBe('test');
    expect(isUnknown(imported('Anywhere'))).toBe(true);
  });

  test('the name of a stack is what CloudFormation calls it', () => {
    expect(resolveValue({ Ref: 'AWS::StackName' }, stages.stack('Prod/Data')!)).toBe('data');
  });
});

describe('what a stack writes for stacks of another Region', () => {
  const PARAMETER = '/cdk/exports/consumer/Name';
  const writes = (value: unknown, region: unknown = 'us-east-1') => (
    { Resources: { Writer: { Type: 'Custom::CrossRegionExportWriter', Properties: { WriterProps: { region, exports: { [PARAMETER]: value } } } } } });
  const reads = (name = PARAMETER) => ({ Resources: { Reader: { Type: 'Custom::CrossRegionExportReader', Properties: { ReaderProps: { imports: { [name]: `{{resolve:ssm:${name}}}` } } } } } });
  const OTHER_ACCOUNT = '444455556666';
  const all = deploymentOf([
    { name: 'Prod', ...OWN, template: writes('prod') },
    { name: 'Test', ...OWN, account: OTHER_ACCOUNT, template: writes('test') },
    { name: 'Cyclic', ...OWN, template: writes(`{{resolve:ssm:${PARAMETER}}}`, 'ap-south-1') },
    { name: 'Aimless', ...OWN, template: { Resources: { Writer: { Type: 'Custom::CrossRegionExportWriter', Properties: { WriterProps: { region: `{{resolve:ssm:${PARAMETER}}}`, exports: [null] } } } } } },
    { name: 'Consumer', ...OWN, region: 'us-east-1', template: reads() },
    { name: 'Consumer2', account: OTHER_ACCOUNT, region: 'us-east-1', template: reads() },
    { name: 'Elsewhere', ...OWN, region: 'us-west-2', template: reads() },
    { name: 'Self', ...OWN, region: 'ap-south-1', template: reads() },
    {
      name: 'Conditional',
      ...OWN,
      template: { Conditions: { IsProd: { 'Fn::Equals': [`{{resolve:ssm:${PARAMETER}}}`, 'prod'] } }, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Condition: 'IsProd' } } },
    },
  ]);
  const READ = { 'Fn::GetAtt': ['Reader', PARAMETER] };
  const read = (stack: string, value: unknown) => resolveValue(value, all.stack(stack)!);

  test.each<[how: string, stack: string, value: unknown, expected: string]>([
    ['by the reader', 'Consumer', READ, 'prod'],
    ['by the reader of another account', 'Consumer2', READ, 'test'],
    ['within a text', 'Consumer', { 'Fn::Join': ['', ['arn:aws:s3:::', READ, '/*']] }, 'arn:aws:s3:::prod/*'],
    ['by a dynamic reference', 'Consumer', `arn:aws:s3:::{{resolve:ssm:${PARAMETER}}}`, 'arn:aws:s3:::prod'],
    ['by a dynamic reference that is put together', 'Consumer', { 'Fn::Sub': ['{{resolve:ssm:/cdk/exports/${Stack}/Name}}', { Stack: 'consumer' }] }, 'prod'],
  ])('is followed: %s', (_, stack, value, expected) => {
    expect(read(stack, value)).toBe(expected);
  });

  test.each<[what: string, stack: string, value: unknown]>([
    ['in a Region for which it is not written', 'Elsewhere', READ],
    ['what refers to itself', 'Self', READ],
    ['under a name that nobody writes', 'Consumer', { 'Fn::GetAtt': ['Reader', '/cdk/exports/consumer/Other'] }],
    ['in an older version', 'Consumer', `{{resolve:ssm:${PARAMETER}:1}}`],
    ['of another service', 'Consumer', `{{resolve:secretsmanager:${PARAMETER}}}`],
    ['in a condition, where another Region is asked', 'Conditional', { Condition: 'IsProd' }],
  ])('is not known: %s', (_, stack, value) => {
    expect(isUnknown(String(read(stack, value)))).toBe(true);
  });
});

test('equal references are equal, different ones differ', () => {
  const [one, other, key] = [{ Ref: 'Given' }, { Ref: 'Nameless' }, { 'Fn::GetAtt': ['Key', 'Arn'] }].map((value) => valueOf(value));
  expect(valueOf({ Ref: 'Given' })).toBe(one);
  expect(valueOf({ 'Fn::Sub': '${Nameless}' })).toBe(other);
  expect(new Set([one, other, key]).size).toBe(3);
});

test.each(['toString', 'valueOf', 'constructor', '__proto__'])('a member named %s is a name as any other', (member) => {
  const object = JSON.parse(`{"${member}":false}`);
  for (const value of [{ Ref: object }, { Ref: { Ref: object } }, { 'Fn::GetAtt': object }, { 'Fn::GetAtt': [object, [object]] }, { Ref: member }, { 'Fn::GetAtt': [member, member] }, { 'Fn::FindInMap': [member, member, member] }, { 'Fn::If': [member, 1, 2] }]) {
    expect(isUnknown(valueOf(value))).toBe(true);
  }
});

test('any JSON is resolved, however deep', () => {
  const deep = JSON.parse(`${'{"a":['.repeat(3_000)}${']}'.repeat(3_000)}`);
  expect(JSON.stringify(valueOf(deep))).toContain('nested too deeply');
  const intrinsic = fc.constantFrom('Ref', 'Fn::GetAtt', 'Fn::Join', 'Fn::Sub', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::FindInMap', 'Fn::ImportValue', 'Fn::GetStackOutput', 'Condition');
  const value = fc.letrec((tie) => ({ node: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.tuple(intrinsic, tie('node')).map(([name, argument]) => ({ [name]: argument })), fc.array(tie('node'), { maxLength: 3 })) })).node;
  fc.assert(fc.property(value, (json) => {
    expect(() => valueOf(json)).not.toThrow();
  }), { numRuns: 2_000 });
});

test.each<[what: string, value: unknown, expected: unknown]>([
  ['the default of a map that has no such key', { 'Fn::FindInMap': ['Names', 'test', 'bucket', { DefaultValue: { Ref: 'Named' } }] }, 'named-bucket'],
  ['what a map says, whatever the default', { 'Fn::FindInMap': ['Names', 'prod', 'bucket', { DefaultValue: 'other' }] }, 'mapped-bucket'],
  ['how long a list is', { 'Fn::Length': [['a', 'b', { Ref: 'AWS::NoValue' }]] }, 1],
])('%s is resolved', (_, value, expected) => expect(valueOf(value)).toEqual(expected));

test('the default of a map is not taken for a key that is not known', () => {
  expect(isUnknown(valueOf({ 'Fn::FindInMap': ['Names', { Ref: 'Given' }, 'bucket', { DefaultValue: 'other' }] }))).toBe(true);
});

const LONG = 'x'.repeat(300);

test('long values that are not known and differ at their end are not the same', () => {
  expect(valueOf({ 'Fn::Base64': `${LONG}a` })).not.toBe(valueOf({ 'Fn::Base64': `${LONG}b` }));
});

const INNER = { 'Fn::Sub': '${Given}-vpce' };

test.each<[name: string, value: unknown]>([
  ['Fn::ImportValue', { 'Fn::ImportValue': INNER }],
  ['Fn::Select', { 'Fn::Select': [0, { 'Fn::Split': [',', INNER] }] }],
  ['Fn::FindInMap', { 'Fn::FindInMap': [INNER, 'a', 'b'] }],
  ['Fn::Base64', { 'Fn::Base64': INNER }],
  ['Fn::Cidr', { 'Fn::Cidr': [INNER, 1, 8] }],
  ['Fn::GetAZs', { 'Fn::GetAZs': INNER }],
  ['Fn::If', { 'Fn::If': ['Any', INNER, 'other'] }],
  ['a dynamic reference', { 'Fn::Sub': '{{resolve:ssm:/${Given}/vpce}}' }],
])('a substitution inside %s is no policy variable', (_, value) => {
  const { variables } = policyText(valueOf(value), true);
  expect(variables).toEqual([]);
});

test.each<[what: string, value: unknown]>([
  ['a plain text', 'arn:aws:iam::{{resolve:ssm:/account}}:root'],
  ['a substitution', { 'Fn::Sub': 'arn:${AWS::Partition}:iam::{{resolve:ssm:/account}}:root' }],
  ['a join', { 'Fn::Join': ['', ['arn:aws:iam::{{resolve:ssm:/', 'account}}:root']] }],
  ['a reference with a value that is not known', { 'Fn::Sub': 'arn:aws:iam::{{resolve:ssm:/${Given}/${Nothing.Here}}}:root' }],
])('a dynamic reference in %s is not known', (_, value) => {
  const text = valueOf(value);
  expect([isUnknown(text), widest(text)]).toEqual([true, 'arn:aws:iam::*:root']);
});
