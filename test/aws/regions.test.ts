import { RegionInfo } from 'aws-cdk-lib/region-info';
import { REGIONS } from '../../src/aws/regions';

test('every Region that the CDK knows is a Region', () => {
  const known = RegionInfo.regions.map(({ name }) => name);
  expect(known.length).toBeGreaterThan(40);
  expect(known.filter((name) => !REGIONS.includes(name))).toEqual([]);
});

test('none is there twice', () => expect(new Set(REGIONS).size).toBe(REGIONS.length));
