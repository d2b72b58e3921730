import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AdoptedApp, HERE } from '../adopted';

/** Everything that a bucket can tell, a deployment into it, and a bucket that goes with its stack. */
export const eventDriven: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Events', HERE);
    const inbox = new s3.Bucket(stack, 'Inbox', { eventBridgeEnabled: true });
    const queue = new sqs.Queue(stack, 'Queue');
    inbox.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(queue), { prefix: 'orders/' });
    inbox.addEventNotification(s3.EventType.OBJECT_REMOVED, new notifications.SnsDestination(new sns.Topic(stack, 'Topic')));
    new events.Rule(stack, 'Created', { eventPattern: { source: ['aws.s3'], detail: { bucket: { name: [inbox.bucketName] } } }, targets: [new targets.SqsQueue(queue)] });
    const scratch = new s3.Bucket(stack, 'Scratch', mended ? {} : { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    new deployment.BucketDeployment(stack, 'Templates', { sources: [deployment.Source.data('template.txt', 'Dear customer')], destinationBucket: scratch });
  },
  reported: [
    'DeletionPolicy Events/Scratch/AutoDeleteObjectsCustomResource/Default',
    'DeletionPolicy Events/Scratch/Resource',
    'notHardened Events/Scratch',
  ],
  needs: [
    { who: 'Events/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole', does: 's3:PutObject', on: ['Events/Scratch', 'template.txt'] },
  ],
};
