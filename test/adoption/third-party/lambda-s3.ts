import { LambdaToS3 } from '@aws-solutions-constructs/aws-lambda-s3';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** Its buckets ask for SSE-S3 by themselves, one to hold data and one to receive the logs of the other. */
export const awsLambdaS3: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Store', HERE);
    new LambdaToS3(stack, 'Save', {
      lambdaFunctionProps: { code: lambda.Code.fromInline('exports.handler = async () => undefined;'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X },
      bucketProps: mended ? { encryption: s3.BucketEncryption.KMS } : undefined,
    });
  },
  reported: ['DefaultEncryption Store/Save/S3Bucket/Resource', 'notHardened Store/Save/S3Bucket'],
  needs: [{ who: 'Store/Save/LambdaFunctionServiceRole', does: 's3:PutObject', on: ['Store/Save/S3Bucket', 'x'] }],
};
