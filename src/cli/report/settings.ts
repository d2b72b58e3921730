import { Fact } from './model';
import { blocks, OWNER_ENFORCED } from '../../access/bucket-settings';
import { Bucket } from '../../access/inventory';
import { BLOCK_PUBLIC_ACCESS_SETTINGS } from '../../aws/block-public-access-settings';
import { defaultEncryption } from '../../checks/rules/bucket-settings';
import { jsonText } from '../../policy/json';
import { DeployedResource } from '../../template/deployment';
import { isOn, setting, UNKNOWN } from '../../template/settings';

const NOT_KNOWN = 'not known before deployment';

/** The settings that keep the data of a bucket, as its template has them. */
export function settingsOf({ resource, key }: Bucket): Fact[] {
  return resource === undefined ? [{ name: 'Settings', value: 'the bucket is not in these templates' }] : [
    { name: 'Block Public Access', value: publicAccess(resource) },
    { name: 'Object Ownership', value: said(setting(resource, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership'), `${OWNER_ENFORCED}, the default of S3`) },
    { name: 'Encryption', value: encryption(resource, key) },
    { name: 'Versioning', value: said(setting(resource, 'VersioningConfiguration', 'Status'), 'off') },
    { name: 'Access logs', value: accessLogs(resource) },
    { name: 'Object Lock', value: objectLock(resource) },
    { name: 'Replication', value: replication(resource) },
    { name: 'When its stack is deleted', value: said(resource.attribute('DeletionPolicy'), 'Delete, the default of CloudFormation') },
  ];
}

function publicAccess(resource: DeployedResource): string {
  const truths = BLOCK_PUBLIC_ACCESS_SETTINGS.map((name) => ({ name, truth: blocks(resource, 'PublicAccessBlockConfiguration', undefined, name) }));
  const named = (wanted: boolean | undefined) => truths.filter(({ truth }) => truth === wanted).map(({ name }) => name).join(', ');
  const [off, open] = [named(false), named(undefined)];
  return off === '' && open === '' ? 'all four settings on' : [...(off === '' ? [] : [`off: ${off}`]), ...(open === '' ? [] : [`${NOT_KNOWN}: ${open}`])].join('; ');
}

function encryption(resource: DeployedResource, key: DeployedResource | undefined): string {
  const { algorithm, keyId, bucketKey } = defaultEncryption(resource);
  if (typeof algorithm !== 'string' || !algorithm.startsWith('aws:kms')) {
    return said(algorithm, 'AES256 (SSE-S3), the default of S3');
  }
  const named = keyId === undefined ? 'the AWS managed key' : key?.path ?? said(keyId, '');
  return `${algorithm} with ${named}, bucket key ${bucketKey === UNKNOWN ? NOT_KNOWN : isOn(bucketKey) ? 'on' : 'off'}`;
}

function accessLogs(resource: DeployedResource): string {
  const to = setting(resource, 'LoggingConfiguration', 'DestinationBucketName');
  const prefix = setting(resource, 'LoggingConfiguration', 'LogFilePrefix');
  return setting(resource, 'LoggingConfiguration') === undefined ? 'none' : `to ${said(to, 'the bucket itself')}${prefix === undefined ? '' : `, under ${said(prefix, '')}`}`;
}

function objectLock(resource: DeployedResource): string {
  const isEnabled = setting(resource, 'ObjectLockEnabled');
  const rule = (name: string) => setting(resource, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention', name);
  const [mode, days, years] = ['Mode', 'Days', 'Years'].map(rule);
  const period = days !== undefined ? `, ${said(days, '')} days` : years !== undefined ? `, ${said(years, '')} years` : '';
  return isEnabled === UNKNOWN ? NOT_KNOWN : !isOn(isEnabled) ? 'off' : mode === undefined ? 'on, without a default retention' : `${said(mode, '')}${period}`;
}

function replication(resource: DeployedResource): string {
  const rules = setting(resource, 'ReplicationConfiguration', 'Rules');
  return rules === UNKNOWN ? NOT_KNOWN : !Array.isArray(rules) ? 'none' : rules.map((rule) => `${said(rule?.Status, '')} to ${said(rule?.Destination?.Bucket, '')}`).join('; ');
}

function said(value: unknown, whenAbsent: string): string {
  return value === UNKNOWN ? NOT_KNOWN : value === undefined ? whenAbsent : jsonText(value);
}
