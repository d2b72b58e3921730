import { DeployedResource } from './deployment';
import { parsePolicy, Policy, PolicySyntaxError, Statement, statementJson } from '../policy/document';
import { decidingCondition, isUnknownBesideIds, unknownNames, whetherItHolds } from '../policy/unknown-text';

interface Reading {
  readonly policy?: Policy;
  readonly refusal?: PolicySyntaxError;
  readonly unknown?: string;
}

/** A policy document of a deployment. It is read when somebody asks. */
export class DeployedPolicy {
  private reading?: Reading;
  private written?: string;
  private readonly statementTexts = new Map<string, string>();

  /**
   * @param property where in the resource the document stands
   * @param document gives the document once its values are known
   * @param parse reads the document, or refuses it as AWS would
   */
  constructor(public readonly resource: DeployedResource, public readonly property: string, private readonly document: () => unknown, private readonly parse = parsePolicy) {}

  public get policy(): Policy | undefined {
    return this.read().policy;
  }

  /** Why there is no policy: IAM would refuse the document. */
  public get refusal(): PolicySyntaxError | undefined {
    return this.read().refusal;
  }

  /** Why there is no policy: parts of the document are not known. */
  public get unknown(): string | undefined {
    return this.read().unknown;
  }

  /** The document as JSON, once its values are known. */
  public get text(): string {
    this.written ??= JSON.stringify(asObject(this.document())) ?? '';
    return this.written;
  }

  /** Whether anything may be allowed. A policy of denies alone need not be read to know. */
  public get mayAllow(): boolean {
    return this.text.includes('Allow') || isUnknownBesideIds(this.text);
  }

  /** One statement as JSON. */
  public textOf(statement: Statement): string {
    const known = this.statementTexts.get(statement.path) ?? JSON.stringify(statementJson(JSON.parse(this.text), statement));
    this.statementTexts.set(statement.path, known);
    return known;
  }

  private read(): Reading {
    this.reading ??= readPolicy(asObject(this.document()), () => this.text, this.parse);
    return this.reading;
  }
}

/** A policy document may be written as a text of JSON. */
function asObject(document: unknown): unknown {
  try {
    return typeof document === 'string' ? JSON.parse(document) : document;
  } catch {
    return document;
  }
}

function readPolicy(document: unknown, text: () => string, parse: typeof parsePolicy): Reading {
  try {
    return { policy: parse(document) };
  } catch (error) {
    if (isUnknownBesideIds(text())) { // an id is a text, whatever AWS draws
      const conditions = conditionsIn(text());
      const macro = unknownNames(text()).find((name) => /^[^:]*: (?:Fn::Transform |what the transform )/.test(name));
      const why = macro !== undefined ? `a transform may change it: ${macro.replaceAll('\\"', '"')}` : conditions.length > 0 ? `it depends on ${conditions.join(' and on ')}` : (error as Error).message;
      return { unknown: `a part of the policy document is not known before deployment (${why})` };
    }
    return { refusal: error instanceof PolicySyntaxError ? error : new PolicySyntaxError('', (error as Error).message) };
  }
}

/** The conditions on which values in a text depend. */
function conditionsIn(text: string): string[] {
  return [...new Set(unknownNames(text).flatMap((name) => decidingCondition(name) ?? []).map(whetherItHolds))];
}
