import { AccessEvaluator } from '../../../src/access/access-evaluator';
import { deploymentOf } from '../../../src/template/deployment-of';

const STACK = { name: 'Stack', account: '111122223333', region: 'eu-west-1' };

function deployed(resources: object, globals?: object) {
  const template = { Transform: 'AWS::Serverless-2016-10-31', Globals: globals, Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } }, ...resources } } as any;
  return deploymentOf([{ ...STACK, template }]);
}

function roleOf(properties: object, globals?: object) {
  return deployed({ Work: { Type: 'AWS::Serverless::Function', Properties: properties } }, globals).resource('Stack', 'WorkRole');
}

/** What the inline policies of the role of a function say: actions and resources. */
function allowed(policies: unknown): unknown[] {
  return roleOf({ Policies: policies })!.property('Policies').flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement).map(({ Action, Resource }: any) => [[Action].flat(), [Resource].flat()]);
}

const READ = ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation', 's3:GetObjectVersion', 's3:GetLifecycleConfiguration'];
const WRITE = ['s3:PutObject', 's3:PutObjectAcl', 's3:PutLifecycleConfiguration'];
const DATA = ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'];
const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' };

describe('a function of SAM', () => {
  test('becomes a function with a role that Lambda may assume', () => {
    const deployment = deployed({ Work: { Type: 'AWS::Serverless::Function', Properties: {} } });
    expect(deployment.resource('Stack', 'Work')!.property('Role')).toBe(deployment.resource('Stack', 'WorkRole')!.reference('Arn'));
    expect(deployment.resource('Stack', 'WorkRole')!.property('AssumeRolePolicyDocument').Statement[0].Principal).toEqual({ Service: ['lambda.amazonaws.com'] });
  });

  test('has the role that it is given, and no other', () => {
    expect(roleOf({ Role: 'arn:aws:iam::111122223333:role/Given', Policies: ['AmazonS3FullAccess'] })).toBeUndefined();
  });

  test('may have a role of SAM where it is given one under a condition only', () => {
    expect(roleOf({ Role: { 'Fn::If': ['HasRole', 'arn:aws:iam::111122223333:role/Given', { Ref: 'AWS::NoValue' }] } })?.type).toBe('AWS::IAM::Role');
  });

  test('is there under the condition of its resource, its role as well', () => {
    const work = { Type: 'AWS::Serverless::Function', Condition: 'Wanted', Properties: {} };
    expect(deployed({ Work: work }).resource('Stack', 'WorkRole')!.definition.Condition).toBe('Wanted');
  });

  test('takes what the globals say, and its own above that', () => {
    const globals = { Function: { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/Everybody', RolePath: '/apps/' } };
    const role = roleOf({ RolePath: '/data/' }, globals)!;
    expect([role.property('PermissionsBoundary'), role.property('Path')]).toEqual(['arn:aws:iam::111122223333:policy/Everybody', '/data/']);
  });

  test.each<[what: string, policies: unknown, expected: unknown[]]>([
    ['one managed policy', 'AmazonS3FullAccess', ['arn:aws:iam::aws:policy/AmazonS3FullAccess']],
    ['one with a path', ['AWSLambdaSQSQueueExecutionRole'], ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole']],
    ['an ARN', ['arn:aws:iam::111122223333:policy/Own'], ['arn:aws:iam::111122223333:policy/Own']],
    ['a reference', [{ Ref: 'Own' }], [expect.stringContaining('Own')]],
    ['a policy template', [{ S3ReadPolicy: { BucketName: 'data' } }], []],
  ])('has managed policies by %s', (_, policies, expected) => {
    expect(roleOf({ Policies: policies })!.property('ManagedPolicyArns')).toEqual(['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', ...expected]);
  });

  test.each<[what: string, policies: unknown, expected: unknown[]]>([
    ['S3ReadPolicy', [{ S3ReadPolicy: { BucketName: { Ref: 'Data' } } }], [[READ, DATA]]],
    ['S3WritePolicy', [{ S3WritePolicy: { BucketName: 'data' } }], [[WRITE, DATA]]],
    ['KMSDecryptPolicy', { KMSDecryptPolicy: { KeyId: 'id' } }, [[['kms:Decrypt'], ['arn:aws:kms:eu-west-1:111122223333:key/id']]]],
    ['a document', { Statement: [STATEMENT] }, [[['s3:GetObject'], ['arn:aws:s3:::data/*']]]],
    ['several', [{ S3WritePolicy: { BucketName: 'data' } }, { Version: '2012-10-17', Statement: STATEMENT }, { SQSPollerPolicy: { QueueName: 'queue' } }], [[WRITE, DATA], [['s3:GetObject'], ['arn:aws:s3:::data/*']]]],
    ['one that is there in any case', [{ 'Fn::If': ['Unknown', { S3WritePolicy: { BucketName: 'data' } }, { S3WritePolicy: { BucketName: 'data' } }] }], [[WRITE, DATA]]],
    ['none', undefined, []],
  ])('may do what its policies say: %s', (_, policies, expected) => expect(allowed(policies)).toEqual(expected));

  test('has a policy that is not known where it sends failures to a destination', () => {
    const [policy] = roleOf({ EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: 'S3Bucket', Destination: { Ref: 'Data' } } } } })!.property('Policies');
    expect(policy.PolicyDocument).toEqual(expect.stringContaining('Work'));
  });

  test('is called by the bucket whose events it takes', () => {
    const Events = { Upload: { Type: 'S3', Properties: { Bucket: { Ref: 'Data' }, Events: ['s3:ObjectCreated:*'] } } };
    const deployment = deployed({ Work: { Type: 'AWS::Serverless::Function', Properties: { Events } } });
    expect(deployment.resource('Stack', 'Data')!.property('NotificationConfiguration').LambdaConfigurations).toHaveLength(1);
    expect(deployment.resource('Stack', 'WorkUploadPermission')!.property('Principal')).toBe('s3.amazonaws.com');
  });
});

test('a state machine of SAM has a role that Step Functions may assume', () => {
  const deployment = deployed({ Flow: { Type: 'AWS::Serverless::StateMachine', Properties: { Policies: [{ S3ReadPolicy: { BucketName: 'data' } }] } } });
  const role = deployment.resource('Stack', 'FlowRole')!;
  expect(role.property('AssumeRolePolicyDocument').Statement[0].Principal).toEqual({ Service: ['states.amazonaws.com'] });
  expect(role.property('Policies')[0].PolicyDocument.Statement[0].Action).toEqual(READ);
});

describe('a connector of SAM', () => {
  const work = { Type: 'AWS::Serverless::Function', Properties: {} };
  const properties = { Destination: { Id: 'Data' }, Permissions: ['Write'] };

  test.each<[what: string, resources: object, policy: string]>([
    ['that is a resource', { Work: work, Link: { Type: 'AWS::Serverless::Connector', Properties: { ...properties, Source: { Id: 'Work' } } } }, 'LinkPolicy'],
    ['in its source', { Work: { ...work, Connectors: { Link: { Properties: properties } } } }, 'WorkLinkPolicy'],
  ])('%s lets the role of its source use the bucket', (_, resources, policy) => {
    const deployment = deployed(resources);
    const made = deployment.resource('Stack', policy)!;
    expect(made.property('Roles')).toEqual([deployment.resource('Stack', 'WorkRole')!.reference('Ref')]);
    expect(made.property('PolicyDocument').Statement[0]).toMatchObject({ Action: expect.arrayContaining(['s3:PutObject']), Resource: DATA });
  });

  test('of other services is nothing to us', () => {
    const deployment = deployed({ Work: { ...work, Connectors: { Link: { Properties: { Destination: { Id: 'Table' }, Permissions: 'Read' } } } }, Table: { Type: 'AWS::DynamoDB::Table' } });
    expect([deployment.ofType('AWS::IAM::ManagedPolicy'), deployment.unseen]).toEqual([[], []]);
  });

  test('whose role is elsewhere is said', () => {
    const given = { ...work, Properties: { Role: 'arn:aws:iam::111122223333:role/Given' } };
    expect(deployed({ Work: { ...given, Connectors: { Link: { Properties: properties } } } }).unseen).toEqual(["Stack: What the connector 'WorkLink' allows on a bucket is not looked at."]);
  });
});

test('what SAM makes of other resources is left aside where it has nothing to do with storage, and said otherwise', () => {
  expect(deployed({ Api: { Type: 'AWS::Serverless::Api' }, Table: { Type: 'AWS::Serverless::SimpleTable' } }).unseen).toEqual([]);
  expect(deployed({ New: { Type: 'AWS::Serverless::Lake' } }).unseen).toEqual(["Stack: What SAM makes of 'New' (AWS::Serverless::Lake) is not looked at."]);
});

describe('a policy template that SAM is not known to have', () => {
  const work = (policies: unknown) => deployed({ Work: { Type: 'AWS::Serverless::Function', Properties: { Policies: policies } } });
  const SAID = "The policy template 'S3WonderPolicy' of 'Work' is none that SAM is known to have; what it allows is not looked at.";
  const ASKED = { principal: 'arn:aws:iam::111122223333:role/Stack-WorkRole', action: 's3:GetObject', resource: 'arn:aws:s3:::data/key' };

  test.each<[what: string, policies: unknown]>([
    ['alone', { S3WonderPolicy: { BucketName: 'data' } }],
    ['in a list', ['AmazonSQSFullAccess', { S3WonderPolicy: {} }]],
    ['under a condition', [{ 'Fn::If': ['Wanted', { S3WonderPolicy: {} }, { Ref: 'AWS::NoValue' }] }]],
  ])('is said: %s', (_, policies) => expect(work(policies).stacks[0].unseen).toEqual([SAID]));

  test('may allow anything', () => {
    const outcome = (policies: unknown) => AccessEvaluator._of(work(policies).stacks.map(({ source }) => source)).decide(ASKED).outcome;
    expect(['S3WonderPolicy', 'DynamoDBReadPolicy', 'S3ReadPolicy'].map((name) => outcome([{ [name]: { BucketName: 'data' } }]))).toEqual(['not-decided', 'denied', 'allowed']);
  });

  test('of another service is known', () => expect(work([{ SQSPollerPolicy: { QueueName: 'queue' } }]).stacks[0].unseen).toEqual([]));
});
