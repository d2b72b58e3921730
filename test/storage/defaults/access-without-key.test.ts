import { App, CfnOutput, CfnResource, Fn, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as serverless from 'aws-cdk-lib/aws-sam';
import * as sso from 'aws-cdk-lib/aws-sso';
import { AccessEvaluator, SecureBucketChecks, SecureBucketDefaults, SharedDatasetAccessPoint } from '../../../src';
import { PRODUCER, warnings } from '../../support/apps';

const NAME = 'amzn-s3-demo-reports';

const PLACE = { stackName: 'Storage', account: PRODUCER.account, region: PRODUCER.region };

function bucketOf(props: s3.BucketProps = { bucketName: NAME }): s3.Bucket {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  return new s3.Bucket(new Stack(app, 'Storage', { env: PRODUCER }), 'Reports', props);
}

function role({ stack }: s3.Bucket, id = 'Reader', props: Partial<iam.RoleProps> = {}): iam.Role {
  return new iam.Role(stack, id, { roleName: id, assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'), ...props });
}

const allow = (props: iam.PolicyStatementProps) => new iam.PolicyStatement(props);
const READ = ['s3:GetObject'];

/** A role with a policy of one statement. */
function reads(bucket: s3.Bucket, ...resources: string[]): iam.Role {
  const reader = role(bucket);
  reader.addToPolicy(allow({ actions: READ, resources }));
  return reader;
}

/** The algorithm that the bucket of a stack encrypts with. */
function algorithm({ stack, node }: s3.Bucket): string {
  const { Properties } = Template.fromStack(stack).findResources('AWS::S3::Bucket')[stack.getLogicalId(node.defaultChild as s3.CfnBucket)];
  return Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm;
}

/** What is decided of a read by the role 'Reader'. */
function reading({ stack }: s3.Bucket): string {
  const evaluator = AccessEvaluator.fromTemplates([{ ...PLACE, template: Template.fromStack(stack).toJSON() }]);
  return evaluator.decide({ principal: `arn:aws:iam::${PLACE.account}:role/Reader`, action: 's3:GetObject', resource: `arn:aws:s3:::${NAME}/2026/a.csv` }).outcome;
}

function saidOf({ node }: s3.Bucket): string[] {
  return node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
}

describe('nobody who reads a bucket today is cut off', () => {
  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['a pattern that names it in part', (bucket) => reads(bucket, 'arn:aws:s3:::amzn-s3-demo-*')],
    ['a pattern of its objects', (bucket) => reads(bucket, 'arn:aws:s3:::amzn-?3-demo-*/2026/*')],
    ['its name, written as text', (bucket) => reads(bucket, `arn:aws:s3:::${NAME}/*`)],
    ['all buckets, in the partition of the stack', (bucket) => reads(bucket, Fn.join('', ['arn:', bucket.stack.partition, ':s3:::*']))],
    ['a text with variables', (bucket) => reads(bucket, Fn.sub('arn:${AWS::Partition}:s3:::amzn-s3-demo-*'))],
    ['all resources', (bucket) => reads(bucket, '*')],
    ['all actions of S3 on all resources', (bucket) => role(bucket).addToPolicy(allow({ actions: ['s3:*'], resources: ['*'] }))],
    ['all actions but some', (bucket) => role(bucket).addToPolicy(allow({ notActions: ['iam:*', 'kms:*'], resources: ['*'] }))],
    ['all buckets but others', (bucket) => role(bucket).addToPolicy(allow({ actions: READ, notResources: ['arn:aws:s3:::other-*'] }))],
    ['a policy that AWS manages', (bucket) => role(bucket).addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3ReadOnlyAccess'))],
    ['a managed policy of the app', (bucket) => role(bucket).addManagedPolicy(new iam.ManagedPolicy(bucket.stack, 'Reads', { statements: [allow({ actions: READ, resources: ['*'] })] }))],
    ['a policy inside the role', (bucket) => role(bucket, 'Reader', { inlinePolicies: { Reads: new iam.PolicyDocument({ statements: [allow({ actions: READ, resources: ['*'] })] }) } })],
    ['an inline policy that is a resource of its own', (bucket) => new iam.CfnRolePolicy(bucket.stack, 'Reads', {
      roleName: role(bucket).roleName, policyName: 'Reads', policyDocument: new iam.PolicyDocument({ statements: [allow({ actions: READ, resources: [bucket.arnForObjects('*')] })] }),
    })],
    ['a policy that gives keys of another Region', (bucket) => reads(bucket, '*').addToPolicy(allow({ actions: ['kms:Decrypt'], resources: ['arn:aws:kms:us-east-1:111122223333:key/*'] }))],
    ['a policy that gives keys through another service', (bucket) => reads(bucket, '*').addToPolicy(allow({
      actions: ['kms:Decrypt'], resources: ['*'], conditions: { StringLike: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com' } },
    }))],
    ['a policy that gives keys for writing only', (bucket) => reads(bucket, '*').addToPolicy(allow({ actions: ['kms:GenerateDataKey'], resources: ['*'] }))],
  ])('%s', (_, use) => {
    const bucket = bucketOf();
    use(bucket);
    expect(algorithm(bucket)).toBe('AES256');
    expect(reading(bucket)).toBe('allowed');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(
      /^'Storage\/Reports': SecureBucketDefaults leaves this bucket on SSE-S3: '.*' gives 'Storage\/Reader' access.*encryptionKey!\.grant\w*Decrypt\(…\)' for 'Storage\/Reader'/,
    )]);
  });

  test.each<[policy: string, expected: 'AES256' | 'aws:kms']>([
    ['service-role/AmazonElasticMapReduceforEC2Role', 'AES256'],
    ['service-role/AmazonElasticMapReduceRole', 'AES256'],
    ['service-role/AmazonEC2RoleforAWSCodeDeploy', 'AES256'],
    ['AWSCodeDeployRoleForECS', 'AES256'],
    ['service-role/AWSIoTRuleActions', 'AES256'],
    ['job-function/DataScientist', 'AES256'],
    ['service-role/AWSGlueServiceRole', 'AES256'], // objects below aws-glue-… of any bucket
    ['AmazonSageMakerFullAccess', 'AES256'], // objects whose key says sagemaker, of any bucket
    ['AWSBackupServiceRolePolicyForS3Backup', 'aws:kms'], // reads everything, with every key
    ['SageMakerStudioUserIAMPermissiveExecutionPolicy', 'aws:kms'],
    ['GameLiftContainerFleetPolicy', 'aws:kms'], // buckets with other names
    ['AmazonSSMManagedInstanceCore', 'aws:kms'],
    ['service-role/AWSConfigRole', 'aws:kms'],
    ['constructor', 'aws:kms'],
  ])('by the policy %s, which AWS manages', (policy, expected) => {
    const bucket = bucketOf();
    role(bucket).addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName(policy));
    expect(algorithm(bucket)).toBe(expected);
    expect(saidOf(bucket)).toEqual(expected === 'aws:kms' ? [] : [expect.stringContaining(`'arn:aws:iam::aws:policy/${policy}' gives 'Storage/Reader' access`)]);
  });

  test('who writes, and may encrypt but not decrypt: multipart uploads need both', () => {
    const bucket = bucketOf();
    const writer = role(bucket);
    writer.addToPolicy(allow({ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::amzn-s3-demo-*'] }));
    writer.addToPolicy(allow({ actions: ['kms:GenerateDataKey'], resources: ['*'] }));
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringContaining("'bucket.encryptionKey!.grantEncryptDecrypt(…)' for 'Storage/Reader'")]);
  });

  test.each<[string, iam.IPrincipal]>([
    ['members of an organization', new iam.OrganizationPrincipal('o-exampleorgid')],
    ['everybody of another account', new iam.StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': '444455556666' } })],
  ])('%s, who get the key by a statement with the same conditions', (_, principal) => {
    const bucket = bucketOf();
    bucket.addToResourcePolicy(allow({ principals: [principal], actions: READ, resources: [bucket.arnForObjects('*')] }));
    expect(algorithm(bucket)).toBe('AES256');
    const expected = /gives '\*' access to its objects.*a statement with the same conditions by 'bucket\.encryptionKey!\.addToResourcePolicy\(…\)', never a grant/;
    expect(saidOf(bucket)).toEqual([expect.stringMatching(expected)]);
  });

  test.each<[string, iam.IPrincipal, string]>([
    ['an account', new iam.AccountPrincipal('444455556666'), "gives the account 444455556666 access.*addToResourcePolicy\\(new PolicyStatement\\({ principals: \\[new AccountPrincipal\\('444455556666'\\)\\], .*kms:ViaService.* for the account 444455556666"],
    ['a role of another account', new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Partner'), "gives 'arn:aws:iam::444455556666:role/Partner' access.*addToResourcePolicy\\(new PolicyStatement\\({ principals: \\[new ArnPrincipal\\('arn:aws:iam::444455556666:role/Partner'\\)\\]"],
    ['a role of its own account', new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Reader'), "bucket.encryptionKey!.grantDecrypt\\(new ArnPrincipal\\('arn:aws:iam::111122223333:role/Reader'\\)\\)'"],
  ])('%s, who is named as in code', (_, principal, expected) => {
    const bucket = bucketOf();
    bucket.addToResourcePolicy(allow({ principals: [principal], actions: READ, resources: [bucket.arnForObjects('*')] }));
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(expected)]);
    expect(saidOf(bucket)).toEqual([expect.not.stringContaining('"Ref"')]);
  });

  test('the statement that is advised for another account gives it the key, and opens the key to nothing else', () => {
    const bucket = bucketOf();
    const principal = new iam.AccountPrincipal('444455556666');
    bucket.addToResourcePolicy(allow({ principals: [principal], actions: READ, resources: [bucket.arnForObjects('*')] }));
    bucket.encryptionKey!.addToResourcePolicy(allow({
      principals: [principal], actions: ['kms:Decrypt'], resources: ['*'], conditions: { StringEquals: { 'kms:ViaService': `s3.${PRODUCER.region}.amazonaws.com` } },
    }));
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(saidOf(bucket)).toEqual([]);
    const { violations } = new SecureBucketChecks(bucket.node.root as App).validateScope(bucket.node.root as App);
    expect(violations.map(({ ruleName }) => ruleName).filter((name) => /KeyPolicy/.test(name))).toEqual([]);
  });

  test.each<[string, (bucket: s3.Bucket) => iam.IGrantable]>([
    ['an account', () => new iam.AccountPrincipal('444455556666')],
    ['a role of another account', () => new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Partner')],
    ['an organization', () => new iam.OrganizationPrincipal('o-exampleorgid')],
  ])('%s by a grant, which says nothing to that account', (_, principal) => {
    const bucket = bucketOf();
    bucket.grantRead(principal(bucket));
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/leaves this bucket on SSE-S3.*addToResourcePolicy/)]);
  });

  test.each<[string, (stack: Stack) => iam.IRole]>([
    ['an imported role that the app must not change', (stack) => iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/Imported', { mutable: false })],
    ['a role whose policies the app must not change', (stack) => role({ stack } as s3.Bucket).withoutPolicyUpdates()],
    ['an imported role of another account', (stack) => iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::444455556666:role/Imported')],
  ])('%s, by a grant, which writes no policy of it', (_, principal) => {
    const bucket = bucketOf();
    bucket.grantRead(principal(bucket.stack));
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/on SSE-S3: 'Storage\/\w+' is granted access to its objects, and its policies are written elsewhere/)]);
  });

  test('an imported role that the app may change is given the key', () => {
    const bucket = bucketOf();
    bucket.grantRead(iam.Role.fromRoleArn(bucket.stack, 'Imported', 'arn:aws:iam::111122223333:role/Imported'));
    expect(algorithm(bucket)).toBe('aws:kms');
  });

  test('but a statement for roles of its own account by their names says nothing of the key', () => {
    const bucket = bucketOf();
    const principal = new iam.StarPrincipal().withConditions({
      ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PRODUCER.account}:role/Reader` }, StringEquals: { 'aws:PrincipalAccount': PRODUCER.account },
    });
    bucket.addToResourcePolicy(allow({ principals: [principal], actions: READ, resources: [bucket.arnForObjects('*')] }));
    expect(algorithm(bucket)).toBe('aws:kms');
  });

  test('one of two roles with the same policy', () => {
    const bucket = bucketOf();
    const both = [role(bucket), role(bucket, 'Other')];
    new iam.Policy(bucket.stack, 'Both', { roles: both, statements: [allow({ actions: READ, resources: ['*'] })] });
    bucket.encryptionKey!.grantDecrypt(both[1]);
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.not.stringContaining('Storage/Other')]);
  });

  test('whoever will have a managed policy that is attached elsewhere', () => {
    const bucket = bucketOf();
    new iam.ManagedPolicy(bucket.stack, 'Reads', { statements: [allow({ actions: READ, resources: ['arn:aws:s3:::amzn-s3-demo-*'] })] });
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringContaining("'Storage/Reads/Resource' lets whoever has it, or has it as a permissions boundary, use its objects and no key. Allow 'kms:Decrypt'")]);
  });

  test('a user and a group', () => {
    const bucket = bucketOf();
    new iam.User(bucket.stack, 'User').addToPolicy(allow({ actions: READ, resources: ['*'] }));
    new iam.Group(bucket.stack, 'Group').addToPolicy(allow({ actions: READ, resources: ['*'] }));
    expect(saidOf(bucket)).toEqual([]); // only once the app is complete
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/'Storage\/User'.*'Storage\/Group'/)]);
  });
});

describe('what is said of somebody is what lets him read with the key, too', () => {
  test.each<[string, (bucket: s3.Bucket, reader: iam.Role) => void]>([
    ['a grant on the key', (bucket, reader) => bucket.encryptionKey!.grantDecrypt(reader)],
    ['the grants of the bucket', (bucket, reader) => bucket.grantRead(reader)],
    ['keys of the account, through S3', (_, reader) => reader.addToPolicy(allow({
      actions: ['kms:Decrypt'], resources: ['arn:aws:kms:eu-west-1:111122223333:key/*'], conditions: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
    }))],
    ['all that power users may', (_, reader) => reader.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'))],
    ['all that administrators may', (_, reader) => reader.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'))],
  ])('%s', (_, give) => {
    const bucket = bucketOf();
    give(bucket, reads(bucket, 'arn:aws:s3:::amzn-s3-demo-*'));
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(warnings(bucket)).toEqual([]);
    expect(reading(bucket)).toBe('allowed');
  });
});

describe('who does not use the objects of the bucket does not take its key', () => {
  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['a pattern of other buckets', (bucket) => reads(bucket, 'arn:aws:s3:::other-*', 'arn:aws:s3:::other/*')],
    ['a bucket by parameter', (bucket) => reads(bucket, Fn.join('', ['arn:aws:s3:::', Fn.ref('Parameter'), '/*']))],
    ['the bucket, not its objects', (bucket) => reads(bucket, `arn:aws:s3:::${NAME}`, bucket.bucketArn)],
    ['listing all buckets', (bucket) => role(bucket).addToPolicy(allow({ actions: ['s3:List*', 's3:GetBucketLocation'], resources: ['*'] }))],
    ['all buckets but this one', (bucket) => role(bucket).addToPolicy(allow({ actions: READ, notResources: ['arn:aws:s3:::amzn-s3-demo-*'] }))],
    ['all actions but those of S3', (bucket) => role(bucket).addToPolicy(allow({ notActions: ['s3:*'], resources: ['*'] }))],
    ['logs of a function', (bucket) => role(bucket).addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole'))],
  ])('%s', (_, use) => {
    const bucket = bucketOf();
    use(bucket);
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(warnings(bucket)).toEqual([]);
  });
});

describe('a bucket whose name AWS draws', () => {
  test.each<[string, string, string]>([
    ['is meant by a pattern that begins like its stack', 'arn:aws:s3:::storage-*', 'AES256'],
    ['is meant by the name that it got', 'arn:aws:s3:::storage-reports65402a0a-1ab2cd3ef4gh/*', 'AES256'],
    ['is not meant by a pattern that begins otherwise', 'arn:aws:s3:::reports-*', 'aws:kms'],
    ['is not meant by another name', 'arn:aws:s3:::vendor-data/*', 'aws:kms'],
  ])('%s', (_, resource, expected) => {
    const bucket = bucketOf({});
    reads(bucket, resource);
    expect(bucket.stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket)).toMatch(/^Reports65402/);
    expect(algorithm(bucket)).toBe(expected);
  });
});

describe('an origin access identity', () => {
  const identity = ({ stack }: s3.Bucket) => new cloudfront.OriginAccessIdentity(stack, 'Identity');

  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['by a grant', (bucket) => bucket.grantRead(identity(bucket))],
    ['by a grant, beside somebody to whom the key was granted', (bucket) => {
      bucket.grantRead(role(bucket));
      bucket.grantRead(identity(bucket));
    }],
    ['that is there already', (bucket) => bucket.grantRead(cloudfront.OriginAccessIdentity.fromOriginAccessIdentityId(bucket.stack, 'Existing', 'E127EXAMPLE51Z'))],
  ])('%s, reads nothing that KMS encrypts, and no key names it', (_, use) => {
    const bucket = bucketOf();
    use(bucket);
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/leaves this bucket on SSE-S3.*withOriginAccessControl/)]);
    expect(JSON.stringify(Template.fromStack(bucket.stack).findResources('AWS::KMS::Key'))).not.toMatch(/CanonicalUser|cloudfront:user/);
  });
});

describe('nobody is cut off by a resource that the constructs of the CDK do not stand for, or that is no policy of IAM', () => {
  const document = (resource: unknown, actions: string | string[] = READ) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] });
  const byName = document(`arn:aws:s3:::${NAME}/*`);
  const raw = ({ stack }: s3.Bucket, type: string, properties: object) => new CfnResource(stack, 'Raw', { type: `AWS::IAM::${type}`, properties });
  const sam = ({ stack }: s3.Bucket, policies: any, props: Partial<serverless.CfnFunctionProps> = {}) => new serverless.CfnFunction(stack, 'Raw', { policies, ...props });
  const rawSam = ({ stack }: s3.Bucket, type: string, policies: unknown) => new CfnResource(stack, 'Raw', { type: `AWS::Serverless::${type}`, properties: { Policies: policies } });
  const inline = { Policies: [{ PolicyName: 'Reads', PolicyDocument: byName }] };
  const accessPoint = ({ stack, bucketName }: s3.Bucket, props: Partial<s3.CfnAccessPointProps> = {}) => new s3.CfnAccessPoint(stack, 'Raw', { bucket: bucketName, name: 'reports', ...props });
  const registered = ({ stack, bucketArn }: s3.Bucket, properties: object) => new CfnResource(stack, 'Location', { type: 'AWS::LakeFormation::Resource', properties: { ResourceArn: bucketArn, ...properties } });
  const connected = (bucket: s3.Bucket, permission: string) => rawSam(bucket, 'Function', []).addOverride('Connectors', {
    Reports: { Properties: { Destination: [{ Id: bucket.stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket) }], Permissions: [permission] } },
  });
  const LAKE = 'arn:aws:iam::111122223333:role/service/Lake';
  const letsRead = (principal: string) => ({ Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports/object/*' }] });

  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['a raw role', (bucket) => raw(bucket, 'Role', { AssumeRolePolicyDocument: {}, ...inline })],
    ['a raw role, by a pattern', (bucket) => raw(bucket, 'Role', { AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: 'Reads', PolicyDocument: document('arn:aws:s3:::amzn-s3-demo-*/*') }] })],
    ['a raw role with a policy that AWS manages', (bucket) => raw(bucket, 'Role', { AssumeRolePolicyDocument: {}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] })],
    ['a raw user', (bucket) => raw(bucket, 'User', inline)],
    ['a raw group', (bucket) => raw(bucket, 'Group', inline)],
    ['a raw policy', (bucket) => raw(bucket, 'Policy', { PolicyName: 'Reads', Roles: ['Reader'], PolicyDocument: byName })],
    ['a raw managed policy', (bucket) => raw(bucket, 'ManagedPolicy', { PolicyDocument: byName })],
    ['a raw policy of a role', (bucket) => raw(bucket, 'RolePolicy', { PolicyName: 'Reads', RoleName: 'Reader', PolicyDocument: byName })],
    ['a raw policy of a user', (bucket) => raw(bucket, 'UserPolicy', { PolicyName: 'Reads', UserName: 'Reader', PolicyDocument: byName })],
    ['a raw policy of a group', (bucket) => raw(bucket, 'GroupPolicy', { PolicyName: 'Reads', GroupName: 'Reader', PolicyDocument: byName })],
    ['the policy template S3ReadPolicy', (bucket) => sam(bucket, [{ s3ReadPolicy: { bucketName: NAME } }])],
    ['the same by a reference', (bucket) => sam(bucket, [{ s3ReadPolicy: { bucketName: bucket.bucketName } }])],
    ['S3WritePolicy', (bucket) => sam(bucket, [{ s3WritePolicy: { bucketName: NAME } }])],
    ['S3CrudPolicy', (bucket) => sam(bucket, [{ s3CrudPolicy: { bucketName: NAME } }])],
    ['S3FullAccessPolicy', (bucket) => rawSam(bucket, 'Function', [{ S3FullAccessPolicy: { BucketName: NAME } }])],
    ['a document of a serverless function', (bucket) => sam(bucket, [{ statement: byName.Statement }])],
    ['a document of a raw serverless function', (bucket) => rawSam(bucket, 'Function', byName)],
    ['a managed policy of a serverless function, by its name', (bucket) => sam(bucket, 'AmazonS3ReadOnlyAccess')],
    ['a policy of a serverless function on a condition', (bucket) => sam(bucket, [{ 'Fn::If': ['Cond', { S3ReadPolicy: { BucketName: NAME } }, { Ref: 'AWS::NoValue' }] }])],
    ['a policy template of a serverless state machine', (bucket) => rawSam(bucket, 'StateMachine', [{ S3ReadPolicy: { BucketName: NAME } }])],
    ['a connector', (bucket) => new CfnResource(bucket.stack, 'Connector', {
      type: 'AWS::Serverless::Connector',
      properties: { Source: { Id: sam(bucket, []).logicalId }, Destination: { Id: (bucket.node.defaultChild as s3.CfnBucket).logicalId }, Permissions: ['Read'] },
    })],
    ['a connector in its source', (bucket) => connected(bucket, 'Read')],
    ['a connector in its source that writes', (bucket) => connected(bucket, 'Write')],
    ['a permission set', ({ stack }) => new sso.CfnPermissionSet(stack, 'Raw', { instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890123456', name: 'Readers', inlinePolicy: byName })],
    ['a raw permission set whose policy is text', ({ stack }) => new CfnResource(stack, 'Raw', { type: 'AWS::SSO::PermissionSet', properties: { Name: 'Readers', InlinePolicy: JSON.stringify(byName) } })],
    ['a permission set with a policy that AWS manages', ({ stack }) => new sso.CfnPermissionSet(stack, 'Raw', {
      instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890123456', name: 'Readers', managedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
    })],
    ['the policy of an access point', (bucket) => accessPoint(bucket, { policy: letsRead('arn:aws:iam::111122223333:role/Reader') })],
    ['the policy of an access point by the name of the bucket', (bucket) => accessPoint(bucket, { bucket: NAME, policy: letsRead('arn:aws:iam::444455556666:root') })],
    ['the policy of a role on an access point', (bucket) => reads(bucket, `${accessPoint(bucket).attrArn}/object/*`)],
    ['the policy of a role on an access point by its name', (bucket) => {
      accessPoint(bucket);
      reads(bucket, 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports/object/*');
    }],
    ...[
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/*', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/rep*/object/*', 'arn:aws:s3:*:111122223333:accesspoint/report?/object/2026/*',
      'arn:aws:s3:*:*:accesspoint/*/object/*',
    ].map((pattern): [string, (bucket: s3.Bucket) => void] => [`access points by a pattern, ${pattern}`, (bucket) => {
      accessPoint(bucket);
      reads(bucket, pattern);
    }]),
    ['access points by a pattern, in the Region of the stack', (bucket) => {
      accessPoint(bucket);
      reads(bucket, 'arn:aws:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/rep*'.replace(/\$\{(AWS::\w+)\}/g, (_, name) => Fn.ref(name)));
    }],
    ['access points by a pattern that may mean one without a name', (bucket) => {
      accessPoint(bucket, { name: undefined });
      reads(bucket, 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports-*');
    }],
    ['all but the objects of the bucket, through an access point', (bucket) => {
      accessPoint(bucket);
      role(bucket).addToPolicy(allow({ actions: READ, notResources: ['arn:aws:s3:::*'] }));
    }],
    ['a location that Lake Formation reads by its own role', (bucket) => registered(bucket, { UseServiceLinkedRole: true })],
    ['a location that Lake Formation reads by a role that was made elsewhere', (bucket) => registered(bucket, { ResourceArn: `arn:aws:s3:::${NAME}/2026`, RoleArn: LAKE })],
    ['a raw bucket policy', ({ stack }) => new CfnResource(stack, 'Raw', {
      type: 'AWS::S3::BucketPolicy', properties: { Bucket: NAME, PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${NAME}/*` }] } },
    })],
  ])('%s', (_, use) => {
    const bucket = bucketOf();
    use(bucket);
    expect(algorithm(bucket)).toBe('AES256');
    const expected = /SecureBucketDefaults leaves this bucket on SSE-S3: '.*' (gives .* access to its objects and not to a key|lets whoever has it, .*use its objects and no key)/;
    expect(saidOf(bucket).join()).toMatch(expected);
  });

  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['a raw role that reads another bucket', (bucket) => raw(bucket, 'Role', { AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: 'Reads', PolicyDocument: document('arn:aws:s3:::other/*') }] })],
    ['a policy template for another bucket', (bucket) => sam(bucket, [{ s3ReadPolicy: { bucketName: 'other' } }])],
    ['a policy template that SAM ignores beside a role', (bucket) => sam(bucket, [{ s3ReadPolicy: { bucketName: NAME } }], { role: 'arn:aws:iam::111122223333:role/Function' })],
    ['a policy template beside a document that gives the key', (bucket) => sam(bucket, [{ s3ReadPolicy: { bucketName: NAME } }, { statement: document(bucket.encryptionKey!.keyArn, 'kms:Decrypt').Statement }])],
    ['a location whose role has a grant', (bucket) => {
      const lake = role(bucket);
      bucket.grantReadWrite(lake);
      registered(bucket, { RoleArn: lake.roleArn });
    }],
    ['a location whose role was made elsewhere and has a grant', (bucket) => {
      bucket.grantReadWrite(iam.Role.fromRoleArn(bucket.stack, 'Lake', LAKE));
      registered(bucket, { RoleArn: LAKE });
    }],
    ['a location in another bucket', (bucket) => registered(bucket, { ResourceArn: 'arn:aws:s3:::other', RoleArn: LAKE })],
    ['an access point without a policy', accessPoint],
    ...['arn:aws:s3:eu-west-1:111122223333:accesspoint/other-*', 'arn:aws:s3:eu-west-1:444455556666:accesspoint/*', 'arn:aws:s3:us-east-1:111122223333:accesspoint/*'].map(
      (pattern): [string, (bucket: s3.Bucket) => void] => [`other access points by a pattern, ${pattern}`, (bucket) => {
        accessPoint(bucket);
        reads(bucket, pattern);
      }]),
    ['access points by a pattern, where it has none', (bucket) => { reads(bucket, 'arn:aws:s3:eu-west-1:111122223333:accesspoint/*'); }],
    ['a connector in a source that has its own role with a grant', (bucket) => {
      const runner = role(bucket);
      bucket.grantReadWrite(runner);
      const source = new CfnResource(bucket.stack, 'Raw', { type: 'AWS::Serverless::Function', properties: { Role: runner.roleArn } });
      source.addOverride('Connectors', { Reports: { Properties: { Destination: { Id: bucket.stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket) }, Permissions: ['Read'] } } });
    }],
    ['an access point that lets in whom its account says', (bucket) => accessPoint(bucket, { policy: letsRead('arn:aws:iam::111122223333:root') })],
    ['an access point of another bucket', (bucket) => accessPoint(bucket, { bucket: 'other', policy: letsRead('arn:aws:iam::444455556666:root') })],
    ['an access point that is shared', (bucket) => {
      const shared = new SharedDatasetAccessPoint(bucket.stack, 'Shared', { bucket });
      shared.grantRead(role(bucket));
    }],
  ])('but %s does not take the key', (_, use) => {
    const bucket = bucketOf();
    use(bucket);
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(saidOf(bucket)).toEqual([]);
  });
});

describe('a bucket whose own policy speaks of encryption', () => {
  const HEADER = 's3:x-amz-server-side-encryption';
  const KEY = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  const denyUploads = (bucket: s3.Bucket, conditions: Record<string, any>, actions = ['s3:PutObject']) => bucket.addToResourcePolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions, resources: [bucket.arnForObjects('*')], conditions,
  }));

  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['uploads have to ask for SSE-S3', (bucket) => denyUploads(bucket, { StringNotEquals: { [HEADER]: 'AES256' } })],
    ['uploads that ask for anything ask for SSE-S3', (bucket) => denyUploads(bucket, { StringNotEqualsIfExists: { [HEADER]: 'AES256' } }, ['s3:Put*'])],
    ['uploads must not ask for KMS', (bucket) => denyUploads(bucket, { StringLike: { 's3:X-Amz-Server-Side-Encryption': 'aws:kms*' } })],
    ['uploads name a key of somebody else', (bucket) => denyUploads(bucket, { StringNotEqualsIfExists: { [KEY]: 'arn:aws:kms:eu-west-1:111122223333:key/1' } })],
    ['in a policy of its own', (bucket) => new s3.CfnBucketPolicy(bucket.stack, 'Raw', {
      bucket: bucket.bucketName,
      policyDocument: { Statement: { Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', Resource: `${bucket.bucketArn}/*`, Condition: { StringNotEquals: { [HEADER]: ['AES256'] } } } },
    })],
  ])('is left on SSE-S3 where %s', (_, demand) => {
    const bucket = bucketOf();
    demand(bucket);
    expect(algorithm(bucket)).toBe('AES256');
    const expected = /leaves this bucket on SSE-S3: its policy 'Storage\/.*' denies uploads that ask for another encryption than it names/;
    expect(saidOf(bucket)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['uploads have to ask for KMS', (bucket) => denyUploads(bucket, { StringNotEquals: { [HEADER]: 'aws:kms' } })],
    ['uploads have to ask for something', (bucket) => denyUploads(bucket, { Null: { [HEADER]: 'true' } })],
    ['uploads have to name its key', (bucket) => denyUploads(bucket, { StringNotEquals: { [KEY]: bucket.encryptionKey!.keyArn } })],
    ['reads are about it', (bucket) => denyUploads(bucket, { StringNotEquals: { [HEADER]: 'AES256' } }, ['s3:GetObject'])],
    ['callers do not bring keys', (bucket) => denyUploads(bucket, { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } })],
  ])('has its key where %s', (_, demand) => {
    const bucket = bucketOf();
    demand(bucket);
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(saidOf(bucket)).toEqual([]);
  });
});

describe('a policy of a session, which limits what its role may do', () => {
  const session = (actions: string[], resource: (bucket: s3.Bucket) => string) => (bucket: s3.Bucket) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource(bucket) }] });
  const objects = ({ bucketArn }: s3.Bucket) => `${bucketArn}/*`;
  const CARRIERS: [string, string][] = [['AWS::Transfer::User', 'Policy'], ['AWS::EKS::PodIdentityAssociation', 'Policy'], ['AWS::RolesAnywhere::Profile', 'SessionPolicy']];

  function algorithmBeside(type: string, property: string, policyOf: (bucket: s3.Bucket) => object): string {
    const bucket = bucketOf();
    bucket.grantReadWrite(role(bucket));
    new CfnResource(bucket.stack, 'Session', { type, properties: { [property]: bucket.stack.toJsonString(policyOf(bucket)) } });
    return algorithm(bucket);
  }

  test.each(CARRIERS)('%s without the key keeps the bucket on SSE-S3', (type, property) => {
    expect(algorithmBeside(type, property, session(['s3:GetObject', 's3:PutObject'], objects))).toBe('AES256');
    expect(algorithmBeside(type, property, session(['s3:GetObject'], () => `arn:aws:s3:::${NAME}/*`))).toBe('AES256');
  });

  test('with a variable for the bucket, too', () => expect(algorithmBeside(...CARRIERS[0], session(['s3:GetObject'], () => 'arn:aws:s3:::${transfer:HomeBucket}/*'))).toBe('AES256'));

  test.each(CARRIERS)('%s that lets use every key, or about another bucket, does not', (type, property) => {
    expect(algorithmBeside(type, property, session(['s3:GetObject', 'kms:*'], () => '*'))).toBe('aws:kms');
    expect(algorithmBeside(type, property, session(['s3:GetObject'], () => 'arn:aws:s3:::another-bucket/*'))).toBe('aws:kms');
  });
});

describe('a permissions boundary', () => {
  const bounded = (...actions: string[]) => {
    const bucket = bucketOf();
    const reader = role(bucket, 'Reader');
    bucket.grantRead(reader);
    iam.PermissionsBoundary.of(reader).apply(new iam.ManagedPolicy(bucket.stack, 'Boundary', { statements: [allow({ actions, resources: ['*'] })] }));
    return bucket;
  };

  test('that lets nobody use keys is named as what it is', () => {
    const bucket = bounded('s3:*', 'logs:*');
    expect(algorithm(bucket)).toBe('AES256');
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/'Storage\/Boundary\/Resource' lets whoever has it, or has it as a permissions boundary, use its objects/)]);
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/and no key\. Allow 'kms:Decrypt', .* in that policy, or pass 'encryption'/)]);
  });

  test('that lets them use keys is no obstacle', () => {
    const bucket = bounded('s3:*', 'kms:*');
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(saidOf(bucket)).toEqual([]);
  });
});

describe('the key of a bucket that is left on SSE-S3', () => {
  const keys = ({ stack }: s3.Bucket) => Template.fromStack(stack).findResources('AWS::KMS::Key');

  test('goes, with what grants say of it', () => {
    const bucket = bucketOf();
    bucket.grantRead(role(bucket, 'Granted'));
    reads(bucket, '*');
    expect(algorithm(bucket)).toBe('AES256');
    expect(keys(bucket)).toEqual({});
    expect(JSON.stringify(Template.fromStack(bucket.stack).toJSON())).not.toContain('kms:');
    expect(reading(bucket)).toBe('allowed');
  });

  test('stays where somebody else refers to it', () => {
    const bucket = bucketOf();
    new CfnOutput(bucket.stack, 'KeyArn', { value: bucket.encryptionKey!.keyArn });
    reads(bucket, '*');
    expect(algorithm(bucket)).toBe('AES256');
    expect(Object.keys(keys(bucket))).toHaveLength(1);
  });
});
