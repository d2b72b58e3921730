import type { DecidingStatement } from './access-decision';
import { actionsOf, CAPABILITIES, Capability } from './capabilities';
import { EVERY_ACCOUNT, EVERYONE, exempted, Holder, holderOf, isEverybody, Named, namedBy, SOMEBODY, whoeverCalls } from './holders';
import { Identity, identities } from './identities';
import type { Bucket, Inventory } from './inventory';
import { multiRegionAccessPointsOf } from './multi-region-facts';
import { decidingStatement } from './sourced-policy';
import { throughAccessPoint } from './through-access-point';
import { allOf } from '../guarantees/callers';
import { Policy, Statement } from '../policy/document';
import { actionApplies, applies } from '../policy/evaluate';
import { PolicyRequest } from '../policy/request';
import { isUnknown } from '../policy/unknown-text';
import { Conditions, EVERY_CALLER, Guarantee, RequestDescription } from '../proof/guarantee';
import { Proof, Prover, proveTogether, ResourceFacts } from '../proof/prove';
import type { DeployedPolicy } from '../template/deployed-policy';
import type { DeployedResource } from '../template/deployment';
import { setting, UNKNOWN } from '../template/settings';

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
  const ways: readonly Way[] = [direct(bucket), ...accessPointsOf(inventory, bucket)];
  return [
    ...ways.flatMap((way) => [...byResource(inventory, bucket, way), ...byIdentity(inventory, bucket, way)]),
    ...byUnknownPolicies(inventory, bucket),
    ...byMultiRegion(inventory, bucket),
    ...byLists(bucket),
  ];
}

function direct({ facts }: Bucket, doubt?: string): Way {
  return { facts, conditions: {}, bucketDenies: [], bucketAllows: [], bucketNames: [], doubt };
}

/** To the data directly, or through an access point. */
interface Way {
  readonly facts: ResourceFacts;
  readonly accessPoint?: DeployedResource;

  /** What requests that come this way have in common. */
  readonly conditions: Conditions;

  /** What the bucket's policy says to whoever comes through the access point. */
  readonly bucketDenies: readonly Statement[];
  readonly bucketAllows: readonly Statement[];

  /** Whom the bucket's policy names, where the way is an access point: it may let in many, and the bucket a few of them. */
  readonly bucketNames: readonly Named[];

  /** Why it is not known whether the way leads to the bucket. */
  readonly doubt?: string;
}

function accessPointsOf({ accessPoints }: Inventory, bucket: Bucket): Way[] {
  const { facts } = bucket;
  const name = nameOf(bucket);
  const allows = bucket.policies.flatMap(({ policy }) => policy?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  const bucketNames = allows.flatMap((allow) => namedOnAccessPoint(allow, facts.account)).filter(({ kind }) => kind !== 'everyone');
  return accessPoints.flatMap(({ resource: accessPoint, facts: own }): Way[] => {
    const leadsTo: unknown = accessPoint.property('Bucket');
    const isOpen = leadsTo !== name && typeof leadsTo === 'string' && isUnknown(leadsTo);
    const doubt = isOpen ? `whether the access point ${accessPoint.path} leads to this bucket is not known` : undefined;
    const seen = (statements: readonly Statement[]) => statements.map((statement) => throughAccessPoint(statement, facts, own));
    const said = { bucketDenies: seen(deniesOf(bucket)), bucketAllows: seen(allows), bucketNames };
    return leadsTo === name || isOpen ? [{ facts: own, accessPoint, conditions: fromVpcOf(accessPoint), ...said, doubt }] : [];
  });
}

function nameOf({ resource, facts }: Bucket): string {
  return resource?.reference('Ref') ?? facts.arn.split(':::')[1];
}

/** Who comes through an access point: which one that is, names nobody. */
function namedOnAccessPoint(allow: Statement, account: string): Named[] {
  return namedBy({ ...allow, conditions: allow.conditions.filter(({ key }) => !key.startsWith('s3:dataaccesspoint')) }, account);
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
  return policiesOf(inventory, bucket, way).flatMap((document) => byDocument(inventory, document, way));
}

function policiesOf(inventory: Inventory, bucket: Bucket, { accessPoint }: Way): readonly DeployedPolicy[] {
  return accessPoint ? [inventory.policyOf(accessPoint, 'Policy') ?? []].flat() : bucket.policies;
}

/** Policies whose bucket is not known might be of this one. */
function byUnknownPolicies(inventory: Inventory, bucket: Bucket): Candidate[] {
  return inventory.policiesOfUnknownBuckets.flatMap((document) => byDocument(inventory, document, direct(bucket, `whether ${document.resource.path} is the policy of this bucket is not known`)));
}

/** Through access points of several Regions, other policies decide, each with those of all buckets: who they let in is decided one request at a time. */
function byMultiRegion({ deployment }: Inventory, bucket: Bucket): Candidate[] {
  return multiRegionAccessPointsOf(deployment, nameOf(bucket)).flatMap((accessPoint) => CAPABILITIES.map((capability): Candidate => ({
    holder: { ...SOMEBODY, name: `whomever ${accessPoint.path} lets in` },
    capability,
    accessPoint,
    doubt: 'who comes through a multi-Region access point is not searched for: decide requests through it',
  })));
}

function byDocument(inventory: Inventory, document: DeployedPolicy, way: Way): Candidate[] {
  const { facts, accessPoint, doubt } = way;
  const { policy, unknown, refusal, resource } = document;
  if (!policy) {
    const holder = { ...SOMEBODY, name: `whomever ${resource.path} lets in` };
    return CAPABILITIES.map((capability) => ({ holder, capability, accessPoint, doubt: unknown ?? `IAM would refuse the policy (${refusal?.message})` }));
  }
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  return policy.statements.filter(({ effect }) => effect === 'Allow').flatMap((allow) => {
    const lookUp = lookingUp((guarantee) => inventory.proveBeside(allow, denies, document, guarantee, facts), [allow, ...denies], way);
    const statement = decidingStatement(document, allow);
    const prove = (named: Named) => capabilitiesOf([allow], named, way, lookUp).map((found): Candidate =>
      ({ ...found, accessPoint, statement, doubt: doubt ?? found.doubt }));
    const named = accessPoint ? [...namedOnAccessPoint(allow, facts.account), ...way.bucketNames] : namedBy(allow, facts.account);
    const found = named.flatMap(prove);
    const isForEverybody = ({ capability }: Candidate) => !accessPoint && found.some((one) => isEverybody(one.holder) && one.request && one.capability === capability);
    const exempt = exempted(allow, [...denies, ...way.bucketDenies]).flatMap(prove).filter((one) => !isForEverybody(one));
    const others = prove(whoeverCalls(allow)).filter(({ capability }) => ![...found, ...exempt].some((one) => one.capability === capability));
    return [...found, ...exempt, ...others];
  });
}

/** Whose own policies reach the data. What the bucket's policy denies, it denies them too. */
function byIdentity(inventory: Inventory, bucket: Bucket, way: Way): Candidate[] {
  const documents = policiesOf(inventory, bucket, way);
  const denies = deniesOf(bucket);
  const onPoint = way.accessPoint ? documents.flatMap(({ policy }) => policy?.statements ?? []) : [];
  const mayReach = ({ statements }: Identity) => statements.some((statement) => reaches(statement, way.facts) || (onPoint.length > 0 && reaches(statement, bucket.facts)));
  return identities(inventory).filter(mayReach).flatMap((identity) => {
    const own: Policy = { statements: [...identity.statements, ...denies] };
    const limits = [identity.boundary, identity.account === way.facts.account ? undefined : documents[0]?.policy].flatMap((limit) => limit ?? []);
    const onBucket = way.accessPoint ? identity.statements.map((statement) => throughAccessPoint(statement, bucket.facts, way.facts)) : [];
    const prover = new Prover(own, way.facts);
    const proofs = [
      lookingUp((guarantee) => prover.prove(guarantee), own.statements, way, onPoint, onBucket),
      ...limits.map((limit) => (guarantee: Guarantee) => proveTogether([own, limit], guarantee, way.facts)),
    ];
    const allows = [...identity.statements, ...onPoint].filter(({ effect }) => effect === 'Allow');
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

/**
 * Looks for a request that statements let through. Through an access point, first for one that is allowed on the bucket, too, then for one that
 * the bucket does not deny.
 *
 * @param proveOwn proves a guarantee of the statements alone
 * @param onPoint what else is said of the access point
 * @param onBucket what else is said of the bucket
 */
function lookingUp(
  proveOwn: (guarantee: Guarantee) => Proof,
  statements: readonly Statement[],
  { facts, bucketDenies, bucketAllows }: Way,
  onPoint: readonly Statement[] = [],
  onBucket: readonly Statement[] = [],
): (guarantee: Guarantee) => Proof {
  const ofBucket = [...bucketAllows, ...onBucket];
  const spared = bucketDenies.length > 0 ? new Prover({ statements: [...statements, ...bucketDenies] }, facts) : undefined;
  const isAllowedOnBucket = (request: PolicyRequest) => ofBucket.length === 0 || ofBucket.some((allow) => applies(allow, request) === true);
  const isWanted = (request: PolicyRequest) => isAllowedOnBucket(request) && bucketDenies.every((deny) => applies(deny, request) === false);
  return (guarantee) => {
    const whole = proveOwn(guarantee);
    if (whole.verdict === 'broken' ? isWanted(whole.request) : whole.verdict === 'holds' && onPoint.length === 0) {
      return whole;
    }
    const proofs = [
      () => (ofBucket.length > 0 ? proveTogether([{ statements: [...statements, ...onPoint] }, { statements: [...ofBucket, ...bucketDenies] }], guarantee, facts) : undefined),
      () => spared?.prove(guarantee),
    ];
    for (const prove of proofs) {
      const proof = prove();
      if (proof?.verdict === 'broken') {
        return proof;
      }
    }
    return whole;
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
