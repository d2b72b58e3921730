import { Deployment } from './deployment';
import { physicalName } from './physical-names';
import { StackTemplate } from './template';
import { isTransformed, transformed } from './transforms/transformed';

/** Templates as they will be deployed together, once their transforms have run. */
export function deploymentOf(templates: readonly StackTemplate[]): Deployment {
  const written = new Deployment(templates, physicalName);
  return written.stacks.some(isTransformed) ? new Deployment(written.stacks.map((stack) => (isTransformed(stack) ? transformed(stack) : stack.source)), physicalName) : written;
}
