import { policyFindings } from './policy-findings';
import { Rule } from '../finding';

const REMEDY = "Name the bucket ('arn:aws:s3:::bucket') for actions on buckets, and its objects ('arn:aws:s3:::bucket/*') for actions on objects.";

export const arnForm: Rule = {
  id: 'ArnForm',
  requirement: 'Actions on buckets are given on bucket ARNs, actions on objects on object ARNs.',
  reason: 'With the wrong form the statement never applies, silently.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html',
  judgeBuckets: ({ documents }) => policyFindings(documents, ['action-without-resource'], REMEDY),
  judgeDeployment: ({ otherDocuments }) => policyFindings(otherDocuments, ['action-without-resource'], REMEDY),
};
