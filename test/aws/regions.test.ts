import { RegionInfo } from 'aws-cdk-lib/region-info';
import { domainSuffixOf, PARTITIONS, partitionOf, REGIONS } from '../../src/aws/regions';

test('every Region that the CDK knows is a Region', () => {
  const known = RegionInfo.regions.map(({ name }) => name);
  expect(known.length).toBeGreaterThan(40);
  expect(known.filter((name) => !REGIONS.includes(name))).toEqual([]);
});

test('none is there twice', () => expect(new Set(REGIONS).size).toBe(REGIONS.length));

test.each(RegionInfo.regions.map(({ name, partition, domainSuffix }) => [name, partition, domainSuffix]))('%s lies in the partition %s, whose hosts end with %s', (name, partition, domainSuffix) => {
  expect([partitionOf(name), domainSuffixOf(partitionOf(name)), PARTITIONS.includes(partition!)]).toEqual([partition, domainSuffix, true]);
});
