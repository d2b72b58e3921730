import { Deployment } from './deployment';
import { physicalName, provableName } from './physical-names';
import { Choice, templatesIn } from './possibilities';
import { StackTemplate } from './template';
import { isTransformed, transformed } from './transforms/transformed';

/** Templates as they will be deployed together, once their transforms have run. */
export function deploymentOf(templates: readonly StackTemplate[]): Deployment {
  const written = new Deployment(templates, physicalName);
  return written.stacks.some(isTransformed) ? new Deployment(written.stacks.map((stack) => (isTransformed(stack) ? transformed(stack) : stack.source)), physicalName) : written;
}

/** A deployment for proofs, if values turn out in one way: ids that AWS draws are not known. What it assumes as it is, the deployment assumes. */
export function provable(deployment: Deployment, choices: readonly Choice[] = []): Deployment {
  const sharing = (template: StackTemplate, i: number) => ({ ...template, assumedDefaults: deployment.stacks[i].assumedDefaults });
  return new Deployment(choices.length === 0 ? deployment.stacks.map(({ source }) => source).map(sharing) : templatesIn(deployment, choices), provableName);
}
