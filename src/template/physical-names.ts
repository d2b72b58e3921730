import type { DeployedResource } from './deployment';

/** How a resource is called once it is deployed: its `Ref`, its attributes. Undefined where nobody can tell. */
export type Naming = (resource: DeployedResource) => Readonly<Record<string, string | undefined>>;

/**
 * The names that CloudFormation will give to resources. Where it draws a name, ours is derived from stack and logical ID, so that
 * two resources never share one, and the same resource has the same one everywhere.
 */
export function physicalName(resource: DeployedResource, attribute: string): string | undefined {
  const naming = Object.hasOwn(NAMINGS, resource.type) ? NAMINGS[resource.type] : undefined;
  const named = naming?.(resource)[attribute];
  return named ?? (isName(resource, attribute) ? drawnName(resource, attribute) : undefined);
}

/** Whether an attribute is a name or id of the resource alone. Custom resources return anything; accounts and addresses are also those of others. */
function isName({ type }: DeployedResource, attribute: string): boolean {
  const isOfPlace = type.startsWith('AWS::Organizations::') || (type === 'AWS::EC2::EIP' && attribute === 'Ref');
  return type.startsWith('AWS::') && !isOfPlace && !/(?:Account|Owner|CanonicalUser)Id$|(?:Ip|IpAddress|Ipv4Address|Ipv6Address|CidrBlocks?|CidrIp)$/i.test(attribute);
}

const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::S3::Bucket': (resource) => {
    const { partition, region } = resource.stack;
    const name = text(resource, 'BucketName') ?? accountRegionalName(resource) ?? drawnName(resource, 'Ref').toLowerCase();
    const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    return {
      Ref: name,
      Arn: `arn:${partition}:s3:::${name}`,
      DomainName: `${name}.s3.${suffix}`,
      RegionalDomainName: `${name}.s3.${region}.${suffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.${suffix}`,
      WebsiteURL: `http://${name}.s3-website-${region}.${suffix}`,
    };
  },
  'AWS::S3::AccessPoint': (resource) => {
    const name = text(resource, 'Name') ?? drawnName(resource, 'Ref').toLowerCase();
    return { Ref: name, Name: name, Arn: arn(resource, 's3', `accesspoint/${name}`), Alias: `${name}-s3alias` };
  },
  'AWS::KMS::Key': (resource) => {
    const id = drawnName(resource, 'Ref');
    return { Ref: id, KeyId: id, Arn: arn(resource, 'kms', `key/${id}`) };
  },
  'AWS::EC2::VPC': (resource) => ({ Ref: drawnName(resource, 'Ref'), VpcId: drawnName(resource, 'Ref') }),
  'AWS::EC2::VPCEndpoint': (resource) => ({ Ref: drawnName(resource, 'Ref'), Id: drawnName(resource, 'Ref') }),
  'AWS::KMS::Alias': (resource) => ({ Ref: text(resource, 'AliasName') }),
  'AWS::IAM::Role': (resource) => iamNames(resource, 'role', text(resource, 'RoleName')),
  'AWS::IAM::User': (resource) => iamNames(resource, 'user', text(resource, 'UserName')),
  'AWS::IAM::Group': (resource) => iamNames(resource, 'group', text(resource, 'GroupName')),
  'AWS::CloudFront::Distribution': (resource) => {
    const id = drawnName(resource, 'Ref');
    return { Ref: id, Id: id, DomainName: `${id.toLowerCase()}.cloudfront.net`, Arn: `arn:${resource.stack.partition}:cloudfront::${resource.stack.account}:distribution/${id}` };
  },
};

function accountRegionalName(resource: DeployedResource): string | undefined {
  const prefix = text(resource, 'BucketNamePrefix');
  return prefix && `${prefix}-${resource.stack.account}-${resource.stack.region}-an`;
}

function iamNames(resource: DeployedResource, kind: string, given: string | undefined): Readonly<Record<string, string>> {
  const name = given ?? drawnName(resource, 'Ref');
  const path = text(resource, 'Path') ?? '/';
  return { Ref: name, Arn: `arn:${resource.stack.partition}:iam::${resource.stack.account}:${kind}${path}${name}` };
}

function drawnName({ stack, logicalId, type }: DeployedResource, attribute: string): string {
  const given = stack.source.physicalIds ?? {};
  if (Object.hasOwn(given, `${logicalId}.${attribute}`)) {
    return given[`${logicalId}.${attribute}`];
  }
  const name = Object.hasOwn(given, logicalId) ? given[logicalId] : `${stack.name}-${logicalId}`.replace(/[^A-Za-z0-9-]/g, '-');
  if (attribute === 'Arn' || attribute.endsWith('Arn')) {
    return `arn:${stack.partition}:${type.split('::')[1].toLowerCase()}:${stack.region}:${stack.account}:${name}`;
  }
  return attribute === 'Ref' ? name : `${name}-${attribute.replace(/[^A-Za-z0-9-]/g, '-')}`;
}

function arn({ stack }: DeployedResource, service: string, resource: string): string {
  return `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`;
}

/** A property that is a text. */
function text(resource: DeployedResource, property: string): string | undefined {
  const value = resource.property(property);
  return typeof value === 'string' ? value : undefined;
}
