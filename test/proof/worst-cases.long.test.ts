import { WORST_CASES, WORST_CASES_BUCKET } from '../../bench/policy/worst-cases';
import { HTTPS_ONLY } from '../../src/guarantees/transport';
import { parsePolicy } from '../../src/policy/document';
import { prove } from '../../src/proof/prove';

const LARGEST = 20_480; // bytes, S3 bucket policy quota
const facts = { arn: WORST_CASES_BUCKET, objects: `${WORST_CASES_BUCKET}/`, account: '111122223333', partition: 'aws' };

test.each(WORST_CASES)('$name: S3 would take it, and what is said of it is true', ({ policy, truth, isDecided }) => {
  expect(JSON.stringify(policy).length).toBeLessThanOrEqual(LARGEST);
  const { verdict } = prove(parsePolicy(policy), HTTPS_ONLY, facts);
  expect(isDecided ? [truth] : [truth, 'not-decided']).toContain(verdict);
});

test.each([
  ['network', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0ffffffffffffffff' } }],
  ['range', { NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }],
  ['IPv6 range', { NotIpAddress: { 'aws:SourceIp': '2001:db8::/48' } }],
  ['account', { StringNotEquals: { 'aws:PrincipalAccount': '999988887777' } }],
  ['organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-another0rg' } }],
  ['role', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Anyone' } }],
])('a perimeter of a %s that documentation and tests like to use is told from strangers', (_, condition) => {
  const deny = (Condition: object) => parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [facts.arn, `${facts.objects}*`], Condition }] });
  const outside = { sentence: 'Nobody passes from outside.', breaches: [{ Condition: condition }] };
  expect(prove(deny(condition), outside, facts).verdict).toBe('holds');
  expect(prove(deny({ ...condition, Bool: { 'aws:SecureTransport': 'false' } }), outside, facts).verdict).toBe('broken');
});
