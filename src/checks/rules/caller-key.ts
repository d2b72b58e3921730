import { judgeKeyStatements } from './key-statements';
import { encryptsWithOwnKey, keyDocumentOf, mayUseKey } from './key-use';
import { isForeignRoleOf, NamedCaller, namedCallers } from './named-callers';
import { nameOf } from './public-allow';
import { Bucket, Inventory } from '../../access/inventory';
import { mayNotTouch } from '../../guarantees/deliveries';
import { CLOUDFRONT } from '../../guarantees/grants';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { ResourceFacts } from '../../proof/part';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { doubted, Finding, found, Rule } from '../finding';

/** What services deliver is judged by DeliveryKey; roles of other accounts that are in the app, by CrossAccountSides, with their own policies. */
export const callerKey: Rule = {
  id: 'CallerKey',
  requirement: "Whom the policy of a bucket lets read or write by name, the policy of the bucket's key lets use the key for it, and back.",
  reason: 'S3 uses the key in the name of the caller: without it, every request fails with 403. Who may use a key for a bucket that does not let them in can do nothing with it.',
  severity: 'low',
  severityReason: 'Requests fail that were meant to be allowed; no data leaves and none is lost.',
  guide: '8.3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => [...judge(inventory, bucket, bucket.policies, bucket.facts), ...judgeKeyStatements(inventory, bucket)]),
  judgeDeployment: (inventory) => inventory.accessPoints.flatMap(({ resource, facts }) => {
    const bucket = inventory.bucketNamed(resource.property('Bucket'));
    return bucket ? judge(inventory, bucket, [inventory.policyOf(resource, 'Policy') ?? []].flat(), facts) : [];
  }),
};

/** What uses the key. */
const USES = [
  { action: 's3:GetObject', does: 'read', keyAction: 'kms:Decrypt' },
  { action: 's3:PutObject', does: 'write', keyAction: 'kms:GenerateDataKey' },
] as const;

type Use = (typeof USES)[number];

/** A statement of the policy of a bucket, or of an access point of it. */
interface Admission {
  readonly bucket: Bucket;
  readonly key: DeployedResource;
  readonly document: DeployedPolicy;
  readonly statement: Statement;
  readonly facts: ResourceFacts;
}

function judge(inventory: Inventory, bucket: Bucket, documents: readonly DeployedPolicy[], facts: ResourceFacts): Finding[] {
  const { key } = bucket;
  if (!key || !encryptsWithOwnKey(bucket) || !keyDocumentOf(inventory, key).policy) {
    return []; // KeyPolicy and PolicySyntax say what cannot be read
  }
  return documents.flatMap((document) => (document.policy?.statements ?? []).filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => judgeStatement(inventory, { bucket, key, document, statement, facts })));
}

function judgeStatement(inventory: Inventory, admission: Admission): Finding[] {
  const { statement, document, facts } = admission;
  const callers = namedCallers(statement, document, facts.account).filter((caller) => !isForeignRoleOf(inventory, caller, facts.account));
  return USES.filter(({ action }) => actionApplies(statement, { action }) !== false)
    .flatMap((use) => callers.filter(({ service }) => service === undefined || use.does === 'read').flatMap((caller) => judgeCaller(inventory, admission, use, caller)));
}

function judgeCaller(inventory: Inventory, { bucket, key, document, statement, facts }: Admission, { action, does, keyAction }: Use, caller: NamedCaller): Finding[] {
  const letIn = inventory.proveAllow(statement, document, mayNotTouch(caller.requests, action, facts, key.reference('Arn')!), facts);
  const mayUse = letIn.verdict === 'holds' ? true : mayUseKey(inventory, bucket, key, caller, keyAction);
  if (mayUse === true) {
    return [];
  }
  const { name, service } = caller;
  const doubt = letIn.verdict === 'not-decided' ? letIn.reason : mayUse === undefined ? 'conditions of the policy of the key are not decided'
    : service !== undefined && service !== CLOUDFRONT ? `AWS does not document how ${service} reads` : caller.doubt;
  const problem = `The statement ${nameOf(statement)} of '${document.resource.path}' lets ${name} ${does} objects, and the policy of the key of '${bucket.site.path}' does not let them use it (${keyAction}).`;
  const remedy = `Allow ${name} ${keyAction} in the policy of the key, confined by ${service === undefined ? "'kms:ViaService' (S3 of the Region)" : "'aws:SourceArn'"} and by 'kms:EncryptionContext:aws:s3:arn' (this bucket).`;
  return [doubt === undefined ? found(key, problem, remedy) : doubted(key, problem, doubt, remedy)];
}
