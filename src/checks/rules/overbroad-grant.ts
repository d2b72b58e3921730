import { isForAnybody } from './public-allow';
import { areListsOn } from '../../access/bucket-settings';
import { Bucket, Inventory } from '../../access/inventory';
import { confinedByFolder } from '../../aws/services';
import { ADMINISTRATION, CONTROL, NO_ADMINISTRATION_BY_SERVICES, noForeignAdministration, noForeignLists, OBJECT_LISTS, servicesForNamedAccounts } from '../../guarantees/grants';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { isUnknown, readable, UNKNOWN_ACCOUNT } from '../../policy/unknown-text';
import { DeployedPolicy } from '../../template/deployed-policy';
import { doubted, Finding, found, notDecided, Rule } from '../finding';
import { proofsOfServices } from '../proven';

const REMEDY = 'Allow the actions that are needed, and no others; confine services by aws:SourceArn and aws:SourceAccount.';

/**
 * A deny beside a statement that the CDK writes by itself would have to stop services that do not say for whom they call, which may be the delivery
 * itself.
 */
const CONFINE = "Confine the service by 'aws:SourceArn' and 'aws:SourceAccount'. Where the CDK has written the statement: a TrailLogBucket for a trail, and an AccessLogBucket for load balancers, confine it. "
  + 'For what AWS documents no condition (Classic Load Balancers, Redshift), let the statement name the folder of the account (AWSLogs/<account>/*), where they write for that account alone.';

export const overbroadGrant: Rule = {
  id: 'OverbroadGrant',
  requirement: 'A bucket policy gives other accounts no administration of the bucket, and services only what they do for named accounts.',
  reason: 'Who may change the policy may do everything; a service that calls for anybody is a confused deputy.',
  severity: 'high',
  severityReason: 'Another account, or a service that calls for another account, can take the data now.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => bucket.policies.flatMap((document) => judge(inventory, bucket, document))),
};

function judge(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): Finding[] {
  const { resource, policy } = document;
  const ofServices = proofsOfServices(inventory, bucket, document, servicesForNamedAccounts);
  return (policy?.statements ?? []).filter(({ effect }) => effect === 'Allow').flatMap((statement) => {
    const name = statement.sid ? `'${statement.sid}'` : statement.path;
    const proof = ofServices.find((one) => one.statement === statement)?.proof;
    return [
      ...judgeAdministration(inventory, bucket, document, statement, name),
      ...judgeLists(inventory, bucket, document, statement, name),
      ...judgeService(inventory, bucket, document, statement, name),
      ...(proof?.verdict === 'broken' && !isConfinedByFolder(statement, bucket) && !isForAnybody(inventory, document, bucket.facts, statement) ? [found(resource, `The statement ${name} lets a service act for any account.`, CONFINE, proof.counterexample)] : []),
      ...(proof?.verdict === 'not-decided' ? [notDecided(resource, `Whether the statement ${name} lets a service act for any account is not decided: ${proof.reason}.`)] : []),
    ];
  });
}

function judgeAdministration(inventory: Inventory, { facts, site }: Bucket, document: DeployedPolicy, statement: Statement, name: string): Finding[] {
  const actions = ADMINISTRATION.filter((action) => actionApplies(statement, { action }) !== false);
  if (actions.length === 0) {
    return [];
  }
  const proof = inventory.proveAllow(statement, document, noForeignAdministration(facts), facts);
  const problem = `The statement ${name} lets others administer the bucket: ${shown(actions)}.`;
  const isCertain = site.stack.hasKnownAccount || statement.principal?.members.some(({ isEveryone }) => isEveryone);
  if ((proof.verdict === 'broken' && isCertain) || namesCanonicalUser(statement)) {
    return [found(document.resource, problem, REMEDY, proof.verdict === 'broken' ? proof.counterexample : undefined)];
  }
  return proof.verdict === 'holds' ? [] : [doubted(document.resource, problem)];
}

/** With the lists of objects, who may change them gives access past the policy. */
function judgeLists(inventory: Inventory, { facts, resource, site }: Bucket, document: DeployedPolicy, statement: Statement, name: string): Finding[] {
  const areOn = resource ? areListsOn(resource) : false;
  const actions = OBJECT_LISTS.filter((action) => actionApplies(statement, { action }) !== false);
  if (areOn === false || actions.length === 0) {
    return [];
  }
  const proof = inventory.proveAllow(statement, document, noForeignLists(facts), facts);
  const problem = `The statement ${name} lets another account give access to objects past the policy: ${shown(actions)}, and access control lists are on.`;
  if (proof.verdict === 'holds') {
    return [];
  }
  return [proof.verdict === 'broken' && areOn && site.stack.hasKnownAccount
    ? found(document.resource, problem, "Set 'ObjectOwnership' to 'BucketOwnerEnforced', or hold 's3:x-amz-acl' to 'bucket-owner-full-control'.", proof.counterexample)
    : doubted(document.resource, problem)];
}

/** Who is named may be a service: whether somebody who is not known is one, PublicAllow asks. */
function judgeService(inventory: Inventory, { facts }: Bucket, document: DeployedPolicy, statement: Statement, name: string): Finding[] {
  const services = (statement.principal?.isInverted ? [] : statement.principal?.members ?? []).filter(({ kind }) => kind === 'Service').map(({ text }) => readable(text));
  const actions = CONTROL.filter((action) => actionApplies(statement, { action }) !== false);
  if (services.length === 0 || actions.length === 0) {
    return [];
  }
  const proof = inventory.proveAllow(statement, document, NO_ADMINISTRATION_BY_SERVICES, facts);
  const problem = `The statement ${name} lets ${services.join(' and ')} administer the bucket: ${shown(actions)}.`;
  switch (proof.verdict) {
    case 'holds': return [];
    case 'broken': return [found(document.resource, problem, 'Allow the actions that the service needs, and no others: docs/services.md of this package has them.', proof.counterexample)];
    case 'not-decided': return [doubted(document.resource, problem, proof.reason)];
  }
}

/**
 * Whether services of which AWS documents no condition are confined by the folder of an account: into it they write for that account alone.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html
 */
function isConfinedByFolder({ principal, action, resource }: Statement, { facts: { arn, objects } }: Bucket): boolean {
  const services = principal?.members.map(({ kind, text }) => (kind === 'Service' && !isUnknown(text) ? confinedByFolder(text) : undefined)) ?? [];
  const isInFolder = (source: string) => source.startsWith(objects) && OWN_FOLDER.test(source.slice(objects.length));
  return services.length > 0 && !principal!.isInverted && !action.isInverted && resource !== undefined && !resource.isInverted
    && services.every((actions = []) => action.members.every(({ text }) => actions.some((one) => one.toLowerCase() === text.toLowerCase())))
    && resource.members.every(({ text: { source } }) => source === arn || isInFolder(source));
}

const OWN_FOLDER = new RegExp(`^(?:[^*?]*/)?AWSLogs/(?:\\d{12}|${UNKNOWN_ACCOUNT})/`);

/** A canonical user is an account that the policy does not tell. */
function namesCanonicalUser({ principal }: Statement): boolean {
  return principal?.members.some(({ kind }) => kind === 'CanonicalUser') ?? false;
}

function shown(actions: readonly string[]): string {
  const most = 6;
  return actions.length > most ? `${actions.slice(0, most).join(', ')} and ${actions.length - most} more` : actions.join(', ');
}
