import { Found } from './space';

const ENTITIES = [['caller', 'caller-organization'], ['source', 'source-organization'], ['endpoint-account', 'endpoint-account-organization'], ['owner-organization', 'owner-organization']] as const;

/**
 * Why a request cannot be, if it has an account in two places of organizations: an account that patterns fix only together is not told apart for each
 * of the entities that may be of it.
 */
export function whyNotInOnePlace({ chosen }: Found): string | undefined {
  const choices = new Map(chosen);
  const placed = ENTITIES.flatMap(([entity, organization]) => {
    const [account, place] = [choices.get(entity)?.account, choices.get(organization)];
    return account === undefined || place === undefined ? [] : [{ account, path: place.organizationPath }];
  });
  const twice = placed.find(({ account, path }) => placed.some((other) => other.account === account && other.path !== path));
  return twice && `the account ${twice.account} would be in two places of organizations at once: there may be another request that passes`;
}
