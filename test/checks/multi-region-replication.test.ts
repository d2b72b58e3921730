import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/replication`;

/** An enabled rule for all objects. */
const towards = (name: unknown, more: object = {}) => ({ Status: 'Enabled', Filter: {}, Destination: { Bucket: typeof name === 'string' ? `arn:aws:s3:::${name}` : name }, ...more });

/** What the rule says of an access point to some buckets, each with its replication rules. */
function said(buckets: Record<string, unknown[]>, regions: unknown = Object.keys(buckets).map((Bucket) => ({ Bucket }))): string[] {
  const resources = Object.entries(buckets).map(([BucketName, Rules], i) => [`Bucket${i}`, {
    Type: 'AWS::S3::Bucket', Properties: { BucketName, ...(Rules.length > 0 && { ReplicationConfiguration: { Role: ROLE, Rules } }) },
  }]);
  const template = {
    Parameters: { P: { Type: 'String' } },
    Resources: { ...Object.fromEntries(resources), Point: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Name: 'dataset', Regions: regions } } },
  };
  return judge(deploymentOf([{ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', template }]))
    .filter(({ rule }) => rule.id === 'MultiRegionReplication').map(({ isDecided, problem }) => `${isDecided ? 'found' : 'not decided'}: ${problem}`);
}

test('two buckets that replicate both ways are fine, and so is one alone', () => {
  expect(said({ one: [towards('two')], two: [towards('one', { Filter: { Prefix: '' } })] })).toEqual([]);
  expect(said({ one: [] })).toEqual([]);
});

test.each<[string, Record<string, unknown[]>, string]>([
  ['one direction alone', { one: [towards('two')], two: [] }, "'two' not to 'one'."],
  ['no direction', { one: [], two: [] }, "'one' not to 'two', 'two' not to 'one'."],
  ['a rule that is disabled', { one: [towards('two', { Status: 'Disabled' })], two: [towards('one')] }, "'one' not to 'two'."],
  ['a rule towards another bucket', { one: [towards('three')], two: [towards('one')] }, "'one' not to 'two'."],
  ['a chain: replicas are not replicated again', { one: [towards('two')], two: [towards('three'), towards('one')], three: [towards('two'), towards('one')] }, "'one' not to 'three'."],
])('%s is found', (_, buckets, expected) => {
  expect(said(buckets)).toEqual([`found: Buckets behind the multi-Region access point do not replicate to each other: ${expected}`]);
});

test.each<[string, Record<string, unknown[]>, RegExp]>([
  ['a rule for a prefix', { one: [towards('two', { Filter: { Prefix: 'data/' } })], two: [towards('one')] }, /'one' not to 'two'.*for some objects/],
  ['a rule for a tag', { one: [towards('two', { Filter: { TagFilter: { Key: 'a', Value: 'b' } } })], two: [towards('one')] }, /for some objects/],
  ['a rule of the first version, for a prefix', { one: [towards('two', { Filter: undefined, Prefix: 'data/' })], two: [towards('one')] }, /for some objects/],
  ['a status that comes later', { one: [towards('two', { Status: { Ref: 'P' } })], two: [towards('one')] }, /whether a replication rule is enabled/],
  ['a destination that comes later', { one: [towards({ Ref: 'P' })], two: [towards('one')] }, /to where a bucket replicates/],
])('%s is not decided', (_, buckets, expected) => {
  expect(said(buckets)).toEqual([expect.stringMatching(expected)]);
  expect(said(buckets)[0]).toMatch(/^not decided: /);
});

test('buckets of which nothing is known are not decided', () => {
  expect(said({ one: [towards('elsewhere')] }, [{ Bucket: 'one' }, { Bucket: 'elsewhere' }])).toEqual([expect.stringMatching(/^not decided: .*'elsewhere' not to 'one'.*'elsewhere' is not in these templates/)]);
  expect(said({ one: [] }, { Ref: 'P' })).toEqual([expect.stringMatching(/^not decided: .*which they are is not known before deployment/)]);
});
