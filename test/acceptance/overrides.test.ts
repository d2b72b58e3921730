import { Stack } from 'aws-cdk-lib';
import { ACCESS_POINT, ACCESS_POINT_ATTACKS, HARMLESS as HARMLESS_TO_ACCESS_POINTS } from './overrides/access-points';
import { Attempts, attempts, changes } from './overrides/attack';
import { DATA_SETTINGS, DELIVERY_ATTACKS, HARMLESS as HARMLESS_TO_BUCKETS, HARMLESS_TO_DATA, HARMLESS_TO_DELIVERY, LOG_BUCKET, LOG_SETTINGS, PRIVATE_SETTINGS, SECURE_BUCKET } from './overrides/buckets';
import { DISTRIBUTION, DISTRIBUTION_ATTACKS, HARMLESS as HARMLESS_TO_DISTRIBUTIONS } from './overrides/distributions';
import { ENDPOINT_ATTACKS, ENDPOINTS, HARMLESS as HARMLESS_TO_ENDPOINTS } from './overrides/endpoints';
import { GRANT_ATTACKS, GRANTS, HARMLESS as HARMLESS_TO_GRANTS } from './overrides/grants';
import { GIVEN_KEY, GIVEN_KEY_ATTACKS, HARMLESS as HARMLESS_TO_KEYS, KEY_ATTACKS, OWN_KEY } from './overrides/keys';
import { BY_ASPECT, BY_ASPECT_ATTACKS, GUARDED, HARMLESS as HARMLESS_TO_POLICIES, POLICY_ATTACKS, PUBLIC_ATTACKS } from './overrides/policies';
import { HARMLESS as HARMLESS_TO_REPLICAS, REPLICA, REPLICA_ATTACKS } from './overrides/replicas';
import { HARMLESS as HARMLESS_TO_TRAILS, TRAIL, TRAIL_ATTACKS } from './overrides/trails';

const US_EAST = 'us-east-1'; // where CloudFront's logs are set up
const [SECURE, LOGS] = GUARDED;

const ATTACKS = [
  ...[SECURE_BUCKET, LOG_BUCKET].flatMap((target) => attempts(target, PRIVATE_SETTINGS)),
  ...attempts(SECURE_BUCKET, DATA_SETTINGS),
  ...attempts(LOG_BUCKET, LOG_SETTINGS),
  ...attempts(LOG_BUCKET, DELIVERY_ATTACKS),
  ...GUARDED.flatMap((target) => attempts(target, POLICY_ATTACKS)),
  ...attempts(BY_ASPECT, BY_ASPECT_ATTACKS),
  ...[SECURE, LOGS].flatMap((target) => attempts(target, PUBLIC_ATTACKS)),
  ...attempts(OWN_KEY, KEY_ATTACKS),
  ...attempts(GIVEN_KEY, GIVEN_KEY_ATTACKS),
  ...attempts(TRAIL, TRAIL_ATTACKS),
  ...attempts(REPLICA, REPLICA_ATTACKS),
  ...ENDPOINTS.flatMap((target) => attempts(target, ENDPOINT_ATTACKS)),
  ...attempts(ACCESS_POINT, ACCESS_POINT_ATTACKS),
  ...GRANTS.flatMap((target) => attempts(target, GRANT_ATTACKS)),
  ...attempts(DISTRIBUTION, DISTRIBUTION_ATTACKS).map((attempt) => ({ ...attempt, region: US_EAST })),
];

const CHANGES = [
  ...[SECURE_BUCKET, LOG_BUCKET].flatMap((target) => changes(target, HARMLESS_TO_BUCKETS)),
  ...changes(SECURE_BUCKET, HARMLESS_TO_DATA),
  ...changes(LOG_BUCKET, HARMLESS_TO_DELIVERY),
  ...GUARDED.flatMap((target) => changes(target, HARMLESS_TO_POLICIES)),
  ...[OWN_KEY, GIVEN_KEY].flatMap((target) => changes(target, HARMLESS_TO_KEYS)),
  ...changes(TRAIL, HARMLESS_TO_TRAILS),
  ...changes(REPLICA, HARMLESS_TO_REPLICAS),
  ...ENDPOINTS.flatMap((target) => changes(target, HARMLESS_TO_ENDPOINTS)),
  ...changes(ACCESS_POINT, HARMLESS_TO_ACCESS_POINTS),
  ...GRANTS.flatMap((target) => changes(target, HARMLESS_TO_GRANTS)),
  ...changes(DISTRIBUTION, HARMLESS_TO_DISTRIBUTIONS).map((change) => ({ ...change, region: US_EAST })),
];

const REMEDY = /\. (?:Remove|Keep|Pass|Put|Name|Leave|Serve|Use|Give|Let|Set|Correct)\b[^.]*\.?/;

interface Row {
  readonly name: string;
  readonly run: (stack: Stack) => void;
  readonly region?: string;
}

/** In a few apps, each with the stack that it has there. */
function staged<T extends Row>(apps: Attempts, rows: T[]): [name: string, row: T & { readonly stack: string }][] {
  return rows.map((row) => [row.name, { ...row, stack: apps.add(row.run, row.region) }]);
}

describe('whatever weakens what this package made fails synthesis', () => {
  const apps = new Attempts();

  test.each(staged(apps, ATTACKS))('%s', (_, { stack, where, says }) => {
    const errors = apps.errorsOf(stack).filter((line) => line.includes(`'${stack}/${where}'`) || line.includes(`'${stack}/${where}/`));
    expect(errors).toContainEqual(expect.stringMatching(says));
    expect(errors.find((line) => says.test(line))).toMatch(REMEDY);
  });

  test('and nothing else is said', () => {
    expect(apps.others).toEqual([]);
  });
});

describe('what takes no protection away passes', () => {
  const apps = new Attempts();

  test.each(staged(apps, CHANGES))('%s', (_, { stack }) => {
    expect(apps.errorsOf(stack)).toEqual([]);
  });

  test('in apps without any error', () => {
    expect(apps.others).toEqual([]);
  });
});
