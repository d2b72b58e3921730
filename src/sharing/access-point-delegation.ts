import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { DATASET_ACTIONS, DatasetAccess } from './dataset-access';
import { bucketArnIn, known } from './names';
import { keepStatement } from '../guardrails/kept-statements';
import { arnPattern, textPattern } from '../policy/pattern';
import { unscopedRefusal } from '../refusal';
import { handOverWithWarning } from '../statements/hand-over';

/**
 * To which access points a bucket delegates: what their policies allow, the bucket's policy lets through, as far as it is reading
 * or what grants and statements of access points made here ask for.
 *
 * The owner of an access point decides who uses it, and may make others: delegate to accounts that you trust with the whole bucket.
 *
 * Guide, Section 5.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control
 */
export class AccessPointDelegation {
  /** All access points of the accounts which own one in this app. */
  public static readonly ACCOUNT = new AccessPointDelegation({});

  /** Those of them that are bound to a VPC. */
  public static readonly VPC_ORIGIN = new AccessPointDelegation({ StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } });

  /**
   * Those whose ARN fits a pattern.
   *
   * @param pattern such as `arn:aws:s3:eu-west-1:111122223333:accesspoint/dataset-*`
   * @throws UnscopedValidationError if the pattern is not for access points of one account
   */
  public static arnPattern(pattern: string): AccessPointDelegation {
    if (!/^arn:[^:]+:s3:[^:]+:\d{12}:accesspoint\/.+$/.test(pattern)) {
      throw unscopedRefusal('UnusableDelegation', 'AccessPointDelegation', {
        problem: `'${pattern}' is no pattern for access points of one account.`,
        remedy: 'Write it such as arn:aws:s3:eu-west-1:111122223333:accesspoint/dataset-*.',
      });
    }
    return new AccessPointDelegation({ ArnLike: { 's3:DataAccessPointArn': pattern } });
  }

  private constructor(
    /** @internal */
    public readonly _conditions: Record<string, Record<string, string>>,
  ) {}

  /**
   * Why the bucket would let nothing through an access point, as far as that is known.
   *
   * @internal
   */
  public _whyNothingPasses(arn: string, isInVpc: boolean): string | undefined {
    const { 's3:DataAccessPointArn': pattern } = this._conditions.ArnLike ?? {};
    const here = known(ofAnyPartition(arn)); // the partition is not known at synthesis
    if (pattern !== undefined && here !== undefined && arnPattern(ofAnyPartition(pattern)).matches(here) === false) {
      return `the bucket would delegate to ${pattern} only, and this one is ${here}.`;
    }
    return this === AccessPointDelegation.VPC_ORIGIN && !isInVpc ? 'the bucket would delegate to access points of VPCs only, and this one has none.' : undefined;
  }
}

function ofAnyPartition(arn: string): string {
  return arn.replace(/^arn:[^:]+:/, 'arn:aws:');
}

/** The delegation of one kind that a bucket's policy has. */
interface Delegation {
  readonly statement: iam.PolicyStatement;

  /** What the statement in the bucket's policy is compared with at the end. */
  readonly kept?: iam.PolicyStatement;
  readonly accounts: Set<string>;
  readonly isAttached: boolean;
}

const DELEGATIONS = new WeakMap<s3.IBucket, Map<string, Delegation>>();
const DELEGATED_TO = new WeakMap<IConstruct, Delegation[]>();

/** For whom a bucket delegates. */
interface DelegationSite {
  /** The class of the access point, for errors. */
  readonly writer: string;

  /** The id of the output, where the bucket's policy is not this app's to write. */
  readonly outputId: string;
}

/** Lets a bucket delegate to the access points of an account, or hands over what its policy must be made to say. */
export function delegateOrHandOver(accessPoint: Construct, bucket: s3.IBucket, delegation: AccessPointDelegation, { writer, outputId }: DelegationSite): void {
  const { statement, isAttached } = delegateTo(accessPoint, bucket, delegation, writer);
  if (!isAttached) {
    handOverWithWarning(accessPoint, outputId, new iam.PolicyDocument({ statements: [statement] }), `the policy of bucket '${bucket.node.path}'`, 'handedOverDelegation');
  }
}

/** One statement, however many access points there are. */
function delegateTo(accessPoint: IConstruct, bucket: s3.IBucket, { _conditions: conditions }: AccessPointDelegation, writer: string): Delegation {
  const delegations = DELEGATIONS.get(bucket) ?? new Map<string, Delegation>();
  DELEGATIONS.set(bucket, delegations);
  const identity = JSON.stringify(conditions);
  const delegation = delegations.get(identity) ?? newDelegation(bucket, conditions, delegations.size, writer);
  delegations.set(identity, delegation);
  delegation.accounts.add(Stack.of(accessPoint).account);
  DELEGATED_TO.set(accessPoint, [...DELEGATED_TO.get(accessPoint) ?? [], delegation]);
  return delegation;
}

/** Lets the buckets behind an access point delegate these actions too. Access points that are not made here are left alone. */
export function delegateActions(accessPoint: IConstruct, actions: readonly string[]): void {
  const patterns = actions.map((action) => textPattern(action.toLowerCase()));
  const delegated = DATASET_ACTIONS.filter((action) => patterns.some(({ matches }) => matches(action.toLowerCase()) !== false));
  (DELEGATED_TO.get(accessPoint) ?? []).flatMap(({ statement, kept }) => [statement, kept]).forEach((each) => each?.addActions(...delegated));
}

function newDelegation(bucket: s3.IBucket, conditions: Record<string, Record<string, string>>, others: number, writer: string): Delegation {
  const accounts = new Set<string>();
  const arn = bucketArnIn(Stack.of(bucket), bucket);
  const statement = new iam.PolicyStatement({
    sid: `DelegateToAccessPoints${others === 0 ? '' : others + 1}`,
    principals: [new iam.AnyPrincipal()],
    actions: [...DatasetAccess.READ.actions],
    resources: [arn, `${arn}/*`],
    conditions: {
      ...conditions,
      StringEquals: { ...conditions.StringEquals, 's3:DataAccessPointAccount': Lazy.list({ produce: () => [...accounts] }) },
    },
  });
  const isAttached = bucket.addToResourcePolicy(statement).statementAdded;
  const kept = isAttached ? keepStatement(bucket, statement, writer) : undefined;
  return { statement, kept, accounts, isAttached };
}
