import type { DeployedStack } from './deployment';
import { resolveValue } from './intrinsics';
import { every, not, some, Truth } from '../policy/truth';
import { isUnknown } from '../policy/unknown-text';

/**
 * Whether the condition of a template holds; undefined where that is not known before deployment.
 *
 * @param named the conditions of the template, by name
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function conditionHolds(condition: any, stack: DeployedStack, named: (name: string) => Truth): Truth {
  const operands: any[] = [condition?.['Fn::And'] ?? condition?.['Fn::Or'] ?? condition?.['Fn::Not'] ?? []].flat();
  const holds = (operand: unknown) => conditionHolds(operand, stack, named);
  switch (Object.keys(Object(condition)).join()) {
    case 'Condition': return named(condition.Condition);
    case 'Fn::And': return every(operands, holds);
    case 'Fn::Or': return some(operands, holds);
    case 'Fn::Not': return not(holds(operands[0]));
    case 'Fn::Equals': return areEqual(condition['Fn::Equals'], stack);
    default: return undefined;
  }
}

function areEqual(operands: unknown, stack: DeployedStack): Truth {
  const [one, other] = [operands].flat().map((operand) => String(resolveValue(operand, stack)));
  const isOpen = [one, other].some((text) => isUnknown(text) || [stack.account, stack.region].some((place) => place.startsWith('<') && text.includes(place)));
  return one === other ? true : isOpen ? undefined : false;
}
