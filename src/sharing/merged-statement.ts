import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { keepStatement } from '../guardrails/kept-statements';

const MERGED = new WeakMap<IConstruct, Map<string, MergedStatement>>();

/** Puts a statement into a policy; false if the policy is not this app's to write. */
export type AddStatement = (statement: iam.PolicyStatement) => boolean;

/** Who is named: a principal, an account on condition of an ARN, or everyone in organizations. */
export type Member =
  | { readonly kind: 'principal'; readonly arn: string }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'arn-in-account'; readonly account: string; readonly arn: string }
  | { readonly kind: 'organization'; readonly ids: readonly string[] };

/**
 * One statement of a bucket's, access point's or key's policy, shared by all grants that say the same: another consumer is
 * another line in it, at its end.
 */
export class MergedStatement {
  /** The statement with these contents on a resource, made and added when it is asked for first. */
  public static on(resource: IConstruct, props: iam.PolicyStatementProps, kind: Member['kind'], add: AddStatement, writer = 'CrossAccountGrant'): MergedStatement {
    const statements = MERGED.get(resource) ?? new Map<string, MergedStatement>();
    MERGED.set(resource, statements);
    const identity = JSON.stringify([kind === 'account' ? 'principal' : kind, props]);
    const known = statements.get(identity) ?? new MergedStatement(resource, withFreeSid(props, [...statements.values()]), kind, add, writer);
    statements.set(identity, known);
    return known;
  }

  /** Whether the statement is in the policy. */
  public readonly isAttached: boolean;

  public readonly statement: iam.PolicyStatement;
  private readonly kept?: iam.PolicyStatement;
  private readonly principals = new Set<string>();
  private readonly values = new Set<string>();

  private constructor(resource: IConstruct, props: iam.PolicyStatementProps, kind: Member['kind'], add: AddStatement, writer: string) {
    this.statement = new iam.PolicyStatement({ ...props, conditions: this.conditions(kind, props.conditions) });
    this.isAttached = add(this.statement);
    this.kept = this.isAttached ? keepStatement(resource, this.statement, writer) : undefined;
  }

  public get sid(): string {
    return this.statement.sid!;
  }

  public admit(member: Member): void {
    switch (member.kind) {
      case 'principal':
        this.name(member.arn, new iam.ArnPrincipal(member.arn));
        break;
      case 'account':
        this.name(member.account, new iam.AccountPrincipal(member.account));
        break;
      case 'arn-in-account':
        this.name(member.account, new iam.AccountPrincipal(member.account));
        this.values.add(member.arn);
        break;
      case 'organization':
        this.name('*', new iam.AnyPrincipal());
        member.ids.forEach((id) => this.values.add(id));
        break;
    }
  }

  private name(id: string, principal: iam.IPrincipal): void {
    if (!this.principals.has(id)) {
      this.principals.add(id);
      [this.statement, this.kept].forEach((statement) => statement?.addPrincipals(principal));
    }
  }

  /** The members that are condition values are known when everyone is admitted: at the end. */
  private conditions(kind: Member['kind'], given: Record<string, any> = {}): Record<string, any> {
    const values = Lazy.list({ produce: () => [...this.values] });
    switch (kind) {
      case 'arn-in-account': return { ...given, ArnEquals: { 'aws:PrincipalArn': values } };
      case 'organization': return { ...given, StringEquals: { ...given.StringEquals, 'aws:PrincipalOrgID': values } };
      default: return given;
    }
  }
}

function withFreeSid(props: iam.PolicyStatementProps, others: MergedStatement[]): iam.PolicyStatementProps {
  const taken = new Set(others.map(({ sid }) => sid));
  const candidates = [props.sid!, ...others.map((_, at) => `${props.sid}${at + 2}`)];
  return { ...props, sid: candidates.find((sid) => !taken.has(sid)) };
}
