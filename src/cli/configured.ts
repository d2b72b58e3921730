import { existsSync } from 'fs';
import { resolve } from 'path';
import { AccessAssumptions } from '../access/assumptions';
import { accountOf, Configuration, NO_CONFIGURATION } from '../checks/configuration/configuration';
import { readConfiguration } from '../checks/configuration/configuration-file';
import { StackTemplate } from '../template/template';

/** The configuration that is read where no option names one. */
export const CONFIGURATION_FILE = 'secure-bucket.yaml';

/**
 * What an option names, or what lies in the working directory; nothing if there is neither.
 *
 * @throws WrongInputError if the file cannot be read or is no configuration
 */
export function configurationFor(named: string | undefined): Configuration {
  return named === undefined && !existsSync(CONFIGURATION_FILE) ? NO_CONFIGURATION : readConfiguration(named ?? CONFIGURATION_FILE);
}

/** The account of a template that does not say its own. */
export function configuredAccount({ file }: StackTemplate, configuration: Configuration): string | undefined {
  return file === undefined ? undefined : accountOf(resolve(file), configuration);
}

/** The assumptions of a configuration, but for parameters whose values options give. */
export function configuredAssumptions(templates: readonly StackTemplate[], { assumptions: { parameters = {}, ...others }, files }: Configuration): AccessAssumptions {
  const left = Object.entries(parameters).map(([stack, values]) => {
    const given = templates.find(({ name }) => name === stack)?.parameters ?? {};
    return [stack, Object.fromEntries(Object.entries(values).filter(([name]) => !Object.hasOwn(given, name)))] as const;
  });
  return AccessAssumptions._of({ ...others, parameters: Object.fromEntries(left) }, files[0]);
}
