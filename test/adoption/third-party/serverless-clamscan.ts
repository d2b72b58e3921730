import { Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ServerlessClamscan } from 'cdk-serverless-clamscan';
import { AdoptedApp, HERE } from '../adopted';

/** Scans what is uploaded; its own bucket holds virus definitions, which can be had again, and spares the account's root by `NotPrincipal`. */
export const cdkServerlessClamscan: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Scan', HERE);
    const uploads = new s3.Bucket(stack, 'Uploads');
    const clamscan = new ServerlessClamscan(stack, 'Clamscan', { buckets: [uploads] });
    if (mended) {
      const reason = 'Virus definitions are public, and are downloaded again.';
      const ids = ['DefaultEncryption', 'DeletionPolicy', 'Lockout', 'NotPrincipal', 'ObjectOwnership'].map((rule) => `SecureBucket-${rule}`);
      Validations.of(clamscan).acknowledge(...[...ids, 'cdk-secure-bucket:notHardened'].map((id) => ({ id, reason })));
    }
  },
  reported: [
    'DefaultEncryption Scan/Clamscan/VirusDefsBucket/Resource',
    'DeletionPolicy Scan/Clamscan/VirusDefsBucket/AutoDeleteObjectsCustomResource/Default',
    'DeletionPolicy Scan/Clamscan/VirusDefsBucket/Resource',
    'Lockout-NotDecided Scan/Clamscan/VirusDefsBucket/Policy/Resource',
    'NotPrincipal Scan/Clamscan/VirusDefsBucket/Policy/Resource',
    'ObjectOwnership Scan/Clamscan/VirusDefsAccessLogsBucket/Resource',
    'notHardened Scan/Clamscan/VirusDefsAccessLogsBucket',
    'notHardened Scan/Clamscan/VirusDefsBucket',
  ],
  needs: [
    { who: 'Scan/Clamscan/ServerlessClamscan/ServiceRole', does: 's3:GetObject', on: ['Scan/Uploads', 'x'] },
    { who: 'Scan/Clamscan/ServerlessClamscan/ServiceRole', does: 's3:GetObject', on: ['Scan/Clamscan/VirusDefsBucket', 'x'] },
    { who: 'logging.s3.amazonaws.com', does: 's3:PutObject', on: ['Scan/Clamscan/VirusDefsAccessLogsBucket', 'x'], sends: { 'aws:SourceArn': 'arn:aws:s3:::{Scan/Clamscan/VirusDefsBucket}', 'aws:SourceAccount': '111122223333' } },
  ],
};
