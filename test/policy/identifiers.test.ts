import { ACCOUNT_ID, coversInternet, malformed, malformedPublicRange, ORGANIZATION_ID, VPC_ENDPOINT_ID, VPC_ID } from '../../src/policy/identifiers';
import * as fc from '../support/fast-check';

describe('identifiers', () => {
  test.each([
    [ACCOUNT_ID, '111122223333'],
    [ORGANIZATION_ID, 'o-exampleorgid'],
    [VPC_ID, 'vpc-1a2b3c4d'],
    [VPC_ID, 'vpc-0abc123def4567890'],
    [VPC_ENDPOINT_ID, 'vpce-1a2b3c4d'],
    [VPC_ENDPOINT_ID, 'vpce-0abc123def4567890'],
  ])('accepts %j as %s', (form, value) => {
    expect(malformed(value, form)).toBeUndefined();
  });

  test.each([
    [ACCOUNT_ID, '11112222333'],
    [ACCOUNT_ID, '1111-2222-3333'],
    [ACCOUNT_ID, '*'],
    [ORGANIZATION_ID, 'exampleorgid'],
    [ORGANIZATION_ID, 'o-*'],
    [ORGANIZATION_ID, 'ou-exam-pleorgid'],
    [VPC_ID, 'vpce-0abc123def4567890'],
    [VPC_ENDPOINT_ID, 'vpc-0abc123def4567890'],
    [VPC_ENDPOINT_ID, 'vpce-*'],
    [VPC_ENDPOINT_ID, 'vpce-0ABC123DEF4567890'],
    [VPC_ENDPOINT_ID, ''],
  ])('refuses as %j the value %s', (form, value) => {
    expect(malformed(value, form)).toContain(`'${value}' is not ${form.what}`);
  });

  test('every well-formed account id is accepted, and nothing with another character in it', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{12}$/), (id) => malformed(id, ACCOUNT_ID) === undefined));
    fc.assert(fc.property(fc.stringMatching(/^\d{11}[^\d]$/), (id) => malformed(id, ACCOUNT_ID) !== undefined));
  });
});

describe('address ranges', () => {
  test.each(['203.0.113.0/24', '198.51.100.7', '198.51.100.7/32', '54.0.0.0/8', '2001:db8::/32', '2001:db8::1'])('accepts %s', (range) => {
    expect(malformedPublicRange(range)).toBeUndefined();
  });

  test.each(['203.0.113.0/33', '203.0.113/24', '203.0.113.0/', '203.0.113.0/24/8', '2001:db8::/129', 'everywhere', '', '203.0.113.0/+8'])('refuses %s as malformed', (range) => {
    expect(malformedPublicRange(range)).toContain('is not an address range');
  });

  test.each(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/7', '::/0', '2000::/3'])('refuses %s as public', (range) => {
    expect(malformedPublicRange(range)).toContain('counts it as public');
  });

  test.each(['10.0.0.0/8', '10.1.2.3', '172.16.0.0/12', '172.31.255.0/24', '192.168.1.0/24', 'fd00::/48',
    '127.0.0.0/8', '127.0.0.1', '100.64.0.0/10', '100.127.1.2/32', '169.254.169.254', '0.1.2.3', '::1', 'fe80::/64'])('refuses %s: no request comes from a private address', (range) => {
    expect(malformedPublicRange(range)).toContain('is private');
  });

  test.each(['100.63.0.0/16', '100.128.0.0/16', '128.0.0.0/8', '169.253.1.1', '2001:db8::/32'])('accepts %s beside them', (range) => {
    expect(malformedPublicRange(range)).toBeUndefined();
  });

  test('no range broader than /8 is accepted, whatever its address', () => {
    fc.assert(fc.property(fc.ipV4(), fc.integer({ min: 0, max: 7 }), (address, bits) => malformedPublicRange(`${address}/${bits}`) !== undefined));
  });

  test('a range that is not known at synthesis is not taken for the internet', () => {
    expect(coversInternet('${Token[TOKEN.12]}')).toBe(false);
    expect(coversInternet('*')).toBe(true);
  });
});
