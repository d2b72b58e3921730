import { Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

const ID = 'CdkSecureBucketStackDrift';

/**
 * Has AWS Config tell when a stack differs from its template: one rule for all that want it of a stack, in that stack, since only there its id is known.
 *
 * Its role reads the settings of whatever is in the stack, and no objects.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/cloudformation-stack-drift-detection-check.html
 */
export class StackDrift extends Construct {
  /** The rule of a stack, made when it is asked for first. */
  public static of(stack: Stack): StackDrift {
    return stack.node.tryFindChild(ID) as StackDrift | undefined ?? new StackDrift(stack, ID);
  }

  public readonly rule: config.IRule;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const readOnly = iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('config.amazonaws.com'), managedPolicies: [readOnly] });
    const noObjects = new iam.PolicyStatement({ sid: 'NoObjects', effect: iam.Effect.DENY, actions: ['s3:GetObject*'], resources: ['*'] }); // in whatever form: torrents, versions, tags, lists of access
    new iam.ManagedPolicy(this, 'NoObjects', { statements: [noObjects], roles: [role] });
    this.rule = new config.CloudFormationStackDriftDetectionCheck(this, 'Rule', { ownStackOnly: true, role });
  }
}
