import { nameOf } from './public-allow';
import { Bucket, Inventory } from '../../access/inventory';
import { mayNotWrite } from '../../guarantees/deliveries';
import { RequestDescription } from '../../proof/guarantee';
import { prove } from '../../proof/prove';

/**
 * The statement that stops callers from writing whom the policy of a bucket, or a resource control policy, would otherwise let write: the name of the
 * first that does so by itself. Undefined if nothing lets them write, or only several together stop them.
 */
export function stoppingDeny(inventory: Inventory, { policies, facts }: Bucket, callers: RequestDescription): string | undefined {
  const statements = policies.flatMap(({ policy }) => policy?.statements ?? []);
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  const denies = [...statements.filter(({ effect }) => effect === 'Deny'), ...inventory.controlsOver(facts.account)];
  const mayWriteBeside = (more: typeof denies) => prove({ statements: [...allows, ...more] }, mayNotWrite(callers, facts), facts).verdict === 'broken';
  const stopping = denies.length > 0 && mayWriteBeside([]) ? denies.find((deny) => !mayWriteBeside([deny])) : undefined;
  return stopping && nameOf(stopping);
}
