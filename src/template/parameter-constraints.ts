import { declared, elementsOf, isListType, ParameterDeclaration } from './parameter-declaration';
import { jsonText } from '../policy/json';

/**
 * What of its declaration a value of a parameter does not meet, such as `its MaxLength is 3`: CloudFormation refuses it. Undefined if it meets all.
 *
 * @param text the value as it is given to CloudFormation
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function unmetConstraint(text: string, declaration: unknown): string | undefined {
  const constraints = declared(declaration);
  const type = jsonText(constraints.Type);
  const values = isListType(type.replace(/^AWS::SSM::Parameter::Value<(.*)>$/, '$1')) ? elementsOf(text) : [text];
  return CONSTRAINTS.find(({ isMet }) => !values.every((value) => isMet(value, constraints, type)))?.sentence(constraints, type);
}

const NUMBERS = /^(?:Number|List<Number>)$/;

interface Constraint {
  readonly isMet: (value: string, declared: ParameterDeclaration, type: string) => boolean;
  readonly sentence: (declared: ParameterDeclaration, type: string) => string;
}

const CONSTRAINTS: readonly Constraint[] = [
  { isMet: (value, _, type) => !NUMBERS.test(type) || isNumber(value), sentence: (_, type) => `its Type is ${type}` },
  { isMet: (value, { AllowedValues }) => !Array.isArray(AllowedValues) || AllowedValues.map(jsonText).includes(value), sentence: ({ AllowedValues }) => `its AllowedValues are ${jsonText(AllowedValues)}` },
  { isMet: (value, { AllowedPattern }) => matches(value, AllowedPattern), sentence: ({ AllowedPattern }) => `its AllowedPattern is ${jsonText(AllowedPattern)}` },
  { isMet: (value, { MinLength }, type) => type !== 'String' || !isNumber(MinLength) || value.length >= Number(MinLength), sentence: ({ MinLength }) => `its MinLength is ${jsonText(MinLength)}` },
  { isMet: (value, { MaxLength }, type) => type !== 'String' || !isNumber(MaxLength) || value.length <= Number(MaxLength), sentence: ({ MaxLength }) => `its MaxLength is ${jsonText(MaxLength)}` },
  { isMet: (value, { MinValue }, type) => type !== 'Number' || !isNumber(MinValue) || Number(value) >= Number(MinValue), sentence: ({ MinValue }) => `its MinValue is ${jsonText(MinValue)}` },
  { isMet: (value, { MaxValue }, type) => type !== 'Number' || !isNumber(MaxValue) || Number(value) <= Number(MaxValue), sentence: ({ MaxValue }) => `its MaxValue is ${jsonText(MaxValue)}` },
];

function isNumber(value: unknown): boolean {
  return ['string', 'number'].includes(typeof value) && String(value).trim() !== '' && Number.isFinite(Number(value));
}

/** What regular expressions of Java have, and JavaScript reads otherwise: classes of characters, also within each other, quotations, intersections, ends of the text. */
const OF_JAVA = /\\[pPhHQEAzZGRX]|\[[^\]]*\[|&&|\\x\{|\\0/;

/** Whether a pattern matches the whole value. A pattern that JavaScript cannot read leaves it open. */
function matches(value: string, pattern: unknown): boolean {
  if (typeof pattern !== 'string' || OF_JAVA.test(pattern)) {
    return true;
  }
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(value);
  } catch {
    return true;
  }
}
