import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import { testsThatLoadTheCdk } from '../../projenrc/tests-that-load-the-cdk';
import { NewFolder } from '../support/new-folder';

const folder = new NewFolder();
const project = { root: folder.path, name: 'the-package' };

beforeAll(() => {
  write('node_modules/aws-cdk-lib/package.json', '{}');
  write('node_modules/of-the-cdk/package.json', JSON.stringify({ peerDependencies: { 'aws-cdk-lib': '^2' } }));
  write('node_modules/plain/package.json', JSON.stringify({ dependencies: { circular: '*' } }));
  write('node_modules/circular/package.json', JSON.stringify({ dependencies: { plain: '*' } }));
  write('node_modules/outer/package.json', JSON.stringify({ dependencies: { inner: '*' } }));
  write('node_modules/outer/node_modules/inner/package.json', JSON.stringify({ dependencies: { constructs: '*' } }));
  write('src/index.ts', "export * from './storage/bucket';");
  write('src/storage/bucket.ts', "import { Bucket } from 'aws-cdk-lib/aws-s3';\nexport const made = Bucket;");
  write('src/policy/one.ts', "import { other } from './other';\nexport const one = other;");
  write('src/policy/other.ts', "import { one } from './one';\nexport const other = () => one;");
  write('src/cli/files.ts', "export const PASSED_OVER = ['node_modules'];");
  write('src/cli/later.ts', "export const bucket = () => import('../storage/bucket');");
  write('test/data.json', '{ "text": "aws-cdk-lib" }');
});

function write(path: string, text: string): string {
  const file = join(folder.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test.each([
  ['aws-cdk-lib', "import { App } from 'aws-cdk-lib';"],
  ['a module of aws-cdk-lib', "import * as s3 from 'aws-cdk-lib/aws-s3';"],
  ['constructs', "import { Construct } from 'constructs';"],
  ['a file that imports aws-cdk-lib', "import { made } from '../../src/storage/bucket';"],
  ['a file that imports it when it is called', "import { bucket } from '../../src/cli/later';"],
  ['a folder whose files import it', "import { made } from '../../src';"],
  ['the package itself, by its name', "import { made } from 'the-package';"],
  ['a package for the CDK', "import 'of-the-cdk';"],
  ['a package that depends on the CDK', "import 'outer/lib/file';"],
  ['what starts processes', "import { spawnSync } from 'child_process';"],
  ['what starts processes, as Node names it', "import { spawnSync } from 'node:child_process';"],
  ['whatever it is told to', 'export const load = (name: string) => require(name);'],
  ['whatever it is told to, by jest', 'export const load = (name: string) => jest.requireActual(name);'],
  ['a module by jest', "export const load = () => jest.requireActual('../../src/storage/bucket');"],
  ['code that it makes', "export const load = new Function('require', 'return require(\\'aws-cdk-lib\\')');"],
  ['a package by its path', "export const CDK = '../node_modules/aws-cdk/bin/cdk';"],
])('a test that imports %s runs on the newest CDK too', (_, text) => {
  const file = write('test/policy/one.test.ts', text);
  expect(testsThatLoadTheCdk([file], project)).toEqual([file]);
});

test.each([
  ['files that import no package, in a circle', "import { one } from '../../src/policy/one';"],
  ['packages that have nothing to do with the CDK', "import 'plain';\nimport { readFileSync } from 'fs';"],
  ['data that mentions the CDK', "import * as data from '../data.json';"],
  ['a source that passes packages over', "import { PASSED_OVER } from '../../src/cli/files';"],
])('a test that imports %s is not run again', (_, text) => {
  expect(testsThatLoadTheCdk([write('test/policy/one.test.ts', text)], project)).toEqual([]);
});

test.each([
  ["import 'missing';", "The package 'missing' is imported, and is not installed."],
  ["import '../missing';", "imports '../missing', and there is no such file."],
])('%s is an error', (text, message) => {
  const file = write('test/policy/one.test.ts', text);
  expect(() => testsThatLoadTheCdk([file], project)).toThrow(message);
});

test('of this project, tests of constructs run again, and those of policies and proofs do not', () => {
  const root = resolve(__dirname, '../..');
  const again = ['test/acceptance/package.test.ts', 'test/checks/regressions.long.test.ts', 'test/readme.test.ts', 'test/storage/secure-bucket.test.ts'].map((path) => join(root, path));
  const once = ['test/policy/evaluate.test.ts', 'test/proof/prove.test.ts'].map((path) => join(root, path));
  expect(testsThatLoadTheCdk([...again, ...once], { root, name: 'cdk-secure-bucket' })).toEqual(again);
});
