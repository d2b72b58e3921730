import { conditionKey, mayCarry } from '../aws/condition-keys';
import { RequestHeaders } from '../aws/operations';
import { UNDETERMINED } from '../policy/unknown-text';

type Context = Readonly<Record<string, any>>;

/** Headers that are condition keys under a name that is not their own behind `s3:`. */
const OTHERWISE_NAMED: Readonly<Record<string, string>> = {
  'versionid': 's3:versionid',
  'x-amz-object-lock-mode': 's3:object-lock-mode',
  'x-amz-object-lock-retain-until-date': 's3:object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold': 's3:object-lock-legal-hold',
  'x-amz-object-lock-event-hold': 's3:object-lock-event-hold',
  'x-amz-object-lock-event-hold-duration-days': 's3:object-lock-event-hold-duration-days',
};
const TAGGING = 'x-amz-tagging';
const TAG = 's3:requestobjecttag/';
const SOURCE_CUSTOMER_KEY = 'x-amz-copy-source-server-side-encryption-customer-algorithm';
const CUSTOMER_KEY = 's3:x-amz-server-side-encryption-customer-algorithm';

/** The headers of a request: those that it gives, and those that its condition keys tell. */
export function headersOf(headers: Context = {}, context: Context = {}): RequestHeaders {
  const told = Object.entries(context).filter(([, value]) => value !== null).flatMap(([key, value]) => headerOfKey(key.toLowerCase(), String([value].flat()[0])));
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), String(value)]);
  return Object.fromEntries([...told, ...given]);
}

function headerOfKey(key: string, value: string): [string, string][] {
  const named = Object.entries(OTHERWISE_NAMED).find(([, name]) => name === key)?.[0];
  return named !== undefined ? [[named, value]]
    : key.startsWith('s3:x-amz-') ? [[key.slice('s3:'.length), value]]
      : key.startsWith(TAG) ? [[TAGGING, `${key.slice(TAG.length)}=${value}`]]
        : key === 's3:requestobjecttagkeys' ? [[TAGGING, `${value}=`]] : [];
}

/**
 * The condition keys that headers are, as far as requests for an action carry them.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function keysOfHeaders(headers: RequestHeaders, action: string): Record<string, string | string[]> {
  const keys = Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] => {
    const key = Object.hasOwn(OTHERWISE_NAMED, name) ? OTHERWISE_NAMED[name] : `s3:${name}`;
    return name === TAGGING ? keysOfTags(value) : conditionKey(key) === undefined ? [] : [[key, value]];
  });
  const days: [string, string][] = headers['x-amz-object-lock-retain-until-date'] === undefined ? [] : [['s3:object-lock-remaining-retention-days', UNDETERMINED]];
  return Object.fromEntries([...keys, ...days].filter(([key]) => mayCarry(action, key)));
}

/** The condition keys of the read of the object that is copied: of the headers, it has to do with its own key alone (SSE-C). */
export function keysOfSource(headers: RequestHeaders): Record<string, string> {
  const algorithm = headers[SOURCE_CUSTOMER_KEY];
  return algorithm === undefined ? {} : { [CUSTOMER_KEY]: algorithm };
}

/** Tags as the header has them, encoded like a query: `team=data&stage=test`. */
function keysOfTags(value: string): [string, string | string[]][] {
  const tags = [...new URLSearchParams(value)];
  return tags.length === 0 ? [] : [...tags.map(([tag, text]): [string, string] => [`s3:RequestObjectTag/${tag}`, text]), ['s3:RequestObjectTagKeys', tags.map(([tag]) => tag)]];
}
