import { runSimulation } from '@cloud-copilot/iam-simulate';
import { OWNER, PARTNER, PARTNER_ROLE, randomScenes, RandomScene, ROLE, SESSION, USER } from './random-scenes';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessAssumptions } from '../../src/access/assumptions';
import * as fc from '../support/fast-check';

/** How many requests are compared: `DIFFERENTIAL_RUNS=100000 npx jest test/access/differential`. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 4_000);

const RCP_FULL_ACCESS = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

/** A case on which the engines disagree, with the page of the AWS documentation that decides it. */
interface Disagreement {
  readonly name: string;
  readonly see: string;
  readonly applies: (scene: RandomScene) => boolean;
  readonly example: RandomScene;
  readonly ours: string;
  readonly theirs: string;
}

const NOTHING: RandomScene = {
  principal: SESSION, action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/data/1', context: { 'aws:SecureTransport': 'true' }, identity: [], bucketPolicy: [], serviceControl: [], resourceControl: [],
};

const ONLY_PUT = [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }];
const GET = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

const DISAGREEMENTS: readonly Disagreement[] = [
  {
    name: 'a bucket policy that names the session, which session policies do not limit',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session',
    applies: (scene) => isLimited(scene) && scene.bucketPolicy.some((statement: any) => statement.Effect === 'Allow' && statement.Principal.AWS === SESSION),
    example: { ...NOTHING, session: ONLY_PUT, bucketPolicy: [{ ...GET, Principal: { AWS: SESSION } }] },
    ours: 'allowed',
    theirs: 'denied',
  },
  {
    name: 'a bucket policy that allows everybody with the ARN of the role, which session policies do not limit',
    see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles',
    applies: (scene) => isLimited(scene) && scene.bucketPolicy.some((statement: any) =>
      statement.Effect === 'Allow' && (statement.Principal === '*' || statement.Principal.AWS === '*') && statement.Condition?.ArnLike?.['aws:PrincipalArn'] === ROLE),
    example: { ...NOTHING, session: ONLY_PUT, bucketPolicy: [{ ...GET, Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': ROLE } } }] },
    ours: 'allowed',
    theirs: 'denied',
  },
];

function isLimited({ principal, session }: RandomScene): boolean {
  return principal === SESSION && session !== undefined;
}

function identityArn({ principal }: RandomScene): string {
  return principal === SESSION ? ROLE : principal === USER ? USER : PARTNER_ROLE;
}

function document(statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

function ours(scene: RandomScene): string {
  const account = identityArn(scene).split(':')[4];
  const { 'aws:PrincipalOrgID': organizationId, ...context } = scene.context;
  const assumptions = AccessAssumptions.fromJson({
    principals: {
      [identityArn(scene)]: { identityPolicies: scene.identity.map((statement) => document([statement])), permissionsBoundary: scene.boundary ? document(scene.boundary) : null },
    },
    accounts: {
      [PARTNER]: {},
      [OWNER]: { resourceControlPolicies: [document([RCP_FULL_ACCESS, ...scene.resourceControl])] },
      [account]: {
        ...(account === OWNER ? { resourceControlPolicies: [document([RCP_FULL_ACCESS, ...scene.resourceControl])] } : {}),
        ...(scene.serviceControl.length > 0 ? { serviceControlPolicies: scene.serviceControl.map((level) => [document(level)]) } : {}),
      },
    },
  });
  const template = {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket', PublicAccessBlockConfiguration: {} } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: document(scene.bucketPolicy) } },
    },
  };
  const evaluator = AccessEvaluator.fromTemplates([{ stackName: 'Owner', template, account: OWNER, region: 'eu-west-1' }], assumptions);
  return evaluator.decide({
    principal: scene.principal,
    action: scene.action,
    resource: scene.resource,
    context: { ...context, 'aws:PrincipalOrgID': organizationId ?? null },
    sessionPolicies: scene.session && [document(scene.session)],
  }).outcome;
}

async function theirs(scene: RandomScene): Promise<string> {
  const policy = (name: string, statements: readonly object[]) => ({ name, policy: document(statements) });
  const simulation = await runSimulation({
    request: {
      principal: scene.principal,
      action: scene.action,
      resource: { resource: scene.resource, accountId: OWNER },
      contextVariables: { 'aws:PrincipalArn': identityArn(scene), ...scene.context },
    },
    identityPolicies: scene.identity.map((statement, i) => policy(`Identity${i}`, [statement])),
    resourcePolicy: scene.bucketPolicy.length > 0 ? document(scene.bucketPolicy) : undefined,
    serviceControlPolicies: scene.serviceControl.map((level, i) => ({ orgIdentifier: `level${i}`, policies: [policy(`Scp${i}`, level)] })),
    resourceControlPolicies: scene.resourceControl.length > 0 ? [{ orgIdentifier: 'root', policies: scene.resourceControl.map((statement, i) => policy(`Rcp${i}`, [statement])) }] : [],
    permissionBoundaryPolicies: scene.boundary ? [policy('Boundary', scene.boundary)] : undefined,
    sessionPolicy: scene.session && document(scene.session),
  }, {});
  if (simulation.resultType !== 'single') {
    throw new Error(`the simulator does not judge ${JSON.stringify(scene)}: ${JSON.stringify(simulation)}`);
  }
  return simulation.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

describe('decisions and an independent simulator', () => {
  const counts: Record<string, number> = {};
  let details: fc.RunDetails<[RandomScene]>;

  beforeAll(async () => {
    details = await fc.check(fc.asyncProperty(randomScenes, async (scene) => {
      const our = ours(scene);
      const excuse = DISAGREEMENTS.find(({ applies }) => applies(scene));
      counts[excuse ? 'excused' : our] = (counts[excuse ? 'excused' : our] ?? 0) + 1;
      const their = excuse || our === 'not-decided' ? our : await theirs(scene);
      if (our !== their) {
        throw new Error(`we say ${our}, the simulator ${their}: ${JSON.stringify(scene)}`);
      }
    }), { numRuns: RUNS });
  }, 20_000 + RUNS * 10);

  test('agree on each random request, but for the named disagreements', () => {
    expect(details.failed ? `${details.errorInstance}` : 'agreed').toBe('agreed');
    expect(details.numRuns).toBe(RUNS);
  });

  test.each(['allowed', 'denied'])('are compared on requests of which at least 10 %% are %s', (outcome) => {
    expect(counts[outcome] / RUNS).toBeGreaterThan(0.1);
  });

  test('leave out few requests', () => {
    expect((counts.excused ?? 0) / RUNS).toBeLessThan(0.1);
    expect((counts['not-decided'] ?? 0) / RUNS).toBeLessThan(0.1);
  });

  test.each(DISAGREEMENTS)('disagree as they are said to: $name', async ({ example, ours: our, theirs: their, applies }) => {
    expect({ ours: ours(example), theirs: await theirs(example), applies: applies(example) }).toEqual({ ours: our, theirs: their, applies: true });
  });
});
