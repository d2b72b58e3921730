import { BUCKET_ARNS, BUCKETS, Call, PASS, STAY_OUT } from './perimeter-callers';
import { judge } from '../support/simulate';

/** Those of whom a perimeter's denies say otherwise than expected. */
async function judgedOtherwise(calls: readonly Call[], isDenied: boolean): Promise<string[]> {
  const judged = await Promise.all(calls.map(async ({ name, perimeter, caller, route }) => {
    const { deniedBy } = await judge({ caller, route, action: 's3:GetObject', resource: `${BUCKET_ARNS[perimeter]}/data` }, BUCKETS[perimeter]);
    return { name, deniedBy };
  }));
  return judged.filter(({ deniedBy }) => (deniedBy.length > 0) !== isDenied).map(({ name, deniedBy }) => `${name}: ${deniedBy}`);
}

test('the table has callers enough, each once', () => {
  for (const calls of [PASS, STAY_OUT]) {
    expect(new Set(calls.map(({ name }) => name)).size).toBe(calls.length);
    expect(new Set(calls.map(({ caller }) => JSON.stringify(caller))).size).toBeGreaterThanOrEqual(60);
    expect(calls.length).toBeGreaterThanOrEqual(80);
  }
});

test('nobody who works for the owner is locked out by a perimeter', async () => {
  expect(await judgedOtherwise(PASS, false)).toEqual([]);
}, 120_000);

test('no outsider who looks like them gets in', async () => {
  expect(await judgedOtherwise(STAY_OUT, true)).toEqual([]);
}, 120_000);
