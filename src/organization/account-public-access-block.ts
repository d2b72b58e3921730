import { CustomResource, Duration, Stack, Tags, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HANDLER, HANDLER_ACTIONS } from './account-public-access-block-handler';
import { refuseAnother } from './one-an-account';

const RESOURCE_TYPE = 'Custom::AccountPublicAccessBlock';

/** The path of the role of the handler: the same in all accounts, so that a service control policy can spare it. */
export const ROLE_PATH = '/cdk-secure-bucket/account-public-access-block/';

/** The tag of the function, by which a service control policy knows it: whoever changes its code works with its role. */
export const HANDLER_TAG = { key: 'cdk-secure-bucket:handler', value: 'account-public-access-block' } as const;

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
    Tags.of(handler).add(HANDLER_TAG.key, HANDLER_TAG.value);
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
  refuseAnother(scope, id, 'SecondAccountPublicAccessBlock', AccountPublicAccessBlock, (path) => `'${path}' turns on Block Public Access of the same account.`);
}
