import { actionsOf, CAPABILITIES, Capability } from './capabilities';
import type { DeployedResource } from './deployment';
import { Holder, holderOf, Named, namedBy } from './holders';
import { identityPolicies } from './identity-policies';
import type { Bucket, Inventory } from './inventory';
import { Statement } from '../policy/document';
import { Prover } from '../policy/prove';
import { PolicyRequest } from '../policy/request';
import { Choice, ResourceFacts, valueIn } from '../policy/space/facet';

/** Somebody whom one policy seems to let in, and a request that would show it. Other policies may still say no. */
export interface Candidate {
  readonly holder: Holder;
  readonly capability: Capability;
  readonly request: PolicyRequest;

  /** The access point through which the request comes. */
  readonly accessPoint?: DeployedResource;
}

/** Everybody whom the policies of a bucket, of its access points and of the identities of the deployment seem to let in. */
export function candidates(inventory: Inventory, bucket: Bucket): Candidate[] {
  const ways: readonly Way[] = [{ facts: bucket.facts }, ...accessPointsOf(inventory, bucket).map((accessPoint) => ({ facts: accessPointFacts(accessPoint), accessPoint }))];
  return ways.flatMap((way) => [...byResource(inventory, bucket, way), ...byIdentity(inventory, bucket, way)]);
}

/** To the data directly, or through an access point. */
interface Way {
  readonly facts: ResourceFacts;
  readonly accessPoint?: DeployedResource;
}

function accessPointsOf({ deployment }: Inventory, { resource, facts }: Bucket): readonly DeployedResource[] {
  const name = resource?.reference('Ref') ?? facts.arn.split(':::')[1];
  return deployment.ofType('AWS::S3::AccessPoint').filter((accessPoint) => accessPoint.property('Bucket') === name);
}

function accessPointFacts(accessPoint: DeployedResource): ResourceFacts {
  const arn = accessPoint.reference('Arn')!;
  const { account, partition } = accessPoint.stack;
  return { arn, objects: `${arn}/object/`, account, partition };
}

/** Whom the policy of the bucket or access point names. */
function byResource(inventory: Inventory, bucket: Bucket, way: Way): Candidate[] {
  const documents = way.accessPoint ? [inventory.policyOf(way.accessPoint, 'Policy')] : bucket.policies;
  const statements = documents.flatMap((document) => document?.policy?.statements ?? []);
  const denies = statements.filter(({ effect }) => effect === 'Deny');
  return statements.filter(({ effect }) => effect === 'Allow').flatMap((allow) => {
    const prover = new Prover({ statements: [allow, ...denies] }, way.facts);
    return namedBy(allow, way.facts.account).flatMap((named) => capabilitiesOf(prover, named).map(({ capability, request }) =>
      ({ holder: holderOf(named, request), capability, request, accessPoint: way.accessPoint })));
  });
}

/** Whose own policies reach the data. What the bucket's policy denies, it denies them too. */
function byIdentity(inventory: Inventory, bucket: Bucket, way: Way): Candidate[] {
  const denies = bucket.policies.flatMap(({ policy }) => policy?.statements ?? []).filter(({ effect }) => effect === 'Deny');
  return inventory.deployment.ofType('AWS::IAM::Role').flatMap((role) => {
    const { policy: { statements } } = identityPolicies(inventory, role);
    const arn = role.reference('Arn')!;
    if (!statements.some((statement) => reaches(statement, way.facts))) {
      return [];
    }
    const prover = new Prover({ statements: [...statements, ...denies] }, way.facts);
    const named: Named = { kind: 'role', text: arn, requests: { caller: (choice) => valueIn(choice, 'aws:principalarn') === arn }, mentions: { 'aws:principalarn': [{ kind: 'arn', text: arn }] } };
    return capabilitiesOf(prover, named).map(({ capability, request }) => ({ holder: holderOf(named, request), capability, request, accessPoint: way.accessPoint }));
  });
}

function reaches({ effect, resource }: Statement, { arn, objects }: ResourceFacts): boolean {
  const couldMatch = (text: string) => resource!.members.some(({ pattern }) => pattern?.matches(text) !== false);
  return effect === 'Allow' && resource !== undefined && (resource.isInverted || couldMatch(arn) || resource.members.some(({ text }) => text.source.startsWith(objects)) || couldMatch(`${objects}any/object`));
}

/** What somebody may do as far as some statements go, each with a request. */
function capabilitiesOf(prover: Prover, { text, requests, mentions }: Named): { capability: Capability; request: PolicyRequest }[] {
  return CAPABILITIES.flatMap((capability) => {
    const actions = new Set(actionsOf(capability));
    const proof = prover.prove({
      sentence: `${text} may not ${capability}.`,
      needsAllow: () => true,
      breaches: [{ ...requests, operation: ({ action }) => actions.has(action!), transport: ({ kind }: Choice) => kind === 'https' }],
      mentions,
    });
    return proof.verdict === 'broken' ? [{ capability, request: proof.request }] : [];
  });
}

