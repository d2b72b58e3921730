import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DeployedSite, ENV, newApp, oneStack, PREFIXED } from './sites';
import { EncryptionEnforcement, OacDistribution, OacDistributionProps, SecureBucket, SecureBucketProps } from '../../src';
import { Inventory } from '../../src/access/inventory';
import { parsePolicy } from '../../src/policy/document';
import { Guarantee, RequestDescription } from '../../src/proof/guarantee';
import { keyRequests, prove } from '../../src/proof/prove';
import { ANONYMOUS, Caller, fromAddress, INSIDE_AWS, role, service } from '../support/callers';
import { guarantees } from '../support/proofs';
import { judge } from '../support/simulate';

const OWNER = { id: ENV.account, organizationId: 'o-exampleorgid' };
const STRANGER = { id: '777788889999', organizationId: 'o-strangerorg' };
const CLOUDFRONT = 'cloudfront.amazonaws.com';
const PERIMETERS: SecureBucketProps = {
  ...PREFIXED,
  network: { vpcEndpointIds: ['vpce-0abc123def4567890'] },
  organization: { organizationIds: [OWNER.organizationId] },
  encryptionEnforcement: EncryptionEnforcement.REJECT_OTHER,
};

interface Asked {
  readonly caller: (site: DeployedSite) => Caller;
  readonly action?: string;
  readonly key?: string;
  readonly changes?: Record<string, string | undefined>;
}

const THIS_ONE = (site: DeployedSite) => service(CLOUDFRONT, { account: OWNER, arn: site.distributionArn('Site/Site') });
const ANOTHER = () => service(CLOUDFRONT, { account: OWNER, arn: `arn:aws:cloudfront::${OWNER.id}:distribution/EANOTHEREXAMPLE` });
const HTTP = { 'aws:SecureTransport': 'false', 's3:TlsVersion': undefined };

async function allows(site: DeployedSite, { caller, action = 's3:GetObject', key = 'index.html', changes }: Asked): Promise<boolean> {
  const bucketArn = `arn:aws:s3:::${site.bucketName}`;
  const resource = action === 's3:ListBucket' || action === 's3:PutBucketPolicy' ? bucketArn : `${bucketArn}/${key}`;
  const route = caller === THIS_ONE ? INSIDE_AWS : fromAddress('198.51.100.7');
  return (await judge({ caller: caller(site), route, action, resource, changes }, { policy: site.bucketPolicy(site.bucketName), ownerAccountId: OWNER.id })).allowed;
}

const REQUESTS: [name: string, asked: Asked, allowed: boolean][] = [
  ['this distribution reads', { caller: THIS_ONE }, true],
  ['this distribution reads over plain HTTP', { caller: THIS_ONE, changes: HTTP }, false],
  ['this distribution reads over TLS 1.1', { caller: THIS_ONE, changes: { 's3:TlsVersion': '1.1' } }, false],
  ['this distribution lists', { caller: THIS_ONE, action: 's3:ListBucket' }, false],
  ['this distribution uploads', { caller: THIS_ONE, action: 's3:PutObject' }, false],
  ['this distribution deletes', { caller: THIS_ONE, action: 's3:DeleteObject' }, false],
  ['this distribution reads old versions', { caller: THIS_ONE, action: 's3:GetObjectVersion' }, false],
  ['this distribution changes the policy', { caller: THIS_ONE, action: 's3:PutBucketPolicy' }, false],
  ['another distribution of the account reads', { caller: ANOTHER }, false],
  ['a distribution of another account reads', { caller: () => service(CLOUDFRONT, { account: STRANGER, arn: `arn:aws:cloudfront::${STRANGER.id}:distribution/EDFDVBD6EXAMPLE` }) }, false],
  ['CloudFront reads for nobody in particular', { caller: () => service(CLOUDFRONT) }, false],
  ['another service reads for this distribution', { caller: (site) => service('lambda.amazonaws.com', { account: OWNER, arn: site.distributionArn('Site/Site') }) }, false],
  ['anybody reads', { caller: () => ANONYMOUS }, false],
  ['a stranger with all permissions reads', { caller: () => role(STRANGER, 'Reader') }, false],
];

const BUCKETS: Record<string, SecureBucketProps> = { 'a bucket without perimeters': PREFIXED, 'a bucket with network and organization perimeters': PERIMETERS };

describe.each(Object.entries(BUCKETS))('behind OacDistribution, %s', (_, bucketProps) => {
  let site: DeployedSite;
  let built: ReturnType<typeof oneStack>;
  beforeAll(() => {
    built = oneStack({ bucketProps });
    new OacDistribution(built.stack, 'Unrelated', { bucket: new SecureBucket(built.stack, 'Other', { bucketName: 'other' }) });
    site = new DeployedSite(built.app);
  });

  test.each(REQUESTS)('%s: decided by an evaluator that is not ours', async (_name, asked, allowed) => {
    expect(await allows(site, asked)).toBe(allowed);
  });

  test('a second distribution of the app is denied', async () => {
    expect(await allows(site, { caller: (deployed) => service(CLOUDFRONT, { account: OWNER, arn: deployed.distributionArn('Site/Unrelated') }) })).toBe(false);
  });

  test('the guardrails keep all that they promise', () => {
    const proofs = guarantees(built.bucket);
    expect(proofs.length).toBeGreaterThan(0);
    expect(proofs.filter((proof) => !proof.startsWith('holds: '))).toEqual([]);
  });
});

describe('by choice', () => {
  const CHOICES: [name: string, props: Partial<OacDistributionProps>, asked: Asked, allowed: boolean][] = [
    ['this distribution lists', { allowListing: true }, { caller: THIS_ONE, action: 's3:ListBucket' }, true],
    ['another distribution does not list', { allowListing: true }, { caller: ANOTHER, action: 's3:ListBucket' }, false],
    ['this distribution uploads', { allowUploads: true }, { caller: THIS_ONE, action: 's3:PutObject' }, true],
    ['uploads ask for no other encryption', { allowUploads: true }, { caller: THIS_ONE, action: 's3:PutObject', changes: { 's3:x-amz-server-side-encryption': 'AES256' } }, false],
    ['uploads delete nothing', { allowUploads: true }, { caller: THIS_ONE, action: 's3:DeleteObject' }, false],
    ['another distribution does not upload', { allowUploads: true }, { caller: ANOTHER, action: 's3:PutObject' }, false],
    ['what is below the origin path is read', { originOptions: { originPath: 'public' } }, { caller: THIS_ONE, key: 'public/index.html' }, true],
    ['what is beside the origin path is not', { originOptions: { originPath: 'public' } }, { caller: THIS_ONE, key: 'publications/draft.html' }, false],
  ];

  test.each(CHOICES)('%s', async (_, props, asked, allowed) => {
    expect(await allows(new DeployedSite(oneStack({ bucketProps: PERIMETERS, ...props }).app), asked)).toBe(allowed);
  });
});

describe('proved over all requests', () => {
  const isCloudFront = { 'aws:PrincipalServiceName': CLOUDFRONT };
  const needsAllow: RequestDescription = { Condition: { StringEquals: { 'proof:CallerKind': ['service', 'anonymous'] } } };

  function bucketGuarantees(arn: string, actions: string[]): Guarantee[] {
    return [
      {
        sentence: 'CloudFront is let through for this distribution only.',
        needsAllow,
        breaches: [{ Condition: { StringEquals: isCloudFront, StringNotEquals: { 'aws:SourceArn': arn } } }],
      },
      { sentence: 'CloudFront only does what it may.', needsAllow, breaches: [{ NotAction: actions.length > 0 ? actions : 's3:None', Condition: { StringEquals: isCloudFront } }] },
      { sentence: 'Nothing is let through over plain HTTP.', needsAllow, breaches: [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
      { sentence: 'Nobody is let through who says nothing of himself.', needsAllow, breaches: [{ Condition: { StringEquals: { 'proof:CallerKind': 'anonymous' } } }] },
    ];
  }

  function proofs(app: App, actions = ['s3:GetObject'], keyActions = ['kms:Decrypt']): string[] {
    const site = new DeployedSite(app);
    const inventory = new Inventory(site.deployment);
    const arn = site.distributionArn();
    const { facts, policies: [{ policy }] } = inventory.bucketNamed(site.bucketName)!;
    const keyArn = site.keyArn('');
    const key = { arn: keyArn, objects: keyArn, account: OWNER.id, partition: 'aws' };
    const [onlyThis] = bucketGuarantees(arn, []);
    const onlyKeyActions = bucketGuarantees(arn, keyActions)[1];
    return [
      ...bucketGuarantees(arn, actions).map((guarantee) => prove(policy!, guarantee, facts)),
      ...[onlyThis, onlyKeyActions].map((guarantee) => prove(parsePolicy(site.keyPolicy('')), guarantee, key, keyRequests)),
    ].map(({ verdict }) => verdict);
  }

  const ALL_HOLD = Array(6).fill('holds');

  test('the policies of bucket and key let in this distribution, over TLS, for reading', () => {
    expect(proofs(oneStack().app)).toEqual(ALL_HOLD);
    expect(proofs(oneStack({ bucketProps: PERIMETERS }).app)).toEqual(ALL_HOLD);
  });

  test('and in two stacks', () => {
    const app = newApp();
    const bucket = new SecureBucket(new Stack(app, 'Storage', { env: ENV }), 'Content', PREFIXED);
    new OacDistribution(new Stack(app, 'Site', { env: ENV }), 'Site', { bucket });
    expect(proofs(app)).toEqual(ALL_HOLD);
  });

  test('and for what was asked for beside', () => {
    expect(proofs(oneStack({ allowListing: true, allowUploads: true }).app, ['s3:GetObject', 's3:ListBucket', 's3:PutObject'], ['kms:Decrypt', 'kms:GenerateDataKey'])).toEqual(ALL_HOLD);
  });

  test('a bucket without guardrails keeps the first two and breaks the third', () => {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    new OacDistribution(stack, 'Site', { bucket: new s3.Bucket(stack, 'Content', { bucketName: 'site-content', encryption: s3.BucketEncryption.KMS }) });
    expect(proofs(app)).toEqual(['holds', 'holds', 'broken', 'holds', 'holds', 'holds']);
  });

  test('where somebody lets CloudFront delete, the proof says so', () => {
    const { app, bucket } = oneStack();
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(CLOUDFRONT)],
      actions: ['s3:DeleteObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { StringEquals: { 'aws:SourceAccount': ENV.account } },
    }));
    expect(proofs(app)[1]).toBe('broken');
  });

  test('where the key lets in all distributions of the account, the proof says so', () => {
    expect(proofs(oneStack({ bucketProps: {} }).app)).toEqual(['holds', 'holds', 'holds', 'holds', 'broken', 'holds']);
  });
});
