import { Bucket, Inventory } from '../../access/inventory';
import { LogDelivery } from '../../access/log-deliveries';
import { LOAD_BALANCER, LogPrincipals, NETWORK_LOAD_BALANCER, redshift } from '../../aws/log-principals';
import { mayNotWrite } from '../../guarantees/deliveries';
import { UNKNOWN_REGION } from '../../policy/unknown-text';
import { RequestDescription } from '../../proof/guarantee';
import { DeployedPolicy } from '../../template/deployed-policy';
import { Finding, found, notDecided } from '../finding';
import { withoutPolicy } from '../proven';

/** Whether those may write who are told to send their logs to a bucket. Services that write the policy themselves are not asked. */
export function judgePermissions(inventory: Inventory, bucket: Bucket): Finding[] {
  const sources = new Map(bucket.logs.flatMap((delivery) => {
    const principals = principalsOf(delivery);
    return principals && bucket.resource ? [[principals.services[0], { delivery, principals }] as const] : [];
  }));
  return [...sources.values()].flatMap(({ delivery, principals }) => judge(inventory, bucket, delivery, principals));
}

function principalsOf({ writer, source }: LogDelivery): LogPrincipals | undefined {
  switch (writer) {
    case 'load-balancer': return LOAD_BALANCER;
    case 'network-load-balancer': return NETWORK_LOAD_BALANCER;
    case 'redshift': return redshift(source.stack.region);
    default: return undefined;
  }
}

function judge(inventory: Inventory, bucket: Bucket, { source }: LogDelivery, principals: LogPrincipals): Finding[] {
  const problem = `Nothing allows ${principals.services[0]} to deliver the logs of '${source.path}'.`;
  const remedy = `Allow ${principals.services[0]} to put objects in the bucket policy, confined by 'aws:SourceAccount' or 'aws:SourceArn' where the service sends them. See ${principals.see}`;
  if (bucket.policies.length === 0) {
    return withoutPolicy(inventory, bucket, problem, remedy);
  }
  const verdicts = bucket.policies.flatMap((document) => (document.policy ? verdictsOn(inventory, bucket, document, principals, source.stack.region) : [undefined]));
  return verdicts.includes(true) ? [] : [verdicts.includes(undefined) ? notDecided(bucket.site, `Whether something allows ${principals.services[0]} to deliver the logs of '${source.path}' is not decided.`) : found(bucket.site, problem, remedy)];
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
