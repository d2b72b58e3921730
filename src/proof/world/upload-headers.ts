import { regionNames } from './regions';
import { textPattern } from '../../policy/pattern';
import { isUnknown, readable } from '../../policy/unknown-text';
import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { valuesOfKey } from '../values';

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

const STRANGE_ACCOUNT = '999988887777';
const STRANGE_ID = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const STRANGE_REPLICA = 'mrk-0f1e2d3c4b5a69788796a5b4c3d2e1f0';

/** Condition keys, in lower case, that say how an upload is to be encrypted. */
export const UPLOAD_KEYS: ReadonlySet<string> = new Set([ALGORITHM, KEY_ID, CUSTOMER_ALGORITHM]);

/**
 * What an upload says about its encryption: nothing, an algorithm, a KMS key in any of its forms, or a key of the caller's own.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function uploadHeaders(mentions: Mentions, { partition }: ResourceFacts): Choice[] {
  const strangers = strangeKeys(mentions, partition);
  const { values, isExact } = mentions.has(KEY_ID) ? valuesOfKey(mentions, KEY_ID, strangers) : { values: strangers.slice(0, 1), isExact: true };
  const otherForms = ['alias/aws/s3', STRANGE_ID].filter((form) => !values.includes(form));
  const said = (context: Record<string, string | undefined>): Choice => ({ kind: 'present', context: present(context), doubt: whyNoKey(context[KEY_ID], mentions.valuesOf(KEY_ID)) });
  return [
    { kind: 'absent', context: present({}) },
    said({ [ALGORITHM]: 'AES256' }),
    said({ [ALGORITHM]: 'aws:fsx' }),
    ...['aws:kms', 'aws:kms:dsse'].flatMap((algorithm) => [undefined, ...values, ...otherForms].map((key) => said({ [ALGORITHM]: algorithm, [KEY_ID]: key }))),
    said({ [CUSTOMER_ALGORITHM]: 'AES256' }),
    ...(isExact ? [] : [{ ...said({}), isOpen: true }]),
  ];
}

/**
 * Keys that nobody mentions, in each form in which one can be named: of any account, and as patterns want them.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
function strangeKeys(mentions: Mentions, partition: string): string[] {
  const [region] = regionNames(partition);
  const own = `arn:${partition}:kms:${region}:${STRANGE_ACCOUNT}`;
  const wanted = mentions.patternsOf(KEY_ID).flat().map(({ pattern }) => pattern.text).filter((text) => /[*?]/.test(text)).flatMap((text) => asWanted(text, partition));
  return [`${own}:key/${STRANGE_ID}`, STRANGE_ID, `${own}:alias/another`, 'alias/another', ...wanted];
}

/** Keys that a pattern for ARNs, or for aliases, may stand for. */
function asWanted(pattern: string, partition: string): string[] {
  const [, , , region = '*', account = '*', ...rest] = pattern.split(':');
  const resource = rest.length === 0 ? '*' : rest.join(':');
  const inRegion = /[*?]/.test(region) ? regionNames(partition).filter((name) => textPattern(region).matches(name) === true).slice(0, 2) : [region];
  const inAccount = overlaid(account, STRANGE_ACCOUNT);
  const ids = resource.startsWith('key/') ? [STRANGE_ID, STRANGE_REPLICA].map((id) => `key/${overlaid(resource.slice('key/'.length), id)}`) : [];
  const names = resource.startsWith('alias/') || pattern.startsWith('alias/') ? ['alias/another'] : [...ids, `key/${STRANGE_ID}`, `key/${STRANGE_REPLICA}`, 'alias/another'];
  const filled = resource.replace(/\*/g, 'another').replace(/\?/g, 'x');
  return inRegion.flatMap((name) => [...names, filled].map((of) => `arn:${partition}:kms:${name}:${inAccount}:${of}`));
}

/** A text with what a pattern wants at its beginning and at its end. */
function overlaid(pattern: string, text: string): string {
  const [begin, ...others] = pattern.split('*');
  const end = others.at(-1) ?? '';
  const filled = (part: string, from: number) => part.split('').map((character, i) => (character === '?' ? text[from + i] ?? 'x' : character)).join('');
  const middle = text.slice(begin.length, Math.max(begin.length, text.length - end.length));
  return others.length === 0 ? filled(pattern, 0) : filled(begin, 0) + middle + filled(end, text.length - end.length);
}

const KEY = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
const ALIAS = /^alias\/[\w/-]{1,250}$/;

/** Why it is not known whether an upload can name a key like that: AWS documents no such form, and nobody mentions it. */
function whyNoKey(name: string | undefined, known: readonly string[]): string | undefined {
  const [, resource = name ?? ''] = /^arn:aws[a-z-]*:kms:[a-z]+(?:-[a-z]+)+-\d+:\d{12}:(?:key\/)?(.*)$/s.exec(name ?? '') ?? [];
  const isDocumented = name === undefined || KEY.test(resource) || ALIAS.test(resource);
  const isMentioned = known.some((text) => text.toLowerCase() === name?.toLowerCase());
  return isDocumented || isMentioned || isUnknown(name) ? undefined : `whether an upload can name a key by '${readable(name)}', which is no form that AWS documents`;
}
