import { CfnResource, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { DELIVERY_SET_UPS, deliveryOf, DeliverySetUp, ServiceDelivery } from '../../aws/services';
import { BucketNames, resolvedNames } from '../../guardrails/bucket-names';
import { deployedResource, hasOverrides } from '../../guardrails/deployed-resource';
import { OncePerPhase } from '../../guardrails/once-per-synthesis';
import { canonical } from '../../guardrails/template-values';
import { unknownText } from '../../policy/unknown-text';

/** A delivery to a bucket of the app that a resource of the app sets up. */
export interface SetUpDeliveryHere {
  readonly row: ServiceDelivery;
  readonly resource: CfnResource;
  readonly bucket: s3.CfnBucket;

  /** The beginning of the keys; parts of it may not be known. */
  readonly prefix: string;

  /** The name in the ARN of the source, where the resource tells it; parts of it may not be known. */
  readonly name?: string;

  /** The name of the receipt rule set of the source; parts of it may not be known. */
  readonly ruleSet?: string;

  /** Whether the delivery is for an organization, whose id stands in the keys. */
  readonly isOfOrganization?: boolean;

  /** Whether the source is another resource, which may stand in another Region. */
  readonly isFromAnywhere?: boolean;

  /** What is not made before the policy of the bucket, where that is another resource: the destination of a delivery, which needs its destination. */
  readonly waiting?: CfnResource;

  /** The properties of the resource, as its template has them. */
  readonly properties: any;
}

/** Resources of an app that have AWS services deliver to its buckets. */
export class SetUpDeliveries {
  /** Those of the app around a construct: one look at it for all of its buckets. */
  public static readonly around = new OncePerPhase((root) => new SetUpDeliveries(root));

  private readonly all: readonly SetUpDeliveryHere[];
  private readonly resources: readonly CfnResource[];
  private readonly deliveriesOfLogs: readonly { readonly resource: CfnResource; readonly properties: any; readonly to: string }[];

  private constructor(root: IConstruct) {
    const constructs = root.node.findAll();
    this.resources = constructs.filter(CfnResource.isCfnResource);
    const names = new BucketNames(constructs);
    this.deliveriesOfLogs = this.resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Logs::Delivery').map((resource) => {
      const properties = deployedResource(resource).Properties;
      return { resource, properties, to: canonical(properties.DeliveryDestinationArn) };
    });
    this.all = this.resources.flatMap((resource) => (SET_UPS.get(resource.cfnResourceType) ?? []).flatMap((setUp) => deliveriesOf(resource, setUp, names)))
      .flatMap((delivery) => this.ofItsSources(delivery));
  }

  /** A delivery destination says where logs go, the deliveries beside it from which source: one that no delivery of its template names may be anybody's. */
  private ofItsSources(delivery: SetUpDeliveryHere): SetUpDeliveryHere[] {
    const { resource: { cfnResourceType, stack, logicalId } } = delivery;
    const destination = canonical({ 'Fn::GetAtt': [stack.resolve(logicalId), 'Arn'] });
    const deliveries = cfnResourceType !== 'AWS::Logs::DeliveryDestination' ? [] : this.deliveriesOfLogs.filter(({ resource, to }) => resource.stack === stack && to === destination);
    return deliveries.length === 0 ? [delivery] : deliveries.map(({ resource, properties }) => ({
      ...delivery, resource, waiting: delivery.resource, properties, name: textOf(this.nameOfSource(properties.DeliverySourceName, resource)), isFromAnywhere: false,
    }));
  }

  /** A reference to a delivery source is its name. */
  private nameOfSource(name: any, { stack }: CfnResource): unknown {
    const source = this.resources.find((one) => one.cfnResourceType === 'AWS::Logs::DeliverySource' && one.stack === stack && name?.Ref === stack.resolve(one.logicalId));
    return source ? deployedResource(source).Properties.Name : name;
  }

  /** Those to a bucket, of other resources than itself. */
  public to(bucket: s3.CfnBucket): SetUpDeliveryHere[] {
    return this.all.filter((delivery) => delivery.bucket === bucket && delivery.resource !== bucket);
  }

  /** The roles that recorders of AWS Config have, as templates write them. */
  public get recorderRoles(): string[] {
    return this.resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Config::ConfigurationRecorder').map((recorder) => JSON.stringify(deployedResource(recorder).Properties.RoleARN ?? ''));
  }
}

const SET_UPS: ReadonlyMap<string, readonly DeliverySetUp[]> = new Map(DELIVERY_SET_UPS.map((setUp) => [setUp.type, [setUp]]));

/** Most buckets have nothing delivered by themselves: they are not read. */
function deliversNothing(resource: CfnResource): boolean {
  if (!(resource instanceof s3.CfnBucket) || hasOverrides(resource)) {
    return false;
  }
  const settings = [resource.inventoryConfigurations, resource.analyticsConfigurations].map((value) => resource.stack.resolve(value));
  return settings.every((value) => value === undefined || (Array.isArray(value) && value.length === 0));
}

function deliveriesOf(resource: CfnResource, { deliveries }: DeliverySetUp, names: BucketNames): SetUpDeliveryHere[] {
  if (deliversNothing(resource)) {
    return [];
  }
  const properties = deployedResource(resource, resolvedNames).Properties;
  return deliveries(properties).flatMap(({ row, bucket: place, prefix, names: [name] = [], isNameDrawn, ruleSet, ...source }) => {
    const found = place === undefined ? undefined : names.locate(place, resource);
    const beginning = textOf(prefix) ?? found?.prefix ?? '';
    const called = isNameDrawn ? drawnName(resource) : textOf(name);
    return found ? [{ ...source, row: deliveryOf(row), resource, bucket: found.bucket, prefix: beginning, name: called, ruleSet: textOf(ruleSet), properties }] : [];
  });
}

/**
 * The name that CloudFormation draws for a resource: that of the stack stands before it, which may be shortened.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function drawnName({ stack, node }: CfnResource): string {
  return `${Token.isUnresolved(stack.stackName) ? '' : stack.stackName.slice(0, LEFT_OF_STACK_NAME)}${unknownText(`name of ${node.path}`)}`;
}

const LEFT_OF_STACK_NAME = 8; // characters at least

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || value === undefined ? value : unknownText(JSON.stringify(value));
}
