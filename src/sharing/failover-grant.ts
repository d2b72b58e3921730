import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { ConsumerIdentity, consumerIdentity } from './consumer';
import { addToConsumer, attachToConsumer } from './consumer-side';
import { CONSUMER } from './cross-account-grant-props';
import { canReferTo, grantElsewhere, ISharedMultiRegionAccessPoint, MULTI_REGION_ACCESS_POINT } from './multi-region-access-point';
import { sharedMultiRegionAccessPoint } from './shared-data';
import { consumerProblems, isForeign } from './verify-consumer';
import { refuseWrongProps, required, TypesOf } from '../prop-types';
import { orRemoved, refuseAll } from '../refusal';
import { handOver } from '../statements/hand-over';

/**
 * Properties of `FailoverGrant`.
 */
export interface FailoverGrantProps {
  /** The access point whose requests are routed. */
  readonly multiRegionAccessPoint: ISharedMultiRegionAccessPoint;

  /** Who routes them: a role, user or function of the app, or an imported role, of the account of the access point. */
  readonly consumer: iam.IGrantable;
}

const TYPES: TypesOf<FailoverGrantProps> = { multiRegionAccessPoint: required(MULTI_REGION_ACCESS_POINT), consumer: required(CONSUMER) };

/**
 * Lets somebody see and change to which Regions a multi-Region access point sends requests. It gives no access to data.
 *
 * What this app cannot write is handed over: `consumerPolicy` says what to add, and an output of the stack repeats it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MrapFailover.html
 */
export class FailoverGrant extends Construct {
  /** What the consumer's own policies allow, or must be made to allow. */
  public readonly consumerPolicy: iam.PolicyDocument;

  /**
   * @throws ValidationError if the consumer is unusable or of another account, or the stack cannot refer to the access point
   */
  constructor(scope: Construct, id: string, props: FailoverGrantProps) {
    refuseWrongProps(scope, id, props, TYPES);
    super(scope, id);
    const { multiRegionAccessPoint } = props;
    const consumer = orRemoved(this, () => verified(this, props));
    const statements = (withSid: boolean) => [new iam.PolicyStatement({ sid: withSid ? 'RouteRequests' : undefined, actions: FAILOVER_ACTIONS, resources: [multiRegionAccessPoint.multiRegionAccessPointArn] })];
    this.consumerPolicy = new iam.PolicyDocument({ statements: statements(true) });
    const isNear = consumer.principal === undefined || canReferTo(Stack.of(consumer.principal), multiRegionAccessPoint);
    const isWritten = isNear ? addToConsumer(consumer, () => statements(false)) : attachToConsumer(this, consumer, statements(false));
    if (!isWritten) {
      handOver(this, 'ConsumerPolicy', this.consumerPolicy, [`the policies of ${consumer.name}`]);
    }
  }
}

/**
 * Both on the access point by its ARN.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const FAILOVER_ACTIONS = ['s3:GetMultiRegionAccessPointRoutes', 's3:SubmitMultiRegionAccessPointRoutes'];

function verified(site: IConstruct, { consumer: grantable, multiRegionAccessPoint }: FailoverGrantProps): ConsumerIdentity {
  const consumer = consumerIdentity(site, grantable);
  const data = sharedMultiRegionAccessPoint(multiRegionAccessPoint);
  const problems = consumerProblems({ consumer, data, keys: [], namedBy: [], isBound: false });
  refuseAll(site, 'UnusableGrant', [
    ...problems,
    ...(problems.length === 0 && isForeign(consumer, data) ? [{
      name: 'AnotherAccount',
      problem: `the consumer '${consumer.name}' is of another account than the access point, whose policy cannot let it route requests.`,
      remedy: 'Grant it to a role of the account of the access point, which the consumer may assume.',
    }] : []),
    ...grantElsewhere(site, multiRegionAccessPoint),
  ]);
  return consumer;
}
