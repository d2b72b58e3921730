import { ACCESS_POINT_KEYS, accessPoints } from './access-points';
import { CALLER_KEYS, callers, OTHER_PRINCIPAL } from './callers';
import { connections, CONNECTION_KEYS } from './connection';
import * as network from './network';
import { bucketActions, keyActions, resources } from './operations';
import { ANY_OTHER_ACCOUNT, organizationChoices, places } from './organizations';
import { listOfNames, namesListedBy, otherKey, VERSION } from './other-keys';
import { isOfPlatforms } from './platforms';
import { SIGNING_KEYS, signings } from './signing';
import { SOURCE_KEYS, sources } from './sources';
import { TIME_KEYS, times, WITH_SESSION, WITHOUT_SESSION } from './times';
import { UPLOAD_KEYS, uploadHeaders } from './upload-headers';
import { conditionKey, KeyCallers, mayCarry } from '../../aws/condition-keys';
import { isTextTest, Mentions } from '../mentions';
import { Choice, isAccessPoint, Link, Part, partOf, present, ResourceFacts } from '../part';

/** All requests to a resource, as far as what is mentioned can tell them apart. */
export interface World {
  readonly parts: readonly Part[];
  readonly links: () => readonly Link[];

  /** The account of the resource. */
  readonly owner: string;
}

/** Makes the world; parts that are known already and stay as they are may be taken from there. */
export type Requests = (mentions: Mentions, facts: ResourceFacts, known?: KnownParts) => World;

/** A part that was made before, if the guarantee at hand mentions nothing of it. */
export type KnownParts = (name: string, owns: (key: string) => boolean, isOfEntities: boolean) => Part | undefined;

/** Requests to a bucket or an access point. */
export const bucketRequests: Requests = (mentions, facts, known) => {
  const make = maker(mentions, known);
  return assembled(mentions, facts, make, [
    ...commonParts(mentions, facts, make, () => callers(mentions, facts), () => bucketActions(mentions)),
    make('signing', owner(SIGNING_KEYS), () => signings(mentions)),
    ...ifMentioned(mentions, UPLOAD_KEYS, (owns) => make('upload', owns, () => uploadHeaders(mentions, facts), true)),
    ...(isAccessPoint(facts) || mentions.has(...ACCESS_POINT_KEYS) || mentions.keys.some((key) => isTagOf('s3:accesspointtag/', key)) ? [make('access-point', owner(ACCESS_POINT_KEYS), () => accessPoints(mentions, facts), true)] : []),
  ], BUCKET_LINKS);
};

/**
 * Requests to a key. All of them are signed: nobody is anonymous.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html#signing-requests
 */
export const keyRequests: Requests = (mentions, facts, known) => {
  const make = maker(mentions, known);
  const signers = () => callers(mentions, facts).filter((caller) => caller.kind !== 'anonymous');
  return assembled(mentions, facts, make, commonParts(mentions, facts, make, signers, () => keyActions(mentions)), KEY_LINKS);
};

type Make = (name: string, owns: (key: string) => boolean, choices: () => readonly Choice[], isOfEntities?: boolean) => Part;

function maker(mentions: Mentions, known: KnownParts | undefined): Make {
  return (name, owns, choices, isOfEntities = false) =>
    known?.(name, owns, isOfEntities) ?? partOf(name, owns, () => (isOfEntities ? orNotDecided(mentions, owns, choices()) : choices()));
}

// Keys with few values, all of which occur in the world: whatever is asked about them is decided.
const ENUMERATED = new Set(['aws:principalisawsservice', 'aws:principaltype', 's3:accesspointnetworkorigin', 's3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-customer-algorithm', 'proof:callerkind', 'proof:isunmentionedcaller']);

/** Names of entities are told apart as texts. What reads them as numbers, dates or addresses is not decided. */
function orNotDecided(mentions: Mentions, owns: (key: string) => boolean, choices: readonly Choice[]): readonly Choice[] {
  const isTextual = mentions.testsOf(...mentions.keys.filter((key) => owns(key) && !ENUMERATED.has(key))).every((test) => test.operator === undefined || isTextTest(test));
  const ofEachKind = [...new Map(choices.map((choice) => [`${choice.kind} ${choice.account}`, choice])).values()];
  return isTextual ? choices : [...choices, ...ofEachKind.map((choice) => ({ ...choice, isOpen: true }))];
}

const ORGANIZATIONS = { 'caller': ['aws:principalorgid', 'aws:principalorgpaths'], 'source': ['aws:sourceorgid', 'aws:sourceorgpaths'], 'endpoint-account': ['aws:vpceorgid', 'aws:vpceorgpaths'], 'owner': ['aws:resourceorgid', 'aws:resourceorgpaths'] } as const;
const CALLED_VIA = new Set(['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast']);
const VPC_KEYS = new Set(['aws:sourcevpc', 'aws:sourcevpcarn']);
const OWNER_KEYS = new Set(['aws:resourceaccount', 's3:resourceaccount']);

function commonParts(mentions: Mentions, facts: ResourceFacts, make: Make, whoCalls: () => Choice[], actions: () => Choice[]): Part[] {
  return [
    make('caller', owner(CALLER_KEYS), whoCalls, true),
    make('action', () => false, actions),
    make('resource', () => false, () => resources(mentions, facts)),
    make('route', is('aws:viaawsservice'), network.routes),
    make('address', is('aws:sourceip'), () => network.publicAddresses(mentions)),
    make('connection', owner(CONNECTION_KEYS), connections),
    ...ifMentioned(mentions, SOURCE_KEYS, (owns) => make('source', owns, () => sources(mentions, facts), true)),
    ...ifMentioned(mentions, CALLED_VIA, (owns) => make('called-via', owns, () => network.calledVia(mentions), true)),
    ...ifMentioned(mentions, ['aws:sourcevpce'], (owns) => make('endpoint', owns, () => network.endpoints(mentions), true)),
    ...ifMentioned(mentions, VPC_KEYS, (owns) => make('vpc', owns, () => network.vpcs(mentions, facts), true)),
    ...ifMentioned(mentions, ['aws:vpceaccount', ...VPC_KEYS, ...ORGANIZATIONS['endpoint-account']], () => make('endpoint-account', is('aws:vpceaccount'), () => network.endpointAccounts(mentions, facts), true)),
    ...ifMentioned(mentions, ['aws:vpcsourceip'], (owns) => make('private-address', owns, () => network.privateAddresses(mentions))),
    ...ifMentioned(mentions, TIME_KEYS, (owns) => make('time', owns, () => times(mentions))),
    ...ifMentioned(mentions, OWNER_KEYS, (owns) => make('owner-account', owns, () => ownerAccount(mentions, facts), true)),
    ...organizations(mentions, facts, make),
  ];
}

/** The owner of the resource. While its account is not known, it may be any that is compared with it. */
function ownerAccount(mentions: Mentions, { account }: ResourceFacts): Choice[] {
  const isKnown = /^\d{12}$/.test(account) || mentions.patternsOf(...OWNER_KEYS).flat().every(({ pattern }) => pattern.text === account);
  return [{ kind: 'some', account, context: present({ 'aws:resourceaccount': account, 's3:resourceaccount': account }), isOpen: !isKnown }];
}

/** Where accounts are in organizations. An account that occurs twice is in the same place. */
function organizations(mentions: Mentions, facts: ResourceFacts, make: Make): Part[] {
  const mentioned = Object.entries(ORGANIZATIONS).filter(([, keys]) => mentions.has(...keys));
  if (mentioned.length === 0) {
    return [];
  }
  const all = places(mentions);
  const shared = sharedAccounts(mentions, facts, mentioned.map(([entity]) => entity));
  return mentioned.map(([entity, [id, paths]]) => make(`${entity}-organization`, (key) => key === id || key === paths, () => {
    const choices = organizationChoices(mentions, all, id, paths, entity === 'owner' ? [] : shared, entity === 'source');
    return entity === 'owner' ? choices.map((choice) => ({ ...choice, account: facts.account })) : choices;
  }, true));
}

/** Accounts that two entities of one request may be of, and that are told apart for both. */
function sharedAccounts(mentions: Mentions, { account }: ResourceFacts, entities: readonly string[]): string[] {
  if (entities.length < 2) {
    return [];
  }
  const ofEndpoints = mentions.patternsOf('aws:vpceaccount', 'aws:sourcevpcarn').flat().map(({ pattern }) => pattern.text.split(':').at(4) ?? pattern.text);
  const isTold = (id: string) => ofEndpoints.includes(id);
  const both = entities.includes('caller') && entities.includes('endpoint-account') ? mentions.accounts.filter(isTold) : [];
  return [...new Set([...(entities.includes('owner') ? [account] : []), ...both])];
}

/** Parts of keys that nothing else owns, and the links between all parts that are there. */
function assembled(mentions: Mentions, facts: ResourceFacts, make: Make, parts: readonly Part[], links: readonly Link[]): World {
  const others = mentions.keys.filter((key) => !parts.some(({ owns }) => owns(key))).map((key): Part => (namesListedBy(key, mentions).length > 0
    ? { name: partName(key), owns: is(key), choices: otherKey(key, mentions, facts) } // depends on other keys, too
    : make(partName(key), is(key), () => otherKey(key, mentions, facts), isOfPlatforms(key))));
  const all = [...parts, ...others];
  const isThere = (name: string) => all.some((part) => part.name === name);
  const allLinks = () => {
    const actions = parts.find(({ name }) => name === 'action')!.choices;
    return [...links, ...others.flatMap(({ name }) => linksOfKey(name, actions)), ...sharedLinks(sharedTags(all))];
  };
  return { parts: all, links: () => allLinks().filter((one) => one.parts.every(isThere)), owner: facts.account };
}

/** Every key has a service in front. What has none is a mistake in a policy, and may be called like another part. */
function partName(key: string): string {
  return key.includes(':') ? key : `the key ${key}`;
}

function owner(keys: ReadonlySet<string>): (key: string) => boolean {
  return (key) => keys.has(key);
}

function is(key: string): (other: string) => boolean {
  return (other) => other === key;
}

function ifMentioned(mentions: Mentions, keys: Iterable<string>, make: (owns: (key: string) => boolean) => Part): Part[] {
  const all = new Set(keys);
  return mentions.has(...all) ? [make(owner(all))] : [];
}

const kind = ({ kind: of }: Choice) => of;

function link(one: string, other: string, fits: Link['fits'], views: Link['views'] = [kind, kind]): Link {
  return { parts: [one, other], fits, views };
}

/** One is there exactly where the other is of a kind. */
function only(one: string, ofKind: string, other: string, absent = 'absent'): Link {
  return link(one, other, (is_, there) => (is_ === ofKind) === (there !== absent));
}

/**
 * Callers whose credentials are always temporary. The page on revoking sessions tells by `aws:TokenIssueTime` of all sessions of a role when they began.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
const ALWAYS_IN_SESSIONS = ['role', 'federated-user'];

const isIam = (caller: string) => caller !== 'service' && caller !== 'anonymous';

const COMMON_LINKS: readonly Link[] = [
  link('caller', 'route', (caller, route) => (caller === 'service') === (route === 'inside-aws') && (caller !== 'anonymous' || route !== 'through-service')),
  link('caller', 'caller-organization', (caller, organization) => isIam(caller) || organization === 'none'),
  only('caller', 'service', 'source', 'none'),
  link('source', 'source-organization', (source, organization) => source === 'some' || organization === 'none'),
  link('caller', 'source-organization', (caller, organization) => caller === 'service' || organization === 'none'),
  link('route', 'address', (route, address) => route === 'through-service' || (route === 'internet') === (address === 'present')),
  link('route', 'called-via', (route, via) => route === 'through-service' || via === 'absent'),
  only('route', 'endpoint', 'endpoint'),
  only('route', 'endpoint', 'vpc'),
  only('route', 'endpoint', 'endpoint-account'),
  only('route', 'endpoint', 'private-address'),
  link('route', 'endpoint-account-organization', (route, organization) => route === 'endpoint' || organization === 'none'),
  link('vpc', 'endpoint-account', (vpc, account) => vpc === '' || vpc === account, [({ account }) => account ?? '', ({ account }) => account ?? '']),
  link('action', 'resource', (action, resource) => action === resource),
  link('caller', 'time', (caller, time) => (time === WITH_SESSION ? isIam(caller) : time !== WITHOUT_SESSION || !ALWAYS_IN_SESSIONS.includes(caller))),
];

/**
 * Whether an upload brings its own key: S3 refuses that over plain HTTP.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
const sendsKey = ({ context }: Choice) => String(context.has('s3:x-amz-server-side-encryption-customer-algorithm'));

const SIGNATURE_4A = 'AWS4-ECDSA-P256-SHA256';

const BUCKET_LINKS: readonly Link[] = [
  ...COMMON_LINKS,
  link('caller', 'signing', (caller, signing) => (caller === 'anonymous') === (signing === 'unsigned') && (caller !== 'service' || signing === 'REST-HEADER 4')),
  link('action', 'signing', (action, signing) => action === 's3:PutObject' || !signing.startsWith('POST'), [({ action }) => action!, kind]),
  link('action', 'upload', (carries, upload) => carries === 'true' || upload === 'absent', [({ action }) => String(mayCarry(action!, [...UPLOAD_KEYS][0])), kind]),
  link('upload', 'connection', (isKeySent, connection) => isKeySent === 'false' || connection === 'https', [sendsKey, kind]),
  link('access-point', 'connection', (way, connection) => way === 'direct' || connection === 'https'),
  link('access-point', 'signing', (way, signing) => way === 'direct' || signing.endsWith(' 4')),
  link('access-point', 'signing', (isOfSeveralRegions, version) => isOfSeveralRegions === 'false' || version === SIGNATURE_4A, [
    ({ context }) => String(/^arn:[^:]*:s3::/.test(context.get('s3:dataaccesspointarn')?.[0] ?? '')), ({ context, isOpen }) => (isOpen ? SIGNATURE_4A : context.get('s3:signatureversion')?.[0] ?? ''),
  ]),
  link('access-point', 'caller', (way, caller) => way === 'direct' || caller !== 'anonymous'),
  link('access-point', 'route', (way, route) => way !== 'through VPC' || route === 'endpoint'),
];

const KEY_LINKS: readonly Link[] = [
  ...COMMON_LINKS,
  link('route', 'kms:viaservice', (route, via) => route === 'through-service' || via === 'absent'),
];

const CARRIERS: Readonly<Record<KeyCallers, (caller: string) => boolean>> = {
  iam: isIam,
  role: (caller) => caller === 'role' || caller === OTHER_PRINCIPAL,
  tagged: (caller) => isIam(caller) && caller !== 'root',
  root: (caller) => caller === 'root' || caller === OTHER_PRINCIPAL,
  service: (caller) => caller === 'service',
  signed: (caller) => caller !== 'anonymous',
};

const AGE_OF_MFA = 'aws:multifactorauthage';
const MFA = 'aws:multifactorauthpresent';

function isTagOf(prefix: string, key: string): boolean {
  return key.startsWith(prefix);
}

/** Who carries a key, and with which action; what else it comes with. */
function linksOfKey(key: string, actions: readonly Choice[]): Link[] {
  const row = conditionKey(key);
  const isCarrier = row?.callers ? CARRIERS[row.callers] : () => true;
  const isAlways = row?.isAlwaysThere === true && actions.every(({ action }) => mayCarry(action!, key));
  return [
    link('caller', key, (caller, there) => (there === 'absent' ? !(isAlways && isCarrier(caller)) : isCarrier(caller))),
    link('action', key, key === VERSION ? (carries, there) => (carries === 'true') === (there !== 'absent') : (carries, there) => carries === 'true' || there === 'absent', [({ action }) => String(mayCarry(action!, key)), kind]),
    ...(isTagOf('s3:accesspointtag/', key) ? [link('access-point', key, (way, there) => way !== 'direct' || there === 'absent')] : []),
    ...linkToNames(key),
    ...(isOfPlatforms(key) ? [link('caller', key, (caller, platform) => platform === '' || caller === platform, [({ account }) => account ?? '', ({ account }) => account ?? ''])] : []),
    ...(key === MFA || key === AGE_OF_MFA ? [link(key, 'time', (used, time) => used === 'absent' || time !== WITHOUT_SESSION)] : []),
    ...(key === AGE_OF_MFA ? [link(key, MFA, (age, used) => age === 'absent' || used === 'true', [kind, ({ context, isOpen }) => (isOpen ? 'true' : context.get(MFA)?.[0] ?? 'absent')])] : []),
  ];
}

/** A tag comes with its name in the list of all. */
function linkToNames(key: string): Link[] {
  const list = listOfNames(key);
  const isListed = ({ isOpen, context }: Choice) => String(isOpen === true || context.get(list!.key)?.some((name) => name.toLowerCase() === list!.name));
  return list ? [link(key, list.key, (tag, listed) => tag === 'absent' || listed === 'true', [kind, isListed])] : [];
}

const SHARING = [['caller', 'caller-organization'], ['source', 'source-organization'], ['endpoint-account', 'endpoint-account-organization']] as const;

function sharedTags(parts: readonly Part[]): ReadonlySet<string> {
  const ofOrganizations = parts.filter(({ name }) => name.endsWith('-organization'));
  return new Set(ofOrganizations.flatMap(({ choices }) => choices.flatMap(({ account }) => (account === undefined || account === ANY_OTHER_ACCOUNT ? [] : [account]))));
}

/** An organization that is chosen for one account goes with that account; the same account has the same organization everywhere. */
function sharedLinks(shared: ReadonlySet<string>): Link[] {
  if (shared.size === 0) {
    return [];
  }
  const tag = ({ account }: Choice) => (account !== undefined && shared.has(account) ? account : ANY_OTHER_ACCOUNT);
  const place = (choice: Choice) => (tag(choice) === ANY_OTHER_ACCOUNT ? ANY_OTHER_ACCOUNT : `${tag(choice)}\n${choice.kind === 'none' ? '' : choice.isOpen ? '?' : choice.organizationPath}`);
  const accountIn = (seen: string) => seen.slice(0, seen.indexOf('\n'));
  const isSame = (one: string, other: string) => one === other || one === ANY_OTHER_ACCOUNT || other === ANY_OTHER_ACCOUNT || one.endsWith('\n?') || other.endsWith('\n?') || accountIn(one) !== accountIn(other);
  const entities = ['caller-organization', 'source-organization', 'endpoint-account-organization', 'owner-organization'];
  return [
    ...SHARING.map(([entity, organization]) => link(entity, organization, (one, other) => one === other, [tag, tag])),
    ...entities.flatMap((one, i) => entities.slice(i + 1).map((other) => link(one, other, isSame, [place, place]))),
  ];
}
