import { unjudgedBuckets, unjudgedText } from '../../template/unjudged-buckets';
import { Finding, Rule } from '../finding';

const REMEDY = 'Make sure of their encryption, of who may reach them and over which network by other means, and acknowledge this with the reason.';

export const unjudged: Rule = {
  id: 'UnjudgedBuckets',
  requirement: 'Data is in general purpose buckets: directory, table and vector buckets, and S3 on Outposts, have settings and actions of their own, and are not judged.',
  reason: 'No finding on a bucket that nobody has judged is no green light.',
  severity: 'high',
  severityReason: 'What is not judged can be of any severity.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html',
  judgeDeployment: ({ deployment }) => unjudgedBuckets(deployment).map((buckets): Finding => (
    { resource: buckets[0], problem: unjudgedText(buckets), remedy: REMEDY, isDecided: false })),
};
