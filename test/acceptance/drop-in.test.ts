import { App } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketClass, Build, CASES } from './drop-in-cases';
import { SecureBucket } from '../../src';
import { damageOf, templatesOf } from '../support/damage';

/** What dropping in a class for `s3.Bucket` would do to resources and outputs that exist. */
function damage(build: Build, Dropped: BucketClass): string[] {
  return damageOf(templatesOf(build(s3.Bucket)), templatesOf(build(Dropped)));
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
