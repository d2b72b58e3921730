import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket } from '../../../src';
import { AdoptedApp, HERE } from '../adopted';

/** Data with a copy. */
export const replicatedData: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Copies', HERE);
    if (mended) {
      const replica = new SecureBucket(stack, 'Replica');
      new SecureBucket(stack, 'Data', { replicationRules: [{ destination: replica, kmsKey: replica.encryptionKey }] });
    } else {
      const replica = new s3.Bucket(stack, 'Replica', { versioned: true });
      new s3.Bucket(stack, 'Data', { versioned: true, replicationRules: [{ destination: replica }] });
    }
  },
  reported: ['DefaultEncryption Copies/Data/Resource', 'leftOnSseS3 Copies/Data'],
  needs: [
    { who: 'Copies/Data/ReplicationRole', does: 's3:GetObjectVersionForReplication', on: ['Copies/Data', 'report.csv'] },
    { who: 'Copies/Data/ReplicationRole', does: 's3:ReplicateObject', on: ['Copies/Replica', 'report.csv'] },
  ],
};
