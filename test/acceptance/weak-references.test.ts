const CONTEXT = process.env.CDK_CONTEXT_JSON;

/** What makes references between stacks. With strong ones these tests run where they stand: they have to say the same with weak ones. */
const TESTS = [
  '../delivery/checks.test', '../delivery/distribution-access-logs.test', '../delivery/oac-distribution.test', '../delivery/oac-requests.test',
  '../guardrails/deployment-principals.test', '../guardrails/guardrail.test',
  '../sharing/cross-account-grant.test', '../sharing/shared-dataset-access-point.test',
  '../storage/access-log-bucket.test', '../storage/replication.test',
];

// Apps take this for what the cdk command passes on from cdk.json: that of a fresh `cdk init` app has it.
beforeAll(() => {
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ '@aws-cdk/core:defaultCrossStackReferences': 'weak' });
});

afterAll(() => {
  delete process.env.CDK_CONTEXT_JSON;
  Object.assign(process.env, CONTEXT === undefined ? {} : { CDK_CONTEXT_JSON: CONTEXT });
});

describe.each(TESTS)('with weak references between stacks: %s', (path) => {
  jest.requireActual(path);
});
