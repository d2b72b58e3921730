import { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolation, Stage, Validations } from 'aws-cdk-lib';
import { NagPackProps } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { acknowledges, idOf, PACK } from './acknowledgements';
import { constructOf, synthesizedTemplates } from './app-templates';
import { CheckLevel } from './check-level';
import { EXPIRED } from './configuration/acknowledged';
import { assess, AssessedFinding } from './configuration/assess';
import { acceptanceText, accountOf, Configuration, isAsked, NO_CONFIGURATION } from './configuration/configuration';
import { readConfiguration } from './configuration/configuration-file';
import { FindingSeverity, isAtLeast } from './finding-severity';
import { fixCode } from './fix';
import { RuleFinding } from './judge';
import { NagPack } from './nag-pack';
import { pageOf } from './rule-page';
import { RULES } from './rules';
import { rulesOn } from './rules-on';
import { AccessAssumptions } from '../access/assumptions';
import { Model } from '../access/model';
import { jsonText } from '../policy/json';
import { listOf, oneOf, TEXT, wrongType } from '../prop-types';
import { refuseAllUnscoped, underProp, unscopedRefusal } from '../refusal';
import { Deployment } from '../template/deployment';
import { WrongInputError } from '../template/wrong-input';

/** Properties of `SecureBucketChecks`. */
export interface SecureBucketChecksProps extends NagPackProps {
  /**
   * The severity from which on findings fail synthesis. Findings of rules that are less severe are warnings.
   *
   * @default FindingSeverity.LOW - every finding fails synthesis
   */
  readonly failOn?: FindingSeverity;

  /**
   * The levels whose rules are asked beside those that are always asked.
   *
   * @default - the `rules.levels` of the configuration file; without these, no level
   * @see https://github.com/cdk-secure-bucket/cdk-secure-bucket/blob/main/docs/checks.md
   */
  readonly levels?: CheckLevel[];

  /**
   * A configuration file in YAML or JSON: rules, severities, assumptions, accounts, acknowledgements with reason, owner and expiry. It is the same file that
   * the command `secure-bucket` reads, and may extend others. The path is relative to the working directory.
   *
   * @default - none; a file that lies in the working directory is not read by itself
   * @see https://github.com/cdk-secure-bucket/cdk-secure-bucket/blob/main/docs/configuration.md
   */
  readonly configFile?: string;
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
  public readonly ruleIds?: string[] = [...RULES, EXPIRED].map(({ id }) => `${PACK}-${id}`);
  private readonly explains: boolean;
  private readonly failOn: FindingSeverity;
  private readonly configuration: Configuration;

  /**
   * @throws UnscopedValidationError if `failOn` is no severity, `levels` has what is no level, or the configuration file cannot be read or is none;
   * the message says where, with line and column
   */
  constructor(scope?: IConstruct, props: SecureBucketChecksProps = {}) {
    super(scope, props);
    refuseAllUnscoped('UnusableSeverity', 'SecureBucketChecks', underProp('failOn', wrongType(props.failOn, oneOf(FindingSeverity))));
    refuseAllUnscoped('UnusableLevel', 'SecureBucketChecks', underProp('levels', wrongType(props.levels, listOf('levels', oneOf(CheckLevel)))));
    refuseAllUnscoped('InvalidConfigurationFile', 'SecureBucketChecks', underProp('configFile', wrongType(props.configFile, TEXT)));
    this.packName = PACK;
    this.explains = props.verbose ?? false;
    this.failOn = props.failOn ?? FindingSeverity.LOW;
    const configuration = props.configFile === undefined ? NO_CONFIGURATION : configurationIn(props.configFile);
    this.configuration = { ...configuration, levels: props.levels ?? configuration.levels };
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
    const { assumptions, files } = this.configuration;
    const { deployment, inventory } = new Model(synthesizedTemplates(root, (file) => accountOf(file, this.configuration)), AccessAssumptions._of(assumptions, files[0]));
    const siteOf = ({ resource }: RuleFinding) => constructOf(root, resource.stack.name, resource.logicalId);
    const judged = assess(deployment, inventory, {
      configuration: this.configuration,
      rules: rulesOn(this.configuration),
      isAsked: (rule) => isAsked(rule, this.configuration),
      acknowledgementOf: (finding) => acknowledgedAt(siteOf(finding), finding),
    }).filter(({ finding }) => siteOf(finding).node.scopes.includes(scope));
    const violations = judged.filter(({ acceptance, isAsked: isShown }) => acceptance === undefined && isShown).map(({ finding }) => this.violation(finding, siteOf(finding)));
    const metadata = metadataOf(judged, deployment);
    return { success: violations.every(({ severity }) => severity !== 'error'), violations, ...(Object.keys(metadata).length > 0 ? { metadata } : {}) };
  }

  private violation(finding: RuleFinding, construct: IConstruct): PolicyViolation {
    const { rule, resource, problem, proof, remedy, isDecided } = finding;
    const code = fixCode(finding)?.code;
    const sentences = [
      problem,
      `Where: ${construct.node.path} (${resource.logicalId}).`,
      ...(proof ? [`Proof: ${proof}.`] : []),
      ...(this.explains ? [`${rule.requirement} ${rule.reason} ${pageOf(rule)}`] : []),
    ];
    return {
      ruleName: idOf(finding),
      description: sentences.join(' '),
      fix: code === undefined ? remedy : `${remedy} In code: ${code}`,
      severity: isDecided && isAtLeast(rule.severity, this.failOn) ? 'error' : 'warning',
      violatingResources: [{ constructPath: construct.node.path, locations: ['Properties'] }],
      ruleMetadata: { logicalId: resource.logicalId, severity: rule.severity, guide: `Section ${rule.guide}`, page: pageOf(rule), see: rule.see },
    };
  }
}

/** What is taken for granted, and what the configuration accepts and leaves out: nothing of that is clean. */
function metadataOf(judged: readonly AssessedFinding[], { assumedDefaults }: Deployment): Record<string, string> {
  const accepted = judged.filter(({ acceptance, isAcceptedInPlace, isAsked: isShown }) => acceptance && !isAcceptedInPlace && isShown);
  const leftOut = judged.filter(({ acceptance, isAsked: isShown }) => acceptance === undefined && !isShown);
  const texts: Record<string, string[]> = {
    Assumed: assumedDefaults.map(({ sentence }) => sentence),
    Acknowledged: accepted.map(({ finding, acceptance }) => `${idOf(finding)} on ${finding.resource.path}: ${acceptanceText(acceptance!)}`),
    NotShown: leftOut.length === 0 ? [] : [`${leftOut.length} findings of rules that the configuration leaves out.`],
  };
  return Object.fromEntries(Object.entries(texts).filter(([, sentences]) => sentences.length > 0).map(([name, sentences]) => [name, sentences.join(' ')]));
}

/** The reason with which a finding was acknowledged on a construct, or around it. */
function acknowledgedAt(construct: IConstruct, finding: RuleFinding): string | undefined {
  const acknowledged = construct.node.scopes.flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }): [string, unknown][] => Object.entries(data ?? {}));
  const found = acknowledged.find(([id]) => acknowledges(id, finding));
  return found && jsonText(found[1]);
}

function configurationIn(file: string): Configuration {
  try {
    return readConfiguration(file);
  } catch (error) {
    throw error instanceof WrongInputError
      ? unscopedRefusal('InvalidConfigurationFile', 'SecureBucketChecks', { problem: `'configFile': ${error.message}`, remedy: 'docs/configuration.md describes the format.' })
      : error;
  }
}
