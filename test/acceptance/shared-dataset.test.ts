import { App } from 'aws-cdk-lib';
import { ConsumerStack } from '../../examples/shared-dataset/consumer-stack';
import { ProducerStack } from '../../examples/shared-dataset/producer-stack';
import { contextOf } from '../../src/policy/context';
import { parsePolicy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { iamPrincipal, Principal } from '../../src/policy/request';
import { EVERY_CALLER, RequestDescription } from '../../src/proof/guarantee';
import { bucketRequests, keyRequests, prove, ResourceFacts } from '../../src/proof/prove';
import { DeployedApp, Document } from '../sharing/sides';
import { guarantees } from '../support/proofs';

// The guide's Section 11, walked layer by layer on the policies that examples/shared-dataset deploys.

const REGION = 'ap-northeast-1';
const OWNER = '111122223333';
const ENDPOINT = 'vpce-0abc123def4567890';
const ORGANIZATION = 'o-exampleorgid';
const APP_ROLE = 'arn:aws:iam::444455556666:role/AppRole';
const NAME = `shared-dataset-${OWNER}-${REGION}-an`;
const DATASET = `arn:aws:s3:::${NAME}`;
const VIA_S3 = `s3.${REGION}.amazonaws.com`;
const NOTHING: Document = { Version: '2012-10-17', Statement: [] };

const app = new App({ analyticsReporting: false });
const consumer = new ConsumerStack(app, 'Consumer', { env: { account: '444455556666', region: REGION }, datasetName: NAME });
const producer = new ProducerStack(app, 'Producer', { env: { account: OWNER, region: REGION }, organizationId: ORGANIZATION, vpcEndpointId: ENDPOINT, reader: consumer.appRole });
const deployed = new DeployedApp(app);
const [dataset] = deployed.deployment.ofType('AWS::S3::Bucket').filter((bucket) => bucket.reference('Ref') === NAME);
const [endpoint] = deployed.deployment.ofType('AWS::EC2::VPCEndpoint');
const keyArn = deployed.keyArn('Producer/Dataset');

/** Everything that decides about a request, in the order in which the guide asks. */
interface Layers {
  readonly blockPublicAccess: readonly boolean[];
  readonly endpoint: Document;
  readonly identity: Document;
  readonly bucket: Document;
  readonly key: Document;
}

const LAYERS: Layers = {
  blockPublicAccess: Object.values(dataset.property('PublicAccessBlockConfiguration')),
  endpoint: endpoint.property('PolicyDocument'),
  identity: deployed.identity(APP_ROLE),
  bucket: deployed.bucketPolicy(NAME),
  key: deployed.keyPolicy('Producer/Dataset'),
};

interface Request {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;

  /** What S3 tells KMS for which data it asks. */
  readonly encryptionContext: string;
}

const READ: Request = {
  principal: iamPrincipal(APP_ROLE),
  action: 's3:GetObject',
  resource: `${DATASET}/report.csv`,
  context: {
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    'aws:PrincipalArn': APP_ROLE,
    'aws:PrincipalAccount': '444455556666',
    'aws:PrincipalOrgID': ORGANIZATION,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SourceVpce': ENDPOINT,
  },
  encryptionContext: DATASET, // the bucket's: objects are under a bucket key
};

/** Who says no first: a layer, and the statement of an explicit deny. Nobody: the request succeeds. */
function refusedBy(layers: Layers, { principal, action, resource, context, encryptionContext }: Request): string | undefined {
  const says = (document: Document, what: string, arn: string, more: Record<string, string> = {}) => {
    const { outcome, statements } = evaluate(parsePolicy(document), { principal, action: what, resource: arn, context: contextOf({ ...context, ...more }) });
    return outcome === 'allowed' ? undefined : outcome === 'denied' ? statements.map(({ sid }) => sid).join() : outcome;
  };
  const isPublic = layers.blockPublicAccess.includes(true) && principal.kind === 'anonymous' && says(layers.bucket, action, resource) !== 'not-mentioned';
  const ofKey = { 'kms:ViaService': VIA_S3, 'kms:EncryptionContext:aws:s3:arn': encryptionContext };
  const verdicts: Record<string, string | undefined> = {
    'block public access': isPublic ? 'restricted' : undefined,
    'endpoint policy': context['aws:SourceVpce'] ? says(layers.endpoint, action, resource) : undefined,
    'identity policy': says(layers.identity, action, resource) ?? (action === 's3:GetObject' ? says(layers.identity, 'kms:Decrypt', keyArn, ofKey) : undefined),
    'bucket policy': says(layers.bucket, action, resource),
    'key policy': action === 's3:GetObject' ? says(layers.key, 'kms:Decrypt', keyArn, ofKey) : undefined,
  };
  const [refusal] = Object.entries(verdicts).filter(([, verdict]) => verdict !== undefined).map(([layer, verdict]) => `${layer}: ${verdict}`);
  return refusal;
}

function from(request: Request, context: Record<string, string | undefined>): Request {
  const known = Object.entries({ ...request.context, ...context }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...request, context: Object.fromEntries(known) };
}

function withStatement(document: Document, statement: object): Document {
  return { ...document, Statement: [...document.Statement, statement] };
}

function withoutStatement(document: Document, action: string): Document {
  const kept = document.Statement.filter((statement) => statement.Effect !== 'Allow' || ![statement.Action].flat().includes(action));
  expect(kept.length).toBeLessThan(document.Statement.length);
  return { ...document, Statement: kept };
}

test.each([['reads', READ], ['lists', { ...READ, action: 's3:ListBucket', resource: DATASET }]])('the application %s', (_, request) => {
  expect(refusedBy(LAYERS, request)).toBeUndefined();
});

const ADMINISTRATOR = withStatement(NOTHING, { Effect: 'Allow', Action: '*', Resource: '*' });
const EVERYBODY = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${DATASET}/*` };

describe.each<[string, { request: Request; layers?: () => Layers; refused: string; otherwise: () => [Layers, Request] }]>([
  ['a request without TLS (7.1)', {
    request: from(READ, { 'aws:SecureTransport': 'false', 's3:TlsVersion': undefined }),
    refused: 'bucket policy: DenyInsecureTransport',
    otherwise: () => [LAYERS, READ],
  }],
  ['a request beside the endpoint (7.3), of the organization all the same: the guide lets it pass', {
    request: from(READ, { 'aws:SourceVpce': undefined, 'aws:SourceIp': '198.51.100.77' }),
    refused: 'bucket policy: DenyOutsideVpce',
    otherwise: () => [LAYERS, READ],
  }],
  ['a request through the endpoint of a role that left the organization (7.4): the guide lets it pass', {
    request: from(READ, { 'aws:PrincipalOrgID': 'o-another0rg' }),
    refused: 'bucket policy: DenyOutsideOrg',
    otherwise: () => [LAYERS, READ],
  }],
  ['an anonymous request, once somebody has made the policy public', {
    request: { ...from(READ, { 'aws:PrincipalArn': undefined, 'aws:PrincipalAccount': undefined, 'aws:PrincipalOrgID': undefined, 'aws:PrincipalIsAWSService': undefined }), principal: { kind: 'anonymous' } },
    layers: () => ({ ...LAYERS, bucket: withStatement(NOTHING, EVERYBODY), identity: ADMINISTRATOR, key: withStatement(LAYERS.key, { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }) }),
    refused: 'block public access: restricted',
    otherwise: () => [{ ...LAYERS, bucket: withStatement(NOTHING, EVERYBODY) }, READ],
  }],
  ["a way out of the VPC into somebody else's bucket, with every permission there is", {
    request: { ...READ, action: 's3:PutObject', resource: 'arn:aws:s3:::somebody-elses/report.csv' },
    layers: () => ({ ...LAYERS, identity: ADMINISTRATOR, bucket: withStatement(NOTHING, { ...EVERYBODY, Action: 's3:*', Resource: '*' }) }),
    refused: 'endpoint policy: not-mentioned',
    otherwise: () => [{ ...LAYERS, identity: ADMINISTRATOR, bucket: withStatement(NOTHING, { ...EVERYBODY, Action: 's3:*', Resource: '*' }) }, { ...READ, action: 's3:PutObject', resource: `${DATASET}/report.csv` }],
  }],
  ['the application without its own permission on the data', {
    request: READ,
    layers: () => ({ ...LAYERS, identity: withoutStatement(LAYERS.identity, 's3:GetObject') }),
    refused: 'identity policy: not-mentioned',
    otherwise: () => [LAYERS, READ],
  }],
  ['the application without its own permission on the key', {
    request: READ,
    layers: () => ({ ...LAYERS, identity: withoutStatement(LAYERS.identity, 'kms:Decrypt') }),
    refused: 'identity policy: not-mentioned',
    otherwise: () => [LAYERS, READ],
  }],
  ['another role of the consumer, with the same permissions', {
    request: { ...from(READ, { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/OtherRole' }), principal: iamPrincipal('arn:aws:iam::444455556666:role/OtherRole') },
    refused: 'bucket policy: not-mentioned',
    otherwise: () => [LAYERS, READ],
  }],
  ['the application, by a key that does not know it', {
    request: READ,
    layers: () => ({ ...LAYERS, key: withoutStatement(LAYERS.key, 'kms:Decrypt') }),
    refused: 'key policy: not-mentioned',
    otherwise: () => [LAYERS, READ],
  }],
])('%s', (_, { request, layers = () => LAYERS, refused, otherwise }) => {
  test(`is denied by ${refused}`, () => {
    expect(refusedBy(layers(), request)).toBe(refused);
  });

  test('and by nothing else: the request that differs there alone succeeds', () => {
    expect(refusedBy(...otherwise())).toBeUndefined();
  });
});

test('the object context collapses: ACLs are disabled, and objects belong to the owner of the bucket', () => {
  expect(dataset.property('OwnershipControls')).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
});

describe('over all requests', () => {
  const facts: ResourceFacts = { arn: DATASET, objects: `${DATASET}/`, account: OWNER, partition: 'aws' };
  const appRole = { 'aws:PrincipalArn': APP_ROLE };
  const nobody = (document: Document, resource: ResourceFacts, breach: RequestDescription, requests = bucketRequests) =>
    prove(parsePolicy(document), { sentence: 'Nobody does this.', needsAllow: EVERY_CALLER, breaches: [breach] }, resource, requests).verdict;

  test('the bucket keeps what its guardrails promise', () => {
    const proofs = guarantees(producer.node.findChild('Dataset') as any);
    expect(proofs.filter((proof) => !proof.startsWith('holds: '))).toEqual([]);
    expect(proofs).toHaveLength(7);
  });

  test('the bucket policy allows nobody of another account but the application, and it to read and list alone', () => {
    expect(nobody(LAYERS.bucket, facts, { Condition: { StringNotEquals: { ...appRole, 'proof:CallerKind': 'service' } } })).toBe('holds');
    expect(nobody(LAYERS.bucket, facts, { NotAction: ['s3:GetObject', 's3:ListBucket'] })).toBe('holds');
    expect(nobody(LAYERS.bucket, facts, { Condition: { StringEquals: appRole } })).toBe('broken'); // the proofs above look at something
  });

  test('the endpoint leads to the dataset and nowhere else', () => {
    const elsewhere = { ...facts, arn: 'arn:aws:s3:::somebody-elses', objects: 'arn:aws:s3:::somebody-elses/' };
    expect(nobody(LAYERS.endpoint, elsewhere, {})).toBe('holds');
    expect(nobody(LAYERS.endpoint, facts, {})).toBe('broken');
  });

  test("the application's own policies reach no other data", () => {
    const elsewhere = { ...facts, arn: 'arn:aws:s3:::somebody-elses', objects: 'arn:aws:s3:::somebody-elses/' };
    expect(nobody(LAYERS.identity, elsewhere, {})).toBe('holds');
    expect(nobody(LAYERS.identity, facts, { NotAction: ['s3:GetObject', 's3:ListBucket'] })).toBe('holds');
    expect(nobody(LAYERS.identity, facts, {})).toBe('broken');
  });

  test('the key decrypts for the application through S3, for this dataset; for nobody else of another account', () => {
    const key: ResourceFacts = { arn: keyArn, objects: keyArn, account: OWNER, partition: 'aws' };
    const claim = (breach: RequestDescription) => nobody(LAYERS.key, key, breach, keyRequests);
    expect(claim({ Condition: { StringNotEquals: appRole, ArnNotLike: { 'aws:PrincipalArn': `arn:*:*::${OWNER}:*` } } })).toBe('holds');
    expect(claim({ Condition: { StringEquals: appRole, StringNotEquals: { 'kms:ViaService': VIA_S3 } } })).toBe('holds');
    expect(claim({ Condition: { StringEquals: appRole, StringNotLike: { 'kms:EncryptionContext:aws:s3:arn': [DATASET, `${DATASET}/*`] } } })).toBe('holds');
    expect(claim({ NotAction: 'kms:Decrypt', Condition: { StringEquals: appRole } })).toBe('holds');
    expect(claim({ Condition: { StringEquals: appRole } })).toBe('broken');
  });
});
