import { Bucket, Inventory } from './inventory';
import { AllowedBy, Keys, OrdinaryCall, roleCall } from './ordinary-calls';
import { ROLES_AT_WORK } from '../aws/service-roles';
import { DELIVERING_ACCOUNTS, filesOf } from '../aws/services';
import { demandedSources } from '../guarantees/deliveries';
import { ALGORITHM, KEY_ID } from '../guarantees/uploads';
import { Statement } from '../policy/document';
import { actionApplies } from '../policy/evaluate';
import { jsonText } from '../policy/json';
import { arnSegments } from '../policy/pattern';
import { iamPrincipal } from '../policy/request';
import { isUnknown, isUnknownBesideIds, UNDETERMINED } from '../policy/unknown-text';
import { Conditions } from '../proof/guarantee';
import { DeployedPolicy } from '../template/deployed-policy';
import { propertiesOf } from '../template/settings';

/** Which service may come where a policy does not say which. */
const ANY_SERVICE = 'delivery.logs.amazonaws.com';

/** What services do on objects and buckets that let them in. */
const OF_OBJECTS = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'];
const OF_BUCKETS = ['s3:GetBucketAcl', 's3:ListBucket', 's3:GetBucketLocation'];

/** What AWS services do on a bucket that a template lets in: each of those that its policy allows, and logs that arrive by access control lists. */
export function serviceCalls(bucket: Bucket, document: DeployedPolicy): OrdinaryCall[] {
  const allowing = document.policy!.statements.filter(({ effect, principal }) => effect === 'Allow' && principal !== undefined);
  const allowed = allowing.flatMap((statement) => servicesIn(statement).flatMap((service) => callsOf(service, statement, bucket, document)));
  const acl = bucket.resource?.property('AccessControl');
  const isByLists = bucket.logs.length > 0 || (acl !== undefined && acl !== 'Private');
  const byLists = isByLists ? sourcesOf({}, bucket).map((source) => serviceCall(ANY_SERVICE, 's3:PutObject', `${bucket.facts.objects}any/object`, source, undefined, 'other-policies')) : [];
  return [...allowed, ...byLists];
}

/** Load balancers of older Regions deliver as an account of AWS, which is in nobody's organization and network. */
export function accountCalls({ facts, policies }: Bucket): OrdinaryCall[] {
  const members = policies.flatMap(({ policy }) => policy?.statements ?? []).flatMap(({ effect, principal }) => (effect === 'Allow' && principal && !principal.isInverted ? principal.members : []));
  const accounts = [...new Set(members.flatMap(({ account }) => (account !== undefined && DELIVERING_ACCOUNTS.has(account) ? [account] : [])))];
  return accounts.map((account) => {
    const arn = `arn:${facts.partition}:iam::${account}:root`;
    return {
      name: arn,
      caller: { kind: 'root', principal: iamPrincipal(arn), account },
      action: 's3:PutObject',
      resource: `${facts.objects}any/object`,
      alternatives: [{ 'aws:PrincipalOrgID': null, 'aws:PrincipalOrgPaths': null, 's3:x-amz-acl': 'bucket-owner-full-control' }],
      allowedBy: 'other-policies',
    };
  });
}

/** What somebody does on a bucket by a role in the name of a service. */
export type RoleCall = OrdinaryCall & {
  /** For what, in a sentence about the role. */
  readonly what: string;
};

/** Uploads ask for no encryption, or for that of the bucket: one of these ways is enough. */
export function headersOfRoles({ key }: Bucket): Keys[] {
  const none: Keys = { [ALGORITHM]: null, [KEY_ID]: null, 's3:x-amz-acl': null };
  return [none, { ...none, [ALGORITHM]: 'AES256' }, { ...none, [ALGORITHM]: 'aws:kms', [KEY_ID]: key?.reference('Arn') ?? UNDETERMINED }];
}

/** What services do by roles of the deployment that work on a bucket. The accounts to which it is deployed are taken to be in one organization. */
export function roleCalls(inventory: Inventory, bucket: Bucket): RoleCall[] {
  const works = ROLES_AT_WORK.flatMap(({ type, works: worksOf }) => (
    inventory.deployment.ofType(type).flatMap((source) => worksOf(propertiesOf(source)).map((work) => ({ ...work, source })))
  ));
  const here = works.filter(({ bucket: named, source }) => (named === undefined ? source === bucket.resource : inventory.bucketNamed(named) === bucket));
  return here.flatMap(({ role, action, what, source }) => {
    const account = typeof role === 'string' ? arnSegments(role)[4] : undefined;
    const isOurs = account === bucket.facts.account || inventory.deployment.stacks.some((stack) => stack.account === account);
    const call = roleCall(jsonText(role), account ?? '', { name: jsonText(role), action, resource: `${bucket.facts.objects}any/object` });
    return account === undefined || isUnknown(account) ? [] : [{ ...call, belongsTo: isOurs ? call.belongsTo : undefined, what: `${what} ('${source.path}')` }];
  });
}

function servicesIn({ principal }: Statement): string[] {
  const { isInverted, members } = principal!;
  const known = members.filter(({ kind, text }) => kind === 'Service' && !isUnknown(text)).map(({ text }) => text);
  const isOpen = isInverted || members.some(({ isEveryone, text }) => isEveryone || isUnknownBesideIds(text));
  return isOpen ? [ANY_SERVICE] : known;
}

function callsOf(service: string, statement: Statement, bucket: Bucket, document: DeployedPolicy): OrdinaryCall[] {
  const { arn, objects } = bucket.facts;
  const conditions: Conditions = JSON.parse(document.textOf(statement)).Condition ?? {};
  const sources = demandedSources(conditions).flatMap((demanded) => sourcesOf(demanded, bucket));
  const object = firstObject(statement, objects);
  const isAllowed = (action: string) => actionApplies(statement, { action }) !== false;
  const works = [...OF_OBJECTS.filter(isAllowed).slice(0, 1).map((action) => [action, object]), ...OF_BUCKETS.filter(isAllowed).slice(0, 1).map((action) => [action, arn])];
  return works.flatMap(([action, resource]) => sources.map((source) => serviceCall(service, action, resource, source, bucket.key?.reference('Arn'), 'this-or-nobody')));
}

/** An object that a statement is about, as far as it can be told from its patterns. */
function firstObject({ resource }: Statement, objects: string): string {
  const written = resource?.isInverted ? [] : (resource?.members ?? []).map(({ text }) => text.source);
  const [beginning = objects] = written.filter((text) => text.startsWith(objects));
  return beginning.replace(/[*?]|\$\{[^}]*}/g, 'any') === objects ? `${objects}any/object` : beginning.replace(/[*?]|\$\{[^}]*}/g, 'any');
}

const NO_SOURCE: Keys = { 'aws:sourcearn': null, 'aws:sourceaccount': null, 'aws:sourceowner': null, 'aws:sourceorgid': null, 'aws:sourceorgpaths': null };

interface Source {
  readonly keys: Keys;

  /** Whether it is, at best, in the organization of the bucket. */
  readonly isOurs: boolean;
}

/** For what a service calls: what a statement demands; and for no account in particular, where it demands none. */
function sourcesOf(demanded: Conditions, { facts: { account } }: Bucket): Source[] {
  const keys = valuesOf(demanded);
  const ofArn = arnSegments(keys['aws:sourcearn'] ?? '')[4];
  const forAccount: Source = { keys: { 'aws:sourceaccount': ofArn && ofArn !== 'any' ? ofArn : account, ...keys }, isOurs: true };
  const isOpen = !Object.keys(keys).some((name) => /^aws:source(?:account|owner|orgid|orgpaths)$/.test(name));
  return [forAccount, ...(isOpen ? [{ keys: { ...NO_SOURCE, ...keys }, isOurs: false }] : [])];
}

/** Values that meet conditions. What is inverted, or compares with other keys, names none. */
function valuesOf(conditions: Conditions): Record<string, string> {
  const tests = Object.entries(conditions).filter(([operator]) => /^(?:String|Arn)(?:Equals|Like)/i.test(operator)).flatMap(([, keys]) => Object.entries(keys));
  const values = tests.map(([key, value]): [string, string] => [key.toLowerCase(), jsonText([value].flat()[0])]);
  return Object.fromEntries(values.filter(([, value]) => !value.includes('${')).map(([key, value]) => [key, value.replace(/[*?]/g, 'any')]));
}

function serviceCall(service: string, action: string, resource: string, { keys, isOurs }: Source, keyArn: string | undefined, allowedBy: AllowedBy): OrdinaryCall {
  const named: Keys = { 'aws:PrincipalServiceNamesList': service }; // and other names of the same service
  return {
    name: service,
    caller: { kind: 'service', principal: { kind: 'service', service } },
    action,
    resource,
    alternatives: action === 's3:PutObject' ? headersOf(service, keyArn).map((headers) => ({ ...named, ...keys, ...headers })) : [{ ...named, ...keys }],
    allowedBy,
    ...(isOurs ? { belongsTo: 'source' } : {}),
  };
}

/** What the uploads of a service may ask for; of a service of which nothing is known, nothing. */
function headersOf(service: string, keyArn: string | undefined): Keys[] {
  const files = filesOf(service).flatMap(({ encryption, asksFor = [], sendsAcl }) => {
    const acl: Keys = sendsAcl ? { 's3:x-amz-acl': 'bucket-owner-full-control' } : {};
    const asked = asksFor.map((algorithm): Keys => ({ [ALGORITHM]: algorithm, ...(algorithm === 'aws:kms' ? { [KEY_ID]: keyArn ?? UNDETERMINED } : {}), ...acl }));
    return [...(encryption === 'own' ? [] : [acl]), ...asked];
  });
  const distinct = [...new Map(files.map((keys) => [JSON.stringify(keys), keys])).values()];
  return distinct.length === 0 ? [{}] : distinct;
}
