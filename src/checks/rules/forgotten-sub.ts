import { DeployedResource } from '../../template/deployment';
import { Finding, found, Rule } from '../finding';

const REMEDY = "Write '!Sub' before the text ('Fn::Sub' in JSON), or a reference in its place.";

export const forgottenSub: Rule = {
  id: 'ForgottenSub',
  requirement: "What stands in '${…}' is filled in: by 'Fn::Sub', or by IAM as a policy variable.",
  reason: "Without 'Fn::Sub' the text is deployed as it stands: it names no resource and no account, and a deny on it denies nothing.",
  severity: 'medium',
  severityReason: 'The text names nothing: if it stands in a deny, a layer is missing.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html',
  judgeDeployment: ({ deployment }) => {
    const stacks = new Set(deployment.stacks.filter((stack) => stack.says('${')));
    return deployment.resources.filter(({ stack, type, definition }) => stacks.has(stack) && WITHOUT_CODE.test(type) && hasPlaceholders(definition.Properties)).flatMap(judge);
  },
};

/** Types whose texts are names, ARNs and policies: elsewhere there may be code with placeholders of its own. */
const WITHOUT_CODE = /^AWS::(?:S3|KMS|IAM|Organizations|CloudTrail|Config|EC2::VPCEndpoint$)/;

/** Nearly no resource has any: only those that do are looked at text by text. */
function hasPlaceholders(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.includes('${');
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasPlaceholders);
}

function judge(resource: DeployedResource): Finding[] {
  const placesByName = new Map<string, string[]>();
  for (const { place, text } of plainTexts(resource.definition.Properties)) {
    for (const [placeholder, name] of text.matchAll(PLACEHOLDER)) {
      if (isForgotten(name.trim(), place, resource)) {
        placesByName.set(placeholder, [...(placesByName.get(placeholder) ?? []), place]);
      }
    }
  }
  return Array.from(placesByName, ([placeholder, [first, ...others]]) => found(
    resource,
    `${first}: '${placeholder}' stands in a plain text${others.length > 0 ? `, here and in ${others.length} other ${others.length === 1 ? 'place' : 'places'}` : ''}: nothing fills it in.`,
    REMEDY,
  ));
}

const PLACEHOLDER = /\$\{([^}!]+)}/g;

interface PlainText {
  readonly place: string;
  readonly text: string;
}

/** The texts that CloudFormation takes as they stand. */
function plainTexts(value: unknown, place = ''): PlainText[] {
  if (typeof value === 'string') {
    return [{ place, text: value }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element, i) => plainTexts(element, `${place}[${i}]`));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, child]) => {
    switch (key) {
      case 'Fn::Sub': return Array.isArray(child) ? plainTexts(child[1], `${place}.${key}[1]`) : [];
      case 'Fn::Transform': return [];
      default: return plainTexts(child, place === '' ? key : `${place}.${key}`);
    }
  });
}

/** `aws:username` and the like are policy variables, and so are `*`, `?` and `$`. */
const POLICY_VARIABLE = /^(?:[*?$]|[^:]+:[^:].*)$/;
const POLICY = /Polic(?:y|ies)|Content/;

/** In a policy, whatever IAM does not fill in; elsewhere, what the template could have meant. */
function isForgotten(name: string, place: string, { stack: { template } }: DeployedResource): boolean {
  const [logicalId] = name.split('.');
  const isOfTemplate = name.startsWith('AWS::') || [template.Parameters, template.Resources].some((section) => section && Object.hasOwn(section, logicalId));
  return isOfTemplate || (POLICY.test(place) && !POLICY_VARIABLE.test(name));
}
