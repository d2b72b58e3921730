import { App, Aws, CfnParameter, CfnResource, CustomResource, Fn, Lazy, Stack, Tags } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as datasync from 'aws-cdk-lib/aws-datasync';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as transfer from 'aws-cdk-lib/aws-transfer';
import * as customResources from 'aws-cdk-lib/custom-resources';
import { SecureBucket } from '../../../src';
import { PRODUCER, policyStatements, testStack, warnings } from '../../support/apps';
import { guarantees } from '../../support/proofs';

const network = { vpcEndpointIds: ['vpce-0abc123def4567890'] };

/** The logical ids of exempt roles, or their ARNs, beside the execution role and the service-linked roles. */
function exempt(stack: Stack): string[] {
  const { Condition } = policyStatements(stack, 'DataPolicy').find(({ Sid }) => Sid === 'DenyOutsideVpce');
  const [, , ...roles] = Condition.ArnNotLike['aws:PrincipalArn'];
  return roles.map((role: any) => role['Fn::GetAtt']?.[0] ?? role);
}

/** A stack with a bucket behind a network perimeter, and what somebody builds around it. */
function around(build: (stack: Stack, bucket: SecureBucket) => unknown): Stack {
  const stack = testStack();
  build(stack, new SecureBucket(stack, 'Data', { network, bucketName: 'amzn-s3-demo-bucket' }));
  return stack;
}

function roleFor(stack: Stack, service: string): iam.Role {
  return new iam.Role(stack, 'Worker', { assumedBy: new iam.ServicePrincipal(service) });
}

function inlineFunction(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};') });
}

describe('a role of a service passes', () => {
  test.each<[string, (stack: Stack, bucket: SecureBucket) => unknown]>([
    ['Firehose', (stack, bucket) => bucket.grantWrite(roleFor(stack, 'firehose.amazonaws.com'))],
    ['CodePipeline', (stack, bucket) => bucket.grantReadWrite(roleFor(stack, 'codepipeline.amazonaws.com'))],
    ['Backup', (stack, bucket) => bucket.grantRead(roleFor(stack, 'backup.amazonaws.com'))],
    ['DataSync', (stack, bucket) => bucket.grantReadWrite(roleFor(stack, 'datasync.amazonaws.com'))],
    ['Transfer Family', (stack, bucket) => bucket.grantReadWrite(roleFor(stack, 'transfer.amazonaws.com'))],
    ['Glue', (stack, bucket) => bucket.grantRead(roleFor(stack, 'glue.amazonaws.com'))],
    ['AWS Config', (stack, bucket) => bucket.grantReadWrite(roleFor(stack, 'config.amazonaws.com'))],
    ['S3 Batch Operations', (stack, bucket) => bucket.grantReadWrite(roleFor(stack, 'batchoperations.s3.amazonaws.com'))],
    ['CloudWatch Logs scheduled queries', (stack, bucket) => bucket.grantPut(roleFor(stack, 'logs.amazonaws.com'))],
    ['GuardDuty malware protection', (stack, bucket) => bucket.grantRead(roleFor(stack, 'malware-protection-plan.guardduty.amazonaws.com'))],
    ['a service beside others', (stack, bucket) => bucket.grantRead(new iam.Role(stack, 'Worker', { assumedBy: new iam.CompositePrincipal(new iam.ServicePrincipal('lambda.amazonaws.com'), new iam.ServicePrincipal('glue.amazonaws.com')) }))],
    ['Glue, by a managed policy', (stack, bucket) => roleFor(stack, 'glue.amazonaws.com').addManagedPolicy(new iam.ManagedPolicy(stack, 'Read', { statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] })] }))],
    ['Glue, by an inline policy with the name of the bucket', (stack) => new iam.CfnRole(stack, 'Worker', {
      assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
      policies: [{ policyName: 'Read', policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' }] } }],
    })],
  ])('of %s, if its policies name the bucket', (_, build) => {
    expect(exempt(around(build))).toEqual([expect.stringMatching(/^Worker/)]);
  });

  const roleArn = 'arn:aws:iam::111122223333:role/Elsewhere';
  test.each<[string, (stack: Stack, bucket: SecureBucket) => unknown]>([
    ['delivery stream', (stack, { bucketArn }) => new firehose.CfnDeliveryStream(stack, 'User', { extendedS3DestinationConfiguration: { bucketArn, roleArn } })],
    ['backup selection', (stack, { bucketArn }) => new backup.CfnBackupSelection(stack, 'User', { backupPlanId: 'plan', backupSelection: { iamRoleArn: roleArn, selectionName: 'all', resources: [bucketArn] } })],
    ['DataSync location', (stack, { bucketArn }) => new datasync.CfnLocationS3(stack, 'User', { s3BucketArn: bucketArn, s3Config: { bucketAccessRoleArn: roleArn } })],
    ['Transfer user', (stack, { bucketName }) => new transfer.CfnUser(stack, 'User', { serverId: 's', userName: 'u', role: roleArn, homeDirectory: `/${bucketName}/home` })],
    ['Glue crawler', (stack) => new glue.CfnCrawler(stack, 'User', { role: roleArn, targets: { s3Targets: [{ path: 's3://amzn-s3-demo-bucket/tables' }] } })],
    ['malware protection plan', (stack, { bucketName }) => new guardduty.CfnMalwareProtectionPlan(stack, 'User', { role: roleArn, protectedResource: { s3Bucket: { bucketName } } })],
    ['pipeline that is a plain resource', (stack, { bucketName }) => new CfnResource(stack, 'User', { type: 'AWS::CodePipeline::Pipeline', properties: { RoleArn: roleArn, ArtifactStore: { Type: 'S3', Location: bucketName } } })],
  ])('if a %s names it and the bucket', (_, build) => {
    expect(exempt(around(build))).toEqual([roleArn]);
  });

  test('if a job names it by name: it has one path, which is not known', () => {
    const named = (role: string) => exempt(around((stack, { bucketName }) => new glue.CfnJob(stack, 'User', { role, command: {}, defaultArguments: { '--bucket': bucketName } })));
    expect(JSON.stringify(named('Tables'))).toMatch(/:iam::111122223333:role\/Tables".*:iam::111122223333:role\/\*\/Tables"/);
  });

  test('if a job names a role of the app by its name', () => {
    const stack = around((scope, { bucketName }) => new glue.CfnJob(scope, 'User', {
      role: new iam.Role(scope, 'Worker', { assumedBy: new iam.AccountRootPrincipal() }).roleName, command: {}, defaultArguments: { '--bucket': bucketName },
    }));
    expect(exempt(stack)).toEqual([expect.stringMatching(/^Worker/)]);
  });

  test.each(['*', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/Tab?es'])('not if what is named is no role: %s', (role) => {
    const stack = around((scope, { bucketName }) => new glue.CfnJob(scope, 'User', { role, command: {}, defaultArguments: { '--bucket': bucketName } }));
    expect(exempt(stack)).toEqual([]);
    expect(warnings(stack.node.findChild('Data'))).toEqual(['cdk-secure-bucket:networkPerimeterMayLockOut']);
  });

  test('not if what is named is a parameter, that may be a name', () => {
    const stack = around((scope, { bucketName }) => new glue.CfnJob(scope, 'User', {
      role: new CfnParameter(scope, 'Role').valueAsString, command: {}, defaultArguments: { '--bucket': bucketName },
    }));
    expect(exempt(stack)).toEqual([]);
    expect(warnings(stack.node.findChild('Data'))).toEqual(['cdk-secure-bucket:networkPerimeterMayLockOut']);
  });

  describe('of Backup, if a selection takes the bucket in', () => {
    const selected = (selection: Partial<backup.CfnBackupSelection.BackupSelectionResourceTypeProperty>, tags: Record<string, string> = {}) => exempt(around((stack, bucket) => {
      Object.entries(tags).forEach(([key, value]) => Tags.of(bucket).add(key, value));
      new backup.CfnBackupSelection(stack, 'User', { backupPlanId: 'plan', backupSelection: { iamRoleArn: roleArn, selectionName: 'some', ...selection } });
    }));
    const tag = { conditionType: 'STRINGEQUALS', conditionKey: 'backup', conditionValue: 'daily' };

    test.each<[string, Partial<backup.CfnBackupSelection.BackupSelectionResourceTypeProperty>, Record<string, string>]>([
      ['by its tag', { listOfTags: [tag] }, { backup: 'daily' }],
      ['by everything', { resources: ['*'] }, {}],
      ['by all buckets', { resources: ['arn:aws:s3:::*'] }, {}],
      ['by all buckets of the partition', { resources: [Fn.join('', ['arn:', Aws.PARTITION, ':s3:::*'])] }, {}],
      ['by a pattern', { resources: ['arn:aws:s3:::amzn-s3-demo-*'] }, {}],
      ['by conditions alone', { conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'daily' }] } }, {}],
    ])('%s', (_, selection, tags) => {
      expect(selected(selection, tags)).toEqual([roleArn]);
    });

    test.each<[string, Partial<backup.CfnBackupSelection.BackupSelectionResourceTypeProperty>, Record<string, string>]>([
      ['tags of others', { listOfTags: [tag] }, { backup: 'weekly' }],
      ['patterns for others', { resources: ['arn:aws:s3:::other-*', 'arn:aws:dynamodb:*:*:table/*', 'arn:aws:s3:::amzn-s3-demo-bucket-two'] }, {}],
    ])('not by %s', (_, selection, tags) => {
      expect(selected(selection, tags)).toEqual([]);
    });
  });

  describe('and a warning says that others than the service may take it on', () => {
    const shared = (scope: Stack, other: iam.IPrincipal, service = 'glue') =>
      new iam.Role(scope, 'Worker', { assumedBy: new iam.CompositePrincipal(new iam.ServicePrincipal(`${service}.amazonaws.com`), other) });
    const job = (scope: Stack, bucketName: string, role: iam.IRole) => new glue.CfnJob(scope, 'User', { role: role.roleArn, command: {}, defaultArguments: { '--bucket': bucketName } });
    const handler = (scope: Stack, bucketName: string, other?: iam.IPrincipal) => {
      const role = other ? shared(scope, other, 'lambda') : undefined;
      const code = lambda.Code.fromInline('exports.handler = () => {};');
      const { functionArn } = new lambda.Function(scope, 'Handler', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code, role });
      return new CustomResource(scope, 'Fill', { serviceToken: functionArn, properties: { bucketName } });
    };

    test.each<[string, (stack: Stack, bucket: SecureBucket) => unknown]>([
      ['another account', (stack, bucket) => bucket.grantRead(shared(stack, new iam.AccountPrincipal('999988887777')))],
      ['instances', (stack, bucket) => bucket.grantRead(shared(stack, new iam.ServicePrincipal('ec2.amazonaws.com')))],
      ['functions, of the role of a job', (stack, { bucketName }) => job(stack, bucketName, shared(stack, new iam.ServicePrincipal('lambda.amazonaws.com')))],
      ['people, of the role of a custom resource', (stack, { bucketName }) => handler(stack, bucketName, new iam.AccountRootPrincipal())],
    ])('%s', (_, build) => {
      const stack = around(build);
      expect(exempt(stack)).toEqual([expect.stringMatching(/^Worker/)]);
      expect(warnings(stack.node.findChild('Data'))).toEqual(['cdk-secure-bucket:wideNetworkExemption']);
    });

    test.each<[string, (stack: Stack, bucket: SecureBucket) => unknown]>([
      ['two services of AWS', (stack, bucket) => bucket.grantRead(shared(stack, new iam.ServicePrincipal('datasync.amazonaws.com')))],
      ['a custom resource, whose function has a role of its own', (stack, { bucketName }) => handler(stack, bucketName)],
    ])('not of %s', (_, build) => {
      const stack = around(build);
      expect(exempt(stack)).toHaveLength(1);
      expect(warnings(stack.node.findChild('Data'))).toEqual([]);
    });
  });

  describe('that no perimeter knows is stopped, with a warning', () => {
    test.each(['states', 'apigateway', 'iot', 'rds', 'appconfig', 'dms', 'lakeformation', 'ses', 'bedrock', 'scheduler'])('%s', (service) => {
      const stack = around((scope, bucket) => bucket.grantRead(roleFor(scope, `${service}.amazonaws.com`)));
      expect(exempt(stack)).toEqual([]);
      expect(warnings(stack.node.findChild('Data'))).toEqual(['cdk-secure-bucket:networkPerimeterMayLockOut']);
    });

    test.each<[string, string | undefined]>([['by reference', undefined], ['by name', 'Worker']])('until it is exempt, %s', (_, roleName) => {
      const stack = around((scope, bucket) => {
        const role = new iam.Role(scope, 'Worker', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com'), roleName });
        bucket.grantRead(role);
        bucket.exemptFromNetworkPerimeter(role, 'the state machine reads from networks of AWS');
      });
      expect(exempt(stack)).toHaveLength(1);
      expect(warnings(stack.node.findChild('Data'))).toEqual([]);
    });

    test('but not functions, containers and instances, which the account places', () => {
      const stack = around((scope, bucket) => ['lambda', 'ec2', 'ecs-tasks'].forEach((service) => bucket.grantRead(
        new iam.Role(scope, service, { assumedBy: new iam.ServicePrincipal(`${service}.amazonaws.com`) }),
      )));
      expect(warnings(stack.node.findChild('Data'))).toEqual([]);
    });
  });

  test('not if nothing names the bucket', () => {
    expect(exempt(around((stack) => {
      roleFor(stack, 'glue.amazonaws.com').addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::amzn-s3-demo-bucket-logs/*'] }));
      new guardduty.CfnMalwareProtectionPlan(stack, 'User', { role: roleArn, protectedResource: { s3Bucket: { bucketName: 'amzn-s3-demo-other' } } });
    }))).toEqual([]);
  });

  test('not if people or functions take it on', () => {
    expect(exempt(around((stack, bucket) => {
      bucket.grantRead(new iam.Role(stack, 'People', { assumedBy: new iam.AccountRootPrincipal() }));
      bucket.grantRead(inlineFunction(stack, 'Work'));
    }))).toEqual([]);
  });
});

describe('a custom resource passes', () => {
  test('that is an AwsCustomResource with a call for the bucket', () => {
    const stack = around((scope, { bucketName }) => new customResources.AwsCustomResource(scope, 'Call', {
      onCreate: { service: 'S3', action: 'putObject', parameters: { Bucket: bucketName, Key: 'first' }, physicalResourceId: customResources.PhysicalResourceId.of('first') },
      policy: customResources.AwsCustomResourcePolicy.fromSdkCalls({ resources: customResources.AwsCustomResourcePolicy.ANY_RESOURCE }),
    }));
    expect(exempt(stack)).toEqual([expect.stringMatching(/^AWS679f53fac002430cb0da5b7982bd2287ServiceRole/)]);
  });

  test('by the handlers behind the provider framework, and not by the framework', () => {
    const stack = around((scope, { bucketName }) => {
      const provider = new customResources.Provider(scope, 'Provider', { onEventHandler: inlineFunction(scope, 'Begin'), isCompleteHandler: inlineFunction(scope, 'Wait').addAlias('live') });
      new CustomResource(scope, 'Fill', { serviceToken: provider.serviceToken, properties: { target: Lazy.string({ produce: () => bucketName }) } });
    });
    expect(exempt(stack)).toEqual([expect.stringMatching(/^BeginServiceRole/), expect.stringMatching(/^WaitServiceRole/)]);
  });

  test('whose function is granted the bucket', () => {
    const stack = around((scope, bucket) => {
      const handler = inlineFunction(scope, 'Handler');
      bucket.grantWrite(handler);
      new CustomResource(scope, 'Fill', { serviceToken: handler.functionArn });
    });
    expect(exempt(stack)).toEqual([expect.stringMatching(/^HandlerServiceRole/)]);
  });

  test('not if it has to do with another bucket', () => {
    expect(exempt(around((scope) => new CustomResource(scope, 'Fill', { serviceToken: inlineFunction(scope, 'Handler').functionArn, properties: { target: 'amzn-s3-demo-other' } })))).toEqual([]);
  });
});

describe('a role that the policy cannot name', () => {
  test('of another stack is a warning, and a physical name helps', () => {
    const warned = (roleName?: string) => {
      const app = new App();
      const bucket = new SecureBucket(new Stack(app, 'Storage', { env: PRODUCER }), 'Data', { network });
      bucket.grantRead(new iam.Role(new Stack(app, 'Tables', { env: PRODUCER }), 'Worker', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com'), roleName }));
      app.synth();
      return warnings(bucket);
    };
    expect(warned()).toEqual(['cdk-secure-bucket:networkPerimeterMayLockOut']);
    expect(warned('Tables')).toEqual([]);
  });

  test('of a custom resource whose handler is elsewhere is a warning', () => {
    const stack = around((scope, { bucketName }) => new CustomResource(scope, 'Fill', { serviceToken: 'arn:aws:sns:eu-west-1:111122223333:elsewhere', properties: { bucketName } }));
    expect(exempt(stack)).toEqual([]);
    expect(warnings(stack.node.findChild('Data'))).toEqual(['cdk-secure-bucket:networkPerimeterMayLockOut']);
  });
});

test('a role of another stack that a resource in the stack of the bucket names is exempt', () => {
  const app = new App();
  const role = new iam.Role(new Stack(app, 'Roles', { env: PRODUCER }), 'Worker', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com') });
  const storage = new Stack(app, 'Storage', { env: PRODUCER });
  const { bucketArn } = new SecureBucket(storage, 'Data', { network });
  new backup.CfnBackupSelection(storage, 'User', { backupPlanId: 'plan', backupSelection: { iamRoleArn: role.roleArn, selectionName: 'all', resources: [bucketArn] } });
  expect(exempt(storage)).toEqual([{ 'Fn::ImportValue': expect.stringMatching(/^Roles:/) }]);
});

test('the guarantee of the perimeter names every role, and holds', () => {
  const stack = around((scope, bucket) => {
    bucket.grantRead(roleFor(scope, 'glue.amazonaws.com'));
    bucket.exemptFromNetworkPerimeter(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Pipeline'), 'it runs outside the network');
  });
  policyStatements(stack, 'DataPolicy');
  const perimeter = guarantees(stack.node.findChild('Data') as SecureBucket).find((line) => line.includes('outside vpce-'));
  expect(perimeter).toMatch(/^holds: .* except for .*:role\/aws-service-role\/\*, arn:aws:iam::111122223333:role\/Pipeline and .*Worker/);
});
