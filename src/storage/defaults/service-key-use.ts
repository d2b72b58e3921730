import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { keyPolicyOf } from './access-without-key';
import { ReceivedDelivery } from './log-receivers';
import { listOf } from './named-references';
import { deliveringService, principalIn, serviceCallerOf, ServiceDelivery } from '../../aws/services';
import { jsonText } from '../../policy/json';

/** Keys of conditions that tell for whom a service works: they are in its requests to KMS, too. */
const OF_SOURCES = /^aws:source(?:account|arn|orgid|orgpaths)$/i;

const READS = /^(?:\*|s3:\*|s3:get\*|s3:getobject\*?)$/i;
const WRITES = /^(?:\*|s3:\*|s3:put\*|s3:putobject\*?)$/i;

type Conditions = Record<string, Record<string, unknown>>;

/** What a bucket's policy lets a service do with objects. */
interface ServiceAccess {
  readonly principal: iam.IPrincipal;
  readonly service: string;
  readonly writes: boolean;
  readonly conditions: Conditions;
}

/** A service that writes, and not with a key of the bucket's own. */
export interface WriterWithoutKey {
  readonly service: string;
  readonly reason: string;
}

/** A service that the bucket's policy lets write, or a resource has deliver, although it does so with SSE-S3 or a key that its own setting names; or AWS does not say how. */
export function writerWithoutKey(bucket: s3.Bucket, received: readonly ReceivedDelivery[]): WriterWithoutKey | undefined {
  const admitted = serviceAccess(bucket).filter(({ writes }) => writes).map(({ service }) => ({ service, reason: `its policy lets '${service}' write` }));
  const setUp = received.map(({ sender, row }) => ({ sender, service: serviceOf(row, sender) }))
    .map(({ sender, service }) => ({ service, reason: `'${sender.node.path}' has '${service}' write` }));
  return [...admitted, ...setUp].find(({ service }) => ['own', 'not-documented'].includes(deliveringService(service)?.encryption ?? 'default'));
}

/**
 * Lets the services use the key whom the bucket's policy lets read or write, or which resources have deliver: they would be denied, or drop what
 * they deliver without a word. The key is confined as the bucket is: to the same sources, or to the account that they deliver for.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html#AWS-logs-SSE-KMS-S3
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html#configure-inventory-kms-key-policy
 */
export function letServicesUse(key: kms.Key, bucket: s3.Bucket, received: readonly ReceivedDelivery[]): void {
  const admitted = serviceAccess(bucket);
  const setUp = received.map((delivery) => accessOf(delivery)).filter(({ service }) => !admitted.some((each) => each.service === service));
  const known = admitted.length + setUp.length === 0 ? [] : keyPolicyOf(key).flatMap(({ Principal }) => listOf(Principal?.Service)); // those whom the CDK has let in
  for (const { principal, service, writes, conditions } of [...admitted, ...setUp].filter((each) => !known.includes(each.service))) {
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [principal],
      actions: writes ? actionsOf(service) : ['kms:Decrypt'],
      resources: ['*'], // of a key policy: the key itself
      conditions: confined(conditions, Stack.of(bucket).account),
    }));
  }
}

function accessOf({ sender, row }: ReceivedDelivery): ServiceAccess {
  const service = serviceOf(row, sender);
  return { principal: new iam.ServicePrincipal(service), service, writes: true, conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(sender).account } } };
}

function serviceOf({ id }: ServiceDelivery, sender: CfnResource): string {
  return principalIn(serviceCallerOf(id), Stack.of(sender).region);
}

/** With bucket keys, who writes also decrypts the key that S3 holds for the bucket. */
function actionsOf(service: string): string[] {
  return [...new Set([...(deliveringService(service)?.keyActions ?? ['kms:GenerateDataKey*']), 'kms:Decrypt'])];
}

function serviceAccess(bucket: s3.Bucket): ServiceAccess[] {
  const { statements = [] } = (bucket.policy?.document ?? {}) as unknown as { statements?: iam.PolicyStatement[] };
  return statements.filter(({ effect }) => effect === iam.Effect.ALLOW).flatMap(({ actions, principals, conditions }) => {
    const [reads, writes] = [READS, WRITES].map((pattern) => actions.some((action) => pattern.test(action)));
    const services = reads || writes ? principals.flatMap((principal) => serviceNames(principal, bucket).map((service) => ({ principal, service }))) : [];
    return services.map((service) => ({ ...service, writes, conditions }));
  });
}

function serviceNames(principal: iam.IPrincipal, bucket: s3.Bucket): string[] {
  return [principal.policyFragment.principalJson.Service ?? []].flat().map((service) => jsonText(Stack.of(bucket).resolve(service)));
}

function confined(conditions: Conditions, account: string): Conditions {
  const ofSources = Object.entries(conditions).map(([operator, tests]) =>
    [operator, Object.fromEntries(Object.entries(tests).filter(([key, value]) => isKnown(key, value)))] as const);
  const confining = ofSources.filter(([, tests]) => Object.keys(tests).length > 0);
  return confining.length > 0 ? Object.fromEntries(confining) : { StringEquals: { 'aws:SourceAccount': account } };
}

/** A source that is a resource may deliver to this very bucket: a key that names it would be a circle. */
function isKnown(key: string, value: unknown): boolean {
  const isAccount = /^aws:sourceaccount$/i.test(key);
  return OF_SOURCES.test(key) && (isAccount || [value].flat().every((each) => typeof each === 'string' && !Token.isUnresolved(each)));
}
