import { fixedAccountOf, isPattern, spared } from './mentioned-values';
import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';

/** Whom denies exempt. */
export interface Exempt {
  /** Patterns for ARNs that only those principals have who are meant. */
  readonly arns: readonly string[];

  /** User ids, as patterns, that begin with the unique id of a role or user. */
  readonly userIds: readonly string[];

  /** Access points of the owner's account: ARNs, as patterns, and accounts. */
  readonly accessPointArns: readonly string[];
  readonly accessPointAccounts: readonly string[];

  /** Exemptions that somebody outside can meet as well: by key, in lower case, the values that are spared, which may be patterns. */
  readonly unsafe: ReadonlyMap<string, readonly string[]>;
}

const UNIQUE_ID = /^A[A-Z0-9]{15,}(?::[^*?]*\*?|:\*)?$/;

/**
 * Exemptions are safe where only those can meet them who are meant.
 *
 * @param isAccountEnough whether all principals of an account may be exempt together
 */
export function exemptionsOf(denies: readonly Statement[], owner: string, isAccountEnough: boolean): Exempt {
  const arns = [...spared(denies, 'aws:principalarn'), ...notPrincipals(denies)];
  const isSafe = (arn: string) => fixedAccountOf(arn) !== undefined && (isAccountEnough || !isWholeAccount(arn));
  const userIds = spared(denies, 'aws:userid');
  const accessPointArns = spared(denies, 's3:dataaccesspointarn').filter((arn) => fixedAccountOf(arn) === owner);
  return {
    arns: arns.filter(isSafe),
    userIds: userIds.filter((id) => UNIQUE_ID.test(id)),
    accessPointArns,
    accessPointAccounts: spared(denies, 's3:dataaccesspointaccount').filter((account) => account === owner),
    unsafe: new Map(([
      ['aws:principalarn', arns.filter((arn) => fixedAccountOf(arn) === undefined && (isAccountEnough || !isWholeAccount(arn)))],
      ['aws:userid', userIds.filter((id) => !UNIQUE_ID.test(id))],
      ...keysOf(denies).filter((key) => /^aws:(?:username$|principaltag\/)/.test(key)).map((key) => [key, spared(denies, key)] as const),
    ] as const).filter(([, values]) => values.length > 0)),
  };
}

function keysOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)))];
}

/** Roles of AWS services in an account are not for people: they may be exempt together. */
function isWholeAccount(arn: string): boolean {
  const resource = arnSegments(arn)[5] ?? '*';
  return resource === 'root'
    || /^(?:\*|role\/?\*|user\/?\*|federated-user\/?\*|assumed-role\/?\*)$/.test(resource)
    || (isPattern(resource) && !/^(?:role|user|federated-user|assumed-role)\/[^*?]/.test(resource));
}

/** Principals that a NotPrincipal spares by name. */
function notPrincipals(denies: readonly Statement[]): string[] {
  return denies.flatMap(({ principal }) => (principal?.isInverted ? principal.members.filter(({ kind, account }) => kind === 'AWS' && account === undefined).map(({ text }) => text) : []));
}
