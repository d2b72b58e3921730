import { App } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as flags from 'aws-cdk-lib/recommended-feature-flags.json';
import { Way, ways } from './sharing/ways';
import { withDirectory } from './synth/directory';
import { aligned } from './synth/table';
import { BUCKET_POLICY_QUOTA, smallestPolicySize } from '../src/policy/policy-size';
import { KEY_POLICY } from '../src/statements/policy-quota';

const COUNTS = [1, 10, 100, 1000];
const ROUNDS = 3;

const HEAD = ['consumers', 'by', 'bucket policy', 'key policy', 'largest template', 'stacks', 'time', 'ratio'];

/** A role of an account of its own for each consumer. */
function roleArns(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `arn:aws:iam::${444400000000 + i}:role/Team${i}`);
}

interface Measurement {
  readonly cells: string[];
  readonly milliseconds: number;
}

/** Shares once, and says what came of it: sizes in bytes, or the refusal. */
function share(way: Way, count: number): Measurement {
  return withDirectory((outdir) => {
    const start = performance.now();
    const cells = outcome(way, count, outdir);
    return { cells, milliseconds: performance.now() - start };
  });
}

function outcome(way: Way, count: number, outdir: string): string[] {
  const app = new App({ outdir, context: { ...flags } });
  way(app, roleArns(count));
  try {
    return sizes(app.synth());
  } catch (error) {
    const refusals = [...(error as Error).message.matchAll(/the (bucket|key) policy takes at least ([\d,]+) bytes/g)];
    if (refusals.length === 0) {
      throw error;
    }
    const refused = new Map(refusals.map(([, what, bytes]) => [what, bytes]));
    return [...['bucket', 'key'].map((what) => (refused.has(what) ? `${refused.get(what)} refused` : '')), '', ''];
  }
}

function sizes({ stacks }: CloudAssembly): string[] {
  const resources = stacks.flatMap(({ template }) => Object.values<any>(template.Resources));
  const sizeOf = (type: string, property: string, quota: number) => {
    const size = smallestPolicySize(resources.filter(({ Type, Properties }) => Type === type && !/"logging\.s3/.test(JSON.stringify(Properties)))[0]?.Properties[property] ?? {});
    return `${size.toLocaleString('en')}${size > quota ? ' too large' : ''}`;
  };
  return [
    sizeOf('AWS::S3::BucketPolicy', 'PolicyDocument', BUCKET_POLICY_QUOTA),
    sizeOf('AWS::KMS::Key', 'KeyPolicy', KEY_POLICY.bytes),
    Math.max(...stacks.map(({ template }) => Buffer.byteLength(JSON.stringify(template)))).toLocaleString('en'),
    String(stacks.length),
  ];
}

function fastest(way: Way, count: number): Measurement {
  const rounds = Array.from({ length: ROUNDS }, () => share(way, count));
  return { ...rounds[0], milliseconds: Math.min(...rounds.map(({ milliseconds }) => milliseconds)) };
}

console.error = () => {}; // where the CDK prints warnings
Object.values(ways).forEach((way) => share(way, 10)); // a warm-up
const rows = COUNTS.flatMap((count) => {
  const measured = Object.entries(ways).map(([name, way]) => ({ name, ...fastest(way, count) }));
  return measured.map(({ name, cells, milliseconds }) =>
    [String(count), name, ...cells, `${milliseconds.toFixed(0)} ms`, (milliseconds / measured[0].milliseconds).toFixed(2)]);
});
console.log(`Quotas: a bucket policy of ${BUCKET_POLICY_QUOTA.toLocaleString('en')} bytes, a key policy of ${KEY_POLICY.bytes.toLocaleString('en')}, 500 resources a stack`);
console.log(aligned([HEAD, ...rows]));
