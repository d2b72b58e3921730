import { Deployment } from './deployment';
import { physicalName } from './physical-names';
import { StackTemplate } from './template';

/** Templates as they will be deployed together. */
export function deploymentOf(templates: readonly StackTemplate[]): Deployment {
  return new Deployment(templates, physicalName);
}
