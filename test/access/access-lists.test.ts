import { AssumptionsJson } from '../../src/access/assumptions-format';
import { Inventory } from '../../src/access/inventory';
import { BucketGuarantee, bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { deploymentOf } from '../../src/template/deployment-of';

const NOBODY_ANONYMOUS = { StringNotEquals: { 'aws:PrincipalAccount': 'anonymous' } };
const OPEN = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };
const owned = (ObjectOwnership: unknown) => ({ OwnershipControls: { Rules: [{ ObjectOwnership }] }, PublicAccessBlockConfiguration: OPEN });

/** What is proved of a bucket whose policy denies plain HTTP to all but anonymous callers. */
function guarantees(properties: object | undefined, given: Pick<AssumptionsJson, 'accounts' | 'buckets'> = {}, Condition: object = NOBODY_ANONYMOUS, others: object[] = []): Record<string, BucketGuarantee> {
  const tls = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...Condition } };
  const inventory = new Inventory(deploymentOf([{
    name: 'Stack',
    account: '111122223333',
    region: 'eu-west-1',
    template: {
      Resources: {
        ...(properties ? { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset', ...properties } } } : {}),
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'dataset', PolicyDocument: { Version: '2012-10-17', Statement: [tls, ...others] } } },
      },
    },
  }]), given);
  return Object.fromEntries(bucketGuarantees(inventory, inventory.allBuckets[0]).map((guarantee) => [guarantee.rule.id, guarantee]));
}

const verdict = (...args: Parameters<typeof guarantees>) => guarantees(...args).RequireTls.verdict;

test('a deny that spares anonymous callers is enough where access control lists are off, and nothing allows them anything', () => {
  expect([{}, owned('BucketOwnerEnforced')].map((properties) => verdict(properties))).toEqual(['holds', 'holds']);
});

test('it is not where access control lists are on: one may let anonymous callers in', () => {
  const { RequireTls, PublicAllow } = guarantees(owned('ObjectWriter'));
  expect(RequireTls).toMatchObject({ verdict: 'broken', counterexample: expect.stringMatching(/^an anonymous caller calls s3:GetObject on \S+ over plain HTTP/) });
  expect(PublicAllow).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('an access control list may let everybody in') });
  expect(verdict(owned('BucketOwnerPreferred'))).toBe('broken');
});

test('public access control lists that are ignored let nobody in', () => {
  expect(verdict({ ...owned('ObjectWriter'), PublicAccessBlockConfiguration: { IgnorePublicAcls: true } })).toBe('holds');
  expect(verdict({ OwnershipControls: owned('ObjectWriter').OwnershipControls })).toBe('holds');
  expect(verdict(owned('ObjectWriter'), { accounts: { 111122223333: { blockPublicAccess: { IgnorePublicAcls: true } } } })).toBe('holds');
});

test('access control lists allow no administration', () => {
  const butPolicies = { Effect: 'Deny', Principal: '*', NotAction: 's3:PutBucketPolicy', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  expect(guarantees(owned('ObjectWriter'), {}, NOBODY_ANONYMOUS, [butPolicies]).RequireTls.verdict).toBe('holds');
});

test('whether lists are on is not decided of a bucket that is in no template, unless it is given', () => {
  expect(guarantees(undefined).RequireTls).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('whether an access control list lets anonymous callers in') });
  expect(guarantees(undefined).PublicAllow.verdict).toBe('holds');
  expect(verdict(undefined, { buckets: { dataset: { objectOwnership: 'BucketOwnerEnforced' } } })).toBe('holds');
  expect(verdict(undefined, { buckets: { dataset: { objectOwnership: 'ObjectWriter', blockPublicAccess: OPEN } } })).toBe('broken');
  expect(verdict(undefined, {}, {})).toBe('holds');
});
