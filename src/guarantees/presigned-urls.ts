import { Guarantee } from '../proof/guarantee';

/**
 * No presigned URL works longer than this after its signing, and none whose age nobody can tell.
 *
 * @param maxAge in milliseconds
 */
export function youngPresignedUrls(maxAge: number): Guarantee {
  return {
    sentence: `Presigned URLs are denied more than ${maxAge / 1000} seconds after they were signed.`,
    breaches: [
      { Condition: { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericGreaterThan: { 's3:signatureAge': String(maxAge) } } },
      { Condition: { StringEquals: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureversion': 'AWS' } } },
    ],
  };
}
