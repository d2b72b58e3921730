import { policyFindings } from './policy-findings';
import { Statement } from '../../policy/document';
import { beforeUnknown, isUnknown, readable } from '../../policy/unknown-text';
import { ResourceFacts } from '../../proof/part';
import { DeployedPolicy } from '../../template/deployed-policy';
import { Finding, found, Rule } from '../finding';

const REMEDY = "Name the bucket ('arn:aws:s3:::bucket') for actions on buckets, and its objects ('arn:aws:s3:::bucket/*') for actions on objects.";

export const arnForm: Rule = {
  id: 'ArnForm',
  requirement: 'Actions on buckets are given on bucket ARNs, actions on objects on object ARNs.',
  reason: 'With the wrong form the statement never applies, silently.',
  severity: 'medium',
  severityReason: 'The statement never applies: if it is a deny, a layer is missing.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html',
  judgeBuckets: ({ buckets, documents }) => [
    ...policyFindings(documents, ['action-without-resource'], REMEDY),
    ...buckets.flatMap(({ policies, facts }) => policies.flatMap((document) => strangers(document, facts))),
  ],
  judgeDeployment: (inventory) => [
    ...policyFindings(inventory.otherDocuments, ['action-without-resource'], REMEDY),
    ...inventory.accessPoints.flatMap(({ resource, facts }) => {
      const document = inventory.policyOf(resource, 'Policy');
      return document ? strangers(document, facts) : [];
    }),
  ],
};

/** Statements of the policy of a bucket or access point that name only others. S3 refuses them. */
function strangers({ resource: site, property, policy }: DeployedPolicy, facts: ResourceFacts): Finding[] {
  const isStrange = ({ resource }: Statement) => resource && !resource.isInverted && !resource.members.some(({ text }) => couldName(text.source, facts));
  return (policy?.statements ?? []).filter(isStrange).map(({ path, resource }) => found(
    site,
    `${property}.${path}.Resource: the policy is of '${readable(facts.arn)}', and the statement is about '${readable(resource!.members[0].text.source)}' only: it never applies.`,
    'Name the resource that the policy belongs to, and its objects.',
  ));
}

function couldName(text: string, { arn, objects }: ResourceFacts): boolean {
  const [fixed] = beforeUnknown(text).split(/[*?]|\$\{/);
  const isPattern = fixed !== text;
  return isUnknown(arn) || text === arn || fixed.startsWith(objects) || (isPattern && (objects.startsWith(fixed) || fixed.startsWith(arn)));
}
