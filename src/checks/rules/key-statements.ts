import { keyFacts } from './key-policy';
import { encryptsWithOwnKey } from './key-use';
import { isForeignRoleOf, NamedCaller, namedCallers } from './named-callers';
import { nameOf } from './public-allow';
import { areListsOn } from '../../access/bucket-settings';
import { Bucket, Inventory } from '../../access/inventory';
import { writesPolicyOf } from '../../aws/services';
import { mayDoNothing } from '../../guarantees/deliveries';
import { textsOf } from '../../guarantees/mentioned-values';
import { Statement } from '../../policy/document';
import { DeployedPolicy } from '../../template/deployed-policy';
import { setting } from '../../template/settings';
import { doubted, Finding, found } from '../finding';

const REMEDY = 'Let them in by the policy of the bucket, or take the statement out of the policy of the key.';

/**
 * Statements of the policy of a key that are for one bucket, whose policy lets nobody of them in. The account of the bucket needs no statement there:
 * policies of identities suffice.
 */
export function judgeKeyStatements(inventory: Inventory, bucket: Bucket): Finding[] {
  const { key, facts } = bucket;
  const document = key && inventory.policyOf(key, 'KeyPolicy');
  if (!document || !encryptsWithOwnKey(bucket) || bucket.policies.some(({ policy }) => !policy)) {
    return [];
  }
  const meant = (document.policy?.statements ?? []).filter((statement) => statement.effect === 'Allow' && isFor(bucket, statement));
  return meant.flatMap((statement) => namedCallers(statement, document, keyFacts(key).account)
    .filter((caller) => caller.account !== facts.account && !isForeignRoleOf(inventory, caller, facts.account))
    .flatMap((caller) => judgeCaller(inventory, bucket, document, statement, caller)));
}

function isFor({ facts }: Bucket, { conditions }: Statement): boolean {
  return conditions.some((test) => test.key === 'kms:encryptioncontext:aws:s3:arn' && test.operator?.negated === false && textsOf(test).some((text) => text === facts.arn || text.startsWith(facts.objects)));
}

function judgeCaller(inventory: Inventory, bucket: Bucket, { resource: key }: DeployedPolicy, statement: Statement, caller: NamedCaller): Finding[] {
  const verdicts = bucket.policies.map((document) => inventory.prove(bucket, document, mayDoNothing(caller.requests)).verdict);
  if (verdicts.includes('broken')) {
    return [];
  }
  const problem = `The statement ${nameOf(statement)} of the policy of the key '${key.path}' is for '${bucket.site.path}', whose policy does not let ${caller.name} in.`;
  const doubt = doubtOf(inventory, bucket, caller, verdicts.includes('not-decided'));
  return [doubt === undefined ? found(key, problem, REMEDY) : doubted(key, problem, doubt, REMEDY)];
}

function doubtOf({ policiesOfUnknownBuckets: strays }: Inventory, { policies, resource }: Bucket, { account, service, doubt }: NamedCaller, isOpen: boolean): string | undefined {
  if (isOpen || (policies.length === 0 && strays.length > 0)) {
    return 'what the policy of the bucket says is not decided';
  }
  if (service !== undefined) {
    return writesPolicyOf(service) === 'never' ? undefined : `${service} may be one that writes the policy of the bucket itself`;
  }
  return doubt ?? (account === undefined ? 'it is not known who that is: policies of identities suffice in the account of the bucket'
    : hasLists(resource!) ? 'access control lists of the bucket may' : undefined);
}

/** Whether access control lists may let in whom the policy does not. */
function hasLists(bucket: Parameters<typeof setting>[0]): boolean {
  return setting(bucket, 'AccessControl') !== undefined || areListsOn(bucket) !== false;
}
