import { isPublic, StatementJson, whyPublic } from '../../src/policy/public-allow';
import { unknownText } from '../../src/policy/unknown-text';
import * as fc from '../support/fast-check';

const allow = (statement: StatementJson): StatementJson => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...statement });
const everyone = (condition?: StatementJson['Condition']) => allow({ Principal: '*', Condition: condition });

describe('an Allow is public', () => {
  test.each<[string, StatementJson]>([
    ['to *', { Principal: '*' }],
    ['to AWS: *', { Principal: { AWS: '*' } }],
    ['to AWS: [*]', { Principal: { AWS: ['*'] } }],
    ['to everyone hidden among roles', { Principal: { AWS: ['arn:aws:iam::111122223333:role/R', '*'] } }],
    ['to everyone but one', { NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/R' } }],
    ['over TLS only', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    ['for a referer, which anyone can send', { Principal: '*', Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } } }],
    ['outside one network', { Principal: '*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } } }],
    ['from one endpoint, or from none', { Principal: '*', Condition: { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } } }],
    ['for all of no values', { Principal: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }],
    ['if a key is there', { Principal: '*', Condition: { Null: { 'aws:PrincipalOrgID': 'false' } } }],
    ['from any endpoint', { Principal: '*', Condition: { StringLike: { 'aws:SourceVpce': 'vpce-*' } } }],
    ['from half the internet', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } }],
    ['from one range or everywhere', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/0'] } } }],
    ['for any access point', { Principal: '*', Condition: { ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:*:*:accesspoint/*' } } }],
    ['for any organization', { Principal: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*' } } }],
    ['from any account whose number begins alike', { Principal: '*', Condition: { StringLike: { 'aws:PrincipalAccount': '1111*' } } }],
    ['from any organization whose id begins alike', { Principal: '*', Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-example*' } } }],
    ['for any bucket, of whomever', { Principal: '*', Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket-*' } } }],
    ['for paths of no organization', { Principal: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '/r-ab12/*' } } }],
    ['to the sessions of one role by its id', { Principal: '*', Condition: { StringLike: { 'aws:userid': 'AROAEXAMPLEID:*' } } }],
    ['to roles whose ids begin alike', { Principal: '*', Condition: { StringLike: { 'aws:userid': 'AROA*:session' } } }],
    ['to every id', { Principal: '*', Condition: { StringLike: { 'aws:userid': 'AROA*' } } }],
    ['to the account that asks', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '${aws:PrincipalAccount}' } } }],
    ['on buckets of the owner, which all are', { Principal: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } }],
    ['for no values', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': [] } } }],
  ])('%s', (_, statement) => {
    expect(whyPublic(allow(statement))).toContain('without a condition that holds the caller to fixed values');
  });
});

describe('an Allow is not public', () => {
  test.each<[string, StatementJson]>([
    ['to a role', { Principal: { AWS: 'arn:aws:iam::111122223333:role/R' } }],
    ['to a service', { Principal: { Service: 'cloudfront.amazonaws.com' } }],
    ['to an account given as an intrinsic function', { Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } } }],
    ['to an organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }],
    ['to an organization, with the key in another case', { Principal: '*', Condition: { stringequals: { 'AWS:principalorgid': 'o-exampleorgid' } } }],
    ['to an organization known at deployment', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': { Ref: 'Org' } } } }],
    ['from one endpoint', { Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:SourceVpce': ['vpce-1a2b3c4d'] } } }],
    ['from a range', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }],
    ['from a private range', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
    ['through the access points of one account', { Principal: '*', Condition: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } } }],
    ['through any access point of one account', { Principal: '*', Condition: { ArnLike: { 's3:DataAccessPointArn': 'arn:aws:s3:eu-west-1:111122223333:accesspoint/*' } } }],
    ['to a part of an organization', { Principal: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/*' } } }],
    ['to an account of the app that is known at deployment', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '${Token[AWS.AccountId.7]}' } } }],
    ['by a second condition', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }],
  ])('%s', (_, statement) => {
    expect(whyPublic(allow(statement))).toBeUndefined();
  });

  test('nor is any Deny', () => {
    expect(whyPublic({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' })).toBeUndefined();
  });
});

test('no condition on a key that anyone can satisfy makes an Allow to everyone private', () => {
  const anyoneMeets = fc.constantFrom('aws:SecureTransport', 'aws:Referer', 'aws:UserAgent', 's3:prefix', 's3:TlsVersion', 'aws:CurrentTime');
  const operators = fc.constantFrom('StringEquals', 'StringLike', 'Bool', 'NumericEquals', 'DateGreaterThan', 'StringNotEquals');
  fc.assert(fc.property(operators, anyoneMeets, fc.string(), (operator, key, value) => whyPublic(everyone({ [operator]: { [key]: value } })) !== undefined));
});

const P = unknownText('Stack: Ref "P"');
const EVERYONE = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' };
const HELD = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };

test.each<[what: string, statement: StatementJson | string, expected: boolean | undefined]>([
  ['everyone', EVERYONE, true],
  ['an account', { ...EVERYONE, Principal: { AWS: '111122223333' } }, false],
  ['a statement that is not known', P, undefined],
  ['an effect that is not known', { ...EVERYONE, Effect: P }, undefined],
  ['an effect that is not known, of nobody else', { ...EVERYONE, Principal: { AWS: '111122223333' }, Effect: P }, false],
  ['a principal that is not known', { ...EVERYONE, Principal: P }, undefined],
  ['one of several principals that is not known', { ...EVERYONE, Principal: { AWS: ['111122223333', P] } }, undefined],
  ['a principal of an account that is not known', { ...EVERYONE, Principal: { AWS: `arn:aws:iam::${P}:root` } }, false],
  ['a principal without wildcards', { ...EVERYONE, Principal: { AWS: unknownText('P', { kind: 'without-wildcards' }) } }, false],
  ['conditions that are not known', { ...EVERYONE, Condition: P as any }, undefined],
  ['keys that are not known', { ...EVERYONE, Condition: { StringEquals: P as any } }, undefined],
  ['keys that are not known beside an organization', { ...EVERYONE, Condition: { ...HELD, StringLike: P as any } }, false],
  ['a pattern that is not known', { ...EVERYONE, Condition: { StringLike: { 'aws:PrincipalOrgID': P } } }, undefined],
  ['an address range that is not known', { ...EVERYONE, Condition: { IpAddress: { 'aws:SourceIp': P } } }, undefined],
  ['a value that is not known', { ...EVERYONE, Condition: { StringEquals: { 'aws:PrincipalOrgID': P } } }, false],
])('whether a statement is public, as far as it is known: %s', (_, statement, expected) => expect(isPublic(statement)).toBe(expected));
