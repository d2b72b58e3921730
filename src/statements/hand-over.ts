import { CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { StackLimit } from './stack-limit';
import { warn } from '../warning';

const MOST_OUTPUTS = 200; // of a stack, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const LONGEST_DESCRIPTION = 1024; // bytes, same page

/** Outputs of which some are hand-overs. */
const OUTPUTS = new StackLimit(MOST_OUTPUTS, (construct) => construct instanceof CfnOutput, (count) => ({
  problem: `the stack has ${count} outputs, many of them policies for consumers that are not in the app, and CloudFormation accepts ${MOST_OUTPUTS}.`,
  remedy: 'Make grants in several stacks, name several consumers in one grant, or share with accounts (Consumer.account).',
}));

/** Hands over, as an output of the stack, what must be added to a policy that this app does not write. */
export function handOver(scope: Construct, id: string, document: iam.PolicyDocument, to: readonly string[]): void {
  const stack = Stack.of(scope);
  new CfnOutput(scope, id, {
    value: stack.toJsonString(document),
    description: `To be added to ${to.join(', ')}`.slice(0, LONGEST_DESCRIPTION),
  });
  OUTPUTS.watch(stack);
}

/** The same, with a warning: nothing works until somebody has added it. */
export function handOverWithWarning(scope: Construct, id: string, document: iam.PolicyDocument, to: string, warningName: string): void {
  handOver(scope, id, document, [to]);
  warn(scope, warningName, `${to} is not this app's to write. Add the statements of the output '${scope.node.path}/${id}' to it.`);
}
