import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const A = '111122223333';
const PARTNER = 'arn:aws:iam::444455556666:role/Partner';
const POINT = { 'Fn::Sub': `arn:aws:s3::${A}:accesspoint/\${Point.Alias}/object/*` };
const OTHERS = '777788889999';

const allow = (principal: unknown, resource: unknown, more: object = {}) => ({ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: resource, ...more });
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const delegating = (name: string, account = A) => allow({ AWS: '*' }, `arn:aws:s3:::${name}/*`, { Condition: { StringEquals: { 's3:DataAccessPointAccount': account } } });

const bucket = (name: string, statements?: object[] | 'later') => ({
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } },
  ...(statements !== undefined && {
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: statements === 'later' ? { 'Fn::Transform': { Name: 'Later' } } : document(...statements) } },
  }),
});

/** What the rule says of an access point with some statements, to a bucket of its account and one of another. */
function said(ofPoint: object[], dublin: object[] | undefined | 'later', virginia: object[] | undefined = [delegating('virginia')], accountOfVirginia = A): string[] {
  const point = {
    Point: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Name: 'data', Regions: [{ Bucket: 'dublin' }, { Bucket: 'virginia', BucketAccountId: accountOfVirginia }] } },
    ...(ofPoint.length > 0 && { PointPolicy: { Type: 'AWS::S3::MultiRegionAccessPointPolicy', Properties: { MrapName: { Ref: 'Point' }, Policy: document(...ofPoint) } } }),
  };
  const deployment = deploymentOf([
    { name: 'Dublin', account: A, region: 'eu-west-1', template: { Resources: { ...bucket('dublin', dublin), ...point } } },
    { name: 'Virginia', account: accountOfVirginia, region: 'us-east-1', template: { Resources: bucket('virginia', virginia) } },
  ]);
  return judge(deployment).filter(({ rule }) => rule.id === 'MultiRegionDelegation').map(({ isDecided, resource }) => `${resource.stack.name}: ${isDecided ? 'found' : 'not decided'}`);
}

const TO_PARTNER = [allow({ AWS: PARTNER }, POINT)];

test.each<[string, string[], string[]]>([
  ['buckets that all delegate', said(TO_PARTNER, [delegating('dublin')]), []],
  ['a bucket without a policy', said(TO_PARTNER, undefined), ['Dublin: found']],
  ['a bucket that delegates to another account', said(TO_PARTNER, [delegating('dublin', OTHERS)]), ['Dublin: found']],
  ['a bucket that delegates other actions', said(TO_PARTNER, [{ ...delegating('dublin'), Action: 's3:PutObject' }]), ['Dublin: found']],
  ['a bucket that lets in its own account alone', said(TO_PARTNER, [allow({ AWS: `arn:aws:iam::${A}:role/App` }, 'arn:aws:s3:::dublin/*')]), ['Dublin: found']],
  ['two buckets that do not', said(TO_PARTNER, undefined, [delegating('virginia', OTHERS)]), ['Dublin: found', 'Virginia: found']],
  ['a bucket whose policy comes later', said(TO_PARTNER, 'later'), ['Dublin: not decided']],
  ['an access point for its own account, whose callers need no delegation', said([], undefined, undefined), []],
  ['an access point that lets in a role of its own account', said([allow({ AWS: `arn:aws:iam::${A}:role/App` }, POINT)], undefined, undefined), []],
  ['a bucket of another account that does not delegate to the account of the access point', said([], undefined, [delegating('virginia', OTHERS)], OTHERS), ['Virginia: found']],
  ['a bucket of another account that does', said([], undefined, [delegating('virginia')], OTHERS), []],
])('%s', (_, findings, expected) => {
  expect(findings).toEqual(expected);
});
