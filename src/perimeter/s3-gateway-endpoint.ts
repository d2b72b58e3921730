import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { guardEndpoint } from './opened-endpoint';
import { ENDPOINT_PROPS, endpointStatements, refuseOpening, S3EndpointPolicyProps, warnOfUnknownBuckets } from './s3-endpoint-policy';
import { having, listOf, OBJECT, refuseWrongProps, required, TypesOf } from '../prop-types';

/**
 * Properties of `S3GatewayEndpoint`.
 */
export interface S3GatewayEndpointProps extends S3EndpointPolicyProps {
  /** The VPC which gets the endpoint. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets whose route tables lead to the endpoint.
   *
   * @default - all subnets of the VPC
   */
  readonly subnets?: ec2.SubnetSelection[];
}

const TYPES: TypesOf<S3GatewayEndpointProps> = { ...ENDPOINT_PROPS, vpc: required(having('a VPC', 'vpcId', 'node')), subnets: listOf('subnet selections', OBJECT) };

/**
 * A gateway endpoint for S3 that leads to named buckets and access points, to your organization's, and to what the
 * platform needs; to nothing else. Pass it to a bucket's `network: { vpcEndpoints: [endpoint] }`, so that the bucket can be
 * reached through it alone.
 *
 * Guide, Sections 7.3 and 11.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export class S3GatewayEndpoint extends ec2.GatewayVpcEndpoint {
  /**
   * @throws ValidationError if the endpoint would let nothing through, or its policy cannot name a bucket
   */
  constructor(scope: Construct, id: string, props: S3GatewayEndpointProps) {
    refuseWrongProps(scope, id, props, TYPES);
    const statements = endpointStatements(scope, id, props);
    super(scope, id, { vpc: props.vpc, subnets: props.subnets, service: ec2.GatewayVpcEndpointAwsService.S3 });
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
