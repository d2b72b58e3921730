import { AccessAssumptions } from './assumptions';
import { AccountJson, AssumptionsJson, EndpointJson } from './assumptions-format';
import { bucketFacts, BucketFacts } from './bucket-facts';
import { isMultiRegion } from './in-each-region';
import { Inventory } from './inventory';
import { multiRegionFacts } from './multi-region-facts';
import { GivenPolicy, SourcedPolicy } from './sourced-policy';
import { own } from '../own';
import { isUnknown, unknownText } from '../policy/unknown-text';
import { DeployedResource, Deployment } from '../template/deployment';
import { deploymentAsNamed, deploymentOf, provable } from '../template/deployment-of';
import { Choice, templatesIn } from '../template/possibilities';
import { setting, UNKNOWN } from '../template/settings';
import { StackTemplate } from '../template/template';
import { WrongInputError } from '../template/wrong-input';

const NAMED_TYPES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::S3::Bucket', 'AWS::S3::AccessPoint', 'AWS::S3::MultiRegionAccessPoint', 'AWS::EC2::VPCEndpoint'];

/** An access point, as far as it is known. */
export interface AccessPointFacts {
  readonly arn: string;
  readonly account: string;
  readonly bucketName?: string;

  /** The buckets of a multi-Region access point, one a Region; undefined if one of them is not known, or it is an access point of one bucket. */
  readonly bucketNames?: readonly string[];

  /** `undefined`: there is none. */
  readonly policy?: SourcedPolicy;

  /** The VPC from which alone it is reached. */
  readonly vpc?: string;
  readonly resource?: DeployedResource;

  /** Whether its policy, and the lack of one, is known. */
  readonly isKnown: boolean;
}

const AROUND = new WeakMap<Inventory, Model>();

/** Everything that decisions look at: the templates, and what is given of the world around them. */
export class Model {
  /** The model of what rules look at: beside the templates, nothing is given but accounts and buckets. */
  public static around(inventory: Inventory): Model {
    const { deployment, given } = inventory;
    const known = AROUND.get(inventory) ?? new Model(deployment.stacks.map(({ source }) => source), AccessAssumptions.fromJson(given), () => deployment, inventory);
    AROUND.set(inventory, known);
    return known;
  }

  public readonly deployment: Deployment;
  public readonly inventory: Inventory;
  public readonly given: AssumptionsJson;
  public readonly file?: string;
  private readonly identities = new Map<string, DeployedResource>();
  private readonly buckets = new Map<string, BucketFacts>();
  private readonly givenPolicies = new Map<string, GivenPolicy>();

  private readonly others = new Map<string, Model>();
  private ofProofs?: Model;

  /**
   * @param make reads the templates as one deployment
   * @param inventory of that deployment, where there is one already
   */
  constructor(
    templates: readonly StackTemplate[],
    private readonly assumptions: AccessAssumptions,
    make: (templates: readonly StackTemplate[], policies: unknown) => Deployment = deploymentOf,
    inventory?: Inventory,
  ) {
    this.given = assumptions._json;
    this.file = assumptions._file;
    const twice = templates.find(({ name }, i) => templates.findIndex((other) => other.name === name) !== i);
    if (twice) {
      throw new WrongInputError(`There are two stacks with the name '${twice.name}'.`);
    }
    this.deployment = make(templates.map((template) => withEnvironment(template, this.given)), this.given);
    this.inventory = inventory ?? new Inventory(this.deployment, this.given);
    for (const resource of [...this.deployment.ofType('AWS::IAM::Role'), ...this.deployment.ofType('AWS::IAM::User')]) {
      this.identities.set(resource.reference('Arn')!, resource);
    }
  }

  /** The same, if values that are not known turn out in one way. */
  public with(choices: readonly Choice[]): Model {
    const key = JSON.stringify(choices.map(({ givenBy, what, value }) => [givenBy, what, value]));
    const known = this.others.get(key) ?? new Model(templatesIn(this.deployment, choices), this.assumptions, deploymentAsNamed);
    this.others.set(key, known);
    return known;
  }

  /** The same for proofs: ids that AWS draws are not known. */
  public get provable(): Model {
    this.ofProofs ??= new Model(this.deployment.stacks.map(({ source }) => source), this.assumptions, (templates) => provable(deploymentAsNamed(templates)));
    return this.ofProofs;
  }

  /** The resources that a construct path, a logical id or a physical name stands for. */
  public find(name: string): { resource: DeployedResource; identifier: string }[] {
    const nameable = NAMED_TYPES.flatMap((type) => this.deployment.ofType(type)).map((resource) => ({ resource, identifier: identifierOf(resource) }));
    return nameable.filter(({ resource, identifier }) =>
      [resource.path, resource.path.replace(/\/Resource$/, ''), resource.logicalId, `${resource.stack.name}/${resource.logicalId}`, resource.reference('Ref'), identifier].includes(name));
  }

  /** The role or user of the templates that has an ARN. */
  public identity(arn: string): DeployedResource | undefined {
    return this.identities.get(arn);
  }

  /** The ARN, with its path, of the role that has a name in an account. */
  public roleNamed(account: string, name: string): string | undefined {
    const arns = [...this.identities.keys(), ...Object.keys(this.given.principals ?? {})].filter((arn) => arn.includes(`:iam::${account}:role/`) && arn.endsWith(`/${name}`));
    return arns.length === 1 ? arns[0] : undefined;
  }

  public account(id: string | undefined): AccountJson {
    return own(this.given.accounts, id) ?? {};
  }

  public endpoint(id: string): { resource?: DeployedResource; given?: EndpointJson } {
    return { resource: this.deployment.ofType('AWS::EC2::VPCEndpoint').find((endpoint) => endpoint.reference('Ref') === id), given: own(this.given.endpoints, id) };
  }

  public bucket(name: string): BucketFacts {
    const known = this.buckets.get(name) ?? bucketFacts(this, name);
    this.buckets.set(name, known);
    return known;
  }

  public accessPoint(arn: string): AccessPointFacts {
    return isMultiRegion(arn) ? multiRegionFacts(this, arn) : this.accessPointOfOneBucket(arn);
  }

  private accessPointOfOneBucket(arn: string): AccessPointFacts {
    const resource = this.deployment.ofType('AWS::S3::AccessPoint').find((accessPoint) => accessPoint.reference('Arn') === arn);
    const given = own(this.given.accessPoints, arn) ?? {};
    const document = given.policy ? this.givenPolicy(given.policy, `accessPoints.${arn}.policy`) : undefined;
    const written = resource && setting(resource, 'VpcConfiguration', 'VpcId');
    const vpc = written === UNKNOWN ? unknownText('VpcConfiguration') : written ?? given.vpc;
    const bucketName = resource?.property('Bucket') ?? given.bucket;
    return {
      arn,
      account: arn.split(':')[4],
      bucketName: typeof bucketName === 'string' && !isUnknown(bucketName) ? bucketName : undefined,
      policy: resource ? this.inventory.policyOf(resource, 'Policy') ?? document : document,
      vpc: typeof vpc === 'string' ? vpc : undefined,
      resource,
      isKnown: resource !== undefined || given.policy !== undefined,
    };
  }

  /** A policy of the assumptions; it is read once. */
  public givenPolicy(document: unknown, path: string): GivenPolicy {
    const known = this.givenPolicies.get(path) ?? new GivenPolicy(document, path, this.file);
    this.givenPolicies.set(path, known);
    return known;
  }
}

function withEnvironment(template: StackTemplate, { environment, parameters, physicalIds }: AssumptionsJson): StackTemplate {
  const { account = environment?.account, region = environment?.region } = template;
  return {
    ...template,
    account,
    region,
    parameters: { ...template.parameters, ...own(parameters, template.name) },
    physicalIds: { ...template.physicalIds, ...own(physicalIds, template.name) },
  };
}

function identifierOf(resource: DeployedResource): string {
  return resource.reference(resource.type === 'AWS::EC2::VPCEndpoint' ? 'Ref' : 'Arn') ?? '';
}
