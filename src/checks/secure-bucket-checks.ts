import { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolation, Stage, Validations } from 'aws-cdk-lib';
import { NagPackProps } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { acknowledges, idOf, PACK } from './acknowledgements';
import { constructOf, synthesizedTemplates } from './app-templates';
import { FindingSeverity, isAtLeast } from './finding-severity';
import { judge, RuleFinding } from './judge';
import { NagPack } from './nag-pack';
import { RULES } from './rules';
import { oneOf, wrongType } from '../prop-types';
import { refuseAllUnscoped, underProp } from '../refusal';
import { deploymentOf } from '../template/deployment-of';

/** Properties of `SecureBucketChecks`. */
export interface SecureBucketChecksProps extends NagPackProps {
  /**
   * The severity from which on findings fail synthesis. Findings of rules that are less severe are warnings.
   *
   * @default FindingSeverity.LOW - every finding fails synthesis
   */
  readonly failOn?: FindingSeverity;
}

/**
 * A cdk-nag rule pack that evaluates policies instead of comparing their text: a deny that denies nothing is found, and a
 * harmless rewrite raises nothing.
 *
 * It judges the synthesized templates of the whole app, whoever made the resources: `Validations.of(app).addPlugins(new SecureBucketChecks(app))`.
 * Findings fail synthesis (those that are less severe than `failOn` are warnings), are written to `validation-report.json`, and are acknowledged by their id, such as
 * `SecureBucket-RequireTls`, with `Validations.of(construct).acknowledge(…)`. What a template does not tell (a parameter, say) is a
 * warning with the suffix `-NotDecided`, and fails nothing.
 *
 * Guide, Section 10.
 *
 * @see https://github.com/cdklabs/cdk-nag
 */
export class SecureBucketChecks extends NagPack {
  public readonly name = 'SecureBucketChecks';
  public readonly ruleIds?: string[] = RULES.map(({ id }) => `${PACK}-${id}`);
  private readonly explains: boolean;
  private readonly failOn: FindingSeverity;

  /** @throws UnscopedValidationError if `failOn` is no severity */
  constructor(scope?: IConstruct, props: SecureBucketChecksProps = {}) {
    super(scope, props);
    refuseAllUnscoped('UnusableSeverity', 'SecureBucketChecks', underProp('failOn', wrongType(props.failOn, oneOf(FindingSeverity))));
    this.packName = PACK;
    this.explains = props.verbose ?? false;
    this.failOn = props.failOn ?? FindingSeverity.LOW;
  }

  /**
   * Judges what was synthesized. The CDK calls it at the end of synthesis.
   *
   * @throws UnscopedValidationError if the version of aws-cdk-lib gives validation plugins no construct tree
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { appConstruct } = context as IPolicyValidationContext & { appConstruct?: IConstruct };
    return appConstruct ? this.reportOn(appConstruct) : super.validate(context); // which says what is missing
  }

  /**
   * Synthesizes the app around a construct, and judges what belongs to the construct.
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    scope.node.scopes.find(Stage.isStage)?.synth();
    return this.reportOn(scope);
  }

  /**
   * Nothing is judged resource by resource: policies, keys and roles are judged together.
   */
  protected checkResource(_node: CfnResource): void {
    return;
  }

  private reportOn(scope: IConstruct): PolicyValidationPluginReport {
    const root = scope.node.root;
    const deployment = deploymentOf(synthesizedTemplates(root));
    const violations = judge(deployment)
      .map((finding) => ({ finding, construct: constructOf(root, finding.resource.stack.name, finding.resource.logicalId) }))
      .filter(({ finding, construct }) => construct.node.scopes.includes(scope) && !this.isAcknowledgedAt(construct, finding))
      .map(({ finding, construct }) => this.violation(finding, construct));
    const assumed = deployment.assumedDefaults.map(({ sentence }) => sentence);
    return { success: violations.every(({ severity }) => severity !== 'error'), violations, ...(assumed.length > 0 ? { metadata: { Assumed: assumed.join(' ') } } : {}) };
  }

  private violation(finding: RuleFinding, construct: IConstruct): PolicyViolation {
    const { rule, resource, problem, proof, remedy, isDecided } = finding;
    const sentences = [
      problem,
      `Where: ${construct.node.path} (${resource.logicalId}).`,
      ...(proof ? [`Proof: ${proof}.`] : []),
      ...(this.explains ? [`${rule.requirement} ${rule.reason} ${rule.see}`] : []),
    ];
    return {
      ruleName: idOf(finding),
      description: sentences.join(' '),
      fix: remedy,
      severity: isDecided && isAtLeast(rule.severity, this.failOn) ? 'error' : 'warning',
      violatingResources: [{ constructPath: construct.node.path, locations: ['Properties'] }],
      ruleMetadata: { logicalId: resource.logicalId, severity: rule.severity, guide: `Section ${rule.guide}`, see: rule.see },
    };
  }

  private isAcknowledgedAt(construct: IConstruct, finding: RuleFinding): boolean {
    return construct.node.scopes.some(({ node }) => node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data ?? {}))
      .some((id) => acknowledges(id, finding)));
  }
}
