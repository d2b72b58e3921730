import { Stack } from 'aws-cdk-lib';

/** The stack that CloudFormation deploys a stack with: a nested one is deployed with its parent. */
export function outermostStack(stack: Stack): Stack {
  return stack.nestedStackParent ? outermostStack(stack.nestedStackParent) : stack;
}
