import { AccessAssumptions } from '../../src';
import { decideInAll } from '../../src/access/decide-in-all';
import { Model } from '../../src/access/model';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { StackTemplate } from '../../src/template/template';

const ENDPOINTS = Array.from({ length: 7 }, (_, i) => `Endpoint${i}`);
const LITERALS = ['vpce-0123456789abcdef0', 'vpce-0123456789abcdef1', 'vpce-0123456789abcdef2'];
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';

/**
 * A bucket that denies whatever comes over HTTP through no endpoint of the stack, and more endpoints than can be tried in all ways: only if all
 * of them have certain ids, the deny spares a request.
 */
function stack(statements: readonly object[], others: Record<string, unknown> = {}): StackTemplate {
  const endpoints = ENDPOINTS.map((id) => [id, { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: 'vpc-0123456789abcdef0', ServiceName: 'com.amazonaws.eu-west-1.s3', Tags: [] } }]);
  return {
    name: 'Stack',
    account: '111122223333',
    region: 'eu-west-1',
    template: {
      Resources: {
        ...Object.fromEntries(endpoints),
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Version: '2012-10-17', Statement: statements } } },
        ...others,
      } as any,
    },
  };
}

const allow = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`] };
const perimeter = { Sid: 'Perimeter', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], Condition: { StringNotEquals: { 'aws:SourceVpce': [...ENDPOINTS.map((Ref) => ({ Ref })), LITERALS[0]] } } };
const mention = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 's3:GetObject', Resource: `${BUCKET}/*`, Condition: { StringEquals: { 'aws:SourceVpce': LITERALS } } };
const requireTls = { Sid: 'Tls', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

const DISTRIBUTIONS = ENDPOINTS.map((_, i) => `Distribution${i}`);
const DISTRIBUTION_ARNS = ['E0123456789ABC', 'E0123456789ABD', 'E0123456789ABE'].map((id) => `arn:aws:cloudfront::111122223333:distribution/${id}`);
const distributions = Object.fromEntries(DISTRIBUTIONS.map((id) => [id, { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { Enabled: true } } }]));
const ofDistributions = {
  ...perimeter,
  Condition: { StringNotEquals: { 'aws:SourceArn': [...DISTRIBUTIONS.map((id) => ({ 'Fn::Sub': `arn:aws:cloudfront::111122223333:distribution/\${${id}}` })), DISTRIBUTION_ARNS[0]] } },
};
const mentionOfDistributions = { ...mention, Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceArn': DISTRIBUTION_ARNS } } };

const ask = { principal: 'arn:aws:iam::111122223333:root', action: 's3:GetObject', resource: `${BUCKET}/key`, context: { 'aws:SourceVpce': LITERALS[0], 'aws:SecureTransport': 'true' } };
const model = (...templates: StackTemplate[]) => new Model(templates, AccessAssumptions.fromJson({}));

describe('more values than are tried in all ways', () => {
  test('explain does not decide, and names them', () => {
    const { outcome, decidedBy } = decideInAll(model(stack([allow, perimeter, mention])), ask);
    expect(outcome).toBe('not-decided');
    expect(decidedBy!.reason).toMatch(/Endpoint0.*Endpoint6.*not tried in all ways/s);
    expect(decidedBy!.remedy).toMatch(/physicalIds\.Stack\.Endpoint0/);
  });

  test('explain decides all the same where none of them is in a policy that counts', () => {
    const elsewhere = { Other: { Type: 'AWS::S3::Bucket', Properties: {} }, OtherPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Other' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ ...perimeter, Resource: '*' }] } } } };
    expect(decideInAll(model(stack([allow, mention], elsewhere)), ask).outcome).toBe('allowed');
  });

  test('prove decides all the same where they are ids of endpoints: proofs look at whatever they may be', () => {
    const { inventory } = model(stack([allow, perimeter, mention, requireTls]));
    const verdictOf = (wanted: string) => bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === wanted)!.verdict;
    expect(verdictOf('RequireTls')).toBe('holds');
    expect(verdictOf('NetworkPerimeter')).toBe('holds');
  });

  test('prove does not decide where rules look for resources by such ids, and names them', () => {
    const { inventory } = model(stack([ofDistributions, mentionOfDistributions, requireTls], distributions));
    const guarantees = bucketGuarantees(inventory, inventory.allBuckets[0]);
    expect(guarantees.filter(({ verdict }) => verdict !== 'not-decided').map(({ rule }) => rule.id)).toEqual([]);
    expect(guarantees[0].reason).toMatch(/Distribution0.*not tried in all ways/s);
  });

  test('prove decides all the same of buckets in whose policies none of them is', () => {
    const { inventory } = model(stack([ofDistributions, mentionOfDistributions, requireTls], { ...distributions, Free: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-free' } } }));
    const free = inventory.allBuckets.find(({ site }) => site.logicalId === 'Free')!;
    expect(bucketGuarantees(inventory, free).map(({ verdict }) => verdict)).toContain('broken');
  });

  test('check says for which buckets', () => {
    const { deployment, inventory } = model(stack([ofDistributions, mentionOfDistributions, requireTls], { ...distributions, Free: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-free' } } }));
    const untried = judge(deployment, inventory).filter(({ rule }) => rule.id === 'OpenValues');
    expect(untried.map(({ resource, isDecided }) => [resource.logicalId, isDecided])).toEqual([['Bucket', false]]);
    expect(untried[0].problem).toMatch(/Distribution0.*not tried in all ways/s);
  });

  test('few values are tried in all ways', () => {
    const few = stack([{ ...perimeter, Condition: { StringNotEquals: { 'aws:SourceVpce': [{ Ref: 'Endpoint0' }, LITERALS[0]] } } }, mention, requireTls]);
    const { deployment, inventory } = model(few);
    expect(judge(deployment, inventory).filter(({ rule }) => rule.id === 'OpenValues')).toEqual([]);
  });
});

describe('more conditions than are tried in all ways', () => {
  const CONDITIONS = ['A', 'B', 'C', 'D', 'E', 'F'];
  const conditional = (statements: readonly object[]): StackTemplate => {
    const { template, ...rest } = stack(statements);
    return {
      ...rest,
      template: {
        ...template,
        Parameters: Object.fromEntries(CONDITIONS.map((name) => [`P${name}`, { Type: 'String' }])),
        Conditions: Object.fromEntries(CONDITIONS.map((name) => [name, { 'Fn::Equals': [{ Ref: `P${name}` }, 'yes'] }])),
      },
    };
  };
  const either = (yes: unknown, no: unknown) => CONDITIONS.map((name) => ({ 'Fn::If': [name, yes, no] }));

  test('a deny that is there in some of the cases proves nothing', () => {
    const { inventory } = model(conditional(either(requireTls, { Ref: 'AWS::NoValue' })));
    const tls = bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === 'RequireTls')!;
    expect(tls.verdict).not.toBe('holds');
    expect(tls.reason).toMatch(/whether the conditions 'A' of the stack 'Stack', .* and 'F' of the stack 'Stack' hold/);
  });

  test('an allow that is there in some of them allows nothing for sure', () => {
    expect(decideInAll(model(conditional(either({ ...allow, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }, { Ref: 'AWS::NoValue' }))), { ...ask, principal: 'arn:aws:iam::444455556666:role/App' }).outcome).toBe('not-decided');
  });

  test('what is in both branches of each is there', () => {
    const { inventory } = model(conditional(either(requireTls, requireTls)));
    expect(bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === 'RequireTls')!.verdict).toBe('holds');
  });

  describe('beside statements that may be there', () => {
    const tls = (statements: readonly unknown[]) => {
      const { deployment, inventory } = model(conditional(statements as object[]));
      const verdict = bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === 'RequireTls')!.verdict;
      const [finding] = judge(deployment, inventory).filter(({ rule }) => rule.id === 'RequireTls');
      return [verdict, finding === undefined ? 'clean' : finding.isDecided ? 'found' : 'not decided'];
    };
    const NONE = { Ref: 'AWS::NoValue' };
    const readers = (holds: string) => ({ ...allow, Sid: `Readers${holds}`, Principal: { AWS: '444455556666' }, Action: 's3:GetObject' });
    const optionalAllows = CONDITIONS.map((name) => ({ 'Fn::If': [name, readers(name), NONE] }));
    const narrow = { ...requireTls, Action: 's3:GetObject' };

    test.each<[what: string, statements: readonly unknown[], expected: [prove: string, check: string]]>([
      ['a deny that is always there', [requireTls, ...optionalAllows], ['holds', 'clean']],
      ['a deny that is always there, among lists of statements', [requireTls, ...CONDITIONS.map((name) => ({ 'Fn::If': [name, { 'Fn::If': ['A', readers(name), NONE] }, readers('B')] }))], ['holds', 'clean']],
      ['a deny that is always there, where parts of allows depend on conditions', [requireTls, ...CONDITIONS.map((name) => ({ ...readers(name), Principal: { 'Fn::If': [name, '*', { AWS: '444455556666' }] } }))], ['holds', 'clean']],
      ['a deny that is always there, beside others that are not', [requireTls, ...optionalAllows, { 'Fn::If': ['A', perimeter, NONE] }], ['holds', 'clean']],
      ['no deny', optionalAllows, ['broken', 'found']],
      ['a deny of one action', [narrow, ...optionalAllows], ['broken', 'found']],
      ['a deny that may be there', [{ 'Fn::If': ['A', requireTls, NONE] }, ...optionalAllows], ['not-decided', 'not decided']],
      ['denies of which one is there in any case', [{ 'Fn::If': ['A', requireTls, { ...requireTls, Sid: 'Other' }] }, ...optionalAllows], ['holds', 'clean']],
      ['a deny that spares some in one case', [{ 'Fn::If': ['A', requireTls, narrow] }, ...optionalAllows], ['not-decided', 'not decided']],
    ])('%s', (_, statements, expected) => {
      expect(tls(statements)).toEqual(expected);
    });

    const publicAllows = (statements: readonly unknown[]) => {
      const { deployment, inventory } = model(conditional(statements as object[]));
      return judge(deployment, inventory).filter(({ rule }) => rule.id === 'PublicAllow').map(({ isDecided }) => isDecided);
    };
    const everyone = { ...allow, Sid: 'Everyone', Principal: '*', Action: 's3:GetObject' };

    test('what opens the bucket in any case is found, and what may open it is not decided', () => {
      expect(publicAllows([requireTls, everyone, ...optionalAllows])).toEqual([true]);
      expect(publicAllows([requireTls, { 'Fn::If': ['C', everyone, NONE] }, ...optionalAllows])).toEqual([false]);
      expect(publicAllows([requireTls, ...optionalAllows])).toEqual([]);
    });

    test('two denies that are a perimeter only together are not taken for one that holds', () => {
      const ofSome = (Action: string) => ({ ...perimeter, Sid: undefined, Action, Condition: { StringNotEquals: { 'aws:SourceVpce': LITERALS[0] } } });
      const { deployment, inventory } = model(conditional([requireTls, { 'Fn::If': ['A', ofSome('s3:*'), NONE] }, ...optionalAllows] as object[]));
      expect(bucketGuarantees(inventory, inventory.allBuckets[0]).filter(({ rule }) => rule.id === 'NetworkPerimeter').map(({ verdict }) => verdict)).toEqual(['not-decided']);
      expect(judge(deployment, inventory).filter(({ rule }) => rule.id === 'OpenValues').map(({ problem }) => problem)).toEqual([expect.stringMatching(/perimeters .*'A'/)]);
    });

    test('that a key allows what a bucket allows is not taken for sure where both depend on conditions', () => {
      const { template, ...rest } = conditional([requireTls, ...optionalAllows, { 'Fn::If': ['A', { ...everyone, Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 's3:PutObject' }, NONE] }] as object[]);
      const whole = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' };
      const encrypts = { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 'kms:GenerateDataKey*', Resource: '*' };
      const Key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [whole, { 'Fn::If': ['B', encrypts, NONE] }] } } };
      const encryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] };
      const Resources = { ...template.Resources, Key, Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket', BucketEncryption: encryption } } };
      const { deployment, inventory } = model({ ...rest, template: { ...template, Resources } });
      expect(judge(deployment, inventory).filter(({ rule }) => rule.id === 'DeliveryKey').map(({ isDecided }) => isDecided)).toEqual([false]);
    });
  });
});
