import { operationNamed } from './s3-operations';
import { readDocument } from './template-file';
import { ipRange } from '../policy/ip-range';
import { isObject, jsonText } from '../policy/json';
import { WrongInputError } from '../template/wrong-input';

/** A call that CloudTrail recorded, as far as S3 decides by it. */
export interface RecordedCall {
  readonly eventName: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;

  /** Who called; undefined if the record names an account only. */
  readonly principal?: string;

  /** What the record says of the caller, for people. */
  readonly caller: string;

  /** What is asked of S3. The ARN is undefined if the record does not say which object. */
  readonly accesses: readonly { readonly action: string; readonly resource?: string }[];
  readonly context: Readonly<Record<string, string | null>>;

  /** The AWS service that made the call in the name of somebody: whether with their own session, the record does not say. */
  readonly invokedBy?: string;

  /** The owner of the bucket, and the Region. */
  readonly account?: string;
  readonly region?: string;
}

/**
 * Reads calls of S3 from a file: a record of CloudTrail, a log file (`Records`), what `aws cloudtrail lookup-events` prints
 * (`Events`), or an event of EventBridge (`detail`). Of several, those that S3 denied; all, if it denied none.
 *
 * @throws WrongInputError if there is none
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 */
export function readCalls(file: string): RecordedCall[] {
  const records = recordsIn(readDocument(file), file);
  const ofS3 = records.filter(({ eventSource }) => eventSource === 's3.amazonaws.com');
  if (ofS3.length === 0) {
    const sources = [...new Set(records.map(({ eventSource }) => text(eventSource)))].filter((source) => source !== undefined);
    throw new WrongInputError(`${file} has no record of a call to S3 ${sources.length > 0 ? `(but of ${sources.join(', ')})` : ''}: eventSource is s3.amazonaws.com there.`);
  }
  const denied = ofS3.filter(({ errorCode }) => errorCode === 'AccessDenied');
  return (denied.length > 0 ? denied : ofS3).map((record) => callOf(record, file));
}

type Json = Record<string, any>;

function recordsIn(document: unknown, file: string): Json[] {
  const { Records, Events, detail } = isObject(document) ? document : {} as Json;
  if (Array.isArray(Events)) {
    return Events.filter(isObject).map(({ CloudTrailEvent }) => parsed(CloudTrailEvent, file)).filter(isObject);
  }
  return (Array.isArray(document) ? document : Array.isArray(Records) ? Records : [detail ?? document]).filter(isObject);
}

function parsed(event: unknown, file: string): unknown {
  try {
    return JSON.parse(jsonText(event));
  } catch {
    throw new WrongInputError(`${file} cannot be read: a CloudTrailEvent in it is no JSON.`);
  }
}

function callOf(record: Json, file: string): RecordedCall {
  const [parameters, identity] = [objectIn(record.requestParameters), objectIn(record.userIdentity)];
  const eventName = text(record.eventName) ?? '';
  const operation = operationNamed(eventName, value(parameters.versionId) !== undefined);
  if (!operation) {
    throw new WrongInputError(`${file}: '${eventName}' is a call whose permissions are not known here. Name them with --action and --resource instead.`);
  }
  const resource = resourceOf(record, parameters, operation.actions[0]);
  const source = copySource(value(parameters['x-amz-copy-source']), partitionOf(record));
  return {
    eventName,
    errorCode: text(record.errorCode),
    errorMessage: text(record.errorMessage),
    ...callerOf(identity),
    accesses: [
      ...operation.actions.map((action) => ({ action, resource })),
      ...(operation.sourceActions ?? []).map((action) => ({ action: source?.hasVersion ? `${action}Version` : action, resource: source?.arn })),
    ],
    context: contextOf(record, parameters),
    invokedBy: identity.type === 'AWSService' ? undefined : text(identity.invokedBy),
    account: resourcesOf(record, 'AWS::S3::Bucket').map(({ accountId }) => text(accountId)).find((id) => id !== undefined),
    region: text(record.awsRegion),
  };
}

/**
 * Who called. A caller of another account is recorded by its account and unique id alone; nobody in particular as `anonymous`.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
function callerOf({ type, arn, accountId, principalId, invokedBy }: Json): { principal?: string; caller: string } {
  const account = text(accountId)?.toLowerCase();
  if (type === 'AWSService' && text(invokedBy) !== undefined) {
    return { principal: invokedBy, caller: invokedBy };
  }
  if (account === 'anonymous' || account === 'anonymous_principal') {
    return { principal: 'anonymous', caller: 'an anonymous caller' };
  }
  return { principal: text(arn), caller: text(arn) ?? `${text(principalId) ?? 'somebody'} of the account ${account ?? 'that is not recorded'}` };
}

function resourceOf(record: Json, parameters: Json, action: string): string | undefined {
  const [accessPoint] = resourcesOf(record, 'AWS::S3::AccessPoint').flatMap((resource) => text(resource.ARN) ?? []);
  const name = value(parameters.bucketName);
  const bucket = name === undefined ? resourcesOf(record, 'AWS::S3::Bucket').flatMap((resource) => text(resource.ARN) ?? [])[0]
    : name.startsWith('arn:') ? name : `arn:${partitionOf(record)}:s3:::${name}`;
  const around = accessPoint ?? bucket;
  const key = value(parameters.key);
  if (!isObjectAction(action) || around === undefined) {
    return around;
  }
  return key === undefined ? undefined : `${around}/${/:accesspoint\//.test(around) ? 'object/' : ''}${key}`;
}

function isObjectAction(action: string): boolean {
  return /Object|MultipartUpload(?:Parts)?$/.test(action) && !/^s3:(?:Get|Put)BucketObjectLock|^s3:ListBucket/.test(action);
}

/** The object that is copied, as the header names it: URL-encoded, with the bucket in front. */
function copySource(header: string | undefined, partition: string): { arn: string; hasVersion: boolean } | undefined {
  const [path, query] = header?.split('?') ?? [];
  if (path === undefined) {
    return undefined;
  }
  const name = decoded(path).replace(/^\//, '');
  return { arn: name.startsWith('arn:') ? name : `arn:${partition}:s3:::${name}`, hasVersion: query?.startsWith('versionId=') ?? false };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Headers and parameters of the request that are condition keys under the same name. */
const SAME_NAME = [
  'prefix', 'delimiter', 'max-keys', 'x-amz-acl', 'x-amz-copy-source', 'x-amz-grant-full-control', 'x-amz-grant-read', 'x-amz-grant-read-acp', 'x-amz-grant-write',
  'x-amz-grant-write-acp', 'x-amz-metadata-directive', 'x-amz-object-ownership', 'x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm', 'x-amz-storage-class', 'x-amz-website-redirect-location',
];
const SIGNATURES: Readonly<Record<string, string>> = { SigV2: 'AWS', SigV4: 'AWS4-HMAC-SHA256', SigV4A: 'AWS4-ECDSA-P256-SHA256' };
const AUTHENTICATIONS: Readonly<Record<string, string>> = { AuthHeader: 'REST-HEADER', QueryString: 'REST-QUERY-STRING' };

function contextOf(record: Json, parameters: Json): Record<string, string | null> {
  const { SignatureVersion, AuthenticationMethod, CipherSuite, SSEApplied } = objectIn(record.additionalEventData);
  const identity = objectIn(record.userIdentity);
  const tlsVersion = /^TLSv(\d\.\d)$/.exec(text(objectIn(record.tlsDetails).tlsVersion) ?? '')?.[1];
  const isOverTls = tlsVersion !== undefined || (text(CipherSuite) ?? '-') !== '-';
  const values: Record<string, string | null | undefined> = {
    ...networkOf(record),
    ...sessionOf(identity),
    'aws:SecureTransport': isOverTls ? 'true' : undefined,
    's3:TlsVersion': tlsVersion,
    's3:signatureversion': SIGNATURES[text(SignatureVersion) ?? ''],
    's3:authType': AUTHENTICATIONS[text(AuthenticationMethod) ?? ''],
    's3:versionid': value(parameters.versionId),
    'aws:RequestedRegion': text(record.awsRegion),
    'aws:CurrentTime': text(record.eventTime),
    'aws:UserAgent': text(record.userAgent)?.replace(/^\[(.*)]$/, '$1'),
    's3:x-amz-server-side-encryption': /^Default_/.test(text(SSEApplied) ?? '') ? null : undefined, // the bucket's default: the upload asked for nothing
    ...Object.fromEntries(SAME_NAME.flatMap((name) => (value(parameters[name]) === undefined ? [] : [[`s3:${name}`, value(parameters[name])]]))),
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | null] => entry[1] !== undefined));
}

/** Through a VPC endpoint, the recorded address is one within the VPC: there is no public one. Services record their name instead. */
function networkOf({ vpcEndpointId, vpcEndpointAccountId, sourceIPAddress }: Json): Record<string, string | null | undefined> {
  const address = ipRange(text(sourceIPAddress) ?? '') ? text(sourceIPAddress) : undefined;
  return text(vpcEndpointId) === undefined
    ? { 'aws:SourceIp': address }
    : { 'aws:SourceVpce': vpcEndpointId, 'aws:VpceAccount': text(vpcEndpointAccountId), 'aws:VpcSourceIp': address, 'aws:SourceIp': address === undefined ? undefined : null };
}

function sessionOf({ type, principalId, userName, sessionContext, inScopeOf }: Json): Record<string, string | undefined> {
  const { attributes, sourceIdentity } = objectIn(sessionContext);
  const { sourceArn, sourceAccount } = type === 'AWSService' ? objectIn(inScopeOf) : {} as Json;
  return {
    'aws:userid': text(principalId),
    'aws:username': type === 'IAMUser' ? text(userName) : undefined,
    'aws:MultiFactorAuthPresent': text(objectIn(attributes).mfaAuthenticated),
    'aws:SourceIdentity': text(sourceIdentity),
    'aws:SourceArn': text(sourceArn),
    'aws:SourceAccount': text(sourceAccount),
  };
}

function resourcesOf({ resources }: Json, type: string): Json[] {
  return (Array.isArray(resources) ? resources : []).filter((resource) => isObject(resource) && resource.type === type);
}

function partitionOf({ awsRegion }: Json): string {
  const region = text(awsRegion) ?? '';
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function objectIn(json: unknown): Json {
  return isObject(json) ? json : {};
}

/** A parameter: CloudTrail records some of them as lists of one. */
function value(parameter: unknown): string | undefined {
  const [first] = [parameter].flat();
  return ['string', 'number', 'boolean'].includes(typeof first) ? String(first) : undefined;
}

function text(json: unknown): string | undefined {
  return typeof json === 'string' && json !== '' ? json : undefined;
}
