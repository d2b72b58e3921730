import { CollectionTag, Composer, CST, Document, isPair, isScalar, isSeq, LineCounter, Pair, Parser, Scalar, ScalarTag, visit, YAMLMap } from 'yaml';
import { LenientLexer } from './lenient-lexer';
import { DEEPEST } from './plain-value';
import { MOST_MEMBERS, WrittenDocument } from './written-members';
import { positionText } from '../template/mistake';
import { WrittenMember } from '../template/template';
import { WrongInputError } from '../template/wrong-input';

/** Intrinsic functions that have a short form, such as `!Sub`, beside `!Ref` and `!Condition`. */
const FUNCTIONS = [
  'And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'GetStackOutput', 'If', 'ImportValue', 'Join',
  'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll',
];
const LONG_FORMS: readonly (readonly [tag: string, key: string])[] = [['!Ref', 'Ref'], ['!Condition', 'Condition'], ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`])];
const ALIAS_LIMIT = 1000; // an alias of an alias counts as often as it is expanded

/**
 * Reads a template in YAML as its JSON form. Of a key that occurs twice, the last value counts, as for CloudFormation. CloudFormation takes YAML 1.1
 * without dates and binary values.
 *
 * @throws WrongInputError if it is no YAML, or has a tag that CloudFormation does not know; the message ends in line and column
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function parseYaml(text: string): WrittenDocument {
  assertHandy(text);
  const lines = new LineCounter();
  lines.addNewLine(0);
  const [document, another] = documentsIn(text, lines);
  if (!document) {
    return { value: null, nulls: [], twice: [] };
  }
  const problem = document.errors[0] ?? document.warnings.find(({ code }) => code !== 'BAD_INDENT') // brackets that end as far left as they like
    ?? (another && { message: 'it consists of multiple documents', pos: another.range }) ?? problemIn(document);
  if (problem) {
    const { line, col: column } = lines.linePos(problem.pos[0]);
    throw new WrongInputError(`${inPlainWords(problem)} ${positionText({ line, column })}`);
  }
  try {
    return { value: document.toJS({ maxAliasCount: ALIAS_LIMIT }), ...peculiarMembers(document, lines) };
  } catch (error) {
    throw new WrongInputError((error as Error).message); // about aliases
  }
}

function documentsIn(text: string, lines: LineCounter): Document.Parsed[] {
  const composer = new Composer({ schema: 'failsafe', customTags: [...SCALARS, ...EXPLICIT, ...LONG_FORMS.flatMap(shortForm)], merge: true, stringKeys: true, uniqueKeys: false });
  return Array.from(composer.compose(tokensIn(text, new Parser(lines.addNewLine)), true, text.length)) as Document.Parsed[];
}

function* tokensIn(text: string, parser: Parser): Generator<CST.Token> {
  for (const lexeme of new LenientLexer().lex(text)) {
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

interface YamlProblem {
  readonly message: string;
  readonly pos: readonly number[];
  readonly code?: string;
}

/** The parser speaks of its own options where a key is a list, a map or the result of a function. */
function inPlainWords({ code, message }: YamlProblem): string {
  return code === 'NON_STRING_KEY' ? 'a key must be a text, not a list, a map or a function' : message;
}

const REFUSED_TAG = /^tag:yaml\.org,2002:(binary|omap|pairs|set|timestamp)$/;

/** What the parser lets pass and CloudFormation refuses: tags, aliases of nothing. */
function problemIn(document: Document): YamlProblem | undefined {
  const anchors = new Set<string>();
  let problem: YamlProblem | undefined;
  const stopAt = (message: string, { range }: { range?: readonly number[] | null }) => {
    problem = { message, pos: range ?? [0] };
    return visit.BREAK;
  };
  visit(document, {
    Alias: (_, alias) => (anchors.has(alias.source) ? undefined : stopAt(`the alias '*${alias.source}' has no anchor before it`, alias)),
    Value: (_, node) => {
      const tag = REFUSED_TAG.exec(node.tag ?? '')?.[1];
      anchors.add(node.anchor ?? '');
      return tag === undefined ? undefined : stopAt(`CloudFormation does not take the tag '!!${tag}'`, node);
    },
  });
  return problem;
}

/** Members whose value is null, and keys that occur twice: found here, since the parser compares each key with all others. */
function peculiarMembers(document: Document, lines: LineCounter): Pick<WrittenDocument, 'nulls' | 'twice'> {
  const nulls: WrittenMember[] = [];
  const twice: WrittenMember[] = [];
  const member = (path: WrittenMember['path'], { range }: Scalar): WrittenMember => {
    const { line, col: column } = lines.linePos(range?.[0] ?? 0);
    return { path, line, column };
  };
  visit(document, {
    Map: (_, map, above) => {
      keysTwiceIn(map).slice(0, MOST_MEMBERS - twice.length).forEach((key) => twice.push(member([...pathOf([...above, map]), String(key.value)], key)));
    },
    Scalar: (role, value, above) => {
      if (value.value === null && role !== 'key' && nulls.length < MOST_MEMBERS) {
        nulls.push(member(pathOf([...above, value]), value));
      }
    },
  });
  return { nulls, twice };
}

/** The last of each key that occurs twice. */
function keysTwiceIn({ items }: YAMLMap): Scalar[] {
  const seen = new Set<unknown>();
  const twice = new Map<unknown, Scalar>();
  for (const { key } of items) {
    const value = isScalar(key) ? key.value : key;
    if (isScalar(key) && value !== '<<' && seen.has(value)) {
      twice.set(value, key);
    }
    seen.add(value);
  }
  return [...twice.values()];
}

/** The keys, and places in lists, that lead to the last of some nodes, each of which is within the one before. */
function pathOf(nodes: readonly unknown[]): (string | number)[] {
  return nodes.flatMap((node, i): (string | number)[] => {
    if (isPair(node)) {
      return [String(isScalar(node.key) ? node.key.value : node.key)];
    }
    return isSeq(node) && i < nodes.length - 1 ? [node.items.indexOf(nodes[i + 1])] : [];
  });
}

const LINE_END = /[\r\n]/;

/** Found before anything is composed: with deep nesting the parser would run out of stack, with many aliases out of time. */
function assertHandy(text: string): void {
  let [flow, line, isIndented, aliases] = [0, 0, false, 0];
  for (const token of new LenientLexer().lex(text)) {
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

/** Tags that are written out. */
const EXPLICIT: readonly ScalarTag[] = [
  { tag: 'tag:yaml.org,2002:int', resolve: (source: string) => numberIn(source) },
  { tag: 'tag:yaml.org,2002:float', resolve: (source: string) => numberIn(source) },
];

function numberIn(source: string): unknown {
  const number = Number(source.replace(/_/g, ''));
  return source === '' || Number.isNaN(number) ? source : number;
}

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
