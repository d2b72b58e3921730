import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DATASET_ACTIONS } from './dataset-access';
import { bucketArnIn } from './names';
import { unscopedRefusal } from '../refusal';

/**
 * To which access points a bucket delegates: what their policies allow, the bucket's policy lets through.
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
}

/** The delegation of one kind that a bucket's policy has. */
interface Delegation {
  readonly statement: iam.PolicyStatement;
  readonly accounts: Set<string>;
  readonly isAttached: boolean;
}

const DELEGATIONS = new WeakMap<s3.IBucket, Map<string, Delegation>>();

/** Lets a bucket delegate to the access points of an account: one statement, however many there are. */
export function delegateTo(account: string, bucket: s3.IBucket, { _conditions: conditions }: AccessPointDelegation): Delegation {
  const delegations = DELEGATIONS.get(bucket) ?? new Map<string, Delegation>();
  DELEGATIONS.set(bucket, delegations);
  const identity = JSON.stringify(conditions);
  const delegation = delegations.get(identity) ?? newDelegation(bucket, conditions, delegations.size);
  delegations.set(identity, delegation);
  delegation.accounts.add(account);
  return delegation;
}

function newDelegation(bucket: s3.IBucket, conditions: Record<string, Record<string, string>>, others: number): Delegation {
  const accounts = new Set<string>();
  const arn = bucketArnIn(Stack.of(bucket), bucket);
  const statement = new iam.PolicyStatement({
    sid: `DelegateToAccessPoints${others === 0 ? '' : others + 1}`,
    principals: [new iam.AnyPrincipal()],
    actions: [...DATASET_ACTIONS],
    resources: [arn, `${arn}/*`],
    conditions: {
      ...conditions,
      StringEquals: { ...conditions.StringEquals, 's3:DataAccessPointAccount': Lazy.list({ produce: () => [...accounts] }) },
    },
  });
  return { statement, accounts, isAttached: bucket.addToResourcePolicy(statement).statementAdded };
}
