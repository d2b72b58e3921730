import type { AccessDecision, DecidingStatement, LayerDecision, PermissionDecision } from './access-decision';

const OUTCOMES: Readonly<Record<string, string>> = { 'allowed': 'Allowed', 'denied': 'Denied', 'not-decided': 'Not decided' };

/** A decision as people read it: the outcome first, then each permission, each layer, and what was assumed. */
export function decisionText(decision: AccessDecision): string {
  const { request, outcome, layers, decidedBy, assumptions, parts } = decision;
  const { principal, action, operation, resource } = request;
  const missing = missingText(decision);
  const demand = outcome === 'denied' ? demandText(decidedBy) : undefined;
  const call = `${principal} calls ${action ?? operation} on ${resource}.`;
  return [
    `${OUTCOMES[outcome]}${decidedBy ? ` by ${decidedBy.layer}` : ''}${demand ?? `: ${call}`}`,
    ...(demand === undefined ? [] : [indented(call)]),
    ...(decidedBy ? [decidedBy.reason, ...(decidedBy.remedy ? [decidedBy.remedy] : [])].map(indented) : []),
    ...(missing === undefined ? [] : [indented(missing)]),
    ...(parts.length > 1 ? ['', `${operation} needs:`, ...parts.map(partLine).map(indented)] : []),
    '',
    ...layers.flatMap(layerLines),
    ...(assumptions.length > 0 ? ['', 'Assumed:', ...assumptions.map(({ sentence, givenBy }) => indented(`${sentence} (${givenBy})`))] : []),
  ].join('\n');
}

/** The statement that denies a request, with what it demands. */
export function demandText(decidedBy: LayerDecision | undefined): string | undefined {
  const [statement] = decidedBy?.statements ?? [];
  return decidedBy?.demand === undefined || statement === undefined ? undefined : `, statement ${statement.sid ?? `${statement.property}.${statement.path}`}: ${decidedBy.demand}`;
}

/** What S3 answers if the object does not exist, where that is not 404. */
export function missingText({ ifMissing }: AccessDecision): string | undefined {
  switch (ifMissing?.outcome) {
    case 'denied': return `If the object does not exist, S3 answers 403 instead of 404: s3:ListBucket is not allowed (${ifMissing.decidedBy?.layer}).`;
    case 'not-decided': return `If the object does not exist, S3 answers 404 or 403: whether s3:ListBucket is allowed is not decided. ${ifMissing.decidedBy?.reason}`;
    default: return undefined;
  }
}

/** A permission in one line: what becomes of it, and why S3 asks for it. */
function partLine({ action, resource, because, decision: { outcome, decidedBy } }: PermissionDecision): string {
  return `${action.padEnd(26)} ${outcome.padEnd(11)} ${decidedBy ? `by ${decidedBy.layer}, ` : ''}on ${resource}${because === undefined ? '' : `, because ${because}`}`;
}

/** Where a statement stands, for people. */
export function statementPlace({ sid, path, property, constructPath, stack, logicalId, file }: DecidingStatement): string {
  const site = constructPath ?? (stack === undefined ? undefined : `${stack}/${logicalId}`);
  return [sid ? `'${sid}'` : undefined, `${property}.${path}`, site && `of ${site}`, file && `in ${file}`].filter((part) => part !== undefined).join(' ');
}

function layerLines({ layer, verdict, reason, statements }: LayerDecision): string[] {
  return [`${layer.padEnd(26)} ${verdict.padEnd(15)} ${reason}`, ...statements.map((statement) => indented(`${statement.effect}: ${statementPlace(statement)}`))];
}

function indented(text: string): string {
  return `  ${text}`;
}
