import { Proofs } from './proofs';
import { setting, UNKNOWN } from './settings';
import { DeployedResource, Deployment } from '../access/deployment';
import { parsePolicy, Policy, PolicySyntaxError, Statement } from '../policy/document';
import { Guarantee, Proof } from '../policy/prove';
import { bucketRequests } from '../policy/space/bucket-requests';
import { Choice, ResourceFacts } from '../policy/space/facet';
import { isUnknown } from '../policy/unknown-text';

/** A policy document of a deployment. */
export interface DeployedPolicy {
  readonly resource: DeployedResource;

  /** Where in the resource the document stands. */
  readonly property: string;
  readonly policy?: Policy;

  /** The document as JSON, once its values are known. */
  readonly text: string;

  /** Why there is no policy: IAM would refuse the document. */
  readonly refusal?: PolicySyntaxError;

  /** Why there is no policy: parts of the document are not known. */
  readonly unknown?: string;
}

/** A bucket with what the deployment says about it. A bucket that is not in the deployment has policies only. */
export interface Bucket {
  readonly facts: ResourceFacts;
  readonly resource?: DeployedResource;
  readonly policies: readonly DeployedPolicy[];

  /** Whether server access logs of some bucket go there. */
  readonly receivesLogs: boolean;

  /** What findings about the bucket's policy are reported on. */
  readonly site: DeployedResource;
}

const BUCKET = 'AWS::S3::Bucket';
const BUCKET_POLICY = 'AWS::S3::BucketPolicy';
const POLICY_PROPERTIES: readonly (readonly [type: string, property: string])[] = [
  [BUCKET_POLICY, 'PolicyDocument'],
  ['AWS::S3::AccessPoint', 'Policy'],
  ['AWS::S3::MultiRegionAccessPointPolicy', 'Policy'],
  ['AWS::KMS::Key', 'KeyPolicy'],
  ['AWS::EC2::VPCEndpoint', 'PolicyDocument'],
  ['AWS::IAM::Policy', 'PolicyDocument'],
  ['AWS::IAM::ManagedPolicy', 'PolicyDocument'],
  ['AWS::IAM::RolePolicy', 'PolicyDocument'],
  ['AWS::IAM::UserPolicy', 'PolicyDocument'],
];

/** What rules look at: buckets with their policies, keys, and proofs that several rules need. */
export class Inventory {
  public readonly buckets: readonly Bucket[];
  private readonly policies = new Map<DeployedResource, Map<string, DeployedPolicy>>();
  private readonly proofs = new Proofs();
  private readonly statementTexts = new Map<DeployedPolicy, readonly string[]>();

  constructor(public readonly deployment: Deployment) {
    this.buckets = this.findBuckets();
  }

  /** The policy document in a property of a resource; undefined if there is none. */
  public policyOf(resource: DeployedResource, property: string): DeployedPolicy | undefined {
    const known = this.policies.get(resource) ?? new Map<string, DeployedPolicy>();
    this.policies.set(resource, known);
    if (!known.has(property)) {
      const document = resource.property(property);
      if (document === undefined) {
        return undefined;
      }
      known.set(property, { resource, property, ...readPolicy(document) });
    }
    return known.get(property);
  }

  /** The bucket with a name or an ARN. */
  public bucketNamed(nameOrArn: unknown): Bucket | undefined {
    return typeof nameOrArn === 'string' ? this.buckets.find(({ facts }) => facts.arn === nameOrArn || facts.arn === `arn:${facts.partition}:s3:::${nameOrArn}`) : undefined;
  }

  /** The key of this deployment behind a key id, ARN or alias. */
  public keyNamed(id: unknown): DeployedResource | undefined {
    if (typeof id !== 'string') {
      return undefined;
    }
    const name = id.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:(?:key\/)?/, '');
    const alias = this.deployment.ofType('AWS::KMS::Alias').find((candidate) => candidate.property('AliasName') === name);
    const wanted = alias ? [alias.property('TargetKeyId')] : [id, name];
    return this.deployment.ofType('AWS::KMS::Key').find((key) => wanted.includes(key.reference('Arn')) || wanted.includes(key.reference('Ref')));
  }

  /** The key that a bucket encrypts with, as its ARN where that is known; `UNKNOWN`, or undefined if it has no customer managed key. */
  public keyArnOf(bucket: DeployedResource): string | typeof UNKNOWN | undefined {
    const id = setting(bucket, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID');
    return this.keyNamed(id)?.reference('Arn') ?? id;
  }

  /** The keys of this deployment that buckets encrypt with. */
  public get bucketKeys(): readonly DeployedResource[] {
    const keys = this.buckets.flatMap(({ resource }) => (resource ? this.keyNamed(this.keyArnOf(resource)) ?? [] : []));
    return [...new Set(keys)];
  }

  /** All policy documents about S3 and its keys, of resources and of identities. */
  public get documents(): readonly DeployedPolicy[] {
    return POLICY_PROPERTIES.flatMap(([type, property]) => this.deployment.ofType(type).flatMap((resource) => this.policyOf(resource, property) ?? []))
      .concat(this.deployment.ofType('AWS::IAM::Role').flatMap((role) => this.inlinePolicies(role)));
  }

  /** The policies that stand in a role itself. */
  public inlinePolicies(role: DeployedResource): DeployedPolicy[] {
    const policies = role.property('Policies');
    return Array.isArray(policies) ? policies.map((policy, i) => ({ resource: role, property: `Policies[${i}]`, ...readPolicy(policy?.PolicyDocument) })) : [];
  }

  /** Proves a guarantee of a bucket's whole policy. Anonymous callers can do only what the policy itself allows. */
  public prove(bucket: Bucket, { policy, text, unknown }: DeployedPolicy, guarantee: Guarantee): Proof {
    if (!policy) {
      return { verdict: 'not-decided', reason: unknown ?? 'the policy cannot be read' };
    }
    const keyArn = bucket.resource && this.keyArnOf(bucket.resource);
    const names = typeof keyArn === 'string' ? [keyArn] : [];
    return this.proofs.prove({ guarantee: { needsAllow: isAnonymous, ...guarantee }, statements: policy.statements, text, facts: bucket.facts, names });
  }

  /** Proves a guarantee of one statement, as if there were no other. */
  public proveAlone(statement: Statement, document: DeployedPolicy, guarantee: Guarantee, facts: ResourceFacts, requests?: typeof bucketRequests): Proof {
    return this.proofs.prove({ guarantee, statements: [statement], text: this.statementText(document, statement), facts, requests });
  }

  private statementText(document: DeployedPolicy, statement: Statement): string {
    const texts = this.statementTexts.get(document) ?? [JSON.parse(document.text).Statement].flat().map((json) => JSON.stringify(json));
    this.statementTexts.set(document, texts);
    return texts[document.policy!.statements.indexOf(statement)];
  }

  private findBuckets(): Bucket[] {
    const policies = this.deployment.ofType(BUCKET_POLICY).flatMap((resource) => this.policyOf(resource, 'PolicyDocument') ?? []);
    const logTargets = new Set(this.deployment.ofType(BUCKET).map((bucket) => setting(bucket, 'LoggingConfiguration', 'DestinationBucketName')));
    const made = this.deployment.ofType(BUCKET).map((resource): Bucket => {
      const name = resource.reference('Ref')!;
      return {
        resource,
        facts: bucketFacts(resource, resource.reference('Arn')!),
        policies: policies.filter((policy) => policy.resource.property('Bucket') === name),
        receivesLogs: logTargets.has(name),
        site: resource,
      };
    });
    const names = new Set(made.map(({ resource }) => resource!.reference('Ref')));
    const imported = new Map<string, DeployedPolicy[]>();
    for (const policy of policies.filter(({ resource }) => !names.has(resource.property('Bucket')))) {
      const name = String(policy.resource.property('Bucket'));
      imported.set(name, [...(imported.get(name) ?? []), policy]);
    }
    return [...made, ...Array.from(imported, ([name, written]): Bucket => {
      const site = written[0].resource;
      return { facts: bucketFacts(site, `arn:${site.stack.partition}:s3:::${name}`), policies: written, receivesLogs: false, site };
    })];
  }
}

function bucketFacts({ stack }: DeployedResource, arn: string): ResourceFacts {
  return { arn, objects: `${arn}/`, account: stack.account, partition: stack.partition };
}

function isAnonymous({ kind }: Choice): boolean {
  return kind === 'anonymous';
}

function readPolicy(document: unknown): Omit<DeployedPolicy, 'resource' | 'property'> {
  const text = JSON.stringify(document) ?? '';
  try {
    return { text, policy: parsePolicy(typeof document === 'string' && !isUnknown(document) ? JSON.parse(document) : document) };
  } catch (error) {
    if (isUnknown(text)) {
      return { text, unknown: `a part of the policy document is not known before deployment (${(error as Error).message})` };
    }
    return { text, refusal: error instanceof PolicySyntaxError ? error : new PolicySyntaxError('', (error as Error).message) };
  }
}
