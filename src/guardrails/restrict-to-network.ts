import { IResolvable, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { unusableAdministrators, unusableExemptArns } from './administrators';
import { BucketUsers } from './deployment-principals';
import { knownExempt, NetworkExemptions, repairingStack } from './exemptions/network-exemptions';
import { deliverers, exemptionOf, PerimeterExemption, SERVICES_PASS } from './exemptions/perimeter-exemption';
import { GuardedBucket } from './guarded-bucket';
import { Guardrail, TextsOf } from './guardrail';
import { problemsOf, textsAtEnd } from './known-values';
import { Control, ControlledService, ControlPolicy, denyCallers, together } from './organization-control';
import { having, listOf, OBJECT, TEXTS, TypesOf, wrongType, wrongTypes, YES_OR_NO } from '../prop-types';
import { typed } from './typed-props';
import { GuardrailProps } from './unenforceable-behavior';
import { insideNetwork } from '../guarantees/network';
import { ACCOUNT_ID, malformed, malformedPublicRange, ORGANIZATION_ID, VPC_ENDPOINT_ID, VPC_ID } from '../policy/identifiers';
import { Guarantee } from '../proof/guarantee';
import { byProp, PropRefusal, Refusal, refuseAllUnscoped, sentenceOf, underProp } from '../refusal';

/**
 * The networks from which a bucket may be used. A request from any one of them is inside.
 *
 * Guide, Sections 7.3 and 7.4.
 */
export interface NetworkPerimeter {
  /**
   * VPC endpoints for S3, gateway or interface.
   *
   * @default - none
   */
  readonly vpcEndpoints?: ec2.IVpcEndpoint[];

  /**
   * Ids of VPC endpoints for S3, such as `vpce-0abc123def4567890`.
   *
   * @default - none
   */
  readonly vpcEndpointIds?: string[];

  /**
   * Ids of organizations: requests through any VPC endpoint of their accounts, by `aws:VpceOrgID`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceorgid
   * @default - none
   */
  readonly vpcEndpointOrganizationIds?: string[];

  /**
   * Ids of accounts: requests through any of their VPC endpoints, by `aws:VpceAccount`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount
   * @default - none
   */
  readonly vpcEndpointAccounts?: string[];

  /**
   * VPCs: requests through any of their endpoints for S3. An id of a VPC is unique in its Region only: a VPC of another owner in another Region may
   * have the same. Where that matters, name endpoints, or the accounts or organizations that own them.
   *
   * @default - none
   */
  readonly vpcs?: ec2.IVpc[];

  /**
   * Ids of VPCs, such as `vpc-0abc123def4567890`. They are unique in their Region only, as said of `vpcs`.
   *
   * @default - none
   */
  readonly vpcIds?: string[];

  /**
   * Public address ranges in CIDR notation. Requests through a gateway endpoint have no public address: name the
   * endpoint or the VPC for them.
   *
   * @default - none
   */
  readonly ipRanges?: string[];

  /**
   * Whether AWS services that act with a caller's credentials (Athena, Glue and others) are inside.
   *
   * @default false
   */
  readonly viaAwsServices?: boolean;
}

const MEMBER_TYPES: TypesOf<NetworkPerimeter> = {
  vpcEndpoints: listOf('VPC endpoints', having('a VPC endpoint', 'vpcEndpointId', 'node')),
  vpcEndpointIds: TEXTS,
  vpcEndpointOrganizationIds: TEXTS,
  vpcEndpointAccounts: TEXTS,
  vpcs: listOf('VPCs', having('a VPC', 'vpcId', 'node')),
  vpcIds: TEXTS,
  ipRanges: TEXTS,
  viaAwsServices: YES_OR_NO,
};

/** Properties of `RestrictToNetwork`. */
export interface RestrictToNetworkProps extends NetworkPerimeter, GuardrailProps {
  /**
   * Roles and users that the guardrail never locks out (break-glass), from wherever they call.
   *
   * @default - none beside the roles that the stack itself works with
   */
  readonly administrators?: iam.IPrincipal[];
}

/**
 * Denies every request from outside the network perimeter.
 *
 * Never locked out: AWS services; the service-linked roles of the bucket's account; the stack's CloudFormation execution role; the roles of replication,
 * of `autoDeleteObjects`, of event notifications, of `BucketDeployment` and of other custom resources that use the bucket; the roles of the app with
 * which Firehose, CodePipeline, Backup, DataSync, Transfer Family, Glue and GuardDuty malware protection use it; the administrators.
 *
 * In a `ResourceControlPolicy` or `ServiceControlPolicy` it is expressed by `vpcEndpointOrganizationIds`, `vpcEndpointAccounts` and `ipRanges`, for S3 and KMS; whom it
 * spares is said by the policy's `exemptRoleNames` and tags. Endpoints and VPCs by their ids, and `administrators`, are refused there.
 *
 * Guide, Sections 7.3 and 7.4. Sid: `DenyOutsideVpce`, or `DenyOutsideNetwork` if the perimeter is more than endpoints.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
 */
export class RestrictToNetwork extends Guardrail {
  public readonly name = 'RestrictToNetwork';
  public readonly requirement: string;
  private readonly perimeter: RestrictToNetworkProps;
  private readonly members: Members;
  private readonly exemptions: NetworkExemptions;

  /** @throws UnscopedValidationError if an id or a range is malformed, an administrator is no role or user, or the perimeter has no members */
  constructor(props: RestrictToNetworkProps) {
    super(typed('RestrictToNetwork', props, MEMBER_TYPES));
    refuseAllUnscoped('UnusableNetworkPerimeter', this.name, [...byProp(unusableNetworkPerimeter(props)), ...underProp('administrators', unusableAdministrators(props.administrators))]);
    this.perimeter = props;
    this.members = membersOf(props);
    this.exemptions = new NetworkExemptions(props.administrators);
    this.requirement = `Requests come from ${Object.values(this.members).flat().join(' or ')}.`;
  }

  /** @internal */
  public _obstacle(bucket: GuardedBucket): Refusal | undefined {
    return unrepairable(bucket, this.perimeter.administrators) ?? this.exemptions.lockedOut(bucket, BucketUsers.now(bucket.stack));
  }

  /** @internal */
  public _statements(bucket: GuardedBucket): iam.PolicyStatementProps[] {
    return [{
      actions: ['s3:*'],
      resources: [bucket.bucketArn, bucket.objectsArn],
      sid: Object.keys(this.members).every((key) => key === 'aws:SourceVpce') ? 'DenyOutsideVpce' : 'DenyOutsideNetwork',
      conditions: {
        ...outside(this.members, () => bucket.deliveringAccounts),
        ArnNotLike: { 'aws:PrincipalArn': this.exemptions.onceComplete(bucket) },
        BoolIfExists: { // an anonymous request carries neither key, and is outside
          'aws:PrincipalIsAWSService': 'false',
          ...(this.perimeter.viaAwsServices ? { 'aws:ViaAWSService': 'false' } : {}),
        },
      },
    }];
  }

  /** @internal */
  public _controls(policy: ControlPolicy): Control[] | Refusal {
    const { 'aws:SourceIp': ipRanges, ...endpoints } = this.members;
    const others = policy.services.filter((service) => service !== ControlledService.S3 && service !== ControlledService.KMS);
    const byId = ['aws:SourceVpce', 'aws:SourceVpc'].some((key) => key in endpoints);
    const problem = (byId && 'endpoints and VPCs are named by their ids, which an organization has too many of, and of which other owners may have the same.')
      || ((this.perimeter.administrators ?? []).length > 0 && "'administrators' are roles and users of one account.")
      || (others.length > 0 && `it can be held for S3 and KMS, and not for ${others.join(' and ')}.`);
    if (problem) {
      return { problem, remedy: "Use 'vpcEndpointOrganizationIds', 'vpcEndpointAccounts' and 'ipRanges', 'exemptRoleNames' of the policy, and S3 and KMS as 'services'." };
    }
    const accounts = policy.loadBalancerAccounts;
    const outsideMembers = { ...endpoints, ...(accounts.length > 0 ? { 'aws:PrincipalAccount': accounts } : {}) };
    return denyCallers(policy, 'DenyOutsideNetwork', together(
      Object.keys(outsideMembers).length > 0 ? { StringNotEquals: outsideMembers } : {},
      ipRanges ? { NotIpAddress: { 'aws:SourceIp': ipRanges } } : {},
      policy.kind === 'resource' ? { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } : {},
      this.perimeter.viaAwsServices ? { BoolIfExists: { 'aws:ViaAWSService': 'false' } } : {},
    )).map((control) => ({ ...control, isOfNetwork: true }));
  }

  /** @internal */
  public _guarantees(bucket: GuardedBucket, textsOf: TextsOf): Guarantee[] {
    const members = Object.fromEntries(Object.entries(this.members).map(([key, values]) => [key.toLowerCase(), textsOf(values)]));
    return [insideNetwork(members, textsOf(this.exemptions.of(bucket).map(({ arn }) => arn)), this.perimeter.viaAwsServices ?? false, bucket.deliveringAccounts)];
  }

  /** @internal */
  public _exemptions(bucket: GuardedBucket): PerimeterExemption[] {
    return [SERVICES_PASS, ...this.exemptions.of(bucket), ...deliverers(bucket.deliveringAccounts)].map((exempt) => exemptionOf(this.name, exempt));
  }

  /** @internal */
  public _problems(bucket: GuardedBucket): string[] {
    this.exemptions.warn(bucket);
    const lockedOut = this.exemptions.lockedOut(bucket, BucketUsers.around.whenValidated(bucket.stack)());
    return [
      ...(lockedOut ? [lockedOut] : []),
      ...underProp(this.name, unusableNetworkPerimeter(perimeterAtEnd(this.perimeter, bucket.stack))),
      ...underProp(`${this.name}.administrators`, unusableAdministrators(this.perimeter.administrators, bucket.stack)),
      ...unusableExemptArns('exempt principal', bucket.exempted.map(({ arn }) => arn), bucket.stack),
    ].map((problem) => sentenceOf(bucket.site.node.path, problem));
  }
}

/** The same of a bucket. One of another account or Region is repaired by its owner there. */
function unrepairable(bucket: GuardedBucket, administrators?: iam.IPrincipal[]): Refusal | undefined {
  const stack = repairingStack(bucket);
  return stack ? networkLockout(stack, administrators) : knownExempt(stack, administrators).length > 0 ? undefined : {
    problem: 'the bucket is in another account or Region, so a network perimeter would lock out its owner, who alone could repair it.',
    remedy: "Name the role with which its owner deploys its policy in 'administrators'.",
  };
}

/** Says why nobody could repair a policy with a network perimeter; nothing if somebody could. */
export function networkLockout(stack: Stack, administrators?: iam.IPrincipal[]): Refusal | undefined {
  return knownExempt(stack, administrators).length > 0 ? undefined : {
    problem: "a network perimeter would lock out everybody who could repair it: the stack's synthesizer names no CloudFormation execution role.",
    remedy: "Name at least one role in 'administrators', or use the DefaultStackSynthesizer.",
  };
}

/** Says what is wrong with a network perimeter; nothing if it can be enforced. */
export function unusableNetworkPerimeter(perimeter: NetworkPerimeter): PropRefusal[] {
  const wrong = [...wrongType(perimeter, OBJECT), ...wrongTypes(perimeter ?? {}, MEMBER_TYPES)];
  if (wrong.length > 0) {
    return wrong;
  }
  const { vpcEndpoints = [], vpcEndpointIds = [], vpcEndpointOrganizationIds = [], vpcEndpointAccounts = [], vpcs = [], vpcIds = [], ipRanges = [] } = perimeter;
  if ([vpcEndpoints, vpcEndpointIds, vpcEndpointOrganizationIds, vpcEndpointAccounts, vpcs, vpcIds, ipRanges].every((members) => members.length === 0)) {
    return [{ problem: 'the network perimeter has no members, so it would deny everyone.', remedy: 'Name a VPC endpoint, a VPC or an address range, or leave the perimeter out.' }];
  }
  const ofProp = (prop: string, problems: string[]) => problems.map((problem) => ({ prop, problem, remedy: "Correct it, or name the network by 'vpcEndpointIds' or 'vpcIds'." }));
  const mixed = [['vpcEndpointIds', vpcEndpointIds, vpcEndpoints], ['vpcIds', vpcIds, vpcs]] as const;
  return [
    ...mixed.filter(([, ids, members]) => Token.isUnresolved(ids) && members.length > 0).map(([prop]) => ({
      prop, problem: 'the list is known only later, and nothing can be added to it.', remedy: 'Write the list out; its elements may be tokens.',
    })),
    ...ofProp('vpcEndpoints', vpcEndpoints.flatMap((endpoint) => notForS3(endpoint) ?? [])),
    ...ofProp('vpcEndpointIds', problemsOf(vpcEndpointIds, (id) => malformed(id, VPC_ENDPOINT_ID))),
    ...ofProp('vpcEndpointOrganizationIds', problemsOf(vpcEndpointOrganizationIds, (id) => malformed(id, ORGANIZATION_ID))),
    ...ofProp('vpcEndpointAccounts', problemsOf(vpcEndpointAccounts, (id) => malformed(id, ACCOUNT_ID))),
    ...ofProp('vpcIds', problemsOf(vpcIds, (id) => malformed(id, VPC_ID))),
    ...ofProp('ipRanges', problemsOf(ipRanges, malformedPublicRange)),
  ];
}

/** Why no request to S3 comes through an endpoint. The name of its service ends with that of the service, and begins with a Region. */
function notForS3({ node: { path, defaultChild } }: ec2.IVpcEndpoint): string | undefined {
  const { serviceName, stack } = (defaultChild ?? {}) as Partial<ec2.CfnVPCEndpoint>;
  const name = [stack?.resolve(serviceName)].map((written) => written?.['Fn::Join']?.[1].at(-1) ?? written)[0];
  return typeof name !== 'string' || !/\.[\w.-]+$/.test(name) || /\.s3(?:-global\.accesspoint)?$/.test(name) ? undefined
    : `'${path}' is an endpoint for '${name.replace(/^\./, '')}': no request to S3 comes through it.`;
}

/** A perimeter whose lazy values are there. */
function perimeterAtEnd({ vpcEndpointIds, vpcEndpointOrganizationIds, vpcEndpointAccounts, vpcIds, ipRanges, ...others }: NetworkPerimeter, stack: Stack): NetworkPerimeter {
  return {
    ...others,
    vpcEndpointIds: textsAtEnd(vpcEndpointIds, stack),
    vpcEndpointOrganizationIds: textsAtEnd(vpcEndpointOrganizationIds, stack),
    vpcEndpointAccounts: textsAtEnd(vpcEndpointAccounts, stack),
    vpcIds: textsAtEnd(vpcIds, stack),
    ipRanges: textsAtEnd(ipRanges, stack),
  };
}

/** Condition key to the values that are inside. */
type Members = Record<string, string[]>;

function membersOf(perimeter: NetworkPerimeter): Members {
  const { vpcEndpoints = [], vpcEndpointIds = [], vpcEndpointOrganizationIds = [], vpcEndpointAccounts = [], vpcs = [], vpcIds = [], ipRanges = [] } = perimeter;
  const members: Members = {
    'aws:SourceVpce': [...vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId), ...vpcEndpointIds],
    'aws:VpceOrgID': vpcEndpointOrganizationIds,
    'aws:VpceAccount': vpcEndpointAccounts,
    'aws:SourceVpc': [...vpcs.map(({ vpcId }) => vpcId), ...vpcIds],
    'aws:SourceIp': ipRanges,
  };
  return Object.fromEntries(Object.entries(members).filter(([, values]) => values.length > 0));
}

/**
 * Alternatives of one requirement: a request is outside if it comes from none of them. An absent key is outside too.
 *
 * @param accounts the accounts of AWS that deliver logs from networks of their own, once the policy is complete
 */
function outside({ 'aws:SourceIp': ipRanges, ...endpoints }: Members, accounts: () => string[]): Record<string, Members | IResolvable> {
  const others = () => (accounts().length > 0 ? { ...endpoints, 'aws:PrincipalAccount': accounts() } : undefined);
  return {
    StringNotEquals: Lazy.any({ produce: () => others() ?? (Object.keys(endpoints).length > 0 ? endpoints : undefined) }),
    ...(ipRanges ? { NotIpAddress: { 'aws:SourceIp': ipRanges } } : {}),
  };
}
