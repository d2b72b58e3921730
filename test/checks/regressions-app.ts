import { App, AppProps, Aspects, CfnCondition, CfnResource, CustomResource, Duration, Fn, IAspect, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket, SecureBucketChecks } from '../../src';
import { PRODUCER } from '../support/apps';

// An app whose bucket has every guardrail, and ways to weaken each of them after the fact.
// As a program it takes the name of the weakening from the environment variable WEAKENING; without one the app is untouched.

/** What a weakening may touch. */
export interface Site {
  readonly stack: Stack;
  readonly bucket: SecureBucket;
  readonly cfnBucket: s3.CfnBucket;
  readonly policy: s3.CfnBucketPolicy;
  readonly key: kms.CfnKey;
  readonly logPolicy: s3.CfnBucketPolicy;
}

export type Weakening = (site: Site) => void;

/** A change to one statement; none is left where the statement goes. */
type Edit = (statement: any) => any;

/** A way of getting an edited policy into the template. */
type Hatch = (policy: s3.CfnBucketPolicy, edit: (statements: any[]) => any[]) => void;

export const SIDS = [
  'DenyInsecureTransport',
  'DenyOutdatedTls',
  'DenyUnencryptedUploads',
  'DenyOtherKeys',
  'DenyAwsManagedKey',
  'DenyCustomerProvidedKeys',
  'DenyOutsideVpce',
  'DenyOutsideOrg',
  'DenyServicesForOutsideOrg',
  'DenyOldPresignedUrls',
  'DenySigV2PresignedUrls',
];

const OTHER_ACCOUNT = '444455556666';

export const EDITS: Record<string, Edit> = {
  'is removed': () => undefined,
  'gets one more condition': (statement) => ({ ...statement, Condition: { ...statement.Condition, StringLike: { 'aws:PrincipalAccount': OTHER_ACCOUNT } } }),
  'binds one account only': (statement) => ({ ...statement, Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` } }),
  'denies another action': (statement) => ({ ...statement, Action: 's3:PutBucketTagging' }),
  'covers one folder only': (statement) => ({ ...statement, Resource: [statement.Resource].flat().slice(-1).map(inFolder) }),
  'has its operators inverted': (statement) => ({ ...statement, Condition: Object.fromEntries(Object.entries(statement.Condition).map(([operator, tests]) => [INVERSE[operator], tests])) }),
  'allows instead': (statement) => ({ ...statement, Effect: 'Allow' }),
};

const INVERSE: Record<string, string> = {
  Bool: 'StringNotEquals',
  BoolIfExists: 'StringNotEqualsIfExists',
  Null: 'StringLike',
  NumericLessThan: 'NumericGreaterThanEquals',
  NumericGreaterThan: 'NumericLessThanEquals',
  StringEquals: 'StringNotEquals',
  StringNotEquals: 'StringEquals',
  ArnNotLike: 'ArnLike',
};

function inFolder(objects: any): any {
  const [separator, [bucket]] = objects['Fn::Join'];
  return { 'Fn::Join': [separator, [bucket, '/public/*']] };
}

export const HATCHES: Record<string, Hatch> = {
  'addPropertyOverride': (policy, edit) => policy.addPropertyOverride('PolicyDocument.Statement', edit(statementsOf(policy))),
  'addOverride': (policy, edit) => policy.addOverride('Properties.PolicyDocument', { Statement: edit(statementsOf(policy)) }),
  'assignment': (policy, edit) => {
    policy.policyDocument = { Version: '2012-10-17', Statement: edit(statementsOf(policy)) };
  },
  'an aspect that assigns': (policy, edit) => Aspects.of(policy.stack).add(aspect((visited) => {
    if (visited === policy) {
      policy.policyDocument = { Version: '2012-10-17', Statement: edit(statementsOf(policy)) };
    }
  })),
  'an aspect that reaches into the document': (policy, edit) => Aspects.of(policy.stack).add(aspect((visited) => {
    if (visited === policy) {
      const kept = edit(statementsOf(policy)).map(({ Sid }) => Sid);
      const { statements } = policy.policyDocument;
      statements.splice(0, statements.length, ...statements.filter(({ sid }: iam.PolicyStatement) => kept.includes(sid)));
    }
  })),
  'a stack that rewrites its template': (policy, edit) => rewriteTemplate(policy.stack, (resources) => {
    const { PolicyDocument } = resources[policy.stack.resolve(policy.logicalId)].Properties;
    PolicyDocument.Statement = edit(PolicyDocument.Statement);
  }),
};

export const BUCKET_SETTINGS: Record<string, Weakening> = {
  'BlockPublicAcls is off': override('PublicAccessBlockConfiguration.BlockPublicAcls', false),
  'BlockPublicPolicy is off': override('PublicAccessBlockConfiguration.BlockPublicPolicy', false),
  'IgnorePublicAcls is off': override('PublicAccessBlockConfiguration.IgnorePublicAcls', false),
  'RestrictPublicBuckets is off': override('PublicAccessBlockConfiguration.RestrictPublicBuckets', false),
  'one setting of Block Public Access is deleted': ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('PublicAccessBlockConfiguration.RestrictPublicBuckets'),
  'Block Public Access is deleted': ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('PublicAccessBlockConfiguration'),
  'Block Public Access is assigned': ({ cfnBucket }) => {
    cfnBucket.publicAccessBlockConfiguration = { blockPublicAcls: true, ignorePublicAcls: true };
  },
  'ownership is the writer\'s': override('OwnershipControls.Rules', [{ ObjectOwnership: 'ObjectWriter' }]),
  'ownership is deleted': ({ cfnBucket }) => cfnBucket.addDeletionOverride('Properties.OwnershipControls'),
  'an ACL is set': override('AccessControl', 'PublicRead'),
  'a website is served': override('WebsiteConfiguration', { IndexDocument: 'index.html' }),
  'the algorithm is AES256': encryption({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }),
  'the key is the AWS managed one': encryption({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }),
  'the key is the AWS managed alias': encryption({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' } }),
  'encryption is deleted': ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('BucketEncryption'),
  'bucket keys are off': ({ key, ...site }) => encryption({ BucketKeyEnabled: false, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [key.stack.resolve(key.logicalId), 'Arn'] } } })({ key, ...site }),
  'SSE-C is let in, and no deny of it is left': (site) => {
    site.cfnBucket.addPropertyDeletionOverride('BucketEncryption.ServerSideEncryptionConfiguration.0.BlockedEncryptionTypes');
    HATCHES.addPropertyOverride(site.policy, (statements) => statements.filter(({ Sid }) => Sid !== 'DenyCustomerProvidedKeys'));
  },
  'versioning is deleted': ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('VersioningConfiguration'),
  'versioning is suspended, by an aspect': ({ stack, cfnBucket }) => Aspects.of(stack).add(aspect((visited) => {
    if (visited === cfnBucket) {
      cfnBucket.versioningConfiguration = { status: 'Suspended' };
    }
  })),
  'access logs are deleted': ({ cfnBucket }) => cfnBucket.addPropertyDeletionOverride('LoggingConfiguration'),
  'the bucket goes with its stack': ({ cfnBucket }) => cfnBucket.applyRemovalPolicy(RemovalPolicy.DESTROY),
  'the bucket goes when it is replaced': ({ cfnBucket }) => cfnBucket.addOverride('UpdateReplacePolicy', 'Delete'),
  'retention is deleted': ({ cfnBucket }) => cfnBucket.addDeletionOverride('DeletionPolicy'),
  'objects are deleted with the stack': ({ stack, bucket }) => new CustomResource(stack, 'Emptied', {
    serviceToken: `arn:aws:lambda:${PRODUCER.region}:${PRODUCER.account}:function:empty`,
    resourceType: 'Custom::S3AutoDeleteObjects',
    properties: { BucketName: bucket.bucketName },
  }),
};

export const POLICIES: Record<string, Weakening> = {
  'everybody may read': allow({ Principal: '*', Action: 's3:GetObject' }),
  'everybody of some name may read': allow({ Principal: { AWS: '*' }, Action: 's3:GetObject', Condition: { StringLike: { 'aws:UserAgent': '*' } } }),
  'everybody but one may read': allow({ NotPrincipal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` }, Action: 's3:GetObject' }),
  'every address may read': allow({ Principal: '*', Action: 's3:GetObject', Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } }),
  'every account of any organization may read': allow({ Principal: '*', Action: 's3:GetObject', Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }),
  'another account may change the policy': allow({ Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` }, Action: 's3:PutBucketPolicy' }),
  'a service may read for anybody': allow({ Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:GetObject' }),
  'the first statement is deleted by its index': ({ policy }) => policy.addPropertyDeletionOverride('PolicyDocument.Statement.0'),
  'the Sid stays and the condition goes': ({ policy }) => policy.addPropertyOverride('PolicyDocument.Statement.0.Condition.Bool', { 'aws:SecureTransport': 'maybe' }),
  'the document is deleted': ({ policy }) => policy.addPropertyDeletionOverride('PolicyDocument'),
  'the policy becomes something else': ({ policy }) => policy.addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle'),
  'the policy depends on a condition that is never true': ({ stack, policy }) => {
    policy.cfnOptions.condition = new CfnCondition(stack, 'Never', { expression: Fn.conditionEquals('a', 'b') });
  },
  'the policy goes to another bucket': ({ policy }) => policy.addPropertyOverride('Bucket', 'somebody-elses'),
  'a second policy competes': ({ stack, bucket }) => new s3.CfnBucketPolicy(stack, 'Second', { bucket: bucket.bucketName, policyDocument: { Statement: [] } }),
  'a second policy competes, of a plain CfnResource': ({ stack, bucket }) => new CfnResource(stack, 'Second', {
    type: 'AWS::S3::BucketPolicy',
    properties: {
      Bucket: bucket.bucketName,
      PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: bucket.bucketArn }] },
    },
  }),
  'an access point lets the public in': ({ stack, bucket }) => new s3.CfnAccessPoint(stack, 'Door', { bucket: bucket.bucketName, publicAccessBlockConfiguration: { blockPublicPolicy: false } }),
  'the perimeter binds the deploying role, too': ({ policy }) => policy.addPropertyOverride('PolicyDocument.Statement.6.Condition.ArnNotLike', { 'aws:PrincipalArn': [`arn:aws:iam::${PRODUCER.account}:role/Nobody`] }),
  'nothing may deliver the access logs': ({ logPolicy }) => HATCHES.addPropertyOverride(logPolicy, (statements) => statements.filter(({ Effect }) => Effect === 'Deny')),
  'the log bucket is open to plain HTTP': ({ logPolicy }) => HATCHES.addPropertyOverride(logPolicy, (statements) => statements.filter(({ Sid }) => Sid !== 'DenyInsecureTransport')),
};

export const KEYS: Record<string, Weakening> = {
  'the key does not rotate': ({ key }) => {
    key.enableKeyRotation = false;
  },
  'rotation is overridden': ({ key }) => key.addPropertyOverride('EnableKeyRotation', false),
  'rotation is deleted': ({ key }) => key.addPropertyDeletionOverride('EnableKeyRotation'),
  'the key is open to everybody': keyAllow({ principals: [new iam.AnyPrincipal()], actions: ['kms:Decrypt'] }),
  'another account uses the key outside of S3': keyAllow({ principals: [new iam.AccountPrincipal(OTHER_ACCOUNT)], actions: ['kms:Decrypt'] }),
  'every distribution uses the key': keyAllow({ principals: [new iam.ServicePrincipal('cloudfront.amazonaws.com')], actions: ['kms:Decrypt'] }),
  'the policy of the key is overridden': ({ key }) => key.addPropertyOverride('KeyPolicy.Statement.0.Principal', { AWS: '*' }),
  'the key goes with its stack': ({ bucket }) => bucket.encryptionKey!.applyRemovalPolicy(RemovalPolicy.DESTROY),
};

export const WEAKENINGS: Record<string, Weakening> = {
  ...Object.fromEntries(SIDS.flatMap((sid) => Object.entries(EDITS).map(([edit, change]) => [`${sid} ${edit}`, edited(sid, change)]))),
  ...Object.fromEntries(Object.entries(HATCHES).map(([hatch, open]) => [`DenyInsecureTransport is removed by ${hatch}`, ({ policy }: Site) => open(policy, without('DenyInsecureTransport'))])),
  ...BUCKET_SETTINGS,
  ...POLICIES,
  ...KEYS,
};

/** The app, weakened. */
export function regressionApp(weaken: Weakening, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props });
  const stack = new Stack(app, 'Storage', { env: PRODUCER });
  const bucket = new SecureBucket(stack, 'Dataset', {
    network: { vpcEndpointIds: ['vpce-0abc123def4567890'] },
    organization: { organizationIds: ['o-exampleorgid'] },
    presignedUrlMaxAge: Duration.minutes(15),
  });
  bucket.grantRead(new iam.ArnPrincipal(`arn:aws:iam::${PRODUCER.account}:role/Reader`));
  Validations.of(app).addPlugins(new SecureBucketChecks(app));
  weaken({
    stack,
    bucket,
    cfnBucket: bucket.node.defaultChild as s3.CfnBucket,
    policy: bucket.policy!.node.defaultChild as s3.CfnBucketPolicy,
    key: bucket.encryptionKey!.node.defaultChild as kms.CfnKey,
    logPolicy: (stack.node.findChild('SecureBucketAccessLogs') as s3.Bucket).policy!.node.defaultChild as s3.CfnBucketPolicy,
  });
  return app;
}

function edited(sid: string, change: Edit): Weakening {
  return ({ policy }) => HATCHES.addPropertyOverride(policy, (statements) => statements.flatMap((statement) => (statement.Sid === sid ? change(statement) ?? [] : statement)));
}

function without(sid: string): (statements: any[]) => any[] {
  return (statements) => statements.filter(({ Sid }) => Sid !== sid);
}

function override(path: string, value: unknown): Weakening {
  return ({ cfnBucket }) => cfnBucket.addPropertyOverride(path, value);
}

/** SSE-C stays blocked. */
function encryption(rule: object): Weakening {
  return override('BucketEncryption.ServerSideEncryptionConfiguration', [{ BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] }, ...rule }]);
}

function allow(statement: object): Weakening {
  return ({ policy, bucket, stack }) => HATCHES.addPropertyOverride(policy, (statements) => [
    ...statements,
    { Sid: 'Added', Effect: 'Allow', Resource: stack.resolve([bucket.bucketArn, bucket.arnForObjects('*')]), ...statement },
  ]);
}

function keyAllow(statement: iam.PolicyStatementProps): Weakening {
  return ({ bucket }) => bucket.encryptionKey!.addToResourcePolicy(new iam.PolicyStatement({ sid: 'Added', resources: ['*'], ...statement }));
}

function statementsOf(policy: s3.CfnBucketPolicy): any[] {
  return policy.stack.resolve(policy.policyDocument).Statement;
}

function aspect(visit: IAspect['visit']): IAspect {
  return { visit };
}

/** Changes a template after everything that validates constructs has looked at it. */
function rewriteTemplate(stack: any, rewrite: (resources: any) => void): void {
  const render = stack._toCloudFormation.bind(stack);
  stack._toCloudFormation = () => {
    const template = stack.resolve(render());
    rewrite(template.Resources);
    return template;
  };
}

if (require.main === module) {
  const name = process.env.WEAKENING;
  regressionApp(name ? WEAKENINGS[name] : () => undefined).synth();
}
