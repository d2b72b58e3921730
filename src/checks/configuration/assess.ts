import { acknowledgedBy } from './acknowledged';
import { Acceptance, Configuration, rated } from './configuration';
import { Inventory } from '../../access/inventory';
import { Deployment } from '../../template/deployment';
import { Rule } from '../finding';
import { judge, RuleFinding } from '../judge';

/** A finding with what was decided about it. */
export interface AssessedFinding {
  readonly finding: RuleFinding;

  /** Whether somebody asks for findings of its rule. */
  readonly isAsked: boolean;

  /** Why somebody has accepted it. */
  readonly acceptance?: Acceptance;

  /** Whether it was accepted where the resource is made, by who must know what is not looked at there. */
  readonly isAcceptedInPlace: boolean;
}

/** Who asks for findings, and who accepts them. */
export interface Terms {
  readonly configuration: Configuration;

  /** The rules that are on. What others would find is not looked for. */
  readonly rules: readonly Rule[];
  readonly isAsked: (rule: Rule) => boolean;

  /** The reason with which a finding is acknowledged where its resource is made. */
  readonly acknowledgementOf: (finding: RuleFinding) => string | undefined;

  /** Is told each rule before it is asked. */
  readonly onRule?: (rule: Rule) => void;
}

/** Everything that the rules have to say about a deployment, with the severities of a configuration; and which acknowledgements of findings that are asked for have expired. */
export function assess(deployment: Deployment, inventory: Inventory, { configuration, rules, isAsked, acknowledgementOf, onRule }: Terms): AssessedFinding[] {
  const findings = judge(deployment, inventory, { rules, onRule }).map((finding): RuleFinding => ({ ...finding, rule: rated(finding.rule, configuration) }));
  const inPlace = new Map(findings.map((finding) => [finding, acknowledgementOf(finding)]));
  const { accepted, expired } = acknowledgedBy(configuration, findings.filter((finding) => inPlace.get(finding) === undefined), inventory);
  const promised = findings.filter(({ rule }) => isAsked(rule)).flatMap((finding) => expired.get(finding) ?? []);
  return [...findings.map((finding): AssessedFinding => {
    const reason = inPlace.get(finding);
    return { finding, isAsked: isAsked(finding.rule), acceptance: reason === undefined ? accepted.get(finding) : { reason }, isAcceptedInPlace: reason !== undefined };
  }), ...distinct(promised).map((finding) => ({ finding, isAsked: true, isAcceptedInPlace: false }))];
}

/** One acknowledgement may have accepted several findings about one resource. */
function distinct(findings: readonly RuleFinding[]): RuleFinding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify([finding.resource.stack.name, finding.resource.logicalId, finding.problem]), finding])).values()];
}
