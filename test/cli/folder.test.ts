import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { judge } from '../../src/checks/judge';
import { readInputs } from '../../src/cli/inputs';
import { deploymentOf } from '../../src/template/deployment-of';
import { CORPUS, corpusFile } from '../template/corpus';

const folder = mkdtempSync(join(tmpdir(), 'folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files of many kinds, of which none names what another one makes. Organization policies bind the buckets of all files: they are left out, and so are parents of nested stacks. */
const FILES = CORPUS.filter((name) => !/AWS::Organizations|AWS::CloudFormation::Stack\b|AWS::Serverless::Application/.test(readFileSync(corpusFile(name), 'utf8'))).slice(0, 50);
FILES.forEach((name, i) => writeFileSync(join(folder, name), readFileSync(corpusFile(name), 'utf8').replace(/\b(example|partner|analytics|reports)-(?=[a-z])/g, `$1-${String(i)}x-`)));

function findings(...paths: string[]): string[] {
  const { templates } = readInputs(paths, {});
  return judge(deploymentOf(templates)).map(({ rule, isDecided, resource, problem }) => `${resource.stack.name}/${resource.logicalId} ${rule.id}${isDecided ? '' : '-NotDecided'} ${problem}`);
}

test('what is found of each of 50 files is the same in their folder as alone', () => {
  expect(FILES).toHaveLength(50);
  const together = findings(folder);
  const differing = FILES.map((name) => {
    const stack = basename(name).replace(/\.(?:ya?ml|json|template)$/, '');
    return { name, together: together.filter((line) => line.startsWith(`${stack}/`)), alone: findings(join(folder, name)) };
  }).filter((one) => JSON.stringify(one.together) !== JSON.stringify(one.alone));
  expect(differing).toEqual([]);
});
