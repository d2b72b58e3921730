import { App, Aspects, BootstraplessSynthesizer, CfnParameter, CliCredentialsStackSynthesizer, Duration, LegacyStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket, SecureBucketProps } from '../../src';
import { PRODUCER, policyStatements, sids, synthesisErrors, testStack, warnings } from '../support/apps';

const VPC_ENDPOINT = 'vpce-0abc123def4567890';

describe('a bare SecureBucket', () => {
  const stack = testStack();
  new SecureBucket(stack, 'Data');
  const template = Template.fromStack(stack);

  test('blocks public access, disables ACLs, versions, encrypts with its own key, blocks SSE-C, is logged and retained', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{
            BucketKeyEnabled: true,
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('DataKey'), 'Arn'] } },
          }],
        },
        LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^SecureBucketAccessLogs') }, LogFilePrefix: 'Data/' },
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('rotates and retains its key', () => {
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResource('AWS::KMS::Key', { Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('enforces TLS and its key', () => {
    expect(sids(stack, 'DataPolicy')).toEqual(['DenyInsecureTransport', 'DenyOutdatedTls', 'DenyUnencryptedUploads', 'DenyOtherKeys', 'DenyAwsManagedKey', 'DenyCustomerProvidedKeys', 'DenyOtherKeysForExistingObjects']);
  });
});

describe('refuses', () => {
  const allFour = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
  const blockPublicAccess = (options: s3.BlockPublicAccessOptions) => new s3.BlockPublicAccess({ ...allFour, ...options });

  test.each<[string, string, s3.BucketProps]>([
    ['public read', "'publicReadAccess'", { publicReadAccess: true }],
    ['an index document', "'websiteIndexDocument'", { websiteIndexDocument: 'index.html' }],
    ['an error document', "'websiteErrorDocument'", { websiteErrorDocument: 'error.html' }],
    ['a website redirect', "'websiteRedirect'", { websiteRedirect: { hostName: 'example.com' } }],
    ['website routing', "'websiteRoutingRules'", { websiteRoutingRules: [{ hostName: 'example.com' }] }],
    ['three of four settings', "'blockPublicAccess' leaves 'restrictPublicBuckets' off", { blockPublicAccess: blockPublicAccess({ restrictPublicBuckets: false }) }],
    ['settings left open', "'blockPublicAccess' leaves 'blockPublicPolicy', 'restrictPublicBuckets' off", { blockPublicAccess: new s3.BlockPublicAccess({ blockPublicAcls: true, ignorePublicAcls: true }) }],
    ['blocking ACLs only', "'blockPublicAccess'", { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY }],
    ['a public ACL', "'accessControl'", { accessControl: s3.BucketAccessControl.PUBLIC_READ }],
    ['the log delivery ACL', "'accessControl'", { accessControl: s3.BucketAccessControl.LOG_DELIVERY_WRITE }],
    ['objects owned by their writers', "'objectOwnership'", { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER }],
    ['preferred ownership', "'objectOwnership'", { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED }],
    ['no encryption', "'encryption: UNENCRYPTED'", { encryption: s3.BucketEncryption.UNENCRYPTED }],
    ['S3-managed keys', "'encryption: S3_MANAGED'", { encryption: s3.BucketEncryption.S3_MANAGED }],
    ['the AWS managed key', "'encryption: KMS_MANAGED'", { encryption: s3.BucketEncryption.KMS_MANAGED }],
    ['the AWS managed key, twice', "'encryption: DSSE_MANAGED'", { encryption: s3.BucketEncryption.DSSE_MANAGED }],
    ['plain HTTP', "'enforceSSL: false'", { enforceSSL: false }],
    ['no bucket key', "'bucketKeyEnabled: false'", { bucketKeyEnabled: false }],
    ['a bucket key with DSSE', "'bucketKeyEnabled' does not go with DSSE", { encryption: s3.BucketEncryption.DSSE, bucketKeyEnabled: true }],
    ['TLS 1.1', "'minimumTLSVersion' is 1.1", { minimumTLSVersion: 1.1 }],
    ['TLS 1.4', "'minimumTLSVersion' is 1.4", { minimumTLSVersion: 1.4 }],
    ['no versions', "'versioned: false'", { versioned: false }],
    ['SSE-C', "'blockedEncryptionTypes'", { blockedEncryptionTypes: [s3.BlockedEncryptionType.NONE] }],
    ['a value that types would not let through', "'encryption: NONE'", { encryption: 'NONE' as any }],
  ])('%s', (_, message, props) => {
    const stack = testStack();
    expect(() => new SecureBucket(stack, 'Data', props)).toThrow(`'Stack/Data': ${message}`);
    expect(() => new SecureBucket(stack, 'Data2', props)).toThrow(expect.objectContaining({ type: 'validation' }));
  });

  test('and names an alternative each time', () => {
    expect(() => new SecureBucket(testStack(), 'Data', { publicReadAccess: true })).toThrow(/CloudFront with origin access control/);
    expect(() => new SecureBucket(testStack(), 'Data', { encryption: s3.BucketEncryption.S3_MANAGED })).toThrow(/BucketEncryption\.KMS or BucketEncryption\.DSSE/);
  });

  test('a refused bucket leaves nothing behind', () => {
    const stack = testStack();
    expect(() => new SecureBucket(stack, 'Data', { versioned: false })).toThrow();
    expect(stack.node.findAll()).toEqual([stack]);
  });

  test('the app may be the scope', () => {
    expect(() => new SecureBucket(new App() as any, 'Data', { versioned: false })).toThrow("'Data': 'versioned: false'");
  });
});

describe('takes the safe values of s3.BucketProps as they are', () => {
  test.each<[string, s3.BucketProps]>([
    ['all four settings', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL }],
    ['the default ACL', { accessControl: s3.BucketAccessControl.PRIVATE }],
    ['enforced ownership', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED }],
    ['enforceSSL with TLS 1.2', { enforceSSL: true, minimumTLSVersion: 1.2 }],
    ['KMS with bucket key', { encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true }],
    ['versions', { versioned: true }],
    ['blocked SSE-C', { blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C] }],
  ])('%s', (_, props) => {
    const [given, bare] = [props, {}].map((bucketProps) => {
      const stack = testStack();
      new SecureBucket(stack, 'Data', bucketProps);
      return Template.fromStack(stack).toJSON();
    });
    expect(given).toEqual(bare);
  });

  test('settings that the feature flag turns on', () => {
    const stack = testStack(undefined, { context: { '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true } });
    expect(() => new SecureBucket(stack, 'Data', { blockPublicAccess: new s3.BlockPublicAccess({ blockPublicAcls: true }) })).not.toThrow();
  });

  test('TLS 1.3', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { minimumTLSVersion: 1.3 });
    expect(policyStatements(stack, 'DataPolicy')[1].Condition).toEqual({ NumericLessThan: { 's3:TlsVersion': 1.3 } });
  });

  test('DSSE-KMS: its key rotates, it has no bucket key, and uploads may name aws:kms:dsse only', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { encryption: s3.BucketEncryption.DSSE });
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: false, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms:dsse' } }] },
    });
    expect(policyStatements(stack, 'DataPolicy')[2].Condition.StringNotEquals).toEqual({ 's3:x-amz-server-side-encryption': 'aws:kms:dsse' });
  });

  test('removal with its objects; the key stays', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    Template.fromStack(stack).hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
  });
});

describe('finds escape hatches at synthesis', () => {
  const weaken = (how: (bucket: s3.CfnBucket) => void, props: SecureBucketProps = {}) => {
    const stack = testStack();
    how(new SecureBucket(stack, 'Data', props).node.defaultChild as s3.CfnBucket);
    return synthesisErrors(stack);
  };

  test.each<[string, string, (bucket: s3.CfnBucket) => void]>([
    ['a public access setting', 'PublicAccessBlockConfiguration', (bucket) => bucket.addPropertyOverride('PublicAccessBlockConfiguration.RestrictPublicBuckets', false)],
    ['a public access setting as text', 'PublicAccessBlockConfiguration', (bucket) => bucket.addPropertyOverride('PublicAccessBlockConfiguration.RestrictPublicBuckets', 'false')],
    ['all of them', 'PublicAccessBlockConfiguration', (bucket) => bucket.addPropertyDeletionOverride('PublicAccessBlockConfiguration')],
    ['one of them, in place', 'PublicAccessBlockConfiguration', (bucket) => { (bucket.publicAccessBlockConfiguration as any) = { ...bucket.publicAccessBlockConfiguration, blockPublicPolicy: false }; }],
    ['ownership', 'OwnershipControls', (bucket) => bucket.addPropertyOverride('OwnershipControls.Rules.0.ObjectOwnership', 'ObjectWriter')],
    ['ownership, by assignment', 'OwnershipControls', (bucket) => { bucket.ownershipControls = undefined; }],
    ['an ACL', 'AccessControl', (bucket) => bucket.addPropertyOverride('AccessControl', 'PublicRead')],
    ['an ACL, by assignment', 'AccessControl', (bucket) => { bucket.accessControl = 'PublicRead'; }],
    ['a website', 'WebsiteConfiguration', (bucket) => { bucket.websiteConfiguration = { indexDocument: 'index.html' }; }],
    ['versioning', 'VersioningConfiguration', (bucket) => bucket.addPropertyOverride('VersioningConfiguration.Status', 'Suspended')],
    ['encryption', 'BucketEncryption', (bucket) => bucket.addPropertyOverride('BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault', { SSEAlgorithm: 'AES256' })],
    ['the key', 'BucketEncryption', (bucket) => bucket.addPropertyDeletionOverride('BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID')],
    ['the AWS managed key', 'BucketEncryption', (bucket) => bucket.addPropertyOverride('BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID', 'alias/aws/s3')],
    ['the bucket key', 'BucketEncryption', (bucket) => bucket.addPropertyOverride('BucketEncryption.ServerSideEncryptionConfiguration.0.BucketKeyEnabled', false)],
    ['SSE-C', 'BucketEncryption', (bucket) => bucket.addPropertyOverride('BucketEncryption.ServerSideEncryptionConfiguration.0.BlockedEncryptionTypes.EncryptionType', ['NONE'])],
    ['access logs', 'LoggingConfiguration', (bucket) => bucket.addPropertyDeletionOverride('LoggingConfiguration')],
    ['access logs, to the bucket itself', 'LoggingConfiguration', (bucket) => bucket.addPropertyDeletionOverride('LoggingConfiguration.DestinationBucketName')],
    ['by an override of everything', 'PublicAccessBlockConfiguration', (bucket) => bucket.addOverride('Properties', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: false },
    })],
    ['by an aspect', 'VersioningConfiguration', (bucket) => Aspects.of(bucket).add({ visit: (node) => { (node as s3.CfnBucket).versioningConfiguration = undefined; } })],
  ])('%s', (_, property, how) => {
    expect(weaken(how)).toContain(`'Stack/Data': the synthesized template weakens '${property}'`);
  });

  test('but lets others through', () => {
    expect(weaken((bucket) => bucket.addPropertyOverride('Tags', [{ Key: 'team', Value: 'data' }]))).toBe('');
    expect(weaken((bucket) => { bucket.accelerateConfiguration = { accelerationStatus: 'Enabled' }; })).toBe('');
  });

  test('rotation of its own key', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data');
    (bucket.encryptionKey!.node.defaultChild as kms.CfnKey).addPropertyOverride('EnableKeyRotation', false);
    expect(synthesisErrors(stack)).toContain("'Stack/Data': the synthesized template weakens 'EnableKeyRotation'");
  });
});

describe('stays private', () => {
  const everyone = new iam.PolicyStatement({ sid: 'Public', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'] });

  test('addToResourcePolicy refuses an Allow to everyone', () => {
    const bucket = new SecureBucket(testStack(), 'Data');
    expect(() => bucket.addToResourcePolicy(everyone)).toThrow("'Stack/Data': the statement 'Public' would make the bucket public");
  });

  test('addToResourcePolicy takes an Allow to an organization', () => {
    const bucket = new SecureBucket(testStack(), 'Data');
    const statement = new iam.PolicyStatement({ principals: [new iam.OrganizationPrincipal('o-exampleorgid')], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] });
    expect(bucket.addToResourcePolicy(statement).statementAdded).toBe(true);
  });

  test('a public statement that got past it is found at synthesis', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data').policy!.document.addStatements(everyone);
    expect(synthesisErrors(stack)).toContain("'Stack/Data': the statement 'Public' would make the bucket public");
  });

  test('one that an override adds, too', () => {
    const stack = testStack();
    const policy = new SecureBucket(stack, 'Data').policy!.node.defaultChild as s3.CfnBucketPolicy;
    policy.addPropertyOverride('PolicyDocument.Statement.6', { Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' });
    expect(synthesisErrors(stack)).toContain("'Stack/Data': the statement 'Public' would make the bucket public");
  });

  test('a grant to everyone is refused', () => {
    const bucket = new SecureBucket(testStack(), 'Data');
    expect(() => bucket.grantRead(new iam.AnyPrincipal())).toThrow('would make the bucket public');
    expect(() => bucket.grantPublicAccess()).toThrow("'Stack/Data': 'grantPublicAccess' would make the objects public. Grant access to principals");
    expect(() => bucket.grants.publicAccess()).toThrow();
  });
});

describe('its network perimeter', () => {
  const network = { vpcEndpointIds: [VPC_ENDPOINT] };
  const isServiceLinked = (arn: unknown) => JSON.stringify(arn).includes(':role/aws-service-role/*');
  const exempt = (stack: Stack) => policyStatements(stack, 'DataPolicy').find(({ Sid }) => Sid === 'DenyOutsideVpce').Condition.ArnNotLike['aws:PrincipalArn']
    .filter((arn: unknown) => !isServiceLinked(arn));

  test.each([
    ['CliCredentialsStackSynthesizer', () => new CliCredentialsStackSynthesizer()],
    ['LegacyStackSynthesizer', () => new LegacyStackSynthesizer()],
  ])('is refused with the %s, which knows no execution role, unless an administrator is named', (_, synthesizer) => {
    expect(() => new SecureBucket(testStack({ synthesizer: synthesizer() }), 'Data', { network })).toThrow('would lock out everybody who could repair it');
    expect(() => new SecureBucket(testStack({ synthesizer: synthesizer() }), 'Data', { network, administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/BreakGlass')] })).not.toThrow();
  });

  test('lets the execution role of a BootstraplessSynthesizer through', () => {
    const stack = testStack({ synthesizer: new BootstraplessSynthesizer({ cloudFormationExecutionRoleArn: 'arn:aws:iam::111122223333:role/Deploy' }) });
    new SecureBucket(stack, 'Data', { network });
    expect(exempt(stack)).toEqual(['arn:aws:iam::111122223333:role/Deploy']);
  });

  test('names the execution role in any account, Region and partition', () => {
    const stack = testStack({});
    new SecureBucket(stack, 'Data', { network });
    expect(exempt(stack)).toEqual([{
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/cdk-hnb659fds-cfn-exec-role-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' },
      ]],
    }]);
  });

  test.each<[string, iam.IPrincipal, string]>([
    ['everyone', new iam.AnyPrincipal(), 'is too wide'],
    ['a whole account', new iam.AccountPrincipal('111122223333'), 'the whole account 111122223333'],
    ['every role', new iam.ArnPrincipal('arn:aws:iam::111122223333:role/*'), 'is too wide'],
    ['a role of any account', new iam.ArnPrincipal('arn:aws:iam::*:role/Admin'), 'is too wide'],
    ['a session', new iam.ArnPrincipal('arn:aws:sts::111122223333:assumed-role/Admin/me'), 'is a session'],
    ['a service', new iam.ServicePrincipal('lambda.amazonaws.com'), 'is no role or user'],
    ['an organization', new iam.OrganizationPrincipal('o-exampleorgid'), 'is too wide'],
  ])('refuses as administrator %s', (_, administrator, message) => {
    expect(() => new SecureBucket(testStack(), 'Data', { network, administrators: [administrator] })).toThrow(message);
  });

  test('takes roles of the app, and patterns within a name', () => {
    const stack = testStack();
    const role = new iam.Role(stack, 'Admin', { assumedBy: new iam.AccountRootPrincipal() });
    const permissionSet = (region: string) => `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_Admin_*`;
    new SecureBucket(stack, 'Data', { network, administrators: [role, new iam.ArnPrincipal(permissionSet('*/'))] });
    expect(exempt(stack).slice(1)).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Admin/), 'Arn'] }, permissionSet('*/'), permissionSet('')]);
  });

  test.each<[string, object, string]>([
    ['no members', {}, 'has no members'],
    ['empty lists', { vpcEndpointIds: [], vpcIds: [], ipRanges: [] }, 'has no members'],
    ['a malformed endpoint', { vpcEndpointIds: ['vpce-abc'] }, "'vpce-abc' is not a VPC endpoint id"],
    ['a malformed VPC', { vpcIds: ['vpc'] }, "'vpc' is not a VPC id"],
    ['a malformed range', { ipRanges: ['203.0.113.0/40'] }, 'is not an address range'],
    ['a private range', { ipRanges: ['10.0.0.0/16'] }, 'is private'],
    ['everywhere', { ipRanges: ['0.0.0.0/0'] }, 'counts it as public'],
  ])('refuses %s', (_, perimeter, message) => {
    expect(() => new SecureBucket(testStack(), 'Data', { network: perimeter })).toThrow(message);
  });

  test('takes tokens for what they are: unknown', () => {
    const stack = testStack();
    const [endpoint, vpcs] = [new CfnParameter(stack, 'Endpoint'), new CfnParameter(stack, 'Vpcs', { type: 'CommaDelimitedList' })];
    new SecureBucket(stack, 'Data', { network: { vpcEndpointIds: [endpoint.valueAsString], vpcIds: vpcs.valueAsList } });
    expect(sids(stack, 'DataPolicy')).toContain('DenyOutsideNetwork');
  });
});

describe('its organization perimeter refuses', () => {
  test.each([
    [{ organizationIds: [] }, 'names no organization'],
    [{ organizationIds: ['exampleorgid'] }, "'exampleorgid' is not an organization id"],
    [{ organizationIds: ['o-exampleorgid'], trustedAccounts: ['4444'] }, "'4444' is not an AWS account id"],
  ])('%j', (organization, message) => {
    expect(() => new SecureBucket(testStack(), 'Data', { organization })).toThrow(message);
  });
});

describe('environments', () => {
  test.each([
    ['an environment of unknown account and Region', {}],
    ['cn', { env: { account: '111122223333', region: 'cn-north-1' } }],
    ['us-gov', { env: { account: '111122223333', region: 'us-gov-west-1' } }],
  ])('%s: ARNs carry its partition', (_, props) => {
    const stack = testStack(props);
    new SecureBucket(stack, 'Data', { network: { vpcEndpointIds: [VPC_ENDPOINT] }, organization: { organizationIds: ['o-exampleorgid'] }, presignedUrlMaxAge: Duration.minutes(15) });
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/"arn:aws:|arn:aws:s3/);
  });

  test('one log bucket a stack, under the same logical ID in every stack', () => {
    const app = new App();
    const stacks = ['A', 'B'].map((id) => new Stack(app, id, { env: PRODUCER }));
    stacks.forEach((stack) => ['One', 'Two'].forEach((id) => new SecureBucket(stack, id)));
    const [first, second] = stacks.map((stack) => Object.keys(Template.fromStack(stack).findResources('AWS::S3::Bucket')).filter((id) => id.includes('Logs')));
    expect(first).toEqual(['SecureBucketAccessLogsE49EB61F']);
    expect(second).toEqual(first);
  });
});

test('a bare bucket warns of nothing', () => {
  expect(warnings(new SecureBucket(testStack(), 'Data'))).toEqual([]);
});

test('a bucket that exists already is an unguarded IBucket, whatever class imports it', () => {
  const stack = testStack();
  const imported = [
    SecureBucket.fromBucketName(stack, 'ByName', 'legacy'),
    SecureBucket.fromBucketArn(stack, 'ByArn', 'arn:aws:s3:::legacy'),
    SecureBucket.fromBucketAttributes(stack, 'ByAttributes', { bucketName: 'legacy' }),
    SecureBucket.fromCfnBucket(new s3.CfnBucket(stack, 'Resource')),
  ];
  expect(imported.filter((bucket) => bucket instanceof SecureBucket)).toEqual([]);
  expect(imported.slice(0, 3).map(({ bucketName }) => bucketName)).toEqual(['legacy', 'legacy', 'legacy']);
  Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
});
