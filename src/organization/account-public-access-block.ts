import { CustomResource, Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HANDLER, HANDLER_ACTIONS } from './account-public-access-block-handler';
import { pathOf, refuseAll } from '../refusal';

const RESOURCE_TYPE = 'Custom::AccountPublicAccessBlock';

/** The path of the role of the handler: the same in all accounts, so that a service control policy can spare it. */
const ROLE_PATH = '/cdk-secure-bucket/account-public-access-block/';

/**
 * Blocks public access to all buckets of an account, whatever the Region: turns on all four settings of the account, for which CloudFormation has no resource.
 *
 * Its function is written out in the template, so that it works in StackSets and in customizations of Control Tower, and needs no bucket for assets. It reads
 * first, and writes only if something is off. If S3 refuses the write, because a policy of the organization manages the settings, it succeeds only if all
 * four are on; otherwise the deployment fails and says why. Deleting the construct leaves the settings as they are.
 *
 * One an account. Where Control Tower, a landing zone or an `OrganizationPublicAccessBlock` owns the settings of the account, leave it out.
 *
 * Guide, Section 4.2.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
 */
export class AccountPublicAccessBlock extends Construct {
  /** The role of the function. Its path is `/cdk-secure-bucket/account-public-access-block/`. */
  public readonly role: iam.IRole;

  /** @throws ValidationError if there is one of the same account in the app already */
  constructor(scope: Construct, id: string) {
    refuseSecond(scope, id);
    super(scope, id);
    const role = handlerRole(this);
    this.role = role;
    const handler = new lambda.Function(this, 'Handler', {
      description: 'Turns on Block Public Access of the account.',
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(HANDLER),
      timeout: Duration.minutes(2),
      role,
    });
    const { account } = Stack.of(this);
    new CustomResource(this, 'Block', { resourceType: RESOURCE_TYPE, serviceToken: handler.functionArn, serviceTimeout: Duration.minutes(5), properties: { AccountId: account } });
  }
}

/** What is asked for is about the account: no resource can be named. The function writes no logs: CloudFormation shows what went wrong. */
function handlerRole(scope: Construct): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    path: ROLE_PATH,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { PublicAccessBlock: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: HANDLER_ACTIONS, resources: ['*'] })] }) },
  });
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: 'These actions are about the account, and have no resource.' });
  return role;
}

/** Two of one account would be owners of the same settings. */
function refuseSecond(scope: Construct, id: string): void {
  const { account } = Stack.of(scope);
  const same = scope.node.root.node.findAll().find((other) => other instanceof AccountPublicAccessBlock
    && Stack.of(other).account === account && (!Token.isUnresolved(account) || Stack.of(other) === Stack.of(scope)));
  refuseAll(scope, 'SecondAccountPublicAccessBlock', same ? [{
    problem: `'${same.node.path}' turns on Block Public Access of the same account.`,
    remedy: 'Keep one of them.',
  }] : [], pathOf(scope, id));
}
