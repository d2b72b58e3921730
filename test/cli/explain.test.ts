import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DENIED_COPY, DENIED_READ, THROUGH_ENDPOINT } from './cloudtrail-records';
import { file, IN_ENVIRONMENT, json, LEGACY, REPORTS, secureBucket } from './terminal';

const READER = 'arn:aws:iam::444455556666:role/ReportReader';
const reading = (...options: string[]) => ['explain', REPORTS, ...IN_ENVIRONMENT, '--principal', READER, '--action', 's3:GetObject', '--resource', 'Reports', '--key', 'monthly/1.csv', ...options];
const INSIDE = ['--context', 'aws:SourceVpce=vpce-0abc123def4567890'];

/** What is true around the templates: the reader's own policy, in its account. */
const ASSUMPTIONS = file({
  accounts: { 444455556666: { organizationId: 'o-exampleorgid' } },
  principals: { [READER]: { permissionsBoundary: null, identityPolicies: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: ['s3:GetObject', 'kms:Decrypt'], Resource: '*' } }] } },
});

describe('secure-bucket explain', () => {
  test('names the layer, the statement and the file of a deny', () => {
    const { exitCode, out } = secureBucket(...reading());
    expect(exitCode).toBe(2);
    expect(out).toContain('Denied by bucket-policy, statement DenyOutsideVpce: aws:SourceVpce must be vpce-0abc123def4567890, and the request has none.\n');
    expect(out).toContain(`  ${READER} calls s3:GetObject on arn:aws:s3:::amzn-s3-demo-reports-111122223333/monthly/1.csv.\n`);
    expect(out).toMatch(/Deny: 'DenyOutsideVpce' PolicyDocument\.Statement\[2] of reports\/ReportsPolicy in \S+reports\.yaml/);
  });

  test('takes a key that is there and empty', () => {
    const { decisions: [{ request }] } = json(...reading(...INSIDE, 'aws:PrincipalTag/team=""'));
    expect(request.context).toEqual({ 'aws:SourceVpce': 'vpce-0abc123def4567890', 'aws:PrincipalTag/team': '' });
  });

  test('takes condition keys, several of them, and several values of one', () => {
    const { decisions: [{ request, decidedBy }] } = json(...reading(...INSIDE, 'aws:PrincipalTag/team=a', 'aws:PrincipalTag/team=b', 'aws:PrincipalOrgID='));
    expect(request.context).toEqual({ 'aws:SourceVpce': 'vpce-0abc123def4567890', 'aws:PrincipalTag/team': ['a', 'b'], 'aws:PrincipalOrgID': null });
    expect(decidedBy).toBe('identity-policies'); // which are not in the templates; and no longer the bucket policy
  });

  test('decides with what is assumed of the world around the templates', () => {
    const key = (session: any) => session.decisions[0].layers.find(({ layer }: { layer: string }) => layer === 'identity-policies').verdict;
    expect(key(json(...reading(...INSIDE)))).not.toBe('allows');
    expect(key(json(...reading(...INSIDE, '--assume', ASSUMPTIONS)))).toBe('allows');
  });

  test('what is not decided is not 0', () => {
    const listing = ['explain', REPORTS, ...IN_ENVIRONMENT, '--principal', 'arn:aws:iam::111122223333:role/Elsewhere', '--action', 's3:ListBucket', '--resource', 'Reports', ...INSIDE];
    const { exitCode, out } = secureBucket(...listing);
    expect(out).toMatch(/^Not decided by identity-policies: .* calls s3:ListBucket/);
    expect(exitCode).toBe(2);
    const allowing = { principals: { 'arn:aws:iam::111122223333:role/Elsewhere': { identityPolicies: [{ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }] } } };
    expect(secureBucket(...listing, '--assume', file(allowing))).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Allowed: /) });
  });

  test('says why a deny for a canonical user is not decided', () => {
    const bucketPolicy = { Effect: 'Deny', Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }, Action: 's3:*', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' };
    const template = file({
      Resources: {
        B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        P: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'B' }, PolicyDocument: { Version: '2012-10-17', Statement: [bucketPolicy] } } },
        R: {
          Type: 'AWS::IAM::Role',
          Properties: { RoleName: 'R', AssumeRolePolicyDocument: { Statement: [] }, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }] },
        },
      },
    });
    const asking = ['explain', template, ...IN_ENVIRONMENT, '--principal', 'arn:aws:iam::111122223333:role/R', '--action', 's3:GetObject', '--resource', 'B', '--key', 'x'];
    const { exitCode, out } = secureBucket(...asking);
    expect(exitCode).toBe(2);
    expect(out).toMatch(/^Not decided by bucket-policy: /);
    expect(out).toContain('  It is not decided whether the bucket policy denies s3:GetObject: whether Statement[0] applies depends on which account the canonical user 79a59df900b9… is, and the policy does not tell.\n  Name the account by its number instead');
    expect(json(...asking).decisions[0].layers).toContainEqual(expect.objectContaining({ layer: 'bucket-policy', verdict: 'not-decided', reason: expect.stringContaining('the canonical user 79a59df900b9…') }));
  });

  test('says what to provide where a parameter leaves it open', () => {
    const statement = { Sid: 'Partner', Effect: 'Allow', Principal: { AWS: { Ref: 'Reader' } }, Action: 's3:GetObject', Resource: '*' };
    const template = file({
      Resources: {
        B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        P: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'B' }, PolicyDocument: { Statement: [statement] } } },
      },
    }, 'data.json');
    const asking = ['--principal', READER, '--action', 's3:GetObject', '--resource', 'B', '--key', 'x', '--assume', ASSUMPTIONS];
    const { out } = secureBucket('explain', template, ...IN_ENVIRONMENT, ...asking);
    const stack = /depends on the parameter 'Reader' of the stack '(\d+-data)'\.\n/.exec(out)?.[1];
    expect(out).toContain("whether the statement 'Partner' applies depends on the parameter 'Reader'");
    expect(out).toContain(`\n  Provide it: --parameters Reader=<value>, or 'parameters.${stack}.Reader' in the file of --assume.`);
  });

  test('knows that Block Public Access comes before a public policy', () => {
    const { exitCode, out } = secureBucket('explain', LEGACY, '--principal', 'anonymous', '--action', 's3:GetObject', '--resource', 'legacy/Uploads', '--key', 'a');
    expect([out.split(':')[0], exitCode]).toEqual(['Denied by block-public-access', 2]);
  });
});

describe('secure-bucket explain --event', () => {
  const explained = (record: unknown, ...options: string[]) => json('explain', REPORTS, '--event', file(record, 'record.json'), ...options);

  test('takes the request from the record: who, what, on which object, from where, how', () => {
    const { outcome, decisions } = explained(DENIED_READ);
    expect(outcome).toBe('denied');
    expect(decisions).toHaveLength(1);
    expect(decisions[0].request).toEqual({
      principal: 'arn:aws:sts::444455556666:assumed-role/ReportReader/nightly',
      operation: 'GetObject',
      headers: {},
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::amzn-s3-demo-reports-111122223333/monthly/2026-02.csv',
      context: {
        'aws:SourceIp': '198.51.100.20',
        'aws:SecureTransport': 'true',
        's3:TlsVersion': '1.3',
        's3:signatureversion': 'AWS4-HMAC-SHA256',
        's3:authType': 'REST-HEADER',
        'aws:userid': 'AROAIDPPEZS35WEXAMPLE:nightly',
        'aws:MultiFactorAuthPresent': 'false',
        'aws:RequestedRegion': 'eu-west-1',
        'aws:CurrentTime': '2026-03-02T01:02:03Z',
        'aws:UserAgent': 'aws-cli/2.15.0',
      },
    });
    expect(decisions[0]).toMatchObject({ decidedBy: 'bucket-policy', recorded: { eventName: 'GetObject', errorCode: 'AccessDenied' } });
    expect(decisions[0].layers.find(({ layer }: { layer: string }) => layer === 'bucket-policy').statements[0].sid).toBe('DenyOutsideVpce');
  });

  test('tells a call through a VPC endpoint from one over the internet', () => {
    const { decisions: [{ request, decidedBy }] } = explained(THROUGH_ENDPOINT, '--assume', ASSUMPTIONS);
    expect(request.context).toMatchObject({ 'aws:SourceVpce': 'vpce-0abc123def4567890', 'aws:VpceAccount': '444455556666', 'aws:VpcSourceIp': '10.0.1.7', 'aws:SourceIp': null });
    expect(decidedBy).toBe('kms-key');
  });

  test('shows what S3 answered, and says so if the templates are not the reason', () => {
    const { out } = secureBucket('explain', LEGACY, '--event', file({ ...DENIED_READ, userIdentity: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }, requestParameters: { bucketName: 'amzn-s3-demo-uploads', key: 'a' } }));
    expect(out).toContain('  Recorded: AccessDenied: User: ');
    expect(out).toMatch(/^(?:Allowed: anonymous|Denied by \S+: anonymous|Not decided by \S+: anonymous) calls GetObject/);
  });

  test.each([
    ['a log file', { Records: [{ ...DENIED_READ, errorCode: undefined, eventName: 'HeadObject' }, DENIED_READ, { ...DENIED_READ, eventSource: 'kms.amazonaws.com', eventName: 'Decrypt' }] }],
    ['what aws cloudtrail lookup-events prints', { Events: [{ EventName: 'GetObject', CloudTrailEvent: JSON.stringify(DENIED_READ) }] }],
    ['an event of EventBridge', { 'source': 'aws.s3', 'detail-type': 'AWS API Call via CloudTrail', 'detail': DENIED_READ }],
    ['a list of records', [DENIED_READ]],
  ])('takes %s, and of it the call that was denied', (_, content) => {
    expect(explained(content).decisions.map(({ request, recorded }: any) => `${request.action} ${recorded.errorCode}`)).toEqual(['s3:GetObject AccessDenied']);
  });

  test('explains a copy by both of its sides, with the encryption that the upload asked for', () => {
    const { decisions } = explained(DENIED_COPY);
    expect(decisions[0].parts.map(({ action, resource }: any) => `${action} ${resource}`)).toEqual([
      's3:PutObject arn:aws:s3:::amzn-s3-demo-reports-111122223333/monthly/copy.csv',
      's3:GetObject arn:aws:s3:::amzn-s3-demo-drafts/a draft.csv',
      's3:GetObjectTagging arn:aws:s3:::amzn-s3-demo-drafts/a draft.csv',
      's3:PutObjectTagging arn:aws:s3:::amzn-s3-demo-reports-111122223333/monthly/copy.csv',
    ]);
    expect(decisions[0].parts[0].context).toMatchObject({ 's3:x-amz-server-side-encryption': 'AES256', 's3:x-amz-copy-source': 'amzn-s3-demo-drafts/a%20draft.csv' });
  });

  test.each([
    ['ListObjects', {}, ['s3:ListBucket arn:aws:s3:::b']],
    ['HeadBucket', {}, ['s3:ListBucket arn:aws:s3:::b']],
    ['GetBucketEncryption', {}, ['s3:GetEncryptionConfiguration arn:aws:s3:::b']],
    ['DeleteBucketLifecycle', {}, ['s3:PutLifecycleConfiguration arn:aws:s3:::b']],
    ['GetBucketPolicy', {}, ['s3:GetBucketPolicy arn:aws:s3:::b']],
    ['ListBucketInventoryConfigurations', {}, ['s3:GetInventoryConfiguration arn:aws:s3:::b']],
    ['PutBucketPublicAccessBlock', {}, ['s3:PutBucketPublicAccessBlock arn:aws:s3:::b']],
    ['GetObjectLockConfiguration', {}, ['s3:GetBucketObjectLockConfiguration arn:aws:s3:::b']],
    ['ListMultipartUploads', {}, ['s3:ListBucketMultipartUploads arn:aws:s3:::b']],
    ['HeadObject', { key: 'k' }, ['s3:GetObject arn:aws:s3:::b/k']],
    ['GetObject', { key: 'k', versionId: 'v1' }, ['s3:GetObjectVersion arn:aws:s3:::b/k']],
    ['DeleteObject', { key: 'k', versionId: 'v1' }, ['s3:DeleteObjectVersion arn:aws:s3:::b/k']],
    ['UploadPart', { key: 'k', partNumber: '1' }, ['s3:PutObject arn:aws:s3:::b/k']],
    ['ListParts', { key: 'k' }, ['s3:ListMultipartUploadParts arn:aws:s3:::b/k']],
    ['AbortMultipartUpload', { key: 'k' }, ['s3:AbortMultipartUpload arn:aws:s3:::b/k']],
    ['GetObjectAttributes', { key: 'k' }, ['s3:GetObject arn:aws:s3:::b/k', 's3:GetObjectAttributes arn:aws:s3:::b/k']],
    ['RestoreObject', { key: 'k' }, ['s3:RestoreObject arn:aws:s3:::b/k']],
  ])('the call %s needs what S3 documents', (eventName, parameters, needed) => {
    const { decisions } = explained({ ...DENIED_READ, eventName, requestParameters: { bucketName: 'b', ...parameters } });
    expect(decisions[0].parts.map(({ action, resource }: any) => `${action} ${resource}`)).toEqual(needed);
  });

  test('follows a call through an access point', () => {
    const template = file({
      Resources: {
        Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        Analysts: { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'analysts', Bucket: { Ref: 'Data' } } },
      },
    });
    const accessPoint = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/analysts';
    const record = { ...DENIED_READ, resources: [...DENIED_READ.resources, { accountId: '111122223333', type: 'AWS::S3::AccessPoint', ARN: accessPoint }] };
    const { decisions: [{ request, layers }] } = json('explain', template, '--event', file(record));
    expect(request.resource).toBe(`${accessPoint}/object/monthly/2026-02.csv`);
    expect(layers.find(({ layer }: { layer: string }) => layer === 'access-point-policy').verdict).not.toBe('does-not-apply');
    const named = json('explain', template, '--event', file(DENIED_READ), '--resource', 'Analysts');
    expect(named.decisions[0].request.resource).toBe(`${accessPoint}/object/monthly/2026-02.csv`);
  });

  test('a presigned URL and a service are told apart from a signed request', () => {
    const service = { ...DENIED_READ, userIdentity: { type: 'AWSService', invokedBy: 'cloudfront.amazonaws.com' }, sourceIPAddress: 'cloudfront.amazonaws.com' };
    const presigned = { ...DENIED_READ, additionalEventData: { ...DENIED_READ.additionalEventData, AuthenticationMethod: 'QueryString' } };
    expect(explained(service).decisions[0].request).toMatchObject({ principal: 'cloudfront.amazonaws.com', context: expect.not.objectContaining({ 'aws:SourceIp': expect.anything() }) });
    expect(explained(presigned).decisions[0].request.context['s3:authType']).toBe('REST-QUERY-STRING');
  });

  test('an upload that got the default encryption of the bucket asked for none', () => {
    const upload = { ...DENIED_READ, eventName: 'PutObject', errorCode: undefined };
    const context = (record: object) => explained(record).decisions[0].request.context['s3:x-amz-server-side-encryption'];
    expect(context({ ...upload, additionalEventData: { SSEApplied: 'Default_SSE_KMS' } })).toBeNull();
    expect(context({ ...upload, additionalEventData: { SSEApplied: 'SSE_KMS' }, requestParameters: { ...upload.requestParameters, 'x-amz-server-side-encryption': 'aws:kms' } })).toBe('aws:kms');
    expect(context(upload)).toBeUndefined();
  });

  test('asks who it was where the record tells the account alone', () => {
    const foreign = file({ ...DENIED_READ, userIdentity: { type: 'AWSAccount', principalId: 'AIDAQRSTUVWXYZEXAMPLE', accountId: '777788889999' } });
    expect(secureBucket('explain', REPORTS, '--event', foreign).err).toMatch(/only that the caller is AIDAQRSTUVWXYZEXAMPLE of the account 777788889999. Name who it was with --principal/);
    expect(json('explain', REPORTS, '--event', foreign, '--principal', 'arn:aws:iam::777788889999:user/someone').decisions[0].request.principal).toBe('arn:aws:iam::777788889999:user/someone');
  });

  test('asks which object it was where the record does not tell', () => {
    const deletion = file({ ...DENIED_READ, eventName: 'DeleteObjects', requestParameters: { bucketName: 'amzn-s3-demo-reports-111122223333', delete: '' } });
    expect(secureBucket('explain', REPORTS, '--event', deletion).err).toMatch(/does not say which object it was about. Name one with --resource and --key/);
    expect(json('explain', REPORTS, '--event', deletion, '--resource', 'Reports', '--key', 'x').decisions[0].request).toMatchObject({ action: 's3:DeleteObject', resource: 'arn:aws:s3:::amzn-s3-demo-reports-111122223333/x' });
  });

  test.each([
    ['of another service', { ...DENIED_READ, eventSource: 'kms.amazonaws.com' }, /has no record of a call to S3 \(but of kms.amazonaws.com\)/],
    ['of an operation on neither buckets nor objects', { ...DENIED_READ, eventName: 'ListBuckets' }, /s3:ListAllMyBuckets works on neither buckets nor objects/],
    ['of an operation that S3 does not document', { ...DENIED_READ, eventName: 'PutBucketColour' }, /'PutBucketColour' is a call whose permissions are not known here/],
    ['of a table bucket', { ...DENIED_READ, eventSource: 's3tables.amazonaws.com', eventName: 'GetTable' }, /'GetTable' is not decided: table buckets have actions and policies of their own/],
    ['of a session of a directory bucket', { ...DENIED_READ, eventName: 'CreateSession' }, /'CreateSession' is not decided: directory buckets are authorized by sessions/],
    ['that is something else', { hello: 'world' }, /has no record of a call to S3/],
  ])('refuses a record %s in one line', (_, record, message) => {
    const { exitCode, err } = secureBucket('explain', REPORTS, '--event', file(record));
    expect([exitCode, err.trim().split('\n').length]).toEqual([1, 1]);
    expect(err).toMatch(message);
  });
});

describe('secure-bucket explain on what CDK made, with names that AWS draws', () => {
  const app = new App();
  const stack = new Stack(app, 'Storage', { env: { account: '111122223333', region: 'eu-west-1' } });
  const role = new iam.Role(stack, 'AppRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  const bucket = new s3.Bucket(stack, 'Data');
  bucket.grantRead(role, 'reports/*');
  const { directory } = app.synth();
  const logicalId = (construct: { node: { defaultChild?: any } }) => stack.getLogicalId(construct.node.defaultChild);
  const record = {
    ...DENIED_READ,
    userIdentity: { ...DENIED_READ.userIdentity, arn: `arn:aws:sts::111122223333:assumed-role/Storage-${logicalId(role)}-HPGhfUANNQPy/i-0abc`, accountId: '111122223333' },
    requestParameters: { bucketName: `storage-${logicalId(bucket).toLowerCase()}-k3x9w2q1z5y7`, key: 'secret/1.csv' },
  };

  test('finds the role and the bucket that a record means, and says so', () => {
    const { outcome, decisions: [{ request, notes, decidedBy }] } = json('explain', directory, '--event', file(record));
    expect([outcome, decidedBy]).toEqual(['denied', 'identity-policies']);
    expect(request).toMatchObject({ principal: `arn:aws:sts::111122223333:assumed-role/Storage-${logicalId(role)}/i-0abc`, resource: `arn:aws:s3:::storage-${logicalId(bucket).toLowerCase()}/secret/1.csv` });
    expect(notes).toEqual([expect.stringContaining('whose name AWS draws'), expect.stringContaining('whose name AWS draws')]);
  });

  test('takes construct paths instead', () => {
    const named = ['--principal', 'Storage/AppRole', '--action', 's3:GetObject', '--resource', 'Storage/Data'];
    expect(json('explain', directory, ...named, '--key', 'reports/1.csv').outcome).toBe('allowed');
    expect(json('explain', directory, ...named, '--key', 'secret/1.csv').outcome).toBe('denied');
    expect(json('explain', directory, '--event', file({ ...record, requestParameters: { bucketName: 'renamed', key: 'reports/1.csv' } }), '--resource', 'Storage/Data').outcome).toBe('allowed');
  });

  test('takes the account and Region of the call for those of a stack without env', () => {
    const anywhere = new App();
    new s3.Bucket(new Stack(anywhere, 'Storage'), 'Data', { bucketName: 'amzn-s3-demo-bucket' });
    const own = file({ ...record, userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' }, requestParameters: { bucketName: 'amzn-s3-demo-bucket', key: 'a' } });
    const assembly = anywhere.synth().directory;
    expect(json('explain', assembly, '--event', own).outcome).toBe('allowed');
    expect(json('explain', assembly, '--event', own, '--account', '444455556666').outcome).toBe('denied');
  });

  test('takes the construct path of a VPC endpoint, whose id AWS draws', () => {
    const template = file({
      Resources: {
        Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: 'vpc-0abc123def4567890', ServiceName: 'com.amazonaws.eu-west-1.s3' } },
        Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        Policy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: {
            Bucket: { Ref: 'Data' },
            PolicyDocument: {
              Statement: {
                Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*', Condition: { StringNotEquals: { 'aws:SourceVpce': { Ref: 'Endpoint' } } },
              },
            },
          },
        },
      },
    });
    const asking = ['explain', template, ...IN_ENVIRONMENT, '--principal', 'arn:aws:iam::111122223333:root', '--action', 's3:GetObject', '--resource', 'Data', '--key', 'a'];
    expect(json(...asking).outcome).toBe('denied');
    expect(json(...asking, '--context', 'aws:SourceVpce=vpce-0fff123def4567890').outcome).not.toBe('allowed');
    expect(json(...asking, '--context', 'aws:SourceVpce=Endpoint').outcome).toBe('allowed');
    const recorded = json('explain', template, '--event', file({ ...THROUGH_ENDPOINT, requestParameters: { bucketName: 'amzn-s3-demo-bucket', key: 'a' } }));
    expect(recorded.decisions[0].notes).toEqual([expect.stringContaining('Whether vpce-0abc123def4567890 is a VPC endpoint of these templates is not recorded')]);
  });

  test.each([
    [['--principal', 'Storage/NoRole', '--action', 's3:GetObject', '--resource', 'Storage/Data', '--key', 'a'], /There is no role or user 'Storage\/NoRole' in the templates/],
    [['--principal', 'Storage/AppRole', '--action', 's3:GetObject', '--resource', 'Storage/AppRole', '--key', 'a'], /There is no bucket or access point 'Storage\/AppRole'/],
    [['--principal', 'Storage/AppRole', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::b/a', '--key', 'a'], /--resource is an object already/],
    [['--principal', 'Storage/AppRole', '--action', 's3:GetObject', '--resource', 'Storage/Data'], /works on objects/],
    [['--principal', 'Storage/AppRole', '--action', 's3:GetEverything', '--resource', 'Storage/Data'], /no action 's3:GetEverything'/],
    [['--principal', 'Storage/AppRole', '--action', 's3:GetObject', '--resource', 'Storage/Data', '--key', 'a', '--context', 'nonsense'], /--context takes key=value/],
    [['--principal', 'Storage/AppRole'], /takes --principal, --action or --operation, and --resource, or --event/],
  ])('says what is wrong with %j', (options, message) => {
    const { exitCode, out, err } = secureBucket('explain', directory, ...options);
    expect([exitCode, out, err.trim().split('\n').length]).toEqual([1, '', 1]);
    expect(err).toMatch(message);
  });
});

describe('names that are misspelt', () => {
  const bucketPolicy = { Effect: 'Allow', Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:GetObject', Resource: '*', Condition: { StringEquals: { 'aws:BrandNewKey': 'x' } } };
  const template = file({
    Parameters: { Name: { Type: 'String' } },
    Resources: {
      Reports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-reports' } },
      ReportsPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Reports' }, PolicyDocument: { Version: '2012-10-17', Statement: [bucketPolicy] } } },
      Reader: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'ReportReader', AssumeRolePolicyDocument: { Statement: [] } } },
      Point: { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'analysts', Bucket: { Ref: 'Reports' } } },
    },
  }, 'data.json');
  const asking = (options: { principal?: string; resource?: string; context?: string[] }) => [
    'explain', template, ...IN_ENVIRONMENT, '--principal', options.principal ?? 'Reader', '--action', 's3:GetObject', '--resource', options.resource ?? 'Reports', '--key', 'a', ...(options.context ? ['--context', ...options.context] : []),
  ];

  test.each([
    ['a condition key', { context: ['aws:SourceVcpe=vpce-0abc123def4567890'] }, /'aws:SourceVcpe' is not a condition key\. Did you mean 'aws:SourceVpce'\?/],
    ['a condition key of another prefix', { context: ['aw:SecureTransport=true'] }, /Did you mean 'aws:SecureTransport'\?/],
    ['a tag of the principal', { context: ['aws:PrincipalTags/team=a'] }, /Did you mean 'aws:PrincipalTag\/team'\?/],
    ['a condition key that is like none', { context: ['aws:Whatever=true'] }, /'aws:Whatever' is not a condition key\.\n/],
    ['a Region', { context: ['aws:RequestedRegion=eu-wset-1'] }, /there is no Region 'eu-wset-1'\. Did you mean 'eu-west-1'\?/],
    ['the logical ID of a role', { principal: 'Raeder' }, /There is no role or user 'Raeder' in the templates\. Did you mean 'Reader'\?/],
    ['the ARN of a role', { principal: 'arn:aws:iam::111122223333:role/ReportReaders' }, /Did you mean 'ReportReader'\? If it is elsewhere, say so in the file of --assume/],
    ['the session of a role', { principal: 'arn:aws:sts::111122223333:assumed-role/ReportRaeder/x' }, /Did you mean 'ReportReader'\?/],
    ['a service', { principal: 'cloudfornt.amazonaws.com' }, /Did you mean 'cloudfront\.amazonaws\.com'\?/],
    ['a service that no template names', { principal: 'lamda.amazonaws.com' }, /'lamda\.amazonaws\.com' is not a known service.* Did you mean 'lambda\.amazonaws\.com'\?/],
    ['a service in a Region', { principal: 'clodtrail.eu-west-1.amazonaws.com' }, /Did you mean 'cloudtrail\.eu-west-1\.amazonaws\.com'\?/],
    ['the Region of a service', { principal: 'logs.eu-wset-1.amazonaws.com' }, /--principal: there is no Region 'eu-wset-1'\. Did you mean 'eu-west-1'\?/],
    ['the account of a role', { principal: 'arn:aws:iam::11112222333:role/Elsewhere' }, /--principal: in 'arn:aws:iam::11112222333:role\/Elsewhere', '11112222333' is not an AWS account id/],
    ['the account of an access point', { resource: 'arn:aws:s3:eu-west-1:1111222233334:accesspoint/analysts' }, /--resource: in .*'1111222233334' is not an AWS account id/],
    ['the account of a source', { context: ['aws:SourceArn=arn:aws:cloudtrail:eu-west-1:1111:trail/t'] }, /--context aws:SourceArn: in .*'1111' is not an AWS account id/],
    ['the logical ID of a bucket', { resource: 'Reprots' }, /There is no bucket or access point 'Reprots' in the templates\. Did you mean 'Reports'\?/],
    ['an object in a bucket', { resource: 'Reports/2026/a.csv' }, /There is no bucket or access point 'Reports\/2026\/a\.csv' in the templates\. For the object in that bucket or behind that access point, write '--resource Reports --key 2026\/a\.csv'\./],
    ['the ARN of a bucket', { resource: 'arn:aws:s3:::amzn-s3-demo-report' }, /There is no bucket 'amzn-s3-demo-report' in the templates\. Did you mean 'amzn-s3-demo-reports'\?/],
    ['a bucket that is nowhere', { resource: 'arn:aws:s3:::elsewhere' }, /There is no bucket 'elsewhere' in the templates\. Name one by .*--assume: 'buckets\.elsewhere'/],
    ['the ARN of an access point', { resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/analyst' }, /Did you mean 'arn:aws:s3:eu-west-1:111122223333:accesspoint\/analysts'\?/],
  ])('%s: an error, with what may be meant', (_, options, message) => {
    expect(secureBucket(...asking(options))).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(message) });
  });

  test.each([
    'lambda.amazonaws.com', // a service, which no template names
    'logs.eu-west-1.amazonaws.com.cn',
    'brandnewservice.amazonaws.com', // which this version knows nothing of
    'sqx.amazonaws.com', // as near to two services as these are to each other
    'arn:aws:iam::999988887777:role/Elsewhere',
  ])('%s may well exist, and is asked about', (principal) => {
    expect(secureBucket(...asking({ principal }))).toMatchObject({ exitCode: 2, err: '' });
  });

  test.each([
    ['s3:GetObjct', 's3:GetObject'],
    ['GetObject', 's3:GetObject'],
    ['s3:ListObjectsV2', 's3:ListBucket'],
    ['s3:HeadObject', 's3:GetObject'],
    ['S4:PutObject', 's3:PutObject'],
  ])('the action %s: an error, with what may be meant', (action, meant) => {
    const { exitCode, err } = secureBucket(...asking({}).map((word) => (word === 's3:GetObject' ? action : word)));
    expect([exitCode, err]).toEqual([1, `secure-bucket: --action: S3 has no action '${action}'. Did you mean '${meant}'?\n`]);
  });

  test.each(['Work', 'functions/Work'])('%s, a function: an error, with the role that it acts as', (principal) => {
    const functions = file({ Transform: 'AWS::Serverless-2016-10-31', Resources: { Data: { Type: 'AWS::S3::Bucket' }, Work: { Type: 'AWS::Serverless::Function', Properties: {} } } });
    const { exitCode, err } = secureBucket('explain', functions, '--stack-name', 'functions', '--principal', principal, '--action', 's3:GetObject', '--resource', 'Data', '--key', 'a');
    expect([exitCode, err]).toEqual([1, `secure-bucket: '${principal}' is not a role or user: it acts as the role 'functions/WorkRole'. Name that one.\n`]);
  });

  test.each([
    ['a role that is elsewhere', { principal: 'arn:aws:iam::111122223333:role/Elsewhere' }],
    ['a role of another account, with the same name but for a letter', { principal: 'arn:aws:iam::444455556666:role/ReportReaders' }],
    ['a role with another number', { principal: 'arn:aws:iam::111122223333:role/ReportReader2' }],
    ['another service', { principal: 'logging.s3.amazonaws.com' }],
    ['condition keys in any case', { context: ['AWS:sourceip=203.0.113.7', 's3:existingobjecttag/class=open'] }],
    ['keys of identity providers', { context: ['token.actions.githubusercontent.com:sub=repo:x', 'accounts.google.com:aud=x'] }],
    ['a key that is newer than the table, and that a policy asks for', { context: ['aws:BrandNewKey=x'] }],
  ])('%s is none', (_, options) => expect(secureBucket(...asking(options))).toMatchObject({ exitCode: 2, err: '' }));

  test('what is elsewhere can be given', () => {
    const elsewhere = file({ principals: { 'arn:aws:iam::111122223333:role/ReportReaders': {} }, buckets: { elsewhere: { account: '111122223333' } } });
    expect(secureBucket(...asking({ principal: 'arn:aws:iam::111122223333:role/ReportReaders', resource: 'arn:aws:s3:::elsewhere' }), '--assume', elsewhere)).toMatchObject({ exitCode: 2, err: '' });
  });

  test('a bucket whose name nobody knows before deployment may be the one that is meant', () => {
    const unknown = file({ Parameters: { Name: { Type: 'String' } }, Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Name' } } } } });
    const asked = ['explain', unknown, ...IN_ENVIRONMENT, '--principal', READER, '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::amzn-s3-demo-data', '--key', 'a'];
    expect(secureBucket(...asked)).toMatchObject({ exitCode: 1, err: expect.stringMatching(/Whether 'amzn-s3-demo-data' is <.*Name.*> is not known before deployment/) });
    expect(secureBucket(...asked, '--parameters', 'Name=amzn-s3-demo-data')).toMatchObject({ exitCode: 2, err: '' });
  });

  test('of a Region there is no other', () => {
    expect(secureBucket('check', template, '--region', 'eu-wset-1')).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(/--region: there is no Region 'eu-wset-1'\. Did you mean 'eu-west-1'\?/) });
  });
});

test('conditions of templates that the request does not touch are not tried: they leave it as it is', () => {
  const is = (name: string) => ({ 'Fn::Equals': [{ Ref: name }, 'yes'] });
  const policy = (action: unknown) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/App' }, Action: action, Resource: 'arn:aws:s3:::data/*' }] });
  const asked = file({
    Parameters: { More: { Type: 'String' } },
    Conditions: { More: is('More') },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy({ 'Fn::If': ['More', ['s3:GetObject', 's3:PutObject'], 's3:GetObject'] }) } },
    },
  }, 'asked.json');
  const names = 'abcdef'.split('').map((letter) => `Other${letter}`);
  const other = file({
    Parameters: Object.fromEntries(names.map((name) => [name, { Type: 'String' }])),
    Conditions: Object.fromEntries(names.map((name) => [name, is(name)])),
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { Tags: names.map((name) => ({ Key: name, Value: { 'Fn::If': [name, 'yes', 'no'] } })) } } },
  }, 'other.json');
  const outcome = (action: string) => json('explain', asked, other, ...IN_ENVIRONMENT, '--principal', 'arn:aws:iam::111122223333:role/App', '--action', action, '--resource', 'arn:aws:s3:::data/key').outcome;
  expect([outcome('s3:GetObject'), outcome('s3:PutObject')]).toEqual(['allowed', 'not-decided']);
});
