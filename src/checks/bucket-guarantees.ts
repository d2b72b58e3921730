import { Rule } from './finding';
import { noteDefaults, partWith } from './parts';
import { proofsOfServices, StatementProof } from './proven';
import { blocksCustomerKeys, customerProvidedKeys } from './rules/customer-provided-keys';
import { distributionAccess } from './rules/distribution-access';
import { networkGuarantee, networkPerimeter } from './rules/network-perimeter';
import { organizationGuarantee, organizationPerimeter, serviceSourceGuarantee } from './rules/organization-perimeter';
import { overbroadGrant } from './rules/overbroad-grant';
import { presignedUrlAge, presignedUrlGuarantee } from './rules/presigned-url-age';
import { nameOf, publicAllow, publicProofs } from './rules/public-allow';
import { requireTls } from './rules/require-tls';
import { TLS_FLOOR, tlsFloor } from './rules/tls-floor';
import { aliasGuarantee, keyDoubt, PERHAPS_ALIAS, uploadEncryption, UploadGuarantee, uploadGuarantee } from './rules/upload-encryption';
import { alike, difference, unboundedFor, untriedFor, Way, waysOf } from './ways';
import { Bucket, HeldBy, Inventory, isDeployedWith } from '../access/inventory';
import { withMembers } from '../guarantees/exception-words';
import { CLOUDFRONT, onlyNamedDistributions, servicesForNamedAccounts } from '../guarantees/grants';
import { HTTPS_ONLY } from '../guarantees/transport';
import { NO_CUSTOMER_PROVIDED_KEYS } from '../guarantees/uploads';
import { Statement } from '../policy/document';
import { jsonText } from '../policy/json';
import { isUnknown, readable } from '../policy/unknown-text';
import { Guarantee } from '../proof/guarantee';
import { Proof, ResourceFacts } from '../proof/prove';
import { DeployedPolicy } from '../template/deployed-policy';
import { DeployedResource } from '../template/deployment';
import { untriedConditions, untriedSentence } from '../template/possibilities';
import { UNKNOWN } from '../template/settings';

/** What is known of one thing that should be true of every request to a bucket. */
export interface BucketGuarantee {
  /** The rule that asks for it. */
  readonly rule: Rule;
  readonly sentence: string;

  /** Networks or organizations that the sentence speaks of as those that the policy mentions; nothing where values that are not known decide. */
  readonly members?: readonly string[];
  readonly verdict: Proof['verdict'];

  /** The request that breaks it, in one sentence. */
  readonly counterexample?: string;

  /** Why it is not decided; or, where the policy does not show it, why it holds or is broken. */
  readonly reason?: string;

  /** The policy that it was proved of; the bucket itself, if it has none or needs none. */
  readonly resource: DeployedResource;
}

/**
 * What is to be known of a bucket, whoever made it: TLS, uploads with its own key alone, nobody public; and the perimeters and limits
 * that its policy seems to be meant for. It is what the rules ask too.
 */
export function bucketGuarantees(inventory: Inventory, bucket: Bucket): BucketGuarantee[] {
  const part = partWith(inventory, bucket.site.stack).inventory;
  const guarantees = guaranteesInPart(part, sameBucket(part, bucket)!);
  noteDefaults(inventory);
  return guarantees.map((guarantee) => ({ ...namingMembers(guarantee), resource: asIn(inventory, guarantee.resource) }));
}

/** The same for people: the sentence names networks and organizations. */
export function namingMembers({ members, ...guarantee }: BucketGuarantee): BucketGuarantee {
  return { ...guarantee, sentence: withMembers(guarantee.sentence, members) };
}

function guaranteesInPart(part: Inventory, bucket: Bucket): BucketGuarantee[] {
  const ways = waysOf(part);
  const [untried, unbounded] = [untriedFor(part, bucket), unboundedFor(part, bucket)];
  const [ordinary, ...others] = ways.map((way) => ({ way, guarantees: guaranteesIn(way, bucket) }));
  return (ordinary.guarantees ?? []).map((guarantee) => others.reduce((before, { way, guarantees }) => {
    const isSame = ({ rule, sentence }: BucketGuarantee) => rule === before.rule && alike(sentence, way, ways) === alike(before.sentence, ordinary.way, ways);
    const other = guarantees === undefined ? before : guarantees.find(isSame);
    const isSettled = before.verdict === 'not-decided' && (before !== guarantee || other === undefined); // the first value that decides it is the one to name
    return isSettled || other?.verdict === before.verdict ? withCommonReason(before, other) : dependingOn(before, other, difference(way, ordinary.way));
  }, guarantee)).map((guarantee) => orUnbounded(orUntried(guarantee, untried), unbounded));
}

/** What holds a guarantee in one way may not be what holds it in another. */
function withCommonReason(before: BucketGuarantee, other: BucketGuarantee | undefined): BucketGuarantee {
  return before.verdict === 'holds' && other !== undefined && other.reason !== before.reason ? { ...before, reason: undefined } : before;
}

/** What a policy seems to be meant for depends on which of its denies are there. */
function orUnbounded(guarantee: BucketGuarantee, conditions: readonly string[]): BucketGuarantee {
  const { rule, sentence, resource, verdict } = guarantee;
  return conditions.length === 0 || verdict === 'not-decided' || !MEANT.includes(rule) ? guarantee
    : { rule, sentence, resource, verdict: 'not-decided', reason: untriedConditions(conditions) };
}

/** Where values were not tried in all ways, nothing is decided. */
function orUntried(guarantee: BucketGuarantee, untried: ReturnType<typeof untriedFor>): BucketGuarantee {
  const { rule, sentence, resource, verdict } = guarantee;
  return untried.length === 0 || verdict === 'not-decided' ? guarantee : { rule, sentence, resource, verdict: 'not-decided', reason: `it may depend on ${untriedSentence(untried)}` };
}

/** A guarantee that depends on how values turn out: in another way it has another verdict, or is not what the policy is meant for. */
function dependingOn({ rule, sentence, resource, reason, counterexample }: BucketGuarantee, other: BucketGuarantee | undefined, what: string): BucketGuarantee {
  const request = counterexample ?? other?.counterexample;
  const passing = request === undefined ? '' : `; a request that may pass: ${request}`;
  const doubt = passing || (other?.reason ?? reason) === undefined ? '' : `; ${other?.reason ?? reason}`;
  return { rule, sentence, resource, verdict: 'not-decided', reason: `it depends on ${what}, which is not known before deployment${passing}${doubt}` };
}

/** The guarantees of the same bucket, if values turn out in one way; undefined if there is no such bucket then. */
function guaranteesIn({ inventory }: Way, asked: Bucket): BucketGuarantee[] | undefined {
  const bucket = sameBucket(inventory, asked);
  return bucket && guaranteesOf(inventory, bucket);
}

function sameBucket({ allBuckets }: Inventory, { site }: Bucket): Bucket | undefined {
  return allBuckets.find((other) => other.site.stack.name === site.stack.name && other.site.logicalId === site.logicalId);
}

function asIn({ deployment }: Inventory, resource: DeployedResource): DeployedResource {
  return deployment.resource(resource.stack.name, resource.logicalId) ?? resource;
}

function guaranteesOf(inventory: Inventory, bucket: Bucket): BucketGuarantee[] {
  const documents = bucket.policies.length > 0 ? bucket.policies : [new DeployedPolicy(bucket.site, 'PolicyDocument', () => ({ Statement: [] }))];
  return documents.flatMap((document) => [
    proved(inventory, bucket, document, requireTls, HTTPS_ONLY),
    proved(inventory, bucket, document, tlsFloor, TLS_FLOOR),
    ...uploads(inventory, bucket, document),
    ...meant(inventory, bucket, document),
    nobodyPublic(inventory, document, bucket.facts, perhapsGuarded(inventory, bucket) ?? perhapsListed(inventory, bucket)),
    ...ofServices(inventory, bucket, document),
  ]).concat(accessPointsOf(inventory, bucket));
}

function uploads(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): BucketGuarantee[] {
  const upload = uploadGuarantee(inventory, bucket);
  const encrypted = upload === UNKNOWN
    ? [undecided(document, uploadEncryption, uploadEncryption.requirement, 'how the bucket encrypts by default is not known before deployment')]
    : upload ? [uploadsOf(inventory, bucket, document, upload)] : [];
  return [...encrypted, ...uploadsOfOthers(inventory, bucket, document), ...(bucket.resource ? [customerKeys(inventory, bucket, bucket.resource, document)] : [])];
}

/** What uploads of other accounts are encrypted with, where the bucket names its key by an alias, or may do so. */
function uploadsOfOthers(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): BucketGuarantee[] {
  const { guarantee, isSure } = aliasGuarantee(bucket) ?? {};
  const byPolicy = guarantee ? [proved(inventory, bucket, document, uploadEncryption, guarantee)] : [];
  return isSure ? byPolicy : byPolicy.filter(({ verdict }) => verdict !== 'holds').map(({ sentence }) => undecided(document, uploadEncryption, sentence, PERHAPS_ALIAS));
}

function uploadsOf(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, upload: UploadGuarantee): BucketGuarantee {
  const proof = proved(inventory, bucket, document, uploadEncryption, upload.guarantee);
  const doubt = proof.verdict === 'broken' ? keyDoubt(upload, bucket) : undefined;
  return doubt === undefined ? proof : undecided(document, uploadEncryption, proof.sentence, doubt);
}

function customerKeys(inventory: Inventory, bucket: Bucket, resource: DeployedResource, document: DeployedPolicy): BucketGuarantee {
  const isBlocked = blocksCustomerKeys(resource);
  const byPolicy = proved(inventory, bucket, document, customerProvidedKeys, NO_CUSTOMER_PROVIDED_KEYS);
  if (isBlocked === true) {
    return { ...byPolicy, verdict: 'holds', counterexample: undefined, reason: 'the bucket blocks SSE-C', resource };
  }
  const isOpen = isBlocked === UNKNOWN && byPolicy.verdict !== 'holds';
  return isOpen ? undecided(document, customerProvidedKeys, byPolicy.sentence, 'whether the bucket blocks SSE-C is not known before deployment') : byPolicy;
}

const MEANT: readonly Rule[] = [networkPerimeter, organizationPerimeter, presignedUrlAge];

type Beside = Parameters<Inventory['prove']>[3];

function meant(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): BucketGuarantee[] {
  const { policy } = document;
  const meanings: [Rule, Guarantee | undefined, Beside?][] = policy ? [
    [networkPerimeter, networkGuarantee(inventory, policy, bucket), (controls) => networkGuarantee(inventory, policy, bucket, controls)!],
    [organizationPerimeter, organizationGuarantee(policy, bucket)],
    [organizationPerimeter, serviceSourceGuarantee(policy, bucket)],
    [presignedUrlAge, presignedUrlGuarantee(policy)],
  ] : [];
  return meanings.flatMap(([rule, guarantee, beside]) => (guarantee ? [proved(inventory, bucket, document, rule, guarantee, beside)] : []));
}

const NOBODY_PUBLIC = 'No statement grants public access.';

function nobodyPublic(inventory: Inventory, document: DeployedPolicy, facts: ResourceFacts, perhaps?: string): BucketGuarantee {
  const proofs = publicProofs(inventory, document, facts);
  const [worst] = [...proofs.filter(({ proof }) => proof.verdict === 'broken'), ...proofs.filter(({ proof }) => proof.verdict === 'not-decided')];
  if (worst?.proof.verdict === 'broken') {
    const { counterexample } = worst.proof;
    return { rule: publicAllow, sentence: NOBODY_PUBLIC, verdict: 'broken', counterexample, reason: `the statement ${nameOf(worst.statement)} allows it`, resource: document.resource };
  }
  const reason = unreadable(document) ?? perhaps ?? (worst?.proof.verdict === 'not-decided' ? `of the statement ${nameOf(worst.statement)}, ${worst.proof.reason}` : undefined);
  return reason ? undecided(document, publicAllow, NOBODY_PUBLIC, reason) : { rule: publicAllow, sentence: NOBODY_PUBLIC, verdict: 'holds', resource: document.resource };
}

/** What is to be known of statements that let services in, where there are any; of distributions, where one is for CloudFront. */
function ofServices(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): BucketGuarantee[] {
  const asked = [[overbroadGrant, servicesForNamedAccounts], [distributionAccess, onlyNamedDistributions]] as const;
  return asked.flatMap(([rule, guaranteeOf]) => {
    const proofs = proofsOfServices(inventory, bucket, document, guaranteeOf).filter(({ statement }) => rule !== distributionAccess || letsInDistributions(statement));
    return proofs.length === 0 ? [] : [worstOf(proofs, rule, guaranteeOf(proofs[0].statement, bucket.facts).sentence, document)];
  });
}

function letsInDistributions({ principal }: Statement): boolean {
  return principal === undefined || principal.isInverted || principal.members.some(({ kind, text, isEveryone }) => isEveryone || (kind === 'Service' && text === CLOUDFRONT) || isUnknown(text));
}

function worstOf(proofs: readonly StatementProof[], rule: Rule, sentence: string, document: DeployedPolicy): BucketGuarantee {
  const { statement, proof } = proofs.find((one) => one.proof.verdict === 'broken') ?? proofs.find((one) => one.proof.verdict === 'not-decided') ?? proofs[0];
  switch (proof.verdict) {
    case 'holds': return { rule, sentence, verdict: 'holds', resource: document.resource };
    case 'broken': return { rule, sentence, verdict: 'broken', counterexample: proof.counterexample, reason: `the statement ${nameOf(statement)} allows it`, resource: document.resource };
    case 'not-decided': return undecided(document, rule, sentence, `of the statement ${nameOf(statement)}, ${proof.reason}`);
  }
}

/** What is to be known of an access point whose bucket nobody knows. Access points take HTTPS only, and whom the bucket lets in decides besides. */
export function accessPointGuarantees(inventory: Inventory, { resource, facts }: Inventory['accessPoints'][number]): BucketGuarantee[] {
  const document = inventory.policyOf(resource, 'Policy');
  return document ? [nobodyPublic(inventory, document, facts)] : [];
}

/** Denies of the bucket's policy bind requests through access points, too: their own policies can only allow too much. */
function accessPointsOf(inventory: Inventory, { facts, resource }: Bucket): BucketGuarantee[] {
  const names = [facts.arn, resource?.reference('Ref'), facts.arn.split(':').at(-1)];
  return inventory.accessPoints.filter((accessPoint) => names.includes(accessPoint.resource.property('Bucket'))).flatMap((accessPoint) => accessPointGuarantees(inventory, accessPoint));
}

function proved(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, rule: Rule, guarantee: Guarantee, beside?: Beside): BucketGuarantee {
  const { sentence, members } = guarantee;
  const reason = unreadable(document) ?? competing(bucket) ?? conditional(bucket, document);
  const proof = inventory.prove(bucket, document, guarantee, beside);
  switch (proof.verdict) {
    case 'holds': return reason ? undecided(document, rule, sentence, reason) : { rule, sentence, members, verdict: 'holds', reason: whatHolds(inventory, bucket, document, guarantee), resource: document.resource };
    case 'broken': {
      const doubt = perhapsGuarded(inventory, bucket);
      return doubt ? undecided(document, rule, sentence, doubt) : { rule, sentence, members, verdict: 'broken', counterexample: proof.counterexample, reason: proof.letThroughBy, resource: document.resource };
    }
    case 'not-decided': return { ...undecided(document, rule, sentence, reason ?? proof.reason), members };
  }
}

const HOLDERS: Readonly<Record<HeldBy, string>> = {
  'bucket-policy': 'the policy of the bucket denies the rest, without resource control policies',
  'resource-control-policies': 'resource control policies above the bucket deny the rest, without its own policy',
  'each': 'the policy of the bucket denies the rest, and so do resource control policies above it: each by itself',
  'together': 'the policy of the bucket and resource control policies above it deny the rest together: neither does by itself',
};

/** By what a guarantee holds, where more than the policy of the bucket may hold it. */
function whatHolds(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, guarantee: Guarantee): string | undefined {
  const holder = inventory.heldBy(bucket, document, guarantee);
  return holder && HOLDERS[holder];
}

function undecided({ resource }: DeployedPolicy, rule: Rule, sentence: string, reason: string): BucketGuarantee {
  return { rule, sentence, verdict: 'not-decided', reason, resource };
}

function unreadable({ refusal, unknown }: DeployedPolicy): string | undefined {
  return refusal ? `IAM would refuse the policy: ${refusal.message}` : unknown;
}

/** Why a bucket without a policy may have one. */
function perhapsGuarded({ policiesOfUnknownBuckets: [policy] }: Inventory, { policies }: Bucket): string | undefined {
  return policies.length === 0 && policy ? `the policy ${policy.resource.path} is for the bucket '${readable(jsonText(policy.resource.property('Bucket')))}', which is not known before deployment and may be this one` : undefined;
}

/** Why it is not the policy alone that lets everybody in. Of a bucket that is in no template, its policy alone is asked about. */
function perhapsListed(inventory: Inventory, bucket: Bucket): string | undefined {
  return bucket.resource && inventory.canListsLetInAnybody(bucket) !== false ? "an access control list may let everybody in: turn the lists off ('BucketOwnerEnforced'), or ignore public ones ('IgnorePublicAcls')" : undefined;
}

function competing({ policies }: Bucket): string | undefined {
  return policies.length > 1 ? `the bucket has ${policies.length} policies, and S3 keeps the one that is deployed last` : undefined;
}

function conditional(bucket: Bucket, { resource }: DeployedPolicy): string | undefined {
  return isDeployedWith(bucket, resource) ? undefined : `the policy is there only under the condition '${resource.deployedUnder}'`;
}
