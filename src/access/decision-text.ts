import type { AccessDecision, DecidingStatement, LayerDecision } from './access-decision';

const OUTCOMES: Readonly<Record<string, string>> = { 'allowed': 'Allowed', 'denied': 'Denied', 'not-decided': 'Not decided' };

/** A decision as people read it: the outcome first, then each layer, then what was assumed. */
export function decisionText({ request, outcome, layers, decidedBy, assumptions }: AccessDecision): string {
  const { principal, action, resource } = request;
  return [
    `${OUTCOMES[outcome]}${decidedBy ? ` by ${decidedBy.layer}` : ''}: ${principal} calls ${action} on ${resource}.`,
    ...(decidedBy ? [decidedBy.reason, ...(decidedBy.remedy ? [decidedBy.remedy] : [])].map(indented) : []),
    '',
    ...layers.flatMap(layerLines),
    ...(assumptions.length > 0 ? ['', 'Assumed:', ...assumptions.map(({ sentence, givenBy }) => indented(`${sentence} (${givenBy})`))] : []),
  ].join('\n');
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
