import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { guardEndpoint } from './opened-endpoint';
import { ENDPOINT_PROPS, endpointStatements, refuseOpening, S3EndpointPolicyProps, warnOfUnknownBuckets } from './s3-endpoint-policy';
import { having, listOf, notEmpty, OBJECT, refuseWrongProps, required, TypesOf, YES_OR_NO } from '../prop-types';
import { ISharedMultiRegionAccessPoint, MULTI_REGION_ACCESS_POINT } from '../sharing/multi-region-access-point';

/**
 * Properties of `S3InterfaceEndpoint`.
 */
export interface S3InterfaceEndpointProps extends S3EndpointPolicyProps {
  /**
   * Multi-Region access points that can be used, and the buckets behind them as far as they are known.
   *
   * With any, the endpoint is one for multi-Region access points (`com.amazonaws.s3-global.accesspoint`): it leads to these, to those of
   * `organizationIds`, and to nothing else. Requests to buckets and to other access points need another endpoint.
   *
   * @default - none: the endpoint is one for S3 in the Region
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointsPrivateLink.html
   */
  readonly multiRegionAccessPoints?: ISharedMultiRegionAccessPoint[];

  /** The VPC which gets the endpoint. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets with the endpoint's network interfaces, at most one an Availability Zone.
   *
   * @default - private subnets
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Security groups of the network interfaces.
   *
   * @default - one that is made for the endpoint, and lets HTTPS in from the VPC
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Whether the ordinary names of S3 lead to the endpoint, in the VPC and from networks on premises alike; those of multi-Region access points,
   * in the VPC.
   *
   * @default - false; true with `multiRegionAccessPoints`, as EC2 itself has it
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
   */
  readonly privateDnsEnabled?: boolean;
}

const TYPES: TypesOf<S3InterfaceEndpointProps> = {
  ...ENDPOINT_PROPS,
  multiRegionAccessPoints: notEmpty(listOf('multi-Region access points', MULTI_REGION_ACCESS_POINT)),
  vpc: required(having('a VPC', 'vpcId', 'node')),
  subnets: OBJECT,
  securityGroups: notEmpty(listOf('security groups', having('a security group', 'securityGroupId', 'node'))),
  privateDnsEnabled: YES_OR_NO,
};

/**
 * An interface endpoint for S3, for networks on premises and in peered VPCs, which leads where an `S3GatewayEndpoint` leads.
 *
 * Guide, Section 7.3.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
 */
export class S3InterfaceEndpoint extends ec2.InterfaceVpcEndpoint {
  /**
   * @throws ValidationError if the endpoint would let nothing through, or its policy cannot name a bucket
   */
  constructor(scope: Construct, id: string, props: S3InterfaceEndpointProps) {
    refuseWrongProps(scope, id, props, TYPES);
    const statements = endpointStatements(scope, id, props);
    const isMultiRegion = props.multiRegionAccessPoints !== undefined;
    const { vpc, subnets, securityGroups, privateDnsEnabled = isMultiRegion } = props;
    super(scope, id, {
      vpc,
      subnets,
      securityGroups,
      privateDnsEnabled,
      service: isMultiRegion ? ec2.InterfaceVpcEndpointAwsService.S3_MULTI_REGION_ACCESS_POINTS : ec2.InterfaceVpcEndpointAwsService.S3,
      // Not said, it is for names from outside of the VPC alone, and EC2 refuses that in a VPC without a gateway endpoint.
      privateDnsOnlyForInboundResolverEndpoint: privateDnsEnabled && !isMultiRegion ? ec2.VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint.ALL_RESOLVERS : undefined,
    });
    statements.forEach((statement) => this.addToPolicy(statement));
    guardEndpoint(this);
    warnOfUnknownBuckets(this, props);
  }

  /**
   * Adds a statement to the endpoint's policy.
   *
   * @throws ValidationError if it would let the endpoint lead to buckets of owners that nobody has named
   */
  public addToPolicy(statement: iam.PolicyStatement): void {
    refuseOpening(this, statement);
    super.addToPolicy(statement);
  }
}
