import { App, CfnOutput, CfnParameter, CfnResource, Fn, NestedStack, PropertyInjectors, Stack, Token } from 'aws-cdk-lib';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { SecureBucketDefaults } from '../../../src';
import { PRODUCER, warnings } from '../../support/apps';

/** A bucket with the defaults, and a stack beside its own. */
function bucketBeside(): { bucket: s3.Bucket; beside: Stack } {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  return { bucket: new s3.Bucket(new Stack(app, 'Storage', { env: PRODUCER }), 'Reports'), beside: new Stack(app, 'Beside', { env: PRODUCER }) };
}

function algorithm({ stack, node }: s3.Bucket): string {
  const resource = node.defaultChild as s3.CfnBucket;
  const { Properties } = (node.root as App).synth().getStackByName(stack.stackName).template.Resources[stack.resolve(resource.logicalId)];
  return Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm;
}

function read(scope: Stack, resource: string): void {
  new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') }).addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] }));
}

const logicalIdOf = ({ stack, node }: s3.Bucket): string => stack.resolve((node.defaultChild as s3.CfnBucket).logicalId);

function exported(bucket: s3.Bucket, value: string): string {
  new CfnOutput(bucket.stack, 'Output', { value, exportName: 'shared' });
  return Fn.importValue('shared');
}

function stored(bucket: s3.Bucket): ssm.StringParameter {
  return new ssm.StringParameter(bucket.stack, 'Stored', { parameterName: '/reports', stringValue: bucket.bucketArn });
}

/** A nested stack that gives the ARN of a bucket to the one around it. */
function handedBack(bucket: s3.Bucket): CfnResource {
  const nested = new NestedStack(bucket.stack, 'Nested', { parameters: { Arn: bucket.bucketArn } });
  new CfnOutput(nested, 'Out', { value: new CfnParameter(nested, 'Arn').valueAsString });
  return nested.nestedStackResource as CfnResource;
}

describe('nobody who reads a bucket is cut off, however his policy refers to it', () => {
  test.each<[how: string, use: (bucket: s3.Bucket, beside: Stack) => void]>([
    ['Fn::Sub with its name', (bucket) => read(bucket.stack, Fn.sub('arn:aws:s3:::${Name}/*', { Name: bucket.bucketName }))],
    ['Fn::Sub with its ARN', (bucket) => read(bucket.stack, Fn.sub('${Arn}/*', { Arn: bucket.bucketArn }))],
    ['Fn::Sub with its logical ID', (bucket) => read(bucket.stack, Fn.sub(`arn:\${AWS::Partition}:s3:::\${${logicalIdOf(bucket)}}/*`))],
    ['Fn::Sub with an attribute', (bucket) => read(bucket.stack, Fn.sub(`\${${logicalIdOf(bucket)}.Arn}/*`))],
    ['Fn::Sub in an L1', (bucket) => new iam.CfnPolicy(bucket.stack, 'Policy', {
      policyName: 'read', roles: ['Reader'], policyDocument: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Sub': `arn:aws:s3:::\${${logicalIdOf(bucket)}}/*` } } },
    })],
    ['a piece of its ARN', (bucket) => read(bucket.stack, `arn:aws:s3:::${Fn.select(5, Fn.split(':', bucket.bucketArn))}/*`)],
    ['an export of its name', (bucket, beside) => read(beside, `arn:aws:s3:::${exported(bucket, bucket.bucketName)}/*`)],
    ['an export of its ARN', (bucket, beside) => read(beside, `${exported(bucket, bucket.bucketArn)}/*`)],
    ['an output of its stack', (bucket, beside) => {
      new CfnOutput(bucket.stack, 'Output', { value: bucket.bucketArn });
      read(beside, `${Token.asString({ 'Fn::GetStackOutput': { StackName: 'Storage', OutputName: 'Output' } })}/*`);
    }],
    ['a parameter of a nested stack', (bucket) => {
      const nested = new NestedStack(bucket.stack, 'Nested', { parameters: { Name: bucket.bucketName } });
      read(nested, `arn:aws:s3:::${new CfnParameter(nested, 'Name').valueAsString}/*`);
    }],
    ['an output of a nested stack', (bucket) => read(bucket.stack, Fn.join('', [handedBack(bucket).getAtt('Outputs.Out').toString(), '/*']))],
    ['Fn::Sub with an output of a nested stack', (bucket) => read(bucket.stack, Fn.sub(`\${${bucket.stack.resolve(handedBack(bucket).logicalId)}.Outputs.Out}/*`))],
    ['a parameter of Systems Manager, written out', (bucket, beside) => {
      stored(bucket);
      read(beside, '{{resolve:ssm:/reports}}/*');
    }],
    ['a parameter of Systems Manager', (bucket) => read(bucket.stack, `${stored(bucket).stringValue}/*`)],
    ['a parameter of Systems Manager, by its name', (bucket, beside) => {
      stored(bucket);
      read(beside, `${ssm.StringParameter.valueForStringParameter(beside, '/reports')}/*`);
    }],
    ['a parameter of Systems Manager, by a dynamic reference', (bucket, beside) => {
      stored(bucket);
      read(beside, `${ssm.StringParameter.fromStringParameterAttributes(beside, 'Imported', { parameterName: '/reports', version: 1 }).stringValue}/*`);
    }],
  ])('%s', (_, use) => {
    const { bucket, beside } = bucketBeside();
    use(bucket, beside);
    expect(algorithm(bucket)).toBe('AES256');
    expect(warnings(bucket)).toContain('cdk-secure-bucket:leftOnSseS3');
  });

  test.each<[how: string, use: (bucket: s3.Bucket, beside: Stack) => void]>([
    ['an export of something else', (bucket, beside) => read(beside, `arn:aws:s3:::${exported(bucket, 'another')}/*`)],
    ['the export of another name', (bucket, beside) => {
      exported(bucket, bucket.bucketArn);
      read(beside, `${Fn.importValue('other')}/*`);
    }],
    ['a parameter of a nested stack that is given something else', (bucket) => {
      const nested = new NestedStack(bucket.stack, 'Nested', { parameters: { Name: 'another' } });
      read(nested, `arn:aws:s3:::${new CfnParameter(nested, 'Name', { default: 'none' }).valueAsString}/*`);
    }],
    ['Fn::Sub with the logical ID of another resource', (bucket) => {
      const other = new s3.CfnBucket(bucket.stack, 'Other');
      read(bucket.stack, Fn.sub(`arn:aws:s3:::\${${bucket.stack.resolve(other.logicalId)}}/*`));
    }],
  ])('%s is about no objects of the bucket, which gets a key', (_, use) => {
    const { bucket, beside } = bucketBeside();
    use(bucket, beside);
    expect(algorithm(bucket)).toBe('aws:kms');
  });
});

describe('a bucket that receives logs keeps SSE-S3, however it is named', () => {
  test.each<[who: string, log: (name: string, beside: Stack) => void]>([
    ['a load balancer', (name, beside) => new elb.CfnLoadBalancer(beside, 'Balancer', {
      subnets: ['subnet-0abc123def4567890'], loadBalancerAttributes: [{ key: 'access_logs.s3.enabled', value: 'true' }, { key: 'access_logs.s3.bucket', value: name }],
    })],
    ['another bucket', (name, beside) => new s3.CfnBucket(beside, 'Source', { loggingConfiguration: { destinationBucketName: name } })],
  ])('%s', (_, log) => {
    const { bucket, beside } = bucketBeside();
    log(exported(bucket, bucket.bucketName), beside);
    expect(algorithm(bucket)).toBe('AES256');
    expect(warnings(bucket)).toEqual([]);
  });
});
