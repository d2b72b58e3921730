import { isIP } from 'net';

/** The form of an identifier that users type. */
export interface IdentifierForm {
  readonly what: string;
  readonly pattern: RegExp;
  readonly example: string;
}

export const ACCOUNT_ID: IdentifierForm = { what: 'an AWS account id', pattern: /^\d{12}$/, example: '111122223333' };
export const REGION: IdentifierForm = { what: 'a Region', pattern: /^[a-z]{2}(?:-[a-z]+)+-\d+$/, example: 'eu-west-1' };
export const ORGANIZATION_ID: IdentifierForm = { what: 'an organization id', pattern: /^o-[a-z0-9]{10,32}$/, example: 'o-exampleorgid' };
export const VPC_ID: IdentifierForm = { what: 'a VPC id', pattern: /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, example: 'vpc-0abc123def4567890' };
export const VPC_ENDPOINT_ID: IdentifierForm = {
  what: 'a VPC endpoint id',
  pattern: /^vpce-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
  example: 'vpce-0abc123def4567890',
};

// Ranges broader than these count as "public" in S3's own definition.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
const BROADEST_IPV4_PREFIX = 8; // bits
const BROADEST_IPV6_PREFIX = 32; // bits

/** Says what is wrong with an identifier; nothing if it is well formed. */
export function malformed(value: string, form: IdentifierForm): string | undefined {
  return form.pattern.test(value) ? undefined : `'${value}' is not ${form.what} (such as '${form.example}').`;
}

/** Says what is wrong with the account in an ARN; nothing if it is one, is not known yet, or is none: a name such as 'cloudfront'. */
export function malformedAccountIn(arn: string): string | undefined {
  const [, account] = /^arn:[^:]*:[^:]*:[^:]*:(\d+):/.exec(arn) ?? [];
  const problem = account === undefined ? undefined : malformed(account, ACCOUNT_ID);
  return problem === undefined ? undefined : `in '${arn}', ${problem}`;
}

/** Says what is wrong with an address range for `aws:SourceIp`; nothing if it is usable. */
export function malformedPublicRange(range: string): string | undefined {
  const { address, version, bits } = parseRange(range);
  if (version === 0 || bits === undefined) {
    return `'${range}' is not an address range (such as '203.0.113.0/24').`;
  }
  if (coversInternet(range)) {
    return `'${range}' covers a large part of the internet, and S3 counts it as public.`;
  }
  if (isPrivateAddress(address) || isSpecialAddress(address)) {
    return `'${range}' is private: 'aws:SourceIp' holds public addresses, so no request ever comes from it.`;
  }
  return undefined;
}

/** Whether a range is so broad that S3 counts it as public. What is not a range (a token) is taken for a narrow one. */
export function coversInternet(range: string): boolean {
  const { address, version, bits } = parseRange(range);
  const broadest = version === 6 ? BROADEST_IPV6_PREFIX : BROADEST_IPV4_PREFIX;
  return range === '*' || (version !== 0 && bits !== undefined && bits < broadest && !isPrivateAddress(address));
}

function parseRange(range: string): { address: string; version: number; bits?: number } {
  const [address, ...rest] = range.split('/');
  const version = isIP(address);
  const widest = version === 6 ? 128 : 32; // bits
  if (rest.length === 0) {
    return { address, version, bits: widest };
  }
  const valid = rest.length === 1 && /^\d{1,3}$/.test(rest[0]) && Number(rest[0]) <= widest;
  return { address, version, bits: valid ? Number(rest[0]) : undefined };
}

/** RFC 1918 and RFC 4193 addresses. */
function isPrivateAddress(address: string): boolean {
  return /^10\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(address) || /^f[cd][0-9a-f]{2}:/i.test(address);
}

/**
 * Addresses of the machine itself, of its link, and behind the address translation of a provider.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
function isSpecialAddress(address: string): boolean {
  return /^(?:0|127)\.|^169\.254\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address) || /^(?:::1?$|fe[89ab][0-9a-f]:)/i.test(address);
}
