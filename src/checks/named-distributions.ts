import { Guarantee } from '../policy/prove';
import { Choice, ResourceFacts, valueIn } from '../policy/space/facet';

export const CLOUDFRONT = 'cloudfront.amazonaws.com';

/**
 * CloudFront is allowed nothing for a distribution that the policy does not name, of this account or of another.
 *
 * @param isConcerned the operations that are asked about
 */
export function onlyNamedDistributions(what: string, { account, partition }: ResourceFacts, isConcerned: (operation: Choice) => boolean = () => true): Guarantee {
  const others = [account, '999988887777'].map((owner) => `arn:${partition}:cloudfront::${owner}:distribution/ENAMEDBYNOBODY`);
  return {
    sentence: `Only distributions that the policy names use the ${what}.`,
    needsAllow: () => true,
    breaches: [{
      caller: (choice) => valueIn(choice, 'aws:principalservicename') === CLOUDFRONT && others.includes(valueIn(choice, 'aws:sourcearn') ?? ''),
      operation: isConcerned,
    }],
    mentions: { 'aws:sourcearn': others.map((text) => ({ kind: 'arn', text } as const)), 'aws:sourceaccount': [{ kind: 'text', text: account }] },
  };
}
