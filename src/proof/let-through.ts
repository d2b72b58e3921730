import { Statement } from '../policy/document';
import { actionApplies, principalApplies, resourceApplies } from '../policy/evaluate';
import { PolicyRequest } from '../policy/request';
import { readable } from '../policy/unknown-text';

/**
 * Which statement lets a request through, for people: the one that allows it; else the deny that comes closest to stopping it, and what
 * of the request it does not match. Nothing if no deny asks about what the guarantee forbids.
 */
export function whatLetsThrough(request: PolicyRequest, breach: Statement, denies: readonly Statement[], allowedBy: Statement | undefined): string | undefined {
  if (allowedBy) {
    return `the statement ${nameOf(allowedBy)} allows it`;
  }
  const forbidden = new Set(breach.conditions.map(({ key }) => key));
  const near = denies.filter(({ conditions }) => conditions.some(({ key }) => forbidden.has(key)))
    .map((statement) => ({ statement, unmet: unmetBy(statement, request) })).filter(({ unmet }) => unmet.length > 0);
  const [closest] = near.sort((one, other) => one.unmet.length - other.unmet.length);
  return closest && `the statement ${nameOf(closest.statement)} does not deny it: ${closest.unmet.join(', ')}`;
}

/** What of a request keeps a statement from applying to it. */
function unmetBy(statement: Statement, request: PolicyRequest): string[] {
  const { principal, action, resource, context } = request;
  return [
    ...(principalApplies(statement, { principal }) === false ? ['it is not about the caller'] : []),
    ...(actionApplies(statement, { action }) === false ? [`it is not about ${action}`] : []),
    ...(resourceApplies(statement, request) === false ? [`it is not about ${resource}`] : []),
    ...statement.conditions.filter(({ holds }) => holds(context) === false).map(({ key, writtenKey }) => inRequest(request, key, writtenKey)),
  ];
}

function inRequest({ context }: PolicyRequest, key: string, writtenKey: string): string {
  const values = context.get(key);
  return values ? `${writtenKey} is ${readable(values.map((value) => `'${value}'`).join(', '))}` : `${writtenKey} is absent`;
}

function nameOf({ sid, path }: Statement): string {
  return sid ? `'${sid}'` : path;
}
