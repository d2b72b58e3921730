import type { DeployedResource } from './deployment';
import { drawnId } from '../aws/drawn-ids';
import { domainSuffixOf } from '../aws/regions';
import { drawnKind, inLowerCase, UnknownForm, UNKNOWN_REGION, unknownText } from '../policy/unknown-text';

/** How a resource is called once it is deployed: its `Ref`, its attributes. Undefined where nobody can tell. */
export type Naming = (resource: DeployedResource, draw: Draw) => Readonly<Record<string, string | undefined>>;

/** A name that CloudFormation or a service will draw. */
type Draw = (resource: DeployedResource, attribute: string) => string;

/**
 * The names that CloudFormation will give to resources. Where it draws a name, ours is derived from stack and logical ID, so that
 * two resources never share one, and the same resource has the same one everywhere.
 */
export function physicalName(resource: DeployedResource, attribute: string): string | undefined {
  return nameOf(resource, attribute, drawnName);
}

/**
 * The same names for proofs, in which ids that AWS draws are not known: each may be any that it could be. Names of buckets are as they are, because
 * requests and resources are told by them.
 */
export function provableName(resource: DeployedResource, attribute: string): string | undefined {
  return nameOf(resource, attribute, resource.type === 'AWS::S3::Bucket' ? drawnName : unknownName);
}

/** The same names, where none that AWS draws is known. */
export function openName(resource: DeployedResource, attribute: string): string | undefined {
  return nameOf(resource, attribute, unknownName);
}

function nameOf(resource: DeployedResource, attribute: string, draw: Draw): string | undefined {
  const naming = Object.hasOwn(NAMINGS, resource.type) ? NAMINGS[resource.type] : undefined;
  const named = naming?.(resource, draw)[attribute];
  return named ?? (isName(resource, attribute) ? draw(resource, attribute) : undefined);
}

/** Attributes that are whatever somebody writes there, other than those of custom resources with types of their own. */
const WRITTEN = /^AWS::(?:CloudFormation::CustomResource\..*|CloudFormation::WaitCondition\.Data|SSM::Parameter\.Value)$/s;

/** Whether an attribute is a name or id of the resource alone. Custom resources return anything; accounts and addresses are also those of others. */
function isName({ type }: DeployedResource, attribute: string): boolean {
  const isOfPlace = type.startsWith('AWS::Organizations::') || (type === 'AWS::EC2::EIP' && attribute === 'Ref');
  return type.startsWith('AWS::') && !isOfPlace && !WRITTEN.test(`${type}.${attribute}`) && !/(?:Account|Owner|CanonicalUser)Id$|(?:Ip|IpAddress|Ipv4Address|Ipv6Address|CidrBlocks?|CidrIp)$/i.test(attribute);
}

const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::S3::Bucket': (resource, draw) => {
    const { partition, region } = resource.stack;
    const name = text(resource, 'BucketName') ?? accountRegionalName(resource) ?? inLowerCase(draw(resource, 'Ref'));
    const suffix = domainSuffixOf(partition);
    return {
      Ref: name,
      Arn: `arn:${partition}:s3:::${name}`,
      DomainName: `${name}.s3.${suffix}`,
      RegionalDomainName: `${name}.s3.${region}.${suffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.${suffix}`,
      WebsiteURL: `http://${name}.s3-website-${region}.${suffix}`,
    };
  },
  'AWS::S3::BucketPolicy': (resource) => ({ Ref: text(resource, 'Bucket') }),
  'AWS::S3::AccessPoint': (resource, draw) => {
    const name = text(resource, 'Name') ?? inLowerCase(draw(resource, 'Ref'));
    return { Ref: name, Name: name, Arn: arn(resource, 's3', `accesspoint/${name}`), Alias: `${name}-s3alias` };
  },
  'AWS::S3::MultiRegionAccessPoint': (resource, draw) => {
    const Ref = text(resource, 'Name') ?? inLowerCase(draw(resource, 'Ref'));
    const drawn = inLowerCase(draw(resource, 'Alias'));
    const Alias = drawn.endsWith('.mrap') ? drawn : `${drawn}.mrap`;
    return { Ref, Alias };
  },
  'AWS::S3::MultiRegionAccessPointPolicy': (resource) => ({ Ref: text(resource, 'MrapName') }),
  'AWS::KMS::Key': (resource, draw) => {
    const id = draw(resource, 'Ref');
    return { Ref: id, KeyId: id, Arn: arn(resource, 'kms', `key/${id}`) };
  },
  'AWS::KMS::ReplicaKey': (resource, draw) => {
    const [, ofPrimary] = /^arn:[^:]*:kms:[^:]*:[^:]*:key\/(.+)$/s.exec(text(resource, 'PrimaryKeyArn') ?? '') ?? [];
    const id = ofPrimary ?? draw(resource, 'Ref');
    return { Ref: id, KeyId: id, Arn: arn(resource, 'kms', `key/${id}`) };
  },
  'AWS::EC2::VPC': (resource, draw) => ({ Ref: draw(resource, 'Ref'), VpcId: draw(resource, 'Ref') }),
  'AWS::EC2::VPCEndpoint': (resource, draw) => ({ Ref: draw(resource, 'Ref'), Id: draw(resource, 'Ref') }),
  'AWS::Organizations::Account': (resource) => ({ Ref: givenName(resource), AccountId: givenName(resource) }),
  'AWS::Organizations::OrganizationalUnit': (resource) => ({ Ref: givenName(resource), Id: givenName(resource) }),
  'AWS::KMS::Alias': (resource) => ({ Ref: text(resource, 'AliasName') }),
  'AWS::IAM::Role': (resource, draw) => iamNames(resource, draw, 'role', text(resource, 'RoleName')),
  'AWS::IAM::User': (resource, draw) => iamNames(resource, draw, 'user', text(resource, 'UserName')),
  'AWS::IAM::Group': (resource, draw) => iamNames(resource, draw, 'group', text(resource, 'GroupName')),
  'AWS::IAM::ManagedPolicy': (resource, draw) => {
    const drawn = draw(resource, 'Ref');
    const Ref = drawn.startsWith('arn:') ? drawn : iamNames(resource, draw, 'policy', text(resource, 'ManagedPolicyName')).Arn;
    return { Ref, PolicyArn: Ref };
  },
  'AWS::CloudFront::Distribution': (resource, draw) => {
    const id = draw(resource, 'Ref');
    return { Ref: id, Id: id, DomainName: `${inLowerCase(id)}.cloudfront.net`, Arn: `arn:${resource.stack.partition}:cloudfront::${resource.stack.account}:distribution/${id}` };
  },
};

function accountRegionalName(resource: DeployedResource): string | undefined {
  const prefix = text(resource, 'BucketNamePrefix');
  return prefix && `${prefix}-${resource.stack.account}-${resource.stack.region}-an`;
}

function iamNames(resource: DeployedResource, draw: Draw, kind: string, given: string | undefined): Readonly<Record<string, string>> {
  const name = given ?? draw(resource, 'Ref');
  const path = text(resource, 'Path') ?? '/';
  return { Ref: name, Arn: `arn:${resource.stack.partition}:iam::${resource.stack.account}:${kind}${path}${name}` };
}

/** An id that is also that of other things, such as an account: nothing stands for it as long as it is not given. */
function givenName({ stack: { source: { physicalIds = {} } }, logicalId }: DeployedResource): string | undefined {
  return Object.hasOwn(physicalIds, logicalId) ? physicalIds[logicalId] : undefined;
}

function drawnName({ stack, logicalId, type }: DeployedResource, attribute: string): string {
  const given = stack.source.physicalIds ?? {};
  if (Object.hasOwn(given, `${logicalId}.${attribute}`)) {
    return given[`${logicalId}.${attribute}`];
  }
  const { drawnNames = {} } = stack.source;
  const name = Object.hasOwn(given, logicalId) ? given[logicalId]
    : Object.hasOwn(drawnNames, logicalId) ? drawnNames[logicalId] : `${stack.name}-${logicalId}`.replace(/[^A-Za-z0-9-]/g, '-');
  if (isArn(attribute)) {
    return `arn:${stack.partition}:${type.split('::')[1].toLowerCase()}:${stack.region}:${stack.account}:${name}`;
  }
  return attribute === 'Ref' ? name : `${name}-${attribute.replace(/[^A-Za-z0-9-]/g, '-')}`;
}

/** A name that is given stays; of an ARN, its account is known. How a service writes its ARNs is not. */
function unknownName(resource: DeployedResource, attribute: string): string {
  const { stack, logicalId } = resource;
  const given = stack.source.physicalIds ?? {};
  const name = drawnName(resource, attribute);
  if (Object.hasOwn(given, `${logicalId}.${attribute}`) || (attribute === 'Ref' && Object.hasOwn(given, logicalId))) {
    return name;
  }
  if (!isArn(attribute)) {
    return unknownText(name, formOf(resource, attribute));
  }
  const [, partition, service, region, account, id] = name.split(':');
  const [unknownService, unknownRegion, unknownId] = [service, region, id].map((part) => unknownText(part, { kind: drawnKind('*') }));
  return `arn:${partition}:${unknownService}:${unknownRegion}:${account}:${unknownId}`;
}

/** What is known of an id before AWS draws it. Two ids of an account and a Region are never the same. */
function formOf({ type, stack: { account, region } }: DeployedResource, attribute: string): UnknownForm {
  const row = drawnId(type, attribute);
  return { kind: row ? drawnKind(row.pattern, region === UNKNOWN_REGION ? undefined : `${type}.${attribute} ${account} ${region}`) : drawnKind('*') };
}

function isArn(attribute: string): boolean {
  return attribute.endsWith('Arn');
}

function arn({ stack }: DeployedResource, service: string, resource: string): string {
  return `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`;
}

/** A property that is a text. */
function text(resource: DeployedResource, property: string): string | undefined {
  const value = resource.property(property);
  return typeof value === 'string' ? value : undefined;
}
