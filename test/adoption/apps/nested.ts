import { Aspects, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RequireEncryption } from '../../../src';
import { AdoptedApp, HERE } from '../adopted';

/** Two stages of a service, each with a nested stack, and a stack that reads the bucket of another. */
export const nestedStacksAndStages: AdoptedApp = {
  build: (app, mended) => {
    for (const name of ['Dev', 'Prod']) {
      const stage = new Stage(app, name, HERE);
      if (mended) {
        Aspects.of(stage).add(new RequireEncryption()); // those of the app do not reach its stages
      }
      const storage = new Stack(stage, 'Storage');
      const data = new s3.Bucket(storage, 'Data');
      const nested = new s3.Bucket(new NestedStack(storage, 'Nested'), 'Data');
      const reader = new iam.Role(new Stack(stage, 'Service'), 'Reader', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      data.grantRead(reader);
      nested.grantRead(reader);
    }
  },
  reported: [
    ...['Dev', 'Prod'].flatMap((stage) => ['Data', 'Nested/Data'].map((bucket) => `UploadEncryption ${stage}/Storage/${bucket}/Policy/Resource`)),
    ...['Dev', 'Prod'].map((stage) => `requireEncryptionNotEnforced ${stage}/Storage`),
  ],
  needs: ['Dev', 'Prod'].flatMap((stage) => ['Storage/Data', 'Storage/Nested/Data'].map((bucket) => ({ who: `${stage}/Service/Reader`, does: 's3:GetObject', on: [`${stage}/${bucket}`, 'x'] as const }))),
};
