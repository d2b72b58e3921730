import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { templateOf } from './command/template';

const ROUNDS = 7;
const BUCKETS = 166; // with a policy and a key each: 498 of the 500 resources that a template can have
const COMMAND = join(__dirname, '../bin/secure-bucket.js');

const folder = mkdtempSync(join(tmpdir(), 'bench-command-'));
const [alike, different] = [join(folder, 'alike.json'), join(folder, 'different.json')];
writeFileSync(alike, JSON.stringify(templateOf(BUCKETS, 'alike'), undefined, 1));
writeFileSync(different, JSON.stringify(templateOf(BUCKETS, 'different'), undefined, 1));

const request = ['--principal', 'arn:aws:iam::444455556666:role/App0', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::amzn-s3-demo-bucket-0/data/1.csv'];
const cases: Record<string, string[]> = {
  'no template (--version)': ['--version'],
  'explain': ['explain', different, ...request],
  'prove, buckets alike': ['prove', alike],
  'prove, all buckets different': ['prove', different],
  'check, buckets alike': ['check', alike],
  'check, all buckets different': ['check', different],
  'report, buckets alike': ['report', alike, '--output', join(folder, 'report.html')],
  'report, all buckets different': ['report', different, '--output', join(folder, 'report.html')],
};

console.log('| command | fastest | median |\n|---|---|---|');
for (const [name, args] of Object.entries(cases)) {
  const times = Array.from({ length: ROUNDS }, () => time(args)).sort((a, b) => a - b);
  console.log(`| ${name} | ${times[0].toFixed(0)} ms | ${times[Math.floor(ROUNDS / 2)].toFixed(0)} ms |`);
}
rmSync(folder, { recursive: true });

function time(args: string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args, ...(args.length > 1 ? ['--account', '111122223333', '--region', 'eu-west-1'] : [])], { encoding: 'utf8' });
  if (status === 1 || stderr !== '') {
    throw new Error(`secure-bucket ${args.join(' ')}: ${stderr}`);
  }
  return performance.now() - start;
}
