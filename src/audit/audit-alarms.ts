import { AlarmsOptions } from './alarms/bucket-alarms';

/** Whether a `BucketAudit` raises alarms when somebody weakens what protects its buckets, and where to. */
export class AuditAlarms {
  /** Raises them, with `BucketAlarms`: to a topic of its own, unless `topic` is one. */
  public static create(options: AlarmsOptions = {}): AuditAlarms {
    return new AuditAlarms(options);
  }

  /** Raises none: something else does, or nothing. */
  public static none(): AuditAlarms {
    return new AuditAlarms();
  }

  /** @internal */
  public readonly _options?: AlarmsOptions;

  private constructor(options?: AlarmsOptions) {
    this._options = options;
  }
}
