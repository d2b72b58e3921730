import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessAssumptions } from '../../src/access/assumptions';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { readTemplate } from '../../src/cli/template-file';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';
import { WrongInputError } from '../../src/template/wrong-input';
import { caseFiles, worldOf } from '../access/scene';
import { secureTemplates } from '../checks/secure-templates';
import { DEFECTS } from '../checks/unknown-defects';
import * as fc from '../support/fast-check';

/** How many replacements are tried, and ten times as many of decisions: `UNKNOWN_RUNS=5000 UNKNOWN_SEED=1 npx jest test/acceptance/unknown-values`. */
const RUNS = Number(process.env.UNKNOWN_RUNS ?? 30);
const SEED = Number(process.env.UNKNOWN_SEED ?? 13);

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';

type Path = readonly (string | number)[];

/** A way to replace a part of a text by what is not known. */
interface Replacement {
  readonly what: string;
  readonly pattern: RegExp;
  readonly by: string;
}

const REPLACEMENTS: readonly Replacement[] = [
  { what: 'the own account', pattern: new RegExp(ACCOUNT, 'g'), by: '${AWS::AccountId}' },
  { what: 'the Region', pattern: /eu-west-1|us-east-1/g, by: '${AWS::Region}' },
  { what: 'another account', pattern: /444455556666/g, by: '${Partner}' },
  { what: 'an account', pattern: new RegExp(ACCOUNT, 'g'), by: '${Owner}' },
  { what: 'an id', pattern: /vpce?-[0-9a-f]+|o-[a-z0-9]{10,}|(?<=distribution\/)E[A-Z0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, by: '${Id}' },
  { what: 'a name', pattern: /(?<=role\/)[\w-]+|(?<=arn:aws:s3:::)[a-z0-9-]+/g, by: '${Name}' },
  { what: 'all of it', pattern: /^(?!.*\$\{)[^]+$/g, by: '${Whole}' },
];

/** The texts in the properties of resources, but for names of types and functions. */
function texts(json: unknown, path: Path = []): { path: Path; text: string }[] {
  if (typeof json === 'string') {
    return path.includes('Properties') && !path.some((step) => /^(?:Ref|Fn::)/.test(String(step))) ? [{ path, text: json }] : [];
  }
  return typeof json === 'object' && json !== null ? Object.entries(json).flatMap(([key, child]) => texts(child, [...path, key])) : [];
}

function replaced(json: any, [step, ...rest]: Path, value: unknown): any {
  const copy = Array.isArray(json) ? [...json] : { ...json };
  copy[step] = rest.length === 0 ? value : replaced(json[step], rest, value);
  return copy;
}

/** What some texts of templates are replaced by, and the templates after that. What stands for the account or Region is known of no stack then. */
function withUnknown(templates: readonly StackTemplate[], chosen: readonly { stack: number; path: Path; text: string; replacement: Replacement }[]): StackTemplate[] {
  const after = chosen.reduce<StackTemplate[]>((all, { stack, path, text, replacement: { pattern, by } }) => all.map((one, i) => (
    i === stack ? { ...one, template: replaced(one.template, path, { 'Fn::Sub': text.replace(/\$\{/g, '${!').replace(pattern, by) }) } : one)), [...templates]);
  const isUsed = (by: string) => chosen.some(({ replacement }) => replacement.by === by);
  const declared = (stack: number) => chosen.filter((one) => one.stack === stack && !one.replacement.by.startsWith('${AWS::')).map(({ replacement: { by } }) => [by.slice(2, -1), { Type: 'String' }]);
  return after.map((one, i) => ({
    ...one,
    template: { ...one.template, Parameters: { ...one.template.Parameters as object, ...Object.fromEntries(declared(i)) } },
    account: isUsed('${AWS::AccountId}') && one.account === ACCOUNT ? undefined : one.account,
    region: isUsed('${AWS::Region}') ? undefined : one.region,
  }));
}

/** The places of a world that can be replaced. */
function placesIn(templates: readonly StackTemplate[]) {
  return templates.flatMap(({ template, account, region }, stack) => texts(template).flatMap(({ path, text }) => REPLACEMENTS
    .filter(({ pattern, by }) => text.search(pattern) >= 0 && (by !== '${AWS::AccountId}' || account === ACCOUNT) && (by !== '${AWS::Region}' || text.includes(region ?? ' ')))
    .map((replacement) => ({ stack, path, text, replacement }))));
}

interface World<T> {
  readonly name: string;
  readonly templates: readonly StackTemplate[];
  readonly ask: (templates: readonly StackTemplate[]) => T;

  /** What is said the other way round. */
  readonly turned: (before: T, after: T) => string[];
}

/** Replaces one text, or several, of worlds that are drawn, and gathers what turns round. */
function turnedRound<T>(worlds: readonly World<T>[], numRuns = RUNS): string[] {
  const places = worlds.map(({ templates }) => placesIn(templates));
  const before = new Map<number, T>();
  const found: string[] = [];
  const world = fc.integer({ min: 0, max: worlds.length - 1 });
  const picks = fc.oneof(fc.tuple(fc.nat()), fc.array(fc.nat(), { minLength: 2, maxLength: 6 }));
  fc.assert(fc.property(world, picks, (i, numbers) => {
    const { name, templates, ask, turned } = worlds[i];
    const drawn = numbers.map((number) => places[i][number % places[i].length]);
    const chosen = [...new Map(drawn.map((place) => [`${place.stack} ${place.path.join('.')}`, place])).values()];
    before.set(i, before.get(i) ?? ask(templates));
    try {
      const what = chosen.map(({ path, replacement }) => `${replacement.what} in ${path.join('.')}`).join(', ');
      found.push(...turned(before.get(i)!, ask(withUnknown(templates, chosen))).map((round) => `${name}: ${round}, with ${what}`));
    } catch (error) {
      expect(error).toBeInstanceOf(WrongInputError);
    }
  }), { numRuns, seed: SEED });
  return found;
}

test('the places of texts are found', () => {
  expect(placesIn(SECURE).length).toBeGreaterThan(100);
});

const TIMEOUT = 60_000 + RUNS * 1_000;

test('no decision turns round', () => {
  const worlds = caseFiles().flatMap(({ scene, cases }) => cases.map((one): World<string> => {
    const { templates, assumptions } = worldOf({ ...scene, ...one.scene });
    const given = AccessAssumptions.fromJson(assumptions);
    return {
      name: one.name,
      templates: templates.map(({ stackName, ...rest }) => ({ name: stackName, ...rest })),
      ask: (changed) => AccessEvaluator._of(changed, given).decide(one.request).outcome,
      turned: (before, after) => (after === before || after === 'not-decided' ? [] : [`${before} becomes ${after}`]),
    };
  }));
  expect(turnedRound(worlds.filter(({ templates }) => placesIn(templates).length > 0), 10 * RUNS)).toEqual([]);
}, TIMEOUT);

const SECURE: readonly StackTemplate[] = templatesOf(secureTemplates());

function templatesOf({ producer, consumer }: ReturnType<typeof secureTemplates>): StackTemplate[] {
  return [{ name: 'Producer', account: ACCOUNT, region: REGION, template: producer }, { name: 'Consumer', account: '444455556666', region: REGION, template: consumer }];
}

/** Templates of the tests and of published policies, by name. */
function judgedTemplates(): { name: string; templates: readonly StackTemplate[] }[] {
  const folder = join(__dirname, '../cli/templates');
  const files = readdirSync(folder).map((file) => ({ name: file, templates: [{ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', ...readTemplate(join(folder, file)) }] }));
  const defects = DEFECTS.map(([name, change]) => {
    const changed = secureTemplates();
    change(changed);
    return { name, templates: templatesOf(changed) };
  });
  return [{ name: 'secure', templates: SECURE }, ...files, ...defects, ...published()];
}

/** Policies that AWS publishes, where they are at hand. */
function published(): { name: string; templates: readonly StackTemplate[] }[] {
  const file = join(resolve(process.env.PUBLISHED_POLICIES ?? join(__dirname, '../../../shared/corpora')), 'data-perimeter-policy-examples.json');
  const entries: any[] = existsSync(file) ? Object.values(JSON.parse(readFileSync(file, 'utf8'))).flat() : [];
  return entries.map((entry) => entry?.policy ?? entry?.document ?? entry).filter((policy) => policy?.Statement).slice(0, 10).map((PolicyDocument, i) => ({
    name: `published ${i}`,
    templates: [{ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', template: { Resources: { P: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument } } } } }],
  }));
}

test('no proof turns round', () => {
  const worlds = judgedTemplates().map(({ name, templates }): World<Map<string, string[]>> => ({
    name,
    templates,
    ask: (changed) => {
      const inventory = new Inventory(deploymentOf(changed));
      const guarantees = inventory.allBuckets.flatMap((bucket) => bucketGuarantees(inventory, bucket).map(({ rule, verdict }) => [`${bucket.site.path} ${rule.id}`, verdict] as const));
      return new Map(guarantees.map(([key]) => [key, guarantees.filter(([other]) => other === key).map(([, verdict]) => verdict)]));
    },
    turned: (before, after) => [...after].filter(([key, verdicts]) => {
      const opposite = (one: string[], other: string[]) => one.every((verdict) => verdict === 'holds') && other.includes('broken');
      return before.has(key) && (opposite(before.get(key)!, verdicts) || opposite(verdicts, before.get(key)!));
    }).map(([key, verdicts]) => `${key} becomes ${verdicts.join()}`),
  }));
  expect(turnedRound(worlds)).toEqual([]);
}, TIMEOUT);

test('no finding appears', () => {
  const worlds = judgedTemplates().map(({ name, templates }): World<string[]> => ({
    name,
    templates,
    ask: (changed) => judge(deploymentOf(changed)).filter(({ isDecided }) => isDecided).map(({ rule, resource }) => `${rule.id} ${resource.path}`),
    turned: (before, after) => after.filter((finding) => !before.includes(finding)),
  }));
  expect(turnedRound(worlds)).toEqual([]);
}, TIMEOUT);
