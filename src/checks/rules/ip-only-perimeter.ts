import { isAddressOnly, perimeterIntent } from '../../guarantees/perimeters';
import { found, Rule } from '../finding';

export const ipOnlyPerimeter: Rule = {
  id: 'IpOnlyPerimeter',
  requirement: 'A network perimeter knows VPC endpoints or VPCs, not addresses alone.',
  reason: 'Requests through a gateway endpoint have no public address, and anybody may use the private addresses.',
  severity: 'medium',
  severityReason: 'The layer depends on addresses alone, which say little about a private network.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html',
  judgeBuckets: ({ buckets }) => buckets.flatMap(({ policies }) => policies
    .filter(({ policy }) => policy && isAddressOnly(perimeterIntent(policy).network))
    .map(({ resource }) => found(
      resource,
      "The network is restricted by addresses alone: 'aws:SourceIp' denies every request through a gateway endpoint, and private addresses ('aws:VpcSourceIp') are the same in every VPC.",
      "Add 'aws:SourceVpce' or 'aws:SourceVpc' to the conditions of the same deny statement, which then denies only who meets none of them.",
    ))),
};
