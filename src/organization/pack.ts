import { smallestPolicySize } from '../policy/policy-size';

/** A statement as a policy has it. */
export type StatementJson = Readonly<Record<string, unknown>>;

/** A policy document of statements. */
export function documentOf(statements: readonly StatementJson[]): { Version: string; Statement: readonly StatementJson[] } {
  return { Version: '2012-10-17', Statement: statements };
}

/** How many characters a policy of statements takes at least, without white space. */
export function sizeOf(statements: readonly StatementJson[]): number {
  return smallestPolicySize(documentOf(statements));
}

/**
 * Distributes statements, each of which fits, over few policies: in their order, so that one that is added moves none of the others; by size where that takes
 * fewer policies.
 *
 * @param characters how large a policy may be
 */
export function packed(statements: readonly StatementJson[], characters: number): StatementJson[][] {
  const inOrder = firstFit(statements, characters);
  const bySize = firstFit([...statements].sort((one, other) => sizeOf([other]) - sizeOf([one])), characters);
  return bySize.length < inOrder.length ? bySize : inOrder;
}

function firstFit(statements: readonly StatementJson[], characters: number): StatementJson[][] {
  const policies: StatementJson[][] = [];
  for (const statement of statements) {
    const roomy = policies.find((policy) => sizeOf([...policy, statement]) <= characters);
    if (roomy) {
      roomy.push(statement);
    } else {
      policies.push([statement]);
    }
  }
  return policies;
}
