import { Level } from './check-level';
import { Rule } from './finding';
import { RULES } from './rules';

/** What turns on rules that are off by default. */
export interface TurnedOn {
  readonly levels?: readonly Level[];

  /** The ids of rules that somebody asks by name. */
  readonly only?: readonly string[];
}

/** The rules that are on: those of no level, those of the levels that are on, and those that somebody names. */
export function rulesOn({ levels = [], only = [] }: TurnedOn = {}): readonly Rule[] {
  return RULES.filter(({ id, level }) => level === undefined || levels.includes(level) || only.includes(id));
}
