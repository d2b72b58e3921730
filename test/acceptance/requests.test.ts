import { BUCKETS } from './requests-buckets';
import { Row, TABLE } from './requests-table';
import { judge } from '../support/simulate';

const ROWS = Object.values(TABLE).flat();

describe.each(Object.entries(TABLE))('%s', (_, rows) => {
  const judgedRight = rows.filter(({ simulatorErrs }) => simulatorErrs === undefined);
  const judgedWrong = rows.filter(({ simulatorErrs }) => simulatorErrs !== undefined);

  test.each(judgedRight)('$name', async ({ request, bucket, expected }) => {
    expect(await judge(request, bucket)).toEqual(expected);
  });

  // The truth stands in the row. What is asserted is the simulator's error, so that the day on which it is gone is noticed.
  if (judgedWrong.length > 0) {
    test.each(judgedWrong)('$name (the simulator errs: $simulatorErrs.because; see $simulatorErrs.page)', async ({ request, bucket, expected, simulatorErrs }) => {
      const answer = await judge(request, bucket);
      expect(answer).toEqual(simulatorErrs!.answer);
      expect(answer).not.toEqual(expected);
    });
  }
});

describe('the table', () => {
  test('has rows enough', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(Object.entries(TABLE))('says each thing once: %s', (_, rows) => {
    const names = rows.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(Object.entries(BUCKETS))('sees every deny statement deny something: %s', (_, bucket) => {
    const denials = bucket.policy.Statement.filter(({ Effect }) => Effect === 'Deny').map(({ Sid }) => Sid);
    const seen = new Set(ROWS.filter((row: Row) => row.bucket === bucket).flatMap(({ expected }) => expected.deniedBy));
    expect(denials.filter((sid) => !seen.has(sid!))).toEqual([]);
  });
});
