import { CollectionTag, Composer, CST, Document, isMap, isScalar, LineCounter, Pair, Parser, Scalar, ScalarTag, visit, YAMLMap } from 'yaml';
import { LenientLexer } from './lenient-lexer';
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
 * @throws WrongInputError if it is no YAML, or has a tag that CloudFormation does not know; the message ends in line and column
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function parseYaml(text: string): unknown {
  assertHandy(text);
  const lines = new LineCounter();
  lines.addNewLine(0);
  const [document, another] = documentsIn(text, lines);
  if (!document) {
    return null;
  }
  const problem = document.errors[0] ?? document.warnings.find(({ code }) => code !== 'BAD_INDENT') // brackets that end as far left as they like
    ?? (another && { message: 'it consists of multiple documents', pos: another.range }) ?? problemIn(document);
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new WrongInputError(`${problem.message} (line ${line}, column ${col})`);
  }
  try {
    return document.toJS({ maxAliasCount: ALIAS_LIMIT });
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
}

const REFUSED_TAG = /^tag:yaml\.org,2002:(binary|omap|pairs|set|timestamp)$/;

/** What the parser lets pass and CloudFormation refuses: keys that occur twice, tags, aliases of nothing. */
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
      const twice = isMap(node) ? keyTwiceIn(node) : undefined;
      return tag !== undefined ? stopAt(`CloudFormation does not take the tag '!!${tag}'`, node) : twice && stopAt(`the key '${twice.value}' occurs twice`, twice);
    },
  });
  return problem;
}

/** Done here: the parser compares each key with all others. */
function keyTwiceIn({ items }: YAMLMap): Scalar | undefined {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (isScalar(key) && seen.has(key.value) && key.value !== '<<') {
      return key;
    }
    seen.add(isScalar(key) ? key.value : key);
  }
  return undefined;
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
