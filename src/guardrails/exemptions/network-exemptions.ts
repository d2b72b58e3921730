import { IResolvable, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ExemptPrincipal } from './perimeter-exemption';
import { OtherRole, ServiceUsers, WorkingRole } from './service-users';
import { SERVICE_LINKED_ROLES } from '../../aws/service-roles';
import { Refusal } from '../../refusal';
import { warn } from '../../warning';
import { administratorArns, widePatterns } from '../administrators';
import { BucketUsers, DeploymentRole, executionRoleArn } from '../deployment-principals';
import { GuardedBucket } from '../guarded-bucket';

/** Whom a network perimeter lets through from wherever they call. */
export class NetworkExemptions {
  /** What was found while the app was prepared. */
  private readonly found = new WeakMap<GuardedBucket, ExemptPrincipal[]>();

  constructor(private readonly administrators?: iam.IPrincipal[]) {}

  /** Those who are exempt, as far as it is known: the roles of services and custom resources are found while the app is synthesized. */
  public of(bucket: GuardedBucket): ExemptPrincipal[] {
    return this.found.get(bucket) ?? this.among(bucket, rolesFor(bucket, BucketUsers.now(bucket.stack)));
  }

  /** The ARNs of those who are exempt, as a policy writes them. The CDK prepares an app once all that belongs to it is there; others may render the policy before. */
  public onceComplete(bucket: GuardedBucket): IResolvable {
    const [users, serviceUsers] = [BucketUsers.around.whenPrepared(bucket.stack), ServiceUsers.around.whenPrepared(bucket.stack)];
    return Lazy.uncachedAny({
      produce: ({ preparing }) => {
        if (preparing) {
          this.found.set(bucket, this.among(bucket, rolesFor(bucket, users(), serviceUsers())));
        }
        return this.of(bucket).map(({ arn }) => arn);
      },
    });
  }

  /** Roles that surely work on the bucket, and that its policy cannot name. */
  public lockedOut(bucket: GuardedBucket, around: BucketUsers): Refusal | undefined {
    const users = rolesFor(bucket, around).filter((role) => !isReachable(role, bucket)).map(({ user }) => `'${user.node.path}'`);
    return users.length === 0 ? undefined : {
      problem: `the network perimeter would lock out the ${users.length > 1 ? 'roles' : 'role'} of ${users.join(', ')}, which the bucket's policy cannot name.`,
      remedy: `Move ${users.length > 1 ? 'them' : 'it'} into the bucket's stack, or give ${users.length > 1 ? 'them roles with physical names' : 'it a role with a physical name'} ('roleName').`,
    };
  }

  /** Warns of roles that may work on the bucket, and that its policy cannot name; and of administrators whom a wide pattern names. */
  public warn(bucket: GuardedBucket): void {
    const working: WorkingRole[] = bucket.cfnBucket ? ServiceUsers.around.whenValidated(bucket.stack)().rolesFor(bucket.cfnBucket) : [];
    const users = working.filter((role) => !isReachable(role, bucket));
    if (users.length > 0) {
      warn(bucket.site, 'networkPerimeterMayLockOut', [
        `the network perimeter locks out the roles of ${pathsOf(users)}, which the bucket's policy cannot name, if they use the bucket.`,
        "Give them roles with physical names ('roleName'), or name their roles by 'exemptFromNetworkPerimeter' and acknowledge this warning.",
      ].join(' '));
    }
    const stopped = this.stoppedFor(bucket);
    if (stopped.length > 0) {
      warn(bucket.site, 'networkPerimeterMayLockOut', [
        `the network perimeter stops ${stopped.map(({ user, services }) => `${services.join(' and ')} with the role '${user.node.path}'`).join(', ')}, unless their requests come through the network.`,
        "Let the roles through by 'exemptFromNetworkPerimeter', or acknowledge this warning.",
      ].join(' '));
    }
    const shared = working.filter((role) => role.isShared && isReachable(role, bucket));
    if (shared.length > 0) {
      warn(bucket.site, 'wideNetworkExemption', [
        `the network perimeter lets through the roles of ${pathsOf(shared)} for the sake of AWS services, and others may take them on, too: people, functions, containers or instances in any network.`,
        'Give these roles of their own, or acknowledge this warning.',
      ].join(' '));
    }
    const wide = widePatterns([...administratorArns(this.administrators), ...bucket.exempted.flatMap(({ arn }) => arn)], bucket.stack);
    if (wide.length > 0) {
      warn(bucket.site, 'wideNetworkExemption', [
        `the network perimeter lets through whoever has a role or user whose name begins or ends like ${wide.map((arn) => `'${arn}'`).join(', ')}: whoever may make roles can make one.`,
        'Name single roles; of AWS IAM Identity Center name a permission set: role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_NAME_*.',
      ].join(' '));
    }
  }

  /** Roles with which other services work, and that nobody lets through. */
  private stoppedFor(bucket: GuardedBucket): OtherRole[] {
    const others = bucket.cfnBucket ? ServiceUsers.around.whenValidated(bucket.stack)().othersFor(bucket.cfnBucket) : [];
    if (others.length === 0) {
      return [];
    }
    const written = (arn: unknown) => JSON.stringify(bucket.stack.resolve(arn));
    const exempt = new Set(this.of(bucket).map(({ arn }) => written(arn)));
    return others.filter(({ arn, user }) => ![arn, user.getAtt('Arn')].some((one) => exempt.has(written(one))));
  }

  private among(bucket: GuardedBucket, roles: DeploymentRole[]): ExemptPrincipal[] {
    const reachable = roles.filter((role) => isReachable(role, bucket));
    return unique([
      ...knownExempt(repairingStack(bucket), this.administrators),
      serviceLinkedRoles(bucket),
      ...bucket.exempted,
      ...reachable.map(({ arn, reason }) => ({ arn, reason })),
    ]);
  }
}

/** The stack whose deployments repair a bucket's policy. One of another account or Region is repaired by its owner there. */
export function repairingStack(bucket: GuardedBucket): Stack | undefined {
  return bucket.isElsewhere ? undefined : bucket.stack;
}

/** Who is exempt whatever the app adds later, and could repair the policy. */
export function knownExempt(stack: Stack | undefined, administrators: iam.IPrincipal[] = []): ExemptPrincipal[] {
  const executionRole = stack && executionRoleArn(stack);
  return [
    ...(executionRole ? [{ arn: executionRole, reason: 'CloudFormation deploys the stack with it' }] : []),
    ...administratorArns(administrators).map((arn) => ({ arn, reason: "it is one of the 'administrators'" })),
  ];
}

/** Access Analyzer, Config, GuardDuty, Macie and others look at the bucket with roles that only they can take on. */
function serviceLinkedRoles({ account, stack }: GuardedBucket): ExemptPrincipal {
  const arn = stack.formatArn({ service: 'iam', account, region: '', resource: 'role', resourceName: SERVICE_LINKED_ROLES });
  return { arn, reason: 'AWS services look after the account with their service-linked roles, which nobody else can take on' };
}

function rolesFor({ cfnBucket }: GuardedBucket, ...around: (BucketUsers | ServiceUsers)[]): DeploymentRole[] {
  return cfnBucket ? around.flatMap((users) => users.rolesFor(cfnBucket)) : [];
}

/** Whether the bucket's template can name a role: it is made in the same stack, or its full ARN is known. */
function isReachable({ arn, user }: DeploymentRole, bucket: GuardedBucket): boolean {
  return typeof arn === 'string' || (arn !== undefined && Stack.of(user) === bucket.stack);
}

function pathsOf(roles: readonly DeploymentRole[]): string {
  return [...new Set(roles.map(({ user }) => `'${user.node.path}'`))].join(', ');
}

function unique(exempt: ExemptPrincipal[]): ExemptPrincipal[] {
  return [...new Map(exempt.map((one) => [JSON.stringify(one.arn), one])).values()];
}
