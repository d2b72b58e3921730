import { CfnParameter, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Attack, HarmlessChange, resource, sometimes, Target } from './attack';
import { Consumer, SecureBucket, SharedDatasetAccessPoint } from '../../../src';

export interface AccessPointSite {
  readonly stack: Stack;
  readonly bucket: SecureBucket;
  readonly accessPoint: SharedDatasetAccessPoint;
  readonly cfnAccessPoint: s3.CfnAccessPoint;
}

export const ACCESS_POINT: Target<AccessPointSite> = {
  what: 'SharedDatasetAccessPoint',
  where: 'Team',
  build: (stack) => {
    const bucket = new SecureBucket(stack, 'Data', { bucketName: `shared-${stack.stackName.toLowerCase()}` });
    const accessPoint = new SharedDatasetAccessPoint(stack, 'Team', { bucket, vpcId: 'vpc-0abc123def4567890' });
    accessPoint.grantRead(Consumer.roleArn('arn:aws:iam::444455556666:role/Reader'));
    return { stack, bucket, accessPoint, cfnAccessPoint: resource(accessPoint) };
  },
};

const override = (path: string, value: unknown) => ({ cfnAccessPoint }: AccessPointSite) => cfnAccessPoint.addPropertyOverride(path, value);
const statementsOf = ({ accessPoint, stack }: AccessPointSite): any[] => stack.resolve(accessPoint.policy).Statement;
const EVERYBODY = { Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
const PUBLIC = /'Everybody' would make the access point public/;

const CHANGED_GRANT = /'ShareREAD[^']*' of CrossAccountGrant is missing from the synthesized access point policy, or was changed/i;
const CHANGED_DELEGATION = /'DelegateToAccessPoints' of SharedDatasetAccessPoint is missing from the synthesized bucket policy, or was changed/;

function inDelegation(path: string, value: unknown): (site: AccessPointSite) => void {
  return ({ bucket }) => {
    const policy = resource<s3.CfnBucketPolicy>(bucket.policy!);
    const at = policy.stack.resolve(policy.policyDocument).Statement.findIndex(({ Sid }: any) => Sid === 'DelegateToAccessPoints');
    policy.addPropertyOverride(`PolicyDocument.Statement.${at}.${path}`, value);
  };
}

export const ACCESS_POINT_ATTACKS: Attack<AccessPointSite>[] = [
  { how: 'one public access setting', attack: override('PublicAccessBlockConfiguration.BlockPublicPolicy', false), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'no public access settings', attack: ({ cfnAccessPoint }) => cfnAccessPoint.addPropertyDeletionOverride('PublicAccessBlockConfiguration'), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'public access settings by assignment', attack: ({ cfnAccessPoint }) => { cfnAccessPoint.publicAccessBlockConfiguration = { blockPublicAcls: true }; }, says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'public access settings under a condition', attack: ({ stack, cfnAccessPoint }) => cfnAccessPoint.addPropertyOverride('PublicAccessBlockConfiguration.RestrictPublicBuckets', sometimes(stack, true, false)), says: /weakens 'PublicAccessBlockConfiguration'/ },
  { how: 'no VPC', attack: ({ cfnAccessPoint }) => cfnAccessPoint.addPropertyDeletionOverride('VpcConfiguration'), says: /weakens 'VpcConfiguration'/ },
  { how: 'no VPC, by assignment', attack: ({ cfnAccessPoint }) => { cfnAccessPoint.vpcConfiguration = undefined; }, says: /weakens 'VpcConfiguration'/ },
  { how: 'another VPC', attack: override('VpcConfiguration.VpcId', 'vpc-0fff123def4567890'), says: /weakens 'VpcConfiguration'/ },
  { how: 'a VPC under a condition', attack: ({ stack, cfnAccessPoint }) => cfnAccessPoint.addPropertyOverride('VpcConfiguration', sometimes(stack, { VpcId: 'vpc-0abc123def4567890' })), says: /weakens 'VpcConfiguration'/ },
  { how: 'another bucket', attack: override('Bucket', 'somebody-elses'), says: /weakens 'Bucket'/ },
  { how: 'a bucket of another account', attack: override('BucketAccountId', '444455556666'), says: /weakens 'BucketAccountId'/ },
  { how: 'another resource type', attack: ({ cfnAccessPoint }) => cfnAccessPoint.addOverride('Type', 'AWS::S3Outposts::AccessPoint'), says: /'AWS::S3Outposts::AccessPoint'/ },
  { how: 'everybody, in its policy', attack: ({ accessPoint }) => accessPoint.policy.addStatements(new iam.PolicyStatement({ sid: 'Everybody', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'] })), says: PUBLIC },
  { how: 'everybody, by an override', attack: (site) => site.cfnAccessPoint.addPropertyOverride('Policy.Statement', [...statementsOf(site), EVERYBODY]), says: PUBLIC },
  { how: 'everybody, by assignment', attack: (site) => { site.cfnAccessPoint.policy = { Statement: [EVERYBODY] }; }, says: PUBLIC },
  { how: 'everybody under a condition', attack: (site) => site.cfnAccessPoint.addPropertyOverride('Policy.Statement', [sometimes(site.stack, EVERYBODY)]), says: PUBLIC },
  { how: 'everybody, in a grant', attack: override('Policy.Statement.0.Principal', { AWS: '*' }), says: /would make the access point public/ },
  { how: 'its policy by a parameter', attack: ({ stack, cfnAccessPoint }) => cfnAccessPoint.addPropertyOverride('Policy', new CfnParameter(stack, 'Policy').valueAsString), says: /cannot be seen/ },
  { how: 'Fn::Transform in its policy', attack: override('Policy.Fn::Transform', { Name: 'Rewrite' }), says: /'Fn::Transform'/ },
  { how: "the bucket's delegation without its condition", attack: inDelegation('Condition', undefined), says: /'DelegateToAccessPoints' would make the bucket public/, where: 'Data' },
  { how: "the bucket's delegation to a foreign account", attack: inDelegation('Condition.StringEquals.s3:DataAccessPointAccount', ['444455556666']), says: CHANGED_DELEGATION, where: 'Data' },
  { how: "the bucket's delegation to a foreign account as well", attack: inDelegation('Condition.StringEquals.s3:DataAccessPointAccount', ['111122223333', '444455556666']), says: CHANGED_DELEGATION, where: 'Data' },
  { how: "the bucket's delegation of everything", attack: inDelegation('Action', 's3:*'), says: CHANGED_DELEGATION, where: 'Data' },
  { how: "the bucket's delegation of all resources", attack: inDelegation('Resource', '*'), says: CHANGED_DELEGATION, where: 'Data' },
  { how: "the bucket's delegation on another condition", attack: inDelegation('Condition', { StringEquals: { 'aws:PrincipalAccount': '444455556666' } }), says: CHANGED_DELEGATION, where: 'Data' },
  { how: 'all resources, in a grant', attack: override('Policy.Statement.0.Resource', '*'), says: CHANGED_GRANT },
  { how: 'everything, in a grant', attack: override('Policy.Statement.0.Action', 's3:*'), says: CHANGED_GRANT },
  { how: 'another account, in a grant', attack: override('Policy.Statement.0.Principal', { AWS: 'arn:aws:iam::999988887777:root' }), says: CHANGED_GRANT },
  { how: 'a condition that defuses a grant', attack: override('Policy.Statement.0.Condition', { Bool: { 'aws:SecureTransport': 'false' } }), says: CHANGED_GRANT },
  { how: 'no grant', attack: ({ cfnAccessPoint }) => cfnAccessPoint.addPropertyDeletionOverride('Policy.Statement.0'), says: CHANGED_GRANT },
  { how: 'a grant under a condition', attack: (site) => site.cfnAccessPoint.addPropertyOverride('Policy.Statement', [sometimes(site.stack, statementsOf(site)[0])]), says: CHANGED_GRANT },
  { how: 'no policy', attack: ({ cfnAccessPoint }) => cfnAccessPoint.addPropertyDeletionOverride('Policy'), says: CHANGED_GRANT },
  { how: 'no policy, by assignment', attack: ({ cfnAccessPoint }) => { cfnAccessPoint.policy = undefined; }, says: CHANGED_GRANT },
];

export const HARMLESS: HarmlessChange<AccessPointSite>[] = [
  { how: 'another reader', change: ({ accessPoint }) => accessPoint.grantRead(Consumer.roleArn('arn:aws:iam::444455556666:role/Other')) },
  { how: 'another reader, in its policy', change: ({ accessPoint }) => accessPoint.policy.addStatements(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Local')], actions: ['s3:GetObject'], resources: ['*'] })) },
  { how: 'a deny, by an override', change: (site) => site.cfnAccessPoint.addPropertyOverride('Policy.Statement', [...statementsOf(site), { ...EVERYBODY, Effect: 'Deny' }]) },
  { how: 'tags', change: override('Tags', [{ Key: 'team', Value: 'data' }]) },
  { how: 'settings that are said again', change: override('PublicAccessBlockConfiguration.BlockPublicPolicy', true) },
];
