import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Consumer, CrossAccountGrant, DatasetAccess, KeyPolicyScope, PrincipalBinding, SecureBucket, SharedDatasetAccessPoint } from 'cdk-secure-bucket';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const ACCESS_POINTS_PER_STACK = 200; // CloudFormation takes 500 resources in a stack, and 200 outputs: each consumer here is handed its policy

/** Shares one dataset with as many consumers as there are role ARNs, each of an account of its own. */
export type Way = (app: App, roleArns: string[]) => void;

export const ways: Record<string, Way> = {
  'aws-cdk-lib, bucket.grantRead': (app, roleArns) => {
    const stack = new Stack(app, 'Producer', { env: ENV });
    const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'example-dataset', encryptionKey: new kms.Key(stack, 'Key') });
    roleArns.forEach((arn, i) => bucket.grantRead(iam.Role.fromRoleArn(stack, `Role${i}`, arn)));
  },
  'CrossAccountGrant': (app, roleArns) => {
    const { stack, bucket } = producer(app);
    new CrossAccountGrant(stack, 'Grant', { bucket, consumers: roleArns.map((arn) => Consumer.roleArn(arn)), access: DatasetAccess.READ });
  },
  'CrossAccountGrant, by account': (app, roleArns) => {
    const { stack, bucket } = producer(app);
    new CrossAccountGrant(stack, 'Grant', {
      bucket, consumers: roleArns.map((arn) => Consumer.roleArn(arn)), access: DatasetAccess.READ, principalBinding: PrincipalBinding.ACCOUNT,
    });
  },
  'SharedDatasetAccessPoint': (app, roleArns) => {
    const { bucket } = producer(app);
    roleArns.forEach((arn, i) => {
      const id = `Teams${Math.floor(i / ACCESS_POINTS_PER_STACK) + 1}`;
      const stack = app.node.tryFindChild(id) as Stack | undefined ?? new Stack(app, id, { env: ENV });
      new SharedDatasetAccessPoint(stack, `Team${i}`, { bucket, prefixes: [`team-${i}/`], keyPolicyScope: KeyPolicyScope.organization('o-exampleorgid') })
        .grantRead(Consumer.roleArn(arn));
    });
  },
};

function producer(app: App): { stack: Stack; bucket: SecureBucket } {
  const stack = new Stack(app, 'Producer', { env: ENV });
  return { stack, bucket: new SecureBucket(stack, 'Data', { bucketName: 'example-dataset' }) };
}
