import { Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import { IConstruct } from 'constructs';
import { deployedResource, isSurelyDeployed } from '../../guardrails/deployed-resource';

/**
 * The services of some whose calls that write no trail of the app is known to record in the account and Region of a stack. EventBridge gets what a trail records.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function unrecordedServices(stack: Stack, eventSources: readonly string[]): string[] {
  const trails = recordersFor(stack);
  return eventSources.filter((eventSource) => !trails.some((trail) => records(trail, eventSource)));
}

/**
 * The trails of the app that record something for a stack, and are changed elsewhere: in their own account, and only in their home Region.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html
 */
export function trailsOfElsewhere(stack: Stack): string[] {
  return recordersFor(stack).filter(({ home: { account, region } }) => account !== stack.account || region !== stack.region).map(({ path }) => path);
}

function recordersFor(stack: Stack): Recorder[] {
  return stack.node.root.node.findAll().filter(isTrail).flatMap(recorderOf).filter((trail) => reaches(trail, stack));
}

function isTrail(construct: IConstruct): construct is cloudtrail.CfnTrail {
  return cloudtrail.CfnTrail.isCfnTrail(construct);
}

interface Recorder {
  readonly path: string;
  readonly home: Stack;
  readonly settings: Record<string, any>;
}

/** The trails that are surely deployed, as they will be. */
function recorderOf(trail: cloudtrail.CfnTrail): Recorder[] {
  const deployed = deployedResource(trail);
  return isSurelyDeployed(trail, cloudtrail.CfnTrail.CFN_RESOURCE_TYPE_NAME, deployed) ? [{ path: trail.node.path, home: Stack.of(trail), settings: deployed.Properties }] : [];
}

function reaches({ home, settings }: Recorder, { account, region }: Stack): boolean {
  return (home.account === account || settings.IsOrganizationTrail === true) && (home.region === region || settings.IsMultiRegionTrail === true);
}

function records({ settings: { IsLogging: isLogging, EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] } }: Recorder, eventSource: string): boolean {
  if (isLogging !== true || !Array.isArray(basic) || !Array.isArray(advanced)) {
    return false;
  }
  return basic.length + advanced.length === 0 || basic.some((selector) => includesWrites(selector, eventSource)) || advanced.some(selectsWrites);
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html */
function includesWrites({ IncludeManagementEvents: included = true, ReadWriteType: access = 'All', ExcludeManagementEventSources: excluded = [] }: any, eventSource: string): boolean {
  return included === true && ['All', 'WriteOnly'].includes(access) && Array.isArray(excluded) && !excluded.some((source) => source === eventSource || typeof source !== 'string');
}

/** Selectors with further fields record some of the calls, or may: they are not counted. */
function selectsWrites({ FieldSelectors: fields = [] }: any): boolean {
  const isEqualTo = (field: any, name: string, value: string) => field.Field === name && JSON.stringify({ ...field, Field: undefined }) === JSON.stringify({ Equals: [value] });
  return Array.isArray(fields) && fields.some((field) => isEqualTo(field, 'eventCategory', 'Management'))
    && fields.every((field) => isEqualTo(field, 'eventCategory', 'Management') || isEqualTo(field, 'readOnly', 'false'));
}
