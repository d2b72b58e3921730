import { conditionCases } from '../../src/template/condition-cases';
import { deploymentOf } from '../../src/template/deployment-of';
import { file, json } from '../cli/terminal';

const is = (parameter: string, value: string) => ({ 'Fn::Equals': [{ Ref: parameter }, value] });

/** The truths of conditions in each case that is looked at. */
function cases(conditions: Record<string, unknown>, parameters: Record<string, object> = {}): string[] {
  const names = Object.keys(conditions);
  const tags = names.map((name) => ({ Key: name, Value: { 'Fn::If': [name, 'yes', 'no'] } }));
  const template = { Parameters: parameters, Conditions: conditions, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: tags } } } };
  const deployment = deploymentOf([{ name: 'Stack', template }]);
  return conditionCases(deployment.stacks).map((choices) => {
    const { conditions: truths = {} } = choices.reduce((source, choice) => choice.in(source), deployment.stacks[0].source);
    return names.filter((name) => truths[name]).join(' ');
  });
}

describe('conditions that are not known are looked at in the ways in which they may hold together', () => {
  const TEXT = { Env: { Type: 'String' }, Other: { Type: 'String' } };

  test.each<[what: string, conditions: Record<string, unknown>, parameters: Record<string, object>, expected: string[]]>([
    ['of different parameters: all', { A: is('Env', 'a'), B: is('Other', 'b') }, TEXT, ['A B', 'A', 'B', '']],
    ['of one parameter with different texts: not together', { Prod: is('Env', 'prod'), Dev: is('Env', 'dev') }, TEXT, ['Prod', 'Dev', '']],
    ['of one parameter with all of its texts: one of them', { Prod: is('Env', 'prod'), Dev: is('Env', 'dev') }, { Env: { Type: 'String', AllowedValues: ['prod', 'dev'] } }, ['Prod', 'Dev']],
    ['a text that is not allowed: never', { Prod: is('Env', 'prod'), Test: is('Env', 'test') }, { Env: { Type: 'String', AllowedValues: ['prod', 'dev'] } }, ['Prod', '']],
    ['a text that is too short: never', { A: is('Env', 'a'), Prod: is('Env', 'prod') }, { Env: { Type: 'String', MinLength: 2 } }, ['Prod', '']],
    ['one and its opposite', { Prod: is('Env', 'prod'), Others: { 'Fn::Not': [is('Env', 'prod')] } }, TEXT, ['Prod', 'Others']],
    ['one within another', { Prod: is('Env', 'prod'), Both: { 'Fn::And': [{ Condition: 'Prod' }, is('Other', 'x')] } }, TEXT, ['Prod Both', 'Prod', '']],
    ['several of one parameter', Object.fromEntries('abcdefgh'.split('').map((letter) => [letter, is('Env', letter)])), TEXT, [...'abcdefgh'.split(''), '']],
    ['comparisons of two parameters: all', { Same: { 'Fn::Equals': [{ Ref: 'Env' }, { Ref: 'Other' }] }, Prod: is('Env', 'prod') }, TEXT, ['Same Prod', 'Same', 'Prod', '']],
    ['what Systems Manager keeps may be any text', { Prod: is('Env', 'prod') }, { Env: { Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: ['dev'] } }, ['Prod', '']],
    ['more than are looked at: none', Object.fromEntries('abcde'.split('').map((letter) => [letter, is(letter, 'x')])), Object.fromEntries('abcde'.split('').map((letter) => [letter, { Type: 'String' }])), []],
  ])('%s', (_, conditions, parameters, expected) => expect(cases(conditions, parameters).sort()).toEqual([...expected].sort()));
});

test('what would be so only if two conditions held that exclude each other is not so', () => {
  const tls = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const secure = { 'Fn::If': ['IsProd', { 'Fn::If': ['IsDev', { 'aws:SecureTransport': 'true' }, { 'aws:SecureTransport': 'false' }] }, { 'aws:SecureTransport': 'false' }] };
  const template = (isDev: object) => file({
    Parameters: { Env: { Type: 'String' }, Other: { Type: 'String' } },
    Conditions: { IsProd: is('Env', 'prod'), IsDev: isDev },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ ...tls, Condition: { Bool: secure } }] } } },
    },
  });
  const verdict = (isDev: object) => json('prove', template(isDev)).buckets[0].guarantees.find(({ rule }: any) => rule === 'SecureBucket-RequireTls').verdict;
  expect(verdict(is('Env', 'dev'))).toBe('holds');
  expect(verdict(is('Other', 'dev'))).toBe('not-decided');
});
