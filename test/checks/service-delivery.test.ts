import { DELIVERY_SET_UPS } from '../../src/aws/services';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const NAME = 'amzn-s3-demo-logs';

function lines(rule: string, resources: object): string[] {
  const deployment = deploymentOf([{ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', template: { Parameters: { P: { Type: 'String' } }, Resources: resources } as any }]);
  return judge(deployment).filter((finding) => finding.rule.id === rule).map(({ isDecided, resource, problem }) => `${isDecided ? '' : 'not decided: '}${resource.logicalId}: ${problem}`);
}

const encryption = (SSEAlgorithm: string, KMSMasterKeyID?: unknown) => ({
  BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID }, BucketKeyEnabled: true }] },
});
const bucket = (properties: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: NAME, ...properties } });
const policy = (...Statement: object[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement } } });
const allow = (Service: string, changed: object = {}) => ({
  Effect: 'Allow', Principal: { Service }, Action: 's3:PutObject', Resource: `arn:aws:s3:::${NAME}/*`, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } }, ...changed,
});
const flowLog = { Type: 'AWS::EC2::FlowLog', Properties: { LogDestinationType: 's3', LogDestination: { 'Fn::GetAtt': ['Logs', 'Arn'] }, ResourceId: 'vpc-1', ResourceType: 'VPC' } };
const ofConfig = (role: string) => ({
  Recorder: { Type: 'AWS::Config::ConfigurationRecorder', Properties: { RoleARN: role } },
  Channel: { Type: 'AWS::Config::DeliveryChannel', Properties: { S3BucketName: { Ref: 'Logs' } } },
});
const TLS_ONLY = {
  Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${NAME}/*`, Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

describe('a delivery that a template configures', () => {
  const problem = "Source: 'Stack/Source' has delivery.logs.amazonaws.com deliver VPC flow logs to 'Stack/Logs', and the policy of the bucket does not let it write. Setting it up replaces the policy";

  test.each<[string, object]>([
    ['has no policy', {}],
    ['has a policy that lets nobody in', { Policy: policy(TLS_ONLY) }],
    ['lets another service in', { Policy: policy(allow('config.amazonaws.com')) }],
  ])('is found where the bucket %s', (_, resources) => {
    expect(lines('ServiceDelivery', { Logs: bucket(), Source: flowLog, ...resources })).toEqual([expect.stringContaining(problem)]);
  });

  test('is found where a statement of the policy stops it', () => {
    const deny = { Sid: 'Frozen', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${NAME}/*` };
    expect(lines('ServiceDelivery', { Logs: bucket(), Source: flowLog, Policy: policy(allow('delivery.logs.amazonaws.com'), TLS_ONLY, deny) })).toEqual([
      expect.stringContaining("'Stack/Source' has delivery.logs.amazonaws.com deliver VPC flow logs to 'Stack/Logs', and the statement 'Frozen' there stops it"),
    ]);
  });

  test.each<[string, object]>([
    ['the policy lets the service write', { Logs: bucket(), Policy: policy(allow('delivery.logs.amazonaws.com')), Source: flowLog }],
    ['it goes to a bucket that is not in the templates', { Logs: bucket(), Source: { ...flowLog, Properties: { ...flowLog.Properties, LogDestination: 'arn:aws:s3:::other' } } }],
    ['it goes to a log group', { Logs: bucket(), Source: { ...flowLog, Properties: { ...flowLog.Properties, LogDestinationType: 'cloud-watch-logs' } } }],
    ['AWS Config has a role of its own', { Logs: bucket(), ...ofConfig(`arn:aws:iam::${ACCOUNT}:role/Config`) }],
  ])('is silent where %s', (_, resources) => {
    expect(lines('ServiceDelivery', resources)).toEqual([]);
  });

  test('is not decided where the statement is not known', () => {
    const resources = { Logs: bucket(), Source: flowLog, Policy: policy(allow('delivery.logs.amazonaws.com', { Resource: { Ref: 'P' } })) };
    expect(lines('ServiceDelivery', resources)).toEqual([expect.stringContaining('not decided: Source: Whether the policy of')]);
  });

  test.each<[string, object, number]>([
    ['of that name', { ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/main` } }, 0],
    ['of any name', { ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` }, StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } }, 0],
    ['of another name', { ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/other` } }, 1],
    ['of another Region', { StringEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main` } }, 1],
    ['of another account', { StringEquals: { 'aws:SourceAccount': '444455556666' } }, 1],
  ])('is compared with the source that is allowed: a trail %s', (_, Condition, count) => {
    const Source = { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Logs' }, TrailName: 'main', IsLogging: true } };
    const found = lines('ServiceDelivery', { Logs: bucket(), Source, Policy: policy(allow('cloudtrail.amazonaws.com', { Condition })) });
    expect(found).toEqual(count === 0 ? [] : [expect.stringContaining('for other sources than arn:aws:cloudtrail:eu-west-1:111122223333:trail/main')]);
  });

  const source = (arn: string) => ({ Condition: { ArnLike: { 'aws:SourceArn': arn } } });
  const objects = (...patterns: string[]) => ({ Resource: patterns.map((pattern) => `arn:aws:s3:::${NAME}/${pattern}`) });
  const trail = (properties: object) => ({ Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Logs' }, IsLogging: true, ...properties } });
  const mail = { Type: 'AWS::SES::ReceiptRule', Properties: { RuleSetName: 'inbound', Rule: { Name: 'store', Actions: [{ S3Action: { BucketName: { Ref: 'Logs' }, ObjectKeyPrefix: 'mail/' } }] } } };
  const ofSet = (name: string) => source(`arn:aws:ses:eu-west-1:${ACCOUNT}:receipt-rule-set/${name}`);
  const lens = (properties: object) => ({ Type: 'AWS::S3::StorageLens', Properties: { StorageLensConfiguration: { Id: 'lens', DataExport: { S3BucketDestination: { Arn: { 'Fn::GetAtt': ['Logs', 'Arn'] } } }, ...properties } } });
  const organization = { AwsOrg: { Arn: `arn:aws:organizations::${ACCOUNT}:organization/o-exampleorgid` } };

  test.each<[string, object, string, object, boolean]>([
    ['a flow log and its Region', flowLog, 'delivery.logs', source(`arn:aws:logs:eu-west-1:${ACCOUNT}:*`), true],
    ['a flow log and another Region', flowLog, 'delivery.logs', source(`arn:aws:logs:us-east-1:${ACCOUNT}:*`), false],
    ['a receipt rule and its set', mail, 'ses', ofSet('inbound:*'), true],
    ['a receipt rule and another set', mail, 'ses', ofSet('other:*'), false],
    ['a receipt rule and another rule', mail, 'ses', ofSet('inbound:receipt-rule/other'), false],
    ['a receipt rule and its objects', mail, 'ses', objects('mail/*'), true],
    ['a receipt rule and other objects', mail, 'ses', objects('letters/*'), false],
    ['a trail that may have any name', trail({}), 'cloudtrail', source(`arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/*`), true],
    ['a trail and its objects', trail({ S3KeyPrefix: 'audit' }), 'cloudtrail', objects(`audit/AWSLogs/${ACCOUNT}/*`), true],
    ['a trail and objects without its prefix', trail({ S3KeyPrefix: 'audit' }), 'cloudtrail', objects(`AWSLogs/${ACCOUNT}/*`), false],
    ['a trail and some of the objects below', trail({}), 'cloudtrail', objects(`AWSLogs/${ACCOUNT}/CloudTrail/*`), true],
    ['an organization trail and its objects', trail({ IsOrganizationTrail: true }), 'cloudtrail', objects(`AWSLogs/${ACCOUNT}/*`, 'AWSLogs/o-exampleorgid/*'), true],
    ['an organization trail and objects of the account', trail({ IsOrganizationTrail: true }), 'cloudtrail', objects(`AWSLogs/${ACCOUNT}/*`), false],
    ['a dashboard and objects of the account', lens({}), 'storage-lens.s3', objects(`StorageLens/${ACCOUNT}/*`), true],
    ['a dashboard of an organization and objects of the account', lens(organization), 'storage-lens.s3', objects(`StorageLens/${ACCOUNT}/*`), false],
    ['a dashboard of an organization and its objects', lens(organization), 'storage-lens.s3', objects('StorageLens/o-exampleorgid/*'), true],
  ])('is compared part by part: %s', (_, Source, service, changed, isAllowed) => {
    const found = lines('ServiceDelivery', { Logs: bucket(), Source, Policy: policy(allow(`${service}.amazonaws.com`, { Condition: {}, ...changed })) });
    expect(found).toEqual(isAllowed ? [] : [expect.stringMatching(/It lets \S+ write (?:for other sources|other objects) than/)]);
  });

  test('is compared with names that CloudFormation draws', () => {
    const resources = { Logs: bucket(), Source: trail({}), Policy: policy(allow('cloudtrail.amazonaws.com', source(`arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/main`))) };
    const deployment = deploymentOf([{ name: 'Audit', deployedName: 'Audit', account: ACCOUNT, region: 'eu-west-1', template: { Resources: resources } as any }]);
    expect(judge(deployment).filter(({ rule: { id }, resource }) => id === 'ServiceDelivery' && resource.logicalId === 'Source')).toHaveLength(1);
  });

  test('of AWS Config with its service-linked role is one of the service', () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
    expect(lines('ServiceDelivery', { Logs: bucket(), ...ofConfig(role) })).toEqual([expect.stringContaining('config.amazonaws.com')]);
  });

  test('is found where the bucket encrypts with the AWS managed key', () => {
    const resources = { Logs: bucket(encryption('aws:kms')), Source: flowLog, Policy: policy(allow('delivery.logs.amazonaws.com')) };
    expect(lines('ServiceDelivery', resources)).toEqual([expect.stringContaining('is encrypted with the AWS managed key')]);
    expect(lines('ServiceDelivery', { ...resources, Logs: bucket(encryption('aws:kms', KEY)) })).toEqual([]);
  });

  test('of AWS WAF is found where the name of the bucket is another', () => {
    const Source = { Type: 'AWS::WAFv2::LoggingConfiguration', Properties: { LogDestinationConfigs: [{ 'Fn::GetAtt': ['Logs', 'Arn'] }] } };
    const resources = { Logs: bucket(), Source, Policy: policy(allow('delivery.logs.amazonaws.com')) };
    expect(lines('ServiceDelivery', resources)).toEqual([expect.stringContaining("must begin with 'aws-waf-logs-'")]);
  });

  test.each<[what: string, properties: object]>([
    ['the key', encryption('aws:kms', { Ref: 'P' })],
    ['the algorithm', { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: { Ref: 'P' } } }] } }],
    ['the encryption', { BucketEncryption: { Ref: 'P' } }],
  ])('is not decided where %s of the bucket is not known', (_, properties) => {
    const resources = { Logs: bucket(properties), Source: flowLog, Policy: policy(allow('delivery.logs.amazonaws.com')) };
    expect(lines('ServiceDelivery', resources)).toEqual([expect.stringMatching(/^not decided: Source: .*encrypted with the AWS managed key/)]);
    expect(lines('ServiceDelivery', { ...resources, Policy: policy(TLS_ONLY) })).toContainEqual(expect.stringMatching(/^Source: .*does not let it write/));
  });

  test('of AWS WAF is not decided where the name of the bucket is not known', () => {
    const Source = { Type: 'AWS::WAFv2::LoggingConfiguration', Properties: { LogDestinationConfigs: [{ 'Fn::GetAtt': ['Logs', 'Arn'] }] } };
    const named = (BucketName: unknown) => lines('ServiceDelivery', { Logs: bucket({ BucketName }), Source, Policy: policy(allow('delivery.logs.amazonaws.com', { Resource: { 'Fn::Sub': '${Logs.Arn}/*' } })) });
    expect(named({ Ref: 'P' })).toEqual([expect.stringMatching(/^not decided: Source: .*must begin with 'aws-waf-logs-'/)]);
    expect(named({ 'Fn::Sub': 'aws-waf-logs-${P}' })).toEqual([]);
    expect(named({ 'Fn::Sub': 'other-${P}' })).toEqual([expect.stringMatching(/^Source: .*must begin with 'aws-waf-logs-'/)]);
  });

  test('of GuardDuty brings its key: how the bucket encrypts by default does not matter', () => {
    const Source = { Type: 'AWS::GuardDuty::PublishingDestination', Properties: { DestinationType: 'S3', DestinationProperties: { DestinationArn: { 'Fn::GetAtt': ['Logs', 'Arn'] }, KmsKeyArn: KEY } } };
    expect(lines('ServiceDelivery', { Logs: bucket(encryption('AES256')), Source, Policy: policy(allow('guardduty.amazonaws.com')) })).toEqual([]);
    expect(lines('ServiceDelivery', { Logs: bucket(encryption('AES256')), Source, Policy: policy(allow('config.amazonaws.com')) })).toEqual([expect.stringContaining('does not let it write')]);
  });

  test('whose settings are not known breaks nothing', () => {
    for (const { type } of DELIVERY_SET_UPS) {
      const names = ['LogDestinationType', 'LogDestination', 'LoggingConfiguration', 'LoggingInfo', 'Rule', 'Export', 'StorageLensConfiguration', 'LoadBalancerAttributes', 'DistributionConfig', 'DestinationProperties'];
      expect(() => lines('ServiceDelivery', { Source: { Type: type, Properties: Object.fromEntries(names.map((name) => [name, { Ref: 'P' }])) } })).not.toThrow();
    }
  });
});

describe('a key', () => {
  const KEY_POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }] };
  const withKey = (properties: object) => ({ Logs: bucket(encryption('aws:kms', { 'Fn::GetAtt': ['Key', 'Arn'] })), Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: KEY_POLICY, ...properties } } });
  const statements = (...Statement: object[]) => ({ KeyPolicy: { ...KEY_POLICY, Statement } });
  const [OF_ACCOUNT] = KEY_POLICY.Statement;

  test.each<[string, object, string[]]>([
    ['that is as KMS makes it is fine', {}, []],
    ['that is disabled is found', { Enabled: false }, ['Key: The key is disabled: no object that is encrypted with it can be read or written.']],
    ['that is perhaps disabled is not decided', { Enabled: { Ref: 'P' } }, ['not decided: Key: Whether the key is enabled is not known before deployment.']],
    ['that nobody administers is found', statements({ ...OF_ACCOUNT, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }), ["Key: Nobody may change the key's policy (kms:PutKeyPolicy)."]],
    ['that denies everybody is found', statements(OF_ACCOUNT, { Sid: 'No', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }), [expect.stringContaining("Key: The statement 'No' of the key's policy denies everybody") as any]],
    ['that denies others is fine', statements(OF_ACCOUNT, { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } } }), []],
  ])('%s', (_, properties, expected) => {
    expect(lines('KeyUsable', withKey(properties))).toEqual(expected);
  });
});

describe('a service', () => {
  test('that is allowed everything is found, and one that delivers is not', () => {
    const found = lines('OverbroadGrant', { Logs: bucket(), Policy: policy(allow('config.amazonaws.com', { Action: 's3:*', Resource: [`arn:aws:s3:::${NAME}`, `arn:aws:s3:::${NAME}/*`], Sid: 'All' })) });
    expect(found).toContainEqual(expect.stringContaining("The statement 'All' lets config.amazonaws.com administer the bucket: s3:PutBucketPolicy, s3:DeleteBucketPolicy,"));
    expect(lines('OverbroadGrant', { Logs: bucket(), Policy: policy(allow('config.amazonaws.com')) })).toEqual([]);
  });

  const ANY_ACCOUNT = /lets a service act for any account/;
  const unconditioned = (changed: object) => lines('OverbroadGrant', { Logs: bucket(), Policy: policy(allow('redshift.amazonaws.com', { Condition: {}, Sid: 'Audit', ...changed })) });
  const folder = `arn:aws:s3:::${NAME}/audit/AWSLogs/${ACCOUNT}/*`;

  test('of which AWS documents no condition is confined by the folder of the account', () => {
    expect(unconditioned({ Resource: folder })).toEqual([]);
    expect(unconditioned({ Action: ['s3:PutObject', 's3:GetBucketAcl'], Resource: [`arn:aws:s3:::${NAME}`, folder] })).toEqual([]);
    expect(unconditioned({ Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }, Resource: folder })).toEqual([]);
  });

  test.each<[string, object]>([
    ['everywhere', {}],
    ['in the folders of all accounts', { Resource: `arn:aws:s3:::${NAME}/AWSLogs/*` }],
    ['in a folder that only ends so', { Resource: `arn:aws:s3:::${NAME}/*AWSLogs/${ACCOUNT}/*` }],
    ['by other actions than it needs', { Action: ['s3:PutObject', 's3:GetObject'], Resource: folder }],
    ['beside another service', { Principal: { Service: ['redshift.amazonaws.com', 'cloudtrail.amazonaws.com'] }, Resource: folder }],
    ['where AWS documents a condition', { Principal: { Service: 'cloudtrail.amazonaws.com' }, Resource: folder }],
  ])('of which AWS documents no condition is not confined %s', (_, changed) => {
    expect(unconditioned(changed)).toContainEqual(expect.stringMatching(ANY_ACCOUNT));
  });

  test('that is allowed everything on objects alone is found, too', () => {
    const found = lines('OverbroadGrant', { Logs: bucket(), Policy: policy(allow('config.amazonaws.com', { Action: 's3:*', Sid: 'All' })) });
    expect(found).toContainEqual(expect.stringContaining("The statement 'All' lets config.amazonaws.com administer the bucket"));
  });
});

describe('another account', () => {
  const partner = (Condition?: object) => policy({ Sid: 'Partner', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: ['s3:PutObject', 's3:PutObjectAcl'], Resource: `arn:aws:s3:::${NAME}/*`, ...(Condition ? { Condition } : {}) });
  const owned = (ObjectOwnership: unknown) => bucket({ OwnershipControls: { Rules: [{ ObjectOwnership }] } });

  test('that may change lists of objects is found where lists are on, unless it has to give the owner full control', () => {
    expect(lines('OverbroadGrant', { Logs: owned('ObjectWriter'), Policy: partner() })).toEqual([expect.stringContaining("The statement 'Partner' lets another account give access to objects past the policy: s3:PutObjectAcl")]);
    expect(lines('OverbroadGrant', { Logs: owned('ObjectWriter'), Policy: partner({ StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } }) })).toEqual([]);
    expect(lines('OverbroadGrant', { Logs: owned('BucketOwnerEnforced'), Policy: partner() })).toEqual([]);
    expect(lines('OverbroadGrant', { Logs: bucket(), Policy: partner() })).toEqual([]);
    expect(lines('OverbroadGrant', { Logs: owned({ Ref: 'P' }), Policy: partner() })).toEqual([expect.stringContaining('not decided')]);
  });
});

describe('an origin that is no bucket', () => {
  const site = (origin: object) => ({ Site: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { Origins: [{ Id: 'api', DomainName: 'api.example.com', CustomOriginConfig: origin }] } } } });
  const offered = (origin: object) => lines('DistributionTls', site(origin)).filter((line) => line.includes("'api'"));

  test.each<[string, object, number]>([
    ['is offered TLS 1.2 alone', { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }, 0],
    ['is offered TLS 1.0', { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1', 'TLSv1.2'] }, 1],
    ['is offered SSLv3', { OriginProtocolPolicy: 'match-viewer', OriginSSLProtocols: ['SSLv3'] }, 1],
    ['is spoken to in the clear, which is another matter', { OriginProtocolPolicy: 'http-only', OriginSSLProtocols: ['SSLv3'] }, 0],
  ])('%s', (_, origin, count) => {
    expect(offered(origin)).toHaveLength(count);
  });
});

describe('replication of a bucket that encrypts with KMS', () => {
  const source = (rule: object) => ({ Data: { Type: 'AWS::S3::Bucket', Properties: { ...encryption('aws:kms', KEY), ReplicationConfiguration: { Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::other' }, ...rule }] } } } });
  const selecting = (Status: unknown) => ({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status } } });

  test.each<[string, object, string[]]>([
    ['is found where it leaves those objects out', {}, [expect.stringContaining('leaves out all objects') as any]],
    ['is silent where it selects them', selecting('Enabled'), []],
    ['is not decided where the selection is not known', selecting({ Ref: 'P' }), [expect.stringContaining('not decided: ') as any]],
    ['is silent where the rule is off', { Status: 'Disabled' }, []],
  ])('%s', (_, rule, expected) => {
    expect(lines('ReplicaDestination', source(rule))).toEqual(expected);
  });
});
