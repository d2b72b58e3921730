import { Guarantee } from '../../policy/prove';
import { valueIn } from '../../policy/space/facet';

/**
 * No presigned URL works longer than this after its signing, and none whose age nobody can tell.
 *
 * @param maxAge in milliseconds
 */
export function youngPresignedUrls(maxAge: number): Guarantee {
  return {
    sentence: `No presigned URL is let through more than ${maxAge / 1000} seconds after it was signed.`,
    breaches: [{
      signing: (choice) => choice.kind === 'REST-QUERY-STRING' && (valueIn(choice, 's3:signatureversion') === 'AWS' || Number(valueIn(choice, 's3:signatureage')) > maxAge),
    }],
    mentions: { 's3:signatureage': [{ kind: 'number', text: String(maxAge) }] },
  };
}
