import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const LOGS = 'arn:aws:s3:::amzn-s3-demo-logs';
const ALLOW = { Sid: 'Delivery', Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: `${LOGS}/*`, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::amzn-s3-demo-data' } } };
const LIST = { AccessControl: 'LogDeliveryWrite' };

interface Case {
  readonly statements?: readonly object[];
  readonly settings?: object;
  readonly prefix?: unknown;
  readonly resources?: Record<string, unknown>;

  /** What a stack in another account of the organization has. */
  readonly organization?: Record<string, unknown>;
}

/** What the rule says of the log bucket. */
function problems({ statements, settings = {}, prefix, resources = {}, organization = {} }: Case): string[] {
  const policy = statements && { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } } } };
  const Resources = {
    Logs: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-logs', ...settings } },
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-data', LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' }, LogFilePrefix: prefix } } },
    ...policy,
    ...resources,
  };
  const template: any = { Parameters: { P: { Type: 'String' } }, Resources };
  const management: any = { name: 'Organization', template: { Resources: organization }, account: '999988887777', region: 'us-east-1' };
  return judge(deploymentOf([{ name: 'Stack', template, account: ACCOUNT, region: 'eu-west-1' }, management])).filter(({ rule }) => rule.id === 'LogDestination')
    .map(({ isDecided, problem }) => `${isDecided ? '' : 'not decided: '}${problem}`);
}

const deny = (Condition?: object) => ({ Sid: 'Keep', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [LOGS, `${LOGS}/*`], ...(Condition ? { Condition } : {}) });

describe('the delivery of access logs is evaluated', () => {
  test('the statement that lets S3 deliver', () => {
    expect(problems({ statements: [ALLOW] })).toEqual([]);
    expect(problems({ statements: [ALLOW], prefix: { Ref: 'P' } })).toEqual([]);
    expect(problems({})).toEqual([expect.stringMatching(/^Nothing allows S3 to deliver/)]);
    expect(problems({ statements: [{ ...ALLOW, Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } } }] })).toEqual([expect.stringMatching(/^Nothing allows S3/)]);
    expect(problems({ statements: [{ ...ALLOW, Resource: `${LOGS}/data/*` }], prefix: 'data/' })).toEqual([]);
    expect(problems({ statements: [{ ...ALLOW, Resource: `${LOGS}/data/*` }], prefix: { Ref: 'P' } })).toEqual([expect.stringMatching(/^not decided: .*'Delivery' applies/)]);
  });

  test.each<[string, object | undefined]>([
    ['of everything', undefined],
    ['of what names no key', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }],
    ['of whoever is not of the organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }],
    ['of all but an endpoint', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }],
  ])('a deny %s is named', (_, condition) => {
    expect(problems({ statements: [ALLOW, deny(condition)] })).toEqual(["The statement 'Keep' stops S3 from delivering the access logs of 'Stack/Data'."]);
    expect(problems({ statements: [deny(condition)], settings: { ...LIST, OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } } })).toEqual([expect.stringMatching(/'Keep' stops/)]);
  });

  test('a deny that spares services is none, and one of other organizations is not decided', () => {
    expect(problems({ statements: [ALLOW, deny({ Bool: { 'aws:SecureTransport': 'false' } })] })).toEqual([]);
    expect(problems({ statements: [ALLOW, deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })] })).toEqual([]);
    const foreign = (more: object) => deny({ StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-exampleorgid', ...more }, Null: { 'aws:SourceAccount': 'false' } });
    expect(problems({ statements: [ALLOW, foreign({ 'aws:SourceAccount': ACCOUNT })] })).toEqual([]);
    expect(problems({ statements: [ALLOW, foreign({})] })).toEqual([expect.stringMatching(/^not decided: .*'Keep' applies/)]);
  });

  test('a deny of a resource control policy counts', () => {
    const content = { Version: '2012-10-17', Statement: [{ Sid: 'OnlyOurs', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }] };
    const Rcp = { Type: 'AWS::Organizations::Policy', Properties: { Name: 'Rcp', Type: 'RESOURCE_CONTROL_POLICY', TargetIds: [ACCOUNT], Content: content } };
    expect(problems({ statements: [ALLOW], resources: { Rcp } })).toEqual([expect.stringMatching(/^not decided: .*'OnlyOurs' applies/)]); // it may be the management account
    expect(problems({ statements: [ALLOW], organization: { Rcp } })).toEqual([expect.stringMatching(/^not decided: .*'OnlyOurs' applies/)]);
    const Organization = { Type: 'AWS::Organizations::Organization', Properties: { FeatureSet: 'ALL' } };
    expect(problems({ statements: [ALLOW], organization: { Rcp, Organization } })).toEqual([expect.stringMatching(/'OnlyOurs' stops/)]);
  });

  test('a list lets S3 deliver where lists are on', () => {
    const owned = (ObjectOwnership: unknown) => ({ ...LIST, OwnershipControls: { Rules: [{ ObjectOwnership }] } });
    expect(problems({ settings: owned('BucketOwnerPreferred') })).toEqual([]);
    expect(problems({ settings: owned('BucketOwnerEnforced') })).toEqual([expect.stringMatching(/'LogDeliveryWrite' has no effect.*lists are off/)]);
    expect(problems({ settings: LIST })).toEqual([expect.stringMatching(/'LogDeliveryWrite' has no effect/)]);
    expect(problems({ settings: owned({ Ref: 'P' }) })).toEqual([expect.stringMatching(/^not decided: .*Object Ownership/)]);
    expect(problems({ statements: [ALLOW], settings: owned('BucketOwnerEnforced') })).toEqual([]);
  });
});
