import { Inventory } from '../../src/access/inventory';
import { forgottenSub } from '../../src/checks/rules/forgotten-sub';
import { deploymentOf } from '../../src/template/deployment-of';

function problems(resources: object): string[] {
  const template = { Parameters: { Owner: { Type: 'String' } }, Resources: { Bucket: { Type: 'AWS::S3::Bucket' }, ...resources } } as any;
  return forgottenSub.judgeDeployment!(new Inventory(deploymentOf([{ name: 'Stack', template }]))).map(({ problem }) => problem);
}

function inPolicy(resource: unknown): string[] {
  const PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resource }] };
  return problems({ Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument } } });
}

test.each<[what: string, resource: unknown, said: RegExp]>([
  ['a resource', 'arn:aws:s3:::${Bucket}', /^PolicyDocument\.Statement\[0\]\.Resource: '\$\{Bucket}' stands in a plain text: nothing fills it in\.$/],
  ['a resource in several places', ['arn:aws:s3:::${Bucket}', 'arn:aws:s3:::${Bucket}/*'], /here and in 1 other place: nothing/],
  ['an attribute', '${Bucket.Arn}/*', /'\$\{Bucket\.Arn}'/],
  ['a parameter', 'arn:aws:s3:::${Owner}', /'\$\{Owner}'/],
  ['a pseudo parameter', 'arn:aws:s3:::data-${AWS::AccountId}/*', /'\$\{AWS::AccountId}'/],
  ['what is nowhere in the template', 'arn:aws:s3:::${BucketName}', /'\$\{BucketName}'/],
  ['a join', { 'Fn::Join': ['', ['arn:aws:s3:::${Bucket}', '/*']] }, /Resource\.Fn::Join\[1\]\[0\]/],
  ['a value of a substitution', { 'Fn::Sub': ['arn:aws:s3:::${Name}', { Name: '${Bucket}' }] }, /Resource\.Fn::Sub\[1\]\.Name/],
])('a policy in which nothing fills in %s', (_, resource, said) => expect(inPolicy(resource)).toEqual([expect.stringMatching(said)]));

test.each<[what: string, resource: unknown]>([
  ['a substitution', { 'Fn::Sub': 'arn:aws:s3:::${Bucket}/*' }],
  ['a substitution with values', { 'Fn::Sub': ['arn:aws:s3:::${Name}/*', { Name: { Ref: 'Bucket' } }] }],
  ['a policy variable', 'arn:aws:s3:::data/${aws:username}/*'],
  ['a policy variable with a default', "arn:aws:s3:::data/${aws:PrincipalTag/team, 'company.wide'}/*"],
  ['a character that would be a wildcard', 'arn:aws:s3:::data/${*}'],
  ['a policy variable that a substitution leaves', { 'Fn::Sub': 'arn:aws:s3:::${Bucket}/${!aws:username}' }],
])('is not forgotten: %s', (_, resource) => expect(inPolicy(resource)).toEqual([]));

test('is found in names, too', () => {
  expect(problems({ Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data-${AWS::AccountId}' } } })).toEqual([expect.stringMatching(/^BucketName: '\$\{AWS::AccountId}'/)]);
});

test.each<[what: string, resource: object]>([
  ['code', { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'const text = `${Bucket}`;' } } }],
  ['a script', { Type: 'AWS::EC2::Instance', Properties: { UserData: { 'Fn::Base64': 'echo ${Bucket}' } } }],
  ['a definition with substitutions of its own', { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{"Resource": "${Bucket}"}', DefinitionSubstitutions: {} } }],
  ['a text that means something else', { Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { LogFilePrefix: '${year}' } } }],
])('is nothing to us in %s', (_, resource) => expect(problems({ Other: resource })).toEqual([]));
