import { App, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { warn } from '../src/warning';
import { warnings } from './support/apps';

const ID = 'cdk-secure-bucket:example';

function bucket(): s3.Bucket {
  return new s3.Bucket(new Stack(new App({ analyticsReporting: false }), 'Stack'), 'Data');
}

test('a warning has an id to acknowledge it by, and says where it is', () => {
  const data = bucket();
  warn(data, 'example', 'something is strange.');
  expect(warnings(data)).toEqual([ID]);
  expect(data.node.metadata.map(({ data: text }) => text)).toContainEqual(expect.stringContaining("'Stack/Data': something is strange."));
});

describe.each<[string, (data: s3.Bucket) => IConstruct]>([
  ['the construct', (data) => data],
  ['its stack', (data) => Stack.of(data)],
  ['the app', (data) => data.node.root],
])('acknowledged on %s, a warning is not shown', (_, scopeOf) => {
  test.each([['before'], ['after']])('%s it is given', (when) => {
    const data = bucket();
    const acknowledge = () => Validations.of(scopeOf(data)).acknowledge({ id: ID, reason: 'Known.' });
    (when === 'before' ? [acknowledge, () => warn(data, 'example', 'x')] : [() => warn(data, 'example', 'x'), acknowledge]).forEach((step) => step());
    expect(warnings(data)).toEqual([]);
  });
});

test('other warnings stay', () => {
  const data = bucket();
  Validations.of(data).acknowledge({ id: 'cdk-secure-bucket:exampleToo', reason: 'Known.' });
  warn(data, 'example', 'x');
  expect(warnings(data)).toEqual([ID]);
});
