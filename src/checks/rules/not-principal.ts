import { found, Rule } from '../finding';

export const notPrincipal: Rule = {
  id: 'NotPrincipal',
  requirement: 'A deny says whom it binds by Principal and conditions, never by NotPrincipal.',
  reason: 'NotPrincipal spares a role only if its account and each of its sessions are listed, too: what it denies depends on sessions that nobody can list.',
  severity: 'medium',
  severityReason: 'Whom the layer binds cannot be told from the policy.',
  guide: '7',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html',
  judgeBuckets: ({ documents }) => documents.flatMap(({ resource, property, policy }) => (policy?.statements ?? [])
    .filter(({ effect, principal }) => effect === 'Deny' && principal?.isInverted)
    .map(({ path }) => found(
      resource,
      `${property}.${path}.NotPrincipal: a deny spares whoever is listed here, and AWS does not say exactly who that is.`,
      "Deny it to everyone (Principal '*'), and spare single roles by a condition: ArnNotLike on 'aws:PrincipalArn'.",
    ))),
};
