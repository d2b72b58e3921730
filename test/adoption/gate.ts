import { readFileSync } from 'fs';
import { join, resolve } from 'path';
import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';
import * as library from '../../src';

const README = resolve(__dirname, '../../README.md');

/** The gate, as README prints it: the example under its heading, up to the bucket that the example makes. */
export function gateLines(): string[] {
  const [, section] = /^## A gate that evaluates\n([^]*?)(?=^## )/m.exec(readFileSync(README, 'utf8'))!;
  const [, example] = /^```ts\n([^]*?)^```$/m.exec(section)!;
  return example.split('\n').filter((line) => line !== '' && !line.startsWith('new s3.Bucket('));
}

/** An app with the gate around it, line for line; it is written to a folder. */
export function gatedApp(outdir: string, folder: string): App {
  process.env.CDK_OUTDIR = join(outdir, folder);
  try {
    const { outputText } = ts.transpileModule(gateLines().join('\n'), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
    const run = new Function('require', 'exports', `${outputText}; return app;`);
    return run((name: string) => (name === 'cdk-secure-bucket' ? library : require(name)), {}); // eslint-disable-line @typescript-eslint/no-require-imports
  } finally {
    delete process.env.CDK_OUTDIR;
  }
}
