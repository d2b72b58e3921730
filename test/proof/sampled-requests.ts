import { pick, Random } from './random-questions';
import { contextOf } from '../../src/policy/context';
import { Policy, Statement } from '../../src/policy/document';
import { applies } from '../../src/policy/evaluate';
import { PolicyRequest, Principal } from '../../src/policy/request';
import { described, Guarantee } from '../../src/proof/guarantee';

/*
 * Requests that are drawn at random, with a world of its own: nothing here is taken from the proofs. Each part of a request is drawn by
 * itself from what the policy mentions and from what it does not; a search by small changes then tries to slip past the denies.
 */

const OWNER = '111122223333';
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';

interface Place {
  readonly id: string;
  readonly path: string;
}

/** The parts of which a request is made, each drawn by itself. */
interface Parts {
  caller: Record<string, any>;
  source: Record<string, any>;
  route: Record<string, any>;
  connection: Record<string, any>;
  signing: Record<string, any>;
  accessPoint: Record<string, any>;
  operation: Record<string, any>;
  headers: Record<string, any>;
  time: Record<string, any>;
  places: Record<string, Place | undefined>;
  others: Record<string, string | string[] | undefined>;
}

const BUCKET_ACTIONS = ['ListBucket', 'ListBucketVersions', 'GetBucketPolicy', 'PutBucketPolicy', 'GetBucketLocation', 'ListBucketMultipartUploads'];
const OBJECT_ACTIONS = ['GetObject', 'PutObject', 'DeleteObject', 'GetObjectVersion', 'PutObjectAcl', 'GetObjectTagging', 'PutObjectTagging', 'ReplicateObject'];
const ENTITY_KEYS = new RegExp(`^(?:${[
  'aws:principal(?:arn|account|orgid|orgpaths|type|isawsservice|servicename|servicenameslist)', 'aws:userid', 'aws:username', 'aws:source(?:account|arn|orgid|orgpaths|ip|vpce|vpc|vpcarn)',
  'aws:vpce(?:account|orgid|orgpaths)', 'aws:vpcsourceip', 'aws:viaawsservice', 'aws:calledvia(?:first|last)?', 'aws:securetransport', 'aws:currenttime', 'aws:epochtime',
  's3:tlsversion', 's3:authtype', 's3:signature(?:version|age)', 's3:dataaccesspoint(?:arn|account)', 's3:accesspointnetworkorigin', 's3:prefix', 's3:delimiter', 's3:max-keys',
  's3:x-amz-server-side.*', 's3:x-amz-acl',
].join('|')})$`);

/** Draws requests to a bucket, as far as a policy makes them interesting. */
export class RequestDrawer {
  private readonly texts: string[];
  private readonly accounts: string[];
  private readonly organizations: string[];
  private readonly otherKeys: Map<string, string[]>;
  private readonly statements: readonly Statement[];

  constructor(private readonly random: Random, policy: Policy, breaches: readonly Statement[]) {
    this.statements = [...policy.statements, ...breaches];
    const tests = this.statements.flatMap(({ conditions }) => conditions);
    this.texts = [...new Set([
      ...tests.flatMap(({ values }) => values.map(({ source }) => source)),
      ...this.statements.flatMap(({ principal, resource }) => [...(principal?.members ?? []).map(({ text }) => text), ...(resource?.members ?? []).map(({ text }) => text.source)]),
    ])];
    this.accounts = [...new Set([OWNER, '313131313131', '424242424242', ...this.texts.flatMap((text) => text.match(/\d{12}/g) ?? [])])];
    this.organizations = [...new Set(['o-drawnatrandom', ...this.texts.flatMap((text) => text.match(/^o-[a-z0-9]+/g) ?? [])])];
    const valuesOf = (key: string) => tests.filter((test) => test.key === key).flatMap(({ values }) => values.map(({ source }) => source));
    this.otherKeys = new Map(tests.filter(({ key }) => !ENTITY_KEYS.test(key)).map(({ key }) => [key, valuesOf(key)]));
  }

  /** A request that a breach describes and no deny stops, if some steps of search find one. */
  public attack(guarantee: Guarantee, denies: readonly Statement[], steps: number): PolicyRequest | undefined {
    const breach = pick(this.random, guarantee.breaches.map(described));
    let parts = this.draw();
    let score = this.score(parts, breach, denies);
    for (let i = 0; i < steps && score > 0; i++) {
      const changed = this.change(parts);
      const after = this.score(changed, breach, denies);
      if (after <= score || this.random() < 0.03) {
        [parts, score] = [changed, after];
      }
    }
    const request = this.requestOf(parts);
    return score === 0 && applies(breach, request) === true && denies.every((deny) => applies(deny, request) === false) ? request : undefined;
  }

  public request(): PolicyRequest {
    return this.requestOf(this.draw());
  }

  /** How far a request is from passing: 0 if it does. */
  private score(parts: Parts, breach: Statement, denies: readonly Statement[]): number {
    const request = this.requestOf(parts);
    const unmet = breach.conditions.filter(({ holds }) => holds(request.context) !== true).length;
    return 3 * (unmet + (applies(breach, request) === true ? 0 : 1)) + denies.filter((deny) => applies(deny, request) !== false).length;
  }

  private draw(): Parts {
    return {
      caller: this.caller(),
      source: this.source(),
      route: this.route(),
      connection: this.connection(),
      signing: this.signing(),
      accessPoint: this.accessPoint(),
      operation: this.operation(),
      headers: this.headers(),
      time: this.time(),
      places: this.places(),
      others: this.others(),
    };
  }

  private change(parts: Parts): Parts {
    const name = pick(this.random, Object.keys(parts) as (keyof Parts)[]);
    const drawn = (this as any)[name]();
    const isMap = name === 'others' || name === 'places';
    const key = isMap ? pick(this.random, Object.keys(drawn)) : undefined;
    return { ...parts, [name]: isMap && key !== undefined ? { ...parts[name], [key]: drawn[key] } : drawn };
  }

  private caller(): Parts['caller'] {
    const account = pick(this.random, this.accounts);
    const kind = pick(this.random, ['role', 'role', 'user', 'root', 'federated-user', 'service', 'anonymous']);
    const lastPart = (text: string) => text.split(/:(?:role|user|federated-user)\//).at(-1)!.split(/[:/](?=role\/|user\/)/).at(-1)!;
    const named = (marker: RegExp) => this.texts.filter((text) => marker.test(text)).map((text) => this.filled(lastPart(text)));
    const name = this.mentionedOr([...named(/:(?:role|user|federated-user)\//), ...this.texts.filter((text) => /role\/|\/App|user\//.test(text)).map((text) => this.filled(text.replace(/^.*?role\//, '').replace(/^.*:/, ''))), 'App', 'team/x', 'bob', 'bill'], 'Xavier').replace(/[^\w+=,.@/-]/g, 'x').replace(/^\/+|\/+$/g, '') || 'x';
    const ids = this.texts.filter((text) => /^A[A-Z]{3}|:\w+$|^\*:/.test(text)).map((text) => this.filled(text));
    const service = this.mentionedOr(this.texts.filter((text) => /amazonaws\.com/.test(text)), 'xyz.amazonaws.com');
    return { kind, account, name, id: this.mentionedOr(ids.map((id) => id.split(':')[0]), 'AXYZ'), session: this.mentionedOr(ids.flatMap((id) => id.split(':')[1] ?? []), 'any-session'), service };
  }

  private source(): Parts['source'] {
    const account = pick(this.random, this.accounts);
    const arns = this.texts.filter((text) => /^arn:/.test(text) && !/:iam:|:sts:|:accesspoint/.test(text)).map((text) => this.filled(text, account));
    const arn = pick(this.random, [undefined, ...arns, `arn:aws:sns:eu-west-1:${account}:topic`, 'arn:aws:s3:::any-bucket']);
    const inArn = /^\d{12}$/.test(arn?.split(':')[4] ?? '') ? arn!.split(':')[4] : account;
    return { account: inArn, tellsAccount: this.random() < 0.7, arn, tellsOrganization: this.random() < 0.7, tellsPath: this.random() < 0.7 };
  }

  private route(): Parts['route'] {
    return {
      kind: pick(this.random, ['internet', 'endpoint', 'endpoint', 'through-service']),
      address: this.address(),
      privateAddress: this.address(),
      tellsAddress: this.random() < 0.5,
      endpoint: this.mentionedOr(this.texts.filter((text) => /vpce|^\*0$/.test(text)).map((text) => `vpce-${this.filled(text).replace('vpce-', '') || 'x'}`), 'vpce-0e0e0e0e0e0e0e0e0'),
      vpc: this.mentionedOr(this.texts.filter((text) => /vpc-/.test(text)).map((text) => `vpc-${this.filled(text).replace(/^.*\//, '').replace('vpc-', '') || 'x'}`), 'vpc-0e0e0e0e0e0e0e0e0'),
      tellsArn: this.random() < 0.6,
      region: pick(this.random, ['eu-west-1', 'us-east-1']),
      account: pick(this.random, this.accounts),
      via: pick(this.random, [undefined, [this.service()], [this.service(), this.service()], [this.service(), 'x.amazonaws.com', this.service()]]),
    };
  }

  private connection(): Parts['connection'] {
    return { version: pick(this.random, ['http', 'http', '1.0', '1.1', '1.2', '1.3']) };
  }

  private signing(): Parts['signing'] {
    const limits = this.texts.filter((text) => /^\d+$/.test(text) && Number(text) < 1e9).map(Number);
    const ages = [0, 899_999, 604_800_000, 500_000, 700_000, 1_000_000, 5_000_000, ...limits.flatMap((limit) => [limit - 1, limit, limit + 1])];
    return { type: pick(this.random, ['REST-HEADER', 'REST-QUERY-STRING', 'POST']), version: pick(this.random, ['AWS', 'AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256']), age: pick(this.random, ages) };
  }

  private accessPoint(): Parts['accessPoint'] {
    const account = pick(this.random, this.accounts);
    const arns = this.texts.filter((text) => /:accesspoint/.test(text)).map((text) => this.filled(text, account));
    const arn = pick(this.random, [`arn:aws:s3:eu-west-1:${account}:accesspoint/any`, ...arns]);
    return { isThere: this.random() < 0.35, arn, origin: pick(this.random, ['Internet', 'VPC']) };
  }

  private operation(): Parts['operation'] {
    const isBucket = this.random() < 0.35;
    const keys = this.texts.filter((text) => text.startsWith(`${BUCKET}/`)).map((text) => this.filled(text.slice(BUCKET.length + 1)));
    return { action: `s3:${pick(this.random, isBucket ? BUCKET_ACTIONS : OBJECT_ACTIONS)}`, resource: isBucket ? BUCKET : `${BUCKET}/${this.mentionedOr(keys, 'some/key') || 'k'}` };
  }

  private headers(): Parts['headers'] {
    const algorithm = pick(this.random, [undefined, 'AES256', 'aws:kms', 'aws:kms:dsse', 'aws:fsx', 'SSE-C']);
    return {
      'prefix': pick(this.random, [undefined, '', 'any/', 'data/x']),
      'delimiter': pick(this.random, [undefined, '', '/', 'x']),
      'max-keys': pick(this.random, [undefined, '0', '1', '99', '100', '1000']),
      'algorithm': algorithm,
      'key': pick(this.random, [undefined, 'alias/aws/s3', 'arn:aws:kms:eu-west-1:111122223333:key/1', 'x']),
      'acl': pick(this.random, [undefined, 'private', 'public-read', 'bucket-owner-full-control']),
    };
  }

  private time(): Parts['time'] {
    return { moment: pick(this.random, ['2026-01-01T00:00:00.500Z', '2026-06-01T00:00:00Z', '2026-05-31T23:59:59.900Z', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z', '2027-06-01T00:00:00.250Z', '2030-01-01T00:00:00Z']) };
  }

  /** In which organization each account is. */
  private places(): Parts['places'] {
    return Object.fromEntries(this.accounts.map((account) => {
      const id = pick(this.random, this.organizations);
      const paths = this.texts.filter((text) => text.startsWith(`${id}/`) || text.startsWith('*/ou')).map((text) => this.filled(text.replace(/^\*\//, `${id}/r-zz99/`)));
      const path = pick(this.random, [`${id}/r-zz99/ou-zz99-99999999/`, ...paths]);
      return [account, this.random() < 0.3 ? undefined : { id, path: path.endsWith('/') ? path : `${path}/` }];
    }));
  }

  private others(): Parts['others'] {
    return Object.fromEntries(Array.from(this.otherKeys, ([key, values]) => {
      const isMany = key === 'aws:tagkeys' || key === 's3:requestobjecttagkeys';
      const value = () => this.mentionedOr([...values.map((text) => this.filled(text)), ...values.map((text) => text.toUpperCase())], 'something');
      const drawn = this.random() < 0.4 ? undefined : key === 'aws:viaawsmcpservice' ? 'true' : key === 'aws:multifactorauthpresent' ? pick(this.random, ['true', 'false']) : isMany && this.random() < 0.5 ? [value(), value()] : value();
      return [key, drawn];
    }));
  }

  private requestOf(parts: Parts): PolicyRequest {
    const { caller, source, connection, signing, accessPoint, operation, headers, places, others } = parts;
    const { kind, account } = caller;
    const isIam = kind !== 'service' && kind !== 'anonymous';
    const route = kind === 'service' ? 'inside-aws' : kind === 'anonymous' && parts.route.kind === 'through-service' ? 'internet' : parts.route.kind;
    const isThrough = accessPoint.isThere && kind !== 'anonymous' && (accessPoint.origin === 'Internet' || route === 'endpoint');
    const isUpload = operation.action === 's3:PutObject';
    const isPost = signing.type === 'POST' && isUpload && kind !== 'service';
    const type = kind === 'service' || (signing.type === 'POST' && !isPost) ? 'REST-HEADER' : signing.type;
    const version = (isThrough || kind === 'service') && signing.version === 'AWS' ? 'AWS4-HMAC-SHA256' : signing.version;
    const age = version === 'AWS' ? 0 : Math.min(Math.max(0, signing.age), type === 'REST-HEADER' ? 899_999 : 604_800_000);
    const tls = isThrough && connection.version === 'http' ? '1.1' : connection.version;
    const arn = { 'role': `arn:aws:iam::${account}:role/${caller.name}`, 'user': `arn:aws:iam::${account}:user/${caller.name}`, 'root': `arn:aws:iam::${account}:root`, 'federated-user': `arn:aws:sts::${account}:federated-user/${caller.name.replace(/\//g, '')}` }[kind as 'role'];
    const principal: Principal = kind === 'service' ? { kind: 'service', service: caller.service } : kind === 'anonymous' ? { kind: 'anonymous' } : { kind: 'iam', arn, account };
    const id = caller.id.replace(/^A[A-Z]{3}|[^A-Z0-9]/g, '') || 'XYZ';
    const ids: Record<string, string | undefined> = { 'role': `AROA${id}:${caller.session}`, 'user': `AIDA${id}`, 'root': account, 'federated-user': `${account}:${caller.name.replace(/\//g, '')}`, 'anonymous': 'anonymous' };
    const types: Record<string, string> = { 'role': 'AssumedRole', 'user': 'User', 'root': 'Account', 'federated-user': 'FederatedUser', 'anonymous': 'Anonymous' };
    const asksEncryption = operation.action === 's3:PutObject' || operation.action === 's3:ReplicateObject';
    const isListing = operation.action.startsWith('s3:ListBucket') && !operation.action.endsWith('Uploads');
    const undocumented = '\uE005'; // of services, AWS does not document it
    const free = Object.fromEntries(Object.entries(others).filter(([key]) => (isIam || !/^aws:(?:principaltag|multifactorauth|viaawsmcp)/.test(key)) && (key !== 's3:requestobjecttagkeys' || ['s3:PutObject', 's3:PutObjectTagging'].includes(operation.action))
      && (key !== 's3:x-amz-acl') ));
    return {
      principal,
      action: operation.action,
      resource: operation.resource,
      context: contextOf({
        ...free,
        'aws:PrincipalArn': isIam ? arn : undefined,
        'aws:PrincipalAccount': kind === 'service' ? undocumented : kind === 'anonymous' ? 'anonymous' : account,
        'aws:PrincipalType': kind === 'service' ? undocumented : types[kind],
        'aws:userid': kind === 'service' ? undocumented : ids[kind],
        'aws:username': kind === 'user' ? caller.name.split('/').at(-1) : undefined,
        'aws:PrincipalOrgID': isIam ? places[account]?.id : undefined,
        'aws:PrincipalOrgPaths': isIam ? places[account]?.path : undefined,
        'aws:PrincipalIsAWSService': kind === 'anonymous' ? undefined : String(kind === 'service'),
        'aws:PrincipalServiceName': kind === 'service' ? caller.service : undefined,
        'aws:PrincipalServiceNamesList': kind === 'service' ? [caller.service] : undefined,
        ...(kind === 'service' ? {
          'aws:SourceAccount': source.tellsAccount ? source.account : undefined,
          'aws:SourceArn': source.arn,
          'aws:SourceOrgID': source.tellsOrganization ? places[source.account]?.id : undefined,
          'aws:SourceOrgPaths': source.tellsPath ? places[source.account]?.path : undefined,
        } : {}),
        'aws:ViaAWSService': String(route === 'through-service'),
        'aws:SourceIp': route === 'internet' || (route === 'through-service' && parts.route.tellsAddress) ? parts.route.address : undefined,
        ...(route === 'through-service' && parts.route.via ? { 'aws:CalledVia': [...new Set<string>(parts.route.via)], 'aws:CalledViaFirst': parts.route.via[0], 'aws:CalledViaLast': [...new Set<string>(parts.route.via)].at(-1) } : {}),
        ...(route === 'endpoint' ? {
          'aws:SourceVpce': parts.route.endpoint,
          'aws:SourceVpc': parts.route.vpc,
          'aws:SourceVpcArn': parts.route.tellsArn ? `arn:aws:ec2:${parts.route.region}:${parts.route.account}:vpc/${parts.route.vpc}` : undefined,
          'aws:VpcSourceIp': parts.route.privateAddress,
          'aws:VpceAccount': parts.route.account,
          'aws:VpceOrgID': places[parts.route.account]?.id,
          'aws:VpceOrgPaths': places[parts.route.account]?.path,
        } : {}),
        'aws:SecureTransport': String(tls !== 'http'),
        's3:TlsVersion': tls === 'http' ? undefined : tls,
        ...(kind === 'anonymous' ? {} : { 's3:authType': type, 's3:signatureversion': version, 's3:signatureAge': String(age) }),
        ...(isThrough ? { 's3:DataAccessPointArn': accessPoint.arn, 's3:DataAccessPointAccount': accessPoint.arn.split(':')[4], 's3:AccessPointNetworkOrigin': accessPoint.origin } : {}),
        ...(isListing ? { 's3:prefix': headers.prefix, 's3:delimiter': headers.delimiter, 's3:max-keys': headers['max-keys'] } : {}),
        ...(asksEncryption ? {
          's3:x-amz-server-side-encryption': headers.algorithm === 'SSE-C' ? undefined : headers.algorithm,
          's3:x-amz-server-side-encryption-aws-kms-key-id': headers.algorithm?.startsWith('aws:kms') ? headers.key : undefined,
          's3:x-amz-server-side-encryption-customer-algorithm': headers.algorithm === 'SSE-C' ? 'AES256' : undefined,
        } : {}),
        's3:x-amz-acl': ['s3:PutObject', 's3:PutObjectAcl'].includes(operation.action) ? headers.acl : undefined,
        'aws:CurrentTime': parts.time.moment,
        'aws:EpochTime': String(Date.parse(parts.time.moment) / 1000),
      }),
    };
  }

  private service(): string {
    return this.mentionedOr(this.texts.filter((text) => /^(?:athena|cloudformation)\./.test(text)), 'glue.amazonaws.com');
  }

  private address(): string {
    const ranges = this.texts.filter((text) => /^[\d.]+\/\d+$|^[0-9a-f:]+\/\d+$/.test(text));
    const around = ranges.flatMap((range) => [range.split('/')[0], range.split('/')[0].replace(/\d+$/, '7'), range.split('/')[0].replace(/\.0$/, '.255')]);
    return pick(this.random, [...around, ...around, '192.0.2.9', '10.1.2.3', '10.200.0.1', '2001:db8::9', '2001:db9::1', '1.2.3.4']);
  }

  private mentionedOr(mentioned: readonly string[], other: string): string {
    return mentioned.length > 0 && this.random() < 0.8 ? pick(this.random, mentioned) : other;
  }

  /** A text that a pattern stands for. */
  private filled(pattern: string, account = pick(this.random, this.accounts)): string {
    const [, , , , inArn] = pattern.split(':');
    const withAccount = inArn === '*' ? pattern.split(':').map((part, i) => (i === 4 ? account : part)).join(':') : pattern;
    return withAccount.replace(/\*/g, () => pick(this.random, ['', 'x', 'eu-west-1', 'q9'])).replace(/\?/g, 'x');
  }
}
