import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, CfnResource, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { explain } from '../../src/cli/explain';
import { readInputs } from '../../src/cli/inputs';
import { prove } from '../../src/cli/prove';
import { reportOf } from '../../src/cli/report/report-of';
import { AccessEvaluator, AccessExpectations, AccessLogBucket, AccessPrincipal, SecureBucket } from '../../src/index';
import { deploymentOf } from '../../src/template/deployment-of';
import { PRODUCER } from '../support/apps';

const folders: string[] = [];
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));

const STRENGTHS = ['strong', 'weak', 'both'];
const ELSEWHERE = { ...PRODUCER, region: 'us-east-1' };

/** Where the two stacks of an app stand. */
const PLACES: Record<string, (app: App) => [owner: Stack, other: Stack]> = {
  'two stacks of one place': (app) => [new Stack(app, 'Owner', { env: PRODUCER }), new Stack(app, 'Other', { env: PRODUCER })],
  'two stacks of any account': (app) => [new Stack(app, 'Owner'), new Stack(app, 'Other')],
  'two stacks of a stage': (app) => {
    const stage = new Stage(app, 'Prod', { env: PRODUCER });
    return [new Stack(stage, 'Owner'), new Stack(stage, 'Other', { stackName: 'other' })];
  },
  'one of two stages': (app) => {
    const [prod, dev] = ['Prod', 'Dev'].map((name) => new Stage(app, name, { env: name === 'Dev' ? ELSEWHERE : PRODUCER }));
    new s3.Bucket(new Stack(dev, 'Owner', { stackName: 'owner' }), 'Data');
    return [new Stack(prod, 'Owner', { stackName: 'owner' }), new Stack(prod, 'Other')];
  },
  'a nested stack and another stack': (app) => [new NestedStack(new Stack(app, 'Around', { env: PRODUCER }), 'Owner'), new Stack(app, 'Other', { env: PRODUCER })],
  'a stack and a nested stack of another': (app) => [new Stack(app, 'Owner', { env: PRODUCER }), new NestedStack(new Stack(app, 'Around', { env: PRODUCER }), 'Other')],
};

/** Where the two stacks of an app stand that are of different Regions. */
const REGIONS: typeof PLACES = {
  'two stacks of two Regions': (app) => twoRegions(app),
  'stacks of two Regions, once in each of two stages': (app) => {
    const [prod, dev] = ['Prod', 'Dev'].map((name) => new Stage(app, name, { env: { account: name === 'Dev' ? '444455556666' : PRODUCER.account } }));
    const [owner, other] = twoRegions(dev);
    new iam.Role(other, 'Reader', { roleName: new s3.Bucket(owner, 'Data').bucketName, assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    return twoRegions(prod);
  },
  'a nested stack and another stack of another Region': (app) => {
    const [around, other] = twoRegions(app);
    return [new NestedStack(around, 'Nested'), other];
  },
  'a stack and a nested stack of another of another Region': (app) => {
    const [owner, around] = twoRegions(app);
    return [owner, new NestedStack(around, 'Nested')];
  },
};

/** References between them are parameters of Systems Manager, if they are strong. */
function twoRegions(scope: Construct): [owner: Stack, other: Stack] {
  const account = Stage.of(scope)?.account ?? PRODUCER.account;
  const [owner, other] = [['Owner', PRODUCER.region], ['Other', ELSEWHERE.region]].map(([name, region]) => new Stack(scope, name, { env: { account, region }, crossRegionReferences: true }));
  return [owner, other];
}

interface Made {
  readonly app: App;
  readonly owner: Stack;
  readonly other: Stack;
}

function appWith(strength: string, place: string): Made {
  const outdir = mkdtempSync(join(tmpdir(), 'references-'));
  folders.push(outdir);
  const app = new App({ outdir, analyticsReporting: false, postCliContext: { '@aws-cdk/core:defaultCrossStackReferences': strength } });
  const [owner, other] = { ...PLACES, ...REGIONS }[place]!(app);
  return { app, owner, other };
}

function findings(app: App): string[] {
  app.synth();
  return judge(deploymentOf(synthesizedTemplates(app))).map(({ rule, isDecided, resource }) => `${rule.id}${isDecided ? '' : '-NotDecided'} ${resource.path}`);
}

/** Plain enough that only references between stacks matter. */
function plainBucket(scope: Construct): s3.Bucket {
  return new s3.Bucket(scope, 'Plain', { enforceSSL: true, minimumTLSVersion: 1.2 });
}

/** A role whose policy refers to the bucket and its key, and that neither of them refers to: across Regions that would be a circle. */
function readerOf(bucket: SecureBucket, scope: Construct): iam.Role {
  const role = new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:ListBucket'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] }));
  role.addToPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey!.keyArn] }));
  return role;
}

/** The same with references of any strength. */
function alike<T>(place: string, say: (made: Made) => T): T {
  const [strong, ...others] = STRENGTHS.map((strength) => say(appWith(strength, place)));
  others.forEach((other) => expect(other).toEqual(strong));
  return strong;
}

/** How references of a strength are written. Where the CDK does not know a strength, nothing below would be shown of it. */
const WRITTEN: Record<string, RegExp> = { strong: /Fn::ImportValue|\{\{resolve:ssm:/, weak: /Fn::GetStackOutput/, both: /Fn::GetStackOutput/ };

test.each(STRENGTHS.flatMap((strength) => [...Object.keys(PLACES), ...Object.keys(REGIONS)].map((place) => [strength, place])))('there are %s references between %s', (strength, place) => {
  const { app, owner, other } = appWith(strength, place);
  new CfnOutput(other, 'Name', { value: new s3.Bucket(owner, 'Plain').bucketName });
  app.synth();
  expect(JSON.stringify(synthesizedTemplates(app))).toMatch(WRITTEN[strength]);
});

test.each(Object.keys(PLACES))('between %s, a log bucket is found, and logs may be delivered', (place) => {
  const found = alike(place, ({ app, owner, other }) => {
    const logs = new AccessLogBucket(owner, 'Logs');
    new SecureBucket(other, 'Data', { serverAccessLogsBucket: logs });
    return findings(app);
  });
  expect(found.filter((finding) => !finding.includes(' Dev/'))).toEqual([]);
});

test.each(Object.keys(REGIONS))('between %s, a log bucket is found, and that no logs are delivered to another Region', (place) => {
  const found = alike(place, ({ app, owner, other }) => {
    const { bucketName } = new AccessLogBucket(owner, 'Logs');
    new s3.CfnBucket(other, 'Data', { loggingConfiguration: { destinationBucketName: bucketName } });
    return findings(app);
  });
  expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^LogDestination .*\/Data$/)]));
});

describe.each([...Object.keys(PLACES), ...Object.keys(REGIONS)])('between %s', (place) => {
  test('a second policy of a bucket is found, and that it opens the bucket', () => {
    const found = alike(place, ({ app, owner, other }) => {
      const bucket = plainBucket(owner);
      new s3.CfnBucketPolicy(other, 'Second', {
        bucket: bucket.bucketName,
        policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: bucket.arnForObjects('*') }] },
      });
      return findings(app);
    });
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining('CompetingPolicies '), expect.stringContaining('PublicAllow ')]));
  });

  test('what a role may do is decided, proved and reported', () => {
    const said = alike(place, ({ app, owner, other }) => {
      const data = new SecureBucket(owner, 'Data');
      const role = readerOf(data, other);
      const { directory } = app.synth();
      const inputs = readInputs([directory], { account: PRODUCER.account, region: PRODUCER.region });
      const [bucket, principal] = [data.node.path, role.node.path];
      const answer = explain(inputs, { principal, action: 's3:GetObject', resource: bucket, key: 'data/1.csv' });
      const reported = reportOf(AccessEvaluator._of(inputs.templates)._model, 'cdk.out').buckets.find(({ path }) => path === bucket)!;
      const accesses = reported.access.map(({ who, capability, openBecause }) => `${who.kind} ${who.label} ${capability}${openBecause ? '?' : ''}`);
      return { explained: (answer.json as any).outcome, proved: prove(inputs).lines.flat(2).filter((text) => typeof text === 'string' && /^ *(?:broken|not decided)/.test(text)), accesses };
    });
    expect(said.explained).toBe('allowed');
    expect(said.accesses.filter((access) => access.endsWith(' read'))).toEqual([expect.stringContaining('Role')]);
  });

  test('expectations about a role of the other stack are met', () => {
    const errors = alike(place, ({ app, owner, other }) => {
      const data = new SecureBucket(owner, 'Data');
      const role = readerOf(data, other);
      const expectations = new AccessExpectations();
      expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject').on(data, 'data/*');
      Validations.of(app).addPlugins(expectations);
      return synthesisError(app);
    });
    expect(errors).toBe('');
  });
});

function synthesisError(app: App): string {
  const { exitCode } = process;
  process.exitCode = undefined;
  jest.spyOn(console, 'error').mockImplementation();
  try {
    app.synth();
    return process.exitCode === undefined ? '' : 'findings';
  } catch (error) {
    return (error as Error).message;
  } finally {
    process.exitCode = exitCode;
    jest.restoreAllMocks();
  }
}

test('a reference that is written by hand, to another Region, is followed', () => {
  const app = new App({ analyticsReporting: false });
  const owner = new Stack(app, 'Owner', { env: ELSEWHERE });
  new CfnOutput(owner, 'DataArn', { value: new s3.Bucket(owner, 'Data').bucketArn });
  const Resource = { 'Fn::GetStackOutput': { StackName: 'Owner', Region: ELSEWHERE.region, OutputName: 'DataArn' } };
  new CfnResource(new Stack(app, 'Other', { env: PRODUCER }), 'Role', {
    type: 'AWS::IAM::Role',
    properties: { RoleName: 'Reader', Policies: [{ PolicyName: 'Read', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource }] } }] },
  });
  const evaluator = AccessEvaluator.fromCloudAssembly(app.synth().directory);
  const [{ identifier: resource }] = evaluator.find('Owner/Data');
  expect(evaluator.decide({ principal: `arn:aws:iam::${PRODUCER.account}:role/Reader`, action: 's3:ListBucket', resource }).outcome).toBe('allowed');
});
