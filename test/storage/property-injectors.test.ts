import { App, InjectionContext, IPropertyInjector, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, SecureBucket, TrailLogBucket } from '../../src';
import { PRODUCER } from '../support/apps';

/** An app in which a company's injector has its way with every `s3.Bucket`. */
function stackWith(inject: (props: s3.BucketProps, stack: Stack) => s3.BucketProps): Stack {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Storage', { env: PRODUCER });
  class CompanyBuckets implements IPropertyInjector {
    public readonly constructUniqueId = s3.Bucket.PROPERTY_INJECTION_ID;
    public inject(props: any, _context: InjectionContext): any {
      return inject(props ?? {}, stack);
    }
  }
  PropertyInjectors.of(stack).add(new CompanyBuckets());
  return stack;
}

const BUCKETS: Record<string, (stack: Stack) => unknown> = {
  SecureBucket: (stack) => new SecureBucket(stack, 'Data'),
  AccessLogBucket: (stack) => new AccessLogBucket(stack, 'Data'),
  TrailLogBucket: (stack) => new TrailLogBucket(stack, 'Data', { trailName: 'audit' }),
};

function synthesized(inject: (props: s3.BucketProps, stack: Stack) => s3.BucketProps, make: (stack: Stack) => unknown): string {
  const stack = stackWith(inject);
  try {
    make(stack);
    return JSON.stringify(Template.fromStack(stack).toJSON().Resources);
  } catch (error) {
    return String((error as Error).message);
  }
}

describe.each(Object.entries(BUCKETS))('an injector for s3.Bucket, beside %s', (name, make) => {
  test.each<[string, s3.BucketProps]>([
    ['demands TLS', { enforceSSL: true }],
    ['demands versions', { versioned: true }],
    ['blocks public access', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL }],
  ])('that %s changes nothing that matters', (_, extra) => {
    expect(synthesized((props) => ({ ...props, ...extra }), make)).toMatch(/^\{.*"DenyOutdatedTls"/);
  });

  test.each<[string, s3.BucketProps]>([
    ['encryption', { encryption: s3.BucketEncryption.S3_MANAGED, encryptionKey: undefined }],
    ['no encryption', { encryption: s3.BucketEncryption.UNENCRYPTED }],
    ['public access', { publicReadAccess: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY }],
    ['TLS', { enforceSSL: false }],
  ])('whose defaults for %s stand before the props is not asked', (_, defaults) => {
    expect(synthesized((props) => ({ ...defaults, ...props }), make)).toMatch(/^\{.*"DenyOutdatedTls"/);
  });

  test.each<[string, (stack: Stack) => s3.BucketProps]>([
    ['an imported key', (stack) => ({ encryption: s3.BucketEncryption.KMS, encryptionKey: kms.Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111122223333:key/1') })],
    ['a key of the company', (stack) => ({ encryption: s3.BucketEncryption.KMS, encryptionKey: new kms.Key(stack, 'Company') })],
    ['the AWS managed key', () => ({ encryption: s3.BucketEncryption.KMS_MANAGED, encryptionKey: undefined })],
    ...(name === 'AccessLogBucket' ? [] : [
      ['SSE-S3', () => ({ encryption: s3.BucketEncryption.S3_MANAGED, encryptionKey: undefined })],
      ['no encryption', () => ({ encryption: s3.BucketEncryption.UNENCRYPTED, encryptionKey: undefined, bucketKeyEnabled: undefined })],
    ] as [string, () => s3.BucketProps][]),
    ['an access control list', () => ({ accessControl: s3.BucketAccessControl.PUBLIC_READ })],
    ['access logs of its own choice', (stack) => ({ serverAccessLogsBucket: stack.node.tryFindChild('Logs') as s3.IBucket ?? s3.Bucket.fromBucketName(stack, 'Logs', 'amzn-s3-demo-logs') })],
    ['access logs in itself', () => ({ serverAccessLogsPrefix: 'logs/' })],
  ])('that sets %s is told by its name, with the path of the bucket', (_, extra) => {
    const text = synthesized((props, stack) => ({ ...props, ...extra(stack) }), make);
    expect(text).toMatch(/^'Storage\/Data': the property injector 'CompanyBuckets' for s3\.Bucket changes props that this bucket sets by itself: .*\./);
    expect(text).toMatch(/ Have it put its defaults before the props that it is given/);
  });

  test.each<[string, s3.BucketProps]>([
    ['versioning', { versioned: false }],
    ['the block of public access', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY }],
    ['ownership', { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER }],
  ])('that takes %s away is refused at synthesis', (_, extra) => {
    expect(synthesized((props) => ({ ...props, ...extra }), make)).toMatch(/'Storage\/Data'/);
  });
});
