import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessAssumptions } from '../../src/access/assumptions';

const ACCOUNT = '111122223333';
const POINT = `arn:aws:s3::${ACCOUNT}:accesspoint/mfzwi23gnjvgw.mrap`;
const PARTNER = 'arn:aws:iam::444455556666:role/Partner';
const POINT_OF_TEMPLATE = { 'Fn::Sub': 'arn:aws:s3::${AWS::AccountId}:accesspoint/${Point.Alias}/object/*' };
const DELEGATION = { StringEquals: { 's3:DataAccessPointAccount': ACCOUNT } };
const ON = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const OFF = { BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false };

const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const read = (principal: unknown, resource: unknown, condition?: object) => ({ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: resource, ...(condition && { Condition: condition }) });

const bucket = (name: string, block: object, ...statements: object[]) => ({
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name, PublicAccessBlockConfiguration: block } },
  ...(statements.length > 0 && { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document(...statements) } } }),
});
const delegating = (name: string) => read({ AWS: '*' }, `arn:aws:s3:::${name}/*`, DELEGATION);

interface Scene {
  readonly dublin?: readonly object[];
  readonly virginia?: readonly object[];
  readonly blocks?: object;
  readonly blocksOfVirginia?: object;
  readonly policy?: readonly object[];
  readonly others?: object;
}

/** The partner's role may do everything that others let it do. */
const ALLOWED_ALL = { [PARTNER]: { identityPolicies: [document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })] } };

function evaluator({ dublin = [delegating('dublin')], virginia = [delegating('virginia')], blocks = ON, blocksOfVirginia = ON, policy, others }: Scene, given: object = {}): AccessEvaluator {
  const point = {
    Point: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Name: 'data', PublicAccessBlockConfiguration: blocks, Regions: [{ Bucket: 'dublin' }, { Bucket: 'virginia' }] } },
    ...(policy && { PointPolicy: { Type: 'AWS::S3::MultiRegionAccessPointPolicy', Properties: { MrapName: { Ref: 'Point' }, Policy: document(...policy) } } }),
  };
  return AccessEvaluator.fromTemplates([
    { stackName: 'Dublin', account: ACCOUNT, region: 'eu-west-1', template: { Resources: { ...bucket('dublin', blocks, ...dublin), ...point, ...others } } },
    { stackName: 'Virginia', account: ACCOUNT, region: 'us-east-1', template: { Resources: bucket('virginia', blocksOfVirginia, ...virginia) } },
  ], AccessAssumptions.fromJson({ version: 1, physicalIds: { Dublin: { 'Point.Alias': 'mfzwi23gnjvgw.mrap' } }, principals: ALLOWED_ALL, ...given }));
}

const decidePartner = (scene: Scene, context: Record<string, unknown> = {}, principal = PARTNER) => {
  const { outcome, decidedBy, assumptions } = evaluator(scene).decide({ principal, action: 's3:GetObject', resource: `${POINT}/object/a`, context });
  return { outcome, layer: decidedBy?.layer, reason: decidedBy?.reason ?? '', assumed: assumptions.map(({ sentence }) => sentence) };
};

const FOR_PARTNER = [read({ AWS: PARTNER }, POINT_OF_TEMPLATE)];

describe('access point, buckets and identity decide together', () => {
  test('a caller of another account is let in where the access point names it, each bucket delegates and its identity allows it', () => {
    expect(decidePartner({ policy: FOR_PARTNER }).outcome).toBe('allowed');
  });

  test('a bucket that does not delegate stops requests that it would answer', () => {
    const { outcome, reason } = decidePartner({ policy: FOR_PARTNER, virginia: [] });
    expect(outcome).toBe('not-decided');
    expect(reason).toContain("from 'dublin' (eu-west-1) the request is allowed, from 'virginia' (us-east-1) denied");
  });

  test('where no bucket delegates, the request is denied', () => {
    expect(decidePartner({ policy: FOR_PARTNER, dublin: [], virginia: [] })).toMatchObject({ outcome: 'denied', layer: 'bucket-policy' });
  });

  test('without a policy that names it, a caller of another account is denied by the access point', () => {
    expect(decidePartner({})).toMatchObject({ outcome: 'denied', layer: 'access-point-policy' });
  });

  test('a delegation to another account does not count', () => {
    const virginia = [read({ AWS: '*' }, 'arn:aws:s3:::virginia/*', { StringEquals: { 's3:DataAccessPointAccount': '777788889999' } })];
    expect(decidePartner({ policy: FOR_PARTNER, virginia }).outcome).toBe('not-decided');
  });

  test('a delegation to the one access point counts', () => {
    const virginia = [read({ AWS: '*' }, 'arn:aws:s3:::virginia/*', { StringEquals: { 's3:DataAccessPointArn': POINT } })];
    expect(decidePartner({ policy: FOR_PARTNER, virginia }).outcome).toBe('allowed');
  });

  test('a deny of one bucket holds where that bucket answers', () => {
    const deny = { ...read('*', 'arn:aws:s3:::virginia/*'), Effect: 'Deny' };
    expect(decidePartner({ policy: FOR_PARTNER, virginia: [delegating('virginia'), deny] }).outcome).toBe('not-decided');
    expect(decidePartner({ policy: [...FOR_PARTNER, { ...read('*', POINT_OF_TEMPLATE), Effect: 'Deny' }] })).toMatchObject({ outcome: 'denied', layer: 'access-point-policy' });
  });
});

describe('what multi-Region access points answer', () => {
  const policy = [read('*', POINT_OF_TEMPLATE)];
  const open: Scene = { policy, blocks: OFF, blocksOfVirginia: OFF, dublin: [delegating('dublin')], virginia: [delegating('virginia')] };

  test.each<[what: string, context: Record<string, string>, principal: string, why: string]>([
    ['anonymous requests', {}, 'anonymous', 'the request is not signed'],
    ['plain HTTP', { 'aws:SecureTransport': 'false' }, PARTNER, 'the request comes over plain HTTP'],
    ['signatures for one Region', { 's3:signatureversion': 'AWS4-HMAC-SHA256' }, PARTNER, 'needs Signature Version 4A'],
  ])('%s are denied', (_, context, principal, why) => {
    expect(decidePartner(open, {}).outcome).toBe('allowed');
    const { outcome, layer, reason } = decidePartner(open, context, principal);
    expect({ outcome, layer }).toEqual({ outcome: 'denied', layer: 'access-point-policy' });
    expect(reason).toContain(why);
  });

  test('the signature is taken for Version 4A', () => {
    const condition = { StringNotEquals: { 's3:signatureversion': 'AWS4-ECDSA-P256-SHA256' } };
    expect(decidePartner({ policy: [...FOR_PARTNER, { ...read('*', POINT_OF_TEMPLATE, condition), Effect: 'Deny' }] })).toMatchObject({ outcome: 'allowed' });
  });

  test('Block Public Access of one bucket is enough where that bucket answers', () => {
    expect(decidePartner({ ...open, blocksOfVirginia: ON }).outcome).toBe('not-decided');
    expect(decidePartner({ ...open, blocks: ON, blocksOfVirginia: ON })).toMatchObject({ outcome: 'denied', layer: 'block-public-access' });
  });
});

describe('networks', () => {
  const endpoint = (service: string, type: string) => ({ Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: service, VpcEndpointType: type, VpcId: 'vpc-0abc123def4567890' } } });
  const through = (others: object) => {
    const scene = { policy: FOR_PARTNER, others };
    const id = evaluator(scene)._model.deployment.ofType('AWS::EC2::VPCEndpoint')[0].reference('Ref')!;
    return decidePartner(scene, { 'aws:SourceVpce': id });
  };

  test('an interface endpoint for multi-Region access points leads there', () => {
    expect(through(endpoint('com.amazonaws.s3-global.accesspoint', 'Interface')).outcome).toBe('allowed');
  });

  test.each([['com.amazonaws.eu-west-1.s3', 'Gateway'], ['com.amazonaws.eu-west-1.s3', 'Interface']])('an endpoint for %s (%s) does not', (service, type) => {
    expect(through(endpoint(service, type))).toMatchObject({ outcome: 'denied', layer: 'vpc-endpoint-policy' });
  });

  test('an endpoint of which nothing is known is taken for one that leads there', () => {
    const { outcome, assumed } = decidePartner({ policy: FOR_PARTNER }, { 'aws:SourceVpce': 'vpce-0abc123def4567890' });
    expect(outcome).toBe('allowed');
    expect(assumed).toContain('The VPC endpoint vpce-0abc123def4567890 is an interface endpoint for com.amazonaws.s3-global.accesspoint.');
  });
});

describe('what is not known', () => {
  test('an access point of which nothing is known leads nowhere that is known', () => {
    const other = POINT.replace('mfzwi23gnjvgw', 'another');
    expect(() => evaluator({}).decide({ principal: PARTNER, action: 's3:GetObject', resource: `${other}/object/a` })).toThrow(`Provide 'accessPoints.${other}.buckets'`);
  });

  test('assumptions say what is behind an access point', () => {
    const other = POINT.replace('mfzwi23gnjvgw', 'another');
    const given = { accessPoints: { [other]: { buckets: ['dublin', 'virginia'], policy: document(read({ AWS: PARTNER }, `${other}/object/*`)), blockPublicAccess: ON } } };
    expect(evaluator({}, given).decide({ principal: PARTNER, action: 's3:GetObject', resource: `${other}/object/a` }).outcome).toBe('allowed');
  });

  test.each([`arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/alias.mrap`, `arn:aws:s3::${ACCOUNT}:accesspoint/name`])('%s is no ARN of an access point', (arn) => {
    expect(() => evaluator({}).decide({ principal: PARTNER, action: 's3:GetObject', resource: `${arn}/object/a` })).toThrow('is no ARN of an access point');
  });
});

test.each(['s3:PutBucketPolicy', 's3:GetBucketLocation', 's3:DeleteBucket', 's3:ListBucketVersions', 's3:ReplicateObject'])('%s, which no operation through such an access point needs, is not decided', (action) => {
  const ask = () => evaluator({ policy: FOR_PARTNER }).decide({ principal: PARTNER, action, resource: action === 's3:ReplicateObject' ? `${POINT}/object/a` : POINT });
  expect(ask).toThrow(`AWS does not document that multi-Region access points offer '${action}'`);
});

test.each([
  ['CopyObject', POINT, { 'x-amz-copy-source': '/dublin/a' }],
  ['CopyObject', 'arn:aws:s3:::dublin', { 'x-amz-copy-source': `${POINT}/object/a` }],
  ['UploadPartCopy', POINT, { 'x-amz-copy-source': '/dublin/a' }],
  ['DeleteObjects', POINT, {}],
  ['ListObjects', POINT, {}],
])('%s on %s, which AWS does not document, is not decided', (operation, place, headers) => {
  const resource = /^(?:DeleteObjects|ListObjects)$/.test(operation) ? place : `${place}${place === POINT ? '/object' : ''}/b`;
  expect(() => evaluator({ policy: FOR_PARTNER }).decide({ principal: PARTNER, operation, headers, resource })).toThrow(`AWS does not document that multi-Region access points offer '${operation}'`);
});

test('a bucket of another account is known from the templates of that account', () => {
  const point = { Point: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Name: 'data', PublicAccessBlockConfiguration: ON, Regions: [{ Bucket: 'dublin', BucketAccountId: '999988887777' }] } } };
  const pointPolicy = { PointPolicy: { Type: 'AWS::S3::MultiRegionAccessPointPolicy', Properties: { MrapName: { Ref: 'Point' }, Policy: document(...FOR_PARTNER) } } };
  const asked = (...statements: object[]) => AccessEvaluator.fromTemplates([
    { stackName: 'Access', account: ACCOUNT, region: 'eu-west-1', template: { Resources: { ...point, ...pointPolicy } } },
    { stackName: 'Dublin', account: '999988887777', region: 'eu-west-1', template: { Resources: bucket('dublin', ON, ...statements) } },
  ], AccessAssumptions.fromJson({ version: 1, physicalIds: { Access: { 'Point.Alias': 'mfzwi23gnjvgw.mrap' } }, principals: ALLOWED_ALL }));
  const decide = (...statements: object[]) => asked(...statements).decide({ principal: PARTNER, action: 's3:GetObject', resource: `${POINT}/object/a` }).outcome;
  expect([decide(delegating('dublin')), decide(read({ AWS: '*' }, 'arn:aws:s3:::dublin/*', { StringEquals: { 's3:DataAccessPointAccount': '999988887777' } }))]).toEqual(['allowed', 'denied']);
});

test('a bucket that is said to be of another account is not known from those of this one', () => {
  const { template } = { template: { Resources: { Point: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Name: 'data', Regions: [{ Bucket: 'dublin', BucketAccountId: '999988887777' }] } }, ...bucket('dublin', ON, delegating('dublin')) } } };
  const asked = AccessEvaluator.fromTemplates([{ stackName: 'Dublin', account: ACCOUNT, region: 'eu-west-1', template }], AccessAssumptions.fromJson({ version: 1, physicalIds: { Dublin: { 'Point.Alias': 'mfzwi23gnjvgw.mrap' } } }));
  expect(() => asked.decide({ principal: PARTNER, action: 's3:GetObject', resource: `${POINT}/object/a` })).toThrow('It is not known to which buckets the access point');
});

test('TLS older than 1.2 is denied', () => {
  expect(decidePartner({ policy: FOR_PARTNER }, { 's3:TlsVersion': '1.1' }).outcome).toBe('denied');
});
