import { CORPUS, corpusFile } from './corpus';
import { readTemplate } from '../../src/cli/template-file';
import * as fc from '../support/fast-check';

const TEMPLATES: readonly any[] = CORPUS.map((name) => readTemplate(corpusFile(name)).template);

/** What people, tools and malice put where something else belongs. */
const ODD_VALUES: readonly unknown[] = [
  null, true, 0, -1, 1e21, '', '*', '**', 'x'.repeat(5_000), '${', '${}', '{{resolve:', '\uE000', '\u0000', 'arn:aws:s3:::', 'arn:aws:iam::*:role/*', '2012-10-17', [], [[]], {}, [null], { '': '' },
  { Ref: 'Nothing' }, { Ref: 'AWS::NoValue' }, { Ref: {} }, { 'Fn::GetAtt': 'x' }, { 'Fn::GetAtt': ['Data', {}] }, { 'Fn::Sub': '${Data.Arn}${' }, { 'Fn::Sub': ['${x}', { x: { Ref: 'x' } }] },
  { 'Fn::If': ['Nothing', 1] }, { 'Fn::If': ['Nothing', {}, []] }, { 'Fn::Join': ['', [{}, 1]] }, { 'Fn::Select': ['x', 1] }, { 'Fn::Split': ['', ''] }, { 'Fn::FindInMap': [1] },
  { 'Fn::FindInMap': ['a', 'b', 'c', { DefaultValue: [] }] }, { 'Fn::ImportValue': [] }, { 'Fn::GetStackOutput': {} }, { 'Fn::Transform': [] }, { 'Fn::ForEach::x': ['x', ['a'], { 'k${x}': {} }] },
  { 'Fn::ForEach::x': ['x', { Ref: 'x' }] }, { 'Fn::Length': {} }, { 'Fn::ToJsonString': { a: { Ref: 'x' } } }, { __proto__: null, constructor: 1 }, { Condition: 'x' },
  'constructor', 'toString', '__proto__', { Ref: 'constructor' }, { 'Fn::GetAtt': ['constructor', 'toString'] }, { 'Fn::FindInMap': ['constructor', 'toString', 'name'] }, { 'Fn::Sub': '${constructor.toString}' },
];

const ODD_KEYS = ['__proto__', 'constructor', 'toString', '', 'Fn::Transform', 'Fn::ForEach::Loop', 'Type', 'Properties', 'Condition', 'Statement', 'Principal', 'NotAction', 'Events', 'Policies', 'Connectors', 'Transform'];

type Mutation = (template: any, random: (below: number) => number) => void;

const MUTATIONS: readonly Mutation[] = [
  (template, random) => at(template, random, (parent, key) => { delete parent[key]; }),
  (template, random) => at(template, random, (parent, key) => { parent[key] = structuredClone(ODD_VALUES[random(ODD_VALUES.length)]); }),
  (template, random) => at(template, random, (parent, key) => { parent[key] = [parent[key]]; }),
  (template, random) => at(template, random, (parent, key) => { parent[key] = { [ODD_KEYS[random(ODD_KEYS.length)]]: parent[key] }; }),
  (template, random) => at(template, random, (parent, key) => { parent[key] = typeof parent[key] === 'object' ? '[object Object]' : String(parent[key]); }),
  (template, random) => at(template, random, (parent, key) => {
    at(TEMPLATES[random(TEMPLATES.length)], random, (other, otherKey) => { parent[key] = structuredClone(other[otherKey]); });
  }),
  (template, random) => at(template, random, (parent, key) => {
    Object.defineProperty(parent, ODD_KEYS[random(ODD_KEYS.length)], { value: parent[key], enumerable: true, configurable: true, writable: true });
  }),
  (template, random) => at(template, random, (_, key) => { template.Transform = [template.Transform, ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31', key][random(3)]].flat().filter(Boolean); }),
];

/** Does something to a member that is drawn from all of a value. */
function at(value: any, random: (below: number) => number, change: (parent: any, key: string) => void): void {
  const places: [parent: any, key: string][] = [];
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [key, child] of Object.entries(next)) {
      places.push([next, key]);
      if (typeof child === 'object' && child !== null) {
        open.push(child);
      }
    }
  }
  const place = places[random(places.length)];
  if (place) {
    change(...place);
  }
}

/** A template of the corpus with one to six mistakes. */
export const MUTATED_TEMPLATES: fc.Arbitrary<string> = fc.record({
  template: fc.constantFrom(...TEMPLATES),
  mutations: fc.array(fc.constantFrom(...MUTATIONS), { minLength: 1, maxLength: 6 }),
  draws: fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 40 }),
}).map(({ template, mutations, draws }) => {
  let drawn = 0;
  const random = (below: number) => (below === 0 ? 0 : draws[drawn++ % draws.length] % below);
  const mutated = structuredClone(template);
  mutations.forEach((mutate) => mutate(mutated, random));
  return JSON.stringify(mutated);
});
