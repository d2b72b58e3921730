import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { refusal, unscopedRefusal } from '../refusal';

const ACCOUNT_ID = /^\d{12}$/;
const ROLE_ARN = /^arn:[^:]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const IDENTITY_ARN = /^arn:[^:]+:iam::\d{12}:(?:root$|(?:role|user|group)\/[\w+=,.@/-]+$)/;

/**
 * Somebody with whom data is shared and who is not made in this app. Roles, users and functions of the app are passed as they are.
 *
 * Guide, Section 8.
 */
export class Consumer implements iam.IGrantable {
  /**
   * A role that exists already.
   *
   * @param roleArn such as `arn:aws:iam::444455556666:role/AppRole`
   * @throws UnscopedValidationError if it is not the ARN of one role
   */
  public static roleArn(roleArn: string): Consumer {
    if (!Token.isUnresolved(roleArn) && !ROLE_ARN.test(roleArn)) {
      throw unscopedRefusal('UnusableConsumer', 'Consumer', {
        problem: `'${roleArn}' is not the ARN of a role.`,
        remedy: 'Name one role, such as arn:aws:iam::444455556666:role/AppRole: no session and no wildcard.',
      });
    }
    return new Consumer(new iam.ArnPrincipal(roleArn));
  }

  /**
   * A whole account: its administrators decide which of its roles and users get the access.
   *
   * @param accountId 12 digits
   * @throws UnscopedValidationError if it is no account id
   */
  public static account(accountId: string): Consumer {
    if (!Token.isUnresolved(accountId) && !ACCOUNT_ID.test(accountId)) {
      throw unscopedRefusal('UnusableConsumer', 'Consumer', { problem: `'${accountId}' is no account id.`, remedy: 'Name an account by its 12 digits.' });
    }
    return new Consumer(new iam.AccountPrincipal(accountId));
  }

  private constructor(
    /** The principal that policies name. */
    public readonly grantPrincipal: iam.IPrincipal,
  ) {}
}

/** A consumer as policies need it. */
export interface ConsumerIdentity {
  /** What errors and hand-overs call it. */
  readonly name: string;

  /** Undefined: it is not known of which account it is. */
  readonly account?: string;

  /** Undefined: the whole account. */
  readonly arn?: string;

  /** The role or user whose policies the app can write. */
  readonly principal?: iam.IPrincipal & IConstruct;

  /** The resource which makes the role or user, if the app does. */
  readonly resource?: iam.CfnRole | iam.CfnUser;

  /** Whether it is a group, which has policies of its own but is named by none. */
  readonly isGroup?: boolean;
}

/** Finds out who a grantable is. Throws if policies could not name it. */
export function consumerIdentity(site: IConstruct, { grantPrincipal: principal }: iam.IGrantable): ConsumerIdentity {
  if (principal instanceof iam.UnknownPrincipal) {
    throw unusable(site, 'the consumer was imported without its role.');
  }
  const { principalJson, conditions } = principal.policyFragment;
  if (Object.keys(conditions).length > 0) {
    throw unusable(site, 'the consumer has conditions, which the policies of its own account could not repeat.');
  }
  const [arn, ...others] = [principalJson.AWS ?? []].flat();
  const account = accountOf(site, principal, arn);
  const isUnusable = typeof arn !== 'string' || others.length > 0 || Object.keys(principalJson).length > 1 || !isIdentity(arn) || (account !== undefined && !isAccount(account));
  if (isUnusable) {
    throw unusable(site, `${JSON.stringify(principalJson)} is no role, user or account.`);
  }
  if (principal instanceof iam.AccountPrincipal || ACCOUNT_ID.test(arn) || arn.endsWith(':root')) {
    return { name: account !== undefined && ACCOUNT_ID.test(account) ? `account ${account}` : 'an account', account };
  }
  const construct = Construct.isConstruct(principal) ? principal as iam.IPrincipal & IConstruct : undefined;
  const resource = resourceOf(construct);
  const name = resource?.node.path ?? (Token.isUnresolved(arn) ? construct?.node.path ?? 'a role' : arn);
  return { name, account, arn, principal: construct, resource, isGroup: construct !== undefined && 'groupArn' in construct };
}

function isIdentity(arn: string): boolean {
  return Token.isUnresolved(arn) || ACCOUNT_ID.test(arn) || IDENTITY_ARN.test(arn);
}

function isAccount(account: string): boolean {
  return Token.isUnresolved(account) || ACCOUNT_ID.test(account);
}

function accountOf(site: IConstruct, principal: iam.IPrincipal, arn: unknown): string | undefined {
  if (principal instanceof iam.AccountRootPrincipal) {
    return Stack.of(site).account; // the account of whoever asks
  }
  if (principal instanceof iam.AccountPrincipal) {
    return String(principal.accountId);
  }
  const [account] = typeof arn === 'string' ? /^\d{12}$|(?<=^arn:[^:]+:iam::)\d{12}(?=:)/.exec(arn) ?? [] : [];
  return principal.principalAccount ?? account;
}

/** The resource that makes a role or user. A lazy role has made its role by now: it was asked for its ARN. */
function resourceOf(construct?: IConstruct): iam.CfnRole | iam.CfnUser | undefined {
  const child = construct instanceof iam.LazyRole ? construct.node.defaultChild?.node.defaultChild : construct?.node.defaultChild;
  return iam.CfnRole.isCfnRole(child) || iam.CfnUser.isCfnUser(child) ? child : undefined;
}

function unusable(site: IConstruct, problem: string) {
  return refusal(site, 'UnusableConsumer', { problem, remedy: 'Pass a role, a user or a function, or Consumer.roleArn(…) or Consumer.account(…); several in \'consumers\'.' });
}
