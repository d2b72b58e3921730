import { readFileSync } from 'fs';
import { gunzipSync } from 'zlib';
import { readDocument } from './template-file';
import { OBJECT_ACTIONS } from '../aws/actions';
import { OPERATIONS_OF_OTHERS, OTHER_SOURCES, operationNamed, RequestHeaders } from '../aws/operations';
import { own } from '../own';
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

  /** The ARN of what it works on; undefined if the record does not say which object. */
  readonly resource?: string;

  /** The headers and parameters of the request that decide what it needs. */
  readonly headers: RequestHeaders;
  readonly context: Readonly<Record<string, string | null>>;

  /** When it was made, as recorded. */
  readonly time?: string;

  /** The AWS service that made the call in the name of somebody: whether with their own session, the record does not say. */
  readonly invokedBy?: string;

  /** The owner of the bucket, and the Region. */
  readonly account?: string;
  readonly region?: string;
}

/** The calls of a file, and why others are not decided: a line each. */
export interface RecordedCalls {
  readonly calls: readonly RecordedCall[];
  readonly refused: readonly string[];
}

/**
 * Reads calls of S3 from a file: a record of CloudTrail, a log file (`Records`), what `aws cloudtrail lookup-events` prints
 * (`Events`), or an event of EventBridge (`detail`), compressed by gzip or not. Of several, those that S3 denied; all, if it denied none.
 *
 * @throws WrongInputError if there is none
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 */
export function readCalls(file: string): RecordedCalls {
  const records = recordsIn(readRecords(file), file).filter(({ eventSource }) => eventSource === S3 || Object.hasOwn(OTHER_SOURCES, text(eventSource) ?? ''));
  if (records.length === 0) {
    throw new WrongInputError(nothingOfS3(file));
  }
  const denied = records.filter(({ errorCode }) => errorCode === 'AccessDenied');
  const read = (denied.length > 0 ? denied : records).map((record) => whyRefused(record) ?? callOf(record));
  const calls = read.filter((one): one is RecordedCall => typeof one !== 'string');
  const refused = counted(read.filter((one): one is string => typeof one === 'string'));
  if (calls.length === 0) {
    throw new WrongInputError(`${file}: ${refused.join(' ')}`);
  }
  return { calls, refused };
}

const S3 = 's3.amazonaws.com';

function nothingOfS3(file: string): string {
  const sources = [...new Set(recordsIn(readRecords(file), file).map(({ eventSource }) => text(eventSource)))].filter((source) => source !== undefined);
  return `${file} has no record of a call to S3 ${sources.length > 0 ? `(but of ${sources.join(', ')})` : ''}: eventSource is s3.amazonaws.com there.`;
}

/** Why a call is not decided, in one line. */
function whyRefused({ eventSource, eventName }: Json): string | undefined {
  const name = text(eventName) ?? '';
  const source = eventSource === S3 ? (Object.hasOwn(OPERATIONS_OF_OTHERS, name) ? OPERATIONS_OF_OTHERS[name] : undefined) : text(eventSource)!;
  if (source !== undefined) {
    return `'${name}' is not decided: ${OTHER_SOURCES[source]}.`;
  }
  return operationNamed(name) ? undefined : `'${name}' is a call whose permissions are not known here. Name them with --action and --resource instead.`;
}

/** Lines, each once, with how often it was there. */
function counted(lines: readonly string[]): string[] {
  return [...new Set(lines)].map((line) => {
    const times = lines.filter((one) => one === line).length;
    return times === 1 ? line : `${times} records: ${line}`;
  });
}

const MOST_BYTES = 256 * 1024 * 1024; // of a file of CloudTrail, which splits at about 50 MB uncompressed

/** Files of CloudTrail are compressed, and larger than templates. */
function readRecords(file: string): unknown {
  const bytes = bytesOf(file);
  if (!(bytes?.[0] === 0x1f && bytes[1] === 0x8b)) {
    return readDocument(file);
  }
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: MOST_BYTES }).toString('utf8'));
  } catch (error) {
    throw new WrongInputError(`${file} cannot be read: it is not JSON compressed by gzip, or more than 256 MB of it (${(error as Error).message}).`);
  }
}

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // reading it as a document says why
  }
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

function callOf(record: Json): RecordedCall {
  const [parameters, identity] = [objectIn(record.requestParameters), objectIn(record.userIdentity)];
  const eventName = text(record.eventName) ?? '';
  const [{ action }] = operationNamed(eventName)!.permissions;
  return {
    eventName,
    errorCode: text(record.errorCode),
    errorMessage: text(record.errorMessage),
    ...callerOf(identity),
    resource: resourceOf(record, parameters, action),
    headers: headersOf(parameters),
    context: contextOf(record),
    time: text(record.eventTime),
    invokedBy: identity.type === 'AWSService' ? undefined : text(identity.invokedBy),
    account: resourcesOf(record, 'AWS::S3::Bucket').map(({ accountId }) => text(accountId)).find((id) => id !== undefined),
    region: text(record.awsRegion),
  };
}

/** Headers and parameters as the record has them, but for those that say what the request works on. */
function headersOf(parameters: Json): RequestHeaders {
  const recorded = Object.entries(parameters).filter(([name]) => !['bucketName', 'key', 'Host'].includes(name));
  return Object.fromEntries(recorded.flatMap(([name, parameter]) => (value(parameter) === undefined ? [] : [[name.toLowerCase(), value(parameter)!]])));
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
  if (!OBJECT_ACTIONS.includes(action.slice('s3:'.length)) || around === undefined) {
    return around;
  }
  return key === undefined ? undefined : `${around}/${/:accesspoint\//.test(around) ? 'object/' : ''}${key}`;
}

const SIGNATURES: Readonly<Record<string, string>> = { SigV2: 'AWS', SigV4: 'AWS4-HMAC-SHA256', SigV4A: 'AWS4-ECDSA-P256-SHA256' };
const AUTHENTICATIONS: Readonly<Record<string, string>> = { AuthHeader: 'REST-HEADER', QueryString: 'REST-QUERY-STRING' };

function contextOf(record: Json): Record<string, string | null> {
  const { SignatureVersion, AuthenticationMethod, CipherSuite, SSEApplied } = objectIn(record.additionalEventData);
  const identity = objectIn(record.userIdentity);
  const tlsVersion = /^TLSv(\d\.\d)$/.exec(text(objectIn(record.tlsDetails).tlsVersion) ?? '')?.[1];
  const isOverTls = tlsVersion !== undefined || (text(CipherSuite) ?? '-') !== '-';
  const values: Record<string, string | null | undefined> = {
    ...networkOf(record),
    ...sessionOf(identity),
    'aws:SecureTransport': isOverTls ? 'true' : undefined,
    's3:TlsVersion': tlsVersion,
    's3:signatureversion': own(SIGNATURES, text(SignatureVersion)),
    's3:authType': own(AUTHENTICATIONS, text(AuthenticationMethod)),
    'aws:RequestedRegion': text(record.awsRegion),
    'aws:CurrentTime': text(record.eventTime),
    'aws:UserAgent': text(record.userAgent)?.replace(/^\[(.*)]$/, '$1'),
    's3:x-amz-server-side-encryption': /^Default_/.test(text(SSEApplied) ?? '') ? null : undefined, // the bucket's default: the upload asked for nothing
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
