import { Progress } from './progress';
import { Configuration, NO_CONFIGURATION } from '../checks/configuration/configuration';

/** What a command is told beside its own options. */
export interface Circumstances {
  readonly configuration: Configuration;
  readonly progress: Progress;
}

/** Nothing is configured, and nobody waits. */
export const PLAIN: Circumstances = { configuration: NO_CONFIGURATION, progress: new Progress() };
