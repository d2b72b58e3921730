import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** Lends a new temporary directory, and removes it with all that was written there. */
export function withDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
