import { isDeployedWith } from '../../access/inventory';
import { found, notDecided, Rule } from '../finding';

export const competingPolicies: Rule = {
  id: 'CompetingPolicies',
  requirement: 'A bucket has one policy.',
  reason: 'S3 keeps one: the last to be deployed replaces the others, denies included.',
  severity: 'high',
  severityReason: 'The denies of the policy that loses are gone as soon as the other is deployed.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
  judgeBuckets: ({ buckets }) => buckets.filter(({ policies }) => policies.length > 1).flatMap((bucket) => {
    const { policies } = bucket;
    const problem = `The bucket has ${policies.length} policies: ${policies.map(({ resource }) => resource.path).join(', ')}.`;
    const areCertain = policies.every(({ resource }) => isDeployedWith(bucket, resource));
    return policies.map(({ resource }) => (areCertain
      ? found(resource, problem, 'Write all statements into one policy.')
      : notDecided(resource, `${problem} Which of them are deployed depends on conditions.`)));
  }),
};
