import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { authorize } from './authorization';
import { isSameAccount } from './caller';
import { judgeIdentity } from './identity';
import { Call, ExtraKeys, judge, unknownPolicies } from './judgement';
import { resourceControlPolicies, serviceControlPolicies } from './organization-policies';
import type { Question } from './question';
import { GivenPolicy, SourcedPolicy } from './sourced-policy';
import { CONDITION_KEYS } from '../aws/condition-keys';
import { isAwsManagedKey } from '../aws/key-alias';
import { domainSuffixOf } from '../aws/regions';
import { own } from '../own';
import { arnSegments } from '../policy/pattern';
import { every, not, Truth } from '../policy/truth';
import { isUnknown, UNDETERMINED } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';
import { isOn, setting, UNKNOWN } from '../template/settings';

const layer = AccessLayer.KMS_KEY;
const READS = ['s3:GetObject', 's3:GetObjectVersion'];
const WRITES = ['s3:PutObject'];
const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';
const NETWORK_KEYS = CONDITION_KEYS.filter(({ subject, isOnlyTrue }) => subject === 'network' && !isOnlyTrue).map(({ name }) => name.toLowerCase());

/** A key that a request needs; `managed`: the key that AWS keeps for S3 in the account of the caller. */
interface NeededKey {
  readonly arn: string | 'managed' | undefined;

  /** Whether S3 uses a bucket key, where that is known. */
  readonly bucketKey: Truth;
}

/**
 * Whether the caller may use the key with which the object is encrypted. S3 asks KMS with the rights of the caller.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function kmsKey(question: Question): LayerDecision {
  const { target, bucket, caller } = question;
  const actions = keyActionsOf(question);
  if (actions.length === 0) {
    return notApplying(`${target.action} uses no key.`);
  }
  const key = neededKey(question);
  if ('verdict' in key) {
    return key;
  }
  if (caller.kind === 'anonymous') {
    return refusal('S3 takes only signed requests for objects that are encrypted with KMS.', 'Sign the request; to publish objects, serve them through CloudFront with origin access control.');
  }
  if (question.value('aws:securetransport') !== 'true') {
    return refusal('S3 takes only requests over HTTPS for objects that are encrypted with KMS.', 'Use HTTPS.');
  }
  if (question.value('s3:signatureversion') === 'AWS') {
    return refusal('S3 takes only requests with Signature Version 4 for objects that are encrypted with KMS.', 'Sign the request with Signature Version 4.');
  }
  if (key.arn === undefined) {
    return undecided(`The key that encrypts objects of the bucket '${bucket.name}' is not known before deployment.`, `Give 'parameters' or 'buckets.${bucket.name}.encryption.key'.`);
  }
  return usesOf(question, key, actions);
}

/** What S3 does with the key in the name of the caller: what the operation needs, or what follows from the action alone. */
function keyActionsOf({ target: { action }, request }: Question): readonly string[] {
  return request.keyActions ?? (READS.includes(action) ? ['kms:Decrypt'] : WRITES.includes(action) ? ['kms:GenerateDataKey'] : []);
}

function neededKey(question: Question): NeededKey | LayerDecision {
  const { target, bucket, given } = question;
  const { encryption } = bucket;
  const isUpload = WRITES.includes(target.action);
  if (given.has(CUSTOMER_ALGORITHM) && given.get(CUSTOMER_ALGORITHM)!.length > 0) {
    return isUpload && encryption.blocksCustomerKeys ? refusal('The bucket refuses uploads with a key of the caller (SSE-C).', 'Upload without such a key.') : notApplying('The caller brings a key (SSE-C): KMS is not asked.');
  }
  const asked = isUpload ? given.get(ALGORITHM)?.[0] : undefined;
  if (asked !== undefined) {
    return askedKey(question, asked, given.get(KEY_ID)?.[0]);
  }
  if (!bucket.isKnown || (encryption.algorithm === undefined)) {
    return undecided(`It is not known how objects of the bucket '${bucket.name}' are encrypted.`, `Give 'buckets.${bucket.name}.encryption'.`);
  }
  if (isUpload && question.request.keyActions?.includes('kms:Decrypt')) {
    question.assume('The upload was started with the default encryption of the bucket.', `context ${ALGORITHM}`);
  }
  if (!isUpload) {
    question.assume('The object was stored with the default encryption of the bucket.', `buckets.${bucket.name}.encryption`);
  }
  if (encryption.algorithm === 'AES256') {
    return notApplying('Objects are encrypted with keys of S3 (SSE-S3): KMS is not asked.');
  }
  if (isUpload && encryption.localKeyName !== undefined && isSameAccount(question.caller.account, bucket.account) !== true) {
    return undecided(`The bucket '${bucket.name}' names its key by '${encryption.localKeyName}' instead of an ARN, which is looked up in the account of the caller.`, 'Name the key by its ARN in the default encryption of the bucket.');
  }
  const bucketKey = encryption.algorithm === 'aws:kms:dsse' ? false : encryption.bucketKey;
  const isAnyAge = !isUpload && bucketKey === true && !question.request.currentEncryption;
  return { arn: encryption.isAwsManagedKey ? 'managed' : encryption.keyArn, bucketKey: isAnyAge ? undefined : bucketKey };
}

/** The key that the headers of an upload name. */
function askedKey({ bucket, caller, model }: Question, algorithm: string, keyId: string | undefined): NeededKey | LayerDecision {
  if (algorithm === 'AES256') {
    return notApplying('The upload asks for keys of S3 (SSE-S3): KMS is not asked.');
  }
  const bucketKey = algorithm === 'aws:kms:dsse' ? false : bucket.encryption.bucketKey;
  if (keyId === undefined || isAwsManagedKey(keyId)) {
    return { arn: 'managed', bucketKey };
  }
  return { arn: model.inventory.keyNamed(keyId, { account: caller.account ?? '', region: bucket.region ?? '' })?.reference('Arn') ?? (keyId.startsWith('arn:') ? keyId : undefined), bucketKey };
}

/** Whether the caller may use the key for all that S3 does with it. */
function usesOf(question: Question, key: NeededKey, actions: readonly string[]): LayerDecision {
  const decisions = actions.map((action) => useOf(question, key, action));
  const inTheWay = decisions.find(({ verdict }) => truthOf(verdict) === false) ?? decisions.find(({ verdict }) => truthOf(verdict) === undefined);
  if (inTheWay === undefined && question.request.keyActions === undefined && actions.includes('kms:GenerateDataKey') && useOf(question, key, 'kms:Decrypt').verdict !== LayerVerdict.ALLOWS) {
    question.assume('The object is uploaded in one part: an upload in several needs kms:Decrypt too, which is not allowed.', 'the request');
  }
  return inTheWay ?? {
    layer, verdict: LayerVerdict.ALLOWS, statements: decisions[0].statements, reason: decisions.map(({ reason }) => reason).join(' '),
  };
}

/** Whether the caller may use the key, whichever of the encryption contexts S3 names. */
function useOf(question: Question, { arn, bucketKey }: NeededKey, action: string): LayerDecision {
  const contexts = bucketKey === undefined ? [true, false] : [bucketKey];
  const name = action === 'kms:GenerateDataKey' ? 'an upload' : 'a read';
  const decisions = contexts.map((withBucketKey) => callKey(question, arn!, action, withBucketKey));
  const allowed = decisions.filter(({ verdict }) => verdict === LayerVerdict.ALLOWS);
  if (allowed.length > 0 && allowed.length < decisions.length) {
    const other = decisions.find((decision) => !allowed.includes(decision))!;
    return undecided(
      `The key can be used for ${name} either with or without a bucket key, not for both: it depends on how the object was stored. ${other.reason}`,
      "Take both the ARN of the bucket and of its objects into the condition on 'kms:EncryptionContext:aws:s3:arn'; or ask with 'currentEncryption'.",
      other,
    );
  }
  return decisions.find(({ verdict }) => verdict !== LayerVerdict.ALLOWS) ?? decisions[0];
}

function callKey(question: Question, arn: string, action: string, withBucketKey: boolean): LayerDecision {
  const facts = keyFacts(question, arn);
  if (!facts) {
    return undecided(`The policy of the key ${arn} is not known.`, `Give 'keys.${arn}.policy'.`);
  }
  if (facts.isDisabled !== false) {
    return facts.isDisabled ? refusal(`The key ${facts.name} is disabled.`, 'Enable the key.') : undecided(`It is not known whether the key ${facts.name} is enabled.`, "Give 'parameters'.");
  }
  const call: Call = { action, resource: facts.arn, extra: keyContext(question, facts, withBucketKey) };
  const judgement = facts.documents.length > 0 ? judge(question, facts.documents, call) : unknownPolicies('the template leaves the key policy to KMS', 'keys');
  const ceilings = [serviceControlPolicies(question, call), ...(facts.isManaged ? [] : [resourceControlPolicies(question, call, facts.account)])];
  const side = { layer, name: `the policy of the key ${facts.name}`, judgement, account: facts.account, mustDelegate: true, otherGrant: false };
  const { allowed, layers } = authorize(question, call, judgeIdentity(question, call), side);
  const blocking = [...ceilings, ...layers].filter(({ verdict }) => [LayerVerdict.DENIES, LayerVerdict.DOES_NOT_ALLOW, LayerVerdict.NOT_DECIDED].includes(verdict));
  const isThrough = every([...ceilings.map(({ verdict }) => truthOf(verdict)), allowed], (truth) => truth);
  const decisive = isThrough === true ? undefined
    : blocking.find(({ verdict }) => verdict === LayerVerdict.DENIES)
      ?? blocking.find(({ verdict }) => (verdict === LayerVerdict.NOT_DECIDED) === (isThrough === undefined)) ?? blocking[0];
  if (isThrough !== true && !decisive) {
    return undecided(`It is not decided whether the caller may use the key ${facts.name} (${action}).`, 'Give what is not known in the other layers.');
  }
  return decisive ? { ...decisive, layer, reason: `S3 needs ${action} of the caller on the key ${facts.name}. ${decisive.reason}` } : {
    layer,
    verdict: LayerVerdict.ALLOWS,
    statements: layers.at(-1)!.statements,
    reason: `The caller may use the key ${facts.name} (${action}) through S3.`,
  };
}

interface KeyFacts {
  readonly arn: string;
  readonly name: string;
  readonly account?: string;
  readonly documents: readonly SourcedPolicy[];
  readonly isManaged: boolean;
  readonly isDisabled: Truth;
  readonly resource?: DeployedResource;
}

function keyFacts(question: Question, arn: string): KeyFacts | undefined {
  const { model, bucket } = question;
  if (arn === 'managed') {
    return managedKey(question);
  }
  const resource = model.inventory.keyNamed(arn, { account: bucket.account ?? '', region: bucket.region ?? '' });
  if (resource) {
    const document = model.inventory.policyOf(resource, 'KeyPolicy');
    const documents = document ? [document] : [new GivenPolicy(defaultKeyPolicy(resource.stack.partition, resource.stack.account), 'KeyPolicy (default)')];
    return { arn: resource.reference('Arn')!, name: resource.path, account: resource.stack.account, documents, isManaged: false, isDisabled: not(isEnabled(resource)), resource };
  }
  const given = own(model.given.keys, arn);
  if (!given?.policy || isUnknown(arn)) {
    return undefined;
  }
  return { arn, name: arn, account: arnSegments(arn)[4] || bucket.account, documents: [model.givenPolicy(given.policy, `keys.${arn}.policy`)], isManaged: false, isDisabled: false };
}

function isEnabled(resource: DeployedResource): Truth {
  const enabled = setting(resource, 'Enabled');
  return enabled === UNKNOWN ? undefined : enabled === undefined || isOn(enabled);
}

/**
 * The policy that a key gets for which the template has none.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function defaultKeyPolicy(partition: string, account: string): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }] };
}

/**
 * The key `aws/s3`: whoever may use S3 in its account may use it through S3, and nobody else.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 */
function managedKey({ bucket, caller }: Question): KeyFacts {
  const account = bucket.account ?? caller.account;
  const region = bucket.region ?? '*';
  const partition = arnSegments(bucket.arn)[1];
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*', Condition: { StringEquals: { 'kms:CallerAccount': account ?? '' } } }],
  };
  return { arn: `arn:${partition}:kms:${region}:${account}:key/aws-s3`, name: 'aws/s3', account, documents: [new GivenPolicy(policy, 'AWS managed key aws/s3')], isManaged: true, isDisabled: false };
}

/** What KMS is told when S3 uses a key for a caller. Which of the network keys it is told is not documented. */
function keyContext({ bucket, caller, target, given }: Question, { resource }: KeyFacts, withBucketKey: boolean): ExtraKeys {
  const encryptionContext = withBucketKey ? bucket.arn : `${bucket.arn}/${target.key}`;
  const ofS3 = [...given.keys()].filter((key) => key.startsWith('s3:'));
  return {
    ...Object.fromEntries([...NETWORK_KEYS, 'aws:useragent'].map((key) => [key, [UNDETERMINED]])),
    ...Object.fromEntries(ofS3.map((key) => [key, undefined])),
    'aws:viaawsservice': [caller.kind === 'service' ? UNDETERMINED : 'true'],
    'aws:requestedregion': [bucket.region ?? UNDETERMINED],
    'kms:viaservice': [bucket.region === undefined ? UNDETERMINED : `s3.${bucket.region}.${domainSuffixOf(arnSegments(bucket.arn)[1])}`],
    'kms:calleraccount': caller.account === undefined ? undefined : [caller.account],
    'kms:encryptioncontext:aws:s3:arn': [encryptionContext],
    'kms:encryptioncontextkeys': ['aws:s3:arn'],
    'kms:encryptionalgorithm': ['SYMMETRIC_DEFAULT'],
    'kms:keyorigin': [resource ? originOf(resource) : UNDETERMINED],
    'kms:grantisforawsresource': undefined,
    'aws:resourceaccount': [resource?.stack.account ?? UNDETERMINED],
  };
}

function originOf(resource: DeployedResource): string {
  const origin = setting(resource, 'Origin');
  return origin === undefined ? 'AWS_KMS' : typeof origin === 'string' ? origin : UNDETERMINED;
}

function truthOf(verdict: LayerVerdict): Truth {
  return verdict === LayerVerdict.NOT_DECIDED ? undefined : ![LayerVerdict.DENIES, LayerVerdict.DOES_NOT_ALLOW].includes(verdict);
}

function notApplying(reason: string): LayerDecision {
  return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason };
}

function refusal(reason: string, remedy: string): LayerDecision {
  return { layer, verdict: LayerVerdict.DENIES, statements: [], reason, remedy };
}

function undecided(reason: string, remedy: string, { statements }: Pick<LayerDecision, 'statements'> = { statements: [] }): LayerDecision {
  return { layer, verdict: LayerVerdict.NOT_DECIDED, statements, reason, remedy };
}
