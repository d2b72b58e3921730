import { isDescription } from './guarantee';
import { Choice } from './part';
import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { actionApplies, applies, principalApplies, resourceApplies } from '../policy/evaluate';
import { whyUnreadable } from '../policy/operators';
import { isArn } from '../policy/pattern';
import { PolicyRequest, requestSentence } from '../policy/request';
import { decidingCondition, isUnknown, isWhollyUnknown, readable, UNDETERMINED, unknownNames, whetherItHolds } from '../policy/unknown-text';

/**
 * Why it is not known whether a request is let through.
 *
 * @param statements those that decide
 * @param chosen the choices of which the request is made, by part
 */
export function doubt(statements: readonly Statement[], request: PolicyRequest, chosen: readonly (readonly [part: string, choice: Choice])[]): string {
  const coincidence = chosen.flatMap(([, { coincidences, contingency }]) => coincidences ?? contingency ?? [])[0];
  const doubted = chosen.map(([, choice]) => choice).find((choice) => choice.doubt !== undefined);
  const [open] = chosen.find(([, { isOpen }]) => isOpen) ?? [];
  const undecided = statements.find((statement) => applies(statement, request) === undefined);
  const passing = `a request that may pass: ${requestSentence(request)}`;
  if (coincidence) {
    return `it depends on whether ${readable(coincidence.unknown)} is ${readable(coincidence.value)}; ${passing}`;
  }
  if (doubted && (!undecided || undecided.conditions.some(({ key, holds }) => doubted.context.has(key) && holds(request.context) === undefined))) {
    return `it depends on ${doubted.doubt}; ${passing}`;
  }
  if (undecided) {
    return `whether ${isDescription(undecided) ? 'the guarantee is about such a request' : `the statement ${nameOf(undecided)} applies`} depends on ${hinge(undecided, request)}; ${passing}`;
  }
  return open === undefined
    ? `whether the statement ${statements.filter(hasVariables).map(nameOf)[0]} applies depends on the values that its policy variables take; ${passing}`
    : `what is said of '${open}' can be met in too many ways to look at each; ${passing}`;
}

function nameOf({ sid, path }: Statement): string {
  return sid ? `'${sid}'` : path;
}

function hasVariables({ conditions, resource }: Statement): boolean {
  return conditions.some(({ isSelfContained }) => !isSelfContained) || (resource?.members.some(({ pattern }) => !pattern) ?? false);
}

/** What decides, as far as one thing does. */
function hinge(statement: Statement, request: PolicyRequest): string {
  const test = statement.conditions.find(({ holds }) => holds(request.context) === undefined);
  const byPart = [
    principalApplies(statement, request) === undefined ? principalDoubt(statement, request) : undefined,
    resourceApplies(statement, request) === undefined ? `whether its resource stands for ${request.resource}${unknownIn(statement.resource!.members.map(({ text }) => ({ text: text.source })))}` : undefined,
    statement.open === undefined ? undefined : `what ${readable(statement.open)} is`,
    actionApplies(statement, request) === undefined ? `whether its action stands for ${request.action}${unknownIn(statement.action.members)}` : undefined,
    test && testDoubt(test, request),
  ];
  return byPart.find((reason) => reason !== undefined)!;
}

/** Which of the texts that are listed are not known. */
function unknownIn(members: readonly { readonly text: string }[]): string {
  const names = members.flatMap(({ text }) => unknownNames(text));
  return names.length === 0 ? '' : `, and so on ${valuesNamed(names)}`;
}

function principalDoubt({ principal }: Statement, { principal: caller }: PolicyRequest): string {
  const members = principal?.members ?? [];
  const canonical = members.find(({ kind }) => kind === 'CanonicalUser');
  const unknown = members.find(({ text }) => isUnknown(text));
  if (unknown) {
    return isWhollyUnknown(unknown.text) ? valueNamed(unknownNames(unknown.text)[0], `who ${readable(unknown.text)} is`) : `who ${readable(unknown.text)} is`;
  }
  if (canonical) {
    return `which account the canonical user ${canonical.text.slice(0, 12)}… is`;
  }
  return principal?.isInverted && caller.kind === 'iam' ? `whether NotPrincipal spares ${caller.sessionArn ?? caller.arn}, of whom it lists the role, the session or the account alone` : 'who its principal is';
}

function testDoubt({ writtenKey, values, key, operator, operatorName }: ConditionTest, { context }: PolicyRequest): string {
  const variable = values.find(({ variables }) => variables.length > 0);
  const unknown = [...new Set([...values.map(({ source }) => source), ...context.get(key) ?? []].flatMap(unknownNames))];
  if (!operator && operatorName.toLowerCase() !== 'null') {
    return `the operator '${operatorName}', which IAM does not know`;
  }
  if (values.length === 0) {
    return `what ${operatorName} says of '${writtenKey}' where no value is listed`;
  }
  if (context.get(key)?.includes(UNDETERMINED)) {
    return `the value of '${writtenKey}' in such a request, which AWS does not document`;
  }
  const noArn = context.get(key)?.find((text) => operator?.kind === 'arn' && !isArn(text) && !isUnknown(text));
  if (noArn !== undefined) {
    return `what ${operatorName} says of '${readable(noArn)}' in '${writtenKey}', which is no ARN`;
  }
  if (variable) {
    return `the value of the policy variable in '${variable.source}'`;
  }
  const unreadable = operator && values.find(({ source }) => whyUnreadable(operator.kind, source) !== undefined);
  if (unreadable) {
    return `how ${operatorName} compares '${writtenKey}' with '${unreadable.source}', which is ${whyUnreadable(operator.kind, unreadable.source)}`;
  }
  return unknown.length > 0 ? valuesNamed(unknown) : `how ${operatorName} compares '${writtenKey}' with several values`;
}

/** Values that are not known, by what decides them: a condition, where one does. */
function valuesNamed(names: readonly string[]): string {
  const others = names.filter((name) => !decidingCondition(name)).map((name) => `'${name}'`);
  const chosen = names.flatMap((name) => decidingCondition(name) ?? []).map(whetherItHolds);
  return [...new Set([...(others.length > 0 ? [`the value of ${[...new Set(others)].join(', ')}`] : []), ...chosen])].join(' and ');
}

function valueNamed(name: string, otherwise: string): string {
  const choice = decidingCondition(name);
  return choice ? whetherItHolds(choice) : otherwise;
}
