import { Inventory } from '../../access/inventory';
import { isLinkedToConfig } from '../../aws/service-roles';
import { filledIn, principalIn, ServiceCaller, ServiceDelivery, SetUpDelivery } from '../../aws/services';
import { jsonText } from '../../policy/json';
import { iamPrincipal, Principal } from '../../policy/request';
import { isUnknown, UNDETERMINED, UNKNOWN_REGION, unknownText } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';

/** Who sends the requests of a delivery, and what they tell of themselves. */
export interface DeliveringCaller {
  readonly principal: Principal;
  readonly context: Readonly<Record<string, string | undefined>>;
}

/** Those who may send the requests of a delivery that a resource sets up: which of them it is may not be known. */
export function deliveringCallers(inventory: Inventory, source: DeployedResource, row: ServiceDelivery, delivery: SetUpDelivery): DeliveringCaller[] {
  const { account, partition } = source.stack;
  const region = source.stack.region === UNKNOWN_REGION ? undefined : source.stack.region;
  const caller = row.caller as ServiceCaller;
  const accounts = region === undefined ? Object.values(caller.accounts ?? {}).slice(0, 1) : [caller.accounts?.[region] ?? []].flat();
  const service = callerOfService(principalIn(caller, region ?? UNKNOWN_REGION), { 'aws:SourceArn': sourceArnOf(source, row, delivery), 'aws:SourceAccount': account });
  const roles = row.id === 'config' ? rolesOfConfig(inventory, partition, account) : [];
  return row.id === 'config' && isOfRoleAlone(inventory) ? roles : [service, ...roles, ...accounts.map((one) => callerOfRole(`arn:${partition}:iam::${one}:root`))];
}

/** The source of a delivery; what is not known of it may be anything. */
export function sourceArnOf(source: DeployedResource, { source: { arn } }: ServiceDelivery, { names = [], isNameDrawn, ruleSet, isFromAnywhere }: SetUpDelivery): string {
  const { account, region, partition } = source.stack;
  if (source.type === 'AWS::S3::Bucket') {
    return source.reference('Arn')!;
  }
  const [name] = names;
  const values = {
    partition,
    account,
    region: isFromAnywhere || region === UNKNOWN_REGION ? unknownText('the Region of the source') : region,
    name: name !== undefined ? jsonText(name) : isNameDrawn ? drawnName(source) : unknownText('the name of the source'),
    ruleSet: ruleSet === undefined ? unknownText('the rule set') : jsonText(ruleSet),
  };
  return arn === undefined ? UNDETERMINED : filledIn(arn.replaceAll('*', unknownText('the source')), values);
}

/**
 * The name that CloudFormation draws: that of the stack stands before it, which may be shortened.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function drawnName({ stack: { source: { deployedName = '' } }, path }: DeployedResource): string {
  return `${deployedName.slice(0, LEFT_OF_STACK_NAME)}${unknownText(`the name of ${path}`)}`;
}

const LEFT_OF_STACK_NAME = 8; // characters at least

function callerOfService(service: string, source: Readonly<Record<string, string>>): DeliveringCaller {
  return { principal: { kind: 'service', service }, context: { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': service, ...source } };
}

export function callerOfRole(arn: string): DeliveringCaller {
  return { principal: iamPrincipal(arn), context: { 'aws:PrincipalIsAWSService': 'false', 'aws:PrincipalArn': arn } };
}

/** AWS Config delivers as the role of its recorder, unless that is the service-linked one. */
export function isConfigLinked({ deployment }: Inventory): boolean {
  return deployment.ofType(RECORDER).some((recorder) => isLinkedToConfig(JSON.stringify(recorder.property('RoleARN') ?? '')));
}

function isOfRoleAlone(inventory: Inventory): boolean {
  return inventory.deployment.ofType(RECORDER).length > 0 && !isConfigLinked(inventory);
}

function rolesOfConfig(inventory: Inventory, partition: string, account: string): DeliveringCaller[] {
  const given = inventory.deployment.ofType(RECORDER).map((recorder) => recorder.property('RoleARN')).filter((arn): arn is string => typeof arn === 'string' && !isUnknown(arn));
  return isConfigLinked(inventory) ? [] : [...given, ...(given.length === 0 ? [`arn:${partition}:iam::${account}:role/Recorder`] : [])].map(callerOfRole);
}

const RECORDER = 'AWS::Config::ConfigurationRecorder';
