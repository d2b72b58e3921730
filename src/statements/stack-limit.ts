import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Refusal, sentenceOf } from '../refusal';

/** How many constructs of one kind a stack can hold: synthesis fails when there are more, since it could not be deployed. */
export class StackLimit {
  private readonly watched = new WeakSet<Stack>();

  constructor(private readonly most: number, private readonly isCounted: (construct: IConstruct) => boolean, private readonly refusal: (count: number) => Refusal) {}

  /** To be called for each of them: the first one of a stack has it watched. */
  public watch(stack: Stack): void {
    if (this.watched.has(stack)) {
      return;
    }
    this.watched.add(stack);
    stack.node.addValidation({
      validate: () => {
        const count = stack.node.findAll().filter((construct) => this.isCounted(construct) && Stack.of(construct) === stack).length;
        return count <= this.most ? [] : [sentenceOf(stack.node.path, this.refusal(count))];
      },
    });
  }
}
