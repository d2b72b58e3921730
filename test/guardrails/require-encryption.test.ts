import { App, Aspects, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcement, RequireEncryption, RequireEncryptionProps } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { parsePolicy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { iamPrincipal, Principal } from '../../src/policy/request';
import { deploymentOf } from '../../src/template/deployment-of';
import { PRODUCER, testStack, warnings } from '../support/apps';
import { guarantees } from '../support/proofs';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const OTHER_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-3333-4444-555555555555';
const [ALGORITHM, KEY_ID, CUSTOMER] = ['', '-aws-kms-key-id', '-customer-algorithm'].map((suffix) => `s3:x-amz-server-side-encryption${suffix}`);

/** What uploads ask for. */
const UPLOADS: Record<string, Record<string, string>> = {
  'nothing': {},
  'SSE-S3': { [ALGORITHM]: 'AES256' },
  'the key': { [ALGORITHM]: 'aws:kms', [KEY_ID]: KEY },
  'another key': { [ALGORITHM]: 'aws:kms', [KEY_ID]: OTHER_KEY },
  'the AWS managed key': { [ALGORITHM]: 'aws:kms' },
  'a key of its own': { [CUSTOMER]: 'AES256' },
};

function byDefault(sseAlgorithm: string, kmsMasterKeyId?: string): s3.CfnBucketProps {
  return { bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId } }] } };
}

function guardedBucket(props: s3.CfnBucketProps, guardrail: RequireEncryptionProps = {}): { stack: Stack; bucket: s3.IBucket } {
  const stack = testStack();
  const bucket = s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Data', props));
  const encryptionKey = guardrail.encryptionKey && kms.Key.fromKeyArn(stack, 'Key', KEY);
  Aspects.of(stack).add(new RequireEncryption({ ...guardrail, encryptionKey }));
  (stack.node.root as App).synth();
  return { stack, bucket };
}

/** The uploads that a bucket denies. */
function denied(stack: Stack, principal: Principal = iamPrincipal(`arn:aws:iam::${PRODUCER.account}:role/Uploader`), action = 's3:PutObject'): string[] {
  const [policy] = deploymentOf(synthesizedTemplates(stack.node.root)).ofType('AWS::S3::BucketPolicy');
  const [resource] = [JSON.parse(JSON.stringify(policy.property('PolicyDocument'))).Statement[0].Resource].flat();
  const isService = String(principal.kind === 'service');
  return Object.entries(UPLOADS).filter(([, headers]) => {
    const context = new Map([...Object.entries(headers), ['aws:PrincipalIsAWSService', isService]].map(([key, value]) => [key.toLowerCase(), [value]]));
    return evaluate(parsePolicy(policy.property('PolicyDocument')), { principal, action, resource: resource.replace('*', 'a'), context }).outcome === 'denied';
  }).map(([name]) => name);
}

const GIVEN = { encryptionKey: {} as kms.IKey };
const STRICT = { enforcement: EncryptionEnforcement.REQUIRE_HEADER };

test.each<[string, s3.CfnBucketProps, RequireEncryptionProps, string[], boolean]>([
  ['its key', byDefault('aws:kms', KEY), {}, ['SSE-S3', 'another key', 'the AWS managed key', 'a key of its own'], true],
  ['its key, strictly', byDefault('aws:kms', KEY), STRICT, ['nothing', 'SSE-S3', 'another key', 'the AWS managed key', 'a key of its own'], true],
  ['SSE-S3, said', byDefault('AES256'), {}, ['the key', 'another key', 'the AWS managed key', 'a key of its own'], false],
  ['SSE-S3, not said', {}, {}, ['the key', 'another key', 'the AWS managed key', 'a key of its own'], false],
  ['SSE-S3, strictly: what asks for nothing gets it', {}, STRICT, ['the key', 'another key', 'the AWS managed key', 'a key of its own'], false],
  ['SSE-S3, with a key in the guardrail', {}, GIVEN, ['the key', 'another key', 'the AWS managed key', 'a key of its own'], false],
  ['SSE-S3, with a key in the guardrail and strictly', {}, { ...GIVEN, ...STRICT }, ['nothing', 'SSE-S3', 'another key', 'the AWS managed key', 'a key of its own'], true],
  ['the AWS managed key', byDefault('aws:kms'), {}, ['SSE-S3', 'a key of its own'], false],
  ['the AWS managed key, by its alias', byDefault('aws:kms', 'alias/aws/s3'), {}, ['SSE-S3', 'a key of its own'], false],
  ['a key that is known by its alias', byDefault('aws:kms', 'alias/data'), {}, ['SSE-S3', 'the AWS managed key', 'a key of its own'], false],
  ['a key that is known by its alias, with the key in the guardrail', byDefault('aws:kms', 'alias/data'), GIVEN, ['SSE-S3', 'another key', 'the AWS managed key', 'a key of its own'], true],
])('a bucket that encrypts with %s', (_, props, guardrail, expected, isWhole) => {
  const { stack, bucket } = guardedBucket(props, guardrail);
  expect(denied(stack)).toEqual(expected);
  expect(warnings(bucket.node.defaultChild!)).toEqual(isWhole ? [] : ['cdk-secure-bucket:requireEncryptionNotEnforced']);
  expect(guarantees(bucket).filter((line) => !line.startsWith('holds: '))).toEqual([]);
  expect(guarantees(bucket).length).toBeGreaterThan(1);
});

test('services deliver to SSE-S3 with the encryption that they were set up with, a trail with its key say', () => {
  const { stack } = guardedBucket({});
  expect(denied(stack, { kind: 'service', service: 'cloudtrail.amazonaws.com' })).toEqual(['a key of its own']);
});

test('an override of the default encryption is what counts', () => {
  const stack = testStack();
  const bucket = new s3.CfnBucket(stack, 'Data');
  bucket.addPropertyOverride('BucketEncryption', { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } }] });
  bucket.with(new RequireEncryption());
  (stack.node.root as App).synth();
  expect(denied(stack)).toEqual(['SSE-S3', 'another key', 'the AWS managed key', 'a key of its own']);
});

describe('existing objects are encrypted anew with the key of the bucket alone', () => {
  const UPDATES = ['the key', 'another key'];
  const deniedUpdates = (props: s3.CfnBucketProps, guardrail?: RequireEncryptionProps) => denied(guardedBucket(props, guardrail).stack, undefined, 's3:UpdateObjectEncryption').filter((name) => UPDATES.includes(name));

  test.each<[string, RequireEncryptionProps]>([['as uploads', {}], ['strictly', STRICT]])('%s', (_, guardrail) => {
    expect(deniedUpdates(byDefault('aws:kms', KEY), guardrail)).toEqual(['another key']);
  });

  test('where the bucket has no key of its own, nothing is said of them', () => {
    expect(deniedUpdates(byDefault('AES256'))).toEqual([]);
    expect(deniedUpdates(byDefault('aws:kms'))).toEqual([]);
  });

  test('and the guarantee says so, and holds', () => {
    const { bucket } = guardedBucket(byDefault('aws:kms', KEY));
    expect(guarantees(bucket)).toContain(`holds: Requests that re-encrypt an object with another key than ${KEY} are denied.`);
  });
});

describe('the pin is the ARN of a key, never that of an alias: S3 compares uploads with the key', () => {
  const attributes = (stack: Stack) => ({ aliasName: 'alias/data', aliasTargetKey: kms.Key.fromKeyArn(stack, 'Target', KEY) });

  test.each<[string, (stack: Stack) => kms.IKey, boolean]>([
    ['an alias of the app', (stack) => kms.Key.fromKeyArn(stack, 'Key', KEY).addAlias('alias/data'), true],
    ['an alias of the app whose name is told later', (stack) => new kms.Alias(stack, 'Alias', { aliasName: Lazy.string({ produce: () => 'alias/data' }), targetKey: kms.Key.fromKeyArn(stack, 'Key', KEY) }), true],
    ['an imported alias with its key', (stack) => kms.Alias.fromAliasAttributes(stack, 'Alias', attributes(stack)), true],
    ['an imported alias', (stack) => kms.Alias.fromAliasName(stack, 'Alias', 'alias/data'), false],
    ['an imported alias by parameter', (stack) => kms.Alias.fromAliasName(stack, 'Alias', new CfnParameter(stack, 'Name').valueAsString), false],
  ])('%s', (_, keyIn, isKnown) => {
    const asked = isKnown ? ['SSE-S3', 'another key', 'the AWS managed key', 'a key of its own'] : ['SSE-S3', 'the AWS managed key', 'a key of its own'];
    const stacks = [testStack(), testStack(), testStack()];
    const [ofBucket, ofGuardrail, mixed] = stacks;
    const key = keyIn(ofBucket);
    const buckets = [
      new s3.Bucket(ofBucket, 'Data', { encryption: s3.BucketEncryption.KMS, encryptionKey: key }),
      s3.Bucket.fromCfnBucket(new s3.CfnBucket(ofGuardrail, 'Data', byDefault('aws:kms', 'alias/other'))),
      new s3.Bucket(mixed, 'Data', { encryption: s3.BucketEncryption.KMS, encryptionKey: keyIn(mixed) }),
    ];
    Aspects.of(ofBucket).add(new RequireEncryption());
    Aspects.of(ofGuardrail).add(new RequireEncryption({ encryptionKey: keyIn(ofGuardrail) }));
    buckets[2].with(new RequireEncryption());
    stacks.forEach((stack) => (stack.node.root as App).synth());
    expect(stacks.map((stack) => denied(stack))).toEqual([asked, asked, asked]);
    const warned = stacks.map((stack) => stack.node.findAll().flatMap(warnings).filter((id) => id.startsWith('cdk-secure-bucket')));
    expect(warned).toEqual(Array(3).fill(isKnown ? [] : ['cdk-secure-bucket:requireEncryptionNotEnforced']));
  });

  test('a parameter of an included template may be an alias; a key that is imported by its ARN is one', () => {
    const [included, imported] = [testStack(), testStack()];
    const [id, arn] = [included, imported].map((stack) => new CfnParameter(stack, 'KeyParameter').valueAsString);
    new s3.CfnBucket(included, 'Data', byDefault('aws:kms', id)).with(new RequireEncryption());
    new s3.Bucket(imported, 'Data', { encryptionKey: kms.Key.fromKeyArn(imported, 'Key', arn) }).with(new RequireEncryption());
    const pinned = ({ node }: Stack) => JSON.stringify((node.root as App).synth().stacks[0].template).includes('DenyOtherKeys');
    expect([included, imported].map(pinned)).toEqual([false, true]);
    expect(warnings(included.node.findChild('Data'))).toEqual(['cdk-secure-bucket:requireEncryptionNotEnforced']);
  });
});

describe('a key that is passed beside the default encryption of a bucket', () => {
  const OTHER = KEY.replace(/key\/.*/, 'key/99999999-0000-0000-0000-000000000000');

  test.each<[string, (stack: Stack) => { readonly ofBucket: kms.IKey; readonly given: kms.IKey }, boolean]>([
    ['the same', (stack) => {
      const key = new kms.Key(stack, 'Key');
      return { ofBucket: key, given: key };
    }, false],
    ['the key behind an alias', (stack) => {
      const key = new kms.Key(stack, 'Key');
      return { ofBucket: key.addAlias('data'), given: key };
    }, false],
    ['one by parameter', (stack) => ({ ofBucket: new kms.Key(stack, 'Key'), given: kms.Key.fromKeyArn(stack, 'Given', new CfnParameter(stack, 'Arn').valueAsString) }), false],
    ['another of the app', (stack) => ({ ofBucket: new kms.Key(stack, 'Key'), given: new kms.Key(stack, 'Given') }), true],
    ['another by its ARN', (stack) => ({ ofBucket: kms.Key.fromKeyArn(stack, 'Key', KEY), given: kms.Key.fromKeyArn(stack, 'Given', OTHER) }), true],
  ])('%s', (_, keysIn, isWarned) => {
    const stack = testStack();
    const { ofBucket, given } = keysIn(stack);
    const bucket = new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.KMS, encryptionKey: ofBucket });
    bucket.with(new RequireEncryption({ encryptionKey: given }));
    (stack.node.root as App).synth();
    expect(stack.node.findAll().flatMap(warnings).filter((id) => id.startsWith('cdk-secure-bucket'))).toEqual(isWarned ? ['cdk-secure-bucket:requireEncryptionNotEnforced'] : []);
  });
});
