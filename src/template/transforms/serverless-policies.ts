import { SAM_POLICY_TEMPLATES, SAM_POLICY_TEMPLATES_WITHOUT_STORAGE, SamPolicyTemplate } from '../../aws/sam-policy-templates';
import { own } from '../../own';
import { isObject } from '../../policy/json';

/** The policies of a role that SAM makes. */
export interface RolePolicies {
  readonly managed: readonly unknown[];
  readonly inline: readonly unknown[];
}

const NO_VALUE = { Ref: 'AWS::NoValue' };

/**
 * What SAM makes of the property `Policies`: names and ARNs of managed policies, policy templates and whole documents, each alone or
 * in a list, each perhaps under a condition.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
 */
export function rolePolicies(policies: unknown, roleId: string): RolePolicies {
  const entries = policies === undefined ? [] : [policies].flat();
  return {
    managed: entries.map(managedPolicy).filter((policy) => policy !== undefined),
    inline: entries.map((entry, i) => inlinePolicy(entry, `${roleId}Policy${i}`)).filter((policy) => policy !== undefined),
  };
}

/** The ARN of a managed policy; undefined if the entry is another kind of policy. */
function managedPolicy(entry: unknown): unknown {
  if (typeof entry === 'string') {
    return entry.startsWith('arn:') || entry.includes('{{resolve:') ? entry : { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${own(MANAGED_PATHS, entry) ?? ''}${entry}` };
  }
  const [condition, ...branches] = branchesOf(entry);
  if (condition !== undefined) {
    const managed = branches.map(managedPolicy);
    return managed.every((policy) => policy === undefined || isNoValue(policy)) ? undefined : { 'Fn::If': [condition, ...managed.map((policy) => policy ?? NO_VALUE)] };
  }
  return isIntrinsic(entry) ? entry : undefined;
}

/** Managed policies for service roles stand under a path. */
const MANAGED_PATHS: Readonly<Record<string, string>> = Object.fromEntries([
  'AWSLambdaBasicExecutionRole', 'AWSLambdaVPCAccessExecutionRole', 'AWSLambdaKinesisExecutionRole', 'AWSLambdaDynamoDBExecutionRole', 'AWSLambdaSQSQueueExecutionRole',
  'AWSLambdaMSKExecutionRole', 'AWSLambdaRole', 'AmazonS3ObjectLambdaExecutionRolePolicy',
].map((name) => [name, 'service-role/']));

function inlinePolicy(entry: unknown, name: string): unknown {
  const [condition, ...branches] = branchesOf(entry);
  if (condition !== undefined) {
    const inline = branches.map((branch) => inlinePolicy(branch, name));
    return inline.every((policy) => policy === undefined) ? undefined : { 'Fn::If': [condition, ...inline.map((policy) => policy ?? NO_VALUE)] };
  }
  if (!isObject(entry) || isIntrinsic(entry)) {
    return undefined;
  }
  const document = Object.hasOwn(entry, 'Statement') ? entry : documentOf(entry);
  return document && { PolicyName: name, PolicyDocument: document };
}

/** The document of a policy template; undefined if it is about other services. What one allows that is not known may be anything. */
function documentOf(entry: Record<string, unknown>): object | undefined {
  const [name] = Object.keys(entry);
  if (isUnknownTemplate(name)) {
    return { 'Fn::Transform': `the policy template ${name}` };
  }
  if (!Object.hasOwn(SAM_POLICY_TEMPLATES, name)) {
    return undefined;
  }
  const template = SAM_POLICY_TEMPLATES[name];
  const parameters = isObject(entry[name]) ? entry[name] : {};
  return { Version: '2012-10-17', Statement: statementsOf(template, parameters[template.parameter]) };
}

/** The policy templates in the property `Policies` that are not known. */
export function unknownPolicyTemplates(policies: unknown): string[] {
  return [policies].flat().flatMap((entry): string[] => {
    const [condition, ...branches] = branchesOf(entry);
    if (condition !== undefined) {
      return branches.flatMap(unknownPolicyTemplates);
    }
    const [name] = isObject(entry) && !isIntrinsic(entry) && !Object.hasOwn(entry, 'Statement') ? Object.keys(entry) : [];
    return isUnknownTemplate(name) ? [name] : [];
  });
}

function isUnknownTemplate(name: string | undefined): name is string {
  return name !== undefined && !Object.hasOwn(SAM_POLICY_TEMPLATES, name) && !SAM_POLICY_TEMPLATES_WITHOUT_STORAGE.includes(name);
}

function statementsOf({ statements }: SamPolicyTemplate, parameter: unknown): object[] {
  return statements.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources.map((arn) => ({ 'Fn::Sub': [arn, { parameter }] })) }));
}

function branchesOf(entry: unknown): unknown[] {
  return isObject(entry) && Array.isArray(entry['Fn::If']) ? entry['Fn::If'] : [];
}

function isIntrinsic(entry: unknown): boolean {
  return isObject(entry) && Object.keys(entry).length === 1 && /^(?:Ref$|Fn::)/.test(Object.keys(entry)[0]);
}

function isNoValue(value: unknown): boolean {
  return isObject(value) && value.Ref === 'AWS::NoValue';
}
