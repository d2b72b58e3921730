import { Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3mixins from 'aws-cdk-lib/aws-s3/mixins';
import { IConstruct } from 'constructs';
import { BucketPolicies, WrittenPolicy } from './bucket-policies';
import { deployedResource, displaced, hasOverrides, isInTree, REMOVE_CHANGE } from './deployed-resource';
import { alwaysHas, possibleStatements } from './deployed-statements';
import type { Guardrail } from './guardrail';
import { hasTransform, settled, variants } from './template-values';
import { BUCKET_POLICY_QUOTA, smallestPolicySize } from '../policy/policy-size';
import { StatementJson, whyPublic } from '../policy/public-allow';
import { Refusal, sentenceOf } from '../refusal';

const GUARDED = new WeakMap<IConstruct, GuardedBucket>();

/**
 * A bucket as guardrails see it: its ARNs, its one policy, and what is enforced on it already.
 *
 * A bucket reached through its L2, its L1 or its policy is the same object here.
 */
export class GuardedBucket {
  /** The guarded bucket behind a `CfnBucket`, or behind a `CfnBucketPolicy` (whose bucket may be imported). */
  public static of(construct: IConstruct): GuardedBucket {
    const known = GUARDED.get(construct);
    if (known) {
      return known;
    }
    const bucket = s3.CfnBucketPolicy.isCfnBucketPolicy(construct) ? bucketOf(construct) : (construct as s3.CfnBucket);
    const guarded = bucket ? (GUARDED.get(bucket) ?? new GuardedBucket(bucket)) : new GuardedBucket(undefined, construct as s3.CfnBucketPolicy);
    GUARDED.set(construct, guarded);
    return guarded;
  }

  /** The construct that errors name: the L2 where there is one. */
  public readonly site: IConstruct;
  public readonly stack: Stack;
  public readonly bucketArn: string;
  public readonly objectsArn: string;
  /** ARNs of roles that replicate into the bucket, beside those that the app shows. */
  public readonly replicators: string[] = [];
  /** Whether the bucket promises never to be public. */
  public isPrivate = false;
  /** Whether the bucket is there to receive server access logs, which S3 delivers to SSE-S3 only. */
  public receivesAccessLogs = false;
  private readonly enforced = new Map<Guardrail, iam.PolicyStatement[]>();
  private readonly kept = new Map<iam.PolicyStatement, string>();
  private readonly importedName?: string;
  private policy?: s3.CfnBucketPolicy;

  private constructor(public readonly cfnBucket?: s3.CfnBucket, policy?: s3.CfnBucketPolicy) {
    const construct = (cfnBucket ?? policy)!;
    this.policy = policy;
    this.importedName = policy?.bucket;
    this.stack = Stack.of(construct);
    this.site = ownerOf(construct) ?? construct;
    const owner = this.owner;
    this.bucketArn = owner?.bucketArn ?? cfnBucket?.attrArn ?? this.stack.formatArn({ service: 's3', region: '', account: '', resource: policy!.bucket });
    this.objectsArn = `${this.bucketArn}/*`;
    GUARDED.set(construct, this);
  }

  /** What is enforced, in the order in which it was applied. */
  public get guardrails(): Guardrail[] {
    return [...this.enforced.keys()];
  }

  /** Enforces a guardrail; nothing happens if that very object is enforced already. */
  public enforce(guardrail: Guardrail): void {
    if (this.enforced.has(guardrail)) {
      return;
    }
    validateWithStack(this);
    const rendered = guardrail._statements(this);
    if (this.guardrails.some((other) => other.name === guardrail.name && areSame(other._statements(this), rendered))) {
      return;
    }
    const taken = new Set(this.guardrails.flatMap((other) => this.sidsOf(other)));
    const statements = rendered.map((props) => denyStatement(props, freeSid(props.sid!, taken)));
    this.enforced.set(guardrail, statements);
    statements.forEach((statement) => this.addToPolicy(statement));
  }

  /** Sees to it that a statement which a construct has written stays as it is. */
  public keep(statement: iam.PolicyStatement, writer: string): void {
    validateWithStack(this);
    this.kept.set(statement, writer);
  }

  /** The Sids under which a guardrail is enforced here. */
  public sidsOf(guardrail: Guardrail): string[] {
    return (this.enforced.get(guardrail) ?? []).map(({ sid }) => sid!);
  }

  /** The L2 bucket, where this bucket has one. */
  public get owner(): s3.Bucket | undefined {
    return this.site instanceof s3.Bucket ? this.site : undefined;
  }

  private addToPolicy(statement: iam.PolicyStatement): void {
    this.policy ??= this.policyMadeByHand();
    if (this.policy) {
      this.policy.with(new s3mixins.BucketPolicyStatements([statement]));
    } else {
      this.l2.addToResourcePolicy(statement);
    }
  }

  /** A policy that the bucket's own L2 knows nothing of, and would write a second one beside. */
  private policyMadeByHand(): s3.CfnBucketPolicy | undefined {
    return this.isPrivate || this.owner?.policy ? undefined : surroundings(this.stack).find((construct) => s3.CfnBucketPolicy.isCfnBucketPolicy(construct) && GuardedBucket.of(construct) === this) as s3.CfnBucketPolicy | undefined;
  }

  private get l2(): s3.Bucket | s3.IBucket {
    return this.owner ?? s3.Bucket.fromCfnBucket(this.cfnBucket!);
  }

  /** The policy that has the statements, as long as nobody takes it away. */
  private get ownPolicy(): s3.CfnBucketPolicy | undefined {
    const policy = this.policy ?? this.l2.policy?.node.defaultChild;
    return s3.CfnBucketPolicy.isCfnBucketPolicy(policy) && isInTree(policy) ? policy : undefined;
  }

  /** What is wrong with the bucket's policy, once the app is complete. */
  public problems(written: BucketPolicies): string[] {
    if (!isInTree(this.site)) {
      return []; // the bucket is not made
    }
    return [
      ...this.problemsOf(this.cfnBucket ? written.of(this.cfnBucket) : written.ofImported(this.policy!, this.importedName!)).map((problem) => sentenceOf(this.site.node.path, problem)),
      ...this.guardrails.flatMap((guardrail) => guardrail._problems(this)),
    ];
  }

  /** S3 keeps one policy: the last to be deployed replaces the others. */
  private problemsOf(policies: WrittenPolicy[]): Refusal[] {
    const gone = this.cfnBucket && !this.isPrivate ? displaced(this.cfnBucket, s3.CfnBucket.CFN_RESOURCE_TYPE_NAME) : undefined; // those of this package watch themselves
    if (policies.length > 1) {
      return [competingPolicies(policies)];
    }
    const [policy] = policies;
    return [...(gone ? [gone] : []), ...(policy ? this.policyProblems(policy) : this.problemsWithoutPolicy())];
  }

  private problemsWithoutPolicy(): Refusal[] {
    const own = this.ownPolicy;
    return own ? [displaced(own, s3.CfnBucketPolicy.CFN_RESOURCE_TYPE_NAME) ?? movedPolicy(own)] : this.lostStatements(undefined);
  }

  private policyProblems({ resource, isAlways }: WrittenPolicy): Refusal[] {
    const others = isAlways && s3.CfnBucketPolicy.isCfnBucketPolicy(resource) ? this.statementsBesideOurs(resource) : undefined;
    if (others && isSurelySmall(others)) {
      return this.publicAllows(others.flatMap((statement) => this.formsOf(statement)));
    }
    const deployed = deployedResource(resource);
    const { Condition, Properties: { PolicyDocument: document = {} } } = deployed;
    const problem = displaced(resource, s3.CfnBucketPolicy.CFN_RESOURCE_TYPE_NAME, deployed)
      ?? (hasTransform(document) ? rewrittenPolicy(resource) : undefined)
      ?? (isAlways ? undefined : movedPolicy(resource))
      ?? (Condition === undefined || Condition === this.condition ? undefined : conditionalPolicy(resource, Condition));
    return problem ? [problem] : [...this.lostStatements(document), ...oversize(document), ...this.publicAllows(possibleStatements(document, this.stack) ?? [])];
  }

  /** The condition on which the bucket is made. */
  private get condition(): string | undefined {
    return this.cfnBucket && deployedResource(this.cfnBucket).Condition;
  }

  /**
   * The statements of a policy that has all that guardrails wrote into it, without those; undefined if it was touched.
   * To judge an untouched policy, it need not be rendered.
   */
  private statementsBesideOurs(policy: s3.CfnBucketPolicy): StatementJson[] | undefined {
    const statements = statementsOf(policy.policyDocument);
    const present = new Set(statements);
    const ours = new Set([...[...this.enforced.values()].flat(), ...this.kept.keys()]);
    const isUntouched = statements !== undefined
      && !hasOverrides(policy)
      && policy.cfnOptions.condition === undefined
      && [...ours].every((statement) => present.has(statement));
    return isUntouched ? statements.filter((statement) => !ours.has(statement)).map((statement) => statement.toStatementJson()) : undefined;
  }

  /** A principal or a condition that is a token may depend on conditions of the template. */
  private formsOf({ Effect, Sid, ...statement }: StatementJson): StatementJson[] {
    const [{ Principal, NotPrincipal, Condition }, said] = [statement, { Effect, Sid }];
    const audience = { ...said, ...(NotPrincipal ? { NotPrincipal } : { Principal }), ...(Condition ? { Condition } : {}) };
    return Token.isUnresolved(audience) || JSON.stringify(audience).includes('${Token[')
      ? (variants(settled(this.stack.resolve(audience), this.stack)) ?? [{ ...said, Principal: '*' }]) as StatementJson[]
      : [audience];
  }

  private publicAllows(statements: StatementJson[]): Refusal[] {
    const problems = this.isPrivate ? statements.flatMap((statement) => publicAllow(statement) ?? []) : [];
    return problems.filter(({ problem }, at) => problems.findIndex((other) => other.problem === problem) === at);
  }

  /** Statements that an override, an aspect or an edit has taken out of the policy or changed. */
  private lostStatements(document: unknown): Refusal[] {
    const isLost = (statement: iam.PolicyStatement) => !alwaysHas(document, this.stack.resolve(statement.toStatementJson()));
    const lost = (statements: iam.PolicyStatement[], writer: string, toRelax = '') => statements.filter(isLost).map(({ sid }) => ({
      problem: `the statement '${sid}' of ${writer} is missing from the synthesized bucket policy, or was changed.`,
      remedy: `Remove the override, aspect or edit that touches the policy${toRelax}.`,
    }));
    return [
      ...[...this.enforced].flatMap(([{ name }, statements]) => lost(statements, name, '; to relax a guardrail, change its props')),
      ...[...this.kept].flatMap(([statement, writer]) => lost([statement], writer)),
    ];
  }
}

function movedPolicy(policy: IConstruct): Refusal {
  return { problem: `'Bucket' of its policy '${policy.node.path}' is not, or not always, this bucket in the synthesized template.`, remedy: REMOVE_CHANGE };
}

function rewrittenPolicy(policy: IConstruct): Refusal {
  return { problem: `'Fn::Transform' stands in its policy '${policy.node.path}', and what CloudFormation makes of it cannot be seen.`, remedy: 'Remove it, or write what it stands for.' };
}

function conditionalPolicy(policy: IConstruct, condition: string): Refusal {
  return { problem: `its policy '${policy.node.path}' is deployed under the condition '${condition}' only.`, remedy: 'Remove the condition, or set it on the bucket too.' };
}

const EVERYONE = new iam.AnyPrincipal();

function denyStatement(props: iam.PolicyStatementProps, sid: string): iam.PolicyStatement {
  const statement = new iam.PolicyStatement({ ...props, sid, effect: iam.Effect.DENY, principals: [EVERYONE] });
  return statement.freeze(); // nobody adds a condition which defuses it
}

/** Whether statements say the same. Those that are rendered later (lazily) may differ. */
function areSame(statements: iam.PolicyStatementProps[], others: iam.PolicyStatementProps[]): boolean {
  const text = JSON.stringify(statements);
  return text === JSON.stringify(others) && !text.includes('<unresolved');
}

/** A second guardrail of one kind gets numbered Sids: a Sid is unique in a policy. */
function freeSid(sid: string, taken: Set<string>): string {
  const candidates = [sid, ...Array.from(taken, (_, i) => `${sid}${i + 2}`)];
  return candidates.find((candidate) => !taken.has(candidate))!;
}

/** What is wrong with a statement that gives access to everyone; nothing if it does not. */
export function publicAllow(statement: StatementJson): Refusal | undefined {
  const reason = whyPublic(statement);
  return reason === undefined ? undefined : {
    problem: `the statement '${statement.Sid ?? '(without a Sid)'}' would make the bucket public: ${reason}.`,
    remedy: 'Name the principals, or serve the objects through CloudFront with origin access control (OacDistribution).',
  };
}

/** The statements of a document, where the CDK shows them and renders nothing else. */
function statementsOf(document: unknown): iam.PolicyStatement[] | undefined {
  const isPlain = document instanceof iam.PolicyDocument && Object.getPrototypeOf(document) === iam.PolicyDocument.prototype && !Object.hasOwn(document, 'resolve');
  return isPlain ? (document as unknown as { statements?: iam.PolicyStatement[] }).statements : undefined;
}

/** Whether statements cannot fill the quota together with those of the guardrails, which take less than half of it. */
function isSurelySmall(statements: StatementJson[]): boolean {
  const text = JSON.stringify(statements);
  return text.length < BUCKET_POLICY_QUOTA / 4 && !/<unresolved|#\{Token/.test(text); // a list token may stand for any number of values
}

interface PolicyJson {
  readonly Statement?: StatementJson | StatementJson[];
}

function oversize(document: PolicyJson): Refusal[] {
  const size = smallestPolicySize(document);
  return size <= BUCKET_POLICY_QUOTA ? [] : [{
    problem: `the bucket policy takes at least ${size.toLocaleString('en')} bytes, and S3 accepts ${BUCKET_POLICY_QUOTA.toLocaleString('en')}.`,
    remedy: 'Give consumers a SharedDatasetAccessPoint, whose policy is its own, or merge statements that differ in one value.',
  }];
}

const GUARDED_OF_STACK = new WeakMap<Stack, Set<GuardedBucket>>();
const WRITTEN = new WeakMap<IConstruct, BucketPolicies>();

/** Judges all guarded buckets of a stack together. */
function validateWithStack(bucket: GuardedBucket): void {
  const companions = GUARDED_OF_STACK.get(bucket.stack);
  if (companions) {
    companions.add(bucket);
    return;
  }
  const buckets = new Set([bucket]);
  GUARDED_OF_STACK.set(bucket.stack, buckets);
  const written = policiesAround(bucket.stack);
  bucket.stack.node.addValidation({ validate: () => [...buckets].flatMap((guarded) => guarded.problems(written())) });
}

const STAGES = new WeakSet<IConstruct>();

/** One look at the construct tree for all that is synthesized together, at its first question. */
function policiesAround(stack: Stack): () => BucketPolicies {
  const stage = Stage.of(stack) ?? stack.node.root;
  if (!STAGES.has(stage)) {
    STAGES.add(stage);
    stage.node.addValidation({
      validate: () => {
        WRITTEN.delete(stage); // a stage is validated before its stacks: it begins anew
        return [];
      },
    });
  }
  return () => {
    const written = WRITTEN.get(stage) ?? new BucketPolicies(stack.node.root);
    WRITTEN.set(stage, written);
    return written;
  };
}

function competingPolicies(policies: WrittenPolicy[]): Refusal {
  return {
    problem: `the app writes ${policies.length} bucket policies (${policies.map(({ resource: { node } }) => `'${node.path}'`).join(', ')}), and the last to be deployed replaces the others.`,
    remedy: "Keep one: add statements with the bucket's 'addToResourcePolicy'.",
  };
}

/** Everything that is deployed together with a construct. */
function surroundings(construct: IConstruct): IConstruct[] {
  return (Stage.of(construct) ?? construct.node.root).node.findAll();
}

function ownerOf(construct: IConstruct): IConstruct | undefined {
  const parent = construct.node.scope;
  return parent?.node.defaultChild === construct ? parent : undefined;
}

/** The bucket of this app that a policy belongs to. */
function bucketOf(policy: s3.CfnBucketPolicy): s3.CfnBucket | undefined {
  const bucket = Tokenization.reverse(policy.bucket);
  if (Reference.isReference(bucket)) {
    return s3.CfnBucket.isCfnBucket(bucket.target) ? bucket.target : undefined;
  }
  const named = (candidate: IConstruct) => s3.CfnBucket.isCfnBucket(candidate) && candidate.bucketName === policy.bucket;
  return surroundings(policy).find(named) as s3.CfnBucket | undefined; // bucket names are unique in a partition
}
