import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CONSTRUCTS } from './contract-cases';
import { testStack } from '../support/apps';

// Logical IDs and templates are a contract: a snapshot that changes is a breaking change until somebody has shown that it is not.

/** A template without what the lowest and the newest aws-cdk-lib write differently, and nobody depends on: code of CDK's own functions. */
function contractOf(stack: Stack): unknown {
  const { Resources } = Template.fromStack(stack).toJSON();
  return Object.fromEntries(Object.entries<any>(Resources).filter(([, { Type }]) => !/^AWS::Lambda|^AWS::CDK/.test(Type)));
}

test.each(Object.keys(CONSTRUCTS))('%s', (name) => {
  const stack = testStack();
  const built = CONSTRUCTS[name](stack);
  expect(contractOf(Stack.isStack(built) ? built : stack)).toMatchSnapshot();
});
