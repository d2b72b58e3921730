import { primaryKeyOf } from '../../template/keys';
import { isOn, setting, UNKNOWN } from '../../template/settings';
import { found, notDecided, Rule } from '../finding';
import { fixedBy } from '../fix';

export const keyRotation: Rule = {
  id: 'KeyRotation',
  requirement: 'Keys that buckets encrypt with are rotated.',
  reason: 'Rotation limits what one generation of key material protects.',
  severity: 'low',
  severityReason: 'Key material of any age decrypts only for those whom the key policy lets in.',
  guide: '6',
  see: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  judgeBuckets: ({ keys }) => keys.flatMap((used) => {
    const key = primaryKeyOf(used);
    if (!key) {
      return [notDecided(used, 'Whether the key is rotated is not known: a replica is rotated with its primary key, which is not in the templates.')];
    }
    const rotation = setting(key, 'EnableKeyRotation');
    const isImported = setting(key, 'Origin') === 'EXTERNAL'; // KMS cannot rotate what it did not make
    if (rotation === UNKNOWN) {
      return [notDecided(key, 'Whether the key is rotated is not known before deployment.')];
    }
    return isOn(rotation) || isImported ? [] : fixedBy([found(key, 'The key is not rotated.', "Set 'EnableKeyRotation' to true.")], { cdk: 'enableKeyRotation: true', cloudFormation: 'EnableKeyRotation: true' });
  }),
};
