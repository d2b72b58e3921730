import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, EncryptionEnforcement, RequireEncryption, RequireTls, RestrictToNetwork, SecureBucket } from '../../src';
import { testStack } from '../support/apps';

// Logical IDs and templates are a contract: a snapshot that changes is a breaking change until somebody has shown that it is not.

const EVERYTHING = {
  encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER,
  network: { vpcEndpointIds: ['vpce-0abc123def4567890'], vpcIds: ['vpc-0abc123def4567890'], ipRanges: ['203.0.113.0/24'], viaAwsServices: true },
  organization: { organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] },
  presignedUrlMaxAge: Duration.minutes(15),
  minimumTLSVersion: 1.3,
};

const CONSTRUCTS: Record<string, (stack: Stack) => void> = {
  'a bare SecureBucket': (stack) => new SecureBucket(stack, 'Data'),
  'a SecureBucket with all guardrails': (stack) => new SecureBucket(stack, 'Data', EVERYTHING),
  'a SecureBucket with DSSE-KMS': (stack) => new SecureBucket(stack, 'Data', { encryption: s3.BucketEncryption.DSSE }),
  'a SecureBucket that replicates': (stack) => {
    const destination = new SecureBucket(stack, 'Replica');
    new SecureBucket(stack, 'Data', { replicationRules: [{ destination, kmsKey: destination.encryptionKey }] });
  },
  'an AccessLogBucket': (stack) => new AccessLogBucket(stack, 'Logs', { retention: Duration.days(365), removalPolicy: RemovalPolicy.RETAIN }),
  'guardrails on a CfnBucket': (stack) => new s3.CfnBucket(stack, 'Data', {
    bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' } }] },
  }).with(new RequireTls(), new RequireEncryption(), new RestrictToNetwork({ vpcIds: ['vpc-0abc123def4567890'] })),
};

/** A template without what the lowest and the newest aws-cdk-lib write differently, and nobody depends on: code of CDK's own functions. */
function contractOf(stack: Stack): unknown {
  const { Resources } = Template.fromStack(stack).toJSON();
  return Object.fromEntries(Object.entries<any>(Resources).filter(([, { Type }]) => !/^AWS::Lambda|^AWS::CDK/.test(Type)));
}

test.each(Object.keys(CONSTRUCTS))('%s', (name) => {
  const stack = testStack();
  CONSTRUCTS[name](stack);
  expect(contractOf(stack)).toMatchSnapshot();
});
