import { Command } from 'commander';
import { Circumstances } from './circumstances';
import { Unseen } from './inputs';
import { Block } from './markdown';
import { Line } from './text';
import { Acceptance } from '../checks/configuration/configuration';
import { Severity } from '../checks/finding-severity';
import { readable } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';

/** The version of the JSON that `--format json` prints: it changes when a field changes its meaning or goes away. */
export const SCHEMA_VERSION = 1;

export const ALLOWED = 0;
export const WRONG_USE = 1;
export const REFUSED = 2;

/** What a command found out, in each of the forms in which it can be printed. */
export interface Answer {
  readonly exitCode: typeof ALLOWED | typeof REFUSED;

  /** What `--format json` prints, without the version. */
  readonly json: { readonly command: string; readonly [field: string]: unknown };
  readonly lines: readonly Line[];

  /** A page for people, which is written to a file; the lines say so. */
  readonly page?: { readonly file: string; readonly html: (version: string) => string };

  /** What `--format markdown` prints, without what was not looked at. */
  readonly blocks?: () => readonly Block[];

  /** What `--format csv` prints. */
  readonly csv?: () => string;

  /** What was not looked at. */
  readonly unseen: Unseen;

  /** What was assumed, in sentences. */
  readonly assumed: readonly string[];

  /** What was found and is not shown, because options say so. */
  readonly leftOut?: string;

  /** What is wrong: the results in SARIF. */
  readonly problems: readonly Problem[];
}

/** Runs a command when it is asked to: asks it for its answer. */
export type Answering = (command: Command, give: (circumstances: Circumstances) => Answer) => void;

/** Something wrong at a resource, or perhaps wrong. */
export interface Problem {
  readonly rule: ProblemRule;
  readonly message: string;
  readonly isDecided: boolean;
  readonly place?: Place;

  /** Why somebody has accepted it. */
  readonly acknowledgement?: Acceptance;

  /** Whether a baseline has it, where there is one. */
  readonly isKnown?: boolean;
}

export interface ProblemRule {
  readonly id: string;
  readonly title: string;
  readonly help?: string;
  readonly see?: string;
  readonly severity?: Severity;
}

/** Where a resource is. */
export interface Place {
  readonly constructPath?: string;
  readonly logicalId?: string;
  readonly stack?: string;
  readonly file?: string;
}

export function placeOf({ path, logicalId, stack }: DeployedResource): Place {
  return { constructPath: path, logicalId, stack: stack.name, file: stack.source.file };
}

/** The place for people: construct path, and logical ID where the path does not end in it. */
export function placeText({ constructPath, stack, logicalId }: Place): string {
  const path = constructPath ?? `${stack}/${logicalId}`;
  return path.endsWith(`/${logicalId}`) || logicalId === undefined ? path : `${path} (${logicalId})`;
}

/** All texts of a value as people read them: values that are not known before deployment have marks of their own. */
export function readably<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, field) => (typeof field === 'string' ? readable(field) : field));
}
