import { file, json, LEGACY, secureBucket } from './terminal';

const BUCKET = 'amzn-s3-demo-bucket';
const TLS_ONLY = { Sid: 'TlsOnly', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const PUBLIC = { Sid: 'Public', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` };
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const text = (document: object) => JSON.stringify(document, undefined, 2);

const verdicts = (...args: string[]): string[] => json('prove', ...args).buckets[0].guarantees.map(({ rule, verdict }: any) => `${rule.replace('SecureBucket-', '')} ${verdict}`);
const rules = (...args: string[]): string[] => json('check', ...args).findings.map(({ rule }: any) => rule.replace('SecureBucket-', ''));

describe('the policy of a bucket, as AWS keeps it', () => {
  const of = (content: unknown) => ['--policy', file(content, 'policy.json'), '--bucket', BUCKET];

  test.each([
    ['by itself', policy(TLS_ONLY)],
    ['as aws s3api get-bucket-policy prints it', { Policy: text(policy(TLS_ONLY)) }],
    ['as --query Policy --output text prints it', `${text(policy(TLS_ONLY))}\n`],
    ['as --query Policy prints it', JSON.stringify(text(policy(TLS_ONLY)))],
    ['as YAML', 'Version: "2012-10-17"\nStatement:\n  - { Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }\n'],
  ])('%s is proved', (_, content) => {
    expect(verdicts(...of(content))).toEqual(['RequireTls holds', 'TlsFloor broken', 'PublicAllow holds']);
  });

  test('is checked, and nothing else of the bucket is judged, which is said', () => {
    expect(rules(...of(policy(TLS_ONLY, PUBLIC)))).toEqual(['PublicAllow', 'TlsFloor']);
    expect(json('check', ...of(policy(TLS_ONLY))).warnings).toEqual([expect.stringContaining(`only the policy of the bucket ${BUCKET} is known: its encryption, Block Public Access and other settings are not judged.`)]);
  });

  test('is named as the source of what is found', () => {
    const [, path] = of(policy(PUBLIC));
    expect(json('check', '--policy', path, '--bucket', BUCKET).findings[0].file).toBe(path);
  });

  test('explains a request to the bucket', () => {
    const asking = ['--account', '111122223333', '--principal', 'arn:aws:iam::111122223333:role/App', '--action', 's3:ListBucket'];
    expect(json('explain', ...of(policy(TLS_ONLY)), ...asking, '--context', 'aws:SecureTransport=false')).toMatchObject({ outcome: 'denied', decisions: [{ decidedBy: 'bucket-policy', request: { resource: `arn:aws:s3:::${BUCKET}` } }] });
    const reading = ['--account', '111122223333', '--principal', 'arn:aws:iam::111122223333:role/App', '--action', 's3:GetObject', '--key', 'a/1.csv'];
    const assumed = file({ principals: { 'arn:aws:iam::111122223333:role/App': { identityPolicies: [policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })] } }, buckets: { [BUCKET]: { encryption: { algorithm: 'AES256' } } } });
    expect(json('explain', ...of(policy(TLS_ONLY)), ...reading, '--assume', assumed).outcome).toBe('allowed');
  });

  test('goes with templates of other things', () => {
    const app = file({ Resources: { App: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'App', AssumeRolePolicyDocument: policy() } } } }, 'app.json');
    const asking = ['--account', '111122223333', '--principal', 'App', '--action', 's3:ListBucket', '--context', 'aws:SecureTransport=false'];
    expect(json('explain', app, ...of(policy(TLS_ONLY)), ...asking)).toMatchObject({ outcome: 'denied', decisions: [{ decidedBy: 'bucket-policy' }] });
  });

  describe('beside a template with the same bucket', () => {
    const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET, VersioningConfiguration: { Status: 'Enabled' } } };
    const template = file({ Resources: { Data: bucket, DataPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: policy(PUBLIC) } } } }, 'data.json');

    test('takes the place of the policy that the template writes, and says so', () => {
      expect(verdicts(template, ...of(policy(TLS_ONLY)))).toEqual(expect.arrayContaining(['RequireTls holds', 'PublicAllow holds']));
      expect(rules(template, ...of(policy(TLS_ONLY)))).not.toContain('CompetingPolicies');
      expect(json('check', template, ...of(policy(TLS_ONLY))).warnings).toEqual([expect.stringMatching(/policy\.json: the policy that is deployed takes the place of .*data\/DataPolicy in the template/)]);
    });

    test('is judged with the settings of the template', () => {
      const found = rules(template, ...of(policy(TLS_ONLY)));
      expect(found).toContain('BlockPublicAccess');
      expect(found).not.toContain('Versioning');
    });

    test('is a mistake where the template has the access point itself', () => {
      const arn = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/analysts';
      const points = file({ Resources: { Analysts: { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'analysts', Bucket: BUCKET } } } }, 'points.json');
      const { exitCode, err } = secureBucket('check', points, '--policy', file(policy(PUBLIC)), '--access-point', arn);
      expect([exitCode, err]).toEqual([1, expect.stringMatching(/--access-point: the template has the access point 'analysts', too/)]);
    });
  });

  test('that S3 would refuse is not proved', () => {
    const broken = of(policy({ ...TLS_ONLY, Effect: 'Forbid' }));
    expect(verdicts(...broken)).not.toContainEqual(expect.stringContaining('holds'));
    expect(rules(...broken)).toContain('PolicySyntax');
  });
});

describe('the policy of a key, as AWS keeps it', () => {
  const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const of = (content: unknown) => ['--policy', file(content, 'key.json'), '--kms-key', ARN];
  const owner = { Sid: 'Owner', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' };
  const foreign = { Sid: 'Foreign', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'kms:Decrypt', Resource: '*' };

  test.each([
    ['as aws kms get-key-policy prints it', { Policy: text(policy(owner)), PolicyName: 'default' }],
    ['as it prints it with --output text', `${text(policy(owner))}\tdefault\n`],
  ])('%s is proved', (_, content) => {
    expect(verdicts(...of(content))).toEqual(['KeyPolicy holds', 'KeyPolicy holds', 'KeyPolicy holds', 'KeyPolicy holds']);
    expect(rules(...of(content))).toEqual([]);
    expect(secureBucket('prove', ...of(content))).toMatchObject({ exitCode: 0, out: expect.stringMatching(new RegExp(`key/Key  ${ARN}\\n[^]*\\n1 key: 4 guarantees hold, 0 broken, 0 not decided\\.\\n$`)) });
  });

  test('that lets in another account outside of S3 is broken, with the request', () => {
    const { buckets: [{ arn, guarantees }] } = json('prove', ...of(policy(owner, foreign)));
    expect(arn).toBe(ARN);
    expect(guarantees).toContainEqual(expect.objectContaining({ verdict: 'broken', sentence: 'Principals of other accounts use the key through S3 only.', reason: "the statement 'Foreign' allows it", counterexample: expect.stringContaining('444455556666') }));
    expect(rules(...of(policy(owner, foreign)))).toEqual(['KeyPolicy']);
  });

  test('that is malformed is found and not proved', () => {
    const broken = of(policy({ ...owner, Principal: 5 }));
    expect(verdicts(...broken)).toEqual(['KeyPolicy not-decided']);
    expect(rules(...broken)).toContain('PolicySyntax');
  });

  test('decides beside a bucket', () => {
    const assumed = file({
      principals: { 'arn:aws:iam::111122223333:role/App': { identityPolicies: [policy({ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' })] } },
      buckets: { [BUCKET]: { account: '111122223333', region: 'eu-west-1', policy: null, encryption: { algorithm: 'aws:kms', key: ARN, bucketKeyEnabled: true }, blockPublicAccess: { RestrictPublicBuckets: true } } },
    });
    const asking = ['--principal', 'arn:aws:iam::111122223333:role/App', '--action', 's3:PutObject', '--resource', `arn:aws:s3:::${BUCKET}`, '--key', 'a', '--assume', assumed];
    const deny = { Sid: 'NoApp', Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey', Resource: '*' };
    expect(json('explain', ...of(policy(owner)), ...asking).outcome).toBe('allowed');
    expect(json('explain', ...of(policy(owner, deny)), ...asking)).toMatchObject({ outcome: 'denied', decisions: [{ decidedBy: 'kms-key' }] });
  });
});

describe('the policy of an access point, as AWS keeps it', () => {
  const ARN = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/analysts';
  const of = (content: unknown) => ['--policy', file(content, 'point.json'), '--access-point', ARN];
  const reading = (Principal: unknown) => ({ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `${ARN}/object/*` });

  test('is proved and checked', () => {
    const named = of({ Policy: text(policy(reading({ AWS: 'arn:aws:iam::444455556666:role/Reader' }))) });
    expect(verdicts(...named)).toEqual(['PublicAllow holds']);
    expect(rules(...named)).toEqual([]);
    const open = of({ Policy: text(policy(reading('*'))) });
    expect(verdicts(...open)).toEqual(['PublicAllow broken']);
    expect(rules(...open)).toEqual(['PublicAllow']);
  });

  test('explains a request through it, once its bucket is known', () => {
    const denied = of(policy({ ...reading('*'), Effect: 'Deny' }));
    const asking = ['--principal', 'arn:aws:iam::444455556666:role/Reader', '--action', 's3:GetObject', '--key', 'a'];
    expect(secureBucket('explain', ...denied, ...asking)).toMatchObject({ exitCode: 1, err: expect.stringContaining(`accessPoints.${ARN}.bucket`) });
    const assumed = file({ accessPoints: { [ARN]: { bucket: BUCKET } }, buckets: { [BUCKET]: { account: '111122223333' } } });
    expect(json('explain', ...denied, ...asking, '--assume', assumed)).toMatchObject({ outcome: 'denied', decisions: [{ decidedBy: 'access-point-policy' }] });
  });
});

describe('is used wrongly', () => {
  const document = file(policy(TLS_ONLY));

  test.each([
    ['without saying what it belongs to', ['--policy', document], /--policy <file> goes with exactly one of --bucket <name>, --kms-key <arn> and --access-point <arn>/],
    ['with two things that it belongs to', ['--policy', document, '--bucket', BUCKET, '--kms-key', 'x'], /exactly one of/],
    ['without a policy', ['--bucket', BUCKET], /exactly one of/],
    ['with a file that is not there', ['--policy', 'nowhere.json', '--bucket', BUCKET], /nowhere\.json cannot be read/],
    ['with a template', ['--policy', LEGACY, '--bucket', BUCKET], /legacy\.json is neither a policy with a 'Statement' nor what 'aws s3api get-bucket-policy'/],
    ['with an error that the AWS CLI printed', ['--policy', file('An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation'), '--bucket', BUCKET], /is neither a policy/],
    ['with something that is no name of a bucket', ['--policy', document, '--bucket', 'My Bucket'], /'My Bucket' is not the name of a bucket/],
    ['with a key that is no ARN', ['--policy', document, '--kms-key', 'alias/data'], /'alias\/data' is not the ARN of a key/],
    ['with an access point that is no ARN', ['--policy', document, '--access-point', 'analysts'], /'analysts' is not the ARN of an access point/],
  ])('%s', (_, args, message) => {
    for (const command of ['check', 'prove']) {
      expect(secureBucket(command, ...args)).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(message) });
    }
  });
});
