import { GRANT_MUTATIONS } from './grant-mutations';
import { judged } from './judged';
import { MUTATIONS as DENY_MUTATIONS } from './mutations';
import { REWRITES } from './rewrites';
import { secureTemplates } from './secure-templates';
import { UNKNOWN_VALUES } from './unknown-values';

const MUTATIONS = [...DENY_MUTATIONS, ...GRANT_MUTATIONS];

test('nothing is found in secure templates', () => {
  expect(judged(secureTemplates())).toEqual([]);
});

describe('a harmless rewrite raises nothing', () => {
  test('of at least 40 rewrites', () => {
    expect(new Set(REWRITES.map(([name]) => name)).size).toBeGreaterThanOrEqual(40);
  });

  test.each(REWRITES)('%s', (_, rewrite) => {
    const templates = secureTemplates();
    rewrite(templates);
    expect(templates).not.toEqual(secureTemplates());
    expect(judged(templates)).toEqual([]);
  });
});

describe('a mutation is found', () => {
  test('of at least 120 mutations', () => {
    expect(new Set(MUTATIONS.map(([name]) => name)).size).toBeGreaterThanOrEqual(120);
  });

  test.each(MUTATIONS)('%s: %s', (_, rule, mutate) => {
    const templates = secureTemplates();
    mutate(templates);
    expect(templates).not.toEqual(secureTemplates());
    expect(judged(templates).map((line) => line.split(' ')[0])).toContain(rule);
  });
});

describe('a value that is not known is not decided', () => {
  test.each(UNKNOWN_VALUES)('%s: %s', (_, rule, change) => {
    const templates = secureTemplates();
    change(templates);
    const rules = judged(templates).map((line) => line.split(' ')[0]);
    expect(rules).toContain(`${rule}-NotDecided`);
    expect(rules.filter((id) => !id.endsWith('-NotDecided'))).toEqual([]);
  });
});
