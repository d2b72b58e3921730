/** A bucket policy of at most 20,480 bytes that is hard to prove something of. */
export interface WorstCase {
  readonly name: string;
  readonly policy: { readonly Version: string; readonly Statement: readonly unknown[] };

  /** Whether plain HTTP is denied to everybody, as a person finds out. */
  readonly truth: 'holds' | 'broken';

  /** Whether it must be decided. Patterns that overlap in too many ways need not be. */
  readonly isDecided: boolean;
}

export const WORST_CASES_BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';

const ENDPOINT_KEYS: Readonly<Record<string, (i: number) => string>> = {
  'aws:SourceVpce': (i) => `vpce-0abc123def456789${i}`,
  'aws:SourceVpc': (i) => `vpc-0abc123def456789${i}`,
  'aws:SourceVpcArn': (i) => `arn:aws:ec2:eu-west-1:${account(i)}:vpc/vpc-0abc123def456789${i}`,
  'aws:VpcSourceIp': (i) => `10.${i}.0.0/16`,
  'aws:VpceAccount': account,
  'aws:VpceOrgID': organization,
  'aws:VpceOrgPaths': (i) => `${organization(i)}/r-ab12/*`,
};

const FREE_TEXT_KEYS = [
  'aws:PrincipalArn', 'aws:userid', 'aws:username', 'aws:SourceVpce', 'aws:SourceVpc', 'aws:PrincipalServiceName', 'aws:FederatedProvider', 'aws:Referer', 's3:prefix',
];

/** The worst cases, smallest ideas first: each statement denies plain HTTP to whom its conditions describe. */
export const WORST_CASES: readonly WorstCase[] = [
  decided('7 denies, each that a key of endpoints has none of 6 values', Object.entries(ENDPOINT_KEYS).map(([key, value]) => deny({ [operator(key, true)]: { [key]: times(6, value) } }))),
  decided('42 denies, each that a key of endpoints has a value', Object.entries(ENDPOINT_KEYS).flatMap(([key, value]) => times(6, (i) => deny({ [operator(key, false)]: { [key]: value(i) } })))),
  decided('60 denies on accounts, organizations and ARNs', times(20, (i) => [
    deny({ StringNotEquals: { 'aws:PrincipalAccount': [account(i), account(i + 1), account(i + 2)] } }),
    deny({ StringNotEquals: { 'aws:PrincipalOrgID': [organization(i), organization(99)] } }),
    deny({ ArnNotLike: { 'aws:PrincipalArn': [`arn:aws:iam::${account(i)}:role/app*`, `arn:aws:iam::*:role/team-${i}-*`] } }),
  ]).flat(), 'holds'),
  ...[16, 60].flatMap((count) => [
    decided(`${count} denies, each that a key of its own has a value`, times(count, (i) => deny({ StringEquals: { [`aws:PrincipalTag/key-${i}`]: 'value' } }))),
    decided(`${count} denies, each that a key of its own has another value`, times(count, (i) => deny({ StringNotEquals: { [`aws:PrincipalTag/key-${i}`]: 'value' } }))),
    decided(`${count} denies, each on two of as many keys`, times(count, (i) => deny({ StringNotEquals: { [`aws:PrincipalTag/key-${i}`]: 'one', [`aws:PrincipalTag/key-${(7 * i + 1) % count}`]: 'two' } }))),
  ]),
  decided('40 denies, each that a value is not among the tags', times(40, (i) => deny({ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': `key-${i}` } }))),
  decided('40 denies, each that a service is among those in between', times(40, (i) => deny({ 'ForAnyValue:StringEquals': { 'aws:CalledVia': `service-${i}.amazonaws.com` } }))),
  decided('57 denies on resources and accounts of services', times(57, (i) => deny({
    ArnNotLike: { 'aws:SourceArn': [`arn:aws:logs:*:${account(i)}:*`, `arn:aws:sns:eu-west-${i}:${account(i)}:topic*`] }, StringNotEquals: { 'aws:SourceAccount': account(i) },
  })), 'holds'),
  decided('60 denies, each on 8 address ranges', times(60, (i) => deny({ IpAddress: { 'aws:SourceIp': times(8, (j) => `${i + 1}.${j}.0.0/16`) } }))),
  decided('900 accounts in one deny', [deny({ StringNotEquals: { 'aws:PrincipalAccount': times(900, account) } })]),
  decided('200 roles with wildcards in one deny', [deny({ ArnNotLike: { 'aws:PrincipalArn': times(200, (i) => `arn:aws:iam::${account(i % 40)}:role/app-${i}-*`) } })]),
  decided('200 patterns that begin anywhere in one deny', [deny({ StringNotLike: { 'aws:PrincipalArn': times(200, (i) => `*app-${i}-*`) } })]),
  decided('200 prefixes in one deny', [deny({}, { Resource: times(200, (i) => `${WORST_CASES_BUCKET}/*/part-${i}/*`) })]),
  ...FREE_TEXT_KEYS.map((key) => perhaps(`60 denies, each on a pattern of ${key} that begins anywhere`, times(60, (i) => deny({ StringNotLike: { [key]: `*x${i}y*` } })))),
  perhaps('60 denies, each on a prefix that begins anywhere', times(60, (i) => deny({}, { Resource: `${WORST_CASES_BUCKET}/*/part-${i}/*` }))),
  perhaps('60 denies, each on a Region in the ARN of a VPC', times(60, (i) => deny({ ArnNotLike: { 'aws:SourceVpcArn': `arn:aws:ec2:*x${i}y*:*:vpc/*` } }))),
  perhaps('60 denies on patterns of accounts', times(60, (i) => deny({ StringNotLike: { 'aws:PrincipalAccount': `*${i % 10}*${i % 7}` }, StringLike: { 'aws:VpceAccount': `*${i}?` } }))),
  perhaps('60 denies on paths of three kinds of entities', times(60, (i) => deny({
    'ForAllValues:StringNotLike': { [['aws:PrincipalOrgPaths', 'aws:VpceOrgPaths', 'aws:ResourceOrgPaths'][i % 3]]: `${organization(i % 3)}/r-ab12/*ou-${i}*/` },
  }))),
  ...['aws:CalledVia', 'aws:PrincipalServiceNamesList', 's3:RequestObjectTagKeys', 'aws:TagKeys'].flatMap((key) => [
    perhaps(`60 denies, each that no value of ${key} is like a pattern`, times(60, (i) => deny({ 'ForAllValues:StringNotLike': { [key]: [`*x${i}y*`, `y${i}*`] } }))),
    perhaps(`60 denies, each that a value of ${key} is like a pattern`, times(60, (i) => deny({ 'ForAnyValue:StringLike': { [key]: [`*x${i}y*`, `y${i}*`] } }))),
  ]),
  perhaps('60 denies on the first, the last and all services in between', times(60, (i) => deny({
    'ForAllValues:StringNotLike': { 'aws:CalledVia': `*x${i}y*` }, 'StringNotLike': { 'aws:CalledViaFirst': `*y${i}-*`, 'aws:CalledViaLast': `*z${i}-*` },
  }))),
  perhaps('60 denies, each to a session and on user ids', times(60, (i) => deny(
    { StringNotLike: { 'aws:userid': `AROA*:s${i}*` } }, { Principal: { AWS: `arn:aws:sts::${account(i)}:assumed-role/role-${i}/s${i}` } },
  ))),
  perhaps('60 denies on ARNs, names and ids of users', times(60, (i) => deny({
    ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${account(i)}:*/app-${i}*` }, StringNotLike: { 'aws:userid': `AIDA*x${i}`, 'aws:username': `*x${i}` },
  }))),
  perhaps('240 roles with wildcards on both sides in one deny', [deny({ ArnNotLike: { 'aws:PrincipalArn': times(240, (i) => `arn:aws:iam::${account(i)}:role/*a${i}*`) } })]),
  { ...perhaps('60 denies on ranges and on texts of addresses', times(60, (i) => deny({ NotIpAddress: { 'aws:SourceIp': `${i + 1}.${i}.0.0/16` }, StringNotLike: { 'aws:SourceIp': `*.${i}.*${i}` } }))), truth: 'holds' },
];

function decided(name: string, Statement: readonly unknown[], truth: WorstCase['truth'] = 'broken'): WorstCase {
  return { name, policy: { Version: '2012-10-17', Statement }, truth, isDecided: true };
}

/** A request passes that has something of all patterns, or nothing of what the denies ask for. */
function perhaps(name: string, Statement: readonly unknown[]): WorstCase {
  return { ...decided(name, Statement), isDecided: false };
}

function deny(condition: object, elements: object = {}): unknown {
  return { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [WORST_CASES_BUCKET, `${WORST_CASES_BUCKET}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...condition }, ...elements };
}

function operator(key: string, isNegated: boolean): string {
  if (key === 'aws:VpcSourceIp') {
    return isNegated ? 'NotIpAddress' : 'IpAddress';
  }
  return key === 'aws:VpceOrgPaths' ? (isNegated ? 'ForAllValues:StringNotLike' : 'ForAnyValue:StringLike') : isNegated ? 'StringNotEquals' : 'StringEquals';
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function account(i: number): string {
  return String(100_000_000_000 + 7919 * i);
}

function organization(i: number): string {
  return `o-exampleorg${i}`;
}
