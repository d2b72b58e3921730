import { deployedBucketPolicy, deployedExports, deployedValue, StackTemplate } from './deployed-policy';

const ENVIRONMENT = { account: '111122223333', region: 'eu-west-1', stackName: 'Data', exports: { 'Access:Reader': 'arn:aws:iam::111122223333:role/Reader' } };

const TEMPLATE: StackTemplate = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'data-${AWS::AccountId}' } } },
    Key: { Type: 'AWS::KMS::Key' },
    Role: { Type: 'AWS::IAM::Role', Properties: { Path: '/team/' } },
    Table: { Type: 'AWS::DynamoDB::Table' },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } }] } } },
  },
  Outputs: {
    Exported: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] }, Export: { Name: { 'Fn::Join': [':', ['Data', 'Role']] } } },
    Shown: { Value: { Ref: 'Bucket' } },
  },
};

const deployed = (value: unknown) => deployedValue(value, TEMPLATE, ENVIRONMENT);

test.each<[unknown, unknown]>([
  ['text', 'text'],
  [[1, true, null], [1, true, null]],
  ['reports/${aws:username}/*', 'reports/${aws:username}/*'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  [{ Ref: 'Bucket' }, 'data-bucket'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::data-bucket'],
  [{ 'Fn::GetAtt': 'Named.Arn' }, 'arn:aws:s3:::data-111122223333'],
  [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/team/Role'],
  [{ 'Fn::GetAtt': ['Key', 'Arn'] }, expect.stringMatching(/^arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)],
  [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Bucket' }, '/*']] }, 'arn:aws:s3:::data-bucket/*'],
  [{ 'Fn::Sub': '${Bucket.Arn}/${AWS::Region}/${!aws:username}' }, 'arn:aws:s3:::data-bucket/eu-west-1/${aws:username}'],
  [{ 'Fn::Sub': ['${Name}-${Bucket}', { Name: { Ref: 'AWS::AccountId' } }] }, '111122223333-data-bucket'],
  [{ 'Fn::ImportValue': 'Access:Reader' }, 'arn:aws:iam::111122223333:role/Reader'],
  [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
])('%j is deployed as %j', (value, expected) => {
  expect(deployed(value)).toEqual(expected);
});

test.each<[string, unknown, string]>([
  ['a function that is not known', { 'Fn::Select': [0, []] }, 'no deployment of Fn::Select is known here'],
  ['a function in the depth', { Statement: [{ Resource: { 'Fn::If': ['A', 'b', 'c'] } }] }, 'no deployment of Fn::If is known here'],
  ['a function beside other keys', { 'Ref': 'Bucket', 'Fn::Sub': '' }, 'Ref stands beside other keys'],
  ['a reference to nothing', { Ref: 'Nothing' }, "'Nothing' is neither a resource nor a pseudo parameter"],
  ['a pseudo parameter that is not known', { Ref: 'AWS::NoValue' }, "'AWS::NoValue' is neither a resource nor a pseudo parameter"],
  ['a resource of a type that is not known', { Ref: 'Table' }, "what 'Table' (AWS::DynamoDB::Table) is called once it is deployed is not known here"],
  ['an attribute that is not known', { 'Fn::GetAtt': ['Bucket', 'DomainName'] }, "'Bucket' (AWS::S3::Bucket) has no 'DomainName'"],
  ['an import of nothing', { 'Fn::ImportValue': 'Nothing' }, "no stack exports 'Nothing'"],
  ['a placeholder that nobody substitutes', 'arn:${AWS::Partition}:s3:::b', 'outside of Fn::Sub'],
])('%s is refused, never passed through', (_, value, complaint) => {
  expect(() => deployed(value)).toThrow(complaint);
});

test('a bucket has the policy that names it', () => {
  expect(deployedBucketPolicy(TEMPLATE, 'Bucket', ENVIRONMENT).Statement).toEqual([{ Resource: 'arn:aws:s3:::data-bucket' }]);
  expect(() => deployedBucketPolicy(TEMPLATE, 'Named', ENVIRONMENT)).toThrow("the template has 0 bucket policies for 'Named'");
});

test('a template exports what it says', () => {
  expect(deployedExports(TEMPLATE, ENVIRONMENT)).toEqual({ 'Data:Role': 'arn:aws:iam::111122223333:role/team/Role' });
});
