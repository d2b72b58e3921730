import { RestrictToNetwork, SecureBucket } from '../../src';
import { policyStatements, testStack } from '../support/apps';
import { guarantees } from '../support/proofs';

test('endpoints of organizations and accounts are inside, and nobody else', () => {
  const bucket = new SecureBucket(testStack(), 'Data', { network: { vpcEndpointOrganizationIds: ['o-exampleorgid'], vpcEndpointAccounts: ['444455556666'], vpcEndpointIds: ['vpce-0abc123def4567890'] } });
  const deny = policyStatements(bucket.stack, 'DataPolicy').find(({ Sid }) => Sid === 'DenyOutsideNetwork');
  expect(deny.Condition.StringNotEquals).toEqual({ 'aws:SourceVpce': ['vpce-0abc123def4567890'], 'aws:VpceOrgID': ['o-exampleorgid'], 'aws:VpceAccount': ['444455556666'] });
  expect(guarantees(bucket)).toContainEqual(expect.stringMatching(/^holds: No request from outside vpce-0abc123def4567890 or o-exampleorgid or 444455556666 is let through/));
});

test.each([
  [{ vpcEndpointOrganizationIds: ['exampleorgid'] }, "'exampleorgid'"],
  [{ vpcEndpointAccounts: ['4444'] }, "'4444'"],
])('an id that cannot be one is refused: %j', (perimeter, id) => {
  expect(() => new RestrictToNetwork(perimeter)).toThrow(id);
});
