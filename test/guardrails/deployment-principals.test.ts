import { App, Aspects, CustomResource, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import * as s3n from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { RestrictToNetwork, SecureBucket } from '../../src';
import { PRODUCER, policyStatements, synthesisErrors, testStack } from '../support/apps';

const network = { vpcEndpointIds: ['vpce-0abc123def4567890'] };
const page = () => s3deploy.Source.data('index.html', 'hello');

/** The logical IDs of the exempt roles, or their ARNs, beside the execution role and the service-linked roles. */
function exempt(stack: Stack, logicalId = 'DataPolicy'): string[] {
  return exemptBy(policyStatements(stack, logicalId));
}

function exemptBy(statements: any[]): string[] {
  const { Condition } = statements.find(({ Sid }) => Sid === 'DenyOutsideVpce');
  const [executionRole, serviceLinked, ...roles] = Condition.ArnNotLike['aws:PrincipalArn'];
  expect(JSON.stringify(executionRole)).toContain('cfn-exec-role');
  expect(JSON.stringify(serviceLinked)).toContain(':role/aws-service-role/*');
  return roles.map((role: any) => role['Fn::GetAtt']?.[0] ?? role);
}

test('nobody but the execution role is exempt where nothing else works on the bucket', () => {
  const stack = testStack();
  new SecureBucket(stack, 'Data', { network });
  new s3.Bucket(stack, 'Other', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true, eventBridgeEnabled: true });
  new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: new s3.Bucket(stack, 'Site'), sources: [page()] });
  expect(exempt(stack)).toEqual([]);
});

test('autoDeleteObjects and event notifications are exempt', () => {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Data', { network, removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
  bucket.addObjectCreatedNotification(new s3n.SqsDestination(new sqs.Queue(stack, 'Queue')));
  expect(exempt(stack)).toEqual([expect.stringMatching(/^CustomS3AutoDeleteObjects.*Role/), expect.stringMatching(/^BucketNotificationsHandler.*Role/)]);
});

test('a BucketDeployment into the bucket is exempt, made before or after the perimeter', () => {
  const stack = testStack();
  const bucket = new s3.Bucket(stack, 'Data');
  new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: bucket, sources: [page()] });
  bucket.with(new RestrictToNetwork(network));
  new s3deploy.BucketDeployment(stack, 'DeployLarge', { destinationBucket: bucket, sources: [page()], memoryLimit: 2048 });
  expect(exempt(stack)).toEqual([expect.stringMatching(/^CustomCDKBucketDeployment\w+ServiceRole/), expect.stringMatching(/^CustomCDKBucketDeployment\w+2048MiBServiceRole/)]);
});

test('a BucketDeployment that reads from the bucket is exempt', () => {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Data', { network });
  new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: new s3.Bucket(stack, 'Site'), sources: [s3deploy.Source.bucket(bucket, 'site.zip')] });
  expect(exempt(stack)).toEqual([expect.stringMatching(/^CustomCDKBucketDeployment\w+ServiceRole/)]);
});

test('a BucketDeployment with a role of its own is exempt by that role', () => {
  const stack = testStack();
  const role = iam.Role.fromRoleArn(stack, 'Deployer', 'arn:aws:iam::111122223333:role/Deployer');
  new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: new SecureBucket(stack, 'Data', { network }), sources: [page()], role });
  expect(exempt(stack)).toEqual(['arn:aws:iam::111122223333:role/Deployer']);
});

test('a bucket known by its literal name is found by that name', () => {
  const stack = testStack();
  new SecureBucket(stack, 'Data', { network, bucketName: 'literal-name' });
  const destinationBucket = s3.Bucket.fromBucketName(stack, 'Imported', 'literal-name');
  new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket, sources: [page()] });
  expect(exempt(stack)).toHaveLength(1);
});

describe('a BucketDeployment in another stack', () => {
  const deployFromAnotherStack = (role?: (stack: Stack) => iam.IRole) => {
    const app = new App();
    const storage = new Stack(app, 'Storage', { env: PRODUCER });
    const destinationBucket = new SecureBucket(storage, 'Data', { network });
    const site = new Stack(app, 'Site', { env: PRODUCER });
    new s3deploy.BucketDeployment(site, 'Deploy', { destinationBucket, sources: [page()], role: role?.(site) });
    return storage;
  };

  test('fails synthesis, and says what to do', () => {
    const errors = synthesisErrors(deployFromAnotherStack());
    expect(errors).toContain("'Storage/Data': the network perimeter would lock out the role of 'Site/Deploy/CustomResource/Default'");
    expect(errors).toContain("give it a role with a physical name ('roleName')");
  });

  test('is exempt if its role has a physical name', () => {
    const storage = deployFromAnotherStack((site) => new iam.Role(site, 'Deployer', { roleName: 'Deployer', path: '/cd/', assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
    expect(exempt(storage)).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/cd/Deployer']] }]);
  });
});

test('a custom resource whose handler is not of this app fails synthesis', () => {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Data', { network });
  new CustomResource(stack, 'Foreign', { resourceType: 'Custom::CDKBucketDeployment', serviceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:foreign', properties: { DestinationBucketName: bucket.bucketName } });
  expect(synthesisErrors(stack)).toContain("'Stack/Data': the network perimeter would lock out the role of 'Stack/Foreign/Default'");
});

test('stages keep to themselves', () => {
  const app = new App();
  const [beta] = ['Beta', 'Prod'].map((id) => {
    const stack = new Stack(new Stage(app, id, { env: PRODUCER }), 'Stack');
    new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: new SecureBucket(stack, 'Data', { network }), sources: [page()] });
    return stack;
  });
  expect(exempt(beta)).toHaveLength(1);
});

test('an app is looked through as often for many buckets as for a few', () => {
  const looksFor = (buckets: number) => {
    const stack = testStack();
    Array.from({ length: buckets }, (_, i) => new SecureBucket(stack, `Data${i}`, { network }));
    const looks = jest.spyOn(stack.node.root.node, 'findAll');
    expect(exempt(stack, 'Data0Policy')).toEqual([]);
    return looks.mock.calls.length;
  };
  expect(looksFor(20)).toBe(looksFor(2));
});

test('what an aspect adds is exempt too, in the second of two stages and in a second synthesis', () => {
  const app = new App();
  const stacks = ['One', 'Two'].map((id) => new Stack(new Stage(app, id), 'Storage'));
  stacks.forEach((stack) => {
    const destinationBucket = new SecureBucket(stack, 'Data', { network });
    Aspects.of(stack).add({ visit: (node) => node === stack && !stack.node.tryFindChild('Deploy') && new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket, sources: [page()] }) });
  });
  const deployer = [expect.stringMatching(/^CustomCDKBucketDeployment\w+ServiceRole/)];
  expect(stacks.map((stack) => exempt(stack))).toEqual([deployer, deployer]);
  const later = new SecureBucket(stacks[1], 'Later', { network });
  new s3deploy.BucketDeployment(stacks[1], 'DeployLater', { destinationBucket: later, sources: [page()] });
  const { Resources } = Stage.of(later)!.synth({ force: true }).getStackArtifact(stacks[1].artifactId).template;
  expect(exemptBy(Resources[stacks[1].getLogicalId(later.policy!.node.defaultChild as s3.CfnBucketPolicy)].Properties.PolicyDocument.Statement)).toEqual(deployer);
});

test('a policy that is rendered before the app is complete keeps nothing from others', () => {
  const stack = testStack();
  const [early, late] = ['Early', 'Late'].map((id) => new SecureBucket(stack, id, { network }));
  stack.resolve(early.policy!.document);
  new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: late, sources: [page()] });
  expect(exempt(stack, 'LatePolicy')).toEqual([expect.stringMatching(/^CustomCDKBucketDeployment\w+ServiceRole/)]);
});
