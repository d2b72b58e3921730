import { Guarantee } from '../proof/guarantee';

/** Nothing is let through over plain HTTP. */
export const HTTPS_ONLY: Guarantee = {
  sentence: 'No request over plain HTTP is let through.',
  breaches: [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
};

/** Nothing is let through over an older version of TLS. */
export function tlsFloor(minimumVersion: number): Guarantee {
  return {
    sentence: `No request over TLS older than ${minimumVersion} is let through.`,
    breaches: [{ Condition: { NumericLessThan: { 's3:TlsVersion': String(minimumVersion) } } }],
  };
}
