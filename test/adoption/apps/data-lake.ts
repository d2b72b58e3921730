import { Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** Events land in a bucket, a crawler with a policy written by hand describes them, analysts ask Athena. */
export const dataLake: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Lake', HERE);
    const [raw, results] = ['Raw', 'Results'].map((id) => new s3.Bucket(stack, id));
    new firehose.DeliveryStream(stack, 'Events', { destination: new firehose.S3Bucket(raw) });
    const crawlerRole = new iam.Role(stack, 'CrawlerRole', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
    if (mended) {
      raw.grantRead(crawlerRole);
    } else {
      crawlerRole.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [raw.arnForObjects('*')] }));
      crawlerRole.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [raw.bucketArn] }));
    }
    const database = new glue.CfnDatabase(stack, 'Database', { catalogId: stack.account, databaseInput: { name: 'lake' } });
    new glue.CfnCrawler(stack, 'Crawler', { role: crawlerRole.roleArn, databaseName: database.ref, targets: { s3Targets: [{ path: `s3://${raw.bucketName}/` }] } });
    new athena.CfnWorkGroup(stack, 'Analysts', {
      name: 'analysts',
      workGroupConfiguration: { resultConfiguration: { outputLocation: `s3://${results.bucketName}/` } },
    });
    const analyst = new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() });
    raw.grantRead(analyst);
    results.grantReadWrite(analyst);
  },
  reported: ['DefaultEncryption Lake/Raw/Resource', 'leftOnSseS3 Lake/Raw'],
  needs: [
    { who: 'Lake/CrawlerRole', does: 's3:GetObject', on: ['Lake/Raw', 'events.json'] },
    { who: 'Lake/Analyst', does: 's3:GetObject', on: ['Lake/Raw', 'events.json'] },
    { who: 'Lake/Analyst', does: 's3:PutObject', on: ['Lake/Results', 'result.csv'], sends: { 'aws:ViaAWSService': 'true', 'aws:CalledVia': 'athena.amazonaws.com' } },
  ],
};
