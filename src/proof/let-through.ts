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
  const near = denies.filter(({ conditions }) => conditions.length > 1 && conditions.some(({ key }) => forbidden.has(key)))
    .filter((statement) => [actionApplies, resourceApplies, principalApplies].every((test) => test(statement, request)))
    .map((statement) => ({ statement, unmet: statement.conditions.filter(({ holds }) => holds(request.context) === false) }))
    .filter(({ statement, unmet }) => unmet.length < statement.conditions.length);
  const [closest] = near.sort((one, other) => one.unmet.length - other.unmet.length);
  return closest && `the statement ${nameOf(closest.statement)} does not deny it: ${closest.unmet.map(({ key, writtenKey }) => inRequest(request, key, writtenKey)).join(', ')}`;
}

function inRequest({ context }: PolicyRequest, key: string, writtenKey: string): string {
  const values = context.get(key);
  return values ? `${writtenKey} is ${readable(values.map((value) => `'${value}'`).join(', '))}` : `${writtenKey} is absent`;
}

function nameOf({ sid, path }: Statement): string {
  return sid ? `'${sid}'` : path;
}
