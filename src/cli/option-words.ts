import { Inputs } from './inputs';
import { isObject } from '../policy/json';
import { isReadElsewhere } from '../template/parameter-declaration';
import { StackTemplate } from '../template/template';

const IN_ASSUMPTIONS = /(?:Provide '([^']+)' in the assumptions(?:, or --[a-z]+)?|Give '([^']+)')\./g;
const IN_CONTEXT = /Provide '([^']+)' in the context of the request\./g;

/** A text on what to provide, as people do it who use the command: by its options. */
export function asOptions(text: string): string {
  return text.replace(IN_ASSUMPTIONS, (_, path?: string, other?: string) => optionFor(path ?? other!)).replace(IN_CONTEXT, (_, key: string) => `Provide it: --context ${key}=<value>.`);
}

const MOST_PARAMETERS = 8; // of one line

/**
 * Where in the options what is missing can be given, for answers that leave something open.
 *
 * @param reasons why something is open: the parameters that they name are those to give
 */
export function howToProvide({ templates }: Pick<Inputs, 'templates'>, reasons: readonly string[]): string {
  const open = [...new Set(templates.flatMap(openParameters))];
  const deciding = open.filter((name) => reasons.some((reason) => names(reason, name)));
  const words = [...deciding.slice(0, MOST_PARAMETERS).map((name) => `${name}=<value>`), ...(deciding.length > MOST_PARAMETERS ? ['…'] : [])];
  const options = [
    ...(templates.some(({ account }) => account === undefined) ? ['--account'] : []),
    ...(templates.some(({ region }) => region === undefined) ? ['--region'] : []),
    ...(open.length > 0 ? [`--parameters ${words.join(' ') || '<Key=Value...>'}`] : []),
    '--assume <file>',
  ];
  return `What is not known before deployment can be provided: ${options.join(', ')}.`;
}

/** Whether a text has a name in quotes, in a placeholder, or at the end of a path. */
function names(text: string, name: string): boolean {
  return ['"', "'", '{', '.'].some((before) => ['"', "'", '}', '\\', '.'].some((after) => text.includes(`${before}${name}${after}`)));
}

function optionFor(path: string): string {
  const [section, stack, name] = /^(parameters)\.(.*)\.([A-Za-z0-9]+)$/s.exec(path)?.slice(1) ?? [path];
  switch (section) {
    case 'environment.account': return 'Provide it: --account <id>.';
    case 'environment.region': return 'Provide it: --region <region>.';
    case 'parameters': return name === undefined ? 'Provide the values of parameters: --parameters Key=<value>.' : `Provide it: --parameters ${name}=<value>, or 'parameters.${stack}.${name}' in the file of --assume.`;
    default: return `Provide '${path}' in the file of --assume.`;
  }
}

function openParameters({ template, parameters = {}, nestedIn }: StackTemplate): string[] {
  return nestedIn || !isObject(template.Parameters) ? [] : Object.keys(template.Parameters).filter((name) => !Object.hasOwn(parameters, name) && !name.includes(':') && !isReadElsewhere(template.Parameters![name]));
}
