import { CallerKind, callerName } from './caller';
import { isMultiRegion, SIGNATURE_OF_REGIONS } from './in-each-region';
import type { Question } from './question';
import { ConditionKey, conditionKey } from '../aws/condition-keys';
import { own } from '../own';
import { jsonText } from '../policy/json';
import { arnSegments } from '../policy/pattern';
import { isUnknown, UNDETERMINED, UNKNOWN_ACCOUNT } from '../policy/unknown-text';

/** What is known of a condition key that the request does not give. */
export interface KeyFacts {
  /** Its values; absent if the request does not carry the key. */
  readonly values?: readonly string[];

  /** What is taken for granted, if it is. */
  readonly sentence?: string;

  /** Where the value can be given. */
  readonly givenBy?: string;
}

type Facts = (question: Question, key: string) => KeyFacts;

export const DOCUMENTATION_ADDRESS = '198.51.100.77'; // of the range for documentation, RFC 5737

const PRINCIPAL_TYPES: Readonly<Record<string, string>> = { 'role': 'AssumedRole', 'user': 'User', 'federated-user': 'FederatedUser', 'root': 'Account', 'anonymous': 'Anonymous' };

const FACTS: Readonly<Record<string, Facts>> = {
  'aws:principalarn': ({ caller: { principal } }) => ({ values: principal.kind === 'iam' ? [principal.arn] : undefined }),
  'aws:principalaccount': ({ caller: { kind, account } }) => ({ values: [kind === 'anonymous' ? 'anonymous' : account ?? UNDETERMINED] }), // AWS does not document that of a service
  'aws:principaltype': ({ caller: { kind } }) => ({ values: [PRINCIPAL_TYPES[kind] ?? UNDETERMINED] }),
  'aws:principalisawsservice': ({ caller }) => ({ values: caller.kind === 'anonymous' ? undefined : [String(caller.kind === 'service')] }),
  'aws:principalservicename': ({ caller: { principal } }) => ({ values: principal.kind === 'service' ? [principal.service] : undefined }),
  'aws:principalservicenameslist': ({ caller: { principal } }) => ({ values: principal.kind === 'service' ? [UNDETERMINED] : undefined }),
  'aws:principalorgid': ({ caller, model }) => organization(model.account(caller.account).organizationId, caller.account),
  'aws:principalorgpaths': ({ caller, model }) => organizationPath(model.account(caller.account), caller.account),
  'aws:resourceaccount': ({ bucket }) => resourceAccount(bucket.account),
  's3:resourceaccount': ({ bucket }) => resourceAccount(bucket.account),
  'aws:resourceorgid': ({ bucket, model }) => ({ ...organization(model.account(bucket.account).organizationId, bucket.account) }),
  'aws:resourceorgpaths': ({ bucket, model }) => organizationPath(model.account(bucket.account), bucket.account),
  'aws:username': ({ caller: { kind, identityArn } }) => ({ values: kind === 'user' ? [identityArn!.split('/').at(-1)!] : undefined }),
  'aws:userid': ({ caller: { kind, account } }) => ({ values: [kind === 'root' ? account! : kind === 'anonymous' ? 'anonymous' : UNDETERMINED] }),
  'aws:securetransport': () => ({ values: ['true'], sentence: 'The request comes over HTTPS.' }),
  's3:tlsversion': (question) => (question.value('aws:securetransport') !== 'true' ? {}
    : isMultiRegion(question.accessPoint?.arn) ? { values: ['1.2'], sentence: 'The request uses TLS 1.2.' } // https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
      : { values: ['1.3'], sentence: 'The request uses TLS 1.3.' }),
  's3:authtype': () => ({ values: ['REST-HEADER'], sentence: 'The signature stands in a header.' }),
  's3:signatureversion': ({ accessPoint }) => (isMultiRegion(accessPoint?.arn) ? { values: [SIGNATURE_OF_REGIONS], sentence: 'The request is signed with Signature Version 4A.' } : { values: ['AWS4-HMAC-SHA256'], sentence: 'The request is signed with Signature Version 4.' }),
  's3:signatureage': () => ({ values: ['0'], sentence: 'The request was signed just now.' }),
  'aws:viaawsservice': () => ({ values: ['false'], sentence: 'No AWS service makes the request for somebody else.' }),
  'aws:currenttime': () => ({ values: [new Date().toISOString()], sentence: 'The request is made now.' }),
  'aws:epochtime': () => ({ values: [String(Math.floor(Date.now() / 1000))], sentence: 'The request is made now.' }),
  'aws:requestedregion': ({ bucket, accessPoint }) => (isMultiRegion(accessPoint?.arn) ? { values: [UNDETERMINED] } : { values: [(accessPoint ? accessPoint.arn.split(':')[3] : bucket.region) ?? UNDETERMINED], sentence: 'The request goes to the Region of the bucket.' }),
  'aws:sourceip': ({ isThroughEndpoint, caller }) =>
    (isThroughEndpoint || caller.kind === 'service' ? {} : { values: [DOCUMENTATION_ADDRESS], sentence: `The request comes over the internet from ${DOCUMENTATION_ADDRESS}.` }),
  'aws:sourcevpce': ({ isThroughEndpoint, caller }) => (isThroughEndpoint ? { values: [UNDETERMINED], givenBy: 'context aws:SourceVpce' } : caller.kind === 'service' ? {} : { sentence: 'The request comes through no VPC endpoint.' }),
  'aws:sourcevpc': (question) => ofEndpoint(question, 'vpc'),
  'aws:vpceaccount': (question) => ofEndpoint(question, 'account'),
  'aws:vpceorgid': (question) => ofEndpointsOrganization(question, (account) => organization(question.model.account(account).organizationId, account)),
  'aws:vpceorgpaths': (question) => ofEndpointsOrganization(question, (account) => organizationPath(question.model.account(account), account)),
  's3:accessgrantsinstancearn': (question) => (mayBeVended(question) ? { values: [UNDETERMINED] } : {}),
  's3:dataaccesspointarn': ({ accessPoint }) => ({ values: accessPoint && [accessPoint.arn] }),
  's3:dataaccesspointaccount': ({ accessPoint }) => ({ values: accessPoint && [accessPoint.account] }),
  's3:accesspointnetworkorigin': ({ accessPoint }) => ({ values: accessPoint && [!accessPoint.isKnown && !accessPoint.resource ? UNDETERMINED : accessPoint.vpc ? 'VPC' : 'Internet'] }),
  'aws:sourceaccount': (question) => ofService(question, () => sourceAccount(question)),
  'aws:sourcearn': (question) => ofService(question, () => undefined),
  'aws:sourceowner': (question) => ofService(question, () => undefined),
  'aws:sourceorgid': (question) => ofService(question, () => organization(question.model.account(sourceAccount(question)).organizationId, sourceAccount(question)).values?.[0]),
  'aws:sourceorgpaths': (question) => ofService(question, () => undefined),
  'aws:calledvia': viaServices,
  'aws:calledviafirst': viaServices,
  'aws:calledvialast': viaServices,
};

/**
 * What is known of a condition key, in lower case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function keyFacts(question: Question, key: string): KeyFacts {
  const row = conditionKey(key);
  if (!key.includes(':') || !isCarriedBy(question.caller.kind, row?.callers) || isOfOtherServices(row)) {
    return {};
  }
  if (Object.hasOwn(FACTS, key)) {
    return FACTS[key](question, key);
  }
  if (key.startsWith('aws:principaltag/')) {
    return principalTag(question, key);
  }
  return isCallersChoice(key, row) ? { sentence: `The request does not carry '${key}'.` } : { values: [UNDETERMINED] };
}

function isCarriedBy(kind: CallerKind, callers: ConditionKey['callers']): boolean {
  switch (callers) {
    case 'iam': return kind !== 'anonymous' && kind !== 'service';
    case 'role': return kind === 'role';
    case 'tagged': return kind !== 'anonymous' && kind !== 'service' && kind !== 'root';
    case 'root': return kind === 'root';
    case 'service': return kind === 'service';
    case 'signed': return kind !== 'anonymous';
    default: return true;
  }
}

/** Whether neither S3 nor KMS is told the key. */
function isOfOtherServices(row: ConditionKey | undefined): boolean {
  return row?.actions?.some((action) => /^(?:s3|kms):/.test(action)) === false;
}

/** What a request does not carry unless it is said, since the caller writes it. What S3 writes in its requests to KMS is not the caller's. */
function isCallersChoice(key: string, row: ConditionKey | undefined): boolean {
  return (row?.subject === 'operation' && !key.startsWith('kms:')) || key === 'aws:referer';
}

/** S3 Access Grants vends sessions of roles that trust it, to grantees. Of a role that is not in the templates, it is not known. */
function mayBeVended({ caller, model }: Question): boolean {
  const role = caller.kind === 'role' ? model.identity(caller.identityArn!) : undefined;
  const trust = JSON.stringify(role?.property('AssumeRolePolicyDocument') ?? '');
  return caller.kind === 'role' && (role === undefined || isUnknown(trust) || /access-grants\.s3\.amazonaws\.com/.test(trust));
}

function organization(id: string | null | undefined, account: string | undefined): KeyFacts {
  if (account === undefined) {
    return {}; // services, and callers whom nobody knows, belong to none
  }
  return id === null ? {} : { values: [id ?? UNDETERMINED], givenBy: `accounts.${account}.organizationId` };
}

function organizationPath({ organizationId, organizationPath: path }: { organizationId?: string | null; organizationPath?: string }, account: string | undefined): KeyFacts {
  return organizationId === null || account === undefined ? {} : { values: [path ?? UNDETERMINED], givenBy: `accounts.${account}.organizationPath` };
}

function resourceAccount(account: string | undefined): KeyFacts {
  return { values: [account === undefined || account === UNKNOWN_ACCOUNT ? UNDETERMINED : account], givenBy: 'environment.account' };
}

function ofEndpoint({ endpointId, isThroughEndpoint, model }: Question, part: 'vpc' | 'account'): KeyFacts {
  if (endpointId === undefined) {
    return isThroughEndpoint ? { values: [UNDETERMINED], givenBy: 'context aws:SourceVpce' } : {};
  }
  const { resource, given } = model.endpoint(endpointId);
  const value = given?.[part] ?? (part === 'vpc' ? resource?.property('VpcId') : resource?.stack.account);
  return { values: [typeof value === 'string' && value !== UNKNOWN_ACCOUNT && !isUnknown(value) ? value : UNDETERMINED], givenBy: `endpoints.${endpointId}.${part}` };
}

function ofEndpointsOrganization(question: Question, facts: (account: string) => KeyFacts): KeyFacts {
  const { values } = ofEndpoint(question, 'account');
  return values === undefined || values[0] === UNDETERMINED ? { values } : facts(values[0]);
}

/** The account for which a service calls stands in the ARN of the resource for which it calls. */
function sourceAccount({ given }: Question): string | undefined {
  const account = given.get('aws:sourceaccount')?.[0] ?? arnSegments(given.get('aws:sourcearn')?.[0] ?? '')[4];
  return account && /^\d{12}$|^</.test(account) ? account : undefined;
}

function ofService({ caller }: Question, value: () => string | undefined): KeyFacts {
  return caller.kind === 'service' ? { values: [value() ?? UNDETERMINED] } : {};
}

function viaServices(question: Question): KeyFacts {
  return { values: question.value('aws:viaawsservice') === 'true' ? [UNDETERMINED] : undefined };
}

/** Tags of the user or role, and of the session, which may have others. */
function principalTag({ caller, model }: Question, key: string): KeyFacts {
  if (!['role', 'user'].includes(caller.kind)) {
    return caller.kind === 'federated-user' ? { values: [UNDETERMINED] } : {};
  }
  const name = key.slice('aws:principaltag/'.length);
  const resource = model.identity(caller.identityArn!);
  const given = own(model.given.principals, caller.identityArn)?.tags;
  const written: unknown = resource?.property('Tags');
  if (given === undefined && (!resource || (written !== undefined && !Array.isArray(written)))) {
    return { values: [UNDETERMINED], givenBy: `principals.${caller.identityArn}.tags` };
  }
  const tags: [string, unknown][] = [...(Array.isArray(written) ? written.map((tag): [string, unknown] => [jsonText(tag?.Key), tag?.Value]) : []), ...Object.entries(given ?? {})];
  const value = tags.filter(([tag]) => tag.toLowerCase() === name).at(-1)?.[1];
  const isKnown = !tags.some(([tag]) => isUnknown(tag)) && !isUnknown(jsonText(value));
  return { values: isKnown ? (typeof value === 'string' ? [value] : undefined) : [UNDETERMINED], sentence: `The session of ${callerName(caller)} has no tag '${name}' of its own.` };
}
