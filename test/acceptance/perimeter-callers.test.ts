import { BUCKET_ARNS, BUCKETS, Call, KEYS, Need, PASS, STAY_OUT } from './perimeter-callers';
import { judge } from '../support/simulate';

/** Whether a call gets through: no deny of the bucket's policy stops it, or the policy of the key lets it in. */
async function passes({ perimeter, caller, route }: Call, { action, on }: Need): Promise<boolean> {
  if (on === 'key') {
    return (await judge({ caller, route, action, resource: KEYS[perimeter].arn, changes: ofKms(action) }, KEYS[perimeter])).allowed;
  }
  const resource = `${BUCKET_ARNS[perimeter]}${on === 'object' ? '/data' : ''}`;
  return (await judge({ caller, route, action, resource }, BUCKETS[perimeter])).deniedBy.length === 0;
}

/** KMS is told nothing of S3; data keys are used through S3, with the rights of the caller. */
function ofKms(action: string): Record<string, string | undefined> {
  const nothingOfS3 = { 's3:TlsVersion': undefined, 's3:authType': undefined, 's3:signatureversion': undefined };
  return /Policy$/.test(action) ? nothingOfS3 : { ...nothingOfS3, 'aws:ViaAWSService': 'true', 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };
}

/** What is decided otherwise than expected. */
async function decidedOtherwise(calls: readonly Call[], isExpected: boolean): Promise<string[]> {
  const asked = calls.flatMap((call) => call.needs.map((need) => ({ call, need })));
  const decided = await Promise.all(asked.map(async ({ call, need }) => ({ name: `${call.name}: ${need.action}`, passes: await passes(call, need) })));
  return decided.filter((one) => one.passes !== isExpected).map(({ name }) => name);
}

test('the table has callers enough, each once', () => {
  for (const calls of [PASS, STAY_OUT]) {
    expect(new Set(calls.map(({ name }) => name)).size).toBe(calls.length);
    expect(new Set(calls.map(({ caller }) => JSON.stringify(caller))).size).toBeGreaterThanOrEqual(80);
    expect(new Set(calls.flatMap(({ needs }) => needs.map(({ action }) => action))).size).toBeGreaterThanOrEqual(12);
  }
});

test('nobody who works for the owner is locked out by a perimeter', async () => {
  expect(await decidedOtherwise(PASS, true)).toEqual([]);
}, 240_000);

test('no outsider who looks like them gets in', async () => {
  expect(await decidedOtherwise(STAY_OUT, false)).toEqual([]);
}, 240_000);
