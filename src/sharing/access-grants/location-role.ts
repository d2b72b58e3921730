import { Duration, PhysicalName, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { instanceArnIn } from './access-grants-names';

/** The service that takes on the roles of locations. */
export const ACCESS_GRANTS_SERVICE = 'access-grants.s3.amazonaws.com';

/** What a location's role is made for. */
export interface LocationRoleProps {
  /** The bucket, or all of them. */
  readonly bucketArn: string;

  /** The owner of the bucket. */
  readonly bucketAccount: string;

  /** The beginning of the keys of the location; empty: all of them. */
  readonly prefix: string;

  /** Whether grants name users and groups of a directory. */
  readonly usesIdentityCenter: boolean;
  readonly maxSessionDuration: Duration;
}

/**
 * The role that S3 Access Grants takes on for a location, with the trust and the permissions that AWS documents: what a grant gives, S3 narrows further,
 * by a session policy.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location-register.html
 */
export function locationRole(scope: Construct, props: LocationRoleProps): iam.Role {
  const conditions = trustConditions(Stack.of(scope));
  const role = new iam.Role(scope, 'Role', {
    roleName: PhysicalName.GENERATE_IF_NEEDED, // buckets of other accounts name it
    description: `S3 Access Grants gives access with it, through '${scope.node.path}'.`.slice(0, LONGEST_DESCRIPTION),
    maxSessionDuration: props.maxSessionDuration,
    assumedBy: new iam.ServicePrincipal(ACCESS_GRANTS_SERVICE, { conditions }),
  });
  const service = new iam.ServicePrincipal(ACCESS_GRANTS_SERVICE);
  const trust = (actions: string[], more = {}) => new iam.PolicyStatement({ principals: [service], actions, conditions: { ...conditions, ...more } });
  role.assumeRolePolicy!.addStatements(
    trust(['sts:SetSourceIdentity']),
    ...(props.usesIdentityCenter ? [trust(['sts:SetContext'], { 'ForAllValues:ArnEquals': { 'sts:RequestContextProviders': IDENTITY_CENTER_CONTEXT } })] : []),
  );
  dataStatements(scope, props).forEach((statement) => role.addToPolicy(statement));
  return role;
}

const LONGEST_DESCRIPTION = 1000; // characters, https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const IDENTITY_CENTER_CONTEXT = 'arn:aws:iam::aws:contextProvider/IdentityCenter'; // the same in all partitions

/** Only the instance of this account and Region may take on the role: without conditions, the service would do it for instances of others. */
function trustConditions(stack: Stack) {
  return { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': instanceArnIn(stack) } };
}

const READ_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAcl', 's3:GetObjectVersionAcl', 's3:ListMultipartUploadParts'];
const WRITE_OBJECTS = ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectVersionAcl', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:AbortMultipartUpload'];

/** What grants of a location can give at most, on objects and on the bucket. */
export const LOCATION_ACTIONS = { objects: [...READ_OBJECTS, ...WRITE_OBJECTS], bucket: ['s3:ListBucket'] };

function dataStatements(scope: Construct, { bucketArn, bucketAccount, prefix }: LocationRoleProps): iam.PolicyStatement[] {
  const vended = {
    StringEquals: { 'aws:ResourceAccount': bucketAccount },
    ArnEquals: { 's3:AccessGrantsInstanceArn': instanceArnIn(Stack.of(scope)) },
  };
  const objects = [`${bucketArn}/${prefix}*`];
  return [
    new iam.PolicyStatement({ sid: 'ReadObjects', actions: READ_OBJECTS, resources: objects, conditions: vended }),
    new iam.PolicyStatement({ sid: 'WriteObjects', actions: WRITE_OBJECTS, resources: objects, conditions: vended }),
    new iam.PolicyStatement({
      sid: 'ListObjects', actions: LOCATION_ACTIONS.bucket, resources: [bucketArn], conditions: { ...vended, ...(prefix === '' ? {} : { StringLike: { 's3:prefix': `${prefix}*` } }) },
    }),
  ];
}

/** The wildcards of the role are the point of it: S3 narrows each session to a grant. cdk-nag tells findings apart by the resource. */
export function acknowledgeWildcards(role: iam.Role): void {
  const policy = role.node.findChild('DefaultPolicy') as iam.Policy;
  const resources = (role.stack.resolve(policy.document).Statement as any[]).flatMap(({ Resource }) => [Resource].flat().map(asNagWrites)).filter((resource) => resource.includes('*'));
  const reason = 'The role works in sessions of S3 Access Grants only, and each of them is narrowed to a grant.';
  const acknowledged = Object.fromEntries(resources.map((resource) => [`Annotation::AwsSolutions-IAM5[Resource::${resource}]`, reason]));
  role.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, acknowledged); // 'Validations.acknowledge' takes ids with colons in them only from aws-cdk-lib 2.270 on
}

function asNagWrites(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref: name } = value;
  return join ? join[1].map(asNagWrites).join(join[0]) : `<${name ?? [attribute].flat().join('.')}>`;
}
