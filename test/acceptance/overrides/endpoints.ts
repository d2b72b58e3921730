import { Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Attack, condition, HarmlessChange, resource, sometimes, Target } from './attack';
import { S3GatewayEndpoint, S3InterfaceEndpoint, SecureBucket } from '../../../src';

export interface EndpointSite {
  readonly stack: Stack;
  readonly bucket: SecureBucket;
  readonly endpoint: S3GatewayEndpoint | S3InterfaceEndpoint;
  readonly cfnEndpoint: ec2.CfnVPCEndpoint;
}

function target(what: string, build: (stack: Stack, props: { vpc: ec2.IVpc; buckets: SecureBucket[]; organizationIds: string[] }) => EndpointSite['endpoint']): Target<EndpointSite> {
  return {
    what,
    where: 'Endpoint',
    build: (stack) => {
      const bucket = new SecureBucket(stack, 'Data');
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-0abc123def4567890', availabilityZones: ['eu-west-1a'], vpcCidrBlock: '10.0.0.0/16', isolatedSubnetIds: ['subnet-0abc123def4567890'], isolatedSubnetRouteTableIds: ['rtb-0abc123def4567890'],
      });
      const endpoint = build(stack, { vpc, buckets: [bucket], organizationIds: ['o-exampleorgid'] });
      return { stack, bucket, endpoint, cfnEndpoint: resource(endpoint) };
    },
  };
}

export const ENDPOINTS = [
  target('S3GatewayEndpoint', (stack, props) => new S3GatewayEndpoint(stack, 'Endpoint', props)),
  target('S3InterfaceEndpoint', (stack, props) => new S3InterfaceEndpoint(stack, 'Endpoint', { ...props, subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })),
];

const ANYWHERE = { Sid: 'Anywhere', Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: '*' };
const OPENS = /'Anywhere' would let the endpoint lead to '.*', which are buckets of other owners/;
const statementsOf = ({ cfnEndpoint, stack }: EndpointSite): any[] => stack.resolve(cfnEndpoint.policyDocument).Statement;
const added = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({
  sid: 'Anywhere', principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: props.notResources ? undefined : ['*'], ...props,
});
const add = (props: iam.PolicyStatementProps) => ({ endpoint }: EndpointSite) => endpoint.addToPolicy(added(props));

/** Behind the back of `addToPolicy`, which refuses it at once. */
const addBehind = (props: iam.PolicyStatementProps) => ({ endpoint }: EndpointSite) => (endpoint as any).policyDocument.addStatements(added(props));

export const ENDPOINT_ATTACKS: Attack<EndpointSite>[] = [
  { how: 'everything, in its document', attack: addBehind({ actions: ['s3:*'] }), says: OPENS },
  { how: 'all actions, in its document', attack: addBehind({ actions: ['*'] }), says: OPENS },
  { how: 'uploads to anywhere for a role', attack: addBehind({ conditions: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Uploader' } } }), says: OPENS },
  { how: 'uploads to anywhere by our organization', attack: addBehind({ conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }), says: OPENS },
  { how: 'all buckets but one', attack: addBehind({ notResources: ['arn:aws:s3:::one/*'] }), says: OPENS },
  { how: 'all buckets by a pattern', attack: addBehind({ resources: ['arn:aws:s3:::*/*'] }), says: OPENS },
  { how: 'all buckets of whichever partition', attack: addBehind({ resources: [`arn:${Aws.PARTITION}:s3:::*/*`] }), says: OPENS },
  { how: 'all accounts by a pattern', attack: addBehind({ conditions: { StringLike: { 'aws:ResourceAccount': '*' } } }), says: OPENS },
  { how: 'all organizations but one', attack: addBehind({ conditions: { StringNotEquals: { 'aws:ResourceOrgID': 'o-competitor' } } }), says: OPENS },
  { how: 'everything, by an override', attack: (site) => site.cfnEndpoint.addPropertyOverride('PolicyDocument.Statement', [...statementsOf(site), ANYWHERE]), says: OPENS },
  { how: 'everything under a condition', attack: (site) => site.cfnEndpoint.addPropertyOverride('PolicyDocument.Statement', [...statementsOf(site), sometimes(site.stack, ANYWHERE)]), says: OPENS },
  { how: 'a wider resource, by an override', attack: ({ cfnEndpoint }) => cfnEndpoint.addPropertyOverride('PolicyDocument.Statement.0.Resource', '*'), says: /'AllowNamedData' would let the endpoint lead to '\*'/ },
  { how: 'no organization, by an override', attack: ({ cfnEndpoint }) => cfnEndpoint.addPropertyDeletionOverride('PolicyDocument.Statement.1.Condition'), says: /'AllowOrganizationResources' would let the endpoint lead to '\*'/ },
  { how: 'no policy, which allows everything', attack: ({ cfnEndpoint }) => cfnEndpoint.addPropertyDeletionOverride('PolicyDocument'), says: /no policy/ },
  { how: 'no policy, by assignment', attack: ({ cfnEndpoint }) => { cfnEndpoint.policyDocument = undefined; }, says: /no policy/ },
  { how: 'no policy under a condition', attack: (site) => site.cfnEndpoint.addPropertyOverride('PolicyDocument', sometimes(site.stack, { Statement: statementsOf(site) })), says: /no policy/ },
  { how: 'a policy by a parameter', attack: ({ stack, cfnEndpoint }) => cfnEndpoint.addPropertyOverride('PolicyDocument', new CfnParameter(stack, 'Policy').valueAsString), says: /cannot be seen/ },
  { how: 'a policy as text', attack: ({ cfnEndpoint }) => cfnEndpoint.addPropertyOverride('PolicyDocument', JSON.stringify({ Statement: [ANYWHERE] })), says: OPENS },
  { how: 'a policy by Fn::Transform', attack: ({ cfnEndpoint }) => cfnEndpoint.addPropertyOverride('PolicyDocument.Fn::Transform', { Name: 'Rewrite' }), says: /'Fn::Transform'/ },
];

export const HARMLESS: HarmlessChange<EndpointSite>[] = [
  { how: 'one more bucket', change: add({ resources: ['arn:aws:s3:::partner-data/*'] }) },
  { how: 'buckets of one account', change: add({ conditions: { StringEquals: { 'aws:ResourceAccount': '444455556666' } } }) },
  { how: 'a deny', change: add({ effect: iam.Effect.DENY, actions: ['s3:DeleteObject'] }) },
  { how: 'tags', change: ({ cfnEndpoint }) => cfnEndpoint.addPropertyOverride('Tags', [{ Key: 'team', Value: 'network' }]) },
  { how: 'a condition', change: ({ stack, cfnEndpoint }) => { cfnEndpoint.cfnOptions.condition = condition(stack); } },
  { how: 'the same policy, in other words', change: (site) => { site.cfnEndpoint.policyDocument = { Version: '2012-10-17', Statement: statementsOf(site).reverse() }; } },
];

