import { ANONYMOUS_BESIDE_LISTS, canListsLetInAnybody } from './access-lists';
import { AssumptionsJson } from './assumptions-format';
import { givenControlLevels } from './given-control-policies';
import { KeyNames } from './key-names';
import { admittedWriters, isMadeForLogs } from './log-buckets';
import { LogDelivery, logDeliveries } from './log-deliveries';
import { placeOf } from './organization-tree';
import { Proofs } from './proofs';
import { controlsOver, GivenControls, OrganizationPolicy, possibleControlsOver } from './resource-controls';
import { ANONYMOUS_CALLERS } from '../guarantees/callers';
import { own } from '../own';
import { parsePolicy, Statement } from '../policy/document';
import { grouped } from '../policy/grouped';
import { parseResourceControlPolicy } from '../policy/resource-control-policy';
import { Truth } from '../policy/truth';
import { isSettled, isUnknown, readable } from '../policy/unknown-text';
import { Guarantee } from '../proof/guarantee';
import { keyRequests, Proof, prove, Requests, ResourceFacts } from '../proof/prove';
import { DeployedPolicy } from '../template/deployed-policy';
import { DeployedResource, Deployment } from '../template/deployment';
import { keysOf } from '../template/keys';
import { Place } from '../template/place';
import { isUnknownValue, setting, UNKNOWN } from '../template/settings';

/** A bucket with what the deployment says about it. A bucket that is not in the deployment has policies only. */
export interface Bucket {
  readonly facts: ResourceFacts;
  readonly resource?: DeployedResource;
  readonly policies: readonly DeployedPolicy[];

  /** The key of this deployment that the bucket encrypts with. */
  readonly key?: DeployedResource;

  /** The logs that are sent there. */
  readonly logs: readonly LogDelivery[];

  /** Whether it is a bucket for logs: some are sent there, its policy lets those write who can write nothing but logs, or it is made for them. */
  readonly receivesLogs: boolean;

  /** What findings about the bucket are reported on if it has no policy. */
  readonly site: DeployedResource;
}

const BUCKET = 'AWS::S3::Bucket';
const BUCKET_POLICY = 'AWS::S3::BucketPolicy';
const POLICY_PROPERTIES: readonly (readonly [type: string, property: string])[] = [
  ['AWS::S3::AccessPoint', 'Policy'],
  ['AWS::S3::MultiRegionAccessPointPolicy', 'Policy'],
  ['AWS::EC2::VPCEndpoint', 'PolicyDocument'],
  ['AWS::IAM::Policy', 'PolicyDocument'],
  ['AWS::IAM::ManagedPolicy', 'PolicyDocument'],
  ['AWS::IAM::RolePolicy', 'PolicyDocument'],
  ['AWS::IAM::UserPolicy', 'PolicyDocument'],
  ['AWS::IAM::GroupPolicy', 'PolicyDocument'],
];

/** What is given of accounts and buckets around a deployment. */
type Given = Pick<AssumptionsJson, 'accounts' | 'buckets' | 'organizationPolicies'>;

/** What holds a guarantee of a bucket that resource control policies bind. */
export type HeldBy = 'bucket-policy' | 'resource-control-policies' | 'each' | 'together';

/** Buckets, keys and policies of a deployment, and proofs about them. */
export class Inventory {
  public readonly allBuckets: readonly Bucket[];

  /** Policies for buckets which are not known before deployment: any bucket of the deployment may be one. */
  public policiesOfUnknownBuckets: readonly DeployedPolicy[] = [];
  private readonly policies = new Map<DeployedResource, Map<string, DeployedPolicy | undefined>>();
  private readonly alone = new WeakMap<Statement, readonly Statement[]>();
  private controlsText?: string;
  private readonly controls = new Map<string, readonly Statement[]>();
  private readonly together = new WeakMap<readonly Statement[], readonly Statement[]>();
  private readonly withDenies = new WeakMap<Statement, Map<string, readonly Statement[]>>();
  private readonly besides = new Map<string, readonly string[]>();
  private readonly byName = new Map<string, Bucket>();
  private readonly keyNames: KeyNames;

  /**
   * @param given what is given of accounts, whose resource control policies bind buckets beside those in the templates, and of buckets
   * @param proofs what was proved before, of whatever deployment
   */
  constructor(public readonly deployment: Deployment, public readonly given: Given = {}, public readonly proofs = new Proofs()) {
    this.keyNames = new KeyNames(deployment);
    this.allBuckets = this.findBuckets();
    this.allBuckets.forEach((bucket) => this.byName.set(bucket.facts.arn, bucket));
  }

  /** The policy document in a property of a resource; undefined if there is none. */
  public policyOf(resource: DeployedResource, property: string): DeployedPolicy | undefined {
    const known = this.policies.get(resource) ?? new Map<string, DeployedPolicy | undefined>();
    this.policies.set(resource, known);
    if (!known.has(property)) {
      const isThere = resource.definition.Properties?.[property] !== undefined || resource.rewritten !== undefined;
      const parse = resource.property('Type') === 'RESOURCE_CONTROL_POLICY' && property === 'Content' ? parseResourceControlPolicy : parsePolicy;
      known.set(property, isThere ? new DeployedPolicy(resource, property, () => resource.property(property), parse) : undefined);
    }
    return known.get(property);
  }

  /** The policies that stand in a role, user or group itself. */
  public inlinePolicies(identity: DeployedResource): DeployedPolicy[] {
    const policies = identity.property('Policies');
    const documentOf = (policy: any) => (isUnknownValue(policy) ? policy : policy?.PolicyDocument);
    return isUnknownValue(policies) ? [new DeployedPolicy(identity, 'Policies', () => policies)]
      : Array.isArray(policies) ? policies.map((policy, i) => new DeployedPolicy(identity, `Policies[${i}]`, () => documentOf(policy))) : [];
  }

  /** The access points, as requests see them. */
  public get accessPoints(): readonly { readonly resource: DeployedResource; readonly facts: ResourceFacts }[] {
    return this.deployment.ofType('AWS::S3::AccessPoint').map((resource) => {
      const arn = resource.reference('Arn')!;
      return { resource, facts: { arn, objects: `${arn}/object/`, account: resource.stack.account, partition: resource.stack.partition, networkOrigin: networkOriginOf(resource) } };
    });
  }

  /** Keys of which the policy alone is known, as AWS keeps it: for which buckets they are is not asked. */
  public get deployedKeys(): readonly DeployedResource[] {
    return keysOf(this.deployment).filter(({ stack }) => stack.source.isDeployedPolicy);
  }

  /** The policies of identities, access points and endpoints, and those that were read from AWS. */
  public get otherDocuments(): readonly DeployedPolicy[] {
    return [
      ...this.deployedKeys.flatMap((key) => this.policyOf(key, 'KeyPolicy') ?? []),
      ...POLICY_PROPERTIES.flatMap(([type, property]) => this.deployment.ofType(type).flatMap((resource) => this.policyOf(resource, property) ?? [])),
      ...['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].flatMap((type) => this.deployment.ofType(type)).flatMap((identity) => this.inlinePolicies(identity)),
    ];
  }

  /** The bucket with a name or an ARN. */
  public bucketNamed(nameOrArn: unknown): Bucket | undefined {
    const partition = this.deployment.stacks[0]?.partition;
    return typeof nameOrArn === 'string' ? this.byName.get(nameOrArn) ?? this.byName.get(`arn:${partition}:s3:::${nameOrArn}`) : undefined;
  }

  /**
   * The key of this deployment behind a key id, ARN or alias.
   *
   * @param place where an alias is looked up that does not say its account and Region
   */
  public keyNamed(id: unknown, place: Place): DeployedResource | undefined {
    return typeof id === 'string' ? this.keyNames.find(id, place) : undefined;
  }

  /** The key that a bucket encrypts with: its ARN where that is known, otherwise what the bucket says; undefined if it names no key. */
  public keyArnOf(bucket: DeployedResource): string | undefined {
    const rules = bucket.property('BucketEncryption')?.ServerSideEncryptionConfiguration;
    const id = Array.isArray(rules) ? rules[0]?.ServerSideEncryptionByDefault?.KMSMasterKeyID : undefined;
    return this.keyNamed(id, bucket.stack)?.reference('Arn') ?? (typeof id === 'string' ? id : undefined);
  }

  /**
   * Proves a guarantee of a bucket's whole policy. Anonymous callers can do only what the policy itself allows, or an access control list.
   *
   * @param beside the guarantee as it is beside more resource control policies
   */
  public prove(bucket: Bucket, document: DeployedPolicy, guarantee: Guarantee, beside: (controls: readonly Statement[]) => Guarantee = () => guarantee): Proof {
    const byPolicy = this.proveOfPolicy(bucket, document, { needsAllow: ANONYMOUS_CALLERS, ...guarantee }, beside);
    const lists = byPolicy.verdict === 'holds' && guarantee.needsAllow === undefined ? this.canListsLetInAnybody(bucket) : false;
    if (lists === false) {
      return byPolicy;
    }
    const withLists = this.proveOfPolicy(bucket, document, { needsAllow: ANONYMOUS_BESIDE_LISTS, ...guarantee }, beside);
    return withLists.verdict !== 'broken' || lists ? withLists : { verdict: 'not-decided', reason: `whether an access control list lets anonymous callers in, whom the policy does not deny: ${withLists.counterexample}` };
  }

  /** Whether access control lists of a bucket can let anonymous callers in. */
  public canListsLetInAnybody({ resource, facts: { arn, account } }: Bucket): Truth {
    return canListsLetInAnybody(resource, own(this.given.buckets, arn.split(':').at(-1)) ?? {}, own(this.given.accounts, account) ?? {});
  }

  private proveOfPolicy(bucket: Bucket, document: DeployedPolicy, guarantee: Guarantee, beside: (controls: readonly Statement[]) => Guarantee): Proof {
    const { policy, text, unknown } = document;
    if (!policy) {
      return { verdict: 'not-decided', reason: unknown ?? 'the policy cannot be read' };
    }
    const { statements, text: controls } = this.withControls(policy.statements, bucket.facts.account);
    const claim = { guarantee, facts: bucket.facts, names: this.namesBeside(bucket.facts) };
    const proof = this.unlessControlled(this.proofs.prove({ ...claim, statements, text: text + controls }), bucket.facts.account, (more) =>
      prove({ statements: [...statements, ...more] }, { needsAllow: guarantee.needsAllow, ...beside(more) }, bucket.facts));
    const doubt = proof.verdict === 'holds' ? this.doubtBeside(bucket, document, guarantee) : undefined;
    return doubt === undefined ? proof : { verdict: 'not-decided', reason: doubt };
  }

  /** Why it is not decided that a guarantee holds of which all else is proved. */
  private doubtBeside(bucket: Bucket, document: DeployedPolicy, { openTo = [], breachesByOpen, ...guarantee }: Guarantee): string | undefined {
    const { resource } = document;
    if (!isDeployedWith(bucket, resource)) {
      return `whether the policy is deployed depends on the condition '${resource.deployedUnder}'`;
    }
    const doesMatter = openTo.length > 0 && (breachesByOpen === undefined || this.proveOfPolicy(bucket, document, { ...guarantee, breaches: breachesByOpen }, () => ({ ...guarantee, breaches: breachesByOpen })).verdict !== 'holds');
    return doesMatter ? `it depends on the exemption of ${openTo.map(readable).join(' and ')}, which may turn out to be everybody's: its value is not known before deployment` : undefined;
  }

  /**
   * Proves a guarantee of a key's whole policy.
   *
   * @param names what the guarantee names that stands for one resource alone, such as the ARN of a bucket
   */
  public proveKey({ policy, text }: DeployedPolicy, guarantee: Guarantee, facts: ResourceFacts, names: readonly string[] = []): Proof {
    const { statements, text: controls } = this.withControls(policy!.statements, facts.account);
    return this.proofs.prove({ guarantee, statements, text: text + controls, facts, names, requests: keyRequests });
  }

  /** What policies name beside a bucket that belongs to it alone, or to few: the ARN of its key. */
  private namesBeside({ arn }: ResourceFacts): readonly string[] {
    const resource = this.byName.get(arn)?.resource;
    const known = this.besides.get(arn) ?? [resource && this.keyArnOf(resource)].flatMap((name) => name ?? []);
    this.besides.set(arn, known);
    return known;
  }

  /**
   * What holds a guarantee that holds: the policy of the bucket by itself, the resource control policies above it by themselves, each of both, or only both
   * together. Undefined if there are none above.
   */
  public heldBy(bucket: Bucket, { policy, text }: DeployedPolicy, guarantee: Guarantee): HeldBy | undefined {
    const { facts } = bucket;
    const controls = this.controlsOver(facts.account);
    if (controls.length === 0 || !policy) {
      return undefined;
    }
    const needsAllow = this.canListsLetInAnybody(bucket) === false ? ANONYMOUS_CALLERS : ANONYMOUS_BESIDE_LISTS;
    const allows = policy.statements.filter(({ effect }) => effect === 'Allow');
    const holds = (statements: readonly Statement[], what: string) => this.proofs.prove({ guarantee: { needsAllow, ...guarantee }, statements, text: what, facts }).verdict === 'holds';
    const [byBucket, byControls] = [holds(policy.statements, text), holds([...allows, ...controls], `allows of ${text}${this.controlTexts}`)];
    return byBucket ? (byControls ? 'each' : 'bucket-policy') : byControls ? 'resource-control-policies' : 'together';
  }

  /** The denies of resource control policies above the buckets of an account. */
  public controlsOver(account: string): readonly Statement[] {
    const controls = this.controls.get(account) ?? controlsOver(account, this.organizationPolicies, this.givenControls(account));
    this.controls.set(account, controls);
    return controls;
  }

  /** What is broken may not be if a resource control policy binds the bucket of which that is not known. */
  private unlessControlled(proof: Proof, account: string, proveWith: (controls: readonly Statement[]) => Proof): Proof {
    const reason = proof.verdict === 'broken' ? this.doubtOfControls(account, proveWith) : undefined;
    return reason === undefined ? proof : { verdict: 'not-decided', reason };
  }

  /** Why what is broken may not be: a resource control policy of which it is not known whether it binds the account would make a difference. */
  public doubtOfControls(account: string, proveWith: (controls: readonly Statement[]) => Proof): string | undefined {
    const possible = possibleControlsOver(account, this.organizationPolicies, this.givenControls(account));
    const unreadable = possible.find(({ denies }) => denies === undefined);
    return possible.length === 0 || (!unreadable && proveWith(possible.flatMap(({ denies }) => denies!)).verdict === 'broken') ? undefined : (unreadable ?? possible[0]).doubt;
  }

  private givenControls(account: string): GivenControls {
    const documents = givenControlLevels(this.given, account, 'resourceControlPolicies').flat().map(({ document }) => parsePolicy(document));
    return { ...placeOf(this.deployment, this.given.accounts, account), documents };
  }

  private get organizationPolicies(): readonly OrganizationPolicy[] {
    return this.deployment.ofType('AWS::Organizations::Policy').map((resource) => ({ resource, document: this.policyOf(resource, 'Content') }));
  }

  /** All policies of organizations, in templates and given, as JSON: which of them bind a bucket depends on its account alone. */
  private get controlTexts(): string {
    this.controlsText ??= [JSON.stringify([this.given.accounts ?? {}, this.given.organizationPolicies ?? []]), ...this.organizationPolicies.map(({ document }) => document?.text ?? '')].join('\n');
    return this.controlsText;
  }

  /** The statements of a bucket's policy, and the denies of resource control policies above the bucket: they bind it together. */
  private withControls(ofBucket: readonly Statement[], account: string): { statements: readonly Statement[]; text: string } {
    const controls = this.controlsOver(account);
    if (controls.length === 0) {
      return { statements: ofBucket, text: '' };
    }
    const together = this.together.get(ofBucket) ?? [...ofBucket, ...controls];
    this.together.set(ofBucket, together);
    return { statements: together, text: this.controlTexts };
  }

  /** The denies that bind a resource: those of its policy, and of the organization above. */
  public deniesOn(document: DeployedPolicy, { account }: ResourceFacts): readonly Statement[] {
    return [...document.policy!.statements.filter(({ effect }) => effect === 'Deny'), ...this.controlsOver(account)];
  }

  /** The same, with those that may bind it: it may be that a resource control policy does not. */
  public possibleDeniesOn(document: DeployedPolicy, facts: ResourceFacts): readonly Statement[] {
    return [...this.deniesOn(document, facts), ...this.possibleControlsOver(facts.account)];
  }

  /** The denies of resource control policies of which it is not known whether they bind the buckets of an account. */
  public possibleControlsOver(account: string): readonly Statement[] {
    return possibleControlsOver(account, this.organizationPolicies, this.givenControls(account)).flatMap(({ denies }) => denies ?? []);
  }

  /**
   * Proves a guarantee of one statement that allows something, beside the denies that bind the resource. They are looked at only where the statement
   * by itself allows too much.
   */
  public proveAllow(statement: Statement, document: DeployedPolicy, guarantee: Guarantee, facts: ResourceFacts, requests?: Requests): Proof {
    const alone = this.proveAlone(statement, document, guarantee, facts, requests);
    const denies = this.deniesOn(document, facts);
    if (alone.verdict === 'holds' || denies.length === 0) {
      return alone;
    }
    return this.proveBeside(statement, denies, document, guarantee, facts, requests);
  }

  /** Proves a guarantee of one statement beside some of the denies that bind the resource. */
  public proveBeside(statement: Statement, denies: readonly Statement[], document: DeployedPolicy, guarantee: Guarantee, facts: ResourceFacts, requests?: Requests): Proof {
    const written = denies.filter((deny) => document.policy!.statements.includes(deny));
    const text = `[${[statement, ...written].map((one) => document.textOf(one)).join()}]${written.length < denies.length ? this.controlTexts : ''}`;
    const known = this.withDenies.get(statement) ?? new Map<string, readonly Statement[]>();
    this.withDenies.set(statement, known);
    const statements = known.get(text) ?? [statement, ...denies];
    known.set(text, statements);
    return this.proofs.prove({ guarantee, statements, text, facts, names: this.namesBeside(facts), requests });
  }

  /** Proves a guarantee of one statement, as if there were no other. */
  public proveAlone(statement: Statement, document: DeployedPolicy, guarantee: Guarantee, facts: ResourceFacts, requests?: Requests): Proof {
    const statements = this.alone.get(statement) ?? [statement];
    this.alone.set(statement, statements);
    return this.proofs.prove({ guarantee, statements, text: document.textOf(statement), facts, names: this.namesBeside(facts), requests });
  }

  private findBuckets(): Bucket[] {
    const made = this.deployment.ofType(BUCKET);
    const byName = grouped(made, (resource) => resource.reference('Ref')!);
    const documents = this.deployment.ofType(BUCKET_POLICY).flatMap((resource) => this.policyOf(resource, 'PolicyDocument') ?? []);
    const policies = grouped(documents, (document) => {
      const written = nameIn(document.resource, 'Bucket');
      return byName.has(written) ? written : bucketOf(document);
    });
    const logs = logDeliveries(this.deployment, made);
    const buckets = made.map((resource): Bucket => {
      const name = resource.reference('Ref')!;
      const written = (policies.get(name) ?? []).filter((document) => !isOfAnother(document, resource, byName.get(name)!));
      const { region } = resource.stack;
      const facts = { ...factsOf(resource, resource.reference('Arn')!), ...(isSettled(region) ? { region } : {}) };
      return asBucket({ resource, facts, policies: written, key: this.keyNamed(this.keyArnOf(resource), resource.stack), logs: logs.get(resource)!, site: resource });
    });
    made.forEach((resource) => policies.delete(resource.reference('Ref')!));
    this.policiesOfUnknownBuckets = Array.from(policies).filter(([name]) => isUnknown(name)).flatMap(([, written]) => written);
    const imported = Array.from(policies).filter(([, written]) => written.length > 0).map(([name, written]): Bucket => {
      const site = written[0].resource;
      return asBucket({ facts: factsOf(site, `arn:${site.stack.partition}:s3:::${name}`), policies: written, logs: [], site });
    });
    return [...buckets, ...imported];
  }
}

/** What bucket-wise rules look at: some buckets, their keys and their policies. */
export class BucketView {
  constructor(public readonly inventory: Inventory, public readonly buckets: readonly Bucket[]) {}

  public get keys(): readonly DeployedResource[] {
    return [...new Set(this.buckets.flatMap(({ key }) => key ?? []))];
  }

  public get documents(): readonly DeployedPolicy[] {
    return [...this.buckets.flatMap(({ policies }) => policies), ...this.keys.flatMap((key) => this.inventory.policyOf(key, 'KeyPolicy') ?? [])];
  }
}

/** Policies are read only where somebody asks for what stands in them. */
function asBucket(bucket: Omit<Bucket, 'receivesLogs'>): Bucket {
  const { logs, policies, resource } = bucket;
  return { ...bucket, get receivesLogs() { return logs.length > 0 || admittedWriters(policies).length > 0 || (resource !== undefined && isMadeForLogs(resource, policies)); } };
}

/** Whether a policy is that of another bucket with the same name: stacks that both make it are alternatives, and each means its own. */
function isOfAnother({ resource: { stack } }: DeployedPolicy, bucket: DeployedResource, sameName: readonly DeployedResource[]): boolean {
  return stack !== bucket.stack && sameName.some((other) => other.stack === stack);
}

/** The name of the bucket that a policy belongs to. A policy is about its own bucket only: where the name is not known, its resources tell it. */
function bucketOf(document: DeployedPolicy): string {
  const name = nameIn(document.resource, 'Bucket');
  const arns = isUnknown(name) ? (document.policy?.statements ?? []).flatMap(({ resource }) => [...(resource?.members ?? [])].map(({ text }) => text.source)) : [];
  const names = new Set(arns.flatMap((arn) => /^arn:[^:]+:s3:::([^/*?:]+)(?:$|\/)/.exec(arn)?.[1] ?? []));
  return names.size === 1 && !names.has(name) ? [...names][0] : name;
}

/** A name in a property; a name of nothing if there is none. */
function nameIn(resource: DeployedResource, property: string): string {
  const value = resource.property(property);
  return typeof value === 'string' ? value : '';
}

/** Whether a template binds an access point to a VPC. A policy as AWS keeps it tells nothing of that. */
function networkOriginOf(accessPoint: DeployedResource): ResourceFacts['networkOrigin'] {
  const vpc = setting(accessPoint, 'VpcConfiguration');
  return vpc === UNKNOWN || accessPoint.stack.source.isDeployedPolicy ? undefined : vpc === undefined ? 'Internet' : 'VPC';
}

function factsOf({ stack }: DeployedResource, arn: string): ResourceFacts {
  return { arn, objects: `${arn}/`, account: stack.account, partition: stack.partition };
}

/** Whether a policy is surely there where its bucket is. */
export function isDeployedWith({ resource: bucket }: Bucket, policy: DeployedResource): boolean {
  const isSameCondition = bucket?.stack === policy.stack && bucket.definition.Condition === policy.definition.Condition;
  return policy.isDeployed === true || isSameCondition;
}
