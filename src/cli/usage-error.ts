/** Says that the command was used wrongly, in one line: what is wrong, where, what to do. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message.replace(/\s+/g, ' ').trim());
    this.name = 'UsageError';
  }
}
