import { App, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket } from '../../../src';
import { AdoptedApp, HERE } from '../adopted';

/** A pipeline that builds what is uploaded to a bucket, and deploys to a bucket here and to a stack in another Region. */
export const pipelineAcrossRegions: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Delivery', HERE);
    const [uploads, releases] = ['Uploads', 'Releases'].map((id) => new s3.Bucket(stack, id));
    const [source, built] = ['source', 'built'].map((name) => new codepipeline.Artifact(name));
    const project = new codebuild.PipelineProject(stack, 'Build');
    new codepipeline.Pipeline(stack, 'Pipeline', {
      ...(mended ? { crossRegionReplicationBuckets: artifacts(app, stack) } : { crossAccountKeys: true, enableKeyRotation: true }),
      stages: [
        { stageName: 'Source', actions: [new actions.S3SourceAction({ actionName: 'Upload', bucket: uploads, bucketKey: 'app.zip', output: source })] },
        { stageName: 'Build', actions: [new actions.CodeBuildAction({ actionName: 'Build', project, input: source, outputs: [built] })] },
        {
          stageName: 'Deploy',
          actions: [
            new actions.S3DeployAction({ actionName: 'Release', bucket: releases, input: built }),
            new actions.CloudFormationCreateUpdateStackAction({ actionName: 'Elsewhere', region: 'us-west-2', stackName: 'service', adminPermissions: true, templatePath: built.atPath('template.json') }),
          ],
        },
      ],
    });
  },
  reported: [
    'ConfiguredUploads-NotDecided Delivery/Pipeline/Resource',
    'DeletionPolicy Delivery/Pipeline/ArtifactsBucketEncryptionKey/Resource',
    'DeletionPolicy cross-region-stack-111122223333:us-west-2/Default/CrossRegionCodePipelineReplicationBucketEncryptionKey/Resource',
  ],
  needs: [
    { who: 'Delivery/Pipeline/Source/Upload/CodePipelineActionRole', does: 's3:GetObject', on: ['Delivery/Uploads', 'app.zip'] },
    { only: 'as it was', who: 'Delivery/Build/Role', does: 's3:PutObject', on: ['Delivery/Pipeline/ArtifactsBucket', 'built/x'] },
    { only: 'mended', who: 'Delivery/Build/Role', does: 's3:PutObject', on: ['Delivery/Artifacts', 'built/x'] },
    { only: 'mended', who: 'Delivery/Pipeline/Role', does: 's3:PutObject', on: ['Elsewhere/Artifacts', 'built/x'] },
    { who: 'Delivery/Pipeline/Deploy/Release/CodePipelineActionRole', does: 's3:PutObject', on: ['Delivery/Releases', 'x'] },
  ],
};

/** Buckets of the team for artifacts, one a Region, that are kept with their keys. */
function artifacts(app: App, here: Stack): { [region: string]: SecureBucket } {
  const elsewhere = new Stack(app, 'Elsewhere', { env: { account: here.account, region: 'us-west-2' } });
  return {
    [here.region]: new SecureBucket(here, 'Artifacts'),
    [elsewhere.region]: new SecureBucket(elsewhere, 'Artifacts', { bucketName: 'amzn-s3-demo-artifacts' }),
  };
}
