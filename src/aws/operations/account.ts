import { needs, operation, S3Operation } from './operation';
import { OTHER_ACTIONS } from '../actions';

/** Operations on accounts, access points, jobs and so on whose action has another name. */
const OTHERWISE_NAMED: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  DeleteAccountPublicAccessBlock: 'PutAccountPublicAccessBlock',
};

/** `CreateBucket` has headers that ask for more, and is told among buckets. */
const TOLD_ELSEWHERE = ['CreateBucket', 'ListAllMyBuckets'];

/** Operations of S3 Control, which work on neither buckets nor objects: CloudTrail records them under the name of their action. */
export const ACCOUNT_OPERATIONS: readonly S3Operation[] = [
  ...OTHER_ACTIONS.filter((action) => !TOLD_ELSEWHERE.includes(action)).map((action) => operation(action, [needs(action)], { page: `control_${action}` })),
  ...['TagResource', 'UntagResource', 'ListTagsForResource'].map((action) => operation(action, [needs(action)], { page: `control_${action}` })),
  ...Object.entries(OTHERWISE_NAMED).map(([name, action]) => operation(name, [needs(action)], { page: name === 'ListBuckets' ? name : 'control_DeletePublicAccessBlock' })),
];
