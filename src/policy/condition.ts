import { ContextValues } from './context';
import { Operator, OperatorKind, OPERATORS, takesPatterns } from './operators';
import { isArn } from './pattern';
import { every, not, some, Truth } from './truth';
import { isUnknown, isUnknownBesideIds, mayHaveWildcards, UNDETERMINED } from './unknown-text';
import { PolicyText } from './variables';

/** One operator applied to one condition key. */
export interface ConditionTest {
  /** The operator as it is written. */
  readonly operatorName: string;

  /** What the operator does with values; undefined for `Null` and for operators that IAM does not know. */
  readonly operator?: Operator;

  /** The condition key in lower case, and as it is written. */
  readonly key: string;
  readonly writtenKey: string;
  readonly values: readonly PolicyText[];

  /** Whether the test depends on nothing but this key. */
  readonly isSelfContained: boolean;

  /** Whether the test holds for a request. */
  readonly holds: (context: ContextValues) => Truth;
}

interface OperatorForm {
  readonly set?: 'forallvalues' | 'foranyvalue';
  readonly base: string;
  readonly ifExists: boolean;
}

/** Reads one operator, key and list of values. An operator that IAM does not know is not decided. */
export function conditionTest(operatorName: string, writtenKey: string, values: readonly PolicyText[]): ConditionTest {
  const form = operatorForm(operatorName);
  const operator = exact(OPERATORS.get(form.base), values);
  const key = writtenKey.toLowerCase();
  const decide = form.base === 'null' && form.set === undefined && !form.ifExists ? absence(values) : operator ? comparison(operator, form, values) : () => undefined;
  return {
    operatorName,
    operator,
    key,
    writtenKey,
    values,
    isSelfContained: values.every(({ variables }) => variables.length === 0),
    holds: (context) => (context.get(key)?.includes(UNDETERMINED) ? byKnownValues(form, decide, context.get(key)!, context) : decide(context.get(key), context)),
  };
}

/** One value that is known may decide for several: that any of them matches, or that not all do. */
function byKnownValues({ set }: OperatorForm, decide: Decide, values: readonly string[], context: ContextValues): Truth {
  const known = values.filter((value) => value !== UNDETERMINED);
  const truth = set === undefined || known.length === 0 ? undefined : decide(known, context);
  return truth === (set === 'foranyvalue') ? truth : undefined;
}

/** Where the values have no wildcards, whatever they turn out to be, patterns are compared as texts are. */
function exact(operator: Operator | undefined, values: readonly PolicyText[]): Operator | undefined {
  const isExact = values.some(({ source }) => isUnknown(source)) && values.every(({ source, variables }) => variables.length === 0 && !mayHaveWildcards(source));
  return operator !== undefined && takesPatterns(operator.kind) && isExact ? OPERATORS.get(operator.negated ? 'stringnotequals' : 'stringequals') : operator;
}

const COMPARED_AS_WRITTEN: readonly OperatorKind[] = ['text', 'text-ignoring-case', 'binary'];

/**
 * The same test for decisions about real requests: a value of the policy that is not known before deployment may turn out to be
 * the value of the request. Otherwise it is taken for a value of its own, which proofs can tell apart from all that are known.
 */
export function cautiousTest(test: ConditionTest): ConditionTest {
  const { operator, key, values, holds } = test;
  // Proofs look at ids that AWS draws by themselves.
  const mayBeAny = operator && COMPARED_AS_WRITTEN.includes(operator.kind) && values.some(({ source }) => isUnknownBesideIds(source));
  if (!mayBeAny) {
    return test;
  }
  const couldChange = operator.negated; // one more value that matches makes a negated operator false, and any other true
  return {
    ...test,
    holds: (context) => {
      const truth = holds(context);
      return context.has(key) && truth === couldChange ? undefined : truth;
    },
  };
}

/** Whether IAM knows an operator. */
export function isKnownOperator(operatorName: string): boolean {
  const form = operatorForm(operatorName);
  return OPERATORS.has(form.base) || (form.base === 'null' && form.set === undefined && !form.ifExists);
}

function operatorForm(name: string): OperatorForm {
  const [, set, base, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(name.toLowerCase())!;
  return { set: set as OperatorForm['set'], base, ifExists: ifExists !== undefined };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse */
const TAKES_VARIABLES: readonly OperatorKind[] = ['text', 'text-ignoring-case', 'pattern', 'arn'];

type Decide = (requestValues: readonly string[] | undefined, context: ContextValues) => Truth;

function absence(values: readonly PolicyText[]): Decide {
  return (requestValues, context) => some(values, (value) => {
    const text = value.fill(context)?.text.toLowerCase() ?? '';
    return isUnknown(text) ? undefined : text === String(requestValues === undefined) && (text === 'true' || text === 'false');
  });
}

function comparison(operator: Operator, { set, ifExists }: OperatorForm, values: readonly PolicyText[]): Decide {
  const whenAbsent = absentTruth(operator, set, ifExists);
  const isFixed = values.every(({ variables }) => variables.length === 0);
  const compare = (context: ContextValues) => values.flatMap((value) => {
    const filled = value.fill(context);
    const isOpen = value.variables.length > 0 && (isUnknown(filled?.text ?? '') || !TAKES_VARIABLES.includes(operator.kind));
    return isOpen ? [() => undefined] : filled === undefined ? [] : [operator.comparison(filled)]; // a variable without value matches nothing
  });
  const fixed = isFixed ? compare(new Map()) : undefined;
  return (requestValues, context) => {
    if (requestValues === undefined) {
      return whenAbsent;
    }
    const comparisons = fixed ?? compare(context);
    const accepts = (requestValue: string) => {
      const matches = some(comparisons, (matchesValue) => matchesValue(requestValue));
      return !operator.negated ? matches : matches === false && isNoArn(operator, requestValue) ? undefined : not(matches);
    };
    if (set === 'forallvalues') {
      return every(requestValues, accepts);
    }
    if (set === 'foranyvalue' || requestValues.length === 1) {
      return some(requestValues, accepts);
    }
    return requestValues.length === 0 ? whenAbsent : undefined; // several values without a set operator: not documented
  };
}

/** Whether a value is compared as an ARN and is none: that it matches none, is sure; what AWS makes of a negated operator then, it does not document. */
function isNoArn({ kind }: Operator, requestValue: string): boolean {
  return kind === 'arn' && !isArn(requestValue) && !isUnknown(requestValue);
}

/**
 * What a test says of a request without the key. AWS documents `ForAnyValue` with `IfExists` in one way, and does it in another.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function absentTruth(operator: Operator, set: OperatorForm['set'], ifExists: boolean): Truth {
  if (set === 'forallvalues') {
    return true;
  }
  if (set === 'foranyvalue') {
    return ifExists ? undefined : false;
  }
  return ifExists || operator.negated;
}
