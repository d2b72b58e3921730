import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { file, IN_ENVIRONMENT, json, LEGACY, secureBucket } from './terminal';
import { AccessLogBucket, RequireEncryption, RequireTls } from '../../src';
import { readDocument } from '../../src/cli/template-file';
import { isObject } from '../../src/policy/json';

const env = { account: '111122223333', region: 'eu-west-1' };
const text = (...args: string[]) => secureBucket('check', ...args, ...IN_ENVIRONMENT).out;

/** The lines of each finding. */
function blocks(out: string): string[][] {
  return out.split(/\n(?=  (?:high|medium|low) )/).slice(1).map((block) => block.split('\n\n')[0].split('\n'));
}

const LONG = {
  Resources: {
    ABucketWithALongName: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-with-a-name-that-is-as-long-as-names-of-buckets-go' } },
    ThePolicyOfABucketWithALongName: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'ABucketWithALongName' },
        PolicyDocument: { Statement: [{ Sid: 'S'.repeat(300), Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::amzn-s3-demo-with-a-name-that-is-as-long-as-names-of-buckets-go/*'] }] },
      },
    },
  },
};

describe('the text of secure-bucket check', () => {
  test('groups by bucket, the worst first, and its policy and key with it', () => {
    const bucket = (properties: object) => ({ Type: 'AWS::S3::Bucket', Properties: properties });
    const out = text(file({
      Resources: {
        Kept: { ...bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] } }), DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
        Key: { Type: 'AWS::KMS::Key', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }] } } },
        Open: bucket({ AccessControl: 'PublicRead' }),
      },
    }, 'app.json'));
    expect(Array.from(out.matchAll(/^\S+app\/(\w+)  (.*)$/gm), ([, id, counts]) => `${id}: ${counts}`)).toEqual([
      expect.stringMatching(/^Open: 2 high, \d+ medium$/), expect.stringMatching(/^Kept: \d+ medium, \d+ low$/),
    ]);
    expect(out).toMatch(/^  low     KeyRotation on Key: The key is not rotated\.\n          Fix \(YAML\): EnableKeyRotation: true$/m);
  });

  test('says a finding in four lines of a hundred columns at most, and a legacy bucket on one screen', () => {
    const outs = [text(LEGACY), text(file(LONG))];
    outs.forEach((out) => {
      expect(blocks(out).length).toBeGreaterThan(8);
      expect(blocks(out).filter((block) => block.length > 4)).toEqual([]);
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    });
    expect(outs[0].split('\n').length).toBeLessThanOrEqual(40);
    expect(outs[1]).toContain(' …');
  });

  test('names the statement that does not stop a request, before the request', () => {
    const near = /RequireTls on UploadsPolicy: .*\n {10}(For .*\n.*)\n {10}Fix: /.exec(text(LEGACY))?.[1].replace(/\s+/g, ' ');
    expect(near).toBe("For the statement 'DenyInsecureTransport' does not deny it: it is not about arn:aws:s3:::amzn-s3-demo-uploads");
  });

  test('says all of it, and why, if that is asked for', () => {
    const { findings } = json('check', file(LONG), ...IN_ENVIRONMENT);
    const out = text(file(LONG), '--verbose');
    expect(out).not.toContain('…');
    findings.flatMap(({ rule, problem, proof, remedy, page }: any) => [problem, ...(proof ? [`Proof: ${proof}`] : []), remedy, `Acknowledge it as ${rule}.`, `See: ${page}`])
      .forEach((part: string) => expect(out).toContain(part));
  });
});

interface Found { readonly rule: string; readonly logicalId: string; readonly fix?: { readonly language: string; readonly code: string } }

const fixable = (path: string): Found[] => json('check', path, ...IN_ENVIRONMENT).findings.filter(({ fix }: Found) => fix);

/** What lists and objects have in common is merged. */
function merge(into: any, from: any): any {
  const mergedIn = (name: string, value: unknown) => (isObject(value) || Array.isArray(value) ? merge(into?.[name] ?? (Array.isArray(value) ? [] : {}), value) : value);
  const members = Object.entries(from).map(([name, value]): [string, unknown] => [name, mergedIn(name, value)]);
  return Array.isArray(from) ? Object.assign([...into], Object.fromEntries(members)) : { ...into, ...Object.fromEntries(members) };
}

describe('what is to be done, as code', () => {
  const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

  test('of CloudFormation mends a template', () => {
    const template: any = {
      Resources: {
        Data: { Type: 'AWS::S3::Bucket', Properties: {} },
        DataPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement: [] } } },
      },
    };
    const found = fixable(file(template));
    expect(found.map(({ rule }) => rule).sort()).toEqual([
      'AccessLogs', 'BlockPublicAccess', 'CustomerProvidedKeys', 'DefaultEncryption', 'DeletionPolicy', 'ObjectOwnership', 'RequireTls', 'TlsFloor', 'Versioning',
    ].map((rule) => `SecureBucket-${rule}`));
    const mended = found.reduce((before, { logicalId, fix }) => {
      const code = fix!.code.replace('<log bucket>', 'amzn-s3-demo-logs').replace('<ARN of the key>', KEY);
      const value = yamlValue(code);
      const resource = before.Resources[logicalId];
      const after = 'Effect' in value ? merge(resource, { Properties: { PolicyDocument: { Statement: Object.assign([...resource.Properties.PolicyDocument.Statement], { [resource.Properties.PolicyDocument.Statement.length]: value }) } } })
        : merge(resource, 'DeletionPolicy' in value ? value : { Properties: value });
      return { Resources: { ...before.Resources, [logicalId]: after } };
    }, template);
    expect(json('check', file(mended), ...IN_ENVIRONMENT).findings.map(({ rule }: Found) => rule)).toEqual(['SecureBucket-UploadEncryption']);
  });

  /** A value as YAML for CloudFormation has it. */
  function yamlValue(code: string): any {
    const path = file(`Resources:\n  X:\n    Type: AWS::S3::Bucket\n    Metadata:\n      Value: ${code.startsWith('{') ? code : `{ ${code} }`}\n`, 'fix.yaml');
    return (readDocument(path) as any).Resources.X.Metadata.Value;
  }

  test('of the CDK mends an app, where the bucket is known to be one of the CDK', () => {
    const directory = (make: (stack: Stack) => void) => {
      const app = new App({ context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true }, outdir: mkdtempSync(join(tmpdir(), 'fixed-')) });
      make(new Stack(app, 'Stack', { env }));
      return app.synth().directory;
    };
    const key = { removalPolicy: RemovalPolicy.DESTROY, enableKeyRotation: false };
    const legacy = directory((stack) => {
      new s3.Bucket(stack, 'Data', { removalPolicy: RemovalPolicy.DESTROY, objectOwnership: s3.ObjectOwnership.OBJECT_WRITER, publicReadAccess: false, blockPublicAccess: new s3.BlockPublicAccess({ blockPublicAcls: false }) });
      new s3.Bucket(stack, 'Encrypted', { encryptionKey: new kms.Key(stack, 'Key', key), bucketKeyEnabled: false });
      new s3.CfnBucket(stack, 'Raw');
    });
    const found = fixable(legacy);
    const codes = (id: RegExp) => found.filter(({ logicalId }) => id.test(logicalId)).map(({ fix }) => fix!);
    expect(new Set(codes(/^Raw/).map(({ language }) => language))).toEqual(new Set(['yaml']));
    expect(new Set(codes(/^(?!Raw)/).map(({ language }) => language))).toEqual(new Set(['typescript']));

    const mended = directory((stack) => {
      const isCall = (code: string) => code.startsWith('bucket.');
      const propsOf = (id: RegExp, scope = new Construct(stack, `Of${id.source.slice(1)}`)) =>
        new Function('s3', 'RemovalPolicy', 'AccessLogBucket', `return { ${codes(id).map(({ code }) => code).filter((code) => !isCall(code)).join(', ')} }`).call(scope, s3, RemovalPolicy, AccessLogBucket);
      const guard = (bucket: s3.Bucket, id: RegExp) => codes(id).map(({ code }) => code).filter(isCall).forEach((code) => new Function('bucket', 'RequireTls', 'RequireEncryption', code)(bucket, RequireTls, RequireEncryption));
      guard(new s3.Bucket(stack, 'Data', propsOf(/^Data/)), /^Data/);
      guard(new s3.Bucket(stack, 'Encrypted', { encryptionKey: new kms.Key(stack, 'Key', { ...key, ...propsOf(/^Key/) }), ...propsOf(/^Encrypted/) }), /^Encrypted/);
    });
    expect(json('check', mended, ...IN_ENVIRONMENT).findings).toEqual([expect.objectContaining({ rule: 'SecureBucket-UploadEncryption', fix: { language: 'typescript', code: 'bucket.with(new RequireEncryption())' } })]); // of the key that there is now
  });
});
