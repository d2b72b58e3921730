import { Deployment } from './deployment';
import { withPossibleNames } from './drawn-names';
import { physicalName, provableName } from './physical-names';
import { Choice, templatesIn } from './possibilities';
import { StackTemplate } from './template';
import { isTransformed, transformed } from './transforms/transformed';

/**
 * Templates as they will be deployed together, once their transforms have run.
 *
 * @param policies those that stand elsewhere, in a value of JSON: they, too, tell names apart that AWS draws
 */
export function deploymentOf(templates: readonly StackTemplate[], policies?: unknown): Deployment {
  const deployment = transformedTogether(templates.map(({ drawnNames, comparedElsewhere, ...written }) => written));
  const named = withPossibleNames(deployment, policies);
  return named ? new Deployment(named, physicalName) : deployment;
}

/** The same, where what stands for names that AWS draws is decided. */
export function deploymentAsNamed(templates: readonly StackTemplate[]): Deployment {
  return transformedTogether(templates);
}

function transformedTogether(templates: readonly StackTemplate[]): Deployment {
  const written = new Deployment(templates, physicalName);
  return written.stacks.some(isTransformed) ? new Deployment(written.stacks.map((stack) => (isTransformed(stack) ? transformed(stack) : stack.source)), physicalName) : written;
}

/** A deployment for proofs, if values turn out in one way: ids that AWS draws are not known. What it assumes as it is, the deployment assumes. */
export function provable(deployment: Deployment, choices: readonly Choice[] = []): Deployment {
  const sharing = (template: StackTemplate, i: number) => ({ ...template, assumedDefaults: deployment.stacks[i].assumedDefaults });
  return new Deployment(choices.length === 0 ? deployment.stacks.map(({ source }) => source).map(sharing) : templatesIn(deployment, choices), provableName);
}
