import { deploymentOf } from '../../../src/template/deployment-of';
import { Template } from '../../../src/template/template';

function unseen(template: Template): string[] {
  return deploymentOf([{ name: 'Stack', template }]).unseen;
}

const BUCKET = { Type: 'AWS::S3::Bucket' };

test.each<[what: string, template: Template, expected: string[]]>([
  ['none', { Resources: { BUCKET } }, []],
  ['a macro', { Transform: 'Guardrails', Resources: { BUCKET } }, ['Stack: The transform Guardrails is not run; what it adds or changes is not looked at.']],
  ['one of several', { Transform: ['AWS::LanguageExtensions', 'Guardrails'], Resources: { BUCKET } }, ['Stack: The transform Guardrails is not run; what it adds or changes is not looked at.']],
  ['one with parameters', { Transform: { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/part.yaml' } }, Resources: { BUCKET } }, ['Stack: The transform AWS::Include is not run; what it adds or changes is not looked at.']],
  [
    'one in a property',
    { Resources: { Bucket: { ...BUCKET, Properties: { 'BucketName': 'data', 'Fn::Transform': { Name: 'AWS::Include' } } } } },
    ['Stack: The transform AWS::Include in Resources.Bucket.Properties is not run; what it adds or changes is not looked at.'],
  ],
  [
    'one beside the sections',
    { 'Fn::Transform': { Name: 'Guardrails' }, 'Resources': { BUCKET } } as Template,
    ['Stack: The transform Guardrails beside the sections of the template is not run; what it adds or changes is not looked at.'],
  ],
  [
    'one among the parameters',
    { Parameters: { 'Fn::Transform': { Name: 'Guardrails' } }, Resources: { BUCKET } },
    ['Stack: The transform Guardrails in Parameters is not run; what it adds or changes is not looked at.'],
  ],
  [
    'one that is not named in so many words',
    { Transform: { Ref: 'Chosen' }, Resources: { BUCKET } },
    ['Stack: The transform \'{"Ref":"Chosen"}\' is not run; what it adds or changes is not looked at.'],
  ],
  [
    'a function without the transform that it needs',
    { Resources: { Bucket: { ...BUCKET, Properties: { BucketName: { 'Fn::ToJsonString': {} } } } } },
    ['Stack: CloudFormation refuses Fn::ToJsonString in Resources.Bucket.Properties.BucketName, because the template does not name the transform AWS::LanguageExtensions.'],
  ],
  ['a function with the transform that it needs', { Transform: 'AWS::LanguageExtensions', Resources: { Bucket: { ...BUCKET, Properties: { BucketName: { 'Fn::ToJsonString': {} } } } } }, []],
  ['one that has nothing to do with storage', { Transform: 'AWS::SecretsManager-2024-09-16', Resources: { BUCKET } }, []],
])('says which transforms are not run: %s', (_, template, expected) => expect(unseen(template)).toEqual(expected));

test('what is not seen is still not seen when the templates of a deployment are deployed with other values', () => {
  const loop = ['Name', { Ref: 'Names' }, { 'Bucket${Name}': BUCKET }];
  const template = { Transform: ['AWS::LanguageExtensions', 'Guardrails'], Parameters: { Names: { Type: 'CommaDelimitedList' } }, Resources: { 'Fn::ForEach::Buckets': loop as any } };
  const deployment = deploymentOf([{ name: 'Stack', template }]);
  expect(deploymentOf(deployment.stacks.map(({ source }) => source)).unseen).toEqual(deployment.unseen);
  expect(deployment.unseen).toHaveLength(2);
});
