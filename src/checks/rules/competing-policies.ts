import { found, Rule } from '../finding';

export const competingPolicies: Rule = {
  id: 'CompetingPolicies',
  requirement: 'A bucket has one policy.',
  reason: 'S3 keeps one: the last to be deployed replaces the others, denies included.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
  judgeBuckets: ({ buckets }) => buckets.flatMap(({ policies }) => (policies.length < 2 ? [] : policies.map(({ resource }) => found(
    resource,
    `The bucket has ${policies.length} policies: ${policies.map((policy) => policy.resource.path).join(', ')}.`,
    'Write all statements into one policy.',
  )))),
};
