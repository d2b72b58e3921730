import { App, Lazy, Stack } from 'aws-cdk-lib';
import * as organizations from 'aws-cdk-lib/aws-organizations';
import { SecureBucket } from '../../src';
import { PRODUCER, warnings } from '../support/apps';

/** Which buckets of an app, each with a perimeter of some organizations, get the warning. */
function warned(perimeters: string[][], build: (stack: Stack) => void = () => undefined): number[] {
  const app = new App({ analyticsReporting: false });
  const stacks = perimeters.map((_, at) => new Stack(app, `Stack${at}`, { env: PRODUCER }));
  const buckets = perimeters.map((organizationIds, at) => new SecureBucket(stacks[at], 'Data', { organization: { organizationIds } }));
  build(stacks[0]);
  app.synth();
  return buckets.flatMap((bucket, at) => (warnings(bucket).includes('cdk-secure-bucket:organizationIdDiffers') ? [at] : []));
}

const [OURS, MISTYPED, PARTNER] = ['o-exampleorgid', 'o-exampleorgld', 'o-examplepartn'];

test('an organization id that differs from those of most perimeters is a warning', () => {
  expect(warned([[OURS], [MISTYPED], [OURS]])).toEqual([1]);
});

test('of two that differ, either may have the mistake', () => {
  expect(warned([[OURS], [MISTYPED]])).toEqual([0, 1]);
});

test('perimeters with an organization in common are none', () => {
  expect(warned([[OURS], [OURS, PARTNER], [PARTNER, OURS]])).toEqual([]);
});

test('an id that is known only later may be any', () => {
  expect(warned([[OURS], [Lazy.string({ produce: () => OURS })]])).toEqual([]);
  expect(warned([[OURS], [Lazy.string({ produce: () => MISTYPED })]])).toEqual([0, 1]);
});

test('an id that is written out while the app makes the organization is a warning', () => {
  const make = (stack: Stack) => new organizations.CfnOrganization(stack, 'Organization', {});
  expect(warned([[OURS]], make)).toEqual([0]);
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  const bucket = new SecureBucket(stack, 'Data', { organization: { organizationIds: [make(stack).attrId] } });
  app.synth();
  expect(warnings(bucket)).toEqual([]);
});
