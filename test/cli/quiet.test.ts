import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { file, IN_ENVIRONMENT, LEGACY, REPORTS, secureBucket } from './terminal';
import { Progress } from '../../src/cli/progress';
import { run } from '../../src/cli/run';

const folder = mkdtempSync(join(tmpdir(), 'quiet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('--quiet', () => {
  test('writes nothing if the exit code is 0', () => {
    expect(secureBucket('prove', REPORTS, ...IN_ENVIRONMENT, '--quiet')).toEqual({ exitCode: 0, out: '', err: '' });
    expect(secureBucket('check', LEGACY, '--rule', 'NoWebsite', '--quiet')).toEqual({ exitCode: 0, out: '', err: '' });
  });

  test('writes everything otherwise', () => {
    expect(secureBucket('prove', LEGACY, ...IN_ENVIRONMENT, '--quiet')).toEqual(secureBucket('prove', LEGACY, ...IN_ENVIRONMENT));
    const unseen = file({ Transform: 'Unknown', Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    expect(secureBucket('check', unseen, '--quiet')).toMatchObject({ exitCode: 2, err: expect.stringContaining('warning: ') });
    expect(secureBucket('check', 'nowhere.json', '--quiet')).toMatchObject({ exitCode: 1, err: expect.stringContaining('no such file') });
  });

  test('writes what machines read, and files', () => {
    expect(JSON.parse(secureBucket('prove', REPORTS, ...IN_ENVIRONMENT, '--quiet', '--format', 'json').out).command).toBe('prove');
    const [page, text] = ['page.html', 'proved.txt'].map((name) => join(folder, name));
    expect(secureBucket('report', REPORTS, ...IN_ENVIRONMENT, '--quiet', '--output', page)).toEqual({ exitCode: 0, out: '', err: '' });
    expect(secureBucket('prove', REPORTS, ...IN_ENVIRONMENT, '--quiet', '--output', text)).toEqual({ exitCode: 0, out: '', err: '' });
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(text, 'utf8')).toContain('guarantees hold');
  });
});

describe('progress', () => {
  function watched(): { progress: Progress; shown: string[]; wait: (milliseconds: number) => void } {
    let now = 1_000;
    const shown: string[] = [];
    return { progress: new Progress((text) => shown.push(text), () => now), shown, wait: (milliseconds) => (now += milliseconds) };
  }

  test('is shown after two seconds, not more often than people read, and leaves nothing behind', () => {
    const { progress, shown, wait } = watched();
    progress.step('one');
    wait(1_999);
    progress.step('two');
    expect(shown).toEqual([]);
    wait(1);
    progress.step('three');
    wait(99);
    progress.step('four');
    wait(1);
    progress.step('five');
    progress.end();
    expect(shown).toEqual(['\r\u001b[2Ksecure-bucket: three…', '\r\u001b[2Ksecure-bucket: five…', '\r\u001b[2K']);
  });

  test('of a short run leaves the terminal alone', () => {
    const { progress, shown } = watched();
    progress.step('one');
    progress.end();
    expect(shown).toEqual([]);
  });

  test('counts, fits into a line and is text', () => {
    const { progress, shown, wait } = watched();
    wait(5_000);
    expect(progress.each(['a', 'b'], 'bucket', (name) => name.toUpperCase())).toEqual(['A', 'B']);
    wait(5_000);
    progress.step(`asking \u001b[31m${'x'.repeat(200)}`);
    expect(shown[0]).toBe('\r\u001b[2Ksecure-bucket: bucket 1 of 2 buckets…');
    expect(shown[1].slice('\r\u001b[2K'.length)).toMatch(/^secure-bucket: asking \\u001b\[31mx+$/);
    expect(shown[1].length).toBeLessThan(85);
  });

  describe('of a run that takes long', () => {
    /** What a terminal shows beside the answer, if each look at the clock finds a second gone. */
    function shownBy(...args: string[]): string[] {
      let now = 0;
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 1_000));
      const shown: string[] = [];
      run(args, { out: () => {}, err: () => {}, progress: (text) => shown.push(text), hasColours: false, version: '1.2.3' });
      clock.mockRestore();
      return shown;
    }

    test.each([
      ['check', /asking Versioning…/],
      ['prove', /bucket 2 of 2 buckets…/],
      ['report', /bucket 2 of 2 buckets…/],
    ])('%s says what it is at', (command, step) => {
      const shown = shownBy(command, LEGACY, REPORTS, ...IN_ENVIRONMENT, '--output', join(folder, 'answer'));
      expect(shown.join('\n')).toMatch(step);
      expect(shown.at(-1)).toBe('\r\u001b[2K');
      expect(shownBy(command, LEGACY, REPORTS, '--quiet', '--output', join(folder, 'answer'))).toEqual([]);
    });

    test('takes what it showed away before it says what is wrong', () => {
      const unreadable = Array.from({ length: 5 }, () => file('{'));
      expect(shownBy('check', ...unreadable).at(-1)).toBe('\r\u001b[2K');
    });
  });
});

describe('the help of each command', () => {
  test.each(['explain', 'prove', 'check', 'report'])('%s has an example, whose options are there', (command) => {
    const [, example] = /\nExamples?:\n {2}secure-bucket (.*)\n/.exec(secureBucket(command, '--help').out)!;
    const [name, path, ...options] = example.split(' ');
    expect(name).toBe(command);
    const { err } = secureBucket(name, join(folder, path), ...options.map((option) => option.replace('baseline.json', file({ version: 1, stacks: [], findings: [] }))));
    expect(err).toMatch(/no such file/);
  });

  test('completion has one for each shell', () => {
    expect(secureBucket('completion', '--help').out).toMatch(/Examples:\n.*completion bash.*\n.*completion zsh.*\n.*completion fish/);
  });
});
