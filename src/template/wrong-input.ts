/** Says that what the user gave cannot be used: a request, a file, assumptions. The message is one line. */
export class WrongInputError extends Error {
  constructor(message: string) {
    super(message.replace(/\s+/g, ' '));
    this.name = 'WrongInputError';
  }
}
