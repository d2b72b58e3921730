import type { DecidingStatement } from './access-decision';
import { actionsOf, CAPABILITIES, Capability } from './capabilities';
import type { DeployedPolicy } from '../template/deployed-policy';
import type { DeployedResource } from '../template/deployment';
import { setting, UNKNOWN } from '../template/settings';
import { EVERY_ACCOUNT, EVERYONE, exempted, Holder, holderOf, isEverybody, Named, namedBy, SOMEBODY, whoeverCalls } from './holders';
import { Identity, identities } from './identities';
import type { Bucket, Inventory } from './inventory';
import { decidingStatement } from './sourced-policy';
import { allOf } from '../guarantees/callers';
import { Policy, Statement } from '../policy/document';
import { actionApplies } from '../policy/evaluate';
import { PolicyRequest } from '../policy/request';
import { isUnknown } from '../policy/unknown-text';
import { Conditions, EVERY_CALLER, Guarantee, RequestDescription } from '../proof/guarantee';
import { Proof, Prover, proveTogether, ResourceFacts } from '../proof/prove';

/** Somebody whom one policy seems to let in. Other policies may still say no. */
export interface Candidate {
  readonly holder: Holder;
  readonly capability: Capability;

  /** A request that would show it, where there is one that can be decided. */
  readonly request?: PolicyRequest;

  /** Why it is not known whether there is such a request. */
  readonly doubt?: string;

  /** The statement that seems to let them in, where a statement names them. */
  readonly statement?: DecidingStatement;

  /** The access point through which the request comes. */
  readonly accessPoint?: DeployedResource;
}

/** Everybody whom the policies of a bucket, of its access points and of the identities of the deployment seem to let in. */
export function candidates(inventory: Inventory, bucket: Bucket): Candidate[] {
  const ways: readonly Way[] = [{ facts: bucket.facts, conditions: {}, bucketDenies: [] }, ...accessPointsOf(inventory, bucket)];
  return [...ways.flatMap((way) => [...byResource(inventory, bucket, way), ...byIdentity(inventory, bucket, way)]), ...byUnknownPolicies(inventory, bucket), ...byLists(bucket)];
}

/** To the data directly, or through an access point. */
interface Way {
  readonly facts: ResourceFacts;
  readonly accessPoint?: DeployedResource;

  /** What requests that come this way have in common. */
  readonly conditions: Conditions;

  /** What the bucket denies whoever comes through an access point, whatever the object. */
  readonly bucketDenies: readonly Statement[];

  /** Why it is not known whether the way leads to the bucket. */
  readonly doubt?: string;
}

function accessPointsOf({ accessPoints }: Inventory, bucket: Bucket): Way[] {
  const { resource, facts } = bucket;
  const name = resource?.reference('Ref') ?? facts.arn.split(':::')[1];
  const bucketDenies = deniesOf(bucket).map((deny): Statement => ({ ...deny, resource: undefined }));
  return accessPoints.flatMap(({ resource: accessPoint, facts: own }): Way[] => {
    const leadsTo: unknown = accessPoint.property('Bucket');
    const isOpen = leadsTo !== name && typeof leadsTo === 'string' && isUnknown(leadsTo);
    const doubt = isOpen ? `whether the access point ${accessPoint.path} leads to this bucket is not known` : undefined;
    return leadsTo === name || isOpen ? [{ facts: own, accessPoint, conditions: fromVpcOf(accessPoint), bucketDenies, doubt }] : [];
  });
}

/** An access point that is bound to a VPC answers nobody else. */
function fromVpcOf(accessPoint: DeployedResource): Conditions {
  const vpc = setting(accessPoint, 'VpcConfiguration', 'VpcId');
  return vpc !== UNKNOWN && typeof vpc === 'string' ? { StringEquals: { 'aws:SourceVpc': vpc } } : {};
}

/** What the policy of a bucket denies, where it surely is the one that S3 stores. */
function deniesOf({ policies }: Bucket): readonly Statement[] {
  const [sole] = policies.length === 1 && policies[0].resource.isDeployed === true ? policies : [];
  return (sole?.policy?.statements ?? []).filter(({ effect }) => effect === 'Deny');
}

/** Whom the policy of the bucket or access point names. */
function byResource(inventory: Inventory, bucket: Bucket, way: Way): Candidate[] {
  return policiesOf(inventory, bucket, way).flatMap((document) => byDocument(document, way));
}

function policiesOf(inventory: Inventory, bucket: Bucket, { accessPoint }: Way): readonly DeployedPolicy[] {
  return accessPoint ? [inventory.policyOf(accessPoint, 'Policy') ?? []].flat() : bucket.policies;
}

/** Policies whose bucket is not known might be of this one. */
function byUnknownPolicies({ policiesOfUnknownBuckets }: Inventory, { facts }: Bucket): Candidate[] {
  return policiesOfUnknownBuckets.flatMap((document) => byDocument(document, { facts, conditions: {}, bucketDenies: [], doubt: `whether ${document.resource.path} is the policy of this bucket is not known` }));
}

function byDocument(document: DeployedPolicy, way: Way): Candidate[] {
  const { facts, accessPoint, doubt } = way;
  const { policy, unknown, refusal, resource } = document;
  if (!policy) {
    const holder = { ...SOMEBODY, name: `whomever ${resource.path} lets in` };
    return CAPABILITIES.map((capability) => ({ holder, capability, accessPoint, doubt: unknown ?? `IAM would refuse the policy (${refusal?.message})` }));
  }
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  return policy.statements.filter(({ effect }) => effect === 'Allow').flatMap((allow) => {
    const lookUp = lookingUp([allow, ...denies], way);
    const statement = decidingStatement(document, allow);
    const prove = (named: Named) => capabilitiesOf([allow], named, way, lookUp).map((found): Candidate =>
      ({ ...found, accessPoint, statement, doubt: doubt ?? found.doubt }));
    const found = namedBy(allow, facts.account).flatMap(prove);
    const exempt = exempted(allow, denies).flatMap(prove).filter(({ capability }) => !found.some((one) => isEverybody(one.holder) && one.request && one.capability === capability));
    const others = prove(whoeverCalls(allow)).filter(({ capability }) => ![...found, ...exempt].some((one) => one.capability === capability));
    return [...found, ...exempt, ...others];
  });
}

/** Whose own policies reach the data. What the bucket's policy denies, it denies them too. */
function byIdentity(inventory: Inventory, bucket: Bucket, way: Way): Candidate[] {
  const documents = policiesOf(inventory, bucket, way);
  const denies = deniesOf(bucket);
  return identities(inventory).filter(({ statements }) => statements.some((statement) => reaches(statement, way.facts))).flatMap((identity) => {
    const own: Policy = { statements: [...identity.statements, ...denies] };
    const limits = [identity.boundary, identity.account === way.facts.account ? undefined : documents[0]?.policy].flatMap((limit) => limit ?? []);
    const proofs = [lookingUp(own.statements, way), ...limits.map((limit) => (guarantee: Guarantee) => proveTogether([own, limit], guarantee, way.facts))];
    const allows = identity.statements.filter(({ effect }) => effect === 'Allow');
    return proofs.flatMap((prove) => capabilitiesOf(allows, namedIdentity(identity), way, prove)).map((found) =>
      ({ ...found, accessPoint: way.accessPoint, doubt: way.doubt ?? identity.doubt ?? found.doubt }));
  });
}

/** An identity as statements name it. A group has no ARN with which anybody calls: its members are users. */
function namedIdentity({ kind, arn, name, account }: Identity): Named {
  const requests: RequestDescription = { Condition: arn === undefined ? { ArnLike: { 'aws:PrincipalArn': `arn:*:iam::${account}:user/*` } } : { StringEquals: { 'aws:PrincipalArn': arn } } };
  return { kind, text: arn ?? name, requests };
}

function reaches({ effect, resource }: Statement, { arn, objects }: ResourceFacts): boolean {
  const couldMatch = (text: string) => resource!.members.some(({ pattern }) => pattern?.matches(text) !== false);
  return effect === 'Allow' && resource !== undefined && (resource.isInverted || couldMatch(arn) || resource.members.some(({ text }) => text.source.startsWith(objects)) || couldMatch(`${objects}any/object`));
}

/** Whom access control lists may let in: nobody in particular, and any account. Where lists are off, the decision says so. */
function byLists({ resource, facts }: Bucket): Candidate[] {
  if (resource?.property('AccessControl') === undefined && resource?.property('OwnershipControls') === undefined) {
    return [];
  }
  const context = new Map([['aws:securetransport', ['true']]]);
  const foreign = facts.account === '999988887777' ? '999988887776' : '999988887777';
  const requests = [['list', 's3:ListBucket', facts.arn], ['read', 's3:GetObject', `${facts.objects}any/object`], ['write', 's3:PutObject', `${facts.objects}any/object`]] as const;
  return requests.flatMap(([capability, action, arn]): Candidate[] => [
    { holder: { kind: 'everyone', label: EVERYONE, name: EVERYONE }, capability, request: { principal: { kind: 'anonymous' }, action, resource: arn, context } },
    {
      holder: { kind: 'everyone', label: EVERY_ACCOUNT, name: EVERY_ACCOUNT },
      capability,
      request: { principal: { kind: 'iam', arn: `arn:${facts.partition}:iam::${foreign}:root`, account: foreign }, action, resource: arn, context },
    },
  ]);
}

/** Looks for a request that statements let through: first for one that the bucket denies for no object, since another request may pass it. */
function lookingUp(statements: readonly Statement[], { facts, bucketDenies }: Way): (guarantee: Guarantee) => Proof {
  const own = new Prover({ statements }, facts);
  const strict = bucketDenies.length > 0 ? new Prover({ statements: [...statements, ...bucketDenies] }, facts) : undefined;
  return (guarantee) => {
    const proof = strict?.prove(guarantee);
    return proof?.verdict === 'broken' ? proof : own.prove(guarantee);
  };
}

/** What somebody may do as far as some statements go, each with a request, or with what is not known. */
function capabilitiesOf(allows: readonly Statement[], named: Named, { conditions }: Way, prove: (guarantee: Guarantee) => Proof): Candidate[] {
  const { text, requests, doubt } = named;
  return CAPABILITIES.flatMap((capability): Candidate[] => {
    const actions = actionsOf(capability);
    if (!allows.some((allow) => actions.some((action) => actionApplies(allow, { action }) !== false))) {
      return [];
    }
    if (doubt !== undefined) {
      return [{ holder: holderOf(named), capability, doubt }];
    }
    const proof = prove({ sentence: `${text} may not ${capability}.`, needsAllow: EVERY_CALLER, breaches: [{ ...requests, Condition: allOf(requests.Condition ?? {}, conditions), Action: actions }] });
    return proof.verdict === 'broken' ? [{ holder: holderOf(named, proof.request), capability, request: proof.request }]
      : proof.verdict === 'not-decided' ? [{ holder: holderOf(named), capability, doubt: proof.reason }] : [];
  });
}
