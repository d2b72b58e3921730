import { AccessEvaluator } from '../../src/access/access-evaluator';

const POINT = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
const ROLE = 'arn:aws:iam::111122223333:role/Local';
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const OPEN = { BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false };
const READ = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' };

const evaluator = AccessEvaluator.fromTemplates([{
  stackName: 'Data',
  account: '111122223333',
  region: 'eu-west-1',
  template: {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset', PublicAccessBlockConfiguration: OPEN } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document({ ...READ, Resource: 'arn:aws:s3:::dataset/*' }) } },
      Team: { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'team', Bucket: { Ref: 'Bucket' }, PublicAccessBlockConfiguration: OPEN, Policy: document({ ...READ, Resource: `${POINT}/object/*` }) } },
    },
  },
}]);

test.each<[who: string, principal: string, context: Record<string, string>, why: string | undefined]>([
  ['a signed request over HTTPS', ROLE, { 's3:signatureversion': 'AWS4-HMAC-SHA256' }, undefined],
  ['an anonymous request', 'anonymous', {}, 'the request is not signed'],
  ['a request over plain HTTP', ROLE, { 'aws:SecureTransport': 'false' }, 'the request comes over plain HTTP'],
  ['a request of Signature Version 2', ROLE, { 's3:signatureversion': 'AWS' }, 'the request is signed by Signature Version 2'],
])('%s through an access point that lets everyone read', (_, principal, context, why) => {
  const request = { principal, action: 's3:GetObject', context };
  const through = evaluator.decide({ ...request, resource: `${POINT}/object/a` });
  expect([through.outcome, through.decidedBy?.layer]).toEqual(why ? ['denied', 'access-point-policy'] : ['allowed', through.decidedBy?.layer]);
  expect(through.decidedBy?.reason ?? '').toContain(why ?? '');
  expect(evaluator.decide({ ...request, resource: 'arn:aws:s3:::dataset/a' }).outcome).toBe('allowed');
});
