import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const READ = { Sid: 'Read', Effect: 'Allow', Action: '*', Resource: '*' };
const DENY = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

function verdictOn(Type: string, property: string, ...statements: object[]): string[] {
  const template = { Resources: { Policy: { Type, Properties: { [property]: { Version: '2012-10-17', Statement: statements } } } } };
  return judge(deploymentOf([{ name: 'Stack', template }])).filter(({ rule }) => rule.id === 'PublicAllow').map(({ isDecided }) => (isDecided ? 'found' : 'not decided'));
}

test.each([
  ['AWS::S3::MultiRegionAccessPointPolicy', 'Policy'],
  ['AWS::S3ObjectLambda::AccessPointPolicy', 'PolicyDocument'],
  ['AWS::S3Express::BucketPolicy', 'PolicyDocument'],
  ['AWS::S3Tables::TableBucketPolicy', 'ResourcePolicy'],
])('a policy of the type %s may open to everybody what nobody looks at otherwise', (type, property) => {
  expect(verdictOn(type, property, { ...READ, Principal: '*' })).toEqual(['found']);
  expect(verdictOn(type, property, { ...READ, Principal: '*' }, DENY)).toEqual(['not decided']);
  expect(verdictOn(type, property, { ...READ, Principal: { AWS: '111122223333' } })).toEqual([]);
  expect(verdictOn(type, property, { ...READ, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } })).toEqual([]);
});
