import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { bucketOf, BucketPolicies } from './bucket-policies';
import { judgePolicies } from './bucket-policy-problems';
import { deliveringAccountsIn } from './delivering-accounts';
import { isInTree } from './deployed-resource';
import { ExemptPrincipal } from './exemptions/perimeter-exemption';
import type { Guardrail } from './guardrail';
import { bucketOfResource } from './imported-bucket';
import { asItStands, KeptStatement } from './lost-statements';
import { warnOfMacros } from './macros';
import { addStatements, competingPolicies, isSurelySmall, oversize, PolicyJson, replaceStatements, statementsOf, unwritablePolicy } from './policy-document';
import { Refusal, sentenceOf } from '../refusal';
import { freeSid } from '../statements/free-sid';

const GUARDED = new WeakMap<IConstruct, GuardedBucket>();

/** A guardrail as it was written into a policy. */
interface Enforced {
  /** What the guardrail said then. */
  readonly rendered: iam.PolicyStatementProps[];
  readonly statements: KeptStatement[];
}

/** A delivery of AWS services that guardrails let through although they deny others. */
export interface SparedDelivery {
  /** Service principals. */
  readonly services: readonly string[];

  /** Patterns of `aws:SourceArn`. */
  readonly sourceArns: readonly string[];

  /** Whether it may ask for no encryption, and gets the bucket's default. */
  readonly mayAskForNothing: boolean;

  /** Whether it may ask for SSE-S3 where others have to use the bucket's key. */
  readonly mayAskForSseS3: boolean;
}

/**
 * A bucket as guardrails see it: its ARNs, its one policy, and what is enforced on it already.
 *
 * A bucket reached through its L2, its L1 or its policy is the same object here.
 */
export class GuardedBucket {
  /** The guarded bucket behind a `CfnBucket`, or behind a `CfnBucketPolicy` (whose bucket may be imported); or an imported bucket, which can only be asked. */
  public static of(construct: IConstruct): GuardedBucket {
    const known = GUARDED.get(construct);
    if (known) {
      return known;
    }
    const bucket = s3.CfnBucketPolicy.isCfnBucketPolicy(construct) ? bucketOf(construct) : undefined;
    const guarded = bucket ? GuardedBucket.of(bucket) : new GuardedBucket(construct);
    GUARDED.set(construct, guarded);
    return guarded;
  }

  /** The construct that errors name: the L2 where there is one. */
  public readonly site: IConstruct;
  public readonly stack: Stack;
  public readonly bucketArn: string;
  public readonly objectsArn: string;
  /** The bucket's resource, where the app makes it. */
  public readonly cfnBucket?: s3.CfnBucket;
  /** Whom network perimeters let through, beside those that the app shows: roles that replicate into the bucket, and whoever was named. */
  public readonly exempted: ExemptPrincipal[] = [];
  /** Whether the bucket promises never to be public: it writes its policy itself, and nobody else does. */
  public isPrivate = false;
  /** Whether the bucket is there to receive server access logs, which S3 delivers to SSE-S3 only. */
  public receivesAccessLogs = false;
  /** What `spare` was told. */
  public readonly sparedDeliveries: SparedDelivery[] = [];
  private readonly enforced = new Map<Guardrail, Enforced>();
  private readonly importedName?: string;
  private readonly kept = new Map<KeptStatement, string>();
  private policy?: s3.CfnBucketPolicy;

  private constructor(private readonly construct: IConstruct) {
    this.cfnBucket = s3.CfnBucket.isCfnBucket(construct) ? construct : undefined;
    this.policy = s3.CfnBucketPolicy.isCfnBucketPolicy(construct) ? construct : undefined;
    this.importedName = this.policy?.bucket;
    this.stack = Stack.of(construct);
    this.site = ownerOf(construct) ?? construct;
    this.bucketArn = this.imported?.bucketArn ?? this.owner?.bucketArn ?? this.cfnBucket?.attrArn
      ?? this.stack.formatArn({ service: 's3', region: '', account: '', resource: this.policy!.bucket });
    this.objectsArn = `${this.bucketArn}/*`;
    GUARDED.set(construct, this);
  }

  /** What is enforced, in the order in which it was applied. */
  public get guardrails(): Guardrail[] {
    return [...this.enforced.keys()];
  }

  /** The statements of what is enforced. */
  public get denies(): iam.PolicyStatement[] {
    return [...this.enforced.values()].flatMap(({ statements }) => statements.map(({ statement }) => statement));
  }

  /** The L2 bucket, where this bucket has one. */
  public get owner(): s3.Bucket | undefined {
    return this.site instanceof s3.Bucket ? this.site : undefined;
  }

  /** The id of the account to which the bucket belongs. */
  public get account(): string {
    return this.imported?.env.account ?? this.stack.account;
  }

  /** The accounts of AWS that its policy, as far as it is written, lets deliver logs as themselves, and not as a service. */
  public get deliveringAccounts(): string[] {
    return deliveringAccountsIn(this.ownPolicy?.policyDocument);
  }

  /** Whether it is an imported bucket that is not surely in its stack's account and Region. */
  public get isElsewhere(): boolean {
    const { account, region } = this.imported?.env ?? this.stack;
    return [Token.compareStrings(account, this.stack.account), Token.compareStrings(region, this.stack.region)]
      .some((comparison) => comparison === TokenComparison.DIFFERENT || comparison === TokenComparison.ONE_UNRESOLVED);
  }

  /** The key that an imported bucket was given. */
  public get importedKey(): kms.IKey | undefined {
    return this.imported?.encryptionKey;
  }

  /** Enforces a guardrail, in a policy that is known to be writable; nothing happens if that very object, or an equal one, is enforced already. */
  public enforce(guardrail: Guardrail): void {
    const rendered = guardrail._statements(this);
    const isEnforced = this.enforced.has(guardrail) || [...this.enforced].some(([other]) => other.name === guardrail.name && areSame(other._statements(this), rendered));
    if (isEnforced || rendered.length === 0) {
      return;
    }
    validateWithStack(this);
    const taken = new Set(this.guardrails.flatMap((other) => this.sidsOf(other)));
    const statements = rendered.map((props) => denyStatement(props, freeSid(props.sid!, taken)));
    this.enforced.set(guardrail, { rendered, statements: statements.map(asItStands) });
    this.write(statements);
  }

  /** Has guardrails let a delivery through, those that are enforced already and those that will be. */
  public spare(delivery: SparedDelivery): void {
    this.sparedDeliveries.push(delivery);
    this.guardrails.filter((guardrail) => guardrail._sparesDeliveries() && !this.isAsEnforced(guardrail)).forEach((guardrail) => this.renew(guardrail));
  }

  /**
   * Why statements cannot be written into the bucket's policy; nothing if they can.
   *
   * @param around the policies that the app writes; where they are not given, a policy that the bucket has is taken for its only one
   */
  public unwritable(statements: iam.PolicyStatementProps[], around?: BucketPolicies): Refusal | undefined {
    if (this.isPrivate) {
      return undefined; // it says itself what is wrong with its policy, at the end
    }
    const own = this.ownPolicy;
    const listed = own && !around ? [] : this.policiesIn(around ?? BucketPolicies.around(this.construct));
    const [policy, ...others] = new Set([...(own ? [own] : []), ...listed]);
    if (others.length > 0) {
      return competingPolicies([policy, ...others]);
    }
    const problem = policy && (unwritablePolicy(policy, this.cfnBucket) ?? overfull(policy, statements.map((props) => denyStatement(props, props.sid!))));
    this.policy ??= problem ? undefined : policy;
    return problem;
  }

  /** Sees to it that a statement which a construct has written stays as it is. */
  public keep(statement: KeptStatement, writer: string): void {
    validateWithStack(this);
    this.kept.set(statement, writer);
  }

  /** The Sids under which a guardrail is enforced here. */
  public sidsOf(guardrail: Guardrail): string[] {
    return (this.enforced.get(guardrail)?.statements ?? []).map(({ asWritten: { sid } }) => sid!);
  }

  /** Whether a guardrail would say now what it said when it was enforced. */
  public isAsEnforced(guardrail: Guardrail): boolean {
    const { rendered: then = [] } = this.enforced.get(guardrail) ?? {};
    const now = guardrail._statements(this);
    const textOf = (statements: iam.PolicyStatementProps[]) => JSON.stringify(this.stack.resolve(statements));
    return areSame(then, now) || textOf(then) === textOf(now);
  }

  /** Writes the statements of a guardrail anew, in the place of those that it wrote before. */
  private renew(guardrail: Guardrail): void {
    const rendered = guardrail._statements(this);
    const before = this.enforced.get(guardrail)!.statements.map(({ statement }) => statement);
    const taken = new Set(this.guardrails.filter((other) => other !== guardrail).flatMap((other) => this.sidsOf(other)));
    const statements = rendered.map((props) => denyStatement(props, freeSid(props.sid!, taken)));
    this.enforced.set(guardrail, { rendered, statements: statements.map(asItStands) });
    replaceStatements(this.policy!, before, statements);
  }

  /** Has what is enforced stand in another policy, once the one in which it stood is taken away. */
  public moveTo(policy: s3.CfnBucketPolicy): void {
    this.policy = policy;
    addStatements(policy, this.denies);
  }

  private get ownPolicy(): s3.CfnBucketPolicy | undefined {
    return this.policy ?? (this.owner?.policy?.node.defaultChild as s3.CfnBucketPolicy | undefined);
  }

  private get imported(): s3.IBucket | undefined {
    return this.construct instanceof s3.BucketBase ? this.construct : undefined;
  }

  private policiesIn(around: BucketPolicies): s3.CfnBucketPolicy[] {
    const policies = this.cfnBucket ? around.of(this.cfnBucket) : around.forName(this.policy!, this.policy!.bucket);
    return policies.map(({ resource }) => resource).filter(s3.CfnBucketPolicy.isCfnBucketPolicy);
  }

  private write(statements: iam.PolicyStatement[]): void {
    if (this.policy) {
      addStatements(this.policy, statements);
      return;
    }
    const bucket = this.owner ?? bucketOfResource(this.cfnBucket!);
    const isNew = bucket.policy === undefined;
    statements.forEach((statement) => bucket.addToResourcePolicy(statement));
    this.policy = bucket.policy?.node.defaultChild as s3.CfnBucketPolicy | undefined;
    if (isNew && this.policy) {
      this.policy.cfnOptions.condition = this.cfnBucket!.cfnOptions.condition; // a policy without its bucket cannot be deployed
    }
  }

  /** What is wrong with the bucket's policy, once the app is complete; nothing if the bucket is no longer made. */
  public problems(written: BucketPolicies): string[] {
    if (!isInTree(this.site)) {
      return [];
    }
    const { stack, cfnBucket, isPrivate, ownPolicy: own } = this;
    const statements = [
      ...[...this.enforced].map(([{ name }, { statements: ours }]) => ({ ours, writer: name, toRelax: '; to relax a guardrail, change its props', mayGrow: false })),
      ...[...this.kept].map(([statement, writer]) => ({ ours: [statement], writer, toRelax: '', mayGrow: true })),
    ];
    const policies = cfnBucket ? written.of(cfnBucket) : written.forName(this.policy!, this.importedName!);
    return [
      ...judgePolicies({ stack, cfnBucket, isPrivate, own, statements }, policies).map((problem) => sentenceOf(this.site.node.path, problem)),
      ...this.guardrails.flatMap((guardrail) => guardrail._problems(this)),
    ];
  }
}

const EVERYONE = new iam.AnyPrincipal();

function denyStatement(props: iam.PolicyStatementProps, sid: string): iam.PolicyStatement {
  const conditions = props.conditions && copied(props.conditions);
  const statement = new iam.PolicyStatement({ ...props, conditions, sid, effect: iam.Effect.DENY, principals: [EVERYONE] });
  return statement.freeze(); // nobody adds a condition which defuses it
}

/** Conditions that belong to one statement alone: whoever changes them in place, by what a getter hands out, changes nothing of another. */
function copied(conditions: Record<string, any>): Record<string, any> {
  return Object.fromEntries(Object.entries(conditions).map(([operator, tests]) => [operator, Token.isUnresolved(tests) ? tests : { ...tests }]));
}

/** Whether statements say the same. Those that are rendered later (lazily) may differ. */
function areSame(statements: iam.PolicyStatementProps[], others: iam.PolicyStatementProps[]): boolean {
  const text = JSON.stringify(statements);
  return text === JSON.stringify(others) && !text.includes('<unresolved');
}

/** Whether a policy has no room for statements more, as far as it can be seen before the app is complete. */
function overfull(policy: s3.CfnBucketPolicy, statements: iam.PolicyStatement[]): Refusal | undefined {
  const others = statementsOf(policy.policyDocument)?.map((statement) => statement.toStatementJson());
  if (others && isSurelySmall(others)) {
    return undefined;
  }
  const { Statement = [], ...document }: PolicyJson = Stack.of(policy).resolve(policy.policyDocument ?? {});
  const ours = Stack.of(policy).resolve(statements.map((statement) => statement.toStatementJson()));
  return oversize({ ...document, Statement: [...[Statement].flat(), ...ours] })[0];
}

const GUARDED_OF_STACK = new WeakMap<Stack, Set<GuardedBucket>>();

/** Judges all guarded buckets of a stack together. */
function validateWithStack(bucket: GuardedBucket): void {
  const companions = GUARDED_OF_STACK.get(bucket.stack);
  if (companions) {
    companions.add(bucket);
    return;
  }
  const buckets = new Set([bucket]);
  GUARDED_OF_STACK.set(bucket.stack, buckets);
  const written = BucketPolicies.whenComplete(bucket.stack);
  bucket.stack.node.addValidation({
    validate: () => {
      warnOfMacros(bucket.stack);
      return [...buckets].flatMap((guarded) => guarded.problems(written()));
    },
  });
}

function ownerOf(construct: IConstruct): IConstruct | undefined {
  const parent = construct.node.scope;
  return parent?.node.defaultChild === construct ? parent : undefined;
}
