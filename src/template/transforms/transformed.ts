import { DeployedStack } from '../deployment';
import { Loops } from './loops';
import { StackTemplate, Template } from '../template';
import { expandServerless } from './serverless';
import { jsonText } from '../../policy/json-text';

const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
const SERVERLESS = 'AWS::Serverless-2016-10-31';

/** Transforms of AWS that change nothing of S3 and KMS, nor who may use them. */
const WITHOUT_STORAGE: readonly string[] = [
  'AWS::CodeDeployBlueGreen', // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-codedeploybluegreen.html
  'AWS::SecretsManager-2020-07-23', // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-secretsmanager.html
  'AWS::SecretsManager-2024-09-16',
];

/** Whether a template is not what will be deployed: transforms and macros change it before. */
export function isTransformed(stack: DeployedStack): boolean {
  return ['"Transform":', '"Fn::Transform":', '"Fn::ForEach::'].some((sign) => stack.says(sign));
}

/** A template as its transforms leave it. What other transforms would make of it is not known: `unseen` says so. */
export function transformed(stack: DeployedStack): StackTemplate {
  const transforms = [stack.template.Transform ?? []].flat().map(nameOf);
  const hasLoops = transforms.includes(LANGUAGE_EXTENSIONS);
  const loops = new Loops(stack);
  const expanded = hasLoops ? withoutLoops(stack.template, loops) : stack.template;
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
      ...leftIn(stack.template, hasLoops),
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

function nameOf(transform: unknown): string {
  return typeof transform === 'string' ? transform : jsonText((transform as { Name?: unknown } | null)?.Name);
}

/** Macros within a template, which change what stands beside them, and loops where the template does not name the transform for them. */
function leftIn({ Conditions, Mappings, Resources, Outputs }: Template, hasLoops: boolean): string[] {
  const found = new Set<string>();
  const open: [path: string, value: unknown][] = Object.entries({ Conditions, Mappings, Resources, Outputs });
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next;
    for (const [key, child] of typeof value === 'object' && value !== null ? Object.entries(value) : []) {
      if (key === 'Fn::Transform' && !isUnderstood(nameOf(child))) {
        found.add(`The transform ${nameOf(child)} in ${path} is not run; what it adds or changes is not looked at.`);
      } else if (key.startsWith('Fn::ForEach::') && !hasLoops) {
        found.add(`The loop ${key} is not expanded, because the template does not name the transform ${LANGUAGE_EXTENSIONS}; what it makes is not looked at.`);
      }
      open.push([`${path}.${key}`, child]);
    }
  }
  return [...found].sort();
}
