import { deploymentOf } from '../../src/template/deployment-of';
import { possibilities } from '../../src/template/possibilities';

const STACK = { name: 'Stack', account: '111122223333', region: 'eu-west-1' };

/** What is not known of a stack with a bucket policy and a key policy that name a principal. */
function openFor(principal: unknown, template: object = {}, condition: object = {}): string[] {
  const Statement = [{ Effect: 'Allow', Principal: { AWS: principal }, Action: '*', Resource: { 'Fn::GetAtt': ['Data', 'Arn'] }, Condition: condition }];
  const Resources = {
    Data: { Type: 'AWS::S3::Bucket' },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement } } },
    ...(template as any).Resources,
  };
  const deployment = deploymentOf([{ ...STACK, template: { ...template, Resources } }]);
  return possibilities(deployment, { limit: 100 }).open.map(([{ what }]) => what);
}

const PARTNER = { Parameters: { Partner: { Type: 'String', AllowedPattern: '^\\d{12}$' } } };

test.each<[string, unknown, object?]>([
  ['a parameter', { Ref: 'Partner' }],
  ['a parameter in an ARN that is joined', { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'Partner' }, ':root']] }],
  ['a parameter in an ARN that is joined in the partition', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'Partner' }, ':role/Reader']] }],
  ['a parameter that is filled in', { 'Fn::Sub': 'arn:aws:iam::${Partner}:role/Reader' }],
  ['a variable that is filled in', { 'Fn::Sub': ['arn:aws:iam::${Account}:role/Reader', { Account: { Ref: 'Partner' } }] }],
  ['what another stack exports', { 'Fn::Join': [':', ['arn:aws:iam:', { 'Fn::ImportValue': 'PartnerAccount' }, 'root']] }],
  ['a part of a parameter', { 'Fn::Join': ['', ['arn:aws:iam::', { 'Fn::Select': [0, { 'Fn::Split': ['/', { Ref: 'Partner' }] }] }, ':root']] }],
  ['a secret', 'arn:aws:iam::{{resolve:ssm:/partner}}:root'],
  ['what a custom resource returns', { 'Fn::Join': ['', ['arn:aws:iam::', { 'Fn::GetAtt': ['Lookup', 'Account'] }, ':root']] }, { Resources: { Lookup: { Type: 'Custom::Lookup' } } }],
  ['what a custom resource returns, in the short form', { 'Fn::Sub': 'arn:aws:iam::${Lookup.Account}:root' }, { Resources: { Lookup: { Type: 'Custom::Lookup' } } }],
  ['what a custom resource returns, with a point', { 'Fn::Join': ['', ['arn:aws:iam::', { 'Fn::GetAtt': 'Lookup.Account' }, ':root']] }, { Resources: { Lookup: { Type: 'Custom::Lookup' } } }],
])('whoever is named by %s may be of any account that is mentioned', (_, principal, template = {}) => {
  expect(openFor(principal, { ...PARTNER, ...template })).toEqual([expect.stringMatching(/^the account </)]);
});

test.each<[string, unknown]>([
  ['an ARN', 'arn:aws:iam::444455556666:role/Reader'],
  ['the own account', { Ref: 'AWS::AccountId' }],
  ['a role of the own account', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/Reader']] }],
  ['a role of the stack', { 'Fn::GetAtt': ['Reader', 'Arn'] }],
])('whoever is named by %s is of one account', (_, principal) => {
  expect(openFor(principal, { Resources: { Reader: { Type: 'AWS::IAM::Role', Properties: {} } } })).toEqual([]);
});
