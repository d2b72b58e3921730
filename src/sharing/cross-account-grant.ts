import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { delegateActions } from './access-point-delegation';
import { ConsumerIdentity, consumerIdentity } from './consumer';
import { DatasetAccess } from './dataset-access';
import { ACCESS_POINT, ISharedDatasetAccessPoint } from './dataset-access-point';
import { KEY_POLICY_SCOPE, KeyPolicyScope } from './key-policy-scope';
import { trustsItsAccount } from './key-trust';
import { Member, MergedStatement } from './merged-statement';
import { keyArnIn, known } from './names';
import { strayPrefixes, unusablePrefixes, unusablePrefixesAtEnd, warnOfOpenPrefixes } from './prefixes';
import { PrincipalBinding } from './principal-binding';
import { dataStatements, keyStatements } from './share-statements';
import { isMadeHere, sharedAccessPoint, sharedBucket, SharedData, SharedKey, sharedKey, watchKeyPolicy } from './shared-data';
import { canFollow, follow } from './stack-order';
import { consumerProblems, isForeign } from './verify-consumer';
import { BUCKET, having, KEY, listOf, oneOf, refuseWrongProps, required, TEXTS, TypesOf } from '../prop-types';
import { orRemoved, Refusal, refuseAll, refusedBy } from '../refusal';
import { handOver, handOverWithWarning } from '../statements/hand-over';
import { warn } from '../warning';

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
   * @default - everything in the bucket, or all that the access point is for
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

export const CONSUMER = having('a role, a user, a function or a Consumer', 'grantPrincipal');
export const DATASET_ACCESS = having('a DatasetAccess', 'actions', '_keyActions');

const TYPES: TypesOf<CrossAccountGrantProps> = {
  bucket: BUCKET,
  accessPoint: ACCESS_POINT,
  consumer: CONSUMER,
  consumers: listOf('consumers', CONSUMER),
  access: required(DATASET_ACCESS),
  prefixes: TEXTS,
  principalBinding: oneOf(PrincipalBinding),
  keyPolicyScope: KEY_POLICY_SCOPE,
  encryptionKey: KEY,
};

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

  /**
   * Whom policies name for it, of which bucket or key.
   *
   * @internal
   */
  public readonly _shares: Share[] = [];

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
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    const prefixes = props.prefixes ?? props.accessPoint?.prefixes;
    this.props = { ...props, prefixes: prefixes && [...new Set(prefixes)] };
    const { data, key, consumers } = orRemoved(this, () => this.verified());
    this.data = data;
    this.key = key && props.access._keyActions.length > 0 ? key : undefined;

    this.consumerPolicy = new iam.PolicyDocument({ statements: this.consumerStatements(Stack.of(this), { withSids: true, mayRefer: true }) });
    delegateActions(data.resource, this.dataStatementsIn(Stack.of(data.resource)).flatMap(({ actions = [] }) => actions));
    const handedOver = consumers.filter((consumer) => !this.share(consumer));
    this.dataPolicy = new iam.PolicyDocument({ statements: [...this.handedOverData] });
    this.keyPolicy = new iam.PolicyDocument({ statements: [...this.handedOverKey] });
    this.handOver(handedOver);
    if (this.key) {
      watchKeyPolicy(this.key.key);
    }
    this.warnOfUnknownKey(key);
    this.node.addValidation({ validate: () => unusablePrefixesAtEnd(this, this.props.prefixes, props.accessPoint?.prefixes) });
  }

  /** What is shared and with whom, once it is certain that all sides can be written. */
  private verified(): { data: SharedData; key?: SharedKey; consumers: ConsumerIdentity[] } {
    const { access, bucket, accessPoint, encryptionKey, prefixes, principalBinding } = this.props;
    const data = bucket && accessPoint ? undefined : (bucket && sharedBucket(bucket)) ?? (accessPoint && sharedAccessPoint(accessPoint));
    const badKey = data ? refusedBy(() => sharedKey(this, data, encryptionKey)) : [];
    const key = data && badKey.length === 0 ? sharedKey(this, data, encryptionKey) : undefined;
    const used = access._keyActions.length > 0 ? key : undefined;
    const grantees = [...(this.props.consumer ? [this.props.consumer] : []), ...(this.props.consumers ?? [])];
    const badGrantees = grantees.flatMap((consumer) => refusedBy(() => consumerIdentity(this, consumer)));
    const consumers = badGrantees.length === 0 ? grantees.map((consumer) => consumerIdentity(this, consumer)) : [];
    const sharing = (shared: SharedData, consumer: ConsumerIdentity): Refusal[] => {
      const isNeededInKey = isNeededInPolicyOf(used, access._keyActions, consumer, shared);
      const namedBy = [...(isForeign(consumer, shared) ? [shared.resource] : []), ...(used && isNeededInKey && this.keyPolicyScope() === 'consumers' ? [used.key] : [])];
      return consumerProblems({ consumer, data: shared, key: used, isNeededInKey, namedBy, isBound: principalBinding === PrincipalBinding.PRINCIPAL });
    };
    refuseAll(this, 'UnusableGrant', [
      ...(data ? [] : [{ name: 'NothingShared', problem: "it is not clear what is shared: exactly one of 'bucket' and 'accessPoint' says it.", remedy: 'Pass one of them.' }]),
      ...badKey,
      ...unusablePrefixes(prefixes),
      ...strayPrefixes(prefixes ?? [], accessPoint?.prefixes),
      ...(data && prefixes?.length !== 0 && dataStatements(access, data.arnsIn(Stack.of(this)), prefixes ?? []).length === 0 ? [{
        name: 'NothingShared', problem: 'the list of multipart uploads cannot be confined to prefixes, and nothing else is shared.', remedy: "Leave 'prefixes' out, or share more.",
      }] : []),
      ...(grantees.length > 0 ? [] : [{ name: 'NoConsumer', problem: 'nobody is named with whom the data is shared.', remedy: "Pass a 'consumer', or several 'consumers'." }]),
      ...badGrantees,
      ...(data ? consumers.flatMap((consumer) => sharing(data, consumer)) : []),
    ]);
    warnOfOpenPrefixes(this, prefixes);
    return { data: data!, key, consumers };
  }

  /** Writes what one consumer needs. Returns whether its own policies are written too: in the bucket's account they are all it needs. */
  private share(consumer: ConsumerIdentity): boolean {
    if (isForeign(consumer, this.data)) {
      this.shareData(consumer);
    }
    const isNeededInKey = isNeededInPolicyOf(this.key, this.props.access._keyActions, consumer, this.data);
    if (this.key && isNeededInKey) {
      this.shareKey(this.key, consumer);
    }
    return this.attachToConsumer(consumer, !isNeededInKey);
  }

  private attachToConsumer({ principal, account }: ConsumerIdentity, mayRefer: boolean): boolean {
    if (principal === undefined || isImportedElsewhere(principal, account)) {
      return false;
    }
    const results = this.consumerStatements(Stack.of(principal), { withSids: false, mayRefer }).map((statement) => principal.addToPrincipalPolicy(statement));
    // An imported role of another account takes statements and drops them: it has no policy that anything could depend on.
    return results.every(({ statementAdded, policyDependable }) => statementAdded && (isMade(principal) || Construct.isConstruct(policyDependable)));
  }

  /** The identity statements. Those that are handed over keep their Sids; those that join other statements have none. */
  private consumerStatements(stack: Stack, { withSids, mayRefer }: { withSids: boolean; mayRefer: boolean }): iam.PolicyStatement[] {
    const statements = [
      ...this.dataStatementsIn(stack),
      ...(this.key ? keyStatements(this.props.access, keyArnIn(stack, this.key.key, mayRefer), this.key.useIn(stack)) : []),
    ];
    return statements.map((props) => new iam.PolicyStatement(withSids ? props : { ...props, sid: undefined }));
  }

  private dataStatementsIn(stack: Stack): iam.PolicyStatementProps[] {
    return dataStatements(this.props.access, this.data.arnsIn(stack), this.props.prefixes ?? []);
  }

  private shareData(consumer: ConsumerIdentity): void {
    const { resource, bucket } = this.data;
    const member = this.memberFor(consumer, resource);
    this.admit(this.dataStatementsIn(Stack.of(resource)), resource, member, this.handedOverData);
    this._shares.push(...(bucket ? [{ of: bucket, member }] : []));
  }

  private shareKey({ key, useIn }: SharedKey, consumer: ConsumerIdentity): void {
    const member = this.keyMemberFor(consumer, key);
    this.admit(keyStatements(this.props.access, '*', useIn(Stack.of(key))), key, member, this.handedOverKey); // '*' is the key itself
    this._shares.push({ of: key, member });
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

  /** How the policy of a resource names a consumer. If it names the role itself, it is deployed after it: a policy that names a role which does not exist yet is rejected. */
  private memberFor({ arn, account = '', resource }: ConsumerIdentity, namedBy: IConstruct): Member {
    if (arn === undefined) {
      return { kind: 'account', account };
    }
    const [here, there] = [Stack.of(namedBy), resource && Stack.of(resource)];
    const binding = this.props.principalBinding ?? (there === undefined || canFollow(here, there) ? PrincipalBinding.PRINCIPAL : PrincipalBinding.ACCOUNT);
    if (binding === PrincipalBinding.ACCOUNT) {
      return { kind: 'arn-in-account', account, arn };
    }
    if (there) {
      follow(here, there, `'${this.node.path}' names a role of it`);
    }
    return { kind: 'principal', arn };
  }

  private keyMemberFor(consumer: ConsumerIdentity, key: kms.IKey): Member {
    switch (this.keyPolicyScope()) {
      case 'consumers': return this.memberFor(consumer, key);
      case 'accounts': return { kind: 'account', account: consumer.account ?? '' };
      case 'organization': return { kind: 'organization', ids: this.props.keyPolicyScope!._organizationIds };
    }
  }

  private keyPolicyScope(): KeyPolicyScope['_kind'] {
    return (this.props.keyPolicyScope ?? KeyPolicyScope.CONSUMERS)._kind;
  }

  /** What a policy that others write must be made to allow; nothing to do if this app writes all. */
  private handOver(consumers: ConsumerIdentity[]): void {
    if (consumers.length > 0) {
      handOver(this, 'ConsumerPolicy', this.consumerPolicy, [`the policies of ${consumers.map(({ name }) => name).join(', ')}`]);
    }
    if (!this.dataPolicy.isEmpty) {
      handOverWithWarning(this, 'DataPolicy', this.dataPolicy, `the ${this.data.what} of '${this.data.resource.node.path}'`, 'handedOverDataPolicy');
    }
    if (!this.keyPolicy.isEmpty) {
      handOverWithWarning(this, 'KeyPolicy', this.keyPolicy, `the policy of key '${this.key?.key.node.path}'`, 'handedOverKeyPolicy');
    }
  }

  private warnOfUnknownKey(key: SharedKey | undefined): void {
    if (key === undefined && this.props.access._keyActions.length > 0 && !isMadeHere(this.data)) {
      warn(this, 'unknownKey', `it is not known how the data of '${this.data.resource.node.path}' is encrypted. If it is with a customer managed key, pass 'encryptionKey': without it, consumers may not decrypt.`);
    }
  }
}

/** Somebody who is named in the policy of a key, or in that of a bucket or of an access point of it. */
export interface Share {
  readonly of: s3.IBucket | kms.IKey;
  readonly member: Member;
}

type WithPolicy = IConstruct & Pick<iam.IResourceWithPolicy, 'addToResourcePolicy'>;

/** Statements that stand in no policy of this app. */
type HandedOver = Set<iam.PolicyStatement>;

/** Whether a key's policy must allow a consumer: of another account than the key's, or of one whose policies the key does not trust. */
function isNeededInPolicyOf(key: SharedKey | undefined, actions: readonly string[], consumer: ConsumerIdentity, data: SharedData): boolean {
  if (key === undefined) {
    return false;
  }
  const [owner, caller] = [key.key.env.account, consumer.account].map(known);
  const isOfAnother = owner !== undefined && caller !== undefined ? owner !== caller : isForeign(consumer, data);
  return isOfAnother || !trustsItsAccount(key.key, actions);
}

/** Whether the stack of an imported role or user is of another account: there, its policies would be given to somebody of the same name. */
function isImportedElsewhere(principal: IConstruct, account: string | undefined): boolean {
  const here = known(Stack.of(principal).account);
  return here !== undefined && known(account) !== undefined && here !== account;
}

function isMade(principal: IConstruct): boolean {
  return [iam.Role, iam.LazyRole, iam.User, iam.Group].some((kind) => principal instanceof kind);
}
