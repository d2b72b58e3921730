/** The name that somebody may have meant by another: the nearest one, if it is near. */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  const given = written.toLowerCase();
  const limit = Math.max(1, Math.min(3, Math.floor(given.length / 4))); // wrong letters: longer names take more
  const near = [...new Set(names)].map((name) => ({ name, distance: distanceBetween(given, name.toLowerCase(), limit) })).filter(({ distance }) => distance <= limit);
  return near.sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))[0]?.name;
}

/** The end of an error about a name: what may have been meant. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const name = nearest(written, names);
  return name === undefined ? '' : ` Did you mean '${name}'?`;
}

/** How many letters have to be added, left out, replaced or swapped with their neighbour. */
function distanceBetween(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) {
    return Infinity;
  }
  let [before, row] = [[] as number[], Array.from({ length: other.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(one[i - 1] !== other[j - 1]), isSwapped ? before[j - 2] + 1 : Infinity);
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}
