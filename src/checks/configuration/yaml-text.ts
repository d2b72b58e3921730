import { Document, isAlias, isMap, isScalar, isSeq, LineCounter, Node, parseDocument, ScalarTag } from 'yaml';

/** Where a member of a document begins, from one on. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A document in YAML or JSON that was read. */
export interface PositionedDocument {
  readonly value: unknown;

  /** The position of the member at a path, or of the nearest one around it. */
  readonly positionOf: (path: readonly (string | number)[]) => Position;
}

/** Why a document cannot be read. */
export interface YamlProblem extends Position {
  readonly problem: string;
}

const ALIAS_LIMIT = 1000;

/**
 * Reads YAML 1.2, and so JSON. What JSON would write in other characters is text, and so are account ids: `012345678901`, `2026-12-31`.
 *
 * It imports nothing of this package, and is bundled with the parser: whoever installs the package installs no parser.
 */
export function readYaml(text: string): PositionedDocument | YamlProblem {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col: column } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(column, 1) }; // of an empty text, the counter knows no line
  };
  try {
    const document = parseDocument(text, { schema: 'failsafe', customTags: SCALARS, lineCounter: lines, merge: true, stringKeys: true, prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    return problem
      ? { problem: problem.message, ...at(problem.pos[0]) }
      : { value: document.toJS({ maxAliasCount: ALIAS_LIMIT }), positionOf: (path) => at(offsetOf(document, path)) };
  } catch (error) {
    const isTooDeep = error instanceof RangeError && /call stack/i.test(error.message);
    return { problem: isTooDeep ? 'it is nested too deeply' : (error as Error).message, ...at(0) }; // otherwise about aliases
  }
}

const SCALARS: ScalarTag[] = [
  scalar('null', /^(?:~|null|Null|NULL|)$/, () => null),
  scalar('bool', /^(?:true|True|TRUE)$/, () => true),
  scalar('bool', /^(?:false|False|FALSE)$/, () => false),
  scalar('float', /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/, (source) => (String(Number(source)) === source && !/^\d{12}$/.test(source) ? Number(source) : source)),
];

function scalar(name: string, test: RegExp, resolve: (source: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve };
}

/** Where a member begins: with its key, or as an element of a list. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  let [node, offset]: [unknown, number] = [document.contents, startOf(document.contents)];
  for (const step of path) {
    const within = isAlias(node) ? node.resolve(document) : node;
    if (isMap(within)) {
      const pair = within.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) {
        return offset;
      }
      [node, offset] = [pair.value, startOf(pair.key as Node)];
    } else if (isSeq(within) && within.items[Number(step)] !== undefined) {
      node = within.items[Number(step)];
      offset = startOf(node as Node);
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: Pick<Node, 'range'> | null): number {
  return node?.range?.[0] ?? 0;
}
