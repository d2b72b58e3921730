import { Lazy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DELIVERING_ACCOUNTS, principalIn, serviceCallerOf } from '../aws/services';

const CALLER = serviceCallerOf('application-load-balancer-logs');
const [LOAD_BALANCING, VENDED_LOGS] = [CALLER, serviceCallerOf('network-load-balancer-logs')].map((caller) => principalIn(caller, ''));
const DELIVERY = ['s3:PutObject', 's3:GetBucketAcl'];

/**
 * Confines what `logAccessLogs` and its like of the CDK's load balancers write into the policy of their log bucket: to the load balancers of the
 * accounts under whose name they deliver.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
 */
export class LoadBalancerLogs {
  private readonly sourceAccounts = new Set<string>();

  constructor(private readonly bucket: s3.Bucket) {}

  /**
   * The statements to be written for a statement of a bucket that is encrypted with KMS, to which Network Load Balancers alone deliver. They name
   * the accounts that are known by then, so that the policy of the key can name the same.
   */
  public confinedToNetworkLoadBalancers(statement: iam.PolicyStatement): iam.PolicyStatement[] {
    const [principal] = deliveringAsTheCdkWrites(statement);
    if (principal === undefined) {
      return [statement];
    }
    this.rememberAccounts(statement);
    if (principal === VENDED_LOGS) {
      const accounts = [...this.sourceAccounts];
      return [isConfined(statement) || accounts.length === 0 ? statement : this.byService(principal, statement, (text) => accounts.map(text))];
    }
    return isForOtherLoadBalancers(principal, statement) ? [] : [statement];
  }

  /** The statements to be written for a statement: itself, unless it is one without a name that lets load balancers deliver, as the CDK writes it. */
  public confined(statement: iam.PolicyStatement): iam.PolicyStatement[] {
    const [principal] = deliveringAsTheCdkWrites(statement);
    if (principal === undefined) {
      return [statement];
    }
    this.rememberAccounts(statement);
    const perAccount = (text: (account: string) => string) => Lazy.list({ produce: () => [...this.sourceAccounts].map(text) });
    if (DELIVERING_ACCOUNTS.has(principal)) {
      return [statement, ...(hasConditions(statement) ? [] : [this.byService(LOAD_BALANCING, statement, perAccount)])];
    }
    return [LOAD_BALANCING, VENDED_LOGS].includes(principal) && !isConfined(statement) ? [this.byService(principal, statement, perAccount)] : [statement];
  }

  /** Elastic Load Balancing is documented to tell the ARN of a load balancer, in which its account stands, and not the account beside it. */
  private byService(service: string, { actions, resources, conditions }: iam.PolicyStatement, perAccount: (text: (account: string) => string) => string[]): iam.PolicyStatement {
    const { partition, region } = Stack.of(this.bucket);
    const source = service === VENDED_LOGS ? {
      StringEquals: { ...conditions.StringEquals, 'aws:SourceAccount': perAccount((account) => account) },
      ArnLike: { 'aws:SourceArn': perAccount((account) => `arn:${partition}:logs:${region}:${account}:*`) },
    } : {
      ArnLike: { 'aws:SourceArn': perAccount((account) => `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/*`) },
    };
    return new iam.PolicyStatement({ principals: [new iam.ServicePrincipal(service)], actions, resources, conditions: { ...conditions, ...source } });
  }

  /** Load balancers deliver under the number of their account. */
  private rememberAccounts({ resources }: iam.PolicyStatement): void {
    resources.flatMap((resource) => /AWSLogs\/([^/*]+)\//.exec(resource)?.[1] ?? []).forEach((account) => this.sourceAccounts.add(account));
  }
}

/** Who may deliver by a statement, if it is one without a name, as the CDK's load balancers write it. */
function deliveringAsTheCdkWrites({ sid, effect, actions, principals }: iam.PolicyStatement): [principal?: string] {
  const names = principals.flatMap(nameOf);
  const isSuch = sid === undefined && effect === iam.Effect.ALLOW && names.length === 1 && actions.every((action) => DELIVERY.includes(action));
  return isSuch ? [names[0]] : [];
}

function hasConditions({ conditions }: iam.PolicyStatement): boolean {
  return Object.keys(conditions).length > 0;
}

/** Application and Classic Load Balancers deliver to buckets encrypted with SSE-S3 alone. */
function isForOtherLoadBalancers(principal: string, statement: iam.PolicyStatement): boolean {
  return (DELIVERING_ACCOUNTS.has(principal) || principal === LOAD_BALANCING) && !hasConditions(statement);
}

/** A service or an account by its name; any other principal as policies write it. */
function nameOf(principal: iam.IPrincipal): string[] {
  if (principal instanceof iam.ServicePrincipal) {
    return [principal.service];
  }
  return principal instanceof iam.AccountPrincipal ? [String(principal.accountId)] : Object.values(principal.policyFragment.principalJson).flat();
}

/** What is told later is confined by whoever tells it. */
function isConfined({ conditions }: iam.PolicyStatement): boolean {
  const isSource = (key: string) => /^aws:source(?:account|arn|orgid|orgpaths)$/i.test(key);
  return Object.values(conditions).some((tests) => Token.isUnresolved(tests) || Object.keys(tests as object).some(isSource));
}
