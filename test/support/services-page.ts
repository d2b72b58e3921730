import { writeFileSync } from 'fs';
import { resolve } from 'path';
import { Caller, DeliveredFile, Demands, SERVICE_DELIVERIES, ServiceDelivery, Source } from '../../src/aws/services';
import { SOURCE_METHODS } from '../../src/storage/deliveries/source-calls';

/** The page on the services that deliver into buckets. `npx projen docs:services` writes it, and a test holds it. */
export const SERVICES_PAGE = resolve(__dirname, '../../docs/services.md');

/** What calls have to say, or are shown with. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  's3-inventory': '{ sourceBuckets: [data] }',
  'storage-class-analysis': '{ sourceBuckets: [data] }',
  'storage-lens': "{ configurationIds: ['central'] }",
  'vended-logs-v2': "{ deliverySourceNames: ['events'] }",
  'cloudtrail': "{ trailNames: ['main'] }",
  'cloudtrail-organization': "{ trailNames: ['main'], organizationId: 'o-exampleorgid' }",
  'ses': "{ ruleSetName: 'inbound' }",
};

/** Services with a construct or a method of their own. */
const OTHER_WAYS: Readonly<Record<string, string>> = {
  'server-access-logs': 'nothing: `SecureBucket` sends them to an `AccessLogBucket`; `accessLogBucket.allowLogDeliveryFrom(bucket)` for others',
  'cloudfront-legacy-logs': 'not possible: every bucket of this package has ACLs disabled. Use standard logs v2',
  'cloudfront-uploads': '[OacDistribution](oac-distribution.md)',
  's3-replication': '`replicationRules` of the source bucket',
};

const INTRODUCTION = `# AWS services that deliver into buckets

Many AWS services write into buckets by themselves: logs, reports, findings. On a bucket with a customer managed key, three things have to agree, or the files are dropped without a word: the bucket's
policy lets the service write, the key's policy lets it encrypt, and the upload guardrail does not deny the encryption header that it sends. \`allowDelivery\` writes all three:

\`\`\`ts
import { App, Stack } from 'aws-cdk-lib';
import { DeliverySource, SecureBucket } from 'cdk-secure-bucket';

const stack = new Stack(new App(), 'Logs', { env: { account: '111122223333', region: 'eu-west-1' } });
const logs = new SecureBucket(stack, 'Central', { bucketName: 'central-logs-111122223333' });
logs.allowDelivery(DeliverySource.vpcFlowLogs());
logs.allowDelivery(DeliverySource.config({ sourceAccounts: ['111122223333', '444455556666'] }));
logs.allowDelivery(DeliverySource.cloudTrail({ trailNames: ['main'] }));
\`\`\`

- **Confined.** By \`aws:SourceAccount\` (the bucket's account, unless \`sourceAccounts\` names others) and \`aws:SourceArn\`, as far as the table has them; the key by \`kms:EncryptionContext:aws:s3:arn\`, too:
  to this bucket where its name is known at synthesis (\`bucketName\`, or \`bucketNamePrefix\` in the account-regional namespace), otherwise to S3. A key that other buckets may share is then warned of
  (\`cdk-secure-bucket:deliveryKeyNotConfined\`).
- **Perimeters.** Network and organization perimeters spare AWS services; an organization perimeter asks that the service delivers for an account of the organization.
- **Encryption headers.** The upload guardrail spares this service and these sources alone: with \`REQUIRE_HEADER\`, an upload without the header, which gets the bucket's key by default; for CloudTrail, an
  upload with SSE-S3, which it asks for unless the trail has a key, and perhaps for digests. Give the trail the bucket's key: \`encryptionKey: logs.encryptionKey\`. The guarantee of the bucket names what is spared.
- **Without a call.** Where the CDK or you let a service write into a bucket of this package by a statement of its policy (inventories, flow logs, receipt rules of SES), and the service uses the bucket's default
  encryption, the key's policy and the upload guardrail follow, confined to the account and the bucket.
- **What an app sets up without a statement is an error** that names the call: L1 constructs (\`CfnFlowLog\`, \`CfnDeliveryChannel\`, \`CfnTrail\`, logging of AWS WAF and Network Firewall, Resolver query logs, exports …), and the CDK's
  flow logs where the feature flag \`@aws-cdk/aws-s3:createDefaultLoggingPolicy\` is not set. What is set up waits for the bucket's policy, so that no service replaces it.
- **Imported keys** (\`Key.fromKeyArn\`) are not this app's to write: an output of the stack has the statements to add, with the warning \`cdk-secure-bucket:handedOverKeyPolicy\`.
- **What cannot work is an error** with the way out: a service that delivers to SSE-S3 only, needs ACLs, another name of the bucket, the same Region or account, no default retention. What AWS does not
  document is the warning \`cdk-secure-bucket:deliveryNotDecided\`.
- **Services that write the bucket's policy.** Setting up VPC flow logs or data exports can replace the whole policy, and with it the guardrails, if whoever sets them up has \`s3:PutBucketPolicy\`. Deploy the
  bucket first, and let others not have that permission.
- **Services that come as a role** of the account (the last table) are that role for S3 and KMS: grant it access (\`bucket.grantWrite(role)\`). A network perimeter lets it through by itself where the app shows that it works on the bucket for a service; name any other in \`administrators\`.

A service that is not here: \`DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: [...] })\`, with what its documentation says.
`;

export function servicesPage(): string {
  const byItself = SERVICE_DELIVERIES.filter(({ caller }) => caller.kind === 'service');
  const byRole = SERVICE_DELIVERIES.filter(({ caller }) => caller.kind === 'role');
  return [
    INTRODUCTION,
    '## What to write\n',
    table(['service', 'what to write', 'page'], byItself.map((row) => [row.title, whatToWrite(row), pagesOf(row)])),
    '## What they need\n',
    'In the patterns, words in braces are those of the source; `{prefix}`, `{beginning}` and `{logs}` begin with the prefix that the service is told.\n',
    table(['service', 'principal', 'S3 actions', 'objects', 'KMS actions', 'confined by'], byItself.map((row) => [
      row.title, callerOf(row.caller), code(...row.objectActions, ...row.bucketActions), code(...row.objects), code(...row.keyActions), confinementOf(row.source, row.sendsAcl),
    ])),
    '## What they send and demand\n',
    table(['service', 'encryption of its files', 'delivers to', 'demands', "writes the bucket's policy"], byItself.map((row) => [
      row.title, row.files.map(encryptionOf).join('; '), row.demands.encryption.join(', '), demandsOf(row.demands), row.demands.writesPolicy === 'never' ? 'no' : row.demands.writesPolicy,
    ])),
    '## Services that come as a role\n',
    table(['service', 'trusts', 'S3 actions', 'KMS actions', 'page'], byRole.map((row) => [
      row.title, callerOf(row.caller), code(...row.bucketActions, ...row.objectActions), code(...row.keyActions), pagesOf(row),
    ])),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';
}

function whatToWrite({ id }: ServiceDelivery): string {
  return OTHER_WAYS[id] ?? code(`DeliverySource.${SOURCE_METHODS[id]}(${ARGUMENTS[id] ?? ''})`);
}

function callerOf(caller: Caller): string {
  if (caller.kind === 'role') {
    return code(caller.trusts);
  }
  const names = caller.names.map((name) => `${name}${caller.namesRegion === 'always' ? '.{region}' : ''}.amazonaws.com`);
  const ofRegions = caller.namesRegion === 'in-opt-in-regions' ? [`\`${caller.names[0]}.{region}.amazonaws.com\` in Regions that have to be enabled`] : [];
  return [code(...names), ...ofRegions, ...(caller.accounts ? ['in older Regions an account of AWS'] : [])].join(', ');
}

function confinementOf({ arn, hasAccount }: Source, sendsAcl: boolean): string {
  const by = [...(hasAccount ? ['`aws:SourceAccount`'] : []), ...(arn ? [`\`aws:SourceArn\` \`${arn}\``] : []), ...(sendsAcl ? ['`s3:x-amz-acl` `bucket-owner-full-control`'] : [])];
  return by.length === 0 ? 'nothing that AWS documents' : by.join(', ');
}

function encryptionOf({ name, encryption, asksFor = [] }: DeliveredFile): string {
  const headers = asksFor.map((algorithm) => (algorithm === 'AES256' ? 'SSE-S3' : 'a key')).join(' or ');
  switch (encryption) {
    case 'default': return `${name}: the bucket's default`;
    case 'setting': return `${name}: the bucket's default, or ${headers} by a setting`;
    case 'own': return `${name}: asks for ${headers}`;
    case 'not-documented': return `${name}: not documented`;
  }
}

function demandsOf({ acls, bucketName, region, account, defaultRetention }: Demands): string {
  const demands = [
    ...(acls === 'needed' ? ['ACLs'] : acls === 'disabled' ? ['no ACLs'] : []),
    ...(bucketName ? [`a name that begins with \`${bucketName}\``] : []),
    ...(region === 'same' ? ['the same Region'] : []),
    ...(account === 'same' ? ['the same account'] : []),
    ...(defaultRetention === 'stops-it' ? ['no default retention (Object Lock)'] : []),
  ];
  return demands.join(', ');
}

function pagesOf({ pages }: ServiceDelivery): string {
  return pages.map((page, at) => `[AWS${at === 0 ? '' : ` ${at + 1}`}](${page})`).join(', ');
}

function code(...texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ');
}

if (require.main === module) {
  writeFileSync(SERVICES_PAGE, servicesPage());
}
