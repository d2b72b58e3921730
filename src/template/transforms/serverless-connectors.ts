import { kindOf, Properties, propertiesOf, ResourceEntry, Resources } from './serverless-resources';
import { SAM_CONNECTOR_ACTIONS } from '../../aws/sam-policy-templates';
import { isObject, jsonText } from '../../policy/json';
import { TemplateResource } from '../template';

interface Connector {
  readonly logicalId: string;
  readonly source: unknown;
  readonly destinations: readonly unknown[];
  readonly permissions: readonly unknown[];
}

/**
 * The policies of connectors that let functions and state machines use buckets; connectors of other services give nothing on them.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export function connectorPolicies(written: readonly ResourceEntry[], made: Resources): { readonly policies: ResourceEntry[]; readonly unseen: string[] } {
  const connectors = written.flatMap(connectorsOf).map((connector) => ({ connector, buckets: bucketsOf(connector, made), roleId: roleIdOf(connector, made) }));
  const ofBuckets = connectors.filter(({ buckets }) => buckets.length > 0);
  const isKnown = ({ buckets, roleId }: (typeof connectors)[number]) => roleId !== undefined && buckets.every((bucketId) => typeof bucketId === 'string');
  return {
    policies: ofBuckets.filter(isKnown).map(({ connector, buckets, roleId }) => policyOf(connector, buckets, roleId!)),
    unseen: ofBuckets.filter((one) => !isKnown(one)).map(({ connector }) => `What the connector '${connector.logicalId}' allows on a bucket is not looked at.`),
  };
}

/** Connectors that are resources, and those that stand in their source. */
function connectorsOf([logicalId, resource]: ResourceEntry): Connector[] {
  const { Connectors, Properties: properties } = (resource ?? {}) as TemplateResource & { readonly Connectors?: unknown };
  return kindOf(resource) === 'Connector' ? [connectorOf(logicalId, propertiesOf(properties))]
    : Object.entries(propertiesOf(Connectors)).map(([name, connector]) => connectorOf(`${logicalId}${name}`, { ...propertiesOf(connector?.Properties), Source: { Id: logicalId } }));
}

function connectorOf(logicalId: string, { Source, Destination, Permissions = [] }: Properties): Connector {
  return { logicalId, source: Source, destinations: [Destination].flat(), permissions: [Permissions].flat() };
}

/** The logical ids of the buckets at the end of a connector; undefined for one that is given otherwise. */
function bucketsOf({ destinations }: Connector, made: Resources): unknown[] {
  return destinations.filter(isObject).filter(({ Id, Type }) => (Type ?? made.get(Id)?.Type) === 'AWS::S3::Bucket').map(({ Id }) => Id);
}

/** The role of the source, if it is in the template. */
function roleIdOf({ source }: Connector, made: Resources): string | undefined {
  const { Role, RoleArn } = propertiesOf(isObject(source) ? made.get(source.Id)?.Properties : undefined);
  const role = Role ?? RoleArn;
  const roleId = isObject(role) ? jsonText([role['Fn::GetAtt']].flat()[0]).split('.')[0] : undefined;
  return roleId !== undefined && made.has(roleId) ? roleId : undefined;
}

function policyOf({ logicalId, permissions }: Connector, buckets: readonly unknown[], roleId: string): ResourceEntry {
  const actions = permissions.map(jsonText).filter((permission) => Object.hasOwn(SAM_CONNECTOR_ACTIONS, permission)).flatMap((permission) => SAM_CONNECTOR_ACTIONS[permission]);
  const Statement = buckets.map((bucketId) => ({ Effect: 'Allow', Action: actions, Resource: [{ 'Fn::GetAtt': [bucketId, 'Arn'] }, { 'Fn::Sub': `\${${jsonText(bucketId)}.Arn}/*` }] }));
  return [`${logicalId}Policy`, { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Version: '2012-10-17', Statement }, Roles: [{ Ref: roleId }] } }];
}
