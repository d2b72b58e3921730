import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { referringIn, targetsOf } from './references';
import { propertiesOf } from '../deployed-resource';

/** The CDK's own that carry values between Regions, and use no bucket that a value names. */
const CARRIERS = ['Custom::CrossRegionExportWriter', 'Custom::CrossRegionExportReader'];

/** The functions that the CDK's provider framework calls, by its environment. */
const CALLED_BY_PROVIDER = ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN'];

export function isCustomResource({ cfnResourceType: type }: CfnResource): boolean {
  return (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') && !CARRIERS.includes(type);
}

/** The functions of the app that do the work of a custom resource: behind the CDK's provider framework, those that it calls. */
export function handlersOf(resource: CfnResource): CfnResource[] {
  const behind = targetsOf(referringIn(propertiesOf(resource).ServiceToken, resource)).flatMap(functionsBehind);
  return [...new Set(behind.flatMap((handler) => {
    const called = calledBy(handler);
    return called.length > 0 ? called : [handler];
  }))];
}

/** The role with which a function works, as the function tells it. */
export function roleOf(handler: CfnResource): unknown {
  const { role, Role } = propertiesOf(handler) ?? {};
  return role ?? Role;
}

/** A function itself, or the one that an alias or a version stands for. */
function functionsBehind(target: IConstruct): CfnResource[] {
  if (!CfnResource.isCfnResource(target)) {
    return [];
  }
  const { functionName } = propertiesOf(target);
  return roleOf(target) !== undefined || functionName === undefined ? [target] : targetsOf(referringIn(functionName, target)).flatMap(functionsBehind);
}

function calledBy(handler: CfnResource): CfnResource[] {
  const { value, references } = referringIn(propertiesOf(handler).environment, handler);
  const called = CALLED_BY_PROVIDER.map((name) => JSON.stringify(value?.variables?.[name])).filter((text) => text !== undefined);
  return [...references].filter(([, text]) => called.includes(text)).flatMap(([{ target }]) => functionsBehind(target));
}
