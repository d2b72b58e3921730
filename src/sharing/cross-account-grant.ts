import { Annotations, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { ConsumerIdentity, consumerIdentity } from './consumer';
import { DatasetAccess } from './dataset-access';
import { ISharedDatasetAccessPoint } from './dataset-access-point';
import { handOver, handOverWithWarning } from './hand-over';
import { KeyPolicyScope } from './key-policy-scope';
import { Member, MergedStatement } from './merged-statement';
import { keyArnIn } from './names';
import { verifyPrefixes } from './prefixes';
import { PrincipalBinding } from './principal-binding';
import { dataStatements, keyStatements } from './share-statements';
import { isMadeHere, sharedAccessPoint, sharedBucket, SharedData, SharedKey, sharedKey, watchBucketPolicy, watchKeyPolicy } from './shared-data';
import { isForeign, verifyConsumer } from './verify-consumer';
import { Refusal, refusal } from '../refusal';

/**
 * Properties of `CrossAccountGrant`.
 */
export interface CrossAccountGrantProps {
  /**
   * The bucket that is shared.
   *
   * @default - the data behind `accessPoint` is shared
   */
  readonly bucket?: s3.IBucket;

  /**
   * The access point through which data is shared.
   *
   * @default - `bucket` is shared
   */
  readonly accessPoint?: ISharedDatasetAccessPoint;

  /**
   * Who gets the access: a role, user or function of this app (whatever its account, Region and stack), an imported role,
   * `Consumer.roleArn(…)` or `Consumer.account(…)`.
   *
   * @default - those in `consumers`
   */
  readonly consumer?: iam.IGrantable;

  /**
   * Several consumers that get the same access.
   *
   * @default - the one in `consumer`
   */
  readonly consumers?: iam.IGrantable[];

  /** What they may do. */
  readonly access: DatasetAccess;

  /**
   * The beginnings of the object keys that are shared, such as `reports/`. Listing is confined to them too.
   *
   * @default - everything
   */
  readonly prefixes?: string[];

  /**
   * How the policies of the bucket and of the key name a consumer's role or user.
   *
   * @default - PRINCIPAL where the stacks can be ordered so that the role exists first; else ACCOUNT
   */
  readonly principalBinding?: PrincipalBinding;

  /**
   * Whom the key's policy names.
   *
   * @default KeyPolicyScope.CONSUMERS
   */
  readonly keyPolicyScope?: KeyPolicyScope;

  /**
   * The key that encrypts the data.
   *
   * @default - the bucket's `encryptionKey`; an imported bucket may not know it
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Lets consumers of other accounts use data, on all three sides at once: in the policy of the bucket (or access point), in
 * the policies of the consumer, and in the policy of the KMS key. All are written from one list of actions, so they agree.
 *
 * The key is confined twice: to S3 of the bucket's Region, and to the data of this bucket. A consumer of the bucket's own
 * account gets only what it needs: its own policy.
 *
 * A side that this app cannot write is handed over: `consumerPolicy`, `dataPolicy` and `keyPolicy` say what to add, and an
 * output of the stack repeats it.
 *
 * Guide, Sections 8 and 11.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
 */
export class CrossAccountGrant extends Construct {
  /** What every consumer's own policies allow, or must be made to allow. */
  public readonly consumerPolicy: iam.PolicyDocument;

  /** What the policy of the bucket or access point must be made to allow by hand; empty if this app writes it. */
  public readonly dataPolicy: iam.PolicyDocument;

  /** What the policy of the key must be made to allow by hand; empty if this app writes it. */
  public readonly keyPolicy: iam.PolicyDocument;

  private readonly props: CrossAccountGrantProps;
  private readonly data: SharedData;
  private readonly key?: SharedKey;
  private readonly handedOverData: HandedOver = new Set();
  private readonly handedOverKey: HandedOver = new Set();

  /**
   * @throws ValidationError if there is nothing to share or nobody to share it with, a consumer or prefix is unusable, or a
   * side could never work: accounts or names that are not known, an AWS managed key. Nothing is written then.
   */
  constructor(scope: Construct, id: string, props: CrossAccountGrantProps) {
    super(scope, id);
    this.props = props;
    this.data = this.sharedData();
    const key = sharedKey(this, this.data, props.encryptionKey);
    const needsKey = props.access._keyActions.length > 0;
    this.key = needsKey ? key : undefined;
    verifyPrefixes(this, props.prefixes ?? []);
    const consumers = this.grantees().map((consumer) => consumerIdentity(this, consumer));
    consumers.forEach((consumer) => verifyConsumer(this, { consumer, data: this.data, isNamedInKey: this.mustNameInKey() }));

    this.consumerPolicy = new iam.PolicyDocument({ statements: this.consumerStatements(Stack.of(this), true) });
    const handedOver = consumers.filter((consumer) => !this.share(consumer));
    this.dataPolicy = new iam.PolicyDocument({ statements: [...this.handedOverData] });
    this.keyPolicy = new iam.PolicyDocument({ statements: [...this.handedOverKey] });
    this.handOver(handedOver);
    this.watchSizes();
    if (needsKey && key === undefined && !isMadeHere(this.data)) {
      Annotations.of(this).addWarningV2(
        'cdk-secure-bucket:unknownKey',
        `'${this.node.path}': it is not known how the data of '${this.data.resource.node.path}' is encrypted. If it is with a customer managed key, pass 'encryptionKey': without it, consumers may not decrypt.`,
      );
    }
  }

  private sharedData(): SharedData {
    const { bucket, accessPoint } = this.props;
    if ((bucket === undefined) === (accessPoint === undefined)) {
      throw this.refusal('NothingShared', { problem: "it is not clear what is shared: exactly one of 'bucket' and 'accessPoint' says it.", remedy: 'Pass one of them.' });
    }
    return bucket ? sharedBucket(bucket) : sharedAccessPoint(accessPoint!);
  }

  private grantees(): iam.IGrantable[] {
    const { consumer, consumers = [] } = this.props;
    const grantees = [...(consumer ? [consumer] : []), ...consumers];
    if (grantees.length === 0) {
      throw this.refusal('NoConsumer', { problem: 'nobody is named with whom the data is shared.', remedy: "Pass a 'consumer', or several 'consumers'." });
    }
    return grantees;
  }

  /** Writes what one consumer needs. Returns whether its own policies are written too: in the bucket's account they are all it needs. */
  private share(consumer: ConsumerIdentity): boolean {
    const foreign = isForeign(consumer, this.data);
    if (foreign) {
      this.shareData(consumer);
    }
    if (foreign || this.mustNameInKey()) {
      this.shareKey(consumer);
      this.order(consumer);
    }
    return this.attachToConsumer(consumer);
  }

  /** Whether policies of the key's own account cannot allow its use, as they can with the policies that the CDK makes. */
  private mustNameInKey(): boolean {
    return this.key !== undefined && (this.key.key as unknown as { trustAccountIdentities?: boolean }).trustAccountIdentities === false;
  }

  private attachToConsumer({ principal }: ConsumerIdentity): boolean {
    if (principal === undefined) {
      return false;
    }
    const results = this.consumerStatements(Stack.of(principal), false).map((statement) => principal.addToPrincipalPolicy(statement));
    // An imported role of another account takes statements and drops them: it has no policy that anything could depend on.
    return results.every(({ statementAdded, policyDependable }) => statementAdded && (isMade(principal) || Construct.isConstruct(policyDependable)));
  }

  /** The identity statements. Those that are handed over keep their Sids; those that join other statements have none. */
  private consumerStatements(stack: Stack, withSids: boolean): iam.PolicyStatement[] {
    const { access, prefixes = [] } = this.props;
    const statements = [
      ...dataStatements(access, this.data.arnsIn(stack), prefixes),
      ...(this.key ? keyStatements(access, keyArnIn(stack, this.key.key), this.key.useIn(stack)) : []),
    ];
    return statements.map((props) => new iam.PolicyStatement(withSids ? props : { ...props, sid: undefined }));
  }

  private shareData(consumer: ConsumerIdentity): void {
    const { resource } = this.data;
    const statements = dataStatements(this.props.access, this.data.arnsIn(Stack.of(resource)), this.props.prefixes ?? []);
    this.admit(statements, resource, this.memberFor(consumer), this.handedOverData);
  }

  private shareKey(consumer: ConsumerIdentity): void {
    if (this.key) {
      const { key } = this.key;
      this.admit(keyStatements(this.props.access, '*', this.key.useIn(Stack.of(key))), key, this.keyMemberFor(consumer), this.handedOverKey); // '*' is the key itself
    }
  }

  private admit(statements: iam.PolicyStatementProps[], resource: WithPolicy, member: Member, handedOver: HandedOver): void {
    for (const props of statements) {
      const shared = MergedStatement.on(resource, props, member.kind, (statement) => resource.addToResourcePolicy(statement).statementAdded);
      shared.admit(member);
      if (!shared.isAttached) {
        handedOver.add(shared.statement);
      }
    }
  }

  private memberFor(consumer: ConsumerIdentity): Member {
    const { arn, account } = consumer;
    if (arn === undefined) {
      return { kind: 'account', account };
    }
    return this.bindingFor(consumer) === PrincipalBinding.ACCOUNT ? { kind: 'arn-in-account', account, arn } : { kind: 'principal', arn };
  }

  private keyMemberFor(consumer: ConsumerIdentity): Member {
    const scope = this.props.keyPolicyScope ?? KeyPolicyScope.CONSUMERS;
    switch (scope._kind) {
      case 'consumers': return this.memberFor(consumer);
      case 'accounts': return { kind: 'account', account: consumer.account };
      case 'organization': return { kind: 'organization', ids: scope._organizationIds };
    }
  }

  private bindingFor({ resource }: ConsumerIdentity): PrincipalBinding {
    const [here, there] = [Stack.of(this.data.resource), resource && Stack.of(resource)];
    const canBeOrdered = there === undefined || (Stage.of(there) === Stage.of(here) && !dependsOn(there, here));
    return this.props.principalBinding ?? (canBeOrdered ? PrincipalBinding.PRINCIPAL : PrincipalBinding.ACCOUNT);
  }

  /** A policy that names a role which does not exist yet is rejected. */
  private order(consumer: ConsumerIdentity): void {
    if (consumer.resource === undefined || this.bindingFor(consumer) === PrincipalBinding.ACCOUNT) {
      return;
    }
    const there = Stack.of(consumer.resource);
    const here = new Set([this.data.resource, ...(this.key ? [this.key.key] : [])].map((resource) => Stack.of(resource)));
    here.forEach((stack) => stack === there || stack.addDependency(there, `'${this.node.path}' names a role of it`));
  }

  /** What a policy that others write must be made to allow; nothing to do if this app writes all. */
  private handOver(consumers: ConsumerIdentity[]): void {
    if (consumers.length > 0) {
      handOver(this, 'ConsumerPolicy', this.consumerPolicy, [`the policies of ${consumers.map(({ arn, account }) => arn ?? `account ${account}`).join(', ')}`]);
    }
    if (!this.dataPolicy.isEmpty) {
      handOverWithWarning(this, 'DataPolicy', this.dataPolicy, `the ${this.data.what} of '${this.data.resource.node.path}'`, 'handedOverDataPolicy');
    }
    if (!this.keyPolicy.isEmpty) {
      handOverWithWarning(this, 'KeyPolicy', this.keyPolicy, `the policy of key '${this.key?.key.node.path}'`, 'handedOverKeyPolicy');
    }
  }

  private watchSizes(): void {
    if (this.data.bucket) {
      watchBucketPolicy(this.data.bucket);
    }
    if (this.key) {
      watchKeyPolicy(this.key.key);
    }
  }

  private refusal(name: string, problem: Refusal) {
    return refusal(this, name, problem);
  }
}

type WithPolicy = IConstruct & Pick<iam.IResourceWithPolicy, 'addToResourcePolicy'>;

/** Statements that stand in no policy of this app. */
type HandedOver = Set<iam.PolicyStatement>;

function isMade(principal: IConstruct): boolean {
  return principal instanceof iam.Role || principal instanceof iam.User;
}

function dependsOn(stack: Stack, other: Stack): boolean {
  return stack.dependencies.some((dependency) => dependency === other || dependsOn(dependency, other));
}

