import { Bucket } from '../../access/inventory';
import { DELIVERING_ACCOUNTS } from '../../aws/services';
import { mentioned } from '../../guarantees/mentioned-values';
import { perimeterIntent, sparesSomebody } from '../../guarantees/perimeters';
import { contextOf } from '../../policy/context';
import { cautiousStatement, Statement } from '../../policy/document';
import { actionApplies, applies, resourceApplies } from '../../policy/evaluate';
import { iamPrincipal, PolicyRequest, requestSentence } from '../../policy/request';
import { Truth } from '../../policy/truth';
import { isUnknownBesideIds } from '../../policy/unknown-text';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { Finding, found, notDecided, Rule } from '../finding';


const WELL_BEHAVED = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:signatureAge': '0' };
const ADDRESS = '198.51.100.77'; // documentation range, RFC 5737

/** A perimeter must not shut out those without whom the bucket cannot work, or cannot be repaired. */
export const lockout: Rule = {
  id: 'Lockout',
  requirement: 'Perimeters let through AWS services that call by themselves, and the role that deploys the stack.',
  reason: 'Services come without organization and endpoint; a deploy role that is shut out cannot even repair the policy.',
  guide: '7.4',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  judgeBuckets: ({ buckets }) => buckets.flatMap((bucket) => bucket.policies.flatMap((document) => judge(bucket, document))),
};

function judge(bucket: Bucket, { resource, policy }: DeployedPolicy): Finding[] {
  const intent = perimeterIntent(policy ?? { statements: [] });
  const perimeter = [...new Set([...intent.network, ...intent.organization, ...intent.serviceSource])];
  return [
    ...(mayBeUsedByServices(bucket) ? judgeServices(bucket, resource, perimeter) : []),
    ...judgeDeliveringAccounts(bucket, resource, perimeter),
    ...judgeDeployment(bucket, resource, intent.network, policy?.statements ?? []),
  ];
}

function judgeServices(bucket: Bucket, resource: DeployedResource, perimeter: readonly Statement[]): Finding[] {
  const ofOrganizations = homes(perimeter).map((home) => serviceRequests(bucket, home));
  const pairs = ofOrganizations.map((requests) => firstPair(perimeter, requests, (truth) => truth === true));
  const [shutOut] = pairs;
  if (shutOut && pairs.every((pair) => pair !== undefined)) {
    return [found(
      resource,
      `The statement ${nameOf(shutOut.statement)} shuts out AWS services: delivery of logs, CloudFront, inventories fail.`,
      "Add 'BoolIfExists': {'aws:PrincipalIsAWSService': 'false'} to the statement; where it is about services, 'Null': {'aws:SourceAccount': 'false'}.",
      requestSentence(shutOut.request),
    )];
  }
  const doubtful = pairs.every((pair) => pair === undefined) ? firstPair(perimeter, ofOrganizations.flat(), (truth) => truth === undefined) : undefined;
  return doubtful ? [notDecided(resource, `Whether the statement ${nameOf(doubtful.statement)} shuts out AWS services is not known.`)] : [];
}

/** Load balancers of older Regions deliver as an account of AWS, which is in nobody's organization and network. */
function judgeDeliveringAccounts({ facts, policies }: Bucket, resource: DeployedResource, perimeter: readonly Statement[]): Finding[] {
  const members = policies.flatMap(({ policy }) => policy?.statements ?? []).flatMap(({ effect, principal }) => (effect === 'Allow' && principal && !principal.isInverted ? principal.members : []));
  const accounts = [...new Set(members.flatMap(({ account }) => (account !== undefined && DELIVERING_ACCOUNTS.has(account) ? [account] : [])))];
  const shutOut = firstPair(perimeter, accounts.map((account) => deliveryOfAccount(account, facts.objects)), (truth) => truth === true);
  return shutOut === undefined ? [] : [found(
    resource,
    `The statement ${nameOf(shutOut.statement)} shuts out an account of AWS with which Elastic Load Balancing delivers logs, and which the policy lets in.`,
    "Exempt the account by 'StringNotEquals' on 'aws:PrincipalAccount' in the statement itself.",
    requestSentence(shutOut.request),
  )];
}

function deliveryOfAccount(account: string, objects: string): PolicyRequest {
  const arn = `arn:aws:iam::${account}:root`;
  return {
    principal: iamPrincipal(arn),
    action: 's3:PutObject',
    resource: `${objects}any/object`,
    context: contextOf({
      ...WELL_BEHAVED,
      'aws:PrincipalArn': arn,
      'aws:PrincipalAccount': account,
      'aws:PrincipalIsAWSService': 'false',
      'aws:SourceIp': ADDRESS,
      'aws:ViaAWSService': 'false',
    }),
  };
}

/** Beside the network, a deny without a condition shuts out whoever could repair the policy; so does one that spares but some. */
function judgeDeployment(bucket: Bucket, resource: DeployedResource, network: readonly Statement[], statements: readonly Statement[]): Finding[] {
  const deployment = executionRequest(bucket, resource.stack.executionRoleArn);
  const others = statements.filter((statement) => statement.effect === 'Deny' && !network.includes(statement) && isAboutCallers(statement));
  const unrepairable = [
    ...network.filter((statement) => (deployment ? appliesTo(statement, deployment) === true : deniesEverywhere(statement, bucket) && !sparesSomebody([statement]))),
    ...others.filter((statement) => (deployment ? appliesTo(statement, deployment) === true : statement.conditions.length === 0 && deniesEverywhere(statement, bucket))),
  ];
  if (unrepairable.length > 0) {
    return [found(
      resource,
      `The statement ${nameOf(unrepairable[0])} shuts out ${deployment ? 'the role that deploys the stack' : 'everybody outside the network, and exempts nobody who could repair the policy'}.`,
      "Exempt the CloudFormation execution role by 'ArnNotLike' on 'aws:PrincipalArn' in the statement itself.",
      deployment && requestSentence(deployment),
    )];
  }
  const doubtful = deployment && network.find((statement) => appliesTo(statement, deployment) === undefined);
  return doubtful ? [notDecided(resource, `Whether the statement ${nameOf(doubtful)} shuts out the role that deploys the stack is not known.`)] : [];
}

/** Values that are not known before deployment may be those of the request. */
function appliesTo(statement: Statement, request: PolicyRequest): Truth {
  return applies(cautiousStatement(statement), request);
}

interface Pair {
  readonly statement: Statement;
  readonly request: PolicyRequest;
}

function firstPair(statements: readonly Statement[], requests: readonly PolicyRequest[], isWanted: (truth: Truth) => boolean): Pair | undefined {
  return statements.flatMap((statement) => requests.map((request) => ({ statement, request }))).find(({ statement, request }) => isWanted(appliesTo(statement, request)));
}

const CALLER_KEYS = ['aws:principalarn', 'aws:principalaccount', 'aws:principalisawsservice', 'aws:viaawsservice', 'aws:securetransport', 's3:tlsversion'];

/** Whether a deny depends on nothing but what is known of the role that deploys: its name, and that it is well behaved. */
function isAboutCallers({ conditions }: Statement): boolean {
  return conditions.every(({ key }) => CALLER_KEYS.includes(key));
}

/** Where in an organization the account of the bucket may be. */
interface Home {
  readonly organization?: string;
  readonly path?: string;
}

/** The account is in one of the organizations that the policy mentions; the policy does not say in which, and in what order it lists them says nothing. */
function homes(perimeter: readonly Statement[]): Home[] {
  const paths = [...new Set(mentioned(perimeter, 'aws:sourceorgpaths', 'aws:principalorgpaths'))].map((path) => path.replace(/[*?]/g, 'x'));
  const organizations = [...new Set([...mentioned(perimeter, 'aws:sourceorgid', 'aws:principalorgid'), ...paths.map((path) => path.split('/')[0])])];
  const possible = organizations.flatMap((organization): Home[] => {
    const within = paths.filter((path) => path.startsWith(`${organization}/`));
    return within.length > 0 ? within.map((path) => ({ organization, path })) : [{ organization }];
  });
  return possible.length > 0 ? possible : [{}];
}

/** Services need an Allow of the bucket's policy: where it lets none in, no deny shuts one out. Logs may be delivered by access control lists, too. */
function mayBeUsedByServices({ resource, policies, receivesLogs }: Bucket): boolean {
  const acl = resource?.property('AccessControl');
  return receivesLogs || (acl !== undefined && acl !== 'Private') || policies.some(({ policy }) => policy === undefined || policy.statements.some(admitsServices));
}

function admitsServices({ effect, principal }: Statement): boolean {
  return effect === 'Allow' && (principal === undefined || principal.isInverted || principal.members.some(({ kind, isEveryone, text }) => kind === 'Service' || isEveryone || isUnknownBesideIds(text)));
}

/** A service that delivers for this account, which is in the organization; and one that works for no account in particular. */
function serviceRequests({ facts }: Bucket, { organization, path }: Home): PolicyRequest[] {
  const forAccount = { 'aws:SourceAccount': facts.account, 'aws:SourceOrgID': organization, 'aws:SourceOrgPaths': path };
  return [forAccount, {}].map((source) => ({
    principal: { kind: 'service', service: 'delivery.logs.amazonaws.com' },
    action: 's3:PutObject',
    resource: `${facts.objects}any/object`,
    context: contextOf({
      ...WELL_BEHAVED,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'delivery.logs.amazonaws.com',
      'aws:ViaAWSService': 'false',
      ...source,
    }),
  }));
}

function executionRequest({ facts }: Bucket, executionRoleArn: string | undefined): PolicyRequest | undefined {
  return executionRoleArn === undefined ? undefined : {
    principal: iamPrincipal(executionRoleArn),
    action: 's3:PutBucketPolicy',
    resource: facts.arn,
    context: contextOf({
      ...WELL_BEHAVED,
      'aws:PrincipalArn': executionRoleArn,
      'aws:PrincipalAccount': facts.account,
      'aws:PrincipalIsAWSService': 'false',
      'aws:SourceIp': ADDRESS,
      'aws:ViaAWSService': 'false',
    }),
  };
}

/** Whether a deny binds the administration of the bucket at all. */
function deniesEverywhere(statement: Statement, { facts }: Bucket): boolean {
  const isForEverybody = statement.principal?.members.some(({ isEveryone }) => isEveryone) ?? false;
  return isForEverybody && actionApplies(statement, { action: 's3:PutBucketPolicy' }) === true && resourceApplies(statement, { resource: facts.arn, context: contextOf({}) }) !== false;
}

function nameOf({ sid, path }: Statement): string {
  return sid ? `'${sid}'` : path;
}
