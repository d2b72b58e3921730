import { DeployedStack } from './deployment';
import { resolveValue } from './intrinsics';
import { unmetConstraint } from './parameter-constraints';
import { isObject, isScalar, jsonText } from '../policy/json';
import { every, not, some, Truth } from '../policy/truth';

const MOST_ASSIGNMENTS = 4_096;

/**
 * The truths that conditions of a stack, none of which is known, may have together: of two that compare one parameter with different texts, one holds at
 * most. There may be some among them that cannot be, and none is missing. Undefined if there are too many to be looked at.
 */
export function truthsTogether(stack: DeployedStack, names: readonly string[]): boolean[][] | undefined {
  const definitions: Record<string, unknown> = isObject(stack.template.Conditions) ? stack.template.Conditions : {};
  const values = new OpenValues(stack);
  const formulas = names.map((name) => formulaOf(definitions[name], { stack, definitions, values, within: [name] }));
  const assignments = values.assignments;
  const all = assignments?.map((assignment) => formulas.map((formula) => formula(assignment)));
  return all && [...new Map(all.map((truths) => [truths.join(), truths])).values()].sort(trueFirst);
}

function trueFirst(one: readonly boolean[], other: readonly boolean[]): number {
  const differing = one.findIndex((truth, i) => truth !== other[i]);
  return differing < 0 ? 0 : Number(other[differing]) - Number(one[differing]);
}

/** What values that are not known are: a text, or none of those that conditions mention. */
type Assignment = ReadonlyMap<string, string | undefined>;

type Formula = (assignment: Assignment) => boolean;

interface Reading {
  readonly stack: DeployedStack;
  readonly definitions: Readonly<Record<string, unknown>>;
  readonly values: OpenValues;

  /** The conditions that are being read. */
  readonly within: readonly string[];
}

function formulaOf(definition: unknown, reading: Reading): Formula {
  const known: unknown = resolveValue(definition, reading.stack);
  if (typeof known === 'boolean') {
    return () => known;
  }
  const [name, argument] = isObject(definition) ? Object.entries(definition)[0] ?? [] : [];
  const inner = () => [argument].flat().map((part) => formulaOf(part, reading));
  switch (name) {
    case 'Fn::Not': return negated(inner()[0]);
    case 'Fn::And': return combined(inner(), every);
    case 'Fn::Or': return combined(inner(), some);
    case 'Fn::Equals': return comparison(definition, [argument].flat(), reading.values);
    case 'Condition': return namedCondition(jsonText(argument), definition, reading);
    default: return reading.values.isTrue(definition);
  }
}

function negated(formula: Formula): Formula {
  return (assignment) => not(formula(assignment))!;
}

function combined(formulas: readonly Formula[], combine: (formulas: readonly Formula[], truth: (formula: Formula) => Truth) => Truth): Formula {
  return (assignment) => combine(formulas, (formula) => formula(assignment))!;
}

function namedCondition(name: string, definition: unknown, reading: Reading): Formula {
  const { definitions, within, values } = reading;
  return Object.hasOwn(definitions, name) && !within.includes(name) ? formulaOf(definitions[name], { ...reading, within: [...within, name] }) : values.isTrue(definition);
}

function comparison(definition: unknown, compared: readonly unknown[], values: OpenValues): Formula {
  const [literal] = compared.filter(isScalar);
  const [open] = compared.filter((one) => !isScalar(one));
  return compared.length === 2 && literal !== undefined && open !== undefined ? values.is(open, jsonText(literal)) : values.isTrue(definition);
}

const TRUE = 'true';

/** The values that are not known and that conditions compare, with the texts that they are compared with. */
class OpenValues {
  private readonly texts = new Map<string, Set<string>>();
  private readonly definitions = new Map<string, unknown>();

  constructor(private readonly stack: DeployedStack) {}

  /** That a value is a text. */
  public is(value: unknown, text: string): Formula {
    const key = JSON.stringify(value);
    this.definitions.set(key, value);
    this.texts.set(key, (this.texts.get(key) ?? new Set()).add(text));
    return (assignment) => assignment.get(key) === text;
  }

  /** That something holds of which no more is known. */
  public isTrue(definition: unknown): Formula {
    return this.is({ holds: definition }, TRUE);
  }

  /** All ways together in which the values may turn out; undefined if there are too many. */
  public get assignments(): Assignment[] | undefined {
    const domains = Array.from(this.texts, ([key, texts]) => ({ key, domain: this.domainOf(this.definitions.get(key), [...texts]) }));
    if (domains.reduce((product, { domain }) => product * domain.length, 1) > MOST_ASSIGNMENTS) {
      return undefined;
    }
    return domains.reduce<Assignment[]>((before, { key, domain }) => (
      before.flatMap((assignment) => domain.map((value) => new Map([...assignment, [key, value]])))), [new Map()]);
  }

  /** The texts that a value may be, and whether it may be another one. */
  private domainOf(value: unknown, texts: readonly string[]): (string | undefined)[] {
    const { Parameters } = this.stack.template;
    const name = isObject(value) && typeof value.Ref === 'string' ? value.Ref : '';
    const declaration = isObject(Parameters) && Object.hasOwn(Parameters, name) ? Parameters[name] : undefined;
    if (!isObject(declaration) || jsonText(declaration.Type).startsWith('AWS::SSM::')) {
      return [...texts, undefined];
    }
    const allowed: unknown = declaration.AllowedValues;
    const mayBeOther = !Array.isArray(allowed) || allowed.length === 0 || allowed.some((one) => !texts.includes(jsonText(one)));
    return [...texts.filter((text) => unmetConstraint(text, declaration) === undefined), ...(mayBeOther ? [undefined] : [])];
  }
}
