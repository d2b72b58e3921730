import { S3ToLambda } from '@aws-solutions-constructs/aws-s3-lambda';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AdoptedApp, HERE } from '../adopted';

export const awsS3Lambda: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Uploads', HERE);
    new S3ToLambda(stack, 'Process', {
      lambdaFunctionProps: { code: lambda.Code.fromInline('exports.handler = async () => undefined;'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X },
      ...(mended ? {} : {}),
    });
  },
  reported: [],
  needs: [],
};
