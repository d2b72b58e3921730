import { readFileSync, writeFileSync } from 'fs';
import { CORPUS, corpusFile } from './corpus';
import { MUTATED_TEMPLATES } from './mutations';
import { file, secureBucket, Session } from '../cli/terminal';
import * as fc from '../support/fast-check';

/** `npx projen test:fuzz` runs 20,000. */
const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 50) };
const COMMANDS = ['check', 'prove', 'report'];
const template = file('', 'mutated.json');

/** An answer, or one line on what is wrong with the template: never a mistake of the command. */
function answer(command: string): string | undefined {
  const { exitCode, err }: Session = secureBucket(command, template, '--format', 'json');
  const isRefused = exitCode === 1 && /^secure-bucket: [^\n]+\n$/.test(err) && !err.includes('secure-bucket 1.2.3 itself') && !err.includes('internal error');
  return exitCode === 0 || exitCode === 2 || isRefused ? undefined : `${command}: ${exitCode} ${err}`;
}

function answers(text: string): (string | undefined)[] {
  writeFileSync(template, text);
  return COMMANDS.map(answer).filter((problem) => problem !== undefined);
}

test.each<[what: string, resource: object]>([
  ['a certificate of a distribution', { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { ViewerCertificate: null } } }],
  ['an origin of a distribution', { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { Origins: [null] } } }],
  ['settings of a bucket', { Type: 'AWS::S3::Bucket', Properties: { PublicAccessBlockConfiguration: null, VersioningConfiguration: null, LoggingConfiguration: null, BucketEncryption: null } }],
  ['properties', { Type: 'AWS::S3::Bucket', Properties: null }],
  ['properties of a policy', { Type: 'AWS::S3::BucketPolicy', Properties: null }],
])('nothing where something belongs is answered or refused: %s', (_, resource) => {
  const Resources = { Resource: resource, Other: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'LogDeliveryWrite' } } };
  expect(answers(JSON.stringify({ Resources }))).toEqual([]);
  expect(answers(JSON.stringify({ Resources, Transform: 'Company' }))).toEqual([]); // which may make something of it
});

test('templates with mistakes are answered or refused', () => {
  fc.assert(fc.property(MUTATED_TEMPLATES, (text) => expect(answers(text)).toEqual([])), RUNS);
}, 6 * 3_600_000);

test('files with mistakes are answered or refused', () => {
  const texts = CORPUS.map((name) => readFileSync(corpusFile(name), 'utf8'));
  const mistake = fc.record({ at: fc.nat(10_000), length: fc.nat(20), instead: fc.constantFrom('', '{', '[', '"', "'", ': ', '- ', '&a ', '*a', '!Sub ', '!!', '\t', '\n', '|', '#', '<<: ', '\u0000') });
  fc.assert(fc.property(fc.constantFrom(...texts), fc.array(mistake, { minLength: 1, maxLength: 4 }), (text, mistakes) => {
    const spoilt = mistakes.reduce((before, { at, length, instead }) => before.slice(0, at % before.length) + instead + before.slice(at % before.length + length), text);
    expect(answers(spoilt)).toEqual([]);
  }), RUNS);
}, 6 * 3_600_000);
