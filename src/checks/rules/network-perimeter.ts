import { Bucket, Inventory } from '../../access/inventory';
import { networkAsMeant, perimeterIntent } from '../../guarantees/perimeters';
import { Policy, Statement } from '../../policy/document';
import { Guarantee } from '../../proof/guarantee';
import { Rule } from '../finding';
import { proven } from '../proven';

export const networkPerimeter: Rule = {
  id: 'NetworkPerimeter',
  requirement: 'A deny that restricts the network, for everything or for the single actions that it names, lets nobody through from elsewhere but those it exempts by name.',
  reason: 'One more condition, an inverted operator or a wildcard, and it denies nothing.',
  severity: 'high',
  severityReason: 'The deny that the data relies on lets through a request that it was written to stop.',
  guide: '7.3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => proven(inventory, bucket, ({ policy }, controls) => networkGuarantee(inventory, policy!, bucket, controls), 'Deny everything to everyone where no network key has an allowed value, in a statement of its own; exempt single roles by ArnNotLike; see RestrictToNetwork.')),
};

/**
 * What a policy seems to promise of networks, if anything.
 *
 * @param controls resource control policies that may bind the bucket as well
 */
export function networkGuarantee(inventory: Inventory, policy: Policy, { facts }: Bucket, controls: readonly Statement[] = []): Guarantee | undefined {
  const { network } = perimeterIntent(policy);
  return network.length > 0 ? networkAsMeant(network, [...policy.statements, ...inventory.controlsOver(facts.account), ...controls], facts) : undefined;
}
