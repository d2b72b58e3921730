import { Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import { Attack, condition, HarmlessChange, resource, sometimes, Target } from './attack';
import { TrailLogBucket } from '../../../src';

export interface TrailSite {
  readonly stack: Stack;
  readonly logs: TrailLogBucket;
  readonly cfnTrail: cloudtrail.CfnTrail;
}

export const TRAIL: Target<TrailSite> = {
  what: 'TrailLogBucket',
  where: 'Logs',
  build: (stack) => {
    const logs = new TrailLogBucket(stack, 'Logs', { trailName: `audit-${stack.stackName}` });
    return { stack, logs, cfnTrail: resource(logs.addTrail('Trail')) };
  },
};

const override = (path: string, value: unknown) => ({ cfnTrail }: TrailSite) => cfnTrail.addPropertyOverride(path, value);

export const TRAIL_ATTACKS: Attack<TrailSite>[] = [
  { how: 'logging off', attack: override('IsLogging', false), says: /does not log/ },
  { how: 'logging off, by assignment', attack: ({ cfnTrail }) => { cfnTrail.isLogging = false; }, says: /does not log/ },
  { how: 'logging under a condition', attack: (site) => override('IsLogging', sometimes(site.stack, true, false))(site), says: /does not log/ },
  { how: 'no validation of log files', attack: override('EnableLogFileValidation', false), says: /not validated/ },
  { how: 'no key', attack: ({ cfnTrail }) => cfnTrail.addPropertyDeletionOverride('KMSKeyId'), says: /does not encrypt with the key/ },
  { how: 'another key', attack: override('KMSKeyId', 'alias/other'), says: /does not encrypt with the key/ },
  { how: 'another name', attack: override('TrailName', 'other'), says: /is not called/ },
  { how: 'another prefix', attack: override('S3KeyPrefix', 'other'), says: /another prefix/ },
  { how: 'an organization', attack: override('IsOrganizationTrail', true), says: /one of an organization/ },
  { how: 'another bucket', attack: override('S3BucketName', 'somebody-elses'), says: /does not deliver here/ },
  { how: 'another bucket, by assignment', attack: ({ cfnTrail }) => { cfnTrail.s3BucketName = 'somebody-elses'; }, says: /does not deliver here/ },
  { how: 'the trail removed', attack: ({ logs }) => logs.node.tryRemoveChild('Trail'), says: /has been removed from the construct tree/ },
  { how: 'the trail under a condition', attack: ({ stack, cfnTrail }) => { cfnTrail.cfnOptions.condition = condition(stack); }, says: /deployed under the condition/ },
  { how: 'the trail under a condition, by an override', attack: ({ stack, cfnTrail }) => cfnTrail.addOverride('Condition', stack.resolve(condition(stack).logicalId)), says: /deployed under the condition/ },
  { how: 'another resource type', attack: ({ cfnTrail }) => cfnTrail.addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle'), says: /'AWS::CloudFormation::WaitConditionHandle'/ },
];

/** What may be changed of a trail afterwards. */
export const HARMLESS: HarmlessChange<TrailSite>[] = [
  { how: 'management events', change: override('EventSelectors', [{ ReadWriteType: 'WriteOnly' }]) },
  { how: 'logging that is said again', change: override('IsLogging', true) },
  { how: 'the key by its reference', change: ({ stack, logs, cfnTrail }) => cfnTrail.addPropertyOverride('KMSKeyId', stack.resolve(logs.encryptionKey!.keyArn)) },
  { how: 'the bucket by its logical ID', change: ({ stack, logs, cfnTrail }) => cfnTrail.addPropertyOverride('S3BucketName', { Ref: stack.resolve((logs.node.defaultChild as any).logicalId) }) },
];
