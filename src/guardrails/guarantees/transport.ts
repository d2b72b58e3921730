import { Guarantee } from '../../policy/prove';
import { valueIn } from '../../policy/space/facet';

/** Nothing is let through over plain HTTP. */
export const HTTPS_ONLY: Guarantee = {
  sentence: 'No request over plain HTTP is let through.',
  breaches: [{ transport: ({ kind }) => kind === 'http' }],
};

/** Nothing is let through over an older version of TLS. */
export function tlsFloor(minimumVersion: number): Guarantee {
  return {
    sentence: `No request over TLS older than ${minimumVersion} is let through.`,
    breaches: [{ transport: (choice) => choice.kind === 'https' && Number(valueIn(choice, 's3:tlsversion')) < minimumVersion }],
  };
}
