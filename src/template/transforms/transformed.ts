import { DeployedStack } from '../deployment';
import { Loops } from './loops';
import { StackTemplate, Template } from '../template';
import { expandServerless } from './serverless';

const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
const SERVERLESS = 'AWS::Serverless-2016-10-31';

/** Transforms of AWS that change nothing of S3 and KMS, nor who may use them. */
const WITHOUT_STORAGE: readonly string[] = [
  'AWS::CodeDeployBlueGreen', // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-codedeploybluegreen.html
  'AWS::SecretsManager-2020-07-23', // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-secretsmanager.html
  'AWS::SecretsManager-2024-09-16',
];

/** Functions that CloudFormation knows only where the template names the transform for them, beside loops. */
const EXTENSIONS = ['Fn::ToJsonString', 'Fn::Length'];

/** Whether a template is not what will be deployed: transforms and macros change it before. */
export function isTransformed(stack: DeployedStack): boolean {
  return ['"Transform":', '"Fn::Transform":', '"Fn::ForEach::', ...EXTENSIONS.map((name) => `"${name}":`)].some((sign) => stack.says(sign));
}

/** A template as its transforms leave it. What other transforms would make of it is not known: `unseen` says so. */
export function transformed(stack: DeployedStack): StackTemplate {
  const transforms = [stack.template.Transform ?? []].flat().map(nameOf);
  const hasExtensions = transforms.includes(LANGUAGE_EXTENSIONS);
  const loops = new Loops(stack);
  const expanded = hasExtensions ? withoutLoops(stack.template, loops) : stack.template;
  const { template, unseen, made } = transforms.includes(SERVERLESS) ? expandServerless(expanded) : { template: expanded, unseen: [], made: [] };
  return {
    ...stack.source,
    template: { ...template, Transform: undefined },
    assumedDefaults: stack.assumedDefaults,
    madeByTransforms: made,
    unseen: [...new Set([
      ...stack.source.unseen ?? [],
      ...transforms.filter((name) => !isUnderstood(name)).map((name) => `The transform ${name} is not run; what it adds or changes is not looked at.`),
      ...loops.left,
      ...unseen,
      ...leftIn(stack.template, hasExtensions),
    ])],
  };
}

function isUnderstood(transform: string): boolean {
  return [LANGUAGE_EXTENSIONS, SERVERLESS, ...WITHOUT_STORAGE].includes(transform);
}

function withoutLoops(template: Template, loops: Loops): Template {
  const { Conditions, Resources, Outputs } = template;
  const sections = Object.entries({ Conditions, Resources, Outputs }).filter(([, section]) => section !== undefined);
  return { ...template, ...Object.fromEntries(sections.map(([name, section]) => [name, loops.expandSection(section)])) };
}

/** What a template calls a transform, for people: a transform has to be named in so many words. */
function nameOf(transform: unknown): string {
  const name = typeof transform === 'object' && transform !== null && 'Name' in transform ? transform.Name : transform;
  return typeof name === 'string' ? name : `'${JSON.stringify(name)}'`;
}

/** Macros within a template, which change what stands beside them, and functions where the template does not name the transform for them. */
function leftIn(template: Template, hasExtensions: boolean): string[] {
  const { Conditions, Mappings, Parameters, Resources, Outputs } = template;
  const beside = (template as Record<string, unknown>)['Fn::Transform'];
  const found = new Set(beside === undefined ? [] : [`The transform ${nameOf(beside)} beside the sections of the template is not run; what it adds or changes is not looked at.`]);
  const open: [path: string, value: unknown][] = Object.entries({ Conditions, Mappings, Parameters, Resources, Outputs });
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next;
    for (const [key, child] of typeof value === 'object' && value !== null ? Object.entries(value) : []) {
      if (key === 'Fn::Transform' && !isUnderstood(nameOf(child))) {
        found.add(`The transform ${nameOf(child)} in ${path} is not run; what it adds or changes is not looked at.`);
      } else if (key.startsWith('Fn::ForEach::') && !hasExtensions) {
        found.add(`The loop ${key} is not expanded, because the template does not name the transform ${LANGUAGE_EXTENSIONS}; what it makes is not looked at.`);
      } else if (EXTENSIONS.includes(key) && !hasExtensions) {
        found.add(`CloudFormation refuses ${key} in ${path}, because the template does not name the transform ${LANGUAGE_EXTENSIONS}.`);
      }
      open.push([`${path}.${key}`, child]);
    }
  }
  return [...found].sort();
}
