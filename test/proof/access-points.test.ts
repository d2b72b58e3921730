import { parsePolicy } from '../../src/policy/document';
import { EVERY_CALLER, Guarantee } from '../../src/proof/guarantee';
import { prove, ResourceFacts } from '../../src/proof/prove';

const ARN = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
const NOBODY: Guarantee = { sentence: 'Nobody is let through.', needsAllow: EVERY_CALLER, breaches: [{}] };

function verdict(networkOrigin: ResourceFacts['networkOrigin'], Condition: object): string {
  const facts = { arn: ARN, objects: `${ARN}/object/`, account: '111122223333', partition: 'aws', networkOrigin };
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${ARN}/object/*`, Condition }] });
  return prove(policy, NOBODY, facts).verdict;
}

test.each<[condition: string, bound: string, unbound: string, unknown: string, json: object]>([
  ['an origin in the internet', 'holds', 'broken', 'broken', { StringEquals: { 's3:AccessPointNetworkOrigin': 'Internet' } }],
  ['an origin in a VPC', 'broken', 'holds', 'broken', { StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } }],
  ['another origin than a VPC', 'holds', 'broken', 'broken', { StringNotEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } }],
  ['no endpoint', 'holds', 'broken', 'broken', { Null: { 'aws:SourceVpce': 'true' } }],
  ['an address in the internet', 'holds', 'broken', 'broken', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
  ['an endpoint', 'broken', 'broken', 'broken', { Null: { 'aws:SourceVpce': 'false' } }],
])('an access point that allows requests with %s: %s if it is bound to a VPC, %s if not, %s if that is not known', (_, bound, unbound, unknown, condition) => {
  expect([verdict('VPC', condition), verdict('Internet', condition), verdict(undefined, condition)]).toEqual([bound, unbound, unknown]);
});

test('the access points of a bucket are in its Region, or of several', () => {
  const bucket = { arn: 'arn:aws:s3:::dataset', objects: 'arn:aws:s3:::dataset/', account: '111122223333', partition: 'aws' };
  const inRegions = (regions: string) => parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { ArnLike: { 's3:DataAccessPointArn': `arn:aws:s3:${regions}:*:accesspoint/*` } } }] });
  const through = { sentence: 'Nobody comes through an access point of one Region.', breaches: [{ Condition: { ArnNotLike: { 's3:DataAccessPointArn': 'arn:aws:s3::*:accesspoint/*' }, Null: { 's3:DataAccessPointArn': 'false' } } }] };
  const verdicts = ['us-east-1', 'eu-*', 'us-*'].map((denied) => [prove(inRegions(denied), through, bucket).verdict, prove(inRegions(denied), through, { ...bucket, region: 'us-east-1' }).verdict]);
  expect(verdicts).toEqual([['broken', 'holds'], ['broken', 'broken'], ['broken', 'holds']]);
  const severalRegions = { sentence: 'Nobody comes through an access point.', breaches: [{ Condition: { Null: { 's3:DataAccessPointArn': 'false' } } }] };
  expect(prove(inRegions('us-east-1'), severalRegions, { ...bucket, region: 'us-east-1' }).verdict).toBe('broken');
});

test.each<[key: string, pattern: string]>([
  ['s3:DataAccessPointArn', 'arn:aws:s3:<region>:*:accesspoint/*'],
  ['aws:SourceVpcArn', 'arn:aws:ec2:<region>:*:vpc/*'],
  ['lambda:SourceFunctionArn', 'arn:aws:lambda:<region>:*:function:*'],
])('requests whose %s is in the Region of the stack are let through, although that Region is not known', (key, pattern) => {
  const bucket = { arn: 'arn:aws:s3:::dataset', objects: 'arn:aws:s3:::dataset/', account: '111122223333', partition: 'aws' };
  const policy = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::dataset/*', Condition: { ArnLike: { [key]: pattern } } }] });
  expect(prove(policy, NOBODY, bucket).verdict).toBe('broken');
});
