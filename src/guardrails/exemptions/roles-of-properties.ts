import { CfnResource, Reference, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Referring } from './references';

const ROLE_ARN = /^arn:[^:]+:iam::[^:]*:role\/[^*?]+$/;
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/**
 * The ARNs of the roles that the properties of a resource name. Some take an ARN or a name: a name is that of one role of the account, under whatever path.
 * Undefined stands for a role of which the app does not tell the ARN.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-job.html
 */
export function rolesOf({ value, references }: Referring, user: CfnResource): unknown[] {
  const named = new Map(rolesNamedIn(value).map((role) => [JSON.stringify(role.value), role]));
  return [...named].flatMap(([text, role]) => arnsOf([...references].find(([, other]) => other === text)?.[0] ?? role.value, role.property, user));
}

interface NamedRole {
  readonly property: string;
  readonly value: unknown;
}

function rolesNamedIn(value: unknown): NamedRole[] {
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([property, child]) => (
    /role(?:arn)?$/i.test(property) ? [{ property, value: child }] : rolesNamedIn(child)
  ));
}

function arnsOf(role: unknown, property: string, user: CfnResource): unknown[] {
  if (typeof role === 'string') {
    return ROLE_ARN.test(role) ? [role] : ROLE_NAME.test(role) ? arnsOfName(role, Stack.of(user)) : [undefined];
  }
  if (Reference.isReference(role)) {
    const { target } = role;
    return [iam.CfnRole.isCfnRole(target) ? target.attrArn : /arn$/i.test(property) || role.displayName !== 'Ref' ? role : undefined];
  }
  return [role];
}

/** No two roles of an account have one name; the path of the one is not known. */
function arnsOfName(name: string, stack: Stack): string[] {
  return [name, `*/${name}`].map((resourceName) => stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName }));
}
