import { DataEventsOptions } from './bucket-data-events';

/** Whether a `BucketAudit` records the requests on its buckets, and where. */
export class AuditDataEvents {
  /** Records them, with `BucketDataEvents`: with a trail of its own, unless `trail` names one. */
  public static create(options: DataEventsOptions = {}): AuditDataEvents {
    return new AuditDataEvents(options);
  }

  /** Records none: something else does, or nothing. */
  public static none(): AuditDataEvents {
    return new AuditDataEvents();
  }

  /** @internal */
  public readonly _options?: DataEventsOptions;

  private constructor(options?: DataEventsOptions) {
    this._options = options;
  }
}
