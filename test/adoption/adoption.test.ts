import { AdoptedApp, cleanUp, Synthesized, synthesize } from './adopted';
import * as apps from './apps';
import { gateLines } from './gate';
import * as thirdParty from './third-party';

beforeAll(() => (['error', 'warn'] as const).forEach((method) => jest.spyOn(console, method).mockImplementation())); // reports, and what others say of deprecated classes
afterAll(() => {
  jest.restoreAllMocks();
  cleanUp();
});

test("README's gate is the injector, the aspect and the rules", () => {
  for (const line of ['new SecureBucketDefaults()', 'new RequireEncryption()', 'new SecureBucketChecks(app)']) {
    expect(gateLines().filter((candidate) => candidate.includes(line))).toHaveLength(1);
  }
});

const ALL: Record<string, AdoptedApp> = { ...apps, ...thirdParty };

describe.each(Object.entries(ALL))('%s', (name, app) => {
  let asItWas: Synthesized;
  let mended: Synthesized;

  beforeAll(() => {
    asItWas = synthesize(name, app, false);
    mended = synthesize(name, app, true);
  });

  test('is synthesized as it was, and what is reported is true', () => {
    expect(asItWas.reported).toEqual([...app.reported].sort());
  });

  test('ends clean', () => {
    expect(mended.reported).toEqual([]);
  });

  test('works as it was, and mended', () => {
    const decided = ([['as it was', asItWas], ['mended', mended]] as const).flatMap(([form, { decide }]) =>
      app.needs.filter(({ only = form }) => only === form).map((needed) => ({ form, ...needed, outcome: decide(needed) })));
    expect(decided.filter(({ outcome }) => outcome !== 'allowed')).toEqual([]);
    expect(app.needs.length).toBeGreaterThan(0);
  });
});
