/** True, false, or undefined where something that is not known would decide. */
export type Truth = boolean | undefined;

export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** False if any is false; otherwise undefined if any is not known. */
export function every<T>(items: readonly T[], test: (item: T) => Truth): Truth {
  let result: Truth = true;
  for (const item of items) {
    const truth = test(item);
    if (truth === false) {
      return false;
    }
    result = truth === undefined ? undefined : result;
  }
  return result;
}

/** True if any is true; otherwise undefined if any is not known. */
export function some<T>(items: readonly T[], test: (item: T) => Truth): Truth {
  let result: Truth = false;
  for (const item of items) {
    const truth = test(item);
    if (truth === true) {
      return true;
    }
    result = truth === undefined ? undefined : result;
  }
  return result;
}
