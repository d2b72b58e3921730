import { Inventory } from '../../access/inventory';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { jsonText } from '../../policy/json';
import { DeployedResource } from '../../template/deployment';
import { isOn, setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

export const keyUsable: Rule = {
  id: 'KeyUsable',
  requirement: 'Keys that buckets encrypt with are symmetric and enabled, and somebody may change their policy.',
  reason: 'With a disabled key nobody reads or writes an object. A key whose policy nobody can change stays as it is for ever, and only AWS Support helps.',
  severity: 'high',
  severityReason: 'Objects that no usable key decrypts are lost to their owner.',
  guide: '6',
  see: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam',
  judgeBuckets: ({ inventory, keys }) => keys.flatMap((key) => [...judgeKind(key), ...judgeState(key), ...judgeAdministration(inventory, key)]),
};

const KINDS = [['KeySpec', 'SYMMETRIC_DEFAULT'], ['KeyUsage', 'ENCRYPT_DECRYPT']] as const;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html */
function judgeKind(key: DeployedResource): Finding[] {
  const [wrong] = KINDS.map(([property, needed]) => ({ property, needed, value: setting(key, property) })).filter(({ value, needed }) => value !== undefined && value !== needed);
  if (wrong === undefined) {
    return [];
  }
  const { property, needed, value } = wrong;
  return value === UNKNOWN
    ? [notDecided(key, `Whether S3 can encrypt with the key is not known before deployment: '${property}' must be ${needed}.`)]
    : [found(key, `S3 cannot encrypt with the key: its '${property}' is ${jsonText(value)}, and S3 takes symmetric encryption keys only.`, `Use another key, with '${property}' ${needed}, or without it.`)];
}

function judgeState(key: DeployedResource): Finding[] {
  const enabled = setting(key, 'Enabled');
  if (enabled === UNKNOWN) {
    return [notDecided(key, 'Whether the key is enabled is not known before deployment.')];
  }
  return enabled === undefined || isOn(enabled) ? [] : [found(key, 'The key is disabled: no object that is encrypted with it can be read or written.', "Remove 'Enabled', or set it to true.")];
}

const CHANGE = { action: 'kms:PutKeyPolicy' };

function judgeAdministration(inventory: Inventory, key: DeployedResource): Finding[] {
  const statements = inventory.policyOf(key, 'KeyPolicy')?.policy?.statements; // without one, KMS lets the account change it
  if (statements === undefined) {
    return [];
  }
  const denying = statements.find((statement) => statement.effect === 'Deny' && isForEverybody(statement) && actionApplies(statement, CHANGE) === true);
  if (denying) {
    return [found(key, `The statement ${denying.sid ? `'${denying.sid}'` : denying.path} of the key's policy denies everybody to change that policy, the account's root user too.`, 'Spare administrators in the deny, or remove it.')];
  }
  const isChangeable = statements.some((statement) => statement.effect === 'Allow' && actionApplies(statement, CHANGE) !== false);
  return isChangeable ? [] : [found(key, "Nobody may change the key's policy (kms:PutKeyPolicy).", "Allow 'kms:*' to the account ('arn:aws:iam::<account>:root'), as the default policy of KMS does.")];
}

function isForEverybody({ principal, conditions }: Statement): boolean {
  return conditions.length === 0 && principal !== undefined && !principal.isInverted && principal.members.some(({ isEveryone }) => isEveryone);
}
