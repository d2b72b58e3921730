import { caseFiles, evaluatorOf } from './scene';

const FILES = caseFiles();

describe.each(FILES)('$topic', ({ scene, cases }) => {
  test.each(cases)('$name', ({ scene: own, request, outcome, decidedBy, sid, assumes }) => {
    const decision = evaluatorOf({ ...scene, ...own }).decide(request);
    const sids = decision.decidedBy?.statements.map((statement) => statement.sid) ?? [];
    const decided = { outcome: decision.outcome, decidedBy: decision.decidedBy?.layer, sid: sid && sids.find((name) => name === sid) };
    expect({ ...decided, why: decision.decidedBy?.reason }).toEqual({ outcome, decidedBy, sid, why: decision.decidedBy?.reason });
    if (assumes) {
      expect(decision.assumptions.map(({ sentence }) => sentence).join('\n')).toContain(assumes);
    }
  });
});

test('there are cases enough, each with the page of the AWS documentation that decides it', () => {
  const cases = FILES.flatMap((file) => file.cases);
  expect(cases.length).toBeGreaterThanOrEqual(150);
  expect(cases.filter(({ see }) => !/^https:\/\/docs\.aws\.amazon\.com\//.test(see))).toEqual([]);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
