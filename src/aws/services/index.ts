import { AUDIT_DELIVERIES } from './audit';
import { DATA_DELIVERIES } from './data';
import { DeliveredFile, DeliveryEncryption, ServiceCaller, ServiceDelivery } from './delivery';
import { LOAD_BALANCER_LOGS } from './load-balancing';
import { S3_DELIVERIES } from './s3';
import { VENDED_LOGS } from './vended-logs';
import { isOptIn } from '../regions';

export * from './delivery';
export * from './set-ups';

/** What AWS services write into buckets by themselves, or by a role of the account: a row each. */
export const SERVICE_DELIVERIES: readonly ServiceDelivery[] = [...S3_DELIVERIES, ...VENDED_LOGS, ...LOAD_BALANCER_LOGS, ...AUDIT_DELIVERIES, ...DATA_DELIVERIES];

/** A row, by its id. */
export function deliveryOf(id: string): ServiceDelivery {
  const row = SERVICE_DELIVERIES.find((delivery) => delivery.id === id);
  if (row === undefined) {
    throw new Error(`no delivery '${id}' in the table`);
  }
  return row;
}

/** The service that delivers what a row says, by its id. */
export function serviceCallerOf(id: string): ServiceCaller {
  const { caller } = deliveryOf(id);
  if (caller.kind !== 'service') {
    throw new Error(`'${id}' is delivered by a role`);
  }
  return caller;
}

/** The accounts of AWS that deliver as themselves, and not as a service. */
export const DELIVERING_ACCOUNTS: ReadonlySet<string> = new Set(SERVICE_DELIVERIES.flatMap(({ caller }) => (caller.kind === 'service' ? Object.values(caller.accounts ?? {}) : [])));

/** What is known of a service principal, whatever it delivers. */
export interface DeliveringService {
  /** What it delivers, for people. */
  readonly delivers: string;
  readonly encryption: DeliveryEncryption;

  /** What its page asks to allow in the policy of the bucket's key. */
  readonly keyActions: readonly string[];

  /** The page of the AWS documentation. */
  readonly see: string;
}

/** The files that a service principal delivers, and whether each is sent with a grant to the owner of the bucket; none if nothing is known of it. */
export function filesOf(principal: string): (DeliveredFile & Pick<ServiceDelivery, 'sendsAcl'>)[] {
  const rows = SERVICE_DELIVERIES.filter(({ caller, objectActions }) => caller.kind === 'service' && objectActions.length > 0 && isNamed(caller, principal));
  return rows.flatMap(({ files, sendsAcl }) => files.map((file) => ({ ...file, sendsAcl })));
}

/** What is known of a service principal; undefined if nothing is. Services that deliver as a role are that role for S3 and KMS. */
export function deliveringService(principal: string): DeliveringService | undefined {
  const rows = SERVICE_DELIVERIES.filter(({ caller, objectActions }) => caller.kind === 'service' && objectActions.length > 0 && isNamed(caller, principal));
  if (rows.length === 0) {
    return undefined;
  }
  const kinds = [...new Set(rows.map(({ delivers }) => delivers))]; // where they are many, the first row says it for all
  const encryptions = rows.flatMap(({ files }) => files.map(({ encryption }) => encryption));
  return {
    delivers: kinds.length > 2 ? kinds[0] : kinds.join(' and '),
    encryption: (['not-documented', 'setting', 'default', 'own'] as const).find((encryption) => encryptions.includes(encryption))!,
    keyActions: [...new Set(rows.flatMap(({ keyActions }) => keyActions))],
    see: rows[0].pages[0],
  };
}

/** The row that stands for all that a service principal delivers with the default encryption of the bucket; undefined if it delivers nothing so. */
export function deliveryWithDefaultKey(principal: string): ServiceDelivery | undefined {
  return SERVICE_DELIVERIES.find(({ caller, objectActions, files }) => caller.kind === 'service' && objectActions.length > 0 && isNamed(caller, principal)
    && files.some(({ encryption }) => encryption === 'default' || encryption === 'setting'));
}

/** Whether setting up a service writes the policy of the bucket, if the caller may; undefined if nothing is known of the service. */
export function writesPolicyOf(principal: string): 'replaces' | 'appends' | 'never' | undefined {
  const rows = SERVICE_DELIVERIES.filter(({ caller }) => caller.kind === 'service' && isNamed(caller, principal)).map(({ demands }) => demands.writesPolicy);
  return rows.find((writes) => writes !== 'never') ?? rows[0] ?? (principal === 'cloudfront.amazonaws.com' ? 'never' : undefined);
}

/** Whether a service that can deliver to a bucket with a KMS key asks for SSE-S3 by itself, where its own setting names no key. */
export function asksForSseS3(principal: string): boolean {
  const rows = SERVICE_DELIVERIES.filter(({ caller, keyContext }) => caller.kind === 'service' && keyContext !== 'none' && isNamed(caller, principal));
  return rows.some(({ files }) => files.some(({ encryption, asksFor = [] }) => encryption === 'own' && asksFor.includes('AES256')));
}

/**
 * What a service does of which AWS documents no condition that confines it, and which writes into the folder of the account that it delivers for, and nowhere else.
 * Undefined for other services.
 */
export function confinedByFolder(principal: string): readonly string[] | undefined {
  const rows = SERVICE_DELIVERIES.filter(({ caller, objectActions }) => caller.kind === 'service' && objectActions.length > 0 && isNamed(caller, principal));
  const isWithoutCondition = rows.some(({ source }) => source.arn === undefined && !source.hasAccount);
  const isInFolder = rows.every(({ objects }) => objects.every((pattern) => pattern.includes('AWSLogs/{account}/')));
  return isWithoutCondition && isInFolder ? rows.flatMap(({ bucketActions, objectActions }) => [...bucketActions, ...objectActions]) : undefined;
}

/** The name that a service has in a Region; where the Region is not known, the usual one. */
export function principalIn({ names: [name], namesRegion }: ServiceCaller, region: string): string {
  const hasRegion = namesRegion === 'always' || (namesRegion === 'in-opt-in-regions' && isOptIn(region));
  return hasRegion ? `${name}.${region}.amazonaws.com` : `${name}.amazonaws.com`;
}

/** All names that a service may have in a Region. */
export function principalsIn({ names, namesRegion }: ServiceCaller, region: string): string[] {
  const inRegion = namesRegion === 'never' ? [] : names.map((name) => `${name}.${region}.amazonaws.com`);
  return [...(namesRegion === 'always' ? [] : names.map((name) => `${name}.amazonaws.com`)), ...inRegion];
}

/** Whether a principal is one of a service. Its Region may not be known. */
function isNamed({ names, namesRegion }: ServiceCaller, principal: string): boolean {
  const region = { 'never': '', 'in-opt-in-regions': '(?:\\.[^.]+)?', 'always': '\\.[^.]+' }[namesRegion];
  return new RegExp(`^(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})${region}\\.amazonaws\\.com(?:\\.cn)?$`).test(principal);
}
