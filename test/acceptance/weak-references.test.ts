import { Fn } from 'aws-cdk-lib';

const CONTEXT = process.env.CDK_CONTEXT_JSON;

/** What makes references between stacks. With strong ones these tests run where they stand: they have to say the same with weak ones. */
const TESTS = [
  '../delivery/checks.test', '../delivery/distribution-access-logs.test', '../delivery/oac-distribution.test', '../delivery/oac-requests.test',
  '../guardrails/deployment-principals.test', '../guardrails/guardrail.test',
  '../sharing/cross-account-grant.test', '../sharing/shared-dataset-access-point.test',
  '../storage/access-log-bucket.test', '../storage/replication.test',
];

const { getStackOutput } = Fn;
let weakReferences = 0;

// Apps take this for what the cdk command passes on from cdk.json: that of a fresh `cdk init` app has it.
beforeAll(() => {
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ '@aws-cdk/core:defaultCrossStackReferences': 'weak' });
  Fn.getStackOutput = (...named) => {
    weakReferences += 1;
    return getStackOutput(...named);
  };
});

afterAll(() => {
  delete process.env.CDK_CONTEXT_JSON;
  Object.assign(process.env, CONTEXT === undefined ? {} : { CDK_CONTEXT_JSON: CONTEXT });
  Fn.getStackOutput = getStackOutput;
});

describe.each(TESTS)('with weak references between stacks: %s', (path) => {
  beforeAll(() => {
    weakReferences = 0;
  });

  jest.requireActual(path);

  // A CDK that knows no weak references would write strong ones, and the tests above would show nothing.
  test('the references are weak ones', () => expect(weakReferences).toBeGreaterThan(0));
});
