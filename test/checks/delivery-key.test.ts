import { App, Aws, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, SecureBucket, SecureBucketChecks } from '../../src';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';

const ACCOUNT = '111122223333';
const ENVIRONMENT = { account: ACCOUNT, region: 'eu-west-1' };
const ROOT = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
const CONFINED = { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': `arn:aws:logs:*:${ACCOUNT}:*` } };

interface Case {
  readonly service?: unknown;
  readonly action?: unknown;
  readonly upload?: object;
  readonly uploads?: readonly object[];
  readonly key?: readonly object[];
  readonly bucket?: object;
  readonly keyId?: unknown;
  readonly resources?: Record<string, unknown>;
}

function template({ service = 'delivery.logs.amazonaws.com', action = 's3:PutObject', upload, uploads, key = [], bucket = {}, keyId = { 'Fn::GetAtt': ['Key', 'Arn'] }, resources = {} }: Case) {
  const allow = { Effect: 'Allow', Principal: { Service: service }, Action: action, Resource: { 'Fn::Sub': '${Logs.Arn}/*' }, Condition: upload ?? CONFINED };
  return {
    Parameters: { P: { Type: 'String' }, Account: { Type: 'String' } },
    Resources: {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [ROOT, ...key] } } },
      Logs: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'amzn-s3-demo-logs', BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyId } }] }, ...bucket },
      },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement: uploads ?? [allow] } } },
      ...resources,
    },
  };
}

const mayEncrypt = (service: unknown, Condition?: object, Action: unknown = 'kms:GenerateDataKey*') => ({ Effect: 'Allow', Principal: { Service: service }, Action, Resource: '*', ...(Condition ? { Condition } : {}) });

/** What the rule says: `finding` or `not decided`, and of what. */
function verdicts(of: Case, environment: Partial<StackTemplate> = ENVIRONMENT): string[] {
  return judge(deploymentOf([{ name: 'Stack', template: template(of) as any, ...environment }])).filter(({ rule }) => rule.id === 'DeliveryKey')
    .map(({ isDecided, resource }) => `${isDecided ? 'finding' : 'not decided'} ${resource.logicalId}`);
}

describe('a service that delivers with the default encryption', () => {
  const DEFAULT = ['delivery.logs.amazonaws.com', 'config.amazonaws.com', 'logs.eu-west-1.amazonaws.com', 'ses.amazonaws.com', 'bedrock.amazonaws.com', 'cloudfront.amazonaws.com'];

  test.each(DEFAULT)('%s needs the key', (service) => {
    expect(verdicts({ service })).toEqual(['finding Key']);
    expect(verdicts({ service, key: [mayEncrypt(service, CONFINED)] })).toEqual([]);
    expect(verdicts({ service, key: [mayEncrypt(service)] })).toEqual([]);
    expect(verdicts({ service, key: [mayEncrypt('another.amazonaws.com')] })).toEqual(['finding Key']);
  });

  test('each of several needs it', () => {
    const services = ['delivery.logs.amazonaws.com', 'config.amazonaws.com'];
    expect(verdicts({ service: services })).toHaveLength(2);
    expect(verdicts({ service: services, key: [mayEncrypt(services[0])] })).toHaveLength(1);
    expect(verdicts({ service: services, key: [mayEncrypt(services)] })).toEqual([]);
  });

  test('a statement that lets it upload among other things counts, one that does not upload does not', () => {
    expect(verdicts({ action: 's3:*' })).toEqual(['finding Key']);
    expect(verdicts({ action: ['s3:GetBucketAcl', 's3:Put*'] })).toEqual(['finding Key']);
    expect(verdicts({ action: 's3:GetBucketAcl' })).toEqual([]);
  });

  test('the finding says who, and what to allow', () => {
    const [finding] = judge(deploymentOf([{ name: 'Stack', template: template({}) as any, ...ENVIRONMENT }])).filter(({ rule }) => rule.id === 'DeliveryKey');
    expect(finding.problem).toMatch(/'Stack\/Logs' lets delivery\.logs\.amazonaws\.com deliver.*policy of its key does not/);
    expect(finding.remedy).toMatch(/kms:GenerateDataKey\*.*aws:SourceAccount.*AWS-logs-infrastructure-S3/);
  });
});

describe('the policy of the key is evaluated', () => {
  const service = 'delivery.logs.amazonaws.com';
  const other = '444455556666';

  test.each<[string, object, string[]]>([
    ['the same account', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }, []],
    ['another account', { StringEquals: { 'aws:SourceAccount': other } }, ['finding Key']],
    ['a source in one Region', { ArnLike: { 'aws:SourceArn': `arn:aws:logs:eu-west-1:${ACCOUNT}:*` } }, []],
    ['a source of another account', { ArnLike: { 'aws:SourceArn': `arn:aws:logs:*:${other}:*` } }, ['finding Key']],
    ['this bucket', { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::amzn-s3-demo-logs' } }, []],
    ['another bucket', { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::amzn-s3-demo-other' } }, ['finding Key']],
    ['objects, where the bucket has a bucket key', { StringLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::amzn-s3-demo-logs/*' } }, ['finding Key']],
    ['what comes through S3, of which nobody knows', { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }, ['not decided Key']],
    ['an organization, of which the bucket says nothing', { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } }, []],
    ['callers of an organization, which services have not', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }, ['finding Key']],
  ])('%s', (_, condition, expected) => expect(verdicts({ key: [mayEncrypt(service, condition)] })).toEqual(expected));

  test('other actions do not help, and denies count', () => {
    expect(verdicts({ key: [mayEncrypt(service, undefined, ['kms:Decrypt', 'kms:DescribeKey'])] })).toEqual(['finding Key']);
    const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } };
    expect(verdicts({ key: [mayEncrypt(service), deny] })).toEqual(['finding Key']);
    expect(verdicts({ key: [mayEncrypt(service), { ...deny, Condition: { ...deny.Condition, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }] })).toEqual([]);
  });

  test('all accounts of an organization that the bucket names need the key', () => {
    const upload = { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } };
    expect(verdicts({ upload, key: [mayEncrypt(service, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })] })).toEqual(['finding Key']);
    expect(verdicts({ upload, key: [mayEncrypt(service, { ArnLike: { 'aws:SourceArn': `arn:aws:logs:*:${ACCOUNT}:*` } })] })).toEqual(['finding Key']);
    expect(verdicts({ upload, key: [mayEncrypt(service, upload)] })).toEqual([]);
    const ofAccount = { StringEquals: { ...upload.StringEquals, 'aws:SourceAccount': ACCOUNT } };
    expect(verdicts({ upload: ofAccount, key: [mayEncrypt(service, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })] })).toEqual([]);
  });

  test('a bucket on which S3 reports tells its account', () => {
    const upload = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::amzn-s3-demo-source' } };
    const source = { name: 'Elsewhere', account: other, region: 'eu-west-1', template: { Resources: { Source: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-source' } } } } };
    const ofAccount = (account: string) => {
      const Condition = { StringEquals: { 'aws:SourceAccount': account } };
      const own = { name: 'Stack', template: template({ service: 's3.amazonaws.com', upload, key: [mayEncrypt('s3.amazonaws.com', Condition)] }), ...ENVIRONMENT };
      return judge(deploymentOf([own, source] as any)).filter(({ rule }) => rule.id === 'DeliveryKey').map(({ resource }) => resource.logicalId);
    };
    expect(ofAccount(ACCOUNT)).toEqual(['Key']);
    expect(ofAccount(other)).toEqual([]);
  });

  test('each account that the bucket names needs the key', () => {
    const upload = { StringEquals: { 'aws:SourceAccount': [ACCOUNT, other] } };
    expect(verdicts({ upload, key: [mayEncrypt(service, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })] })).toEqual(['finding Key']);
    expect(verdicts({ upload, key: [mayEncrypt(service, upload)] })).toEqual([]);
  });

  test('without a bucket key, S3 names objects', () => {
    const rule = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } };
    const bucket = { BucketEncryption: { ServerSideEncryptionConfiguration: [rule] } };
    const forObjects = (prefix: string) => [mayEncrypt(service, { StringLike: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::amzn-s3-demo-logs/${prefix}*` } })];
    expect(verdicts({ bucket, key: forObjects('AWSLogs/') })).toEqual([]);
    expect(verdicts({ key: forObjects('AWSLogs/') })).toEqual(['finding Key']);
  });

  test('a key without a policy in the template lets no service in', () => {
    expect(verdicts({ resources: { Key: { Type: 'AWS::KMS::Key', Properties: {} } } })).toEqual(['finding Key']);
  });
});

describe('what is not known', () => {
  test('the key is elsewhere', () => {
    const elsewhere = { keyId: 'arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab' };
    expect(verdicts({ ...elsewhere, resources: { Key: { Type: 'AWS::SNS::Topic' } } })).toEqual(['not decided Logs']);
    expect(verdicts({ keyId: { Ref: 'P' } })).toEqual(['not decided Logs']);
    expect(verdicts({ keyId: { 'Fn::ImportValue': 'LogKey' } })).toEqual(['not decided Logs']);
  });

  test('the account: the same on both sides, or another', () => {
    const upload = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const service = 'delivery.logs.amazonaws.com';
    expect(verdicts({ upload, key: [mayEncrypt(service, upload)] }, {})).toEqual([]);
    expect(verdicts({ upload, key: [mayEncrypt(service, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })] }, {})).toEqual(['not decided Key']);
    const ofParameter = { StringEquals: { 'aws:SourceAccount': { Ref: 'Account' } } };
    expect(verdicts({ upload: ofParameter, key: [mayEncrypt(service, ofParameter)] })).toEqual([]);
  });

  test('the Region in the name of the service', () => {
    const service = { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' };
    expect(verdicts({ service }, {})).toEqual(['finding Key']);
    expect(verdicts({ service, key: [mayEncrypt(service)] }, {})).toEqual([]);
    expect(verdicts({ service, key: [mayEncrypt('logs.eu-west-1.amazonaws.com')] }, {})).toEqual(['not decided Key']);
  });

  test('whether the bucket encrypts with the key', () => {
    const bucket = { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: { Ref: 'P' }, KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] } };
    expect(verdicts({ bucket })).toEqual(['not decided Key']);
  });

  test('services whose encryption is set elsewhere, or not documented', () => {
    for (const service of ['s3.amazonaws.com', 'storage-lens.s3.amazonaws.com', 'ssm.amazonaws.com', 'bcm-data-exports.amazonaws.com', 'appflow.amazonaws.com']) {
      expect(verdicts({ service })).toEqual(['not decided Key']);
      expect(verdicts({ service, key: [mayEncrypt(service)] })).toEqual([]);
    }
  });
});

describe('nothing is said', () => {
  test.each(['cloudtrail.amazonaws.com', 'macie.amazonaws.com', 'guardduty.eu-south-1.amazonaws.com', 'logging.s3.amazonaws.com', 'logdelivery.elasticloadbalancing.amazonaws.com', 'redshift.amazonaws.com'])(
    'of %s, which brings its own encryption', (service) => expect(verdicts({ service })).toEqual([]));

  test('of buckets with SSE-S3, or with the AWS managed key', () => {
    const encrypted = (rule: object) => ({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: rule }] } });
    expect(verdicts({ bucket: encrypted({ SSEAlgorithm: 'AES256' }) })).toEqual([]);
    expect(verdicts({ bucket: encrypted({ SSEAlgorithm: 'aws:kms' }) })).toEqual([]);
  });

  test('of uploads that ask for SSE-S3', () => {
    expect(verdicts({ upload: { StringEquals: { ...CONFINED.StringEquals, 's3:x-amz-server-side-encryption': 'AES256' } } })).toEqual([]);
  });

  test('of roles, and of what is denied', () => {
    const role = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Firehose` }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::amzn-s3-demo-logs/*' };
    expect(verdicts({ uploads: [role, { ...role, Effect: 'Deny', Principal: { Service: 'delivery.logs.amazonaws.com' } }] })).toEqual([]);
  });
});

describe('what constructs make', () => {
  const findings = (build: (stack: Stack) => void, env?: { account: string; region: string }) => {
    const app = new App();
    build(new Stack(app, 'Stack', { env }));
    return new SecureBucketChecks(app).validateScope(app).violations.filter(({ ruleName }) => ruleName.includes('DeliveryKey')).map(({ ruleName }) => ruleName);
  };

  test.each([undefined, ENVIRONMENT])('nothing of SecureBucket and AccessLogBucket (%p)', (env) => {
    expect(findings((stack) => {
      new SecureBucket(stack, 'Data');
      new AccessLogBucket(stack, 'Logs');
    }, env)).toEqual([]);
  });

  test('a bucket whose policy lets a service deliver, before and after its key does', () => {
    const build = (withKey: boolean) => (stack: Stack) => {
      const key = new kms.Key(stack, 'Key');
      const bucket = new s3.Bucket(stack, 'Data', { encryptionKey: key });
      const delivery = { principals: [new iam.ServicePrincipal('config.amazonaws.com')], conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } };
      bucket.addToResourcePolicy(new iam.PolicyStatement({ ...delivery, actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }));
      if (withKey) {
        key.addToResourcePolicy(new iam.PolicyStatement({ ...delivery, actions: ['kms:GenerateDataKey*', 'kms:Decrypt'], resources: ['*'] }));
      }
    };
    expect(findings(build(false))).toEqual(['SecureBucket-DeliveryKey']);
    expect(findings(build(true))).toEqual([]);
  });

  test('a SecureBucket whose policy lets a service deliver: its key does, too', () => {
    expect(findings((stack) => {
      const bucket = new SecureBucket(stack, 'Data');
      bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('config.amazonaws.com')], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }));
    })).toEqual([]);
  });
});
