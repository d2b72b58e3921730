import { OWNER, PARTNER_ROLE, PARTNER_SESSION, ROLE, SESSION, USER } from './random-scenes';
import { evaluatorOf, Scene } from './scene';
import { AccessLayer, AccessOutcome, LayerVerdict } from '../../src/access/access-decision';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { AccessAssumptions } from '../../src/access/assumptions';

const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const CANONICAL_USER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
const REQUEST: AccessRequest = { principal: ROLE, action: 's3:GetObject', resource: `${BUCKET}/data/1` };
const POINTS = `arn:aws:s3:eu-west-1:${OWNER}:accesspoint`;
const THROUGH_POINT: AccessRequest = { ...REQUEST, resource: `${POINTS}/analysts/object/data/1` };
const BOB = `arn:aws:iam::${OWNER}:user/bob`;

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const LIST = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };
const EVERYONE = { ...READ, Sid: 'Everyone', Principal: '*' };
const TO_ACCOUNT = { ...READ, Principal: { AWS: OWNER } };
const DENY = { ...READ, Sid: 'Limit', Effect: 'Deny', Principal: '*' };
const ON_TAG = { StringEquals: { 's3:ExistingObjectTag/team': 'analysts' } };
const LISTS_ON = { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] }, PublicAccessBlockConfiguration: { IgnorePublicAcls: false } };

function document(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

interface Case {
  readonly name: string;
  readonly scene: Scene;
  readonly request?: AccessRequest;
  readonly by: AccessLayer;
  readonly reason: string | RegExp;

  /** Nothing where nobody could give a value, nor write the policies in another way. */
  readonly remedy?: string | RegExp;
}

const LIMITS: Case[] = [
  {
    name: 'an Allow to everyone, and a boundary that does not allow',
    scene: { bucketPolicy: [EVERYONE], boundary: [LIST] },
    by: AccessLayer.BUCKET_POLICY,
    reason: `The bucket policy allows s3:GetObject to everyone (the statement 'Everyone'), the permissions boundary of ${ROLE} does not, and AWS does not document whether that limits what is allowed to everyone.`,
    remedy: "Allow s3:GetObject in the permissions boundary, or add a condition on 'aws:PrincipalArn' to the statement 'Everyone': what it allows is then not limited.",
  },
  {
    name: 'an Allow to everyone, and session policies that do not allow',
    scene: { bucketPolicy: [EVERYONE] },
    request: { ...REQUEST, principal: SESSION, sessionPolicies: [document(LIST)] },
    by: AccessLayer.BUCKET_POLICY,
    reason: `The bucket policy allows s3:GetObject to everyone (the statement 'Everyone'), the session policies of ${ROLE} do not, and AWS does not document whether that limits what is allowed to everyone.`,
    remedy: /^Allow s3:GetObject in the session policies, or add/,
  },
  {
    name: 'an Allow to everyone, and neither the boundary nor the session policies allow',
    scene: { bucketPolicy: [EVERYONE], boundary: [LIST] },
    request: { ...REQUEST, sessionPolicies: [document(LIST)] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /, the permissions boundary and the session policies of \S+ do not, and AWS does not document/,
    remedy: /^Allow s3:GetObject in the permissions boundary and the session policies, or add/,
  },
  {
    name: 'an Allow by NotPrincipal, and the boundary of a user that does not allow',
    scene: { bucketPolicy: [{ ...READ, NotPrincipal: { AWS: PARTNER_ROLE } }], boundary: [LIST] },
    request: { ...REQUEST, principal: USER },
    by: AccessLayer.BUCKET_POLICY,
    reason: /^The bucket policy allows s3:GetObject to everyone \(Statement\[0\]\), the permissions boundary of \S+alice does not/,
    remedy: /^Allow s3:GetObject in the permissions boundary/,
  },
  {
    name: 'an Allow to everyone on an access point, and a boundary that does not allow',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } }], accessPointPolicy: [EVERYONE], boundary: [LIST] },
    request: THROUGH_POINT,
    by: AccessLayer.ACCESS_POINT_POLICY,
    reason: /^The access point policy allows s3:GetObject to everyone \(the statement 'Everyone'\), the permissions boundary of/,
    remedy: /^Allow s3:GetObject in the permissions boundary/,
  },
  {
    name: 'an Allow to the role, which the session policies limit, beside one to its session that may apply',
    scene: { bucketPolicy: [{ ...READ, Principal: { AWS: ROLE } }, { ...READ, Sid: 'Session', Principal: { AWS: SESSION }, Condition: ON_TAG }] },
    request: { ...REQUEST, principal: SESSION, sessionPolicies: [document(LIST)] },
    by: AccessLayer.BUCKET_POLICY,
    reason: "It is not decided whether the bucket policy allows s3:GetObject: whether the statement 'Session' applies depends on s3:ExistingObjectTag/team, which is not known.",
    remedy: "Provide 's3:ExistingObjectTag/team' in the context of the request.",
  },
  {
    name: 'an Allow to everyone that may apply, and a boundary that does not allow',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: ON_TAG }], boundary: [LIST] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /whether the statement 'Everyone' applies depends on s3:ExistingObjectTag\/team, which is not known\.$/,
    remedy: /in the context of the request/,
  },
  {
    name: 'an Allow to everyone, and session policies that may allow, whatever the policies of the role say',
    scene: { bucketPolicy: [EVERYONE] },
    request: { ...REQUEST, principal: `arn:aws:iam::${OWNER}:role/Elsewhere`, sessionPolicies: [document({ ...READ, Condition: ON_TAG })] },
    by: AccessLayer.SESSION_POLICIES,
    reason: 'It is not decided whether the session policies allow s3:GetObject: whether Statement[0] applies depends on s3:ExistingObjectTag/team, which is not known.',
    remedy: /in the context of the request/,
  },
  {
    name: 'an Allow to everyone, and limits of which it is not known whether they allow',
    scene: { bucketPolicy: [EVERYONE], boundary: [{ ...READ, Condition: ON_TAG }] },
    request: { ...REQUEST, sessionPolicies: [document({ ...READ, Condition: ON_TAG })] },
    by: AccessLayer.PERMISSIONS_BOUNDARY,
    reason: 'It is not decided whether the permissions boundary allows s3:GetObject: whether Statement[0] applies depends on s3:ExistingObjectTag/team, which is not known.',
    remedy: /in the context of the request/,
  },
  {
    name: 'an Allow to everyone, session policies that do not allow, and a boundary that makes no difference',
    scene: { bucketPolicy: [EVERYONE], boundary: [{ ...READ, Condition: ON_TAG }] },
    request: { ...REQUEST, sessionPolicies: [document(LIST)] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /, the session policies of \S+ do not, and AWS does not document/,
    remedy: /^Allow s3:GetObject in the session policies, or add/,
  },
  {
    name: 'a deny that may apply, whatever the policies of a user say whom the bucket policy allows',
    scene: { bucketPolicy: [{ ...READ, Principal: { AWS: BOB } }, { ...DENY, Condition: ON_TAG }] },
    request: { ...REQUEST, principal: BOB },
    by: AccessLayer.BUCKET_POLICY,
    reason: "It is not decided whether the bucket policy denies s3:GetObject: whether the statement 'Limit' applies depends on s3:ExistingObjectTag/team, which is not known.",
    remedy: "Provide 's3:ExistingObjectTag/team' in the context of the request.",
  },
];

const OTHER_GRANTS: Case[] = [
  {
    name: 'a role of another account which an access control list may let in',
    scene: { partnerRole: [READ], bucket: LISTS_ON },
    request: { ...REQUEST, principal: PARTNER_ROLE },
    by: AccessLayer.OBJECT_OWNERSHIP,
    reason: /^Access control lists are on/,
    remedy: /objectAcls/,
  },
  {
    name: 'an anonymous caller whom an access control list may let in',
    scene: { bucket: LISTS_ON },
    request: { ...REQUEST, principal: 'anonymous' },
    by: AccessLayer.OBJECT_OWNERSHIP,
    reason: /^Access control lists are on/,
    remedy: /objectAcls/,
  },
  {
    name: 'a bucket policy that trusts its account, which allows the access point alone',
    scene: { appRole: [{ ...READ, Resource: `${POINTS}/*` }], bucketPolicy: [TO_ACCOUNT], accessPointPolicy: [] },
    request: THROUGH_POINT,
    by: AccessLayer.BUCKET_POLICY,
    reason: `The bucket policy leaves s3:GetObject to the account of ${ROLE}, and AWS does not document whether what the account allows on the access point is enough.`,
    remedy: `Allow s3:GetObject on ${BUCKET}/data/1 in a policy of ${ROLE}, too.`,
  },
  {
    name: 'a policy of the caller that denies the bucket and allows the access point',
    scene: {
      appRole: [{ ...READ, Resource: `${POINTS}/*` }, { ...READ, Sid: 'NotDirectly', Effect: 'Deny', Resource: `${BUCKET}/*` }],
      bucketPolicy: [EVERYONE],
      accessPointPolicy: [],
    },
    request: THROUGH_POINT,
    by: AccessLayer.IDENTITY_POLICIES,
    reason: /: AWS does not document whether a deny on the bucket \(the statement 'NotDirectly'\) reaches requests through its access points\.$/,
    remedy: /^Deny it on the access point, too/,
  },
  {
    name: 'an access point of a VPC, and a request from a VPC that is not known',
    scene: { bucketPolicy: [TO_ACCOUNT], appRole: [READ], accessPointPolicy: [], accessPoint: { VpcConfiguration: { VpcId: 'vpc-0abc123def4567890' } } },
    request: { ...THROUGH_POINT, context: { 'aws:SourceVpce': 'vpce-0fff123def4567890' } },
    by: AccessLayer.ACCESS_POINT_POLICY,
    reason: 'The access point is reached from the VPC vpc-0abc123def4567890 alone, and from which VPC the request comes is not known.',
    remedy: "Provide 'endpoints.vpce-0fff123def4567890.vpc' in the assumptions.",
  },
  {
    name: 'an access point of a VPC that a parameter names',
    scene: { bucketPolicy: [TO_ACCOUNT], appRole: [READ], accessPointPolicy: [], accessPoint: { VpcConfiguration: { VpcId: { Ref: 'Vpc' } } } },
    request: { ...THROUGH_POINT, context: { 'aws:SourceVpc': 'vpc-0abc123def4567890' } },
    by: AccessLayer.ACCESS_POINT_POLICY,
    reason: 'The access point is reached from one VPC alone, and whether that is vpc-0abc123def4567890 is not known before deployment.',
    remedy: "Provide 'parameters' in the assumptions.",
  },
];

const STATEMENTS: Case[] = [
  {
    name: 'a deny that may apply, not the allow that may apply beside it',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: { StringEquals: { 'aws:SourceIdentity': 'worker' } } }, { ...DENY, Condition: ON_TAG }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /denies s3:GetObject: whether the statement 'Limit' applies depends on s3:ExistingObjectTag\/team, which is not known\.$/,
    remedy: /ExistingObjectTag/,
  },
  {
    name: 'the organization of the caller',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }], partnerRole: [READ] },
    request: { ...REQUEST, principal: PARTNER_SESSION },
    by: AccessLayer.BUCKET_POLICY,
    reason: /whether the statement 'Everyone' applies depends on aws:PrincipalOrgID, which is not known\.$/,
    remedy: "Provide 'accounts.444455556666.organizationId' in the assumptions.",
  },
  {
    name: 'a key that a policy variable asks for',
    scene: { appRole: [{ ...READ, Resource: `${BUCKET}/\${aws:SourceIdentity}/*` }] },
    by: AccessLayer.IDENTITY_POLICIES,
    reason: /^It is not decided whether the policies of \S+ allow s3:GetObject: whether Statement\[0\] applies depends on aws:SourceIdentity, which is not known\.$/,
    remedy: "Provide 'aws:SourceIdentity' in the context of the request.",
  },
  {
    name: 'a parameter, wherever it stands in a statement',
    scene: {
      bucketPolicy: [{
        ...EVERYONE,
        Action: { Ref: 'Operation' },
        Resource: { 'Fn::Sub': '${Place}/*' },
        Condition: { StringEquals: { 'aws:SourceIdentity': { Ref: 'Worker' } } },
      }],
    },
    request: { ...REQUEST, context: { 'aws:SourceIdentity': 'worker' } },
    by: AccessLayer.BUCKET_POLICY,
    reason: new RegExp([
      "whether the statement 'Everyone' applies depends on the parameter 'Operation' of the stack 'Owner',",
      "on the parameter 'Place' of the stack 'Owner' and on the parameter 'Worker' of the stack 'Owner'\\.$",
    ].join(' ')),
    remedy: "Provide 'parameters.Owner.Operation' in the assumptions.",
  },
  {
    name: 'a principal that a parameter names',
    scene: { bucketPolicy: [{ ...EVERYONE, Principal: { AWS: { Ref: 'Partner' } } }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /depends on the parameter 'Partner' of the stack 'Owner'\.$/,
    remedy: "Provide 'parameters.Owner.Partner' in the assumptions.",
  },
  {
    name: 'a role that the session policies limit, beside a parameter that may name the session',
    scene: { bucketPolicy: [{ ...EVERYONE, Principal: { AWS: [ROLE, { Ref: 'Reader' }] } }] },
    request: { ...REQUEST, principal: SESSION, sessionPolicies: [document(LIST)] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /: whom the statement 'Everyone' names depends on the parameter 'Reader' of the stack 'Owner'\.$/,
    remedy: "Provide 'parameters.Owner.Reader' in the assumptions.",
  },
  {
    name: 'a value that another stack exports',
    scene: { bucketPolicy: [{ ...EVERYONE, Principal: { AWS: { 'Fn::ImportValue': 'ReaderArn' } } }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /depends on <Owner: Fn::ImportValue "ReaderArn">, which is not known before deployment\.$/,
    remedy: 'Include the template that exports it.',
  },
  {
    name: 'an output of a stack that is not at hand',
    scene: { bucketPolicy: [{ ...EVERYONE, Principal: { AWS: { 'Fn::GetStackOutput': { StackName: 'Readers', OutputName: 'Arn' } } } }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /depends on <Owner: Fn::GetStackOutput \{"StackName":"Readers","OutputName":"Arn"\}>, which is not known before deployment\.$/,
    remedy: 'Include the template of the stack whose output it is.',
  },
  {
    name: 'an effect that a parameter decides',
    scene: { bucketPolicy: [{ ...EVERYONE, Effect: { Ref: 'Effect' } }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /: whether the statement 'Everyone' applies depends on the parameter 'Effect' of the stack 'Owner'\.$/,
    remedy: "Provide 'parameters.Owner.Effect' in the assumptions.",
  },
  {
    name: 'a whole policy that a parameter decides, of a form that IAM does not take',
    scene: { bucketPolicy: [{ ...EVERYONE, Action: [[{ Ref: 'Effect' }]] }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /: what the policy in PolicyDocument of Owner\/BucketPolicy says depends on the parameter 'Effect' of the stack 'Owner'\.$/,
    remedy: "Provide 'parameters.Owner.Effect' in the assumptions.",
  },
  {
    name: 'a policy that IAM would refuse',
    scene: { bucketPolicy: [{ ...EVERYONE, Effect: 'Perhaps' }] },
    by: AccessLayer.BUCKET_POLICY,
    reason: /: IAM would refuse the policy in PolicyDocument of Owner\/BucketPolicy \(/,
    remedy: 'Correct the policy.',
  },
  {
    name: 'an operator that IAM does not know',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: { StringAlmostEquals: { 'aws:SourceIdentity': 'worker' } } }] },
    request: { ...REQUEST, context: { 'aws:SourceIdentity': 'worker' } },
    by: AccessLayer.BUCKET_POLICY,
    reason: /whether the statement 'Everyone' applies depends on what 'StringAlmostEquals' does, which AWS does not document\.$/,
    remedy: 'Use an operator that IAM knows.',
  },
  {
    name: 'several values, where the operator compares one',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: { StringEquals: { 'aws:PrincipalOrgPaths': 'o-a/r-a/' } } }] },
    request: { ...REQUEST, context: { 'aws:PrincipalOrgPaths': ['o-a/r-a/', 'o-b/r-b/'] } },
    by: AccessLayer.BUCKET_POLICY,
    reason: /depends on what 'StringEquals' does with several values of aws:PrincipalOrgPaths, which AWS does not document\.$/,
    remedy: "Use 'ForAnyValue:StringEquals' or 'ForAllValues:StringEquals'.",
  },
  {
    name: 'a key that is absent, where AWS documents one thing and does another',
    scene: { bucketPolicy: [{ ...EVERYONE, Condition: { 'ForAnyValue:StringEqualsIfExists': { 'aws:SourceIdentity': 'worker' } } }] },
    request: { ...REQUEST, context: { 'aws:SourceIdentity': null } },
    by: AccessLayer.BUCKET_POLICY,
    reason: /depends on what 'ForAnyValue:StringEqualsIfExists' does without aws:SourceIdentity, which AWS does not document\.$/,
  },
  {
    name: 'what KMS is told of the network',
    scene: {
      appRole: [READ, { ...READ, Action: 'kms:Decrypt' }],
      keyPolicy: [{ ...READ, Sid: 'FromOffice', Principal: { AWS: ROLE }, Action: 'kms:*', Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }],
    },
    by: AccessLayer.KMS_KEY,
    reason: /whether the statement 'FromOffice' applies depends on aws:SourceIp, and AWS does not document whether KMS is told it when S3 uses a key\.$/,
  },
];

const NAMES: Case[] = [
  ...([
    ['a deny for a canonical user', [READ], { ...DENY, Principal: { CanonicalUser: CANONICAL_USER } }, 'denies'],
    ['an allow to a canonical user', [], { ...DENY, Effect: 'Allow', Principal: { CanonicalUser: CANONICAL_USER } }, 'allows'],
    ['a deny for all but a canonical user', [READ], { ...DENY, Principal: undefined, NotPrincipal: { CanonicalUser: CANONICAL_USER } }, 'denies'],
  ] as const).map(([name, appRole, statement, verb]): Case => ({
    name,
    scene: { appRole, bucketPolicy: [statement] },
    by: AccessLayer.BUCKET_POLICY,
    reason: `It is not decided whether the bucket policy ${verb} s3:GetObject: whether the statement 'Limit' applies depends on which account the canonical user 79a59df900b9… is, and the policy does not tell.`,
    remedy: 'Name the account by its number instead, as {"AWS": "111122223333"}.',
  })),
  {
    name: 'a deny by NotPrincipal that lists the role, and neither its session nor its account',
    scene: { appRole: [READ], bucketPolicy: [{ ...DENY, Principal: undefined, NotPrincipal: { AWS: ROLE } }] },
    request: { ...REQUEST, principal: SESSION },
    by: AccessLayer.BUCKET_POLICY,
    reason: `It is not decided whether the bucket policy denies s3:GetObject: whether the statement 'Limit' applies depends on whether NotPrincipal spares ${SESSION}, and AWS documents that only where the role, its session and its account are all listed.`,
    remedy: "Deny it to '*' with a condition on 'aws:PrincipalArn' instead.",
  },
];

const SERVICES = ['aws:PrincipalAccount', 'aws:PrincipalType', 'aws:userid'].flatMap((key) => ['StringEquals', 'StringNotEquals', 'StringNotEqualsIfExists', 'Null'].map((operator): Case => ({
  name: `${operator} on ${key}`,
  scene: { bucketPolicy: [{ ...READ, Principal: { Service: 'cloudfront.amazonaws.com' } }, { ...DENY, Condition: { [operator]: { [key]: operator === 'Null' ? 'true' : OWNER } } }] },
  request: { ...REQUEST, principal: 'cloudfront.amazonaws.com' },
  by: AccessLayer.BUCKET_POLICY,
  reason: `It is not decided whether the bucket policy denies s3:GetObject: whether the statement 'Limit' applies depends on ${key}, which AWS does not document for cloudfront.amazonaws.com.`,
  remedy: `Provide '${key}' in the context of the request.`,
})));

describe.each([
  ['limits of the caller', LIMITS],
  ['what else grants access', OTHER_GRANTS],
  ['statements', STATEMENTS],
  ['names of principals', NAMES],
  ['keys of AWS services', SERVICES],
])('what is not decided says what it depends on: %s', (_, cases) => {
  test.each(cases)('$name', ({ scene, request, by, reason, remedy }) => {
    const { outcome, decidedBy } = evaluatorOf(scene).decide(request ?? REQUEST);
    expect([outcome, decidedBy?.layer]).toEqual([AccessOutcome.NOT_DECIDED, by]);
    expect(decidedBy!.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect(decidedBy!.remedy).toEqual(typeof remedy === 'object' ? expect.stringMatching(remedy) : remedy);
  });
});

test('an operator that IAM does not know is what it depends on, be the key known or not', () => {
  const scene = { appRole: [READ], bucketPolicy: [{ ...DENY, Condition: { StringIs: { 'aws:userid': 'x' } } }] };
  expect(evaluatorOf(scene).decide(REQUEST).decidedBy?.reason).toContain("what 'StringIs' does, which AWS does not document");
});

describe('templates which leave open', () => {
  const policy = (...statements: object[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document(...statements) } });
  const role = (properties: object) => ({ Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, ...properties } });
  const READER = role({ RoleName: 'AppRole', Policies: [{ PolicyName: 'Read', PolicyDocument: document(READ) }] });

  function decidedBy(resources: object, others: object = {}, environment: object = { account: OWNER, region: 'eu-west-1' }, assumptions: object = {}) {
    const template = { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } }, ...resources }, ...others };
    return AccessEvaluator.fromTemplates([{ stackName: 'Stack', template, ...environment }], AccessAssumptions.fromJson(assumptions)).decide(REQUEST).decidedBy;
  }

  test('which of two bucket policies S3 stores', () => {
    expect(decidedBy({ One: policy(EVERYONE), Two: policy(DENY), Role: READER })).toMatchObject({
      layer: AccessLayer.BUCKET_POLICY, verdict: LayerVerdict.NOT_DECIDED, reason: expect.stringContaining('several policies for the bucket'), remedy: 'Keep one of them: S3 stores one policy a bucket.',
    });
  });

  test('whether a role is the caller, whose managed policy then allows it', () => {
    expect(decidedBy({ Role: role({ RoleName: { Ref: 'Name' }, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] }) })).toMatchObject({
      layer: AccessLayer.IDENTITY_POLICIES,
      verdict: LayerVerdict.NOT_DECIDED,
      reason: expect.stringMatching(new RegExp(
        'depends on whether arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess is a policy of arn:aws:iam::111122223333:role/AppRole, and a name in the templates is not known\\.$',
      )),
      remedy: "Provide 'parameters' in the assumptions.",
    });
  });

  test('whether a condition creates a policy', () => {
    const Conditions = { IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] } };
    expect(decidedBy({ Role: READER, Policy: { ...policy(DENY), Condition: 'IsProduction' } }, { Conditions })).toMatchObject({
      layer: AccessLayer.BUCKET_POLICY,
      reason: expect.stringMatching(/whether the statement 'Limit' applies depends on the condition 'IsProduction', which decides whether Stack\/Policy is created\.$/),
      remedy: "Provide 'parameters.Stack' in the assumptions.",
    });
  });

  test('the account of the bucket', () => {
    expect(decidedBy({ Policy: policy({ ...READ, Principal: { AWS: ROLE } }) }, {}, { region: 'eu-west-1' }, { principals: { [ROLE]: { identityPolicies: [] } } })).toMatchObject({
      layer: AccessLayer.BUCKET_POLICY,
      reason: `The bucket policy stands in an account that is not known: it depends on whether that is the account of ${ROLE}.`,
      remedy: "Provide 'environment.account' in the assumptions, or --account.",
    });
  });

  test('several things of which none decides alone: all are named, and nothing of access points', () => {
    const resources = { Policy: policy({ ...READ, Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${Partner}:root' } } }) };
    const template = { Parameters: { Partner: { Type: 'String' } }, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } }, ...resources } };
    const { layers, outcome, decidedBy: first } = AccessEvaluator.fromTemplates([{ stackName: 'Stack', template, region: 'eu-west-1' }]).decide({ ...REQUEST, principal: PARTNER_ROLE });
    const open = layers.filter(({ verdict }) => verdict === LayerVerdict.NOT_DECIDED);
    expect([outcome, open.map(({ layer }) => layer)]).toEqual([AccessOutcome.NOT_DECIDED, [AccessLayer.IDENTITY_POLICIES, AccessLayer.BUCKET_POLICY]]);
    expect(open[1].reason).toBe(`The bucket policy stands in an account that is not known: it depends on whether that is the account of ${PARTNER_ROLE}; and whether Statement[0] applies depends on the parameter 'Partner' of the stack 'Stack'.`);
    expect(first!.remedy).toBe([
      `Provide 'principals.${PARTNER_ROLE}.identityPolicies' in the assumptions.`, "Provide 'environment.account' in the assumptions, or --account.", "Provide 'parameters.Stack.Partner' in the assumptions.",
    ].join(' '));
  });
});
