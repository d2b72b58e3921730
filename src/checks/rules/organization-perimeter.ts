import { Bucket } from '../../access/inventory';
import { organizationAsMeant, perimeterIntent, serviceSourceAsMeant } from '../../guarantees/perimeters';
import { Policy } from '../../policy/document';
import { Guarantee } from '../../proof/guarantee';
import { Rule } from '../finding';
import { proven } from '../proven';

const REMEDY = "Deny everything to everyone where 'aws:PrincipalOrgID' is not yours, in a statement of its own; see RestrictToOrganization.";

export const organizationPerimeter: Rule = {
  id: 'OrganizationPerimeter',
  requirement: 'A deny that restricts principals to organizations lets nobody through from outside.',
  reason: 'One more condition, an inverted operator or a wildcard, and it denies nothing.',
  severity: 'high',
  severityReason: 'The deny that the data relies on lets through a caller whom it was written to stop.',
  guide: '7.4',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => [
    ...proven(inventory, bucket, ({ policy }) => organizationGuarantee(policy!, bucket), REMEDY),
    ...proven(inventory, bucket, ({ policy }) => serviceSourceGuarantee(policy!, bucket), REMEDY),
  ]),
};

/** What a policy seems to promise of callers, if anything. */
export function organizationGuarantee(policy: Policy, { facts }: Bucket): Guarantee | undefined {
  const { organization } = perimeterIntent(policy);
  return organization.length > 0 ? organizationAsMeant(organization, facts) : undefined;
}

/** What a policy seems to promise of AWS services, if anything. */
export function serviceSourceGuarantee(policy: Policy, { facts }: Bucket): Guarantee | undefined {
  const { serviceSource } = perimeterIntent(policy);
  return serviceSource.length > 0 ? serviceSourceAsMeant(serviceSource, facts) : undefined;
}
