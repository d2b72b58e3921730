type Json = unknown;

/**
 * Whether an event matches a pattern of EventBridge, as far as the patterns of this package go: values, `anything-but`, `exists`, `$or`.
 *
 * What is not known here throws: it must not pass for a pattern that matches nothing.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @see https://github.com/aws/event-ruler
 */
export function matchesPattern(event: Json, pattern: Record<string, Json>): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') {
      return (expected as Record<string, Json>[]).some((alternative) => matchesPattern(event, alternative));
    }
    return Array.isArray(expected) ? leavesOf(event, field, expected) : membersOf(event, field).some((member) => matchesPattern(member, expected as Record<string, Json>));
  });
}

/** The objects at a field, of which any may match; nothing, where the field is not there, so that `exists: false` below it is still asked. */
function membersOf(event: Json, field: string): Json[] {
  const values = valuesAt(event, field);
  return values.length === 0 ? [undefined] : values;
}

function leavesOf(event: Json, field: string, matchers: Json[]): boolean {
  const leaves = valuesAt(event, field).filter((value) => typeof value !== 'object' || value === null);
  return matchers.some((matcher) => {
    if (typeof matcher !== 'object' || matcher === null) {
      return leaves.includes(matcher);
    }
    const [[operator, operand], ...others] = Object.entries(matcher);
    if (operator === 'exists' && others.length === 0) {
      return leaves.length > 0 === operand;
    }
    if (operator === 'anything-but' && others.length === 0 && [operand].flat().every((value) => typeof value === 'string')) {
      return leaves.some((leaf) => ![operand].flat().includes(leaf));
    }
    throw new Error(`an operator that is not known here: ${JSON.stringify(matcher)}`);
  });
}

/** An array stands for each of its elements. */
function valuesAt(event: Json, field: string): Json[] {
  const value = typeof event === 'object' && event !== null ? (event as Record<string, Json>)[field] : undefined;
  return value === undefined ? [] : [value].flat();
}
