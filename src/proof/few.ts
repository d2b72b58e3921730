/** Makes things of other things, as long as they are few enough to look at each: what is told apart several times over multiplies. */
export class Few {
  /** Whether all were made so far. */
  public isExact = true;

  constructor(private readonly most: number) {}

  /** What is made of each, until there is too much. */
  public of<T, Made>(all: readonly T[], make: (one: T) => readonly Made[]): Made[] {
    const made: Made[] = [];
    for (const one of all) {
      if (made.length >= this.most) {
        this.isExact = false;
        break;
      }
      made.push(...make(one));
    }
    return made;
  }
}
