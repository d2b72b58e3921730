import { AskedStatement, like } from './language';

/*
 * The world of requests once more, written for the solver alone: lists of values for each entity, which the solver combines. It shares no code
 * with the proofs.
 */

export type Keys = Readonly<Record<string, readonly string[] | undefined>>;

/** One of the values that an entity may take, with the keys that follow from it. */
export interface Value {
  readonly keys: Keys;
  readonly kind?: string;
  readonly account?: string;
  readonly names?: readonly (readonly [string, string])[];
  readonly action?: string;
  readonly resource?: string;
}

const OWNER = '111122223333';
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const OBJECT_ACTIONS = 'GetObject PutObject DeleteObject GetObjectVersion PutObjectAcl GetObjectAcl GetObjectTagging PutObjectTagging DeleteObjectVersion RestoreObject BypassGovernanceRetention AbortMultipartUpload ListMultipartUploadParts ReplicateObject'.split(' ');
const BUCKET_ACTIONS = 'ListBucket ListBucketVersions ListBucketMultipartUploads GetBucketPolicy PutBucketPolicy DeleteBucket GetBucketLocation PutBucketTagging PutBucketAcl'.split(' ');
const ACCESS_POINT = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const KEY_ACTIONS = 'Decrypt Encrypt GenerateDataKey DescribeKey CreateGrant PutKeyPolicy ScheduleKeyDeletion ListGrants Sign GenerateDataKeyWithoutPlaintext DisableKey'.split(' ');
const CRYPTOGRAPHIC = ['Decrypt', 'Encrypt', 'GenerateDataKey', 'CreateGrant', 'GenerateDataKeyWithoutPlaintext'];
const CARRIED: Readonly<Record<string, readonly string[]>> = {
  's3:prefix': ['ListBucket', 'ListBucketVersions'],
  's3:delimiter': ['ListBucket', 'ListBucketVersions'],
  's3:max-keys': ['ListBucket', 'ListBucketVersions'],
  's3:x-amz-acl': ['PutObject', 'PutObjectAcl', 'PutBucketAcl', 'BypassGovernanceRetention'],
  's3:requestobjecttagkeys': ['PutObject', 'PutObjectTagging', 'BypassGovernanceRetention'],
};
const ENCRYPTING = ['PutObject', 'ReplicateObject', 'BypassGovernanceRetention'];
const OF_IAM = /^aws:(?:principaltag|multifactorauth|viaawsmcp)|^kms:viaservice$/;
const MANY = ['s3:requestobjecttagkeys'];

/** Everything that statements mention. */
export type Kind = 'bucket' | 'access-point' | 'key';

export class Mentioned {
  public readonly texts: readonly string[];
  public readonly accounts: readonly string[];

  constructor(private readonly statements: readonly AskedStatement[], public readonly kind: Kind) {
    this.texts = [...new Set(statements.flatMap(({ tests, principals, resources }) =>
      [...tests.flatMap(({ values }) => values), ...(principals?.names ?? []).map(([, text]) => text), ...(resources?.patterns ?? [])]))];
    this.accounts = [...new Set([OWNER, '909090909090', ...this.texts.flatMap((text) => text.match(/\d{12}/g) ?? []), ...this.fills('aws:principalaccount').filter((text) => /^\d{12}$/.test(text)), '404040404043', '123123123123', '444412346666', '123456789012'])];
  }

  public values(...keys: string[]): string[] {
    return [...new Set(this.statements.flatMap(({ tests }) => tests.filter(({ key }) => keys.includes(key)).flatMap(({ values }) => values)))];
  }

  public asks(key: string): boolean {
    return this.statements.some(({ tests }) => tests.some((test) => test.key === key));
  }

  public get keys(): string[] {
    return [...new Set(this.statements.flatMap(({ tests }) => tests.map(({ key }) => key)))];
  }

  /** Texts that patterns for some keys stand for, and what two of them stand for together. */
  public fills(...keys: string[]): string[] {
    const patterns = this.values(...keys);
    const single = patterns.flatMap((pattern) => ['', 'x', 'team/y', '7'].map((piece) => pattern.replace(/\*/g, piece).replace(/\?/g, '0')));
    const pairs = patterns.flatMap((pattern) => single.map((other) => pattern.replace(/\*/g, other).replace(/\?/g, '0')));
    const otherCase = patterns.flatMap((text) => [text.toUpperCase(), text.toLowerCase()]);
    return [...new Set([...patterns, ...otherCase, ...single, ...pairs])].filter((text) => !/[*?]/.test(text));
  }

  public organizations(): { id: string; path: string }[] {
    const texts = this.values('aws:principalorgid', 'aws:sourceorgid', 'aws:vpceorgid', 'aws:principalorgpaths', 'aws:vpceorgpaths', 'aws:sourceorgpaths');
    const ids = [...new Set(['o-solversorg', ...texts.map((text) => text.split('/')[0]).filter((id) => !/[*?]/.test(id))])];
    const tails = [...new Set(['r-zz11/ou-zz11-11111111/', ...texts.flatMap((text) => (text.includes('/') ? [text.slice(text.indexOf('/') + 1).replace(/\*/g, 'ou-xx11-22222222/'), `r-ab12/${text.slice(text.indexOf('/') + 1).replace(/\*/g, '')}`] : []))])]
      .map((tail) => (tail.endsWith('/') ? tail : `${tail}/`).replace(/\/\/+/g, '/').replace(/^\//, '')).map((tail) => (tail.startsWith('r-') ? tail : `r-zz11/${tail}`)).filter((tail) => tail.length > 1);
    return ids.flatMap((id) => tails.map((tail) => ({ id, path: `${id}/${tail}` })));
  }
}

export function callers(mentioned: Mentioned): Value[] {
  const lastParts = [...mentioned.fills('aws:principalarn'), ...mentioned.texts.filter((text) => /^arn:aws:(?:iam|sts):/.test(text) && !/[*?]/.test(text))].map((text) => text.split(/:(?:role|user|federated-user)\//).at(-1)!.replace(/^.*:/, '')).concat(mentioned.fills('aws:username'));
  const inPaths = mentioned.fills('aws:principalarn').flatMap((text) => [text.replace(/^arn:[^:]*/, ''), ...text.split(/:(?:role|user)\//).slice(1)]).map((path) => `${path}/Solver`);
  const names = [...new Set(['Solver', 'team/Solver', ...lastParts.map((text) => text.replace(/^role\//, '')), ...inPaths])].filter((name) => /^(?:[!-~]+\/)?[\w+=,.@-]+$/.test(name));
  const ids = mentioned.asks('aws:userid') ? mentioned.fills('aws:userid').flatMap((id) => [id, id.replace(/^:/, 'AROAQWERTY:'), id.replace(/^x:/, 'AROAQWERTY:'), `${id}0`, `${id}:xy`, `${id}xy`]).concat(['AROAQWERTY:any-session', 'AIDAQWERTY']) : ['AROAQWERTY:any-session', 'AIDAQWERTY'];
  const iam = (kind: string, type: string, account: string, arn: string, more: Record<string, string>): Value => ({
    kind,
    account,
    names: [['AWS', arn], ['AWS', account], ['AWS', `arn:aws:iam::${account}:root`]],
    keys: { ...listed({ 'aws:principalarn': arn, 'aws:principalaccount': account, 'aws:principaltype': type, 'aws:principalisawsservice': 'false', 'kms:calleraccount': account, ...more }) },
  });
  return [
    ...mentioned.accounts.flatMap((account) => [
      ...names.flatMap((name) => [...new Set(ids.filter((id) => /^AROA[A-Z0-9]+:[\w+=,.@-]{2,}$/.test(id)))].map((id) => iam('role', 'AssumedRole', account, `arn:aws:iam::${account}:role/${name}`, { 'aws:userid': id }))),
      ...names.flatMap((name) => [...new Set(ids.filter((id) => /^AIDA[A-Z0-9]+$/.test(id)))].map((id) => iam('user', 'User', account, `arn:aws:iam::${account}:user/${name}`, { 'aws:userid': id, 'aws:username': name.split('/').at(-1)! }))),
      ...names.filter((name) => !name.includes('/')).map((name) => iam('federated', 'FederatedUser', account, `arn:aws:sts::${account}:federated-user/${name}`, { 'aws:userid': `${account}:${name}` })),
      iam('root', 'Account', account, `arn:aws:iam::${account}:root`, { 'aws:userid': account }),
    ]),
    ...[...new Set(['solver.amazonaws.com', ...mentioned.fills('aws:principalservicename'), ...mentioned.texts.filter((text) => text.endsWith('.amazonaws.com'))])].map((service): Value => ({
      kind: 'service', names: [['Service', service]], keys: listed({ 'aws:principalisawsservice': 'true', 'aws:principalservicename': service, 'aws:principalservicenameslist': service }),
    })),
    { kind: 'anonymous', names: [], keys: listed({ 'aws:principalaccount': 'anonymous', 'aws:principaltype': 'Anonymous', 'aws:userid': 'anonymous' }) },
  ];
}

/** What AWS does not document of services. */
export function undocumented(mentioned: Mentioned): Value[] {
  return ['aws:principalaccount', 'aws:principaltype', 'aws:userid'].reduce<Value[]>((all, key) => (mentioned.asks(key)
    ? all.flatMap(({ keys }) => [undefined, 'other', ...mentioned.fills(key)].map((value) => ({ keys: { ...keys, [key]: value === undefined ? undefined : [value] } }))) : all), [{ keys: {} }]);
}

export function sources(mentioned: Mentioned): Value[] {
  return mentioned.accounts.flatMap((account) => {
    const arns = mentioned.values('aws:sourcearn').flatMap((pattern) => {
      const cut = pattern.split(':');
      const own = cut.length < 6 ? `arn:aws:sns:eu-west-1:${account}:topic` : cut.map((part, i) => (i === 4 && part === '*' ? account : part)).join(':');
      return ['x', 'eu-west-1'].map((piece) => own.replace(/\*/g, piece));
    });
    const fitting = [undefined, `arn:aws:sns:eu-west-1:${account}:topic`, 'arn:aws:s3:::solvers-bucket', ...arns].filter((arn) => !/^\d{12}$/.test(arn?.split(':')[4] ?? '') || arn!.split(':')[4] === account);
    return [...new Set(fitting)].flatMap((arn) => [true, false].map((tells): Value => ({ account, keys: listed({ 'aws:sourceaccount': tells ? account : undefined, 'aws:sourcearn': arn }) })));
  });
}

export function addresses(mentioned: Mentioned, key: string): Value[] {
  const ranges = mentioned.values(key).filter((text) => text.includes('/'));
  const near = ranges.flatMap((range) => [range.split('/')[0].replace(/::$/, '::1').replace(/\.0$/, '.9')]);
  return [...new Set(['192.0.2.77', '2001:dead::1', ...near])].map((address) => ({ keys: listed({ [key]: address }) }));
}

export function lists(mentioned: Mentioned): Value[] {
  const services = [...new Set(['glue.amazonaws.com', ...mentioned.values('aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast')])];
  const others = (...taken: string[]) => services.filter((service) => !taken.includes(service));
  const pairs = services.flatMap((one) => others(one).map((other) => [one, other]));
  const all = [...services.map((one) => [one]), ...pairs, ...pairs.flatMap(([one, other]) => others(one, other).map((third) => [one, third, other]))];
  return [{ keys: {} }, ...all.map((list) => ({ keys: { 'aws:calledvia': list, 'aws:calledviafirst': [list[0]], 'aws:calledvialast': [list.at(-1)!] } }))];
}

export function named(mentioned: Mentioned, key: string, other: string): Value[] {
  const prefix = other.replace('solver', '');
  return [...new Set([other, ...mentioned.fills(key), ...mentioned.fills(key).map((text) => `${prefix}${text}`)])].filter((text) => text.startsWith(prefix) && /^[a-z]+-[a-z0-9]+$/.test(text)).map((text) => ({ keys: listed({ [key]: text }) }));
}

export function signings(mentioned: Mentioned): Value[] {
  if (mentioned.kind === 'key') {
    return [{ kind: 'none', keys: {} }];
  }
  const limits = mentioned.values('s3:signatureage').map(Number);
  const near = limits.flatMap((limit) => [limit - 1, limit, limit + 1]);
  const ages = [...new Set([0, 1, 899_999, 900_000, 604_799_999, 604_800_000, ...near])].filter((age) => age >= 0 && age <= 604_800_000);
  return ['REST-HEADER', 'REST-QUERY-STRING', 'POST'].flatMap((type) => ['AWS', 'AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'].flatMap((version) =>
    ages.filter((age) => (version === 'AWS' ? age === 0 : type !== 'REST-HEADER' || age < 900_000)).map((age): Value => ({ kind: `${type} ${version}`, keys: listed({ 's3:authtype': type, 's3:signatureversion': version, 's3:signatureage': String(age) }) })))).concat([{ kind: 'none', keys: {} }]);
}

export function accessPoints(mentioned: Mentioned): Value[] {
  const own = ['Internet', 'VPC'].map((origin): Value => ({ kind: origin, keys: listed({ 's3:dataaccesspointarn': ACCESS_POINT, 's3:dataaccesspointaccount': OWNER, 's3:accesspointnetworkorigin': origin }) }));
  if (mentioned.kind !== 'bucket') {
    return mentioned.kind === 'key' ? [{ kind: 'direct', keys: {} }] : own;
  }
  const regions = ['eu-west-1', 'ap-solver-1'];
  return [{ kind: 'direct', keys: {} }, ...mentioned.accounts.flatMap((account) => regions.flatMap((region) => ['solver', 'team'].flatMap((name) => ['Internet', 'VPC'].map((origin): Value => ({
    kind: origin, keys: listed({ 's3:dataaccesspointarn': `arn:aws:s3:${region}:${account}:accesspoint/${name}`, 's3:dataaccesspointaccount': account, 's3:accesspointnetworkorigin': origin }),
  })))))];
}

export function operations(mentioned: Mentioned): Value[] {
  if (mentioned.kind === 'key') {
    return KEY_ACTIONS.map((action) => ({ action: `kms:${action}`, resource: KEY, keys: {} }));
  }
  const [bucket, objects] = mentioned.kind === 'bucket' ? [BUCKET, `${BUCKET}/`] : [ACCESS_POINT, `${ACCESS_POINT}/object/`];
  const keys = [...new Set(['solvers/key', ...mentioned.texts.filter((text) => text.startsWith(objects)).map((text) => text.slice(objects.length).replace(/\*/g, 'z'))])];
  return [
    ...OBJECT_ACTIONS.flatMap((action) => keys.map((key): Value => ({ action: `s3:${action}`, resource: `${objects}${key}`, keys: {} }))),
    ...BUCKET_ACTIONS.map((action): Value => ({ action: `s3:${action}`, resource: bucket, keys: {} })),
  ];
}

/** What uploads say about their encryption, and nothing. */
export function encryptions(mentioned: Mentioned): Value[] {
  const [algorithm, keyId, customer] = ['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id', 's3:x-amz-server-side-encryption-customer-algorithm'];
  const keys = [undefined, 'solvers-key', ...mentioned.fills(keyId)];
  return [{ kind: 'none', keys: {} }, { keys: listed({ [algorithm]: 'AES256' }) }, { keys: listed({ [algorithm]: 'aws:fsx' }) }, { keys: listed({ [customer]: 'AES256' }) },
    ...['aws:kms', 'aws:kms:dsse'].flatMap((name) => keys.map((key) => ({ keys: listed({ [algorithm]: name, [keyId]: key }) })))];
}

export function times(mentioned: Mentioned): Value[] {
  const moments = mentioned.values('aws:currenttime', 'aws:epochtime').map((text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)));
  return [...new Set([Date.parse('2026-02-03T04:05:06Z'), ...moments.flatMap((moment) => [moment - 500, moment, moment + 500])])]
    .map((moment) => ({ keys: listed({ 'aws:currenttime': new Date(moment).toISOString(), 'aws:epochtime': String(moment / 1000) }) }));
}

/** Values of a key that has nothing to do with others. */
export function free(mentioned: Mentioned, key: string): Value[] {
  const texts = key === 's3:x-amz-acl' ? ['private', 'public-read', 'bucket-owner-full-control'] : key === 'aws:viaawsmcpservice' ? ['true'] : key === 'aws:multifactorauthpresent' ? ['true', 'false']
    : key === 's3:max-keys' ? ['0', ...mentioned.values(key).flatMap((text) => [String(Number(text) - 1), text, String(Number(text) + 1)])].filter((text) => Number(text) >= 0) : ['solver', 'any/', ...mentioned.fills(key), ...(key === 's3:prefix' || key === 's3:delimiter' || key.includes('tag/') ? [''] : [])];
  const pairs = MANY.includes(key) ? texts.flatMap((one) => texts.filter((other) => other !== one).map((other) => [one, other])) : [];
  const sets = [...texts.map((text) => [text]), ...pairs];
  return [{ keys: {} }, ...sets.map((set) => ({ keys: { [key]: set } }))];
}

/** Whether a request may carry a key, by its action and caller. */
export function mayCarry(key: string, action: string): boolean {
  if (action.startsWith('kms:')) {
    return !key.startsWith('s3:') && (!key.startsWith('kms:encryptioncontext:') || CRYPTOGRAPHIC.includes(action.slice('kms:'.length)));
  }
  return CARRIED[key]?.includes(action.slice('s3:'.length)) ?? true;
}

export function mayEncrypt(action: string): boolean {
  return ENCRYPTING.includes(action.slice('s3:'.length));
}

export function isOfIam(key: string): boolean {
  return OF_IAM.test(key);
}

export function isTagOfCaller(key: string): boolean {
  return key.startsWith('aws:principaltag/');
}

export function scopeHolds({ isInverted, patterns }: { isInverted: boolean; patterns: readonly string[] }, text: string): boolean {
  return patterns.some((pattern) => like(pattern, text)) !== isInverted;
}

function listed(keys: Record<string, string | undefined>): Keys {
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, value === undefined ? undefined : [value]]));
}
