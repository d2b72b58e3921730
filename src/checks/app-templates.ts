import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { CfnElement, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { executionRoleArn } from '../guardrails/deployment-principals';
import { StackTemplate } from '../template/template';

/**
 * The synthesized templates of all stacks below a construct, of nested stacks and of stages too.
 *
 * @param accountOf the account of a stack that does not say its own, by the absolute path of its template
 */
export function synthesizedTemplates(root: IConstruct, accountOf: (file: string) => string | undefined = () => undefined): StackTemplate[] {
  return root.node.findAll().filter(Stack.isStack).flatMap((stack) => {
    const file = join(Stage.of(stack)!.outdir, stack.templateFile);
    return existsSync(file) ? [stackTemplate(stack, JSON.parse(readFileSync(file, 'utf8')), accountOf(resolve(file)))] : [];
  });
}

/** The construct of a resource; the stack if there is none, as for what a transform makes. */
export function constructOf(root: IConstruct, stackName: string, logicalId: string): IConstruct {
  const stack = root.node.findAll().find((construct) => Stack.isStack(construct) && nameOf(construct) === stackName) as Stack;
  return elementsOf(stack).get(logicalId) ?? stack;
}

function stackTemplate(stack: Stack, template: any, account: string | undefined): StackTemplate {
  return {
    name: nameOf(stack),
    deployedName: NestedStack.isNestedStack(stack) ? undefined : known(stack.stackName),
    account: known(stack.account) ?? account,
    region: known(stack.region),
    template,
    nestedIn: nestedIn(stack),
    executionRoleArn: stack.resolve(executionRoleArn(stack)),
    pathOf: (logicalId) => elementsOf(stack).get(logicalId)?.node.path,
    classOf: (path) => classOf(stack.node.root, path),
  };
}

/** The class of a construct, as jsii names it: what is no library's own, such as a class of the app, is what it extends. */
function classOf(root: IConstruct, path: string): string | undefined {
  const construct = path.split('/').reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), root);
  const name: unknown = construct && (construct.constructor as unknown as Record<symbol, { fqn?: unknown } | undefined>)[Symbol.for('jsii.rtti')]?.fqn;
  return typeof name === 'string' ? name : undefined;
}

function nestedIn(stack: Stack): StackTemplate['nestedIn'] {
  const parent = stack.nestedStackParent;
  return NestedStack.isNestedStack(stack) && parent && stack.nestedStackResource
    ? { stack: nameOf(parent), logicalId: parent.resolve(stack.nestedStackResource.logicalId) }
    : undefined;
}

function nameOf(stack: Stack): string {
  return stack.node.path;
}

function known(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

const ELEMENTS = new WeakMap<Stack, Map<string, CfnElement>>();

/** The elements of a stack, by logical ID. Only findings need them. */
function elementsOf(stack: Stack): Map<string, CfnElement> {
  const remembered = ELEMENTS.get(stack);
  if (remembered) {
    return remembered;
  }
  const elements = stack.node.findAll().filter(CfnElement.isCfnElement).filter((element) => element.stack === stack);
  const byLogicalId = new Map(elements.map((element): [string, CfnElement] => [stack.resolve(element.logicalId), element]));
  ELEMENTS.set(stack, byLogicalId);
  return byLogicalId;
}
