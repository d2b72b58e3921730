import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { BucketClass, Build, CASES } from './drop-in-cases';
import { SecureBucket } from '../../src';

type Templates = Record<string, any>;

const HARMFUL = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE, ResourceImpact.WILL_DESTROY, ResourceImpact.WILL_ORPHAN];

/** Every template of an app, those of Stages and nested stacks too, by its place in the assembly. */
function templatesOf(app: App): Templates {
  return collect(app.synth());
}

function collect(assembly: CloudAssembly): Templates {
  const files = readdirSync(assembly.directory).filter((file) => file.endsWith('.template.json'));
  const own = files.map((file) => [file, JSON.parse(readFileSync(join(assembly.directory, file), 'utf8'))]);
  return Object.assign(Object.fromEntries(own), ...assembly.nestedAssemblies.map(({ nestedAssembly }) => collect(nestedAssembly)));
}

/** What dropping in a class for `s3.Bucket` would do to resources and outputs that exist. */
function damage(build: Build, Dropped: BucketClass): string[] {
  const [before, after] = [templatesOf(build(s3.Bucket)), templatesOf(build(Dropped))];
  return Object.keys(before).flatMap((file) => templateDamage(before[file], after[file] ?? {}));
}

function templateDamage(before: any, after: any): string[] {
  const diff = fullDiff(before, after);
  const replaced = Object.entries(diff.resources.changes).filter(([, { changeImpact }]) => HARMFUL.includes(changeImpact)).map(([id, { changeImpact }]) => `${id}: ${changeImpact}`);
  const released = Object.entries<any>(before.Resources).filter(([id, { DeletionPolicy }]) => DeletionPolicy === 'Retain' && after.Resources?.[id]?.DeletionPolicy !== 'Retain');
  const outputs = Object.keys(before.Outputs ?? {}).filter((id) => JSON.stringify(before.Outputs[id]) !== JSON.stringify(after.Outputs?.[id]));
  return [...replaced, ...released.map(([id]) => `${id}: no longer retained`), ...outputs.map((id) => `output ${id}`)];
}

test('there are enough cases', () => {
  expect(Object.keys(CASES).length).toBeGreaterThanOrEqual(30);
});

test.each(Object.keys(CASES))('SecureBucket drops in for s3.Bucket with %s', (name) => {
  expect(damage(CASES[name], SecureBucket)).toEqual([]);
});

describe('the comparison notices', () => {
  test('a bucket of another name', () => {
    class Renamed extends s3.Bucket {
      constructor(...[scope, id, props]: ConstructorParameters<BucketClass>) {
        super(scope, id, { ...props, bucketName: 'other' });
      }
    }
    expect(damage(CASES['a physical name'], Renamed)).toEqual([expect.stringMatching(/^Data\w+: WILL_REPLACE$/)]);
  });

  test('a bucket and a key in another place', () => {
    class Moved extends s3.Bucket {
      constructor(...[scope, id, props]: ConstructorParameters<BucketClass>) {
        super(scope, `${id}Moved`, props);
      }
    }
    expect(damage(CASES['a key of its own'], Moved)).toEqual(expect.arrayContaining([expect.stringMatching(/^DataKey\w+: WILL_ORPHAN$/), expect.stringMatching(/^Data\w+: WILL_ORPHAN$/)]));
  });

  test('a changed export', () => {
    class Reexported extends s3.Bucket {
      constructor(...[scope, id, props]: ConstructorParameters<BucketClass>) {
        super(scope, id, props);
        (this.node.defaultChild as s3.CfnBucket).overrideLogicalId('Other');
      }
    }
    expect(damage(CASES['a consumer in another stack'], Reexported).join()).toContain('output ExportsOutput');
  });
});

test.each<[string, s3.BucketProps]>([
  ['websiteIndexDocument', { websiteIndexDocument: 'index.html' }],
  ['websiteRedirect', { websiteRedirect: { hostName: 'example.com' } }],
])('a website is refused: %s', (prop, props) => {
  expect(() => new SecureBucket(new App() as any, 'Site', props)).toThrow(`'Site': '${prop}' would serve the bucket as a website`);
});
