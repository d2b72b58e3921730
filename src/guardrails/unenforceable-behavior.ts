/** What happens where a guardrail cannot be enforced, or only in part. */
export enum UnenforceableBehavior {
  /**
   * The bucket is left as it is, with one warning that says why and what to do. What can be enforced is enforced.
   */
  WARN = 'WARN',

  /**
   * A `ValidationError` says why and what to do. An aspect throws it during synthesis, which ends the synthesis of the whole app.
   */
  ERROR = 'ERROR',
}

/** Properties of every guardrail. */
export interface GuardrailProps {
  /**
   * What happens on a bucket on which the guardrail cannot be enforced: an imported bucket, a bucket whose policy this app does not write,
   * a bucket with an encryption that does not go with the requirement.
   *
   * @default UnenforceableBehavior.WARN
   */
  readonly unenforceableBehavior?: UnenforceableBehavior;
}
