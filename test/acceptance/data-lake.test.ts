import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { DataLakeStack } from '../../examples/data-lake/data-lake-stack';
import { AccessEvaluator, AccessOutcome } from '../../src';
import { accessGrants } from '../../src/access/access-grants-facts';
import { vendedSession } from '../../src/access/vended-session';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { secureBucket } from '../cli/terminal';
import { NewFolder, PROJECT } from '../support/new-folder';

// What the grants of examples/data-lake give, walked by requests with the credentials that each of them vends.

const ENV = { account: '111122223333', region: 'eu-west-1' };
const ENDPOINT = 'vpce-0abc123def4567890';
const LAKE = 'arn:aws:s3:::data-lake-111122223333-eu-west-1-an';

const outdir = new NewFolder().path;
const app = new App({ analyticsReporting: false, outdir });
new DataLakeStack(app, 'DataLake', {
  env: ENV, vpcEndpointId: ENDPOINT, identityCenterArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef', analystsGroupId: 'a1b2c3d4-5678-90ab-cdef-1234567890ab',
});
app.synth();
const evaluator = AccessEvaluator._of(synthesizedTemplates(app));
const { deployment } = evaluator._model;

/** What becomes of a request with the credentials of a grant, through the endpoint if nothing else is said. */
function outcome(grantId: string, action: string, key: string, context: Record<string, unknown> = { 'aws:SourceVpce': ENDPOINT }): AccessOutcome {
  const grant = accessGrants(deployment).find(({ path }) => path.startsWith(`DataLake/${grantId}/`))!;
  const session = vendedSession(evaluator._model, grant);
  if (typeof session === 'string' || session.doubts.length > 0) {
    throw new Error(JSON.stringify(session));
  }
  const { request } = session;
  const resource = action === 's3:ListBucket' ? LAKE : `${LAKE}/${key}`;
  const prefix = action === 's3:ListBucket' ? { 's3:prefix': key } : {};
  return evaluator.decide({ ...request, action, resource, context: { ...request.context, ...prefix, ...context } }).outcome;
}

test.each<[string, string, string, string, AccessOutcome]>([
  ['a team uploads what is its own', 'OrdersWrite', 's3:PutObject', 'orders/2026/1.parquet', AccessOutcome.ALLOWED],
  ['a team reads what is its own', 'OrdersWrite', 's3:GetObject', 'orders/2026/1.parquet', AccessOutcome.ALLOWED],
  ['a team does not read what is another one\'s', 'OrdersWrite', 's3:GetObject', 'billing/1.parquet', AccessOutcome.DENIED],
  ['a team reads what another one publishes', 'BillingReadsOrders', 's3:GetObject', 'orders/published/1.parquet', AccessOutcome.ALLOWED],
  ['a team does not read what another one has not published', 'BillingReadsOrders', 's3:GetObject', 'orders/2026/1.parquet', AccessOutcome.DENIED],
  ['a team does not change what another one publishes', 'BillingReadsOrders', 's3:PutObject', 'orders/published/1.parquet', AccessOutcome.DENIED],
  ['analysts read what is published', 'AnalystsRead', 's3:GetObject', 'orders/published/1.parquet', AccessOutcome.ALLOWED],
  ['analysts list what is published', 'AnalystsRead', 's3:ListBucket', 'orders/published/', AccessOutcome.ALLOWED],
  ['analysts do not list the rest', 'AnalystsRead', 's3:ListBucket', 'billing/', AccessOutcome.DENIED],
  ['analysts delete nothing', 'AnalystsRead', 's3:DeleteObject', 'orders/published/1.parquet', AccessOutcome.DENIED],
])('%s', (_, grantId, action, key, expected) => {
  expect(outcome(grantId, action, key)).toBe(expected);
});

test('nobody reads from outside the network, or over HTTP, whatever the grant', () => {
  expect(outcome('AnalystsRead', 's3:GetObject', 'orders/published/1.parquet', {})).toBe(AccessOutcome.DENIED);
  expect(outcome('AnalystsRead', 's3:GetObject', 'orders/published/1.parquet', { 'aws:SourceVpce': ENDPOINT, 'aws:SecureTransport': 'false' })).toBe(AccessOutcome.DENIED);
});

test('a team has no access without a grant: its own policies let it ask, and nothing else', () => {
  const decide = (action: string) => evaluator.decide({ principal: 'arn:aws:iam::111122223333:role/Orders', action, resource: `${LAKE}/orders/1`, context: { 'aws:SourceVpce': ENDPOINT } }).outcome;
  expect([decide('s3:GetObject'), decide('s3:PutObject')]).toEqual([AccessOutcome.DENIED, AccessOutcome.DENIED]);
});

test('no statement of the policy of the bucket is a grant', () => {
  const [policy] = deployment.ofType('AWS::S3::BucketPolicy').filter(({ path }) => path.startsWith('DataLake/Lake/'));
  expect(policy.property('PolicyDocument').Statement.filter(({ Effect }: any) => Effect === 'Allow')).toEqual([]);
});

test('docs/access-grants.md says what the command says of two requests', () => {
  const commands = readFileSync(join(PROJECT, 'docs/access-grants.md'), 'utf8').match(/^npx secure-bucket explain .*$/gm)!.map((line) => line.split(' ').slice(3));
  const answers = commands.map((options) => secureBucket('explain', outdir, ...options));
  expect(answers.map(({ exitCode, err }) => [exitCode, err])).toEqual([[0, ''], [2, '']]);
  expect(answers[1].out).toMatch(/^Denied by session-policies: /);
});
