import { NOT_DECIDED } from './finding';
import { Asking, findingsOf, RuleFinding } from './findings-of';
import { demanded } from './guarantee-texts';
import { noteDefaults, partsIn } from './parts';
import { rulesOn } from './rules-on';
import { alike, differing, Way, waysOf } from './ways';
import { Inventory } from '../access/inventory';
import { provide } from '../access/provide';
import { grouped } from '../policy/grouped';
import { readable } from '../policy/unknown-text';
import { DeployedResource, Deployment } from '../template/deployment';
import { Choice } from '../template/possibilities';

export type { RuleFinding } from './findings-of';

/**
 * Everything that the rules have to say about a deployment, in the order of the rules. What is so only where values turn out in one way that
 * are not known before deployment is not decided.
 *
 * @param inventory remembers what was proved: whoever asks more about the same deployment shares it
 * @param asking which rules are asked: those that are always on, if it does not say others
 */
export function judge(deployment: Deployment, inventory = new Inventory(deployment), { rules = rulesOn(), onRule = () => {} }: Partial<Asking> = {}): RuleFinding[] {
  const findings = partsIn(inventory).flatMap((part) => judgePart(part.inventory, { rules, onRule }).filter(({ resource }) => part.stacks.has(resource.stack.name)));
  noteDefaults(inventory);
  const byRule = grouped(findings, ({ rule }) => rule);
  return rules.flatMap((rule) => byRule.get(rule) ?? []).map((finding) => inDeployment(finding, deployment));
}

function judgePart(inventory: Inventory, asking: Asking): RuleFinding[] {
  const ways = waysOf(inventory);
  const judged = ways.map((way) => ({ way, findings: findingsOf(way.inventory, asking) }));
  const untried = asking.rules.flatMap((rule) => (rule.judgeAllWays?.(inventory) ?? []).map((finding) => ({ rule, ...finding })));
  return [...(ways.length === 1 ? judged[0].findings : merged(judged)), ...untried];
}

interface Judged {
  readonly way: Way;
  readonly findings: readonly RuleFinding[];
}

function merged(judged: readonly Judged[]): RuleFinding[] {
  const ways = judged.map(({ way }) => way);
  const keyed = judged.map(({ way, findings }) => ({ way, findings: new Map(findings.map((finding) => [keyOf(finding, way, ways), finding])) }));
  const all = new Map(keyed.flatMap(({ findings }) => [...findings]).reverse());
  return [...all].reverse().map(([key, finding]) => {
    const decided = keyed.filter(({ findings }) => findings.get(key)?.isDecided);
    const without = keyed.filter(({ way, findings }) => !findings.get(key)?.isDecided && isThere(finding.resource, way));
    const pairs = decided.flatMap(({ way, findings }) => without.map((other) => ({ finding: findings.get(key)!, choices: differing(way, other.way) })));
    const [closest] = pairs.sort((one, other) => one.choices.length - other.choices.length);
    return closest ? doubtful(closest.finding, closest.choices) : finding;
  });
}

/** What is wrong with a resource is wrong wherever the resource is. */
function isThere({ stack, logicalId }: DeployedResource, { inventory: { deployment } }: Way): boolean {
  return deployment.resource(stack.name, logicalId)?.isDeployed !== false;
}

function keyOf({ rule, resource, problem }: RuleFinding, way: Way, ways: readonly Way[]): string {
  return [rule.id, resource.stack.name, resource.logicalId, alike(questionOf(problem), way, ways)].join('\n');
}

const UNDECIDED = new RegExp(`^${NOT_DECIDED}(.*?)(?: For .*)?$`, 's');

/** What a problem is about, whether it is decided or not, why not, and whichever request shows it. */
function questionOf(problem: string): string {
  const [, question] = UNDECIDED.exec(problem) ?? [];
  return demanded(problem) ?? question ?? problem.replace(/; a request that may pass: .*$/s, '');
}

/** A finding that is there in one way, and not in another. */
function doubtful(finding: RuleFinding, choices: readonly Choice[]): RuleFinding {
  return {
    ...finding,
    isDecided: false,
    problem: `It depends on ${choices.map(({ what }) => what).join(' and ')}, which is not known before deployment, whether this is so: ${finding.problem}`,
    remedy: `Use a value that is known at synthesis. ${provide(choices[0].givenBy)} If it is so: ${finding.remedy}`,
  };
}

/** The same finding for people, about the resource as it is asked about. */
function inDeployment(finding: RuleFinding, deployment: Deployment): RuleFinding {
  const { resource: { stack, logicalId }, problem, proof, letThroughBy, remedy } = finding;
  return {
    ...finding,
    resource: deployment.resource(stack.name, logicalId) ?? finding.resource,
    problem: readable(problem),
    remedy: readable(remedy),
    ...(proof === undefined ? {} : { proof: readable(proof) }),
    ...(letThroughBy === undefined ? {} : { letThroughBy: readable(letThroughBy) }),
  };
}
