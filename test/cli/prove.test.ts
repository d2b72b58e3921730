import { file, IN_ENVIRONMENT, json, LEGACY, REPORTS, secureBucket } from './terminal';

/** What is proved of the only bucket: rule, verdict. */
function verdicts(...args: string[]): string[] {
  const { buckets: [{ guarantees }] } = json('prove', ...args);
  return guarantees.map(({ rule, verdict }: { rule: string; verdict: string }) => `${rule.replace('SecureBucket-', '')} ${verdict}`);
}

const TLS_ONLY = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };
const policy = (...Statement: unknown[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement } } });
const template = (Resources: object, others: object = {}) => file({ Resources, ...others });

describe('secure-bucket prove', () => {
  test('proves every guarantee of a bucket whose template was written by hand', () => {
    expect(verdicts(REPORTS, ...IN_ENVIRONMENT)).toEqual([
      'RequireTls holds', 'TlsFloor holds', 'UploadEncryption holds', 'CustomerProvidedKeys holds', 'NetworkPerimeter holds', 'PublicAllow holds',
    ]);
    expect(secureBucket('prove', REPORTS, ...IN_ENVIRONMENT)).toMatchObject({ exitCode: 0, err: '', out: expect.stringContaining('1 bucket: 6 guarantees hold, 0 broken, 0 not decided.') });
  });

  test('says that it holds wherever the template is deployed', () => {
    expect(secureBucket('prove', REPORTS)).toMatchObject({ exitCode: 0, out: expect.stringContaining('6 guarantees hold') });
  });

  test('shows the request that breaks a guarantee', () => {
    const { exitCode, out } = secureBucket('prove', LEGACY, ...IN_ENVIRONMENT);
    expect(exitCode).toBe(2);
    expect(out).toMatch(/broken +Requests over plain HTTP are denied\. .*\n +Request: \S+ calls s3:ListBucket on arn:aws:s3:::amzn-s3-demo-uploads over plain HTTP/);
    expect(out).toMatch(/broken +No statement grants public access\. .*\n +Request: .* calls s3:GetObject .*\n +Because the statement 'PublicRead' allows it\./);
  });

  test('a bucket that nothing guards guarantees nothing but that nobody is allowed anything', () => {
    expect(verdicts(template({ Bucket: bucket }))).toEqual(['RequireTls broken', 'TlsFloor broken', 'CustomerProvidedKeys broken', 'PublicAllow holds']);
  });

  test('a deny that a second condition defuses does not hold', () => {
    const defused = { ...TLS_ONLY, Condition: { ...TLS_ONLY.Condition, StringEquals: { 'aws:PrincipalAccount': '111122223333' } } };
    expect(verdicts(template({ Bucket: bucket, Policy: policy(TLS_ONLY) }))).toContain('RequireTls holds');
    expect(verdicts(template({ Bucket: bucket, Policy: policy(defused) }))).toContain('RequireTls broken');
  });

  test('what a condition of the template may leave out is not decided', () => {
    const conditional = (Condition: string) => template({ Bucket: bucket, Policy: { ...policy(TLS_ONLY), Condition } }, { Conditions: { Wanted: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } }, Parameters: { Stage: { Type: 'String' } } });
    expect(verdicts(conditional('Wanted'))).toContain('RequireTls not-decided');
  });

  test('of two policies, S3 keeps one: what only one guarantees is not decided or broken', () => {
    const both = template({ Bucket: bucket, First: policy(TLS_ONLY), Second: policy({ ...TLS_ONLY, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }) });
    expect(verdicts(both).filter((verdict) => verdict.startsWith('RequireTls'))).toEqual(['RequireTls not-decided', 'RequireTls broken']);
  });

  test('a policy that a parameter may change is not decided, and says why', () => {
    const open = template({ Bucket: bucket, Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Ref: 'Document' } } } }, { Parameters: { Document: { Type: 'String' } } });
    expect(verdicts(open)).toContain('RequireTls not-decided');
    expect(secureBucket('prove', open).out).toMatch(/not decided +Requests over plain HTTP are denied\. .*\n +For a part of the policy document is not known before deployment .*Document/);
  });

  test('a floor of TLS that comes from a parameter is not decided, with the reason', () => {
    const floor = { ...TLS_ONLY, Condition: { NumericLessThan: { 's3:TlsVersion': { Ref: 'Floor' } } } };
    const guarded = template({ Bucket: bucket, Policy: policy(floor) }, { Parameters: { Floor: { Type: 'Number' } } });
    const proved = (...args: string[]) => json('prove', guarded, ...args).buckets[0].guarantees.find(({ rule }: any) => rule === 'SecureBucket-TlsFloor');
    expect(proved()).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(/the value of .*Ref "Floor".*; a request that may pass: /) });
    expect(['1.2', '1.1'].map((version) => proved('--parameters', `Floor=${version}`).verdict)).toEqual(['holds', 'broken']);
    expect(json('check', guarded).findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-TlsFloor-NotDecided', problem: expect.stringContaining('Ref "Floor"') }));
  });

  const PRINCIPAL = { 'Fn::If': ['IsPublic', '*', { AWS: 'arn:aws:iam::111122223333:role/Reader' }] };
  const read = (Principal: unknown) => ({ Sid: 'Read', Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' });

  test.each<[what: string, statement: unknown, verdict: string]>([
    ['a principal', read(PRINCIPAL), 'not-decided'],
    ['a statement', { 'Fn::If': ['IsPublic', read('*'), { Ref: 'AWS::NoValue' }] }, 'not-decided'],
    ['both branches', { 'Fn::If': ['IsPublic', read('*'), read({ AWS: '*' })] }, 'broken'],
  ])('public in a branch of a condition is as public as the condition: %s', (_, statement, verdict) => {
    const conditions = { Parameters: { Public: { Type: 'String' } }, Conditions: { IsPublic: { 'Fn::Equals': [{ Ref: 'Public' }, 'yes'] } } };
    const perhaps = template({ Bucket: bucket, Policy: policy(statement) }, conditions);
    expect(verdicts(perhaps, ...IN_ENVIRONMENT)).toContain(`PublicAllow ${verdict}`);
    const found = json('check', perhaps, ...IN_ENVIRONMENT).findings.filter(({ rule }: any) => rule.startsWith('SecureBucket-PublicAllow')).map(({ status }: any) => status);
    expect([...new Set(found)]).toEqual([verdict === 'broken' ? 'finding' : 'not-decided']);
    expect(verdicts(perhaps, ...IN_ENVIRONMENT, '--parameters', 'Public=yes')).toContain('PublicAllow broken');
  });

  test('the policy of an access point counts, too', () => {
    const point = { Type: 'AWS::S3::AccessPoint', Properties: { Bucket: { Ref: 'Bucket' }, Policy: { Statement: [{ Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }] } } };
    const { buckets: [{ guarantees }] } = json('prove', template({ Bucket: bucket, Point: point }));
    expect(guarantees.at(-1)).toMatchObject({ rule: 'SecureBucket-PublicAllow', verdict: 'broken', provedOf: { logicalId: 'Point' }, reason: "the statement 'Open' allows it" });
  });

  test('a policy for a bucket that is elsewhere is proved', () => {
    const elsewhere = template({ Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Statement: TLS_ONLY } } } });
    expect(verdicts(elsewhere)).toEqual(['RequireTls holds', 'TlsFloor broken', 'PublicAllow holds']);
  });

  test('without a bucket there is nothing to prove, which is not the same as proved', () => {
    expect(secureBucket('prove', template({ Topic: { Type: 'AWS::SNS::Topic' } }))).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(/^secure-bucket: There is nothing to prove: .*\n$/) });
  });
});
