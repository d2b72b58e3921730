import { ConfigRulesOptions } from './config/bucket-config-rules';

/** Whether a `BucketAudit` has AWS Config look at its buckets. */
export class AuditConfigRules {
  /** Has it look at them, with `BucketConfigRules`. AWS Config must be set up in the account and Region. */
  public static create(options: ConfigRulesOptions = {}): AuditConfigRules {
    return new AuditConfigRules(options);
  }

  /** Has it look at none: other rules do, or none. */
  public static none(): AuditConfigRules {
    return new AuditConfigRules();
  }

  /** @internal */
  public readonly _options?: ConfigRulesOptions;

  private constructor(options?: ConfigRulesOptions) {
    this._options = options;
  }
}
