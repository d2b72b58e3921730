import { deliveredKeys } from './delivered-keys';
import { callerOfRole, DeliveringCaller, deliveringCallers } from './delivering-callers';
import { Bucket, Inventory } from '../../access/inventory';
import { ConfiguredUpload, CONFIGURED_UPLOADS } from '../../aws/configured-uploads';
import { isAwsManagedKey } from '../../aws/key-alias';
import { KEYED_UPLOADS } from '../../aws/keyed-uploads';
import { REQUESTED_UPLOADS } from '../../aws/requested-uploads';
import { DELIVERY_SET_UPS, deliveryOf, ServiceDelivery, SetUpDelivery } from '../../aws/services';
import { ALGORITHM, KEY_ID } from '../../guarantees/uploads';
import { contextOf } from '../../policy/context';
import { cautiousStatement, Statement } from '../../policy/document';
import { applies } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { PolicyRequest, requestSentence } from '../../policy/request';
import { isUnknown, readable, UNDETERMINED, unknownText } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { located, Place } from '../../template/place';
import { isUnknownValue, propertiesOf } from '../../template/settings';
import { doubted, Finding, found, Rule } from '../finding';

/** What a guardrail denies at run time, said while it can still be changed. */
export const configuredUploads: Rule = {
  id: 'ConfiguredUploads',
  requirement: 'What a resource is configured to upload, or to have an AWS service deliver, the policy of the bucket lets through with the encryption headers that it has.',
  reason: 'The upload is denied when it is made: a deployment, a query, a build or a delivery fails that worked before the bucket was guarded.',
  severity: 'high',
  severityReason: 'What is denied on its way is lost where nobody sends it again.',
  guide: '7.2',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms',
  judgeDeployment: (inventory) => TYPES.flatMap((type) => inventory.deployment.ofType(type)).flatMap((uploader) =>
    uploadsOf(inventory, uploader).flatMap((upload) => judge(inventory, uploader, upload))),
};

const UPLOADERS = [...CONFIGURED_UPLOADS, ...KEYED_UPLOADS, ...REQUESTED_UPLOADS];
const TYPES = [...new Set([...UPLOADERS, ...DELIVERY_SET_UPS].map(({ type }) => type))];

/** An upload, and the delivery of a service that it is, where it is one. */
interface Upload extends ConfiguredUpload {
  readonly delivery?: SetUpDelivery;
}

function uploadsOf(inventory: Inventory, uploader: DeployedResource): Upload[] {
  const properties = propertiesOf(uploader);
  const settingsOf = (type: string, name: unknown) => {
    const named = inventory.deployment.ofType(type).filter((one) => name !== undefined && [one.reference('Ref'), one.property('Name')].includes(name as string));
    const [resource] = located(named, ({ stack }) => stack, uploader.stack).there;
    return resource && propertiesOf(resource);
  };
  const configured = UPLOADERS.filter(({ type }) => type === uploader.type).flatMap(({ uploads }) => uploads(properties, settingsOf));
  const deliveries = DELIVERY_SET_UPS.filter(({ type }) => type === uploader.type).flatMap(({ deliveries: set }) => set(properties));
  return [
    ...configured.map((upload) => ({ ...upload, delivery: deliveries[0] })), // who says how its service encrypts has it deliver once
    ...(configured.length > 0 ? [] : deliveries.flatMap(unasked)),
  ];
}

/** What a service sends whose setting asks for no encryption. Standard logs of CloudFront come as a canonical user. */
function unasked(delivery: SetUpDelivery): Upload[] {
  const { id, files, title, pages } = deliveryOf(delivery.row);
  const kinds = id === 'cloudfront-legacy-logs' ? [] : files.filter(({ encryption, asksFor = [] }) => encryption !== 'own' || String(asksFor) === 'AES256');
  return kinds.slice(0, 1).map(({ encryption, asksFor = [] }) => ({
    bucket: delivery.bucket,
    ...(encryption === 'own' ? { algorithm: asksFor[0] } : {}),
    setting: title,
    remedy: `Let the service through in that statement; allowDelivery of a SecureBucket does. See ${pages[0]}`,
    doubt: encryption === 'not-documented' ? 'AWS does not document which headers the service sends' : undefined,
    delivery,
  }));
}

function judge(inventory: Inventory, uploader: DeployedResource, upload: Upload): Finding[] {
  const bucket = bucketOf(inventory, upload);
  const statements = bucket?.policies.flatMap(({ policy }) => policy?.statements ?? []).filter(isAboutEncryption) ?? [];
  if (!bucket || statements.length === 0 || !['string', 'undefined'].includes(typeof upload.algorithm)) {
    return [];
  }
  const requests = requestsOf(inventory, uploader, bucket, upload, askedKeys(inventory, uploader.stack, upload, statements));
  const denied = requests.map((request) => deniedBy(statements, request));
  const denying = denied.find((denial) => denial !== undefined);
  if (!denying) {
    return [];
  }
  const { sid, path } = denying.statement;
  const what = upload.delivery === undefined ? 'is configured to upload' : 'has an AWS service deliver';
  const problem = `'${uploader.path}' ${what} to '${bucket.site.path}' with ${asked(upload)} (${upload.setting}), which ${sid ? `'${sid}'` : path} in the bucket's policy denies.`;
  const isSure = denied.every((denial) => denial?.isSure && (isSourceKnown(uploader, denial.request) || !isAboutSource(denial.statement)));
  const doubt = isSure ? upload.doubt : upload.algorithm === undefined || upload.algorithm === 'AES256' ? 'which requests the statement is about depends on values that are not known before deployment'
    : `whether S3 is asked for the key that the policy means is not known: the setting says ${asked(upload)}`;
  return [doubt === undefined ? found(uploader, problem, upload.remedy, requestSentence(denying.request)) : doubted(uploader, problem, doubt, upload.remedy)];
}

interface Denial {
  readonly statement: Statement;
  readonly request: PolicyRequest;
  readonly isSure: boolean;
}

function deniedBy(statements: readonly Statement[], request: PolicyRequest): Denial | undefined {
  const decided = statements.map((statement) => ({ statement, request, truth: applies(cautiousStatement(statement), request) }));
  const denial = decided.find(({ truth }) => truth === true) ?? decided.find(({ truth }) => truth === undefined);
  return denial && { ...denial, isSure: denial.truth === true };
}

const ENCRYPTION_KEYS = [ALGORITHM, KEY_ID];
const SOURCE = /^aws:source(?:arn|account)$/;

/** A source of which a part is not known may be the one that a statement means. */
function isSourceKnown({ stack }: DeployedResource, { context }: PolicyRequest): boolean {
  return stack.hasKnownAccount && !(context.get('aws:sourcearn') ?? []).some(isUnknown);
}

/** Whether a statement depends on the source of a delivery. */
function isAboutSource({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => SOURCE.test(key));
}

function isAboutEncryption({ effect, conditions }: Statement): boolean {
  return effect === 'Deny' && conditions.some(({ key }) => ENCRYPTION_KEYS.includes(key));
}

function bucketOf(inventory: Inventory, { bucket }: ConfiguredUpload): Bucket | undefined {
  const [, ofUri = jsonText(bucket)] = /^s3:\/\/(.+)/.exec(jsonText(bucket)) ?? [];
  return inventory.bucketNamed(ofUri.split('/')[0]);
}

/**
 * The key that S3 may be asked for, in each form that the resource may send: as its setting has it, or by its ARN. One that is not known may be that of
 * a statement, and is if the statement says the same.
 */
function askedKeys(inventory: Inventory, place: Place, { algorithm, keyId }: ConfiguredUpload, statements: readonly Statement[]): (string | undefined)[] {
  if (keyId === undefined || algorithm === undefined || algorithm === 'AES256' || isAwsManagedKey(keyId)) {
    return [undefined];
  }
  const said = typeof keyId === 'string' ? keyId : unknownText(JSON.stringify(keyId));
  const isPinned = statements.flatMap(({ conditions }) => conditions).some(({ key, values }) => key === KEY_ID && values.some(({ source }) => source === said));
  if (isUnknown(said)) {
    return [isPinned || inventory.keyNamed(said, place) ? said : UNDETERMINED];
  }
  return /:key\//.test(said) ? [said] : [said, inventory.keyNamed(said, place)?.reference('Arn') ?? UNDETERMINED];
}

/** The uploads as S3 sees them, by all who may make them and with each key that they may ask for. Who makes them is well behaved otherwise. */
function requestsOf(inventory: Inventory, uploader: DeployedResource, { facts }: Bucket, upload: Upload, keys: readonly (string | undefined)[]): PolicyRequest[] {
  const { delivery, caller, algorithm } = upload;
  const row = delivery && deliveryOf(delivery.row);
  const isRole = typeof caller === 'string' && /^arn:[^:]+:iam::[^:]+:role\//.test(caller) && !isUnknown(caller);
  const callers = row ? deliveringCallers(inventory, uploader, row, delivery) : [callerOfRole(isRole ? caller : `arn:${facts.partition}:iam::${facts.account}:role/Uploader`)];
  const resource = `${facts.objects}${row ? deliveredKeys(row, delivery, uploader.stack.account)[0] : 'object'}`;
  return callers.flatMap((one) => keys.map((key) => requestOf(one, resource, algorithm, key, row)));
}

function requestOf({ principal, context }: DeliveringCaller, resource: string, algorithm: unknown, keyId: string | undefined, row: ServiceDelivery | undefined): PolicyRequest {
  return {
    principal,
    action: 's3:PutObject',
    resource,
    context: contextOf({
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
      ...context,
      ...(row?.sendsAcl ? { 's3:x-amz-acl': 'bucket-owner-full-control' } : {}),
      ...(algorithm === undefined ? {} : { [ALGORITHM]: isUnknownValue(algorithm) ? UNDETERMINED : jsonText(algorithm), [KEY_ID]: keyId }),
    }),
  };
}

function asked({ algorithm, keyId }: ConfiguredUpload): string {
  return algorithm === undefined ? 'no encryption header' : algorithm === 'AES256' ? 'SSE-S3 (AES256)' : isUnknownValue(algorithm) ? `the encryption '${readable(jsonText(algorithm))}'`
    : keyId === undefined || isAwsManagedKey(keyId) ? `'${jsonText(algorithm)}' and the AWS managed key`
      : `the key '${typeof keyId === 'string' ? readable(keyId) : JSON.stringify(keyId)}'`;
}
