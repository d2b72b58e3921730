import { BUCKET } from './brute-force';
import { parsePolicy } from '../../src/policy/document';
import { prove } from '../../src/policy/prove';
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../../src/policy/vocabulary';

const everything = parsePolicy({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/AppRole' }, Action: 's3:*', Resource: [BUCKET.arn, `${BUCKET.arn}/*`] }],
});

test.each([...OBJECT_ACTIONS, ...BUCKET_ACTIONS].map((name) => `s3:${name}`))('a guarantee about %s is refuted by it, though the policy tells it from no other action', (wanted) => {
  const proof = prove(everything, { sentence: `Nobody may ${wanted}.`, needsAllow: () => true, breaches: [{ operation: ({ action }) => action === wanted }] }, BUCKET);
  expect(proof).toMatchObject({ verdict: 'broken', request: { action: wanted } });
});

test('a guarantee about an action that the policy does not allow holds', () => {
  const reading = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:Get*', Resource: `${BUCKET.arn}/*` }] });
  const claim = (wanted: string) => prove(reading, { sentence: `Nobody may ${wanted}.`, needsAllow: () => true, breaches: [{ operation: ({ action }) => action === wanted }] }, BUCKET).verdict;
  expect([claim('s3:DeleteObject'), claim('s3:GetObjectTagging')]).toEqual(['holds', 'broken']);
});
