import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { App, CfnParameter, PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FindingSeverity, SecureBucketChecks } from '../../../src';
import { NewFolder } from '../../support/new-folder';

const folder = new NewFolder();
const app = new App({ analyticsReporting: false, outdir: join(folder.path, 'cdk.out') });
const stack = new Stack(app, 'App');
new s3.Bucket(stack, 'Cache', { bucketName: 'amzn-s3-demo-cache' });
const status = new CfnParameter(stack, 'Status');
new s3.CfnBucket(stack, 'Data', { versioningConfiguration: { status: status.valueAsString } });
new s3.CfnBucketPolicy(stack, 'Grant', {
  bucket: 'amzn-s3-demo-cache',
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 's3:*', Resource: 'arn:aws:s3:::amzn-s3-demo-cache/*' }] },
});
app.synth();
let files = 0;

function configFile(content: string): string {
  const path = join(folder.path, `${++files}`, 'secure-bucket.yaml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function report(content: string, failOn?: FindingSeverity): PolicyValidationPluginReport {
  return new SecureBucketChecks(app, { configFile: configFile(content), failOn }).validateScope(app);
}

const found = ({ violations }: PolicyValidationPluginReport) => violations.map(({ ruleName, severity, violatingResources: [where] }) => `${ruleName} ${where.constructPath} ${severity}`);
const EXPIRED = 'acknowledgements: [{ rule: Versioning, bucket: App/Cache, reason: It can be made again., owner: team-data, expires: 2000-01-31 }]';

describe('the rule pack with a configuration file', () => {
  test('asks the rules that the file asks, with its severities, and says what it leaves out', () => {
    const { metadata, ...rest } = report('rules: { skip: [AccessLogs], severities: { Versioning: high, RequireTls: low }, minSeverity: medium }', FindingSeverity.HIGH);
    expect(found(rest)).toContain('SecureBucket-Versioning App/Cache/Resource error');
    expect(found(rest).filter((one) => /AccessLogs|RequireTls/.test(one))).toEqual([]);
    expect(metadata).toMatchObject({ NotShown: expect.stringMatching(/^\d+ findings of rules that the configuration leaves out\.$/) });
  });

  test('leaves out what the file acknowledges, and says who did', () => {
    const before = found(report(''));
    const acknowledged = report(EXPIRED.replace('2000', '9000'));
    expect(before.filter((one) => !found(acknowledged).includes(one))).toEqual(['SecureBucket-Versioning App/Cache/Resource error']);
    expect(acknowledged.metadata).toMatchObject({ Acknowledged: 'SecureBucket-Versioning on App/Cache/Resource: Acknowledged by team-data until 9000-01-31: It can be made again.' });
  });

  test('fails on an acknowledgement that has expired, as on what it accepted', () => {
    const ofCache = (given: PolicyValidationPluginReport) => found(given).filter((one) => /(Versioning|ExpiredAcknowledgement) App\/Cache/.test(one));
    expect(ofCache(report(EXPIRED))).toEqual(['SecureBucket-Versioning App/Cache/Resource error', 'SecureBucket-ExpiredAcknowledgement App/Cache/Resource error']);
    expect(ofCache(report(EXPIRED, FindingSeverity.HIGH))).toEqual(['SecureBucket-Versioning App/Cache/Resource warning', 'SecureBucket-ExpiredAcknowledgement App/Cache/Resource warning']);
    const { description, fix } = report(EXPIRED).violations.find(({ ruleName }) => ruleName === 'SecureBucket-ExpiredAcknowledgement')!;
    expect(description).toMatch(/ has expired on 2000-01-31: .* It is in .*secure-bucket\.yaml \(line 1, column 20\)\. Where: App\/Cache\/Resource /);
    expect(fix).toBe('team-data must fix the finding and remove the acknowledgement, or review it and give it a new date.');
  });

  test('knows what the file assumes, and the accounts that it gives', () => {
    const ofData = (given: PolicyValidationPluginReport) => found(given).filter((one) => /Versioning.* App\/Data/.test(one));
    expect(ofData(report(''))).toEqual(['SecureBucket-Versioning-NotDecided App/Data warning']);
    expect(ofData(report('assumptions: { parameters: { App: { Status: Enabled } } }'))).toEqual([]);
    const ofGrant = (content: string) => found(report(content)).filter((one) => one.includes('OverbroadGrant'));
    expect(ofGrant('')).toEqual(['SecureBucket-OverbroadGrant-NotDecided App/Grant warning']);
    expect(ofGrant('accounts: { "../cdk.out/*": 111122223333 }')).toEqual([]);
    expect(ofGrant('accounts: { "../cdk.out/*": 444455556666 }')).toEqual(['SecureBucket-OverbroadGrant App/Grant error']);
  });

  test('cannot be made with a file that is wrong, or is not there', () => {
    expect(() => report('rules:\n  onyl: [Versioning]')).toThrow(/^SecureBucketChecks: 'configFile': .*secure-bucket\.yaml \(line 2, column 3\): 'rules\.onyl' is not known\. There are: .* docs\/configuration\.md describes the format\.$/);
    expect(() => new SecureBucketChecks(app, { configFile: {} as any })).toThrow(/^SecureBucketChecks: 'configFile': it is not a text\. /);
    expect(() => new SecureBucketChecks(app, { configFile: 'nowhere.yaml' })).toThrow("SecureBucketChecks: 'configFile': nowhere.yaml cannot be read: there is no such file.");
  });
});
