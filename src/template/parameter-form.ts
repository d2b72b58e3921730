import { UnknownForm } from '../policy/unknown-text';

/**
 * What a template says of the values that a parameter may have.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function formOfParameter(declaration: unknown): UnknownForm | undefined {
  const { Type, AllowedPattern, AllowedValues }: Record<string, unknown> = typeof declaration === 'object' && declaration !== null ? { ...declaration } : {};
  const pattern = typeof AllowedPattern === 'string' ? AllowedPattern.replace(/^\^|\$$/g, '') : undefined;
  const values = Array.isArray(AllowedValues) ? AllowedValues.map(String) : [];
  if ((pattern !== undefined && ACCOUNT_PATTERNS.includes(pattern)) || (values.length > 0 && values.every((value) => /^\d{12}$/.test(value)))) {
    return 'account';
  }
  const isPlain = pattern !== undefined ? excludesWildcards(pattern) : values.length > 0 && values.every((value) => !/[*?]/.test(value));
  return isPlain || TYPES_WITHOUT_WILDCARDS.test(String(Type)) ? 'without-wildcards' : undefined;
}

const ACCOUNT_PATTERNS = ['\\d{12}', '[0-9]{12}', '(\\d{12})', '([0-9]{12})', '\\d{12,12}'];

/** Numbers, and types whose values CloudFormation looks for in the account. */
const TYPES_WITHOUT_WILDCARDS = /^(?:Number|AWS::(?:EC2|Route53)::[\w:]+)$/;

/** Whether a regular expression takes letters, digits and harmless signs alone: it must match the whole value. */
function excludesWildcards(pattern: string): boolean {
  const withoutClasses = pattern.replace(/\[(?!\^)(?:\\[dw:/.+@=,_-]|[^\]\\*?])*\]/g, 'x');
  const withoutEscapes = withoutClasses.replace(/\\[dw:/.+@=,_-]/g, 'x');
  return !/[[\].\\^$]/.test(withoutEscapes);
}
