import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { AccessTemplate } from '../../src/access/access-template';
import { AccessAssumptions } from '../../src/access/assumptions';

/** Policies and settings around one bucket, as the cases write them down: statements only, and what differs from an ordinary bucket. */
export interface Scene {
  /** Statements of the role AppRole, in the account of the bucket. */
  readonly appRole?: readonly object[];

  /** Statements of the role PartnerRole, in another account. */
  readonly partnerRole?: readonly object[];

  /** Statements of the user alice, in the account of the bucket. */
  readonly alice?: readonly object[];

  /** Statements of the permissions boundary of all of them. */
  readonly boundary?: readonly object[];
  readonly bucketPolicy?: readonly object[];
  readonly bucket?: object;

  /** Statements of the key policy; with them the bucket encrypts with this key. */
  readonly keyPolicy?: readonly object[];
  readonly key?: object;

  /** Whether the key belongs to the other account. */
  readonly isPartnersKey?: boolean;

  /** Statements of the access point `analysts`. */
  readonly accessPointPolicy?: readonly object[];
  readonly accessPoint?: object;

  /** Whether the access point belongs to the other account. */
  readonly isPartnersAccessPoint?: boolean;

  /** Statements of the VPC endpoint. */
  readonly endpointPolicy?: readonly object[];
  readonly endpoint?: object;
  readonly organizationPolicies?: readonly object[];
  readonly assumptions?: object;
}

/** One request with the decision that the documentation asks for. */
export interface AccessCase {
  readonly name: string;

  /** The page of the AWS documentation that decides it. */
  readonly see: string;
  readonly scene?: Scene;
  readonly request: AccessRequest;
  readonly outcome: string;

  /** The layer that decides it, where it is not allowed. */
  readonly decidedBy?: string;

  /** The Sid of the statement that decides it. */
  readonly sid?: string;

  /** What is among the assumptions. */
  readonly assumes?: string;
}

/** The cases of one topic. */
export interface CaseFile {
  readonly topic: string;

  /** What the scenes of all cases have, unless they say otherwise. */
  readonly scene: Scene;
  readonly cases: readonly AccessCase[];
}

const OWNER = { account: '111122223333', region: 'eu-west-1' };
const PARTNER = { account: '444455556666', region: 'eu-west-1' };
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ENDPOINT_ID = 'vpce-0abc123def4567890';

/** All cases. */
export function caseFiles(): CaseFile[] {
  const folder = join(__dirname, 'cases');
  return readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

/** The evaluator of a scene. */
export function evaluatorOf(scene: Scene): AccessEvaluator {
  const { templates, assumptions } = worldOf(scene);
  return AccessEvaluator.fromTemplates(templates, AccessAssumptions.fromJson(assumptions));
}

/** The templates of a scene, and what is given besides. */
export function worldOf(scene: Scene): { templates: AccessTemplate[]; assumptions: object } {
  const resources = (entries: Record<string, object | undefined>) => ({ Resources: Object.fromEntries(Object.entries(entries).filter(([, resource]) => resource !== undefined)) });
  const key = scene.keyPolicy && { Type: 'AWS::KMS::Key', Properties: { ...scene.key, KeyPolicy: policy(scene.keyPolicy) } };
  const keyAccount = scene.isPartnersKey ? PARTNER.account : OWNER.account;
  const accessPoint = scene.accessPointPolicy && {
    Type: 'AWS::S3::AccessPoint',
    Properties: { Name: 'analysts', Bucket: 'amzn-s3-demo-bucket', BucketAccountId: OWNER.account, ...(scene.accessPointPolicy.length > 0 ? { Policy: policy(scene.accessPointPolicy) } : {}), ...scene.accessPoint },
  };
  const boundary = (account: string) => (scene.boundary ? { PermissionsBoundary: `arn:aws:iam::${account}:policy/Boundary` } : {});
  const owner = resources({
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: 'amzn-s3-demo-bucket', ...(key ? { BucketEncryption: encryption(`arn:aws:kms:eu-west-1:${keyAccount}:key/${KEY_ID}`) } : {}), ...scene.bucket },
    },
    BucketPolicy: scene.bucketPolicy && { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy(scene.bucketPolicy) } },
    AppRole: role('AppRole', scene.appRole, boundary(OWNER.account)),
    Alice: { Type: 'AWS::IAM::User', Properties: { UserName: 'alice', ...inline(scene.alice), ...boundary(OWNER.account) } },
    Key: scene.isPartnersKey ? undefined : key,
    Endpoint: scene.endpointPolicy && {
      Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: 'vpc-0abc123def4567890', ServiceName: 'com.amazonaws.eu-west-1.s3', VpcEndpointType: 'Gateway', PolicyDocument: policy(scene.endpointPolicy), ...scene.endpoint },
    },
    AccessPoint: scene.isPartnersAccessPoint ? undefined : accessPoint,
    ...Object.fromEntries((scene.organizationPolicies ?? []).map((properties, i) => [`OrganizationPolicy${i}`, { Type: 'AWS::Organizations::Policy', Properties: properties }])),
  });
  const partner = resources({
    PartnerRole: role('PartnerRole', scene.partnerRole, boundary(PARTNER.account)),
    Key: scene.isPartnersKey ? key : undefined,
    AccessPoint: scene.isPartnersAccessPoint ? accessPoint : undefined,
  });
  const ids = { Key: KEY_ID, Endpoint: ENDPOINT_ID };
  const managedPolicies = scene.boundary && Object.fromEntries([OWNER, PARTNER].map(({ account }) => [`arn:aws:iam::${account}:policy/Boundary`, policy(scene.boundary!)]));
  return {
    templates: [{ stackName: 'Owner', template: owner, ...OWNER, file: 'owner.json' }, { stackName: 'Partner', template: partner, ...PARTNER, file: 'partner.json' }],
    assumptions: { physicalIds: { Owner: ids, Partner: ids }, ...(managedPolicies ? { managedPolicies } : {}), ...scene.assumptions },
  };
}

function policy(statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

function role(name: string, statements: readonly object[] | undefined, properties: object): object {
  return { Type: 'AWS::IAM::Role', Properties: { RoleName: name, AssumeRolePolicyDocument: {}, ...inline(statements), ...properties } };
}

function inline(statements: readonly object[] | undefined): object {
  return statements ? { Policies: [{ PolicyName: 'Inline', PolicyDocument: policy(statements) }] } : {};
}

function encryption(keyArn: string): object {
  return { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }] };
}
