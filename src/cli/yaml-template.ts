import { CollectionTag, Document, isScalar, Lexer, LineCounter, Pair, parseDocument, Scalar, ScalarTag, visit, YAMLMap } from 'yaml';
import { DEEPEST } from './plain-value';
import { WrongInputError } from '../template/wrong-input';

/** Intrinsic functions that have a short form, such as `!Sub`, beside `!Ref` and `!Condition`. */
const FUNCTIONS = [
  'And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'GetStackOutput', 'If', 'ImportValue', 'Join',
  'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll',
];
const LONG_FORMS: readonly (readonly [tag: string, key: string])[] = [['!Ref', 'Ref'], ['!Condition', 'Condition'], ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`])];
const ALIAS_LIMIT = 1000; // an alias of an alias counts as often as it is expanded

/**
 * Reads a template in YAML as its JSON form. CloudFormation takes YAML 1.1 without dates and binary values.
 *
 * @throws WrongInputError if it is no YAML, or has a tag that CloudFormation does not know
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function parseYaml(text: string): unknown {
  assertHandy(text);
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', customTags: [...SCALARS, ...LONG_FORMS.flatMap(shortForm)], merge: true, stringKeys: true, uniqueKeys: false, lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    throw new WrongInputError(`${problem.message} (line ${lines.linePos(problem.pos[0]).line})`);
  }
  assertUniqueKeys(document, lines);
  try {
    return document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (error) {
    throw new WrongInputError((error as Error).message); // about aliases
  }
}

/** Done here: the parser compares each key with all others. */
function assertUniqueKeys(document: Document, lines: LineCounter): void {
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (isScalar(key) && seen.has(key.value) && key.value !== '<<') {
          throw new WrongInputError(`the key '${key.value}' occurs twice, again at line ${lines.linePos(key.range![0]).line}`);
        }
        seen.add(isScalar(key) ? key.value : key);
      }
    },
  });
}

const LINE_END = /[\r\n]/;

/** Found before anything is composed: with deep nesting the parser would run out of stack, with many aliases out of time. */
function assertHandy(text: string): void {
  let [flow, line, isIndented, aliases] = [0, 0, false, 0];
  for (const token of new Lexer().lex(text)) {
    if (LINE_END.test(token)) {
      [line, isIndented] = [0, false];
    } else if (!isIndented && token.trim() === '') {
      [line, isIndented] = [token.length / 2, true]; // a list may stand as far left as the key that it belongs to
    }
    flow += token === '[' || token === '{' ? 1 : token === ']' || token === '}' ? -1 : 0;
    line += flow === 0 && (token === '-' || token === '?') ? 1 : 0;
    aliases += token.startsWith('*') ? 1 : 0;
    if (flow > DEEPEST || line > 2 * DEEPEST) {
      throw new WrongInputError(`it is nested more than ${DEEPEST} levels deep`);
    }
    if (aliases > ALIAS_LIMIT) {
      throw new WrongInputError(`it has more than ${ALIAS_LIMIT} aliases`);
    }
  }
}

/** What JSON would write in other characters is text: `2012-10-17`, `012345678901`, `1.10`. */
const SCALARS: readonly ScalarTag[] = [
  scalar('null', /^(?:~|null|Null|NULL|)$/, () => null),
  scalar('bool', /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/, () => true),
  scalar('bool', /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/, () => false),
  scalar('float', /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/, (source) => (String(Number(source)) === source ? Number(source) : source)),
];

function scalar(name: string, test: RegExp, resolve: (source: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve };
}

function shortForm([tag, key]: readonly [string, string]): (ScalarTag | CollectionTag)[] {
  const wrapped = (argument: unknown) => {
    const map = new YAMLMap();
    map.items.push(new Pair(new Scalar(key), argument));
    return map;
  };
  return [
    { tag, resolve: (text: string) => ({ [key]: key === 'Fn::GetAtt' ? attribute(text) : text }) },
    { tag, collection: 'seq', resolve: wrapped },
    { tag, collection: 'map', resolve: wrapped },
  ];
}

function attribute(text: string): string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
