import { shallow } from '../template/read-json';
import { StackTemplate } from '../template/template';
import { WrongInputError } from '../template/wrong-input';

/** A CloudFormation template that takes part in a decision. */
export interface AccessTemplate {
  /** The name of the stack, unique among the templates. */
  readonly stackName: string;

  /** The template, parsed. */
  readonly template: any;

  /**
   * Where the stack is deployed.
   *
   * @default - what the assumptions say of the environment; otherwise it is not known
   */
  readonly account?: string;

  /**
   * Where the stack is deployed.
   *
   * @default - what the assumptions say of the environment; otherwise it is not known
   */
  readonly region?: string;

  /**
   * The file that the template was read from; decisions name it.
   *
   * @default - none
   */
  readonly file?: string;
}

/**
 * Templates as the engine takes them.
 *
 * @throws WrongInputError if one is no object, or two have the same name
 */
export function stackTemplates(templates: readonly AccessTemplate[]): StackTemplate[] {
  const names = new Set<string>();
  return templates.map(({ stackName, template, account, region, file }) => {
    if (typeof template !== 'object' || template === null || Array.isArray(template)) {
      throw new WrongInputError(`${file ?? stackName}: a template is an object.`);
    }
    if (names.has(stackName)) {
      throw new WrongInputError(`${file ?? stackName}: there is another stack with the name '${stackName}'.`);
    }
    names.add(stackName);
    shallow(template, file ?? stackName);
    return { name: stackName, template, account, region, file };
  });
}
