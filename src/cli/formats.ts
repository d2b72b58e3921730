import { Answer, readably, SCHEMA_VERSION } from './answer';
import { Block, markdownOf, titled } from './markdown';
import { sarifOf } from './sarif';
import { count, printed } from './text';

/** The forms in which the answers of each command can be written. */
export const FORMATS: Readonly<Record<string, readonly string[]>> = {
  explain: ['text', 'json', 'sarif'],
  prove: ['text', 'json', 'sarif', 'markdown'],
  check: ['text', 'json', 'sarif', 'markdown'],
  report: ['text', 'json', 'sarif', 'markdown', 'csv'],
};

/** How and by whom an answer is written. */
interface Writing {
  readonly hasColours: boolean;
  readonly version: string;

  /** The configuration files that were read. */
  readonly configuredBy: readonly string[];
}

/** An answer in one of its forms. */
export function textIn(format: string, answer: Answer, { hasColours, version, configuredBy }: Writing): string {
  const { json, lines, problems, assumed, leftOut, unseen } = answer;
  const { warnings, unreadable, skipped } = unseen;
  switch (format) {
    case 'json': return jsonText({ schemaVersion: SCHEMA_VERSION, ...readably(json), ...(configuredBy.length > 0 ? { configuration: configuredBy } : {}), warnings, unreadable, skipped });
    case 'sarif': return jsonText(sarifOf({ problems: readably(problems), assumed: readably(assumed), leftOut, unseen }, version, configuredBy.map(configuredText)));
    case 'markdown': return markdownOf([...readably(answer.blocks!()), ...unseenBlocks(answer), ...configuredBy.map((file) => ({ paragraph: configuredText(file) }))]);
    case 'csv': return answer.csv!();
    default: return printed([...readably(lines), ...configuredBy.map((file) => [configuredText(file)])], hasColours);
  }
}

/** Whoever reads a comment or a ticket does not see what the command has said beside it. */
function unseenBlocks({ unseen: { warnings, unreadable, skipped } }: Answer): Block[] {
  const files = skipped > 0 ? [`${count(skipped, 'file')} in folders that are no templates.`] : [];
  return titled('Not looked at', { list: [...unreadable.map(({ problem }) => problem), ...warnings, ...files] });
}

/** A file that nobody named on the command line may have decided something. */
function configuredText(file: string): string {
  return `Configured by ${file}.`;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
