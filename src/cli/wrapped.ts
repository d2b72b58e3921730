/** A text in lines of at most so many columns, broken between words; a word that is longer is broken where it must be. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const end = space > 0 ? space : columns;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** The same in so many lines at most. What does not fit is left out, which is marked. */
export function cutTo(most: number, text: string, columns: number): string[] {
  const lines = wrapped(text, columns);
  const [whole, cut] = [lines.slice(0, most - 1), lines.slice(most - 1)];
  return cut.length <= 1 ? lines : [...whole, `${cut.join(' ').slice(0, columns - MARK.length)}${MARK}`];
}

/** What stands for what is left out. */
const MARK = ' …';
