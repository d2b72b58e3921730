import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { delegateActions } from './access-point-delegation';
import { ConsumerIdentity, consumerIdentity } from './consumer';
import { addToConsumer, attachToConsumer } from './consumer-side';
import { CROSS_ACCOUNT_GRANT, CrossAccountGrantProps } from './cross-account-grant-props';
import { KeyPolicyScope } from './key-policy-scope';
import { trustsItsAccount } from './key-trust';
import { Member, MergedStatement } from './merged-statement';
import { grantElsewhere } from './multi-region-access-point';
import { keyArnIn, known } from './names';
import { strayPrefixes, unusablePrefixes, unusablePrefixesAtEnd, warnOfOpenPrefixes } from './prefixes';
import { PrincipalBinding } from './principal-binding';
import { dataStatements, keyStatements } from './share-statements';
import { areKeysKnown, sharedAccessPoint, sharedBucket, SharedData, SharedKey, sharedKeys, sharedMultiRegionAccessPoint, watchKeyPolicy } from './shared-data';
import { canFollow, follow } from './stack-order';
import { consumerProblems, isForeign } from './verify-consumer';
import { isOfferedInEachRegion } from '../aws/multi-region-operations';
import { refuseWrongProps } from '../prop-types';
import { orRemoved, Refusal, refuseAll, refusedBy } from '../refusal';
import { handOver, handOverWithWarning } from '../statements/hand-over';
import { warn } from '../warning';

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

  /**
   * What the policy of the key must be made to allow by hand; empty if this app writes it. Behind a multi-Region access point, the
   * statements are of several keys, each for the one whose Region and bucket they name; an output each tells which.
   */
  public readonly keyPolicy: iam.PolicyDocument;

  /**
   * Whom policies name for it, of which bucket or key.
   *
   * @internal
   */
  public readonly _shares: Share[] = [];

  private readonly props: CrossAccountGrantProps;
  private readonly data: SharedData;
  private readonly keys: readonly SharedKey[];
  private readonly handedOverData: HandedOver = new Set();
  private readonly handedOverKeys = new Map<SharedKey, HandedOver>();

  /**
   * @throws ValidationError if there is nothing to share or nobody to share it with, a consumer or prefix is unusable, or a
   * side could never work: accounts or names that are not known, an AWS managed key. Nothing is written then.
   */
  constructor(scope: Construct, id: string, props: CrossAccountGrantProps) {
    refuseWrongProps(scope, id, props, CROSS_ACCOUNT_GRANT);
    super(scope, id);
    const ownPrefixes = (props.accessPoint ?? props.multiRegionAccessPoint)?.prefixes;
    const prefixes = props.prefixes ?? ownPrefixes;
    this.props = { ...props, prefixes: prefixes && [...new Set(prefixes)] };
    const { data, keys, consumers } = orRemoved(this, () => this.verified(ownPrefixes));
    this.data = data;
    this.keys = props.access._keyActions.length > 0 ? keys : [];

    this.consumerPolicy = new iam.PolicyDocument({ statements: this.consumerStatements(Stack.of(this), { withSids: true }) });
    delegateActions(data.resource, this.dataStatementsIn(Stack.of(data.resource)).flatMap(({ actions = [] }) => actions));
    const handedOver = consumers.filter((consumer) => !this.share(consumer));
    this.dataPolicy = new iam.PolicyDocument({ statements: [...this.handedOverData] });
    this.keyPolicy = new iam.PolicyDocument({ statements: [...this.handedOverKeys.values()].flatMap((statements) => [...statements]) });
    this.handOver(handedOver);
    this.keys.forEach(({ key }) => watchKeyPolicy(key));
    this.warnOfUnknownKey(keys);
    this.node.addValidation({ validate: () => unusablePrefixesAtEnd(this, this.props.prefixes, ownPrefixes) });
  }

  /** What is shared and with whom, once it is certain that all sides can be written. */
  private verified(ownPrefixes: string[] | undefined): { data: SharedData; keys: SharedKey[]; consumers: ConsumerIdentity[] } {
    const { access, encryptionKey, prefixes } = this.props;
    const [data, ...others] = this.sharedData();
    const isClear = data !== undefined && others.length === 0;
    const badKey = isClear ? refusedBy(() => sharedKeys(this, data, encryptionKey)) : [];
    const keys = isClear && badKey.length === 0 ? sharedKeys(this, data, encryptionKey) : [];
    const used = access._keyActions.length > 0 ? keys : [];
    const grantees = [...(this.props.consumer ? [this.props.consumer] : []), ...(this.props.consumers ?? [])];
    const badGrantees = grantees.flatMap((consumer) => refusedBy(() => consumerIdentity(this, consumer)));
    const consumers = badGrantees.length === 0 ? grantees.map((consumer) => consumerIdentity(this, consumer)) : [];
    refuseAll(this, 'UnusableGrant', [
      ...(isClear ? [] : [{
        name: 'NothingShared', problem: "it is not clear what is shared: exactly one of 'bucket', 'accessPoint' and 'multiRegionAccessPoint' says it.", remedy: 'Pass one of them.',
      }]),
      ...(isClear ? this.multiRegionProblems() : []),
      ...badKey,
      ...unusablePrefixes(prefixes),
      ...strayPrefixes(prefixes ?? [], ownPrefixes),
      ...(isClear && prefixes?.length !== 0 && dataStatements(access, data.arnsIn(Stack.of(this)), prefixes ?? []).length === 0 ? [{
        name: 'NothingShared', problem: 'the list of multipart uploads cannot be confined to prefixes, and nothing else is shared.', remedy: "Leave 'prefixes' out, or share more.",
      }] : []),
      ...(grantees.length > 0 ? [] : [{ name: 'NoConsumer', problem: 'nobody is named with whom the data is shared.', remedy: "Pass a 'consumer', or several 'consumers'." }]),
      ...badGrantees,
      ...(isClear ? consumers.flatMap((consumer) => this.consumerProblems(consumer, data, used)) : []),
    ]);
    warnOfOpenPrefixes(this, prefixes);
    return { data: data!, keys, consumers };
  }

  private sharedData(): SharedData[] {
    const { bucket, accessPoint, multiRegionAccessPoint } = this.props;
    return [
      ...(bucket ? [sharedBucket(bucket)] : []),
      ...(accessPoint ? [sharedAccessPoint(accessPoint)] : []),
      ...(multiRegionAccessPoint ? [sharedMultiRegionAccessPoint(multiRegionAccessPoint)] : []),
    ];
  }

  private multiRegionProblems(): Refusal[] {
    const { access, encryptionKey, multiRegionAccessPoint } = this.props;
    const missing = access.actions.filter((action) => !isOfferedInEachRegion(action));
    return multiRegionAccessPoint === undefined ? [] : [
      ...(encryptionKey ? [{
        name: 'OneKeyOfSeveral', problem: "'encryptionKey' is one key, and every bucket behind a multi-Region access point has its own.", remedy: "Leave it out: the 'encryptionKey' of each bucket is used. Import buckets with theirs (Bucket.fromBucketAttributes).",
      }] : []),
      ...(missing.length > 0 ? [{
        name: 'NotOffered', problem: `multi-Region access points do not offer ${missing.join(', ')}.`, remedy: 'Share it of each bucket.',
      }] : []),
      ...grantElsewhere(this, multiRegionAccessPoint),
    ];
  }

  private consumerProblems(consumer: ConsumerIdentity, data: SharedData, keys: readonly SharedKey[]): Refusal[] {
    const { access, principalBinding } = this.props;
    const used = keys.map((key) => ({ ...key, isNeededInPolicy: isNeededInPolicyOf(key, access._keyActions, consumer, data) }));
    const namedBy = [
      ...(isForeign(consumer, data) ? [data.resource] : []),
      ...used.filter(({ isNeededInPolicy }) => isNeededInPolicy && this.keyPolicyScope() === 'consumers').map(({ key }) => key),
    ];
    return consumerProblems({ consumer, data, keys: used, namedBy, isBound: principalBinding === PrincipalBinding.PRINCIPAL });
  }

  /** Writes what one consumer needs. Returns whether its own policies are written too: in the bucket's account they are all it needs. */
  private share(consumer: ConsumerIdentity): boolean {
    if (isForeign(consumer, this.data)) {
      this.shareData(consumer);
    }
    const naming = this.keys.filter((key) => isNeededInPolicyOf(key, this.props.access._keyActions, consumer, this.data));
    naming.forEach((key) => this.shareKey(key, consumer));
    return this.writeConsumerSide(consumer, naming);
  }

  /** Keys whose policies name the consumer are deployed after it: it cannot refer to them. */
  private writeConsumerSide(consumer: ConsumerIdentity, naming: readonly SharedKey[]): boolean {
    const { principal } = consumer;
    if (principal === undefined || isForeign(consumer, this.data) || this.data.isExactIn(Stack.of(principal))) {
      return addToConsumer(consumer, (stack) => this.consumerStatements(stack, { withSids: false, naming }));
    }
    return attachToConsumer(this, consumer, this.consumerStatements(Stack.of(this), { withSids: false }));
  }

  /** The identity statements. Those that are handed over keep their Sids; those that join other statements have none. */
  private consumerStatements(stack: Stack, { withSids, naming = [] }: { withSids: boolean; naming?: readonly SharedKey[] }): iam.PolicyStatement[] {
    const statements = [
      ...this.dataStatementsIn(stack),
      ...this.keys.flatMap((shared, i) => withSidOf(i, keyStatements(this.props.access, keyArnIn(stack, shared.key, !naming.includes(shared)), shared.useIn(stack)))),
    ];
    return statements.map((props) => new iam.PolicyStatement(withSids ? props : { ...props, sid: undefined }));
  }

  private dataStatementsIn(stack: Stack): iam.PolicyStatementProps[] {
    return dataStatements(this.props.access, this.data.arnsIn(stack), this.props.prefixes ?? []);
  }

  private shareData(consumer: ConsumerIdentity): void {
    const { resource, buckets } = this.data;
    const member = this.memberFor(consumer, resource);
    this.admit(this.dataStatementsIn(Stack.of(resource)), resource, member, this.handedOverData);
    this._shares.push(...buckets.map(({ bucket }) => ({ of: bucket, member })));
  }

  private shareKey(shared: SharedKey, consumer: ConsumerIdentity): void {
    const { key, useIn } = shared;
    const member = this.keyMemberFor(consumer, key);
    const handedOver = this.handedOverKeys.get(shared) ?? new Set();
    this.handedOverKeys.set(shared, handedOver);
    this.admit(keyStatements(this.props.access, '*', useIn(Stack.of(key))), key, member, handedOver); // '*' is the key itself
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
    for (const [shared, statements] of this.handedOverKeys) {
      if (statements.size > 0) {
        const id = `KeyPolicy${numberOf(this.keys.indexOf(shared))}`;
        handOverWithWarning(this, id, new iam.PolicyDocument({ statements: [...statements] }), `the policy of key '${shared.key.node.path}'`, 'handedOverKeyPolicy');
      }
    }
  }

  private warnOfUnknownKey(keys: readonly SharedKey[]): void {
    if (!areKeysKnown(this.data, keys) && this.props.access._keyActions.length > 0) {
      const remedy = this.props.multiRegionAccessPoint ? "import its buckets with their 'encryptionKey'" : "pass 'encryptionKey'";
      warn(this, 'unknownKey', `it is not known how the data of '${this.data.resource.node.path}' is encrypted. If it is with a customer managed key, ${remedy}: without it, consumers may not decrypt.`);
    }
  }
}

/** Somebody who is named in the policy of a key, or in that of a bucket or of an access point of it. */
export interface Share {
  readonly of: s3.IBucket | kms.IKey;
  readonly member: Member;
}

/** Sids that differ from those of the keys before: a policy has each once. */
function withSidOf(i: number, statements: iam.PolicyStatementProps[]): iam.PolicyStatementProps[] {
  return statements.map((props) => ({ ...props, sid: `${props.sid}${numberOf(i)}` }));
}

function numberOf(i: number): string {
  return i === 0 ? '' : String(i + 1);
}

type WithPolicy = IConstruct & Pick<iam.IResourceWithPolicy, 'addToResourcePolicy'>;

/** Statements that stand in no policy of this app. */
type HandedOver = Set<iam.PolicyStatement>;

/** Whether a key's policy must allow a consumer: of another account than the key's, or of one whose policies the key does not trust. */
function isNeededInPolicyOf({ key }: SharedKey, actions: readonly string[], consumer: ConsumerIdentity, data: SharedData): boolean {
  const [owner, caller] = [key.env.account, consumer.account].map(known);
  const isOfAnother = owner !== undefined && caller !== undefined ? owner !== caller : isForeign(consumer, data);
  return isOfAnother || !trustsItsAccount(key, actions);
}
