import { Inventory } from '../../src/access/inventory';
import { accessPointGuarantees, bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { Deployment } from '../../src/template/deployment';
import { deploymentOf } from '../../src/template/deployment-of';

const ALLOW_EVERYONE = { Sid: 'Star', Effect: 'Allow', Principal: { AWS: '*' } };
const OF_OTHER_ACCOUNTS = { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } };

function deployed(Resources: Record<string, any>): Deployment {
  return deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: { Resources } }]);
}

/** What rules find; `?` stands before what is not decided. */
function findings(resources: Record<string, any>, rule: string): string[] {
  return judge(deployed(resources)).filter((one) => one.rule.id === rule).map(({ isDecided, problem, proof }) => `${isDecided ? '' : '? '}${problem} ${proof ?? ''}`);
}

describe('the policy of a key', () => {
  const key = (...statements: object[]) => ({
    Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: { Version: '2012-10-17', Statement: statements.map((one) => ({ Action: 'kms:*', Resource: '*', ...one })) } } },
    Data: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] } },
    },
  });
  const deny = (Condition: object) => ({ Sid: 'NoOthers', Effect: 'Deny', Principal: '*', Condition });

  test('that allows everybody is open to another account, and never to an anonymous caller: all calls of KMS are signed', () => {
    const [found, ...others] = findings(key(ALLOW_EVERYONE), 'KeyPolicy');
    expect(found).toMatch(/opens the key to anybody.*arn:aws:(?:iam|sts)::999988887777:/);
    expect(others).toEqual(expect.not.arrayContaining([expect.stringContaining('anonymous')]));
    expect(found).not.toContain('anonymous');
  });

  test('that denies what it allows to other accounts is not open to them', () => {
    const all = findings(key(ALLOW_EVERYONE, deny({ ...OF_OTHER_ACCOUNTS, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })), 'KeyPolicy');
    expect(all.filter((one) => /anybody|another account/.test(one))).toEqual([]);
  });

  test('is open where the deny stops something else', () => {
    expect(findings(key(ALLOW_EVERYONE, { ...deny(OF_OTHER_ACCOUNTS), Action: 'kms:Encrypt' }), 'KeyPolicy')[0]).toContain('opens the key to anybody');
  });
});

describe('the policy of a bucket', () => {
  const policyOf = (...statements: object[]) => ({
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset' } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement: statements.map((one) => ({ Action: 's3:*', Resource: ['arn:aws:s3:::dataset', 'arn:aws:s3:::dataset/*'], ...one })) } },
    },
  });
  const deny = (Condition: object) => ({ Sid: 'NoOthers', Effect: 'Deny', Principal: '*', Condition });
  const publicAllow = (...statements: object[]) => {
    const inventory = new Inventory(deployed(policyOf(...statements)));
    return bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === 'PublicAllow')!;
  };

  test.each<[what: string, condition: any]>([
    ['outside an organization', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }],
    ['outside a part of an organization', { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-exampleorg1/r-ab12/*' } }],
    ['of other accounts', { ...OF_OTHER_ACCOUNTS }],
    ['of other accounts than two', { StringNotEquals: { 'aws:PrincipalAccount': ['111122223333', '444455556666'] } }],
    ['who do not come through an endpoint', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } }],
    ['who do not come from a VPC', { StringNotEquals: { 'aws:SourceVpc': 'vpc-0abc123def4567890' } }],
    ['who do not come from a range', { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    ['who are not a role', { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/Reader' } }],
  ])('that allows everyone and denies all %s lets in nobody who could be anybody; S3 may call it public', (_, condition) => {
    const { verdict, reason } = publicAllow(ALLOW_EVERYONE, deny({ ...condition, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }));
    expect([verdict, reason]).toEqual(['not-decided', expect.stringContaining('S3 may count it as public')]);
  });

  test('that leaves it to denies to say who is meant is reported, with somebody who gets in', () => {
    const [found] = findings(policyOf(ALLOW_EVERYONE, deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } })), 'PublicAllow');
    expect(found).toMatch(/^The statement 'Star' is for everyone, and only denies say for whom it is not: .*aws:principalorgid o-exampleorg1/);
  });

  test.each<[what: string, condition: any]>([
    ['members of an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }],
    ['an account', { StringEquals: { 'aws:PrincipalAccount': '444455556666' } }],
    ['a range', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    ['who does not come from half of the internet', { NotIpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }],
    ['who has no organization', { Null: { 'aws:PrincipalOrgID': 'true' } }],
  ])('that allows everyone and denies %s is public', (_, condition) => {
    expect(publicAllow(ALLOW_EVERYONE, deny(condition)).verdict).toBe('broken');
  });

  test.each<[rule: string, allow: object, condition: object]>([
    ['OverbroadGrant', { Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 's3:PutBucketPolicy' }, OF_OTHER_ACCOUNTS],
    ['OverbroadGrant', { Principal: { Service: 'logging.s3.amazonaws.com' } }, { Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
    ['DistributionAccess', { Principal: { Service: 'cloudfront.amazonaws.com' } }, { Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
    ['AccessPointDelegation', { Principal: '*', Condition: { StringLike: { 's3:DataAccessPointAccount': '*' } } }, { StringNotEqualsIfExists: { 's3:DataAccessPointAccount': '111122223333' } }],
  ])('is not reported by %s for what its own deny stops', (rule, allow, condition) => {
    const allowing = { Effect: 'Allow', ...allow };
    expect(findings(policyOf(allowing), rule)).not.toEqual([]);
    expect(findings(policyOf(allowing, deny(condition)), rule)).toEqual([]);
  });
});

describe('the policy of an access point that allows everyone', () => {
  const accessPoint = (VpcConfiguration: object | undefined, Condition: object = {}) => deployed({
    Point: {
      Type: 'AWS::S3::AccessPoint',
      Properties: {
        Bucket: 'dataset',
        Name: 'team',
        VpcConfiguration,
        Policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team/object/*', Condition }] },
      },
    },
  });
  const verdict = (deployment: Deployment) => {
    const inventory = new Inventory(deployment);
    return accessPointGuarantees(inventory, inventory.accessPoints[0])[0].verdict;
  };

  test('is public, unless the access point is bound to a VPC', () => {
    expect([verdict(accessPoint(undefined)), verdict(accessPoint({ VpcId: 'vpc-1' }))]).toEqual(['broken', 'holds']);
  });

  test('is not public where the origin that it asks for is another one', () => {
    const fromVpc = { StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } };
    expect([verdict(accessPoint(undefined, fromVpc)), verdict(accessPoint({ VpcId: 'vpc-1' }, fromVpc))]).toEqual(['not-decided', 'holds']);
  });

  test('is public, as far as is known, where nobody knows whether the access point is bound to a VPC', () => {
    const configured = accessPoint({ 'Fn::If': ['IsBound', { VpcId: 'vpc-1' }, { Ref: 'AWS::NoValue' }] });
    expect(verdict(configured)).toBe('broken');
  });

  test('of access points that are alike but for the VPC, the one that is not bound is public', () => {
    const point = (Name: string, VpcConfiguration?: object) => ({
      Type: 'AWS::S3::AccessPoint',
      Properties: {
        Bucket: 'dataset',
        Name,
        VpcConfiguration,
        Policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:eu-west-1:111122223333:accesspoint/${Name}/object/*` }] },
      },
    });
    const inventory = new Inventory(deployed({ Bound: point('bound', { VpcId: 'vpc-1' }), Open: point('open') }));
    expect(inventory.accessPoints.map((one) => accessPointGuarantees(inventory, one)[0].verdict)).toEqual(['holds', 'broken']);
  });
});
