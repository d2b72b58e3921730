import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AccessPrincipal } from './access-principal';
import { synthesizedTemplates } from './app-templates';
import { ExcludedCallers, ExpectedAccess, ExpectedCaller, ForbiddenAccess } from './expected-access';
import { ExpectedApp } from './expected-app';
import { BrokenExpectation, judgeExpected } from './expected-decisions';
import { judgeForbidden } from './forbidden-proofs';
import { AccessEvaluator } from '../access/access-evaluator';
import { AccessAssumptions } from '../access/assumptions';

/** Properties of `AccessExpectations`. */
export interface AccessExpectationsProps {
  /**
   * What is true of the world around the app: policies of roles elsewhere, the organization of accounts.
   *
   * @default - nothing is given
   */
  readonly assumptions?: AccessAssumptions;
}

/**
 * What a reader of the app should know about access to its buckets, checked at every synthesis:
 * `Validations.of(app).addPlugins(expectations)`.
 *
 * - `expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject').on(bucket, 'data/*').through(endpoint)`
 * - `expectations.nobody().may().on(bucket).overHttp()`
 * - `expectations.nobody().may().on(bucket).fromOutsideOrganization('o-exampleorgid')`
 * - `expectations.only(AccessPrincipal.distribution(distribution)).may('s3:GetObject').on(bucket).byOtherAccounts()`
 *
 * What somebody may do is decided by `AccessEvaluator`; what nobody may do is proved for all requests. An expectation that is
 * broken fails synthesis, and so does one that cannot be decided (its rule has the suffix `-NotDecided`): give what is not known
 * as an assumption.
 *
 * Guide, Sections 2 and 9.
 */
export class AccessExpectations implements IPolicyValidationPlugin {
  public readonly name = 'AccessExpectations';
  public readonly ruleIds?: string[] = ['AccessExpectations-May', 'AccessExpectations-Nobody', 'AccessExpectations-Incomplete'];
  private readonly assumptions?: AccessAssumptions;
  private readonly expected: ExpectedAccess[] = [];
  private readonly forbidden: ForbiddenAccess[] = [];

  constructor(props: AccessExpectationsProps = {}) {
    this.assumptions = props.assumptions;
  }

  /** Somebody who may do something. */
  public principal(principal: AccessPrincipal): ExpectedCaller {
    return ExpectedCaller._of(principal, (access) => {
      this.expected.push(access);
      return access;
    });
  }

  /** Nobody may do something. */
  public nobody(): ExcludedCallers {
    return this.only();
  }

  /** Nobody but these may do something. */
  public only(...principals: AccessPrincipal[]): ExcludedCallers {
    return ExcludedCallers._of(principals, (access) => {
      this.forbidden.push(access);
      return access;
    });
  }

  /**
   * Checks what was synthesized. The CDK calls it at the end of synthesis.
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.reportOn(context.appConstruct);
  }

  /**
   * Synthesizes the app around a construct, and checks all expectations.
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    scope.node.scopes.find(Stage.isStage)?.synth();
    return this.reportOn(scope.node.root);
  }

  private reportOn(root: IConstruct): PolicyValidationPluginReport {
    const evaluator = AccessEvaluator._of(synthesizedTemplates(root), this.assumptions);
    const app = new ExpectedApp(evaluator);
    const broken = [...this.expected.flatMap((access) => judgeExpected(app, access)), ...this.forbidden.flatMap((access) => judgeForbidden(app, access))];
    return { success: broken.length === 0, violations: broken.map(violation) };
  }
}

function violation({ kind, isDecided, sentence, reason, remedy, site }: BrokenExpectation): PolicyViolation {
  return {
    ruleName: `AccessExpectations-${kind}${isDecided ? '' : '-NotDecided'}`,
    description: `${isDecided ? 'This is not so' : 'It is not decided whether this is so'}: ${sentence} ${reason}`,
    fix: remedy,
    severity: 'error',
    violatingResources: [{ constructPath: site, locations: ['Properties'] }],
    ruleMetadata: { see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html' },
  };
}
