import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { buildSync, Metafile } from 'esbuild';

const EXECUTABLE = 0o755;

/** Bundles the command into one file, and writes down beside it the licenses of the packages which that file contains. */
export function bundleCommand(entry: string, outfile: string): void {
  const { metafile } = buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'inline',
    banner: { js: '#!/usr/bin/env node' },
    metafile: true,
    logLevel: 'warning',
  });
  chmodSync(outfile, EXECUTABLE);
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
  const [entry, outfile] = process.argv.slice(2);
  bundleCommand(entry, outfile);
}
