import { isUnknown } from '../../../src/policy/unknown-text';
import { deploymentOf } from '../../../src/template/deployment-of';
import { Template } from '../../../src/template/template';

const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

function deployed(template: Template, parameters?: Record<string, unknown>) {
  return deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', parameters, template: { Transform: LANGUAGE_EXTENSIONS, ...template } }]);
}

function bucketNames(template: Template, parameters?: Record<string, unknown>): unknown[] {
  return deployed(template, parameters).ofType('AWS::S3::Bucket').map((bucket) => `${bucket.logicalId} ${bucket.property('BucketName')}`);
}

const PARAMETERS = { Names: { Type: 'CommaDelimitedList' } };

function loop(collection: unknown, key = 'Bucket${Name}', name: unknown = { 'Fn::Sub': 'data-${Name}-${AWS::Region}' }) {
  return { Parameters: PARAMETERS, Resources: { 'Fn::ForEach::Buckets': ['Name', collection, { [key]: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } } }] } } as unknown as Template;
}

const BOTH = ['Bucketraw data-raw-eu-west-1', 'Bucketclean data-clean-eu-west-1'];

test.each<[what: string, template: Template, parameters: Record<string, unknown> | undefined, expected: string[]]>([
  ['a list', loop(['raw', 'clean']), undefined, BOTH],
  ['a parameter', loop({ Ref: 'Names' }), { Names: 'raw,clean' }, BOTH],
  ['an empty list', loop([]), undefined, []],
  ['a reference to the identifier', loop(['raw'], undefined, { 'Fn::Join': ['-', ['data', { Ref: 'Name' }]] }), undefined, ['Bucketraw data-raw']],
  ['a plain text with the identifier', loop(['raw'], undefined, 'data-${Name}'), undefined, ['Bucketraw data-raw']],
  ['an item that is no logical ID', loop(['eu-west-1'], 'Bucket&{Name}', { 'Fn::Sub': 'data-${Name}' }), undefined, ['Bucketeuwest1 data-eu-west-1']],
])('a loop makes a resource for each item of %s', (_, template, parameters, expected) => expect(bucketNames(template, parameters)).toEqual(expected));

test('loops in loops make a resource for each pair', () => {
  const inner = ['Zone', ['x', 'y'], { 'Bucket${Name}${Zone}': { Type: 'AWS::S3::Bucket', Properties: { BucketName: '${Name}-${Zone}' } } }];
  expect(bucketNames({ Resources: { 'Fn::ForEach::Names': ['Name', ['a', 'b'], { 'Fn::ForEach::Zones${Name}': inner }] } } as any))
    .toEqual(['Bucketax a-x', 'Bucketay a-y', 'Bucketbx b-x', 'Bucketby b-y']);
});

test('loops in properties add to what stands beside them', () => {
  const Properties = { 'BucketName': 'data', 'Fn::ForEach::Settings': ['Setting', ['BlockPublicAcls', 'IgnorePublicAcls'], { '${Setting}': true }] };
  const [bucket] = deployed({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Access: Properties } } } }).ofType('AWS::S3::Bucket');
  expect(bucket.property('Access')).toEqual({ BucketName: 'data', BlockPublicAcls: true, IgnorePublicAcls: true });
});

test('loops make conditions and outputs, too', () => {
  const { stacks: [stack] } = deployed({
    Resources: {},
    Conditions: { 'Fn::ForEach::Conditions': ['Name', ['a', 'b'], { 'Is${Name}': { 'Fn::Equals': [{ Ref: 'Name' }, 'a'] } }] },
    Outputs: { 'Fn::ForEach::Outputs': ['Name', ['a'], { 'Out${Name}': { Value: { 'Fn::Sub': 'value-${Name}' } } }] },
  });
  expect([stack.holds('Isa'), stack.holds('Isb'), stack.output('Outa')]).toEqual([true, false, 'value-a']);
});

test('references may be put together', () => {
  const Resources = { A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } }, P: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: { 'Fn::Sub': 'A' } }, Arn: { 'Fn::GetAtt': [{ 'Fn::Sub': 'A' }, 'Arn'] } } } };
  const [policy] = deployed({ Resources }).ofType('AWS::S3::BucketPolicy');
  expect([policy.property('Bucket'), policy.property('Arn')]).toEqual(['data', 'arn:aws:s3:::data']);
});

test('an attribute whose name is not known is not known', () => {
  const Resources = { A: { Type: 'AWS::S3::Bucket', Properties: { Arn: { 'Fn::GetAtt': ['A', { Ref: 'Names' }] } } } };
  expect(isUnknown(deployed({ Parameters: PARAMETERS, Resources }).ofType('AWS::S3::Bucket')[0].property('Arn'))).toBe(true);
});

test('attributes of resources may be put together', () => {
  const [bucket] = deployed({ Parameters: { Policy: { Type: 'String', Default: 'Retain' } }, Resources: { B: { Type: 'AWS::S3::Bucket', DeletionPolicy: { Ref: 'Policy' } } } }).ofType('AWS::S3::Bucket');
  expect(bucket.attribute('DeletionPolicy')).toBe('Retain');
});

const UNKNOWN = loop({ Ref: 'Names' });
const MALFORMED = { Resources: { 'Fn::ForEach::Buckets': ['Name', ['a']] } } as unknown as Template;
const ENDLESS = Array.from({ length: 6 }, (_, i) => i).reduce<object>((inner, i) => ({ [`Fn::ForEach::L${i}`]: [`I${i}`, Array.from({ length: 100 }, (__, item) => String(item)), inner] }), { 'B${I0}': { Type: 'AWS::S3::Bucket' } });

test.each<[what: string, template: Template, said: RegExp]>([
  ['over a parameter that is not known', UNKNOWN, /^Stack: The loop Fn::ForEach::Buckets is not expanded, because its collection depends on .*Names.*; what it makes is not looked at\.$/],
  ['without a fragment', MALFORMED, /because a loop has an identifier, a collection and a fragment/],
  ['that makes millions', { Resources: ENDLESS as any }, /because it would make more than CloudFormation takes/],
])('a loop %s is said', (_, template, said) => {
  const { unseen } = deployed(template);
  expect(unseen).not.toEqual([]);
  expect(unseen.filter((sentence) => !said.test(sentence))).toEqual([]);
});

test('a loop is none without its transform', () => {
  expect(deployed({ ...loop(['a']), Transform: undefined }).unseen).toEqual([expect.stringMatching(/Fn::ForEach::Buckets .*does not name the transform AWS::LanguageExtensions/)]);
});

test('a property is not known where a loop in it is not', () => {
  const Access = { 'BlockPublicAcls': false, 'Fn::ForEach::Settings': ['Setting', { Ref: 'Names' }, { '${Setting}': true }] };
  const [bucket] = deployed({ Parameters: PARAMETERS, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Access } } } }).ofType('AWS::S3::Bucket');
  expect(bucket.property('Access')).toEqual(expect.stringContaining('Fn::ForEach'));
});

test('what a loop made of a default is assumed', () => {
  const template = { ...loop({ Ref: 'Names' }), Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'raw' } } };
  expect(deployed(template).assumedDefaults.map(({ parameter }) => parameter)).toEqual(['Names']);
});
