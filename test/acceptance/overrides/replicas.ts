import { CfnResource, Stack } from 'aws-cdk-lib';
import { Attack, HarmlessChange, resource, Target } from './attack';
import { SecureBucket } from '../../../src';

export interface ReplicaSite {
  readonly stack: Stack;
  readonly replica: SecureBucket;
}

const REPLICATOR = 'arn:aws:iam::444455556666:role/Replicator';

/** A bucket that lets the replication role of another account in. */
export const REPLICA: Target<ReplicaSite> = {
  what: 'SecureBucket for replicas',
  where: 'Replica',
  build: (stack) => {
    const replica = new SecureBucket(stack, 'Replica', { bucketName: `replica-${stack.stackName.toLowerCase()}` });
    replica.addReplicationPolicy(REPLICATOR);
    return { stack, replica };
  },
};

/** The statements that let the role in. */
function admitting(policy: CfnResource, property: 'policyDocument' | 'keyPolicy'): string[] {
  const name = `${property[0].toUpperCase()}${property.slice(1)}`;
  const statements: any[] = policy.stack.resolve((policy as any)[property]).Statement;
  return statements.flatMap(({ Condition }, at) => (JSON.stringify(Condition ?? {}).includes('role/Replicator') ? [`${name}.Statement.${at}`] : []));
}

function change(policyOf: (site: ReplicaSite) => CfnResource, property: 'policyDocument' | 'keyPolicy', path: string, value: unknown): (site: ReplicaSite) => void {
  return (site) => {
    const policy = policyOf(site);
    admitting(policy, property).forEach((statement) => policy.addPropertyOverride(`${statement}.${path}`, value));
  };
}

const bucketPolicy = ({ replica }: ReplicaSite) => resource<CfnResource>(replica.policy!);
const key = ({ replica }: ReplicaSite) => resource<CfnResource>(replica.encryptionKey!);

const CHANGED = /of the replication is missing from the synthesized bucket policy/;
const CHANGED_IN_KEY = /of the replication is missing from the synthesized key policy/;

export const REPLICA_ATTACKS: Attack<ReplicaSite>[] = [
  { how: 'every role of the account', attack: change(bucketPolicy, 'policyDocument', 'Condition', undefined), says: CHANGED },
  { how: 'another role', attack: change(bucketPolicy, 'policyDocument', 'Condition.ArnEquals', { 'aws:PrincipalArn': REPLICATOR.replace('Replicator', 'Other') }), says: CHANGED },
  { how: 'another account', attack: change(bucketPolicy, 'policyDocument', 'Principal', { AWS: '777788889999' }), says: CHANGED },
  { how: 'more actions', attack: change(bucketPolicy, 'policyDocument', 'Action', 's3:*'), says: CHANGED },
  { how: 'every role of the account, with the key', attack: change(key, 'keyPolicy', 'Condition.ArnEquals', undefined), where: 'Replica/Key/Resource', says: CHANGED_IN_KEY },
  { how: 'more actions with the key', attack: change(key, 'keyPolicy', 'Action', 'kms:*'), where: 'Replica/Key/Resource', says: CHANGED_IN_KEY },
];

export const HARMLESS: HarmlessChange<ReplicaSite>[] = [
  { how: 'one more role', change: ({ replica }) => replica.addReplicationPolicy('arn:aws:iam::777788889999:role/Replicator') },
  { how: 'the same role once more', change: ({ replica }) => replica.addReplicationPolicy(REPLICATOR) },
];
