import { Rule } from '../finding';
import { organizationAsMeant, perimeterIntent, serviceSourceAsMeant } from '../perimeter-intent';
import { proven } from '../proven';

const REMEDY = "Deny everything to everyone where 'aws:PrincipalOrgID' is not yours, in a statement of its own; see RestrictToOrganization.";

export const organizationPerimeter: Rule = {
  id: 'OrganizationPerimeter',
  requirement: 'A deny that restricts principals to organizations lets nobody through from outside.',
  reason: 'One more condition, an inverted operator or a wildcard, and it denies nothing.',
  guide: '7.4',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => [
    ...proven(inventory, bucket, ({ policy }) => {
      const { organization } = perimeterIntent(policy!);
      return organization.length > 0 ? organizationAsMeant(organization, bucket.facts) : undefined;
    }, REMEDY),
    ...proven(inventory, bucket, ({ policy }) => {
      const { serviceSource } = perimeterIntent(policy!);
      return serviceSource.length > 0 ? serviceSourceAsMeant(serviceSource) : undefined;
    }, REMEDY),
  ]),
};
