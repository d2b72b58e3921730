import { readFileSync } from 'fs';
import { join } from 'path';
import { run } from './run';

// A reader that has seen enough (head, a pager) closes the pipe: that is no error.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') {
    process.exitCode = 1;
  }
});

process.exitCode = run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progress: process.stderr.isTTY && process.env.TERM !== 'dumb' ? (text) => process.stderr.write(text) : undefined,
  hasColours: process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  version: JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')).version,
});
