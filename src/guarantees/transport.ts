import { Guarantee } from '../proof/guarantee';

/** Nothing is let through over plain HTTP. */
export const HTTPS_ONLY: Guarantee = {
  sentence: 'Requests over plain HTTP are denied.',
  breaches: [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
};

/** Nothing is let through over an older version of TLS. */
export function tlsFloor(minimumVersion: number): Guarantee {
  return {
    sentence: `Requests over TLS older than ${minimumVersion} are denied.`,
    breaches: [{ Condition: { NumericLessThan: { 's3:TlsVersion': String(minimumVersion) } } }],
  };
}
