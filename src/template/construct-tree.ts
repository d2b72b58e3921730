import { existsSync } from 'fs';
import { join, relative, resolve } from 'path';
import { readJson } from './read-json';
import { own } from '../own';
import { isObject } from '../policy/json';

/** Says of a construct, by its path, the class that it is of, as jsii names it. */
export type ClassOf = (path: string) => string | undefined;

/** What CDK calls the resource of a construct that is made of one. */
const RESOURCE = /\/(?:Resource|Default)$/;

/** The class of the construct that a resource is the resource of; of the resource itself, where it is none's. */
export function classOfResource(path: string, classOf: ClassOf): string | undefined {
  return classOf(path.replace(RESOURCE, ''));
}

/**
 * The classes of the constructs of a cloud assembly, from the tree that the CDK writes beside the templates. It is read when somebody asks.
 * A tree that cannot be read tells nothing: what is judged is the templates.
 */
export function recordedClasses(directory: string, file: unknown): ClassOf {
  let root: unknown;
  let isRead = false;
  return (path) => {
    if (!isRead) {
      isRead = true;
      root = tolerantly(directory, file)?.tree;
    }
    const node = path.split('/').reduce<unknown>((parent, id) => childOf(parent, id, directory), root);
    const name = isObject(node) && isObject(node.constructInfo) ? node.constructInfo.fqn : undefined;
    return typeof name === 'string' ? name : undefined;
  };
}

function childOf(parent: unknown, id: string, directory: string): unknown {
  const child = isObject(parent) && isObject(parent.children) ? own(parent.children, id) : undefined;
  return isObject(child) && child.fileName !== undefined ? treeElsewhere(child, directory) : child;
}

/** Large trees are cut into several files. */
function treeElsewhere({ fileName, treeId }: Record<string, unknown>, directory: string): unknown {
  const { forest } = tolerantly(directory, fileName) ?? {};
  return isObject(forest) && typeof treeId === 'string' ? own(forest, treeId) : undefined;
}

function tolerantly(directory: string, name: unknown): Record<string, unknown> | undefined {
  const file = typeof name === 'string' ? join(directory, name) : undefined;
  if (file === undefined || relative(directory, resolve(file)).startsWith('..') || !existsSync(file)) {
    return undefined;
  }
  try {
    const json: unknown = readJson(file);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
