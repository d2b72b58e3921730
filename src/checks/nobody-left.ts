import { keyFacts } from './rules/key-policy';
import { anyRole } from './stopped-callers';
import { homesOf } from '../access/homes';
import { Bucket, Inventory } from '../access/inventory';
import { Model } from '../access/model';
import { addressOutside } from '../access/ordinary-calls';
import { stopped } from '../access/stopped';
import { nobodyOfAccountMay } from '../guarantees/lockout';
import { Statement } from '../policy/document';
import { Guarantee } from '../proof/guarantee';
import { keyRequests, Proof } from '../proof/prove';
import { DeployedPolicy } from '../template/deployed-policy';
import { DeployedResource } from '../template/deployment';

/** Whether anybody is left of an account, its root user aside, who may repair a policy over an ordinary connection. */
export interface NobodyLeft {
  /** `undefined`: it is not decided, for a reason. */
  readonly isSo: boolean | undefined;
  readonly reason?: string;

  /** The statement that alone stops everybody, if one does. */
  readonly by?: Statement;
}

/** Of the policy of a bucket. */
export function nobodyLeftForBucket(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): NobodyLeft {
  return nobodyLeft(inventory, bucket, document, {
    action: 's3:PutBucketPolicy',
    resource: bucket.facts.arn,
    prove: (guarantee) => inventory.prove(bucket, document, guarantee),
    proveOf: (deny, guarantee) => inventory.proveAlone(deny, document, guarantee, bucket.facts),
  });
}

/** Of the policy of a key, which encrypts a bucket. */
export function nobodyLeftForKey(inventory: Inventory, bucket: Bucket, key: DeployedResource, document: DeployedPolicy): NobodyLeft {
  const facts = keyFacts(key);
  return nobodyLeft(inventory, bucket, document, {
    action: 'kms:PutKeyPolicy',
    resource: facts.arn,
    prove: (guarantee) => inventory.proveKey(document, guarantee, facts),
    proveOf: (deny, guarantee) => inventory.proveAlone(deny, document, guarantee, facts, keyRequests),
  });
}

interface Repair {
  readonly action: string;
  readonly resource: string;
  readonly prove: (guarantee: Guarantee) => Proof;

  /** The same of one deny, as if there were no other statement. */
  readonly proveOf: (deny: Statement, guarantee: Guarantee) => Proof;
}

/** Where any role passes, nothing has to be proved. */
function nobodyLeft(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, { action, resource, prove, proveOf }: Repair): NobodyLeft {
  const { facts } = bucket;
  const denies = inventory.deniesOn(document, facts);
  const { stack } = document.resource;
  const call = anyRole(stack, action, resource);
  if (homesOf(denies, inventory.given.accounts?.[facts.account]).some((home) => stopped(Model.around(inventory), bucket, document, call, home).isStopped === false)) {
    return { isSo: false };
  }
  const keys = denies.flatMap(({ conditions }) => conditions).map(({ key }) => key);
  const guarantee = nobodyOfAccountMay(action, { account: stack.account, address: addressOutside(denies), keys });
  const proof = prove(guarantee);
  if (proof.verdict !== 'holds') {
    return proof.verdict === 'broken' ? { isSo: false } : { isSo: undefined, reason: proof.reason };
  }
  const own = document.policy!.statements.filter(({ effect }) => effect === 'Deny');
  return { isSo: true, by: own.find((deny) => proveOf(deny, guarantee).verdict === 'holds') };
}
