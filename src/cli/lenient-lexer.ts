import { Lexer } from 'yaml';

/** What the lexer of the parser keeps to itself. The command is bundled with one version of it, and tests hold what is done here. */
interface LexerParts {
  indentNext: number;
  lex(source: string): Generator<string>;
  parseFlowCollection(): Generator<string, unknown>;
  parseQuotedScalar(): Generator<string, unknown>;
}

const LexerBase = Lexer as unknown as new () => LexerParts;

/**
 * A lexer to which indentation within brackets, braces and quotes means nothing, as to the parser of CloudFormation: YAML 1.2 asks for
 * more of it than the line has on which they begin.
 */
export class LenientLexer extends LexerBase {
  public *parseFlowCollection(): Generator<string, unknown> {
    return yield* this.anyIndentation(() => super.parseFlowCollection());
  }

  public *parseQuotedScalar(): Generator<string, unknown> {
    return yield* this.anyIndentation(() => super.parseQuotedScalar());
  }

  private *anyIndentation(parse: () => Generator<string, unknown>): Generator<string, unknown> {
    const { indentNext } = this;
    this.indentNext = 0;
    const next = yield* parse();
    this.indentNext = indentNext;
    return next;
  }
}
