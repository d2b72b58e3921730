import { basename, dirname, resolve } from 'path';
import { isObject } from '../policy/json';
import { StackTemplate } from '../template/template';

/** A stack that is a resource of another, and the template that it is made from. */
interface Use {
  readonly parent: StackTemplate;
  readonly logicalId: string;
  readonly child: StackTemplate;
}

const NESTED = ['AWS::CloudFormation::Stack', 'AWS::Serverless::Application'];

/**
 * Template files, with those of nested stacks as such: once for each stack that is made from them. The file is the one at the path that the
 * parent names; where it names an address, the only one of that name.
 */
export function withNestedStacks(templates: readonly StackTemplate[]): StackTemplate[] {
  const uses = templates.flatMap((parent) => usesIn(parent, templates));
  return templates.flatMap((template) => {
    const own = uses.filter(({ child }) => child === template);
    return own.length === 0 ? [template] : own.map(({ parent, logicalId }, i) => (
      { ...template, name: i === 0 ? template.name : `${parent.name}/${logicalId}`, nestedIn: { stack: parent.name, logicalId } }));
  });
}

function usesIn(parent: StackTemplate, templates: readonly StackTemplate[]): Use[] {
  const { file, nestedIn, template: { Resources } } = parent;
  return file === undefined || nestedIn ? [] : Object.entries(isObject(Resources) ? Resources : {})
    .filter(([, resource]) => isObject(resource) && NESTED.includes(resource.Type ?? ''))
    .flatMap(([logicalId, { Properties }]): Use[] => {
      const child = childOf(Properties?.TemplateURL ?? Properties?.Location, file, templates.filter((other) => other !== parent && other.file !== undefined && !other.nestedIn));
      return child ? [{ parent, logicalId, child }] : [];
    });
}

function childOf(location: unknown, parentFile: string, others: readonly StackTemplate[]): StackTemplate | undefined {
  const atPath = typeof location === 'string' ? others.find(({ file }) => resolve(file!) === resolve(dirname(parentFile), location)) : undefined;
  const name = FILE_NAME.exec(JSON.stringify(location ?? null))?.[1];
  const [named, ...more] = others.filter(({ file }) => basename(file!) === name);
  return atPath ?? (more.length === 0 ? named : undefined);
}

/** The last name of a path, however the address before it is put together, and whichever version of it is named. */
const FILE_NAME = /([^/"\\{}?]+\.(?:ya?ml|json|template))(?:\?[^"/]*)?"/i;
