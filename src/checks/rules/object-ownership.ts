import { judgeSettings } from './bucket-settings';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const objectOwnership: Rule = {
  id: 'ObjectOwnership',
  requirement: "Object Ownership is 'BucketOwnerEnforced', so that ACLs have no effect.",
  reason: 'ACLs grant access object by object, where no policy shows it.',
  guide: '2.3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket) => {
    const ownership = setting(bucket, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership');
    return ownership === UNKNOWN ? UNKNOWN : ownership === 'BucketOwnerEnforced' ? undefined : `Object Ownership is ${ownership ? `'${ownership}'` : 'not set'}.`;
  }, "Set 'ObjectOwnership' to 'BucketOwnerEnforced'."),
};
