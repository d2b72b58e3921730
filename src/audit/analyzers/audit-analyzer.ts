import * as accessanalyzer from 'aws-cdk-lib/aws-accessanalyzer';

/** By which analyzer of IAM Access Analyzer findings about buckets come: one of its own, or one that exists. An account has room for one of a type in each Region. */
export class AuditAnalyzer {
  /**
   * An analyzer of the account, which all analyses of a stack share. It stays when the stack is deleted, since others may rely on it by then: pass it by its ARN from then on.
   * Where the account has one of that type in the Region already, the deployment fails.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html
   */
  public static create(): AuditAnalyzer {
    return new AuditAnalyzer({ kind: 'created' });
  }

  /** An analyzer of the app: its archive rules, or what it includes, get those of the buckets beside what they have. */
  public static fromCfnAnalyzer(analyzer: accessanalyzer.CfnAnalyzer): AuditAnalyzer {
    return new AuditAnalyzer({ kind: 'ofApp', analyzer });
  }

  /**
   * An analyzer that is not of the app. What must be added to it is handed over as an output, with a warning.
   *
   * @param analyzerArn such as `arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/account`
   */
  public static fromAnalyzerArn(analyzerArn: string): AuditAnalyzer {
    return new AuditAnalyzer({ kind: 'elsewhere', analyzerArn });
  }

  /** @internal */
  public readonly _source: AnalyzerSource;

  private constructor(source: AnalyzerSource) {
    this._source = source;
  }
}

/** The ways to come to an analyzer. */
export type AnalyzerSource =
  | { readonly kind: 'created' }
  | { readonly kind: 'ofApp'; readonly analyzer: accessanalyzer.CfnAnalyzer }
  | { readonly kind: 'elsewhere'; readonly analyzerArn: string };
