import { IResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * The ARN of a role, as the template of a stack can write it: by reference in the role's own stack; elsewhere by the role's physical name, so that
 * no stack depends on another for it. Undefined if it has none.
 *
 * @param value the ARN as the role tells it
 */
export function roleArnIn(stack: Stack, value: string): string | undefined {
  const reference = Tokenization.reverse(value, { failConcat: false });
  const role = Reference.isReference(reference) ? reference.target : undefined;
  return iam.CfnRole.isCfnRole(role) && Stack.of(role) !== stack ? arnByName(role) : value;
}

/** The ARN of a role of the app by its physical name. `PhysicalName.GENERATE_IF_NEEDED` promises one: it is needed. */
export function arnByName(role: iam.CfnRole): string | undefined {
  generateName(role.node.scope);
  const stack = Stack.of(role);
  const name = stack.resolve(role.roleName);
  const resourceName = `${(role.path ?? '/').slice(1)}${name}`;
  return typeof name === 'string' && !Token.isUnresolved(role.path) ? stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }) : undefined;
}

function generateName(role?: IConstruct): void {
  try {
    (role as IResource & { _enableCrossEnvironment?: () => void })._enableCrossEnvironment?.();
  } catch {
    // no name was promised
  }
}
