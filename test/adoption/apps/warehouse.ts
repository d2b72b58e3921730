import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as emr from 'aws-cdk-lib/aws-emr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** Logs of Redshift, of an EMR cluster and of sessions in containers. */
export const warehouseAndContainers: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Warehouse', HERE);
    const [audit, jobs, sessions] = ['Audit', 'Jobs', 'Sessions'].map((id) => new s3.Bucket(stack, id));
    audit.addToResourcePolicy(new iam.PolicyStatement({ principals: [REDSHIFT], actions: ['s3:PutObject'], resources: [audit.arnForObjects('*')], conditions: OF_ACCOUNT }));
    audit.addToResourcePolicy(new iam.PolicyStatement({ principals: [REDSHIFT], actions: ['s3:GetBucketAcl'], resources: [audit.bucketArn], conditions: OF_ACCOUNT }));
    new redshift.CfnCluster(stack, 'Cluster', { clusterType: 'single-node', dbName: 'db', masterUsername: 'master', manageMasterPassword: true, nodeType: 'ra3.large', loggingProperties: { bucketName: audit.bucketName } });
    const instances = new iam.Role(stack, 'Instances', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    if (mended) {
      jobs.grantReadWrite(instances);
    } else {
      instances.addToPolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [jobs.arnForObjects('*')] }));
    }
    new emr.CfnCluster(stack, 'Jobs1', { name: 'jobs', jobFlowRole: instances.roleName, serviceRole: 'EMR_DefaultRole_V2', instances: {}, logUri: `s3://${jobs.bucketName}/emr/` });
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const cluster = new ecs.Cluster(stack, 'Containers', {
      vpc,
      executeCommandConfiguration: { logConfiguration: { s3Bucket: sessions, s3EncryptionEnabled: true, s3KeyPrefix: 'exec' }, logging: ecs.ExecuteCommandLogging.OVERRIDE },
    });
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('App', { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox') });
    if (mended) {
      sessions.grantPut(taskDefinition.taskRole);
    }
    new ecs.FargateService(stack, 'Service', { cluster, taskDefinition, enableExecuteCommand: true });
  },
  reported: ['DefaultEncryption Warehouse/Jobs/Resource', 'DefaultEncryption Warehouse/Sessions/Resource', 'leftOnSseS3 Warehouse/Jobs', 'leftOnSseS3 Warehouse/Sessions'],
  needs: [
    { who: 'redshift.amazonaws.com', does: 's3:PutObject', on: ['Warehouse/Audit', 'AWSLogs/x'], sends: { 'aws:SourceAccount': '111122223333' } },
    { who: 'Warehouse/Instances', does: 's3:PutObject', on: ['Warehouse/Jobs', 'emr/x'] },
    { who: 'Warehouse/Task/TaskRole', does: 's3:PutObject', on: ['Warehouse/Sessions', 'exec/x'] },
  ],
};

const REDSHIFT = new iam.ServicePrincipal('redshift.amazonaws.com');
const OF_ACCOUNT = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
