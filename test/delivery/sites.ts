import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { OacDistribution, OacDistributionProps, SecureBucket, SecureBucketProps } from '../../src';
import { resolveValue } from '../../src/template/intrinsics';
import { DeployedApp, Document } from '../sharing/sides';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const ENV = { account: ACCOUNT, region: 'us-east-1' };

/** A name that is known at synthesis, and that nobody else can take. */
export const PREFIXED: SecureBucketProps = { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'site' };

export function newApp(props: AppProps = {}): App {
  return new App({ analyticsReporting: false, ...props });
}

export interface Site {
  readonly app: App;
  readonly stack: Stack;
  readonly bucket: s3.IBucket;
  readonly site: OacDistribution;
}

/** Bucket and distribution in one stack. */
export function oneStack({ bucketProps = PREFIXED, env = ENV, ...props }: Partial<OacDistributionProps> & { bucketProps?: SecureBucketProps; env?: StackProps['env'] } = {}): Site {
  const app = newApp();
  const stack = new Stack(app, 'Site', { env });
  const bucket = props.bucket ?? new SecureBucket(stack, 'Content', bucketProps);
  return { app, stack, bucket, site: new OacDistribution(stack, 'Site', { ...props, bucket }) };
}

export function statement(document: Document, sid: string): any {
  return document.Statement.find(({ Sid }) => Sid === sid);
}

/** The Conditions of the statements for CloudFront in a policy. */
export function cloudFrontStatements(document: Document): any[] {
  return document.Statement.filter(({ Principal }) => Principal?.Service === 'cloudfront.amazonaws.com');
}

/** What an app has once it is deployed. */
export class DeployedSite extends DeployedApp {
  constructor(app: App) {
    super(app);
    app.node.findAll().filter(Stack.isStack).forEach((stack) => Template.fromStack(stack)); // throws if resources wait for each other in a circle
  }

  public distributionArn(path = ''): string {
    const [distribution, ...others] = this.deployment.ofType('AWS::CloudFront::Distribution').filter((candidate) => candidate.path.startsWith(path));
    expect(others).toEqual([]);
    return `arn:aws:cloudfront::${distribution.stack.account}:distribution/${distribution.reference('Ref')}`;
  }

  public get bucketName(): string {
    const [bucket] = this.deployment.ofType('AWS::S3::Bucket').filter(({ path }) => path.includes('Content'));
    return bucket.reference('Ref')!;
  }

  public get bucketStatements(): any[] {
    return cloudFrontStatements(this.bucketPolicy(this.bucketName));
  }

  public get keyStatements(): any[] {
    const [key] = this.deployment.ofType('AWS::KMS::Key');
    return cloudFrontStatements(key.property('KeyPolicy'));
  }

  /** The statements in the outputs of a stack. */
  public handedOver(stackName: string): any[] {
    const stack = this.deployment.stack(stackName)!;
    const outputs: any[] = Object.entries<any>(stack.template.Outputs ?? {}).filter(([, { Export }]) => Export === undefined).map(([, output]) => output);
    return outputs.flatMap(({ Value }) => JSON.parse(resolveValue(Value, stack)).Statement);
  }

  public get origin(): any {
    const [distribution] = this.deployment.ofType('AWS::CloudFront::Distribution');
    return distribution.property('DistributionConfig').Origins[0];
  }
}

/** What construction says is wrong; empty if nothing. */
export function refusalOf(build: () => Construct): string {
  try {
    build();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
