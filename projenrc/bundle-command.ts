import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { buildSync, Metafile } from 'esbuild';

const EXECUTABLE = 0o755;

/** Bundles the command into one file, and writes down beside it the licenses of the packages which that file contains. */
export function bundleCommand(entry: string, outfile: string): void {
  bundle(entry, outfile, '#!/usr/bin/env node');
  chmodSync(outfile, EXECUTABLE);
}

/** Replaces a compiled module of the library by one that contains the packages which it imports: who installs the library installs none of them. */
export function bundleModule(entry: string, outfile: string): void {
  bundle(entry, outfile);
}

function bundle(entry: string, outfile: string, firstLine?: string): void {
  const { metafile } = buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true, // half of the time before the first word is spent on reading the file
    legalComments: 'inline',
    ...(firstLine ? { banner: { js: firstLine } } : {}),
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(join(dirname(outfile), 'THIRD-PARTY-LICENSES'), packagesIn(metafile).map(notice).join(`\n${'-'.repeat(80)}\n\n`));
}

function packagesIn({ inputs }: Metafile): string[] {
  const folders = Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((candidate) => /^licen[cs]e/i.test(candidate));
  if (!file) {
    throw new Error(`${name} has no license file, so that it cannot be bundled.`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

if (require.main === module) {
  const [command, commandFile, module, moduleFile] = process.argv.slice(2);
  bundleCommand(command, commandFile);
  bundleModule(module, moduleFile);
}
