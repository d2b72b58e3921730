import { filledIn, ServiceDelivery, SetUpDelivery } from '../../aws/services';
import { jsonText } from '../../policy/json';
import { unknownText } from '../../policy/unknown-text';

const REST = unknownText('the rest of the key');

/** The keys of the objects that a service writes, in each form that they may have: what comes after the documented beginning may be anything. */
export function deliveredKeys({ objects }: ServiceDelivery, { prefix, bucket, isOfOrganization = false }: SetUpDelivery, account: string): string[] {
  const [, behind = ''] = /^(?:arn:[^:]*:s3:::)?[^/]*\/?(.*)$/.exec(jsonText(bucket)) ?? [];
  const beginning = prefix === undefined ? behind : jsonText(prefix);
  const folder = beginning === '' || beginning.endsWith('/') ? beginning : `${beginning}/`;
  const values = { prefix: folder, beginning, logs: folder === '' ? unknownText('logs') : folder, account, organization: `o-${unknownText('the organization')}` };
  const patterns = objects.filter((pattern) => pattern.includes('{organization}') === isOfOrganization);
  return patterns.map((pattern) => filledIn(pattern, values).replaceAll('*', REST));
}
