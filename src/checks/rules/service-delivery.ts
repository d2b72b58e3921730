import { defaultEncryption } from './bucket-settings';
import { KMS_ALGORITHMS } from './default-encryption';
import { deliveredKeys } from './delivered-keys';
import { isConfigLinked, sourceArnOf } from './delivering-callers';
import { stoppingDeny } from './stopping-deny';
import { Bucket, Inventory } from '../../access/inventory';
import { isAwsManagedKey } from '../../aws/key-alias';
import { DELIVERY_SET_UPS, deliveryOf, principalsIn, ServiceCaller, ServiceDelivery, SetUpDelivery } from '../../aws/services';
import { mayNotWrite } from '../../guarantees/deliveries';
import { serviceUpload, sourceAsSeenBy } from '../../guarantees/service-uploads';
import { cautiousStatement, Statement } from '../../policy/document';
import { applies } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { every, not, Truth } from '../../policy/truth';
import { beforeUnknown, isUnknown, readable, UNDETERMINED, UNKNOWN_REGION, unknownText } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { propertiesOf, UNKNOWN } from '../../template/settings';
import { doubted, Finding, found, notDecided, Rule } from '../finding';
import { withoutPolicy } from '../proven';

/** Logs of load balancers, distributions and clusters are LogDestination's to judge, the use of keys is DeliveryKey's. */
export const serviceDelivery: Rule = {
  id: 'ServiceDelivery',
  requirement: 'What the template has an AWS service deliver, the bucket takes: its policy lets the service write, its encryption and its name are such that AWS delivers there.',
  reason: 'Otherwise the deployment fails, the files are dropped without a word, or the service writes the policy of the bucket itself, where flow logs replace it.',
  severity: 'high',
  severityReason: 'Files that the bucket does not take are dropped, and cannot be delivered again.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html',
  judgeDeployment: (inventory) => DELIVERY_SET_UPS.flatMap(({ type, deliveries }) => inventory.deployment.ofType(type).flatMap((source) => deliveries(propertiesOf(source))
    .filter(({ row }) => !JUDGED_ELSEWHERE.includes(row)).flatMap((delivery) => judge(inventory, source, delivery)))),
};

const JUDGED_ELSEWHERE = ['application-load-balancer-logs', 'network-load-balancer-logs', 'classic-load-balancer-logs', 'redshift-audit-logs', 'cloudfront-legacy-logs'];

function judge(inventory: Inventory, source: DeployedResource, delivery: SetUpDelivery): Finding[] {
  const bucket = bucketOf(inventory, delivery);
  const row = deliveryOf(delivery.row);
  if (!bucket?.resource) {
    return [];
  }
  const refused = refusals(bucket, source, row);
  const isRefused = refused.some(({ isDecided }) => isDecided);
  return isRefused || mayComeAsRole(inventory, row) ? refused : [...refused, ...judgePermission(inventory, bucket, source, row, delivery)];
}

function bucketOf(inventory: Inventory, { bucket }: SetUpDelivery): Bucket | undefined {
  const [, name = ''] = /^(?:arn:[^:]*:s3:::)?([^/]*)/.exec(jsonText(bucket)) ?? [];
  return inventory.bucketNamed(name);
}

function mayComeAsRole(inventory: Inventory, { id }: ServiceDelivery): boolean {
  return id === 'config' && !isConfigLinked(inventory);
}

/** Why AWS does not deliver to a bucket, whatever its policy says. */
function refusals(bucket: Bucket, source: DeployedResource, row: ServiceDelivery): Finding[] {
  const bringsKey = row.files.every(({ encryption, asksFor }) => encryption === 'own' && asksFor?.join() === 'aws:kms'); // then the default encryption is not used
  return [...(bringsKey ? [] : judgeEncryption(bucket, source, row)), ...judgeName(bucket, source, row)];
}

function judgeEncryption({ resource }: Bucket, source: DeployedResource, { title, demands: { encryption } }: ServiceDelivery): Finding[] {
  const { algorithm, keyId } = defaultEncryption(resource!);
  const isKms = algorithm === UNKNOWN ? undefined : KMS_ALGORITHMS.includes(algorithm);
  const isManaged = every([encryption.includes('SSE-KMS'), isKms, keyId === UNKNOWN ? undefined : keyId === undefined || isAwsManagedKey(keyId)], (truth) => truth);
  const isSseS3 = every([algorithm !== undefined, not(isKms), !encryption.includes('SSE-S3')], (truth) => truth);
  const doubt = 'the encryption of the bucket is not known before deployment';
  return [
    ...supposed(
      isManaged, source, `${title}: the bucket '${resource!.path}' is encrypted with the AWS managed key, with which AWS does not deliver them.`, doubt,
      'Encrypt the bucket with a customer managed key whose policy lets the service use it, or with SSE-S3.',
    ),
    ...supposed(
      isSseS3, source, `${title}: AWS delivers them to buckets encrypted with a customer managed key only, and '${resource!.path}' is encrypted with SSE-S3.`, doubt,
      'Encrypt the bucket with a customer managed key.',
    ),
  ];
}

function judgeName({ resource }: Bucket, source: DeployedResource, { title, demands: { bucketName } }: ServiceDelivery): Finding[] {
  const name = resource!.reference('Ref')!;
  const known = beforeUnknown(name);
  if (bucketName === undefined || known.startsWith(bucketName)) {
    return [];
  }
  const isOther = isUnknown(name) && bucketName.startsWith(known) ? undefined : true;
  const problem = `${title}: the name of the bucket must begin with '${bucketName}', and '${resource!.path}' is called '${readable(name)}'.`;
  return supposed(isOther, source, problem, 'the name of the bucket is not known before deployment', `Deliver to a bucket whose name begins with '${bucketName}'.`);
}

/** What is to be said of a problem that is there, is not, or of which that is not known. */
function supposed(truth: Truth, resource: DeployedResource, problem: string, doubt: string, remedy: string): Finding[] {
  return truth === false ? [] : [truth ? found(resource, problem, remedy) : doubted(resource, problem, doubt, remedy)];
}

function judgePermission(inventory: Inventory, bucket: Bucket, source: DeployedResource, row: ServiceDelivery, delivery: SetUpDelivery): Finding[] {
  const { caller, delivers, demands, pages } = row;
  const services = principalsIn(caller as ServiceCaller, source.stack.region === UNKNOWN_REGION ? '*' : source.stack.region);
  const [service] = services;
  const problem = `'${source.path}' has ${service} deliver ${delivers} to '${bucket.site.path}', and the policy of the bucket does not let it write.${CONSEQUENCES[demands.writesPolicy]}`;
  const remedy = `Allow ${service} to put objects in the bucket policy, confined by 'aws:SourceAccount' and 'aws:SourceArn'; allowDelivery of a SecureBucket does. See ${pages[0]}`;
  if (bucket.policies.length === 0) {
    return withoutPolicy(inventory, bucket, problem, remedy).map((finding) => ({ ...finding, resource: source }));
  }
  const verdicts = bucket.policies.flatMap((document) => services.map((Service) => (document.policy
    ? inventory.prove(bucket, document, mayNotWrite({ Principal: { Service } }, bucket.facts)).verdict : 'not-decided')));
  if (verdicts.includes('broken')) {
    const arn = sourceArnOf(source, row, delivery);
    const sourceArn = source.stack.hasKnownAccount ? arn : UNDETERMINED;
    const mayBeAllowed = (objects: readonly string[]) => bucket.policies.some(({ policy }) => (
      policy?.statements.some((statement) => services.some((one) => objects.some((object) => mayAllow(statement, one, object, source, sourceArn)))) ?? true));
    if (!mayBeAllowed([`${bucket.facts.objects}${unknownText('key')}`])) {
      return [found(source, `${problem} It lets ${service} write for other sources than ${sourceArn === UNDETERMINED ? 'this one' : readable(sourceArn)}.`, remedy)];
    }
    const keys = deliveredKeys(row, delivery, source.stack.hasKnownAccount ? source.stack.account : unknownText('account'));
    return mayBeAllowed(keys.map((key) => `${bucket.facts.objects}${key}`)) ? [] : [found(source, `${problem} It lets ${service} write other objects than ${readable(keys[0])}.`, remedy)];
  }
  if (verdicts.includes('not-decided')) {
    return [notDecided(source, `Whether the policy of '${bucket.site.path}' lets ${service} deliver ${delivers} is not decided.`)];
  }
  const deny = stoppingDeny(inventory, bucket, { Principal: { Service: services } });
  return [deny === undefined ? found(source, problem, remedy) : found(
    source,
    `'${source.path}' has ${service} deliver ${delivers} to '${bucket.site.path}', and the statement ${deny} there stops it.`,
    `Let ${service} through: 'aws:PrincipalIsAWSService' is true where it delivers.`,
  )];
}

/** Whether a statement may let a service write for a source. What else it asks for may be so. */
function mayAllow(statement: Statement, service: string, object: string, { stack }: DeployedResource, sourceArn: string): boolean {
  const request = serviceUpload(service, object, {
    'aws:sourcearn': sourceAsSeenBy(statement, sourceArn),
    'aws:sourceaccount': stack.hasKnownAccount ? stack.account : UNDETERMINED,
  }, statement);
  return statement.effect === 'Allow' && applies(cautiousStatement(statement), request) !== false;
}

const CONSEQUENCES: Readonly<Record<ServiceDelivery['demands']['writesPolicy'], string>> = {
  replaces: ' Setting it up replaces the policy, if the caller may.',
  appends: ' Setting it up adds to the policy, if the caller may, and the next deployment takes that out again.',
  never: '',
};
