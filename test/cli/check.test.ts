import { App, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { file, IN_ENVIRONMENT, json, LEGACY, REPORTS, secureBucket } from './terminal';
import { idOf } from '../../src/checks/acknowledgements';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

interface Finding {
  readonly rule: string;
  readonly status: string;
  readonly logicalId: string;
  readonly constructPath: string;
}

function findings(...args: string[]): Finding[] {
  return json('check', ...args).findings;
}

describe('secure-bucket check', () => {
  test('finds in a template that CDK did not make what the rule pack finds in an app', () => {
    const { exitCode, out } = secureBucket('check', LEGACY, ...IN_ENVIRONMENT);
    expect(exitCode).toBe(2);
    expect(out).toContain("  high    PublicAllow on UploadsPolicy: The statement 'PublicRead' gives access to anybody.\n          Proof: ");
    expect(out).toContain('1 bucket in 1 template: ');
  });

  test('shows what the template acknowledges with its reason, and does not count it', () => {
    const versioning = findings(LEGACY).filter(({ rule }) => rule === 'SecureBucket-Versioning');
    expect(versioning).toEqual([expect.objectContaining({ status: 'acknowledged', acknowledgement: 'Uploads are processed within a day.' })]);
    expect(secureBucket('check', LEGACY).out).toContain('  medium  Versioning (acknowledged): Versioning is not set.\n          Acknowledged: Uploads are processed within a day.');
  });

  test('finds nothing but the missing access logs in the template of a guarded bucket', () => {
    expect(findings(REPORTS, ...IN_ENVIRONMENT).map(({ rule, logicalId }) => `${rule} ${logicalId}`)).toEqual(['SecureBucket-AccessLogs Reports']);
  });

  test('a template whose only findings are acknowledged is clean', () => {
    const acknowledged = { id: 'SecureBucket-AccessLogs', reason: 'CloudTrail data events record every access.' };
    const topic = { Resources: { Logs: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'x', PolicyDocument: { Statement: [] } } } }, Metadata: { cdk_nag: { rules_to_suppress: [acknowledged] } } };
    const open = findings(file(topic)).map(({ rule }) => rule);
    const all = { ...topic, Metadata: { cdk_nag: { rules_to_suppress: open.map((id) => ({ id, reason: 'A policy that is replaced by hand.' })) } } };
    expect(secureBucket('check', file(topic)).exitCode).toBe(2);
    expect(secureBucket('check', file(all))).toMatchObject({ exitCode: 0, out: expect.stringMatching(/0 findings, 0 not decided, [1-9]\d* acknowledged/) });
  });

  test('what is not decided is a warning, as at synthesis', () => {
    const parameter = { Parameters: { Status: { Type: 'String' } }, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: { Ref: 'Status' } } } } } };
    expect(findings(file(parameter))).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-Versioning-NotDecided', status: 'not-decided' }));
  });

  test('judges the buckets of a loop', () => {
    const loop = ['Name', ['a', 'b'], { 'Bucket${Name}': { Type: 'AWS::S3::Bucket' } }];
    const { summary } = json('check', file({ Transform: 'AWS::LanguageExtensions', Resources: { 'Fn::ForEach::Buckets': loop } }));
    expect(summary.buckets).toBe(2);
  });
});

describe('secure-bucket check on a cloud assembly', () => {
  const app = new App();
  const storage = new Stack(app, 'Storage', { env: { account: '111122223333', region: 'eu-west-1' } });
  const data = new s3.Bucket(storage, 'Data');
  const stage = new Stage(app, 'Prod');
  const inStage = new Stack(stage, 'Archive');
  const archive = new s3.Bucket(inStage, 'Files');
  Validations.of(data).acknowledge({ id: 'SecureBucket-Versioning', reason: 'Rebuilt every night.' });
  Validations.of(inStage).acknowledge({ id: 'SecureBucketChecks::SecureBucket-AccessLogs', reason: 'Recorded by CloudTrail.' });
  const { directory } = app.synth();
  const found = findings(directory);

  test('says the same as the rule pack, stages included', () => {
    const expected = judge(deploymentOf(synthesizedTemplates(app))).map((finding) => `${idOf(finding)} ${finding.resource.path}`);
    expect(found.map(({ rule, constructPath }) => `${rule} ${constructPath}`).sort()).toEqual(expected.sort());
    expect(new Set(found.map(({ constructPath }) => constructPath))).toEqual(new Set([data, archive].map(({ node }) => `${node.path}/Resource`)));
  });

  test('takes the acknowledgements that the assembly records, on the construct and around it', () => {
    expect(found.filter(({ status }) => status === 'acknowledged')).toEqual([
      expect.objectContaining({ rule: 'SecureBucket-Versioning', constructPath: 'Storage/Data/Resource', acknowledgement: 'Rebuilt every night.' }),
      expect.objectContaining({ rule: 'SecureBucket-AccessLogs', constructPath: 'Prod/Archive/Files/Resource', acknowledgement: 'Recorded by CloudTrail.' }),
    ]);
  });
});
