/** Sets of rules of `SecureBucketChecks` that are asked only where somebody turns them on. All other rules are always asked. */
export enum CheckLevel {
  /** Whether it can be shown later what was done: trails, and what they record. Many accounts have such parts outside the app, where the templates do not show them. */
  AUDIT = 'audit',
}

/** The value of a level, as rules and options write it. */
export type Level = `${CheckLevel}`;

/** All levels. */
export const LEVELS: readonly Level[] = Object.values(CheckLevel);
