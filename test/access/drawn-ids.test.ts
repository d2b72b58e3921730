import { AccessDecision } from '../../src/access/access-decision';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { AccessAssumptions } from '../../src/access/assumptions';

const OWN = { account: '111122223333', region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::111122223333:role/AppRole';
const REQUEST: AccessRequest = { principal: ROLE, action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/data/1' };
const ENDPOINT_ID = 'vpce-0abc123def4567890';
const VPC_ID = 'vpc-0abc123def4567890';

function resources(condition: object, effect = 'Deny'): Record<string, any> {
  const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ Sid: 'Limit', Effect: effect, Principal: '*', Action: 's3:*', Resource: '*', Condition: condition }] } },
    },
    AppRole: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'AppRole', Policies: effect === 'Deny' ? [{ PolicyName: 'p', PolicyDocument: { Statement: allow } }] : [] } },
    Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: { Ref: 'Vpc' }, ServiceName: 'com.amazonaws.eu-west-1.s3' } },
    Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
    Site: { Type: 'AWS::CloudFront::Distribution', Properties: {} },
  };
}

function decide(Resources: object, request: Partial<AccessRequest>, assumptions: object = {}, place: object = OWN): AccessDecision {
  return AccessEvaluator.fromTemplates([{ stackName: 'Stack', template: { Resources }, ...place }], AccessAssumptions.fromJson(assumptions)).decide({ ...REQUEST, ...request });
}

const SESSION = 'arn:aws:sts::111122223333:assumed-role/AppRole/task';
const DISTRIBUTION = { 'Fn::Sub': 'arn:aws:cloudfront::111122223333:distribution/${Site}' };

describe.each<[what: string, condition: object, request: Partial<AccessRequest>, ids: Record<string, string>, effect?: string]>([
  ['the id of a VPC endpoint', { StringNotEquals: { 'aws:SourceVpce': { Ref: 'Endpoint' } } }, { context: { 'aws:SourceVpce': ENDPOINT_ID } }, { Endpoint: ENDPOINT_ID }],
  ['the id of a VPC', { StringNotEquals: { 'aws:SourceVpc': { 'Fn::GetAtt': ['Vpc', 'VpcId'] } } }, { context: { 'aws:SourceVpce': 'vpce-0fff123def4567890', 'aws:SourceVpc': VPC_ID } }, { Vpc: VPC_ID }],
  ['the id of a role', { StringNotLike: { 'aws:userid': { 'Fn::Sub': '${AppRole.RoleId}:*' } } }, { principal: SESSION, context: { 'aws:userid': 'AROAZ2QK7T2ZP5LMN3WE4:task' } }, { 'AppRole.RoleId': 'AROAZ2QK7T2ZP5LMN3WE4' }],
  [
    'the id of a distribution', { StringEquals: { 'aws:SourceArn': DISTRIBUTION } },
    { principal: 'cloudfront.amazonaws.com', context: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE' } }, { Site: 'EDFDVBD6EXAMPLE' }, 'Allow',
  ],
])('%s that AWS draws', (_, condition, request, ids, effect) => {
  test('is not different from one that the request names: what to provide is said', () => {
    const { outcome, decidedBy } = decide(resources(condition, effect), request);
    const [[id, value]] = Object.entries(ids);
    expect(outcome).toBe('not-decided');
    expect(decidedBy!.reason).toContain(`which is not known before deployment. Unless it is ${value}: `);
    expect(decidedBy!.remedy).toBe(`Provide 'physicalIds.Stack.${id}' in the assumptions.`);
  });

  test('decides once it is given', () => {
    expect(decide(resources(condition, effect), request, { physicalIds: { Stack: ids } }).outcome).toBe('allowed');
    const others = Object.fromEntries(Object.entries(ids).map(([id, value]) => [id, value.replace(/.{4}(?=(?:EXAMPLE)?$)/, /[A-Z]/.test(value) ? 'ZZZZ' : 'ffff')]));
    expect(decide(resources(condition, effect), request, { physicalIds: { Stack: others } }).outcome).toBe('denied');
  });
});

test('an id that is mentioned in a template may be that of an endpoint of which the request comes', () => {
  const { Endpoint, ...others } = resources({ StringNotEquals: { 'aws:SourceVpce': ENDPOINT_ID } });
  const Output = { Type: 'AWS::SSM::Parameter', Properties: { Value: { Ref: 'Endpoint' } } };
  expect(decide({ Endpoint, ...others, Output }, { context: { 'aws:SourceVpce': 'Stack-Endpoint' } }).outcome).toBe('not-decided');
});

test('what no id can change is decided', () => {
  const condition = { StringNotEquals: { 'aws:SourceVpce': { Ref: 'Endpoint' } }, Bool: { 'aws:SecureTransport': 'false' } };
  const through = { 'aws:SourceVpce': ENDPOINT_ID };
  expect(decide(resources(condition), { context: through }).outcome).toBe('allowed');
  const always = { StringNotEquals: { 'aws:SourceVpce': { Ref: 'Endpoint' } } };
  expect(decide(resources(always), { context: { 'aws:SourceVpce': null } }).outcome).toBe('denied');
});

describe('an account that is not known', () => {
  const condition = { StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } };

  test('is not different from that of the caller', () => {
    const { outcome, decidedBy } = decide(resources(condition), {}, {}, { region: OWN.region });
    expect(outcome).toBe('not-decided');
    expect(decidedBy!.remedy).toBe("Provide 'environment.account' in the assumptions, or --account.");
  });

  test('decides once it is given', () => {
    expect(decide(resources(condition), {}, { environment: OWN }, {}).outcome).toBe('allowed');
    expect(decide(resources(condition), {}, { environment: { account: '444455556666', region: OWN.region } }, {}).outcome).toBe('denied');
  });
});

test('a Region that is not known may be one that a statement names', () => {
  const condition = { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
  expect(decide(resources(condition), {}, {}, { account: OWN.account }).outcome).toBe('not-decided');
  expect(decide(resources(condition), {}).outcome).toBe('allowed');
});

test('a condition decides only where its branches say different things', () => {
  const Conditions = { IsStrict: { 'Fn::Equals': [{ Ref: 'Strict' }, 'yes'] } };
  const decideIf = (yes: object, no: object) => {
    const json = resources({});
    const [statement] = json.Policy.Properties.PolicyDocument.Statement;
    json.Policy.Properties.PolicyDocument.Statement = [{ 'Fn::If': ['IsStrict', { ...statement, Condition: yes }, { ...statement, Condition: no }] }];
    return AccessEvaluator.fromTemplates([{ stackName: 'Stack', template: { Resources: json, Conditions }, ...OWN }]).decide(REQUEST).outcome;
  };
  const overHttp = { Bool: { 'aws:SecureTransport': 'false' } };
  const byRole = { ArnLike: { 'aws:PrincipalArn': ROLE } };
  expect(decideIf(overHttp, { StringEquals: { 'aws:PrincipalArn': 'nobody' } })).toBe('allowed');
  expect(decideIf(byRole, { Bool: { 'aws:SecureTransport': 'true' } })).toBe('denied');
  expect(decideIf(byRole, overHttp)).toBe('not-decided');
});
