import { Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { TrailLogBucket } from '../../../src';
import { AdoptedApp, HERE } from '../adopted';

const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/team';
const LOG = 'AWSLogs/111122223333/CloudTrail/x.json.gz';
const DIGEST = 'AWSLogs/111122223333/CloudTrail-Digest/x.json.gz';
const OWNER = 'bucket-owner-full-control';
const BY_TRAIL = { 's3:x-amz-acl': OWNER, 'aws:SourceArn': TRAIL, 'aws:SourceAccount': '111122223333' };
const WITH_KEY = {
  ...BY_TRAIL,
  's3:x-amz-server-side-encryption': 'aws:kms',
  's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-west-1:111122223333:key/{Baseline/TrailKey}',
};

/** AWS Config and two trails with buckets that the CDK makes, one of them with a key; mended, one trail whose bucket is made for it. */
export const configAndTrailBaseline: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Baseline', HERE);
    const history = new s3.Bucket(stack, 'History');
    history.addToResourcePolicy(new iam.PolicyStatement({ principals: [CONFIG], actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [history.bucketArn], conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }));
    history.addToResourcePolicy(new iam.PolicyStatement({
      principals: [CONFIG],
      actions: ['s3:PutObject'],
      resources: [history.arnForObjects(`AWSLogs/${stack.account}/Config/*`)],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }));
    new config.CfnConfigurationRecorder(stack, 'Recorder', { roleArn: `arn:aws:iam::${stack.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig` });
    new config.CfnDeliveryChannel(stack, 'Channel', { s3BucketName: history.bucketName });
    const key = new kms.Key(stack, 'TrailKey', { enableKeyRotation: true });
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')], actions: ['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'], resources: ['*'], conditions: { StringEquals: { 'aws:SourceArn': TRAIL } },
    }));
    if (mended) {
      new cloudtrail.Trail(stack, 'Trail', { trailName: 'team', bucket: new TrailLogBucket(stack, 'Logs', { trailName: 'team', encryptionKey: key }), encryptionKey: key });
    } else {
      new cloudtrail.Trail(stack, 'Trail', { trailName: 'team', encryptionKey: key });
      new cloudtrail.Trail(stack, 'Plain');
    }
  },
  reported: [
    'DefaultEncryption Baseline/Plain/S3/Resource',
    'DefaultEncryption Baseline/Trail/S3/Resource',
    'OverbroadGrant Baseline/Plain/S3/Policy/Resource',
    'OverbroadGrant Baseline/Trail/S3/Policy/Resource',
    'leftOnSseS3 Baseline/Plain/S3',
    'leftOnSseS3 Baseline/Trail/S3',
  ],
  needs: [
    { only: 'as it was', who: 'cloudtrail.amazonaws.com', does: 's3:PutObject', on: ['Baseline/Plain/S3', LOG], sends: { 's3:x-amz-acl': OWNER, 's3:x-amz-server-side-encryption': 'AES256' } },
    { only: 'as it was', who: 'cloudtrail.amazonaws.com', does: 's3:PutObject', on: ['Baseline/Trail/S3', LOG], sends: WITH_KEY },
    { only: 'mended', who: 'cloudtrail.amazonaws.com', does: 's3:PutObject', on: ['Baseline/Logs', LOG], sends: WITH_KEY },
    { only: 'mended', who: 'cloudtrail.amazonaws.com', does: 's3:PutObject', on: ['Baseline/Logs', DIGEST], sends: { ...BY_TRAIL, 's3:x-amz-server-side-encryption': 'AES256' } },
    { who: 'config.amazonaws.com', does: 's3:PutObject', on: ['Baseline/History', 'AWSLogs/111122223333/Config/x.json.gz'], sends: { 'aws:SourceAccount': '111122223333', 's3:x-amz-acl': 'bucket-owner-full-control' } },
  ],
};

const CONFIG = new iam.ServicePrincipal('config.amazonaws.com');
