import { AccessOutcome } from '../../src/access/access-decision';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { Access, accessTo } from '../../src/access/access-to';
import { AccessAssumptions } from '../../src/access/assumptions';
import * as fc from '../support/fast-check';

/** How many worlds are looked at: `ACCESS_RUNS=20000 npx jest test/access/access-to-random`. */
const RUNS = Number(process.env.ACCESS_RUNS ?? 100);

const OWNER = '111122223333';
const PARTNER = '444455556666';
const BUCKET = 'arn:aws:s3:::dataset';
const POINT = `arn:aws:s3:eu-west-1:${OWNER}:accesspoint/team`;
const VPC = 'vpc-0abc123def4567890';
const OTHER_VPC = 'vpc-1111111111111111';
const ENDPOINT = 'vpce-0abc123def4567890';
const LOCAL_ROLE = `arn:aws:iam::${OWNER}:role/Local`;
const PARTNER_ROLE = `arn:aws:iam::${PARTNER}:role/Partner`;
const CALLERS = [LOCAL_ROLE, `arn:aws:iam::${OWNER}:user/alice`, PARTNER_ROLE, 'anonymous', 'logging.s3.amazonaws.com'];

const principals = fc.constantFrom<unknown>('*', { AWS: LOCAL_ROLE }, { AWS: PARTNER_ROLE }, { AWS: OWNER }, { AWS: PARTNER }, { Service: 'logging.s3.amazonaws.com' });
const confining = fc.constantFrom<object>(
  {},
  { StringEquals: { 's3:DataAccessPointAccount': OWNER } },
  { StringEquals: { 's3:DataAccessPointArn': POINT } },
  { StringEquals: { 'aws:SourceVpce': ENDPOINT } },
  { StringEquals: { 'aws:SourceVpc': VPC } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
  { StringEquals: { 'aws:PrincipalAccount': PARTNER } },
  { ArnLike: { 'aws:PrincipalArn': PARTNER_ROLE } },
  { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
);
const perimeters = fc.constantFrom<object>(
  { Bool: { 'aws:SecureTransport': 'false' } },
  { StringNotEquals: { 'aws:SourceVpce': ENDPOINT } },
  { StringNotEquals: { 'aws:SourceVpc': VPC } },
  { StringNotEquals: { 'aws:SourceVpc': OTHER_VPC } },
  { StringNotEqualsIfExists: { 'aws:SourceVpc': VPC }, ArnNotEquals: { 'aws:PrincipalArn': LOCAL_ROLE } },
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  { NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' } },
  { StringNotEquals: { 's3:DataAccessPointAccount': OWNER } },
  { Null: { 'aws:SourceVpce': 'true' } },
);
const actions = fc.constantFrom<unknown>('s3:GetObject', ['s3:GetObject', 's3:PutObject'], 's3:*', 's3:ListBucket');

function allowOn(arn: string, objects: string) {
  return fc.record({ principal: principals, action: actions, condition: confining, isOfAll: fc.boolean() }).map(({ principal, action, condition, isOfAll }) => (
    { Effect: 'Allow', Principal: principal, Action: action, Resource: isOfAll ? [arn, `${objects}*`] : [arn, `${objects}team/*`], Condition: condition }));
}

const denies = fc.record({ condition: perimeters, isOfObjects: fc.boolean() }).map(({ condition, isOfObjects }) => (
  { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: isOfObjects ? `${BUCKET}/*` : [BUCKET, `${BUCKET}/*`], Condition: condition }));
const identityPolicies = fc.record({ action: actions, resource: fc.constantFrom<unknown>('*', [BUCKET, `${BUCKET}/*`], [POINT, `${POINT}/object/*`]), condition: confining })
  .map(({ action, resource, condition }) => ({ Effect: 'Allow', Action: action, Resource: resource, Condition: condition }));

/** A bucket with an access point, and who may use them. */
const worlds = fc.record({
  bucketAllows: fc.array(allowOn(BUCKET, `${BUCKET}/`), { maxLength: 2 }),
  bucketDenies: fc.array(denies, { maxLength: 2 }),
  pointAllows: fc.array(allowOn(POINT, `${POINT}/object/`), { maxLength: 2 }),
  vpc: fc.option(fc.constantFrom(VPC, OTHER_VPC), { nil: undefined }),
  role: fc.array(identityPolicies, { maxLength: 2 }),
  user: fc.array(identityPolicies, { maxLength: 1 }),
});

/** One of each kind of request that the policies above can tell apart, for each caller. */
const NETWORKS: readonly Record<string, string>[] = [
  { 'aws:SourceIp': '203.0.113.9' },
  { 'aws:SourceIp': '198.51.100.9' },
  ...[VPC, OTHER_VPC].flatMap((vpc) => [ENDPOINT, 'vpce-2222222222222222'].map((endpoint) => ({ 'aws:SourceVpc': vpc, 'aws:SourceVpce': endpoint }))),
];
const TARGETS = [['read', 's3:GetObject', '/team/a', '/object/team/a'], ['write', 's3:PutObject', '/team/a', '/object/team/a'], ['list', 's3:ListBucket', '', '']] as const;

interface Asked {
  readonly capability: string;
  readonly request: AccessRequest;
}

const REQUESTS: readonly Asked[] = CALLERS.flatMap((principal) => (principal.endsWith('.amazonaws.com') ? [{}] : NETWORKS).flatMap((network) => TARGETS.flatMap(([capability, action, ofBucket, ofPoint]) => {
  const organization = principal.startsWith('arn:') ? { 'aws:PrincipalOrgID': 'o-exampleorgid' } : {};
  const context = { 'aws:SecureTransport': 'true', ...network, ...organization };
  return [BUCKET + ofBucket, POINT + ofPoint].map((resource) => ({ capability, request: { principal, action, resource, context } }));
})));

/** Whether somebody is shown who may be the caller, by the way that the request takes. */
function isShown(accesses: readonly Access[], { capability, request: { principal, resource } }: Asked): boolean {
  const account = principal.split(':')[4];
  const isIam = principal.startsWith('arn:');
  const isThroughPoint = resource.startsWith(POINT);
  return accesses.some(({ holder: { kind, name }, capability: shown, accessPoint }) => shown === capability && (accessPoint !== undefined) === isThroughPoint && (
    name.startsWith(principal) || name.startsWith('everyone') || (isIam && (name === 'every AWS account' || kind === 'organization' || (kind === 'account' && name === account)))
    || (!isIam && principal !== 'anonymous' && name === 'any AWS service')));
}

test(`whoever is allowed something is shown, in ${RUNS} random worlds`, () => {
  const reached = new Map<string, number>();
  fc.assert(fc.property(worlds, ({ bucketAllows, bucketDenies, pointAllows, vpc, role, user }) => {
    const document = (statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
    const policies = (statements: readonly object[]) => (statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: document(statements) }]);
    const template = {
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset', PublicAccessBlockConfiguration: { BlockPublicPolicy: false, RestrictPublicBuckets: false } } },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document([...bucketAllows, ...bucketDenies]) } },
        Team: { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'team', Bucket: { Ref: 'Bucket' }, Policy: document(pointAllows), ...(vpc ? { VpcConfiguration: { VpcId: vpc } } : {}) } },
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'Local', AssumeRolePolicyDocument: {}, Policies: policies(role) } },
        User: { Type: 'AWS::IAM::User', Properties: { UserName: 'alice', Policies: policies(user) } },
      },
    };
    const assumptions = AccessAssumptions.fromJson({ principals: { [PARTNER_ROLE]: { identityPolicies: [document([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])] } } });
    const evaluator = AccessEvaluator.fromTemplates([{ stackName: 'Data', account: OWNER, region: 'eu-west-1', template }], assumptions);
    const accesses = accessTo(evaluator._model, evaluator._model.inventory.bucketNamed('dataset')!);
    for (const asked of REQUESTS) {
      if (evaluator.decide(asked.request).outcome === AccessOutcome.ALLOWED) {
        const way = `${asked.request.principal.split(':')[0]} ${asked.request.resource.startsWith(POINT) ? 'through the access point' : 'directly'}`;
        reached.set(way, (reached.get(way) ?? 0) + 1);
        if (!isShown(accesses, asked)) {
          throw new Error(`Nobody is shown for ${JSON.stringify(asked)}: ${JSON.stringify(accesses.map(({ holder, capability }) => `${holder.name} ${capability}`))}`);
        }
      }
    }
  }), { numRuns: RUNS, seed: 12 });
  expect(['arn directly', 'arn through the access point', 'anonymous directly', 'logging.s3.amazonaws.com directly'].filter((way) => !((reached.get(way) ?? 0) > 0))).toEqual([]);
}, 60_000);
