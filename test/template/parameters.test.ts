import { isUnknown } from '../../src/policy/unknown-text';
import { deploymentOf } from '../../src/template/deployment-of';
import { resolveValue } from '../../src/template/intrinsics';
import { formOfParameter } from '../../src/template/parameter-form';

function stackWith(declaration: object, parameters?: Record<string, unknown>) {
  return deploymentOf([{ name: 'Stack', parameters, template: { Parameters: { P: declaration }, Resources: {} } }]).stack('Stack')!;
}

function valueOf(declaration: object, parameters?: Record<string, unknown>): any {
  return resolveValue({ Ref: 'P' }, stackWith(declaration, parameters));
}

test.each<[what: string, declaration: object, parameters: Record<string, unknown> | undefined, expected: unknown]>([
  ['what is given', { Type: 'String', Default: 'a' }, { P: 'b' }, 'b'],
  ['the only value that is allowed', { Type: 'String', AllowedValues: ['eu'] }, undefined, 'eu'],
  ['its default', { Type: 'String', Default: 'a' }, undefined, 'a'],
  ['an empty default', { Type: 'String', Default: '' }, undefined, ''],
  ['a number as text', { Type: 'Number', Default: 5 }, undefined, '5'],
  ['a list', { Type: 'CommaDelimitedList', Default: 'a, b' }, undefined, ['a', 'b']],
  ['a list that is given', { Type: 'List<AWS::EC2::Subnet::Id>' }, { P: 'a,b' }, ['a', 'b']],
])('a parameter is %s', (_, declaration, parameters, expected) => expect(valueOf(declaration, parameters)).toEqual(expected));

test.each<[what: string, declaration: object]>([
  ['without a default', { Type: 'String' }],
  ['with several values that are allowed', { Type: 'String', AllowedValues: ['a', 'b'] }],
  ['whose default is the name of what is read from the parameter store', { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/bucket/name' }],
])('a parameter %s is not known', (_, declaration) => expect(isUnknown(valueOf(declaration))).toBe(true));

test('a default is assumed when something asks for it, a given value is not', () => {
  const [assumed, given] = [stackWith({ Type: 'String', Default: 'a' }), stackWith({ Type: 'String', Default: 'a' }, { P: 'b' })];
  const before = [...assumed.assumedDefaults];
  [assumed, given].forEach((stack) => resolveValue({ 'Fn::Sub': '${P}' }, stack));
  expect([before, [...assumed.assumedDefaults], [...given.assumedDefaults]]).toEqual([[], [['P', 'a']], []]);
});

test('a nested stack takes the default of what nobody passes', () => {
  const parent = { name: 'Parent', template: { Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Passed: 'x,y' } } } } } };
  const Parameters = { Passed: { Type: 'CommaDelimitedList' }, Left: { Type: 'String', Default: 'l' } };
  const child = { name: 'Child', nestedIn: { stack: 'Parent', logicalId: 'Child' }, template: { Parameters, Resources: {} } };
  expect(resolveValue([{ Ref: 'Passed' }, { Ref: 'Left' }], deploymentOf([parent, child]).stack('Child')!)).toEqual([['x', 'y'], 'l']);
});

test.each<[what: string, declaration: object, text: string, expected: boolean | undefined]>([
  ['any text', { Type: 'String' }, '', undefined],
  ['texts that match a pattern', { Type: 'String', AllowedPattern: '^vpce-[0-9a-f]+$' }, '', false],
  ['texts that match a pattern', { Type: 'String', AllowedPattern: '^vpce-[0-9a-f]+$' }, 'vpce-0abc', undefined],
  ['texts that match a part of a pattern as a whole', { Type: 'String', AllowedPattern: 'prod' }, 'production', false],
  ['texts that may be empty', { Type: 'String', AllowedPattern: '^$|^vpce-[0-9a-f]+$' }, '', undefined],
  ['some texts', { Type: 'String', AllowedValues: ['dev', 'prod'] }, 'test', false],
  ['some texts', { Type: 'String', AllowedValues: ['dev', 'prod'] }, 'prod', undefined],
  ['texts of some length', { Type: 'String', MinLength: 1 }, '', false],
  ['texts of some length', { Type: 'String', MinLength: '1', MaxLength: '3' }, 'four', false],
  ['numbers', { Type: 'Number' }, '', false],
  ['networks of the account', { Type: 'AWS::EC2::VPC::Id' }, '', false],
  ['what is read from the parameter store', { Type: 'AWS::SSM::Parameter::Value<String>', AllowedPattern: '/[a-z]+' }, '', undefined],
  ['what a pattern says that is not read', { Type: 'String', AllowedPattern: '(?!a).*' }, '', undefined],
  ['some texts, not to be seen', { Type: 'String', NoEcho: true, MinLength: 8 }, '', false],
])('a condition compares a parameter that takes %s: %j with %j', (_, declaration, text, expected) => {
  const template = { Parameters: { P: declaration }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, text] } }, Resources: {} };
  expect(deploymentOf([{ name: 'Stack', template }]).stack('Stack')!.holds('C')).toBe(expected);
});

test('allowed values may be anything that JSON has', () => {
  expect(formOfParameter({ Type: 'String', AllowedValues: [{ toString: false }, 'a'] })).toMatchObject({ values: ['{"toString":false}', 'a'] });
});
