import { count, printable } from './text';

const PATIENCE = 2_000; // milliseconds before anything is said
const PACE = 100; // milliseconds between two lines
const CLEAR = '\r\u001b[2K';
const WIDEST = 79; // columns: a longer line would not be cleared

/** Says what the command is at, once a run takes longer than people like to wait without a word. */
export class Progress {
  private readonly start: number;
  private last = 0;

  /** @param write where people look at a terminal; nothing is said without it */
  constructor(private readonly write?: (text: string) => void, private readonly now: () => number = Date.now) {
    this.start = now();
  }

  /** Begins something, such as 'asking RequireTls'. */
  public step(what: string): void {
    const now = this.now();
    if (this.write && now - this.start >= PATIENCE && now - this.last >= PACE) {
      this.last = now;
      this.write(`${CLEAR}${printable(`secure-bucket: ${what}…`).slice(0, WIDEST)}`);
    }
  }

  /** The same things one after the other, each as a step. */
  public each<T, R>(things: readonly T[], noun: string, use: (thing: T, index: number) => R): R[] {
    return things.map((thing, i) => {
      this.step(`${noun} ${i + 1} of ${count(things.length, noun)}`);
      return use(thing, i);
    });
  }

  /** Leaves nothing on the terminal of what was said. */
  public end(): void {
    if (this.last > 0) {
      this.write?.(CLEAR);
      this.last = 0;
    }
  }
}
