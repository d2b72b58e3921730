import { readFileSync } from 'fs';
import { DENIED_READ } from './cloudtrail-records';
import { file, LEGACY, REPORTS, secureBucket, Session } from './terminal';
import { parseYaml } from '../../src/cli/yaml-template';
import * as fc from '../support/fast-check';

const RUNS = { numRuns: 80 };
const READER = ['--principal', 'arn:aws:iam::444455556666:role/ReportReader', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::amzn-s3-demo-reports-111122223333/monthly/1.csv'];
const PAGE = file('', 'report.html');

const COMMANDS: [string, (path: string) => string[]][] = [
  ['prove', (path) => ['prove', path]],
  ['check', (path) => ['check', path]],
  ['report', (path) => ['report', path, '--output', PAGE]],
  ['explain', (path) => ['explain', path, '--account', '111122223333', '--region', 'eu-west-1', ...READER]],
];

/** Either an answer, or one line on what is wrong with the input: never a mistake of the command itself. */
function expectSense({ exitCode, out, err }: Session): void {
  if (exitCode === 1) {
    expect([out, err]).toEqual(['', expect.stringMatching(/^secure-bucket: [^\n]+\n$/)]);
    expect(err).not.toContain('mistake of secure-bucket');
  } else {
    expect([0, 2]).toContain(exitCode);
    expect(out).not.toBe('');
  }
}

type Path = readonly (string | number)[];
const TEMPLATES = [parseYaml(readFileSync(REPORTS, 'utf8')).value as any, JSON.parse(readFileSync(LEGACY, 'utf8'))];

function paths(value: unknown, path: Path = []): Path[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...children.flatMap(([key, child]) => paths(child, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function replaced(value: any, [step, ...rest]: Path, by: unknown): any {
  if (step === undefined) {
    return by;
  }
  return Array.isArray(value) ? value.map((child, i) => (i === step ? replaced(child, rest, by) : child)) : { ...value, [step]: replaced(value[step], rest, by) };
}

const PLACES = TEMPLATES.flatMap((template) => paths(template).slice(1).map((path) => ({ template, path })));
const REFERENCE = fc.constantFrom('Reports', 'ReportsPolicy', 'Key', 'Nowhere', 'AWS::Region', 'AWS::NoValue', '__proto__', 'constructor');
const INTRINSIC = fc.oneof(
  REFERENCE.map((name) => ({ Ref: name })),
  REFERENCE.map((name) => ({ 'Fn::GetAtt': [name, 'Arn'] })),
  REFERENCE.map((name) => ({ 'Fn::Sub': `\${${name}}-\${${name}.Arn}` })),
  REFERENCE.map((name) => ({ 'Fn::If': [name, { Ref: name }, { Ref: 'AWS::NoValue' }] })),
  fc.jsonValue().map((value) => ({ 'Fn::Join': value })),
  fc.jsonValue().map((value) => ({ 'Fn::Sub': value })),
  fc.jsonValue().map((value) => ({ 'Fn::Select': value })),
  fc.jsonValue().map((value) => ({ 'Fn::FindInMap': value })),
  fc.jsonValue().map((value) => ({ Ref: value })),
  fc.jsonValue().map((value) => ({ 'Fn::GetAtt': value })),
  fc.jsonValue().map((value) => ({ Condition: value })),
);
const JUNK = fc.oneof(fc.jsonValue(), INTRINSIC, fc.constantFrom('*', '', '${', '${aws:username}', '2012-10-17', 'Deny', [], {}, null, -1, 1e308));
const MUTATED = fc.tuple(fc.constantFrom(...PLACES), JUNK).map(([{ template, path }, by]) => replaced(template, path, by));

describe.each(COMMANDS)('%s', (_, args) => {
  test('makes sense of templates that are mutated anywhere', () => {
    fc.assert(fc.property(MUTATED, (template) => expectSense(secureBucket(...args(file(template, 'reports.json'))))), RUNS);
  });

  test('makes sense of text that is damaged anywhere', () => {
    const text = readFileSync(REPORTS, 'utf8');
    const damage = fc.tuple(fc.nat(text.length), fc.nat(40), fc.string({ unit: fc.constantFrom(...'{}[]:,-?&*!|>\'"%@`#\n\t \u0000\ue000é') }));
    fc.assert(fc.property(damage, ([at, length, by]) => expectSense(secureBucket(...args(file(text.slice(0, at) + by + text.slice(at + length), 'reports.yaml'))))), RUNS);
  });

  test('makes sense of whatever bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectSense(secureBucket(...args(file(Buffer.from(bytes), 'bytes'))))), RUNS);
  });

  test.each([
    ['a reference to itself', { Resources: { Reports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Reports' } } } } }],
    ['references in a circle', {
      Resources: {
        A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${B}-x' } } },
        B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Join': ['-', [{ Ref: 'A' }, 'y']] } } },
      },
    }],
    ['exports in a circle', {
      Resources: { A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::ImportValue': 'X' } } } },
      Outputs: { X: { Value: { 'Fn::ImportValue': 'Y' }, Export: { Name: 'X' } }, Y: { Value: { 'Fn::ImportValue': 'X' }, Export: { Name: { 'Fn::ImportValue': 'X' } } } },
    }],
    ['conditions in a circle', {
      Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] } },
      Resources: { A: { Type: 'AWS::S3::Bucket', Condition: 'A', Properties: { BucketName: { 'Fn::If': ['B', 'x', 'y'] } } } },
    }],
    ['a nested stack that is itself', { Resources: { A: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { P: { 'Fn::GetAtt': ['A', 'Outputs.P'] } } } }, B: { Type: 'AWS::S3::Bucket' } } }],
    ['names from Object.prototype', '{"Resources":{"__proto__":{"Type":"AWS::S3::Bucket","Properties":{"__proto__":{"BucketName":"x"}}},"constructor":{"Type":"AWS::S3::Bucket"},"toString":{"Type":"hasOwnProperty"}}}'],
    ['names from Object.prototype, as policy variables', {
      Resources: {
        Reports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-reports-111122223333' } },
        Policy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: { Bucket: { Ref: 'Reports' }, PolicyDocument: { Version: '2012-10-17', Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '${constructor}-${toString}', Condition: { StringEquals: { valueOf: '${constructor}' } } } } },
        },
      },
    }],
    ['names from Object.prototype, in YAML', 'Resources:\n  __proto__: &a { Type: AWS::S3::Bucket, Properties: { __proto__: { BucketName: x } } }\n  constructor: { <<: *a, __proto__: { polluted: 1 } }\n'],
  ])('makes sense of %s', (__, template) => {
    expectSense(secureBucket(...args(file(template, 'reports.yaml'))));
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as any).BucketName ?? ({} as any).polluted).toBeUndefined();
  });

  const deep = (open: string, close: string, levels: number) => `{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Tags":${open.repeat(levels)}0${close.repeat(levels)}}}}}`;

  test('answers for a key that occurs 30,000 times: the last of them counts', () => {
    const session = secureBucket(...args(file(`Resources:\n${'  A: { Type: AWS::S3::Bucket }\n'.repeat(30_000)}`, 'template.yaml')));
    expect(session.err.match(/occurs more than once/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expectSense(session);
  });

  test.each([
    ['JSON nested 100,000 lists deep', deep('[', ']', 100_000)],
    ['JSON nested 100,000 objects deep', deep('{"a":', '}', 100_000)],
    ['YAML nested 100,000 lists deep', `Resources: ${'['.repeat(100_000)}`],
    ['YAML nested 100,000 lists deep in blocks', `Resources:\n${'- '.repeat(100_000)}a`],
    ['YAML nested 3,000 objects deep in blocks', Array.from({ length: 3000 }, (__, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['a billion laughs', `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (__, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`).join('\n')}\nResources: *a12`],
    ['an alias of what it is in', 'Resources: &a { A: { Type: x, B: *a } }'],
    ['100,000 aliases', `Resources:\n${Array.from({ length: 100_000 }, (__, i) => `  a${i}: &x${i} {Type: x}\n  b${i}: *x${i}`).join('\n')}`],
    ['10 MB of JSON', JSON.stringify({ Resources: { A: { Type: 'AWS::S3::Bucket', Metadata: 'x'.repeat(10_000_000) } } })],
    ['10 MB of YAML', `Resources:\n${'  A: { Type: AWS::S3::Bucket }\n'.repeat(340_000)}`],
    ['an object from a tag', 'Resources: !!js/function "function () {}"'],
    ['a date from a tag', 'Resources: { A: !!timestamp 2012-10-17 }'],
    ['null', 'null'],
    ['nothing', ''],
  ])('refuses %s in one line', (__, text) => {
    const session = secureBucket(...args(file(text, 'template.yaml')));
    expect(session.exitCode).toBe(1);
    expectSense(session);
  });
});

test('makes sense of records of CloudTrail that are mutated anywhere', () => {
  const places = paths(DENIED_READ).slice(1);
  const mutated = fc.tuple(fc.constantFrom(...places), JUNK).map(([path, by]) => replaced(DENIED_READ, path, by));
  fc.assert(fc.property(mutated, (record) => expectSense(secureBucket('explain', REPORTS, '--event', file(record)))), RUNS);
});

test('makes sense of whatever arguments', () => {
  const argument = fc.oneof(fc.string(), fc.constantFrom('explain', 'prove', 'check', REPORTS, LEGACY, '--event', '--context', 'a=b', '__proto__=x', '--format', 'json', '--account', '--', '-', '--key', ...READER));
  fc.assert(fc.property(fc.array(argument, { maxLength: 8 }), (args) => {
    fc.pre(!args.some((text) => /^--?h(?:elp)?$|^--version$/.test(text)));
    const { exitCode, err } = secureBucket(...args);
    expect([0, 1, 2]).toContain(exitCode);
    expect(err).not.toContain('mistake of secure-bucket');
  }), RUNS);
});

describe('a value that nobody knows before deployment never makes an answer that the value which it may have contradicts', () => {
  const [reports] = TEMPLATES as any[];
  const where = ['--stack-name', 'reports', '--account', '111122223333', '--region', 'eu-west-1', '--format', 'json'];
  const values = paths(reports).filter((path) => path[0] === 'Resources' && path[2] === 'Properties' && path.length > 3);
  const withUnknown = (path: Path) => file({ ...replaced(reports, path, { Ref: 'Unknown' }), Parameters: { Unknown: { Type: 'String' } } }, 'reports.json');

  const root = ['--principal', 'arn:aws:iam::111122223333:root', '--resource', 'arn:aws:s3:::amzn-s3-demo-reports-111122223333', '--action'];
  const inside = ['--context', 'aws:SourceVpce=vpce-0abc123def4567890'];
  const questions = [READER, [...READER, ...inside], [...root, 's3:ListBucket'], [...root, 's3:ListBucket', ...inside], [...root, 's3:ListBucket', ...inside, 'aws:SecureTransport=false']];
  const answers = questions.map((question) => {
    const args = [...where, ...question];
    return { args, outcome: JSON.parse(secureBucket('explain', REPORTS, ...args).out).outcome };
  }).filter(({ outcome }) => outcome !== 'not-decided');

  test('in explain', () => {
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['denied', 'allowed']));
    fc.assert(fc.property(fc.constantFrom(...values), fc.constantFrom(...answers), (path, { args, outcome }) => {
      const { exitCode, out } = secureBucket('explain', withUnknown(path), ...args);
      if (exitCode !== 1) {
        expect([outcome, 'not-decided']).toContain(JSON.parse(out).outcome);
      }
    }), RUNS);
  });

  test('in prove', () => {
    const verdicts = (path: string): Map<string, string> => new Map(JSON.parse(secureBucket('prove', path, ...where).out).buckets
      .find(({ logicalId }: any) => logicalId === 'Reports').guarantees.map(({ rule, verdict }: any) => [rule, verdict]));
    const known = verdicts(REPORTS);
    fc.assert(fc.property(fc.constantFrom(...values), (path) => {
      for (const [rule, verdict] of verdicts(withUnknown(path))) {
        expect([known.get(rule), 'not-decided']).toContain(verdict);
      }
    }), RUNS);
  });
});
