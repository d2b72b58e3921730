import { Names } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fingerprint } from './values';

/**
 * What is wrong with the name of an access point, of one Region or of several.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
 */
export function malformedAccessPointName(name: string): string | undefined {
  return /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/.test(name) ? undefined
    : `'${name}' is no name for an access point: 3 to 50 lowercase letters, digits and hyphens, beginning and ending with a letter or digit.`;
}

/**
 * What is wrong with the name of an access point of one Region.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html
 */
export function unusableAccessPointName(name: string): string | undefined {
  const isReserved = /(?:-s3alias|--ol-s3|--xa-s3|--x-s3|--table-s3|-ext-s3alias)$/.test(name) || name.startsWith('xn--');
  return malformedAccessPointName(name) ?? (isReserved ? `'${name}' begins or ends as S3 reserves it for itself.` : undefined);
}

/** The name of an access point that changes with what cannot be changed in place: the replacement does not collide with what it replaces. */
export function replaceableName(accessPoint: IConstruct, fixed: unknown): string {
  const readable = Names.uniqueResourceName(accessPoint, { maxLength: 40, separator: '-' }).toLowerCase();
  return `${readable.replace(/[^a-z0-9-]/g, '').replace(/^-+|-+$/g, '')}-${fingerprint(fixed)}`;
}
