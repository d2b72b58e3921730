/** What must be so, in words that follow a colon: a guarantee says what is so where it holds. */
function demand(sentence: string): string {
  const must = sentence.replace(/\.$/, '').replace(/\bare denied\b/, 'must be denied');
  return /^[A-Z][a-z]/.test(must) ? `${must[0].toLowerCase()}${must.slice(1)}` : must;
}

/** That a guarantee does not hold. */
export function violated(sentence: string): string {
  return `Violated: ${demand(sentence)}.`;
}

/** What begins a text about a guarantee of which nobody can tell whether it holds. */
export const UNDECIDED = 'Not decided: ';

/** That nobody can tell whether a guarantee holds, and why not. */
export function undecided(sentence: string, reason: string): string {
  return `${UNDECIDED}${demand(sentence)}; ${reason}.`;
}

/** What such a text says must be so, whether it is decided or not; undefined if it is no such text. */
export function demanded(text: string): string | undefined {
  const [, ofViolated, ofUndecided] = TEXT.exec(text) ?? [];
  return ofViolated ?? ofUndecided;
}

const TEXT = new RegExp(`^(?:Violated: (.*)\\.|${UNDECIDED}(.*?); .*)$`, 's');
