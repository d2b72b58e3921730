import { App, Stack } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { AccessLogBucket, SecureBucketChecks } from '../../src';
import { deliveryOf, ServiceCaller } from '../../src/aws/services';
import { idOf } from '../../src/checks/acknowledgements';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

type Resources = Record<string, any>;

const CUSTOMER_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const encrypted = (SSEAlgorithm: unknown, KMSMasterKeyID?: unknown) =>
  ({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID }, BucketKeyEnabled: true }] } });
const owned = (ObjectOwnership: unknown) => ({ OwnershipControls: { Rules: [{ ObjectOwnership }] } });
const bucket = (Properties: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-logs', ...Properties } });

/** The findings about the bucket `Logs`: problems and remedies by rule. */
function findings(...templates: Resources[]): Record<string, { problem: string; remedy: string }> {
  const deployment = deploymentOf(templates.map((Resources_, i) => ({ name: `Stack${i}`, account: '111122223333', region: 'eu-west-1', template: { Parameters: { P: { Type: 'String' } }, Resources: Resources_ } })));
  const about = judge(deployment).filter(({ resource }) => resource.logicalId === 'Logs').map((finding) => ({ ...finding, id: idOf(finding).replace('SecureBucket-', '') }));
  const joined = (of: string, text: 'problem' | 'remedy') => about.filter(({ id }) => id === of).map((finding) => finding[text]).join(' ');
  return Object.fromEntries(about.map(({ id }) => [id, { problem: joined(id, 'problem'), remedy: joined(id, 'remedy') }]));
}

const LOGS = { Ref: 'Logs' };
const attribute = (Key: string, Value: unknown) => ({ Key, Value });
const loadBalancer = (destination: unknown, properties: object = {}, logs = 'access_logs') => ({
  Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { LoadBalancerAttributes: [attribute(`${logs}.s3.enabled`, 'true'), attribute(`${logs}.s3.bucket`, destination)], ...properties },
});
const SOURCES: Record<string, (destination: unknown, name: string) => any> = {
  'S3 access logs': (destination) => ({ Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { DestinationBucketName: destination } } }),
  'an Application Load Balancer': (destination) => loadBalancer(destination),
  'connection logs of an Application Load Balancer': (destination) => loadBalancer(destination, { Type: 'application' }, 'connection_logs'),
  'a Network Load Balancer': (destination) => loadBalancer(destination, { Type: 'network' }),
  'a Classic Load Balancer': (destination) => ({ Type: 'AWS::ElasticLoadBalancing::LoadBalancer', Properties: { AccessLoggingPolicy: { Enabled: true, S3BucketName: destination } } }),
  'CloudFront (legacy)': (destination, name) => ({
    Type: 'AWS::CloudFront::Distribution',
    Properties: { DistributionConfig: { Logging: { Bucket: typeof destination === 'string' ? `${name}.s3.amazonaws.com` : { 'Fn::GetAtt': ['Logs', 'RegionalDomainName'] } } } },
  }),
  'Redshift': (destination) => ({ Type: 'AWS::Redshift::Cluster', Properties: { LoggingProperties: { BucketName: destination } } }),
};
const WRITERS: Record<string, string> = {
  'an Application Load Balancer': 'logdelivery.elasticloadbalancing.amazonaws.com',
  'connection logs of an Application Load Balancer': 'logdelivery.elasticloadbalancing.amazonaws.com',
  'a Network Load Balancer': 'delivery.logs.amazonaws.com',
  'a Classic Load Balancer': 'logdelivery.elasticloadbalancing.amazonaws.com',
  'Redshift': 'redshift.amazonaws.com',
};
const allowing = (principal: object, rest: object = {}) => ({ Effect: 'Allow', Principal: principal, Action: 's3:PutObject', Resource: 'arn:aws:s3:::amzn-s3-demo-logs/AWSLogs/111122223333/*', ...rest });
const policyWith = (...Statement: object[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: LOGS, PolicyDocument: { Version: '2012-10-17', Statement } } });
const SSE_S3_ONLY = ['S3 access logs', 'an Application Load Balancer', 'connection logs of an Application Load Balancer', 'a Classic Load Balancer', 'Redshift'];

describe.each(Object.entries(SOURCES))('a bucket that receives the logs of %s', (name, sourceOf) => {
  const source = sourceOf(LOGS, 'amzn-s3-demo-logs');

  test('is a bucket for logs, whichever is written first', () => {
    for (const resources of [{ Logs: bucket(), Source: source }, { Source: source, Logs: bucket() }]) {
      expect(Object.keys(findings(resources))).not.toEqual(expect.arrayContaining(['DefaultEncryption']));
      expect(Object.keys(findings(resources))).not.toEqual(expect.arrayContaining(['AccessLogs']));
    }
  });

  test('is one in another stack, too', () => {
    const elsewhere = sourceOf('amzn-s3-demo-logs', 'amzn-s3-demo-logs');
    for (const stacks of [[{ Logs: bucket() }, { Source: elsewhere }], [{ Source: elsewhere }, { Logs: bucket() }]]) {
      expect(Object.keys(findings(...stacks))).not.toEqual(expect.arrayContaining(['DefaultEncryption']));
    }
    expect(Object.keys(findings({ Logs: bucket() }, { Source: sourceOf('another', 'another') }))).toEqual(expect.arrayContaining(['DefaultEncryption', 'AccessLogs']));
  });

  test('encrypts with what can be delivered to', () => {
    const writer = WRITERS[name] ?? (name === 'S3 access logs' ? 'logging.s3.amazonaws.com' : 'delivery.logs.amazonaws.com');
    const Policy = policyWith(allowing({ Service: writer }, { Resource: 'arn:aws:s3:::amzn-s3-demo-logs/*' }));
    const withKey = findings({ Policy, Logs: bucket({ ...encrypted('aws:kms', CUSTOMER_KEY), ...owned('BucketOwnerPreferred') }), Source: source });
    if (SSE_S3_ONLY.includes(name)) {
      expect(withKey.LogDestination).toMatchObject({ problem: expect.stringContaining('is encrypted with KMS'), remedy: expect.stringContaining('SSE-S3') });
    } else {
      expect(withKey).not.toHaveProperty('LogDestination');
      const withManagedKey = findings({ Policy, Logs: bucket({ ...encrypted('aws:kms'), ...owned('BucketOwnerPreferred') }), Source: source });
      expect(withManagedKey.LogDestination.problem).toContain('the AWS managed key, with which they cannot be delivered');
    }
    expect(findings({ Logs: bucket({ ...encrypted({ Ref: 'P' }), ...owned('BucketOwnerPreferred') }), Source: source })).toHaveProperty('LogDestination-NotDecided');
  });
});

describe.each(Object.entries(WRITERS))('the policy of a bucket for the logs of %s', (name, Service) => {
  const problems = (...statements: object[]) => {
    const found = findings({ Logs: bucket(), Source: SOURCES[name](LOGS, 'amzn-s3-demo-logs'), ...(statements.length > 0 ? { Policy: policyWith(...statements) } : {}) });
    return [found.LogDestination?.problem, found['LogDestination-NotDecided']?.problem];
  };

  test('lets the service write', () => {
    expect(problems(allowing({ Service }))).toEqual([undefined, undefined]);
    expect(problems(allowing({ Service }, { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }))).toEqual([undefined, undefined]);
  });

  test.each<[string, object[]]>([
    ['is not there', []],
    ['lets another service write', [allowing({ Service: 'another.amazonaws.com' })]],
    ['lets it read', [allowing({ Service }, { Action: 's3:GetObject' })]],
  ])('%s: reported', (_, statements) => expect(problems(...statements)[0]).toContain(`Nothing allows ${Service} to deliver the logs of`));

  test('denies what it allows: the statement is named', () => {
    const deny = allowing('*' as any, { Sid: 'OnlyOurs', Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } });
    expect(problems(allowing({ Service }), deny)[0]).toContain(`The statement 'OnlyOurs' stops ${Service} from delivering the logs of`);
  });
});

describe('load balancers that write as an account of AWS', () => {
  const verdict = (account: string, region?: string) => {
    const template = { Logs: bucket(), Source: SOURCES['an Application Load Balancer'](LOGS, ''), Policy: policyWith(allowing({ AWS: `arn:aws:iam::${account}:root` })) };
    return judge(deploymentOf([{ name: 'Stack', account: '111122223333', region, template: { Resources: template } }])).filter(({ rule }) => rule.id === 'LogDestination').map(({ isDecided }) => isDecided);
  };

  test('that of the Region', () => {
    expect(verdict('156460612806', 'eu-west-1')).toEqual([]);
    expect(verdict('127311923021', 'eu-west-1')).toEqual([true]);
    expect(verdict('156460612806')).toEqual([false]);
    expect(verdict('156460612806', 'eu-central-2')).toEqual([true]);
  });

  test('are those that the CDK knows', () => {
    const known = RegionInfo.regions.flatMap(({ name, elbv2Account }) => (elbv2Account ? [[name, elbv2Account]] : []));
    expect(Object.entries((deliveryOf('application-load-balancer-logs').caller as ServiceCaller).accounts!)).toEqual(expect.arrayContaining(known));
  });
});

describe('logs that are switched off', () => {
  test.each([
    ['of a load balancer', { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { LoadBalancerAttributes: [attribute('access_logs.s3.enabled', 'false'), attribute('access_logs.s3.bucket', LOGS)] } }],
    ['of a Classic Load Balancer', { Type: 'AWS::ElasticLoadBalancing::LoadBalancer', Properties: { AccessLoggingPolicy: { Enabled: false, S3BucketName: LOGS } } }],
  ])('%s make no bucket for logs', (_, source) => {
    expect(findings({ Logs: bucket(encrypted('aws:kms', CUSTOMER_KEY)), Source: source })).toMatchObject({ AccessLogs: {} });
    expect(findings({ Logs: bucket(encrypted('aws:kms', CUSTOMER_KEY)), Source: source })).not.toHaveProperty('LogDestination');
  });
});

describe('a bucket that receives the legacy logs of CloudFront', () => {
  const withOwnership = (properties: object) => findings({ Logs: bucket(properties), Source: SOURCES['CloudFront (legacy)'](LOGS, '') });

  test.each([['switched off', owned('BucketOwnerEnforced')], ['left as they are', {}]])('cannot be delivered to with access control lists %s', (_, properties) => {
    expect(withOwnership(properties).LogDestination.problem).toMatch(/its access control lists are off: the deployment fails/);
  });

  test('is not told to switch them off, and not to remove the ACL', () => {
    const found = withOwnership({ ...owned('BucketOwnerPreferred'), AccessControl: 'LogDeliveryWrite' });
    ['LogDestination', 'ObjectOwnership', 'NoAcls'].forEach((rule) => expect(found).not.toHaveProperty(rule));
  });

  test('is told to remove a public ACL', () => expect(withOwnership({ ...owned('BucketOwnerPreferred'), AccessControl: 'PublicRead' })).toHaveProperty('NoAcls'));

  test('is not decided where Object Ownership is not known', () => expect(withOwnership(owned({ Ref: 'P' }))).toHaveProperty('LogDestination-NotDecided'));
});

describe('remedies that would stop the delivery alone name what else to do', () => {
  const found = findings({ Logs: bucket({ AccessControl: 'LogDeliveryWrite', ...owned('ObjectWriter') }), Source: SOURCES['S3 access logs'](LOGS, '') });

  test('the ACL for log delivery is replaced by a statement', () => expect(found.NoAcls.remedy).toMatch(/Let logging\.s3\.amazonaws\.com put objects in the bucket policy.*and remove 'AccessControl'/));

  test('access control lists are switched off together with the ACL', () => expect(found.ObjectOwnership.remedy).toMatch(/Remove 'AccessControl'.*and set 'ObjectOwnership'/));
});

test.each(['S3 access logs', 'Redshift'])('%s are not delivered to a bucket with a default retention', (name) => {
  const locked = { ObjectLockEnabled: true, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } } };
  expect(findings({ Logs: bucket(locked), Source: SOURCES[name](LOGS, '') }).LogDestination.problem).toMatch(/default retention/);
});

test.each(['a Network Load Balancer', 'CloudFront (legacy)'])('of %s it is not decided whether they are delivered to a bucket whose key is not known', (name) => {
  const logs = { ...owned('BucketOwnerPreferred'), ...encrypted('aws:kms', { Ref: 'P' }) };
  expect(findings({ Logs: bucket(logs), Source: SOURCES[name](LOGS, '') })['LogDestination-NotDecided'].problem).toMatch(/is encrypted with the AWS managed key/);
});

describe('a bucket for the logs of other apps', () => {
  test.each(['logging.s3.amazonaws.com', 'logdelivery.elasticloadbalancing.amazonaws.com'])('is known by its policy, which lets %s write', (Service) => {
    const Statement = [{ Effect: 'Allow', Principal: { Service }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::amzn-s3-demo-logs/*', Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }];
    const policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: LOGS, PolicyDocument: { Version: '2012-10-17', Statement } } };
    ['DefaultEncryption', 'AccessLogs'].forEach((rule) => expect(findings({ Logs: bucket(), Policy: policy })).not.toHaveProperty(rule));
  });

  test('is an AccessLogBucket without a source in the app', () => {
    const app = new App();
    new AccessLogBucket(new Stack(app, 'Logs', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Central');
    expect(new SecureBucketChecks(app).validateScope(app).violations).toEqual([]);
  });

  describe('and of whom no template sends any yet', () => {
    const app = new App();
    const stack = new Stack(app, 'Audit', { env: { account: '111122223333', region: 'eu-west-1' } });
    new AccessLogBucket(stack, 'AccessLogs');
    const { template } = app.synth().getStackByName('Audit');
    const alone = (change: (resources: any) => void = () => {}) => {
      const { Resources: all } = JSON.parse(JSON.stringify(template));
      change(all);
      return judge(deploymentOf([{ name: 'Audit', account: '111122223333', region: 'eu-west-1', template: { Resources: all } }])).map(({ rule }) => rule.id);
    };
    const resource = (all: any, type: string): any => Object.values(all).find(({ Type }: any) => Type === type);

    test('is known by its name, its encryption and its policy, in the template by itself', () => expect(alone()).toEqual([]));

    test.each<[string, (all: any) => void]>([
      ['whose policy lets somebody read', (all) => resource(all, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement.push({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/App' }, Action: 's3:GetObject', Resource: '*' })],
      ['that does not say how it encrypts', (all) => delete resource(all, 'AWS::S3::Bucket').Properties.BucketEncryption],
      ['whose policy does not deny plain HTTP', (all) => {
        const { PolicyDocument } = resource(all, 'AWS::S3::BucketPolicy').Properties;
        PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Condition }: any) => Condition.Bool === undefined);
      }],
    ])('is none %s', (_, change) => expect(alone(change)).toEqual(expect.arrayContaining(['DefaultEncryption', 'AccessLogs'])));

    test('is none with another name', () => {
      const renamed = JSON.parse(JSON.stringify(template).replaceAll('AccessLogs', 'AccessLogin'));
      expect(judge(deploymentOf([{ name: 'Audit', template: renamed }])).map(({ rule }) => rule.id)).toEqual(expect.arrayContaining(['DefaultEncryption', 'AccessLogs']));
    });
  });
});

describe('a bucket whose policy lets those in who write logs of resources that stand elsewhere', () => {
  const WRITERS_ELSEWHERE: [name: string, principal: object][] = [
    ['S3', { Service: 'logging.s3.amazonaws.com' }],
    ['load balancers', { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }],
    ['load balancers on Outposts', { Service: 'logdelivery.elb.amazonaws.com' }],
    ['the account of load balancers', { AWS: 'arn:aws:iam::156460612806:root' }],
    ['the account of load balancers, by its number', { AWS: '127311923021' }],
  ];

  test.each(WRITERS_ELSEWHERE)('is a bucket for logs, and cannot be encrypted with KMS: %s', (_, principal) => {
    const encryptedWith = (algorithm: unknown, key?: string) => findings({ Logs: bucket(encrypted(algorithm, key)), Policy: policyWith(allowing(principal)) });
    expect(Object.keys(encryptedWith('AES256'))).not.toEqual(expect.arrayContaining(['DefaultEncryption', 'LogDestination']));
    expect(encryptedWith('aws:kms', CUSTOMER_KEY).LogDestination.problem).toMatch(/^The policy of the bucket lets .* deliver .*, and the bucket is encrypted with KMS/);
    expect(encryptedWith('aws:kms:dsse').LogDestination.remedy).toContain('SSE-S3');
    expect(encryptedWith({ Ref: 'P' })['LogDestination-NotDecided'].problem).toContain('depends on the default encryption');
  });

  test.each<[name: string, statement: object]>([
    ['a service that can write with a key', allowing({ Service: 'delivery.logs.amazonaws.com' })],
    ['a statement that lets read alone', { ...allowing({ Service: 'logging.s3.amazonaws.com' }), Action: 's3:GetBucketAcl' }],
    ['a statement that denies', { ...allowing({ Service: 'logging.s3.amazonaws.com' }), Effect: 'Deny' }],
    ['another account', allowing({ AWS: '444455556666' })],
  ])('may be encrypted with KMS: %s', (_, statement) => {
    expect(findings({ Logs: bucket(encrypted('aws:kms', CUSTOMER_KEY)), Policy: policyWith(statement) }).LogDestination).toBeUndefined();
  });

  test('is reported once where the source is in the template, too', () => {
    const policy = policyWith(allowing({ Service: 'logging.s3.amazonaws.com' }));
    const { LogDestination } = findings({ Logs: bucket(encrypted('aws:kms', CUSTOMER_KEY)), Policy: policy, Source: SOURCES['S3 access logs'](LOGS, '') });
    expect(LogDestination.problem.match(/encrypted with KMS/g)).toHaveLength(1);
  });
});
