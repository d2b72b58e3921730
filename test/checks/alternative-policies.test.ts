import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { Inventory } from '../../src/access/inventory';
import { deploymentOf } from '../../src/template/deployment-of';

const REQUIRE_TLS = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::example-data', 'arn:aws:s3:::example-data/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const NARROW = { ...REQUIRE_TLS, Action: 's3:GetObject' };
const CONDITIONS = {
  IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
  NotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] },
  IsAudited: { 'Fn::Equals': [{ Ref: 'Audit' }, 'yes'] },
};

function policy(Condition: string | undefined, ...Statement: object[]): object {
  return { Type: 'AWS::S3::BucketPolicy', ...(Condition ? { Condition } : {}), Properties: { Bucket: 'example-data', PolicyDocument: { Version: '2012-10-17', Statement } } };
}

/** What is said of the policies of one bucket: by the rules, and of TLS by the proof. */
function said(One: object, Other: object, buckets: Record<string, object> = { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'example-data' } } }): { competing: string[]; tls: string[]; proof: string[] } {
  const template: any = { Parameters: { Stage: { Type: 'String' }, Audit: { Type: 'String' } }, Conditions: CONDITIONS, Resources: { ...buckets, One, Other } };
  const deployment = deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template }]);
  const inventory = new Inventory(deployment);
  const findings = judge(deployment, inventory);
  const of = (id: string) => findings.filter(({ rule }) => rule.id === id).map(({ resource, isDecided }) => `${resource.logicalId}${isDecided ? '' : '?'}`);
  const guarantees = bucketGuarantees(inventory, inventory.allBuckets[0]);
  return { competing: of('CompetingPolicies'), tls: of('RequireTls'), proof: guarantees.filter(({ rule }) => rule.id === 'RequireTls').map(({ verdict }) => verdict) };
}

describe('two policies of one bucket', () => {
  test('do not compete under opposite conditions: one of them is there', () => {
    expect(said(policy('IsProd', REQUIRE_TLS), policy('NotProd', REQUIRE_TLS))).toEqual({ competing: [], tls: [], proof: ['holds'] });
  });

  test('are judged each where it is there', () => {
    expect(said(policy('IsProd', REQUIRE_TLS), policy('NotProd', NARROW))).toEqual({ competing: [], tls: ['Other'], proof: ['not-decided'] });
    expect(said(policy('IsProd', NARROW), policy('NotProd', NARROW))).toEqual({ competing: [], tls: ['One', 'Other'], proof: ['broken'] });
  });

  test('may compete under conditions of which both may hold', () => {
    expect(said(policy('IsProd', REQUIRE_TLS), policy('IsAudited', REQUIRE_TLS)).competing).toEqual(['One?', 'Other?']);
  });

  test('compete where both are there in any case', () => {
    expect(said(policy(undefined, REQUIRE_TLS), policy(undefined, REQUIRE_TLS)).competing).toEqual(['One', 'Other']);
  });

  test('do not compete where each is that of a bucket of its own, under opposite conditions', () => {
    const bucket = (Condition: string) => ({ Type: 'AWS::S3::Bucket', Condition, Properties: { BucketName: 'example-data' } });
    expect(said(policy('IsProd', REQUIRE_TLS), policy('NotProd', REQUIRE_TLS), { Data: bucket('IsProd'), Dev: bucket('NotProd') }).competing).toEqual([]);
  });
});
