import { Inventory } from '../../access/inventory';
import { allOf, IAM_CALLER, ofOtherAccountsThan } from '../../guarantees/callers';
import { CALLER_KEYS, demanded, demandedSources } from '../../guarantees/deliveries';
import { Statement } from '../../policy/document';
import { PrincipalPattern } from '../../policy/principals';
import { isUnknown, partsBetweenColons, unknownKind } from '../../policy/unknown-text';
import { Conditions, RequestDescription } from '../../proof/guarantee';
import { DeployedPolicy } from '../../template/deployed-policy';

/** A caller, an account, a service or an organization that a statement lets in by name. */
export interface NamedCaller {
  /** For people. */
  readonly name: string;
  readonly requests: RequestDescription;
  readonly service?: string;

  /** The ARN of a role or user; undefined if it is none, or has wildcards. */
  readonly arn?: string;

  /** The account of a role, user or account; undefined if it is none, or not known. */
  readonly account?: string;

  /** Why it is not known whether the statement is meant for them. */
  readonly doubt?: string;
}

/** Whom a statement lets in by name: by its principals, and by the values to which it holds them. Who is nobody in particular is left out. */
export function namedCallers(statement: Statement, document: DeployedPolicy, owner: string): NamedCaller[] {
  const members = statement.principal && !statement.principal.isInverted ? statement.principal.members : [];
  const conditions: Conditions = JSON.parse(document.textOf(statement)).Condition ?? {};
  return members.flatMap((member): NamedCaller[] => {
    switch (member.kind) {
      case 'Service': return isUnknown(member.text) ? [] : demandedSources(conditions).map((source) => ({ name: member.text, service: member.text, requests: { Principal: { Service: member.text }, Condition: source } }));
      case 'AWS': return demanded(conditions, CALLER_KEYS).flatMap((held) => (member.isEveryone ? heldTo(held, owner) : [principal(member, held)]));
      default: return [];
    }
  });
}

function principal({ text, account }: PrincipalPattern, held: Conditions): NamedCaller {
  const [arn = account === undefined ? text : undefined] = valuesOf(held, 'aws:principalarn');
  return { name: text, requests: { Principal: { AWS: text }, Condition: held }, arn, account: accountIn(account ?? text) };
}

/** Everybody, held to an ARN, an account or an organization. */
function heldTo(held: Conditions, owner: string): NamedCaller[] {
  const [arn] = valuesOf(held, 'aws:principalarn');
  const [account] = valuesOf(held, 'aws:principalaccount');
  const [organization] = [...valuesOf(held, 'aws:principalorgid'), ...valuesOf(held, 'aws:principalorgpaths')];
  if (arn !== undefined || account !== undefined) {
    return [{ name: arn ?? account, requests: { Condition: held }, arn, account: accountIn(arn ?? account) }];
  }
  return organization === undefined ? [] : [{
    name: `members of ${organization} in other accounts`,
    requests: { Condition: allOf(held, IAM_CALLER, ofOtherAccountsThan([owner])) },
    doubt: 'whether anybody of another account is to have access is not known',
  }];
}

/** The values to which positive tests hold a key. */
function valuesOf(held: Conditions, key: string): string[] {
  return Object.entries(held).filter(([operator]) => !/not|ifexists|null/i.test(operator))
    .flatMap(([, tests]) => Object.entries(tests).filter(([name]) => name.toLowerCase() === key).flatMap(([, values]) => values));
}

/** The account of an ARN, or the text itself, which is an account; undefined if nothing of it is known. */
function accountIn(text: string): string | undefined {
  return text.startsWith('arn:') ? partsBetweenColons(text)[4] : isUnknown(text) && unknownKind(text) !== 'account' ? undefined : text;
}

/** Whether a caller is a role or user of the app in another account: its own policies are known. */
export function isForeignRoleOf({ deployment }: Inventory, { arn }: NamedCaller, owner: string): boolean {
  return arn !== undefined && ['AWS::IAM::Role', 'AWS::IAM::User'].some((type) => deployment.ofType(type).some((role) => role.reference('Arn') === arn && role.stack.account !== owner));
}
