import { Stack } from 'aws-cdk-lib';
import { warn } from '../warning';

/** Macros that are hosted by CloudFormation and change no bucket, bucket policy or key that is written out. What `AWS::Include` brings is not seen. */
const HARMLESS = /^AWS::(?!Include)/;

const WARNED = new WeakSet<Stack>();

/**
 * Warns of macros that may rewrite the template of a stack when it is deployed: what they make of it nobody sees at synthesis.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
 */
export function warnOfMacros(stack: Stack): void {
  const macros = (stack.templateOptions.transforms ?? []).filter((name) => !HARMLESS.test(name));
  if (macros.length > 0 && !WARNED.has(stack)) {
    WARNED.add(stack);
    warn(stack, 'templateTransform', `CloudFormation rewrites the template with the macro ${macros.map((name) => `'${name}'`).join(' and ')} when it is deployed, and what becomes of guarded buckets cannot be seen at synthesis. Look at the processed template (aws cloudformation get-template --template-stage Processed), or move the buckets into a stack without macros.`);
  }
}
