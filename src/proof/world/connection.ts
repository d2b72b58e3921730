import { Choice, present } from '../part';

const TLS_VERSIONS = ['1.3', '1.2', '1.1', '1.0'];

/** Condition keys, in lower case, that follow from the connection. */
export const CONNECTION_KEYS: ReadonlySet<string> = new Set(['aws:securetransport', 's3:tlsversion']);

/** HTTPS with one of the versions of TLS, or plain HTTP. */
export function connections(): Choice[] {
  return [
    ...TLS_VERSIONS.map((version) => ({ kind: 'https', context: present({ 'aws:securetransport': 'true', 's3:tlsversion': version }) })),
    { kind: 'http', context: present({ 'aws:securetransport': 'false' }) },
  ];
}
