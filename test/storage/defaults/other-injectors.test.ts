import { App, Duration, InjectionContext, IPropertyInjector, PropertyInjectors, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SecureBucket, SecureBucketDefaults } from '../../../src';
import { warnings } from '../../support/apps';

const CONTEXT = { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true };

class Company implements IPropertyInjector {
  public readonly constructUniqueId = s3.Bucket.PROPERTY_INJECTION_ID;

  public inject(props: any, { id }: InjectionContext): any {
    return { ...props, bucketName: `company-${id.toLowerCase()}`, lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(9) }], objectLockEnabled: true };
  }
}

const newApp = (propertyInjectors?: IPropertyInjector[]) => new App({ analyticsReporting: false, context: CONTEXT, propertyInjectors });

function propertiesIn(stack: Stack): any {
  const buckets = Object.entries<any>(Template.fromStack(stack).findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('Data'));
  return buckets[0][1].Properties;
}

/** A stack with a bucket, in an app to which injectors are added in some way. */
function made(add: (app: App, stack: Stack) => void, app = newApp()): Stack {
  const stack = new Stack(app, 'Storage');
  add(app, stack);
  new s3.Bucket(stack, 'Data');
  return stack;
}

const add = (scope: Construct, ...injectors: IPropertyInjector[]) => PropertyInjectors.of(scope).add(...injectors);

describe('another injector for s3.Bucket is asked first, and what it returns is hardened', () => {
  test.each<[where: string, stack: () => Stack]>([
    ['on the construct around', () => made((app, stack) => [add(app, new Company()), add(stack, new SecureBucketDefaults())])],
    ['on the same construct, before', () => made((app) => [add(app, new Company()), add(app, new SecureBucketDefaults())])],
    ['in the same call', () => made((app) => add(app, new Company(), new SecureBucketDefaults()))],
    ['on the app around, with defaults on the app and the stack', () => made((app, stack) => [add(app, new Company(), new SecureBucketDefaults()), add(stack, new SecureBucketDefaults())])],
    ['with the defaults added twice', () => made((app) => [add(app, new Company()), add(app, new SecureBucketDefaults()), add(app, new SecureBucketDefaults())])],
    ['as props of the app', () => made(() => undefined, newApp([new Company(), new SecureBucketDefaults()]))],
  ])('%s', (_, stackOf) => {
    const stack = stackOf();
    expect(propertiesIn(stack)).toMatchObject({
      BucketName: 'company-data',
      ObjectLockEnabled: true,
      LifecycleConfiguration: { Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 9 } }] },
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
    });
    expect(warnings(stack)).toEqual([]);
  });

  test('its choices are explicit ones: what is weaker is said', () => {
    class Destroying extends Company {
      public inject(props: any): any {
        return { ...props, encryption: s3.BucketEncryption.S3_MANAGED };
      }
    }
    const stack = made((app) => add(app, new Destroying(), new SecureBucketDefaults()));
    expect(propertiesIn(stack).BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm).toBe('AES256');
    expect(warnings(stack.node.findChild('Data'))).toContain('cdk-secure-bucket:notHardened');
  });

  test('a SecureBucket keeps what it sets', () => {
    const stack = new Stack(newApp([new Company(), new SecureBucketDefaults()]), 'Storage');
    new SecureBucket(stack, 'Data');
    expect(propertiesIn(stack).BucketName).toBeUndefined();
  });
});

describe('an injector that keeps the defaults from buckets is told by name', () => {
  test.each<[where: string, stack: () => Stack, place: string]>([
    ['on the same construct, afterwards', () => made((app) => [add(app, new SecureBucketDefaults()), add(app, new Company())]), 'the app'],
    ['on a construct below', () => made((app, stack) => [add(app, new SecureBucketDefaults()), add(stack, new Company())]), "'Storage'"],
    ['on a stage below', () => {
      const app = newApp([new SecureBucketDefaults()]);
      const stage = new Stage(app, 'Prod');
      add(stage, new Company());
      const stack = new Stack(stage, 'Storage');
      new s3.Bucket(stack, 'Data');
      return stack;
    }, "'Prod'"],
  ])('%s', (_, stackOf, place) => {
    const stack = stackOf();
    new s3.Bucket(stack, 'More');
    const said = JSON.stringify((stack.node.root as App).synth().getStackArtifact(stack.artifactId).messages.filter(({ level }) => level === 'warning')).replace(/\\"/g, '"');
    expect(said.match(/defaultsNotAsked/g)).toHaveLength(1);
    expect(said).toContain(`does not harden '${stack.node.path}/Data', '${stack.node.path}/More': for s3.Bucket, the CDK asks the property injector 'Company' of ${place} alone`);
  });
});
