/** What of an event the selectors of a trail look at. */
export interface TrailEvent {
  readonly eventCategory: 'Management' | 'Data' | 'NetworkActivity';
  readonly eventSource: string;
  readonly readOnly: boolean;
  readonly errorCode?: string;
  readonly resources?: readonly { readonly type: string; readonly ARN: string }[];
}

interface FieldSelector {
  readonly Field: string;
  readonly Equals?: string[];
  readonly StartsWith?: string[];
}

/**
 * Whether a trail with such selectors records an event: all fields of one selector, any value of a field.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export function isRecorded(event: TrailEvent, selectors: { FieldSelectors: FieldSelector[] }[]): boolean {
  return selectors.some(({ FieldSelectors }) => candidates(event).some((fields) => FieldSelectors.every((selector) => selects(selector, fields[selector.Field]))));
}

function candidates({ resources = [], ...event }: TrailEvent): Record<string, string>[] {
  const fields = { ...event, readOnly: String(event.readOnly), errorCode: event.errorCode ?? '' };
  return [fields, ...resources.map(({ type, ARN }) => ({ ...fields, 'resources.type': type, 'resources.ARN': ARN }))];
}

function selects({ Equals = [], StartsWith = [] }: FieldSelector, value: string | undefined): boolean {
  return value !== undefined && (Equals.includes(value) || StartsWith.some((start) => value.startsWith(start)));
}
