import { Duration, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AdoptedApp, HERE } from '../adopted';

/** A browser uploads by a presigned URL that a function signs; a worker is told by a queue. */
export const serverlessApiWithUploads: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Api', HERE);
    const uploads = new s3.Bucket(stack, 'Uploads', {
      cors: [{ allowedMethods: [s3.HttpMethods.PUT], allowedOrigins: ['https://example.com'] }],
      lifecycleRules: [{ expiration: Duration.days(30), ...(mended ? { noncurrentVersionExpiration: Duration.days(30) } : {}) }],
    });
    const code = lambda.Code.fromInline('exports.handler = async () => undefined;');
    const [signer, worker] = ['Signer', 'Worker'].map((id) => new lambda.Function(stack, id, { code, handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X }));
    uploads.grantPut(signer);
    uploads.grantRead(worker);
    const queue = new sqs.Queue(stack, 'Uploaded');
    uploads.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(queue));
    new apigatewayv2.HttpApi(stack, 'Http', { defaultIntegration: new HttpLambdaIntegration('Sign', signer) });
  },
  reported: ['expiryKeepsVersions Api/Uploads'],
  needs: [
    { who: 'Api/Signer/ServiceRole', does: 's3:PutObject', on: ['Api/Uploads', 'photo.jpg'], sends: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': '1000' } },
    { who: 'Api/Worker/ServiceRole', does: 's3:GetObject', on: ['Api/Uploads', 'photo.jpg'] },
  ],
};
