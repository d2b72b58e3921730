import { writeFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { DENIED_READ } from './cloudtrail-records';
import calls from './events/calls.json';
import { file, json, secureBucket } from './terminal';

const TEMPLATES = join(__dirname, 'events/templates.json');

interface RecordedCase {
  readonly cause: string;
  readonly caller: string;
  readonly call: string;
  readonly bucket: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly key?: boolean;
  readonly denied?: boolean;
  readonly error?: string;
  readonly message?: string;
  readonly record?: object;
  readonly begins: string;
  readonly needs?: string;
}

/** The record that CloudTrail writes of a call. */
function recordOf({ caller, call, bucket, parameters, key = true, denied, error, message, record }: RecordedCase): object {
  const [account, arn] = ['111122223333', `arn:aws:s3:::${bucket}`];
  return {
    ...DENIED_READ,
    userIdentity: { type: 'AssumedRole', principalId: 'AROAIDPPEZS35WEXAMPLE:s', arn: `arn:aws:sts::${account}:assumed-role/${caller}/s`, accountId: account },
    eventName: call,
    errorCode: denied ? 'AccessDenied' : error,
    errorMessage: message,
    requestParameters: { bucketName: bucket, Host: 'h', ...(key ? { key: 'k' } : {}), ...parameters },
    resources: [{ type: 'AWS::S3::Object', ARN: `${arn}/k` }, { accountId: account, type: 'AWS::S3::Bucket', ARN: arn }],
    ...record,
  };
}

const CASES = calls as readonly RecordedCase[];

describe('a recorded call is answered as S3 answered it', () => {
  test.each(CASES.map((one): [string, RecordedCase] => [one.cause, one]))('%s', (_, one) => {
    const record = file(recordOf(one), 'record.json');
    const { exitCode, out } = secureBucket('explain', TEMPLATES, '--stack-name', 'events', '--event', record);
    expect(out.slice(0, one.begins.length)).toBe(one.begins);
    expect(exitCode).toBe(one.denied || !one.begins.startsWith('Allowed') ? 2 : 0);
    if (one.needs !== undefined) {
      expect(out).toMatch(new RegExp(`${one.needs}\\b`));
    }
  });
});

describe('many records', () => {
  const gz = (content: unknown) => {
    const path = file('', 'trail.json.gz');
    writeFileSync(path, gzipSync(JSON.stringify(content)));
    return path;
  };
  const [missing] = CASES;
  const version = CASES.find(({ call, parameters }) => call === 'GetObject' && parameters?.versionId)!;

  test('are read as CloudTrail compresses them, and those with the same answer are told once', () => {
    const trail = gz({ Records: [missing, missing, version, missing].map((one, i) => ({ ...recordOf(one), eventTime: `2026-03-02T01:02:0${i}Z` })) });
    const { decisions } = json('explain', TEMPLATES, '--event', trail);
    expect(decisions.map(({ count, request, isOfMissingObject }: any) => [count, request.action, isOfMissingObject ?? false])).toEqual([[3, 's3:GetObject', true], [1, 's3:GetObjectVersion', false]]);
    expect(secureBucket('explain', TEMPLATES, '--event', trail).out).toContain('\n  3 records have this answer.\n');
  });

  test('of which some are not decided say so, each kind in a line, and are not 0', () => {
    const allowed = CASES.find(({ begins }) => begins === 'Allowed')!;
    const others = [{ eventName: 'CreateSession' }, { eventName: 'CreateSession' }, { eventSource: 's3vectors.amazonaws.com', eventName: 'QueryVectors' }];
    const trail = gz({ Records: [recordOf(allowed), ...others.map((other) => ({ ...recordOf(allowed), ...other }))] });
    const { exitCode, out } = secureBucket('explain', TEMPLATES, '--event', trail);
    expect(out).toMatch(/^Allowed: /);
    expect(out).toContain("2 records: 'CreateSession' is not decided: directory buckets are authorized by sessions (s3express:CreateSession), which are not decided.\n");
    expect(out).toContain("'QueryVectors' is not decided: vector buckets");
    expect(exitCode).toBe(2);
  });

  test('that are no JSON are refused in one line', () => {
    const path = file('', 'trail.json.gz');
    writeFileSync(path, gzipSync('no JSON'));
    const { exitCode, err } = secureBucket('explain', TEMPLATES, '--event', path);
    expect([exitCode, err.trim().split('\n').length]).toEqual([1, 1]);
    expect(err).toMatch(/it is not JSON compressed by gzip/);
  });
});

describe('secure-bucket explain --operation', () => {
  const asking = (...options: string[]) => ['explain', TEMPLATES, '--account', '111122223333', '--region', 'eu-west-1', '--principal', 'arn:aws:iam::111122223333:role/Copier', '--resource', 'Data', '--key', 'k', ...options];

  test('decides every permission, by headers and the source of a copy', () => {
    const { outcome, decisions: [{ parts }] } = json(...asking('--operation', 'PutObject', '--header', 'x-amz-acl=bucket-owner-full-control', 'x-amz-tagging-directive: REPLACE', '--copy-source', 'amzn-s3-demo-data/a%20b'));
    expect(outcome).toBe('denied');
    expect(parts.map(({ action, resource, outcome: ofPart }: any) => [action, resource, ofPart])).toEqual([
      ['s3:PutObject', 'arn:aws:s3:::amzn-s3-demo-data/k', 'allowed'],
      ['s3:GetObject', 'arn:aws:s3:::amzn-s3-demo-data/a b', 'allowed'],
      ['s3:PutObjectAcl', 'arn:aws:s3:::amzn-s3-demo-data/k', 'denied'],
    ]);
  });

  test('a condition key that is a header of the upload counts as one', () => {
    expect(json(...asking('--operation', 'PutObject', '--context', 's3:x-amz-acl=public-read')).decisions[0].parts.map(({ action }: any) => action)).toEqual(['s3:PutObject', 's3:PutObjectAcl']);
  });

  test.each([
    [['--operation', 'PutObjekt'], /S3 has no operation 'PutObjekt'\. Did you mean 'PutObject'\?/],
    [['--operation', 'CopyObject'], /CopyObject copies an object\. Name it by the header x-amz-copy-source/],
    [['--operation', 'PutObject', '--action', 's3:PutObject'], /Specify --operation, with --header and --copy-source if it has them, or --action/],
    [['--operation', 'PutObject', '--header', 'x-amz-acl'], /--header takes name=value/],
    [['--operation', 'CreateSession'], /CreateSession is not decided: directory buckets/],
  ])('refuses %j in one line', (options, message) => {
    const { exitCode, err } = secureBucket(...asking(...options));
    expect([exitCode, err.trim().split('\n').length]).toEqual([1, 1]);
    expect(err).toMatch(message);
  });
});
