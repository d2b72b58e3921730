import { contextOf } from '../../src/policy/context';
import { Policy, Statement } from '../../src/policy/document';
import { applies, evaluate } from '../../src/policy/evaluate';
import { iamPrincipal, PolicyRequest, Principal } from '../../src/policy/request';
import { described, Guarantee } from '../../src/proof/guarantee';
import { ResourceFacts } from '../../src/proof/prove';

export const BUCKET: ResourceFacts = { arn: 'arn:aws:s3:::shared-dataset', objects: 'arn:aws:s3:::shared-dataset/', account: '111122223333', partition: 'aws' };

type Keys = Record<string, string | string[]>;

/** One way in which a part of a request can be, written by hand. */
interface Way {
  readonly keys: Keys;
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
}

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ORGANIZATIONS: Keys[] = [{}, ...['o-exampleorgid', 'o-strangerorg1', 'false'].map((id) => ({ 'aws:PrincipalOrgID': id, 'aws:PrincipalOrgPaths': [`${id}/r-ab12/ou-ab12-11111111/`] }))];

const CALLERS: Way[] = [
  ...[
    'arn:aws:iam::111122223333:role/Reader', 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1', 'arn:aws:iam::444455556666:role/AppRole',
    'arn:aws:iam::121212121212:role/Stranger', 'arn:aws:iam::121212121212:user/Stranger', 'arn:aws:iam::444455556666:root',
  ].flatMap((arn) => ORGANIZATIONS.map((organization): Way => {
    const principal = iamPrincipal(arn);
    return { principal, keys: { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': principal.account, 'aws:PrincipalIsAWSService': 'false', ...organization } };
  })),
  ...['logging.s3.amazonaws.com', 'other.amazonaws.com'].flatMap((service) => [
    {},
    ...['444455556666', '121212121212'].flatMap((account) => [{ 'aws:SourceAccount': account }, ...['o-exampleorgid', 'o-strangerorg1'].map((id) => ({ 'aws:SourceAccount': account, 'aws:SourceOrgID': id }))]),
  ].map((source): Way => ({ principal: { kind: 'service', service }, keys: { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': service, ...source } }))),
  { principal: { kind: 'anonymous' }, keys: { 'aws:PrincipalAccount': 'anonymous' } },
];

const OPERATIONS: Way[] = [
  ...['GetObject', 'PutObject', 'DeleteObject'].flatMap((name) => ['any', 'data/any', 'public/any'].map((key) => ({ action: `s3:${name}`, resource: `${BUCKET.objects}${key}`, keys: {} }))),
  ...['ListBucket', 'PutBucketPolicy'].map((name) => ({ action: `s3:${name}`, resource: BUCKET.arn, keys: {} })),
];

const ROUTES: Keys[] = [
  ...['198.51.100.1', '203.0.113.9', '2001:db8::1'].map((address) => ({ 'aws:SourceIp': address })),
  ...['vpce-0abc123def4567890', 'vpce-1111111111111111', 'vpce-0123456789abcdef0'].map((id) => ({ 'aws:SourceVpce': id })),
  { 'aws:ViaAWSService': 'true' },
];
const INSIDE_AWS: Keys[] = [{}];

const CONNECTIONS: Keys[] = [{ 'aws:SecureTransport': 'false' }, ...['1.0', '1.1', '1.2', '1.3'].map((version) => ({ 'aws:SecureTransport': 'true', 's3:TlsVersion': version }))];

const SIGNINGS: Keys[] = [
  ...['0', '899999'].map((age) => ({ 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:signatureAge': age })),
  ...['0', '1', '2', '900000', '900001', '9999999', '604800000'].map((age) => ({ 's3:authType': 'REST-QUERY-STRING', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:signatureAge': age })),
  ...['REST-HEADER', 'REST-QUERY-STRING'].map((type) => ({ 's3:authType': type, 's3:signatureversion': 'AWS', 's3:signatureAge': '0' })),
];
const UNSIGNED: Keys[] = [{}];

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const UPLOADS: Keys[] = [
  {}, { [ALGORITHM]: 'AES256' }, { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' },
  ...['aws:kms', 'aws:kms:dsse'].flatMap((algorithm) => [{}, ...[KEY_ARN, KEY_ARN.toUpperCase(), '*', 'alias/aws/s3', 'vpce-1111111111111111', 'true', 'false', '0', '1.1', '1.3', '9999999'].map((key) => ({ [KEY_ID]: key }))].map((key): Keys => ({ [ALGORITHM]: algorithm, ...key }))),
];

const FREE: Keys[][] = [
  [{}, { 'aws:Referer': 'https://example.com/' }, { 'aws:Referer': 'nothing' }],
  [{}, { 'aws:SecureTransports': 'false' }, { 'aws:SecureTransports': 'true' }],
  [{ 'aws:CurrentTime': '2026-01-15T12:00:00Z' }, { 'aws:CurrentTime': '2031-01-15T12:00:00Z' }],
  [{}, { 'aws:PrincipalTag/team': 'red' }, { 'aws:PrincipalTag/team': 'blue' }],
];

/** A request that a guarantee forbids and that no statement denies; undefined if there is none among some thousand that were written by hand. */
export function breachByBruteForce(policy: Policy, { breaches }: Guarantee): PolicyRequest | undefined {
  const forbidden = breaches.map(described);
  const asked = new Set([...policy.statements, ...forbidden].flatMap(({ conditions }) => conditions.map(({ key }) => key)));
  for (const request of requests(asked)) {
    if (forbidden.some((breach) => applies(breach, request) === true) && evaluate(policy, request).outcome !== 'denied' && !isDoubtful(policy.statements, request)) {
      return request;
    }
  }
  return undefined;
}

function isDoubtful(statements: readonly Statement[], request: PolicyRequest): boolean {
  return statements.some((statement) => statement.effect === 'Deny' && applies(statement, request) === undefined);
}

/** All requests of the small world. Of parts that nobody asks about, one way is enough. */
function* requests(asked: ReadonlySet<string>): Generator<PolicyRequest> {
  const some = (ways: readonly Keys[]) => (ways.some((keys) => Object.keys(keys).some((key) => asked.has(key.toLowerCase()))) ? ways : ways.slice(0, 1));
  for (const caller of CALLERS) {
    const kind = caller.principal!.kind;
    const routes = kind === 'service' ? INSIDE_AWS : ROUTES.filter((route) => kind !== 'anonymous' || !('aws:ViaAWSService' in route));
    const signings = kind === 'anonymous' ? UNSIGNED : kind === 'service' ? SIGNINGS.slice(0, 2) : SIGNINGS;
    const free = FREE.filter((ways) => kind === 'iam' || !('aws:PrincipalTag/team' in ways[1])).map(some);
    for (const operation of OPERATIONS) {
      const uploads = operation.action === 's3:PutObject' ? UPLOADS : UNSIGNED;
      for (const keys of product([some(routes), CONNECTIONS, some(signings), some(uploads), ...free])) {
        const context = contextOf({ 'aws:ViaAWSService': 'false', ...caller.keys, ...keys });
        yield { principal: caller.principal!, action: operation.action!, resource: operation.resource!, context };
      }
    }
  }
}

function product(parts: readonly (readonly Keys[])[]): Keys[] {
  return parts.reduce<Keys[]>((all, ways) => all.flatMap((keys) => ways.map((way) => ({ ...keys, ...way }))), [{}]);
}
