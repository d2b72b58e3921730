import { parsePolicy } from '../../src/policy/document';
import { unknownText } from '../../src/policy/unknown-text';
import { areContradictory } from '../../src/proof/contradiction';
import { described, RequestDescription } from '../../src/proof/guarantee';

const OWN = '111122223333';
const allow = (principal: object | string, Condition: object = {}) =>
  parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: '*', Condition }] }).statements[0];
const others: RequestDescription = { Condition: { StringEquals: { 'proof:CallerKind': ['role', 'user', 'root', 'federated-user'] }, ArnNotLike: { 'aws:PrincipalArn': `arn:*:*::${OWN}:*` } } };
const cloudFront: RequestDescription = { Condition: { StringEquals: { 'aws:PrincipalServiceName': 'cloudfront.amazonaws.com' } } };
const otherSources: RequestDescription = { Condition: { StringNotEquals: { 'aws:SourceAccount': OWN } } };

test.each<[string, boolean, RequestDescription, ReturnType<typeof allow>]>([
  ['the own account, and callers of others', true, others, allow({ AWS: `arn:aws:iam::${OWN}:root` })],
  ['another account, too', false, others, allow({ AWS: [`arn:aws:iam::${OWN}:root`, 'arn:aws:iam::444455556666:root'] })],
  ['everyone', false, others, allow({ AWS: '*' })],
  ['an account that is not known', false, others, allow({ AWS: `arn:aws:iam::${unknownText('Partner')}:root` })],
  ['a canonical user', false, others, allow({ CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' })],
  ['a service, and callers of IAM', true, others, allow({ Service: 'logging.s3.amazonaws.com' })],
  ['a service and another account', false, others, allow({ Service: 'logging.s3.amazonaws.com', AWS: '444455556666' })],
  ['another service than CloudFront', true, cloudFront, allow({ Service: 'logging.s3.amazonaws.com' })],
  ['CloudFront', false, cloudFront, allow({ Service: 'cloudfront.amazonaws.com' })],
  ['a service that is not known', false, cloudFront, allow({ Service: unknownText('Service') })],
  ['services for the own account, and for others', true, otherSources, allow('*', { StringEquals: { 'aws:SourceAccount': OWN } })],
  ['services for one more account', false, otherSources, allow('*', { StringEquals: { 'aws:SourceAccount': [OWN, '444455556666'] } })],
  ['services that may name no account', false, otherSources, allow('*', { StringEqualsIfExists: { 'aws:SourceAccount': OWN } })],
  ['services for an account by a pattern', false, otherSources, allow('*', { StringLike: { 'aws:SourceAccount': '1111*' } })],
  ['services for an account that is not known', false, otherSources, allow('*', { StringEquals: { 'aws:SourceAccount': unknownText('Account') } })],
])('an allow for %s: contradictory is %s', (_, expected, guarantee, statement) => {
  expect(areContradictory([described(guarantee), statement])).toBe(expected);
});
