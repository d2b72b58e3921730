import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { json, secureBucket } from './terminal';

const folder = mkdtempSync(join(tmpdir(), 'secure-bucket-inputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: unknown): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const template = (...names: string[]) => ({ Resources: Object.fromEntries(names.map((name) => [name, { Type: 'AWS::S3::Bucket' }])) });
const assembly = (path: string, stack: string, ...buckets: string[]) => {
  write(`${path}/manifest.json`, { version: '48.0.0', artifacts: { [stack]: { type: 'aws:cloudformation:stack', environment: 'aws://111122223333/eu-west-1', properties: { templateFile: `${stack}.template.json` } } } });
  write(`${path}/${stack}.template.json`, template(...buckets));
};
const bucketsOf = (answer: any): string[] => [...new Set<string>(answer.findings.map(({ stack, logicalId }: any) => `${stack}/${logicalId}`))].sort();

describe('a cloud assembly with a template that cannot be read', () => {
  const cases: [string, string | undefined][] = [['no JSON', '{ "Resources": '], ['no object', '"text"'], ['no file', undefined]];

  test.each(cases)('%s: the others are answered, and it is named', (name, content) => {
    const path = `partial-${name.replace(' ', '-')}/cdk.out`;
    assembly(path, 'Good', 'Data');
    write(`${path}/manifest.json`, {
      version: '48.0.0',
      artifacts: Object.fromEntries(['Bad', 'Good'].map((stack) => [stack, { type: 'aws:cloudformation:stack', environment: 'aws://111122223333/eu-west-1', properties: { templateFile: `${stack}.template.json` } }])),
    });
    if (content !== undefined) {
      write(`${path}/Bad.template.json`, content);
    }
    const answer = json('check', join(folder, path));
    expect(bucketsOf(answer)).toEqual(['Good/Data']);
    expect(answer.unreadable).toEqual([{ file: expect.stringMatching(/Bad\.template\.json$/), problem: expect.stringContaining('Bad.template.json') }]);
    expect(secureBucket('check', join(folder, path)).exitCode).toBe(1);
    expect(json('prove', join(folder, path)).buckets).toHaveLength(1);
    expect(secureBucket('explain', join(folder, path), '--principal', 'anonymous', '--action', 's3:ListBucket', '--resource', 'Data')).toMatchObject({ exitCode: 1, out: '' });
  });

  test('in a stage, too', () => {
    assembly('staged/cdk.out', 'Good', 'Data');
    write('staged/cdk.out/manifest.json', {
      version: '48.0.0',
      artifacts: {
        Good: { type: 'aws:cloudformation:stack', environment: 'aws://111122223333/eu-west-1', properties: { templateFile: 'Good.template.json' } },
        Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
      },
    });
    write('staged/cdk.out/assembly-Stage/manifest.json', 'no JSON');
    const answer = json('check', join(folder, 'staged/cdk.out'));
    expect(bucketsOf(answer)).toEqual(['Good/Data']);
    expect(answer.unreadable).toEqual([expect.objectContaining({ problem: expect.stringMatching(/assembly-Stage.manifest\.json/) })]);
  });

  test('and nothing else: what is wrong is said', () => {
    assembly('bad/cdk.out', 'Bad', 'Data');
    write('bad/cdk.out/Bad.template.json', '{');
    expect(secureBucket('check', join(folder, 'bad/cdk.out'))).toMatchObject({ exitCode: 1, err: expect.stringContaining('Bad.template.json: this is no JSON') });
  });
});

describe('folders', () => {
  const mixed = join(folder, 'mixed');
  write('mixed/data.yaml', 'Resources:\n  Data: { Type: AWS::S3::Bucket }\n');
  write('mixed/network/template.json', template('Logs'));
  write('mixed/storage/template.json', template('Files'));
  write('mixed/legacy.template', template('Old'));
  write('mixed/package.json', { name: 'app', version: '1.0.0' });
  write('mixed/compose.yaml', 'services: { web: { image: nginx } }');
  write('mixed/chart.yaml', 'name: {{ .Values.name }}\n');
  write('mixed/tsconfig.json', '{ // comments\n "compilerOptions": {} }');
  write('mixed/web/manifest.json', { name: 'An app for the web', icons: [] });
  write('mixed/README.md', 'Resources:\n');
  write('mixed/node_modules/x/template.yaml', 'Resources:\n  Foreign: { Type: AWS::S3::Bucket }\n');
  write('mixed/.github/template.yaml', 'Resources:\n  Hidden: { Type: AWS::S3::Bucket }\n');
  assembly('mixed/cdk.out', 'App', 'InAssembly');
  symlinkSync(mixed, join(mixed, 'circle'));

  test('are searched for templates and cloud assemblies; files of the same name are told apart by their folders', () => {
    expect(bucketsOf(json('check', mixed))).toEqual(['App/InAssembly', 'data/Data', 'legacy/Old', 'network/template/Logs', 'storage/template/Files']);
  });

  test('files in them that are no templates are skipped, and counted in every format', () => {
    const { exitCode, err } = secureBucket('check', mixed);
    expect(exitCode).toBe(2);
    expect(err).toBe('secure-bucket: 5 files in folders are no templates and were skipped.\n');
    expect(json('check', mixed)).toMatchObject({ skipped: 5, unreadable: [] });
    const [{ invocations: [invocation] }] = JSON.parse(secureBucket('check', mixed, '--format', 'sarif').out).runs;
    expect(invocation).toEqual({ executionSuccessful: true, toolExecutionNotifications: [{ level: 'note', message: { text: expect.stringContaining('5 files') } }] });
  });

  test('what several paths lead to is read once', () => {
    expect(json('check', mixed, join(mixed, 'data.yaml'), join(mixed, 'network'), join(mixed, 'cdk.out')).summary.templates).toBe(5);
  });

  test('templates in them that make the same bucket are alternatives: each has its own policy', () => {
    const deny = (key: string, value: string) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { [key === 's3:TlsVersion' ? 'NumericLessThan' : 'Bool']: { [key]: value } } });
    const alternative = (...Statement: object[]) => ({
      Resources: {
        Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement } } },
      },
    });
    write('alternatives/dev.json', alternative(deny('aws:SecureTransport', 'false')));
    write('alternatives/prod.json', alternative(deny('aws:SecureTransport', 'false'), deny('s3:TlsVersion', '1.2')));
    const { findings } = json('check', join(folder, 'alternatives'));
    const rules = (stack: string) => findings.filter((finding: any) => finding.stack === stack).map(({ rule }: any) => rule);
    expect([...rules('dev'), ...rules('prod')]).not.toContain('SecureBucket-CompetingPolicies');
    const asking = ['--principal', 'anonymous', '--action', 's3:ListBucket', '--resource', 'arn:aws:s3:::amzn-s3-demo-bucket'];
    expect(secureBucket('explain', join(folder, 'alternatives'), ...asking)).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('is made by dev/Data and prod/Data, which cannot both be deployed') });
    expect([rules('dev').includes('SecureBucket-TlsFloor'), rules('prod').includes('SecureBucket-TlsFloor')]).toEqual([true, false]);
  });

  test('two cloud assemblies with a stack of the same name are not mixed up: the second one is named', () => {
    assembly('two/a/cdk.out', 'App', 'One');
    assembly('two/b/cdk.out', 'App', 'Two');
    assembly('two/c/cdk.out', 'Other', 'Three');
    const answer = json('check', join(folder, 'two'));
    expect(bucketsOf(answer)).toEqual(['App/One', 'Other/Three']);
    expect(answer.unreadable).toEqual([{ file: join(folder, 'two/b/cdk.out'), problem: expect.stringContaining("another cloud assembly has a stack 'App', too") }]);
  });

  test.each([
    ['that is empty', () => mkdirSync(join(folder, 'empty')), 'empty', /the folder is no cloud assembly, and has no JSON or YAML files/],
    ['without a template', () => write('none/package.json', {}), 'none', /There is no template: 1 file in \S+none is none/],
  ])('one %s is wrong use', (_, make, name, message) => {
    make();
    expect(secureBucket('check', join(folder, name))).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(message) });
  });
});

describe('patterns', () => {
  ['a/one.yaml', 'a/two.yml', 'a/three.json', 'a/deep/four.yaml', 'b/five.yaml', 'a/[6].yaml'].forEach((path) => write(`patterns/${path}`, template(`In${path.replace(/\W/g, '')}`)));
  write('patterns/a/notes.yaml', 'notes: [none]');

  test.each([
    ['patterns/a/*.yaml', ['Ina6yaml', 'Inaoneyaml'], 1],
    ['patterns/**/*.yaml', ['Ina6yaml', 'Inadeepfouryaml', 'Inaoneyaml', 'Inbfiveyaml'], 1],
    ['patterns/a/*.{yml,json}', ['Inathreejson', 'Inatwoyml'], 0],
    ['patterns/[ab]/?????.yaml', [], 1],
    ['patterns/b*', ['Inbfiveyaml'], 0],
    ['patterns/a/[6].yaml', ['Ina6yaml'], 0],
  ])('%s', (pattern, expected, skipped) => {
    const session = secureBucket('check', join(folder, pattern), '--format', 'json');
    if (expected.length === 0) {
      expect(session).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('There is no template') });
    } else {
      const answer = JSON.parse(session.out);
      expect([...new Set(answer.findings.map(({ logicalId }: any) => logicalId))].sort()).toEqual(expected);
      expect(answer.skipped).toBe(skipped);
    }
  });

  test.each(['patterns/a/*.txt', 'nowhere/*.yaml', 'patterns/[z-a].yaml'])('%s matches nothing, which is wrong use', (pattern) => {
    expect(secureBucket('check', join(folder, pattern))).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('there is no such file, and none matches it as a pattern') });
  });
});

describe('one file that cannot be read', () => {
  const good = write('bad/good.json', template('Good'));
  const broken = write('bad/broken.yaml', 'Resources:\n  A: { Type: AWS::S3::Bucket\n');
  const untyped = write('bad/untyped.json', { AWSTemplateFormatVersion: '2010-09-09', Resources: { A: { Properties: {} } } });
  const missing = join(folder, 'bad/missing.yaml');

  test.each(['check', 'prove', 'report'])('%s answers for the others, names it, and ends with 1', (command) => {
    const output = join(folder, `${command}.html`);
    const session = secureBucket(command, good, broken, missing, ...(command === 'report' ? ['--output', output] : []));
    expect(session.exitCode).toBe(1);
    expect(session.out).toMatch(/1 bucket/);
    expect(session.err.split('\n')).toEqual([expect.stringContaining(`${broken} cannot be read`), expect.stringContaining(`${missing} cannot be read: there is no such file`), '']);
  });

  test.each(['check', 'prove', 'report'])('%s names it in JSON', (command) => {
    const { exitCode, out } = secureBucket(command, good, missing, '--format', 'json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out).unreadable).toEqual([{ file: missing, problem: `${missing} cannot be read: there is no such file.` }]);
  });

  test.each(['check', 'prove'])('%s names it in SARIF as a notification of the tool', (command) => {
    const { exitCode, out } = secureBucket(command, good, missing, '--format', 'sarif');
    const [{ invocations: [invocation], results }] = JSON.parse(out).runs;
    expect(exitCode).toBe(1);
    expect(results.length).toBeGreaterThan(0);
    expect(invocation).toEqual({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', message: { text: `${missing} cannot be read: there is no such file.` }, locations: [{ physicalLocation: { artifactLocation: { uri: expect.stringMatching(/missing\.yaml$/) } } }] }],
    });
  });

  test('the page of a report names it, too', () => {
    const output = join(folder, 'page.html');
    secureBucket('report', good, missing, '--output', output);
    expect(readFileSync(output, 'utf8')).toMatch(/Not looked at<\/h2>\s*<ul class="plain"><li class="open">[^<]*missing\.yaml cannot be read: there is no such file\./);
  });

  test('in a folder is no file to skip: whatever is meant as a template is named', () => {
    const { exitCode, err } = secureBucket('check', join(folder, 'bad'));
    expect(exitCode).toBe(1);
    expect(err).toContain(`${broken} cannot be read`);
    expect(err).toContain(`${untyped} is no CloudFormation template: the resource 'A' has no Type.`);
    expect(err).not.toContain('skipped');
  });

  test('is wrong use where the answer hangs on all templates together', () => {
    const asking = ['--principal', 'anonymous', '--action', 's3:ListBucket', '--resource', 'Good'];
    expect(secureBucket('explain', good, missing, ...asking)).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('missing.yaml cannot be read') });
    expect(secureBucket('explain', good, ...asking)).toMatchObject({ exitCode: 2 });
  });

  test('is wrong use where nothing is left to look at', () => {
    expect(secureBucket('check', missing, broken)).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(/missing\.yaml cannot be read.*broken\.yaml cannot be read/) });
    const topic = write('topic.json', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    expect(secureBucket('prove', topic, missing)).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('missing.yaml cannot be read') });
  });

  const forbidden = write('forbidden/data.yaml', 'Resources: {}');
  chmodSync(forbidden, 0o000);
  (process.getuid?.() === 0 ? test.skip : test)('a file without permission to read it is named, wherever it is', () => {
    expect(secureBucket('check', join(folder, 'forbidden'), good)).toMatchObject({ exitCode: 1, err: expect.stringContaining('permission denied') });
  });
});

describe('--output', () => {
  const data = write('output/data.json', template('Data'));
  const read = (path: string) => readFileSync(path, 'utf8');

  test.each([['check', 'text'], ['check', 'json'], ['check', 'sarif'], ['prove', 'text'], ['prove', 'json'], ['prove', 'sarif'], ['report', 'json']])('%s --format %s writes what it would print, and replaces an older file', (command, format) => {
    const output = write(`output/${command}.${format}`, 'older, and longer than what comes: '.repeat(10_000));
    const printed = secureBucket(command, data, '--format', format);
    const written = secureBucket(command, data, '--format', format, '--output', output);
    expect(written).toEqual({ ...printed, out: '' });
    expect(read(output).replace(/^ {2}"file": .*\n/m, '')).toBe(printed.out);
  });

  test.each([['text'], ['json'], ['sarif']])('%s goes to no folder that is not there', (format) => {
    expect(secureBucket('check', data, '--format', format, '--output', join(folder, 'nowhere/x'))).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(/^secure-bucket: --output: there is no folder '.*nowhere'\. Create it first\.\n$/) });
  });

  test('is no folder', () => {
    expect(secureBucket('check', data, '--output', folder)).toMatchObject({ exitCode: 1, err: expect.stringContaining(`--output: '${folder}' is a folder. Name a file.`) });
  });
});

describe('JSON with comments', () => {
  test.each<[where: string, text: string, place: string]>([
    ['before the first key', '{\n  // the data\n  "Resources": {"Data": {"Type": "AWS::S3::Bucket"}}\n}', 'line 2, column 3'],
    ['in front of all', '{ /* the data */ "Resources": {"Data": {"Type": "AWS::S3::Bucket"}}}', 'line 1, column 3'],
    ['behind a value', '{"Resources": {\n"Data": {"Type": "AWS::S3::Bucket"} // the data\n}}', 'line 2, column 37'],
  ])('is refused as JSON, with the place: %s', (_, text, place) => {
    expect(secureBucket('check', write('comments.json', text))).toMatchObject({ exitCode: 1, err: expect.stringContaining(`comments.json cannot be read: it is JSON, which has no comments (${place}).`) });
  });

  test('is not what has addresses in it', () => {
    const flow = '{"Description": "see // and /* of https://example.com", "Resources": {"Data": {"Type": AWS::S3::Bucket, "Metadata": {"see": https://example.com}}}}';
    expect(secureBucket('check', write('flow.yaml', flow)).err).toBe('');
  });
});

describe('--assume', () => {
  const data = write('assume/data.json', template('Data'));
  const assume = (content: object) => secureBucket('check', data, '--assume', write('assume/assume.json', content));

  test.each(['parameters', 'physicalIds'])('names stacks of which there are templates: %s', (field) => {
    expect(assume({ [field]: { dta: {} } })).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(new RegExp(`'${field}\\.dta' is about a stack of which there is no template\\. Did you mean 'data'\\? Stacks: data\\.\\n$`)) });
    expect(assume({ [field]: { data: {} } }).err).toBe('');
  });

  test.each([
    ['Dta', " Did you mean 'Data'?"],
    ['Dta.Arn', " Did you mean 'Data'?"],
    ['Nothing', ''],
  ])('gives ids to resources that there are: %s', (key, meant) => {
    expect(assume({ physicalIds: { data: { [key]: 'amzn-s3-demo-bucket' } } })).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(new RegExp(`'physicalIds\\.data\\.${key.replace('.', '\\.')}' is about a resource that the template does not have\\.${meant.replace('?', '\\?')}\\n$`)) });
    expect(assume({ physicalIds: { data: { Data: 'amzn-s3-demo-bucket' } } }).err).toBe('');
  });

  test('gives ids to resources that transforms make', () => {
    const made = write('assume/data.json', { ...template('Data'), Transform: 'AWS::Serverless-2016-10-31', Resources: { ...template('Data').Resources, Handler: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'index.handler', Runtime: 'nodejs22.x', InlineCode: '' } } } });
    const ids = (key: string) => secureBucket('check', made, '--assume', write('assume/assume.json', { physicalIds: { data: { [key]: 'AppRole' } } })).err;
    expect(ids('HandlerRole')).toBe('');
    expect(ids('HandlerRol')).toContain("Did you mean 'HandlerRole'?");
  });

  test('may name the stack of a template that cannot be read', () => {
    const broken = write('assume/other.yaml', 'Resources: [');
    expect(secureBucket('check', data, broken, '--assume', write('assume/other.json', { parameters: { other: {} } })).err).not.toContain('is about a stack');
  });
});
