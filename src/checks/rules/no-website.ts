import { judgeSettings } from './bucket-settings';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const noWebsite: Rule = {
  id: 'NoWebsite',
  requirement: 'No bucket is a static website.',
  reason: 'Website endpoints speak plain HTTP only, and to the public.',
  severity: 'high',
  severityReason: 'A website endpoint serves data in plain text, to everybody who is let in without signing.',
  guide: '4.4',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket) => {
    const website = setting(bucket, 'WebsiteConfiguration');
    return website === UNKNOWN ? UNKNOWN : website === undefined ? undefined : 'The bucket is configured as a static website.';
  }, 'Serve the objects through CloudFront with origin access control (OacDistribution), and remove the website configuration.'),
};
