import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';

type Selector = cloudtrail.CfnTrail.AdvancedEventSelectorProperty;
type FieldSelector = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty;

/** Of all conditions of all selectors of a trail, https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html */
export const MOST_VALUES = 500;

/** What a trail is to record beside management events. */
export interface RecordedEvents {
  readonly bucketArns: readonly string[];
  readonly access: cloudtrail.ReadWriteType;

  /** Whether requests to S3 that an endpoint policy denies are recorded, of whatever bucket. */
  readonly recordsEndpointDenials: boolean;
}

/** What a trail without selectors records: advanced selectors would end that, if none of them said so. */
export const MANAGEMENT_EVENTS: Selector = { name: 'Management events', fieldSelectors: [equalTo('eventCategory', 'Management')] };

/**
 * The selectors for requests on buckets. The ARN ends in a slash, so that `data-2` is not meant by `data`. Records of requests through access points name
 * the object by its bucket, too.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-monitoring-logging.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
 */
export function eventSelectors({ bucketArns, access, recordsEndpointDenials }: RecordedEvents): Selector[] {
  const objects = { field: 'resources.ARN', startsWith: bucketArns.map((arn) => `${arn}/`) };
  const data = { name: 'Objects of watched buckets', fieldSelectors: [equalTo('eventCategory', 'Data'), equalTo('resources.type', 'AWS::S3::Object'), objects, ...ofAccess(access)] };
  const denials = {
    name: 'Requests to S3 denied by VPC endpoints',
    fieldSelectors: [equalTo('eventCategory', 'NetworkActivity'), equalTo('eventSource', 's3.amazonaws.com'), equalTo('errorCode', 'VpceAccessDenied')],
  };
  return [data, ...(recordsEndpointDenials ? [denials] : [])];
}

/** Selectors as the API of CloudTrail and templates write them. */
export function inTemplateForm(selectors: readonly Selector[]): object[] {
  return selectors.map(({ name, fieldSelectors }) => ({
    Name: name,
    FieldSelectors: (fieldSelectors as FieldSelector[]).map(({ field, equalTo: values, startsWith }) => ({ Field: field, Equals: values, StartsWith: startsWith })),
  }));
}

/** How many values the selectors of a template have, as CloudTrail counts them. */
export function countValues(selectors: unknown): number {
  return listOf(selectors).flatMap(({ FieldSelectors }) => listOf(FieldSelectors))
    .flatMap((fieldSelector) => Object.values(fieldSelector).filter(Array.isArray))
    .reduce((count, values) => count + values.length, 0);
}

function ofAccess(access: cloudtrail.ReadWriteType): FieldSelector[] {
  return access === cloudtrail.ReadWriteType.ALL ? [] : [equalTo('readOnly', String(access === cloudtrail.ReadWriteType.READ_ONLY))];
}

function equalTo(field: string, value: string): FieldSelector {
  return { field, equalTo: [value] };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === 'object' && element !== null) : [];
}
