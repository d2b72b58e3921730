import { Token } from 'aws-cdk-lib';
import { ACCOUNT_ID, IdentifierForm, malformed } from '../policy/identifiers';
import { having, listOf, notEmpty, PropType, required, TEXT, wrongType } from '../prop-types';
import { PropRefusal, refuseAllUnscoped } from '../refusal';

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
const ROOT_ID: IdentifierForm = { what: 'the id of a root', pattern: /^r-[0-9a-z]{4,32}$/, example: 'r-ab12' };
const ORGANIZATIONAL_UNIT_ID: IdentifierForm = { what: 'the id of an organizational unit', pattern: /^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/, example: 'ou-ab12-11111111' };

/**
 * What a policy of an organization is attached to: it binds the accounts at and below its target.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
 */
export class PolicyTarget {
  /**
   * The whole organization.
   *
   * @param rootId the id of the root, such as `r-ab12`
   * @throws UnscopedValidationError if it is not the id of a root
   */
  public static root(rootId: string): PolicyTarget {
    return new PolicyTarget('root', rootId, ROOT_ID);
  }

  /**
   * An organizational unit, with all below it.
   *
   * @param organizationalUnitId its id, such as `ou-ab12-11111111`
   * @throws UnscopedValidationError if it is not the id of an organizational unit
   */
  public static organizationalUnit(organizationalUnitId: string): PolicyTarget {
    return new PolicyTarget('organizationalUnit', organizationalUnitId, ORGANIZATIONAL_UNIT_ID);
  }

  /**
   * One account.
   *
   * @param accountId its id, such as `111122223333`
   * @throws UnscopedValidationError if it is not the id of an account
   */
  public static account(accountId: string): PolicyTarget {
    return new PolicyTarget('account', accountId, ACCOUNT_ID);
  }

  private constructor(factory: string, /** The id of the root, the unit or the account. */ public readonly targetId: string, form: IdentifierForm) {
    refuseAllUnscoped('UnusablePolicyTarget', `PolicyTarget.${factory}`, unusable(targetId, form));
  }
}

/** What the targets of a policy are like. */
export const TARGETS: PropType = required(notEmpty(listOf('policy targets', having('a PolicyTarget', 'targetId'))));

/** What is wrong with the targets of one policy together; nothing if it can be attached to them. */
export function unusableTargets(targets: readonly PolicyTarget[]): PropRefusal[] {
  const ids = targets.map(({ targetId }) => targetId);
  const repeated = [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
  return repeated.map((id) => ({ prop: 'targets', problem: `'${id}' is there more than once.`, remedy: 'Name each target once.' }));
}

function unusable(id: string, form: IdentifierForm): PropRefusal[] {
  const wrong = wrongType(id, required(TEXT));
  const problem = wrong.length > 0 || Token.isUnresolved(id) ? undefined : malformed(id, form);
  return problem === undefined ? wrong : [{ problem, remedy: 'Copy it from `aws organizations list-roots`, `list-organizational-units-for-parent` or `list-accounts`.' }];
}
