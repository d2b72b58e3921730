import { stoppingDeny } from './stopping-deny';
import { Bucket, Inventory } from '../../access/inventory';
import { LogDelivery, LogWriter } from '../../access/log-deliveries';
import { provide } from '../../access/provide';
import { deliveryOf, principalsIn, serviceCallerOf } from '../../aws/services';
import { mayNotWrite } from '../../guarantees/deliveries';
import { UNKNOWN_REGION } from '../../policy/unknown-text';
import { RequestDescription } from '../../proof/guarantee';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { doubted, Finding, found } from '../finding';
import { withoutPolicy } from '../proven';

/** Whether those may write who are told to send their logs to a bucket. Services that write the policy themselves are not asked. */
export function judgePermissions(inventory: Inventory, bucket: Bucket): Finding[] {
  const sources = new Map(bucket.logs.flatMap((delivery) => {
    const principals = principalsOf(delivery);
    return principals && bucket.resource ? [[principals.services[0], { delivery, principals }] as const] : [];
  }));
  return [...sources.values()].flatMap(({ delivery, principals }) => judge(inventory, bucket, delivery, principals));
}

/** Who writes the logs: service principals, and in older Regions an account of AWS. */
interface LogPrincipals {
  readonly services: readonly string[];
  readonly accounts?: Readonly<Record<string, string>>;

  /** The page of the AWS documentation. */
  readonly see: string;
}

const ROWS: Partial<Record<LogWriter, string>> = {
  'load-balancer': 'application-load-balancer-logs',
  'network-load-balancer': 'network-load-balancer-logs',
  'redshift': 'redshift-audit-logs',
};

function principalsOf({ writer, source }: LogDelivery): LogPrincipals | undefined {
  const row = ROWS[writer];
  if (row === undefined) {
    return undefined;
  }
  const caller = serviceCallerOf(row);
  return { services: principalsIn(caller, source.stack.region), accounts: caller.accounts, see: deliveryOf(row).pages[0] };
}

function judge(inventory: Inventory, bucket: Bucket, { source }: LogDelivery, principals: LogPrincipals): Finding[] {
  const problem = `Nothing allows ${principals.services[0]} to deliver the logs of '${source.path}'.`;
  const remedy = `Allow ${principals.services[0]} to put objects in the bucket policy, confined by 'aws:SourceAccount' or 'aws:SourceArn' where the service sends them. See ${principals.see}`;
  if (bucket.policies.length === 0) {
    return withoutPolicy(inventory, bucket, problem, remedy);
  }
  const verdicts = bucket.policies.flatMap((document) => (document.policy ? verdictsOn(inventory, bucket, document, principals, source.stack.region) : [undefined]));
  if (verdicts.includes(true)) {
    return [];
  }
  if (verdicts.includes(undefined)) {
    return [open(bucket, problem, source, principals)];
  }
  const [service] = principals.services;
  const deny = stoppingDeny(inventory, bucket, { Principal: { Service: principals.services } });
  return [deny === undefined ? found(bucket.site, problem, remedy)
    : found(bucket.site, `The statement ${deny} stops ${service} from delivering the logs of '${source.path}'.`, `Let ${service} through: 'aws:PrincipalIsAWSService' is true where it delivers.`)];
}

/** Which account writes, where one does, depends on the Region. */
function open(bucket: Bucket, problem: string, source: DeployedResource, { accounts }: LogPrincipals): Finding {
  return accounts && source.stack.region === UNKNOWN_REGION
    ? doubted(bucket.site, problem, 'it depends on the Region, which is not known before deployment', provide('environment.region'))
    : doubted(bucket.site, problem);
}

/** Whether the policy of a bucket allows each of those who may write the logs to write something. */
function verdictsOn(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, { services, accounts = {} }: LogPrincipals, region: string): (boolean | undefined)[] {
  const callers: RequestDescription[] = services.map((service) => ({ Principal: { Service: service } }));
  const inRegion = region === UNKNOWN_REGION ? [...new Set(Object.values(accounts))] : accounts[region] ?? [];
  const ofAccounts: RequestDescription = { Condition: { StringEquals: { 'aws:PrincipalAccount': inRegion }, Bool: { 'aws:PrincipalIsAWSService': 'false' } } };
  const byAccount = inRegion.length === 0 ? [] : [allows(inventory, bucket, document, ofAccounts)].map((truth) => (truth && region === UNKNOWN_REGION ? undefined : truth));
  return [...callers.map((caller) => allows(inventory, bucket, document, caller)), ...byAccount, ...(namesOldUser(document) ? [undefined] : [])];
}

function allows(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, caller: RequestDescription): boolean | undefined {
  const { verdict } = inventory.prove(bucket, document, mayNotWrite(caller, bucket.facts));
  return verdict === 'not-decided' ? undefined : verdict === 'broken';
}

/** Redshift wrote as a user of an account of AWS before it wrote as a service. */
function namesOldUser({ policy }: DeployedPolicy): boolean {
  return policy!.statements.some(({ effect, principal }) => effect === 'Allow' && principal?.members.some(({ text }) => /:user\/logs$/.test(text)));
}
