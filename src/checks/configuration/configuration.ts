import { AssumptionsJson } from '../../access/assumptions-format';
import { Level } from '../check-level';
import { Rule } from '../finding';
import { isAtLeast, Severity } from '../finding-severity';

/** What a team says about its templates: the content of a configuration file, and of the files that it extends. */
export interface Configuration {
  /** The files that it was read from, the nearest first. */
  readonly files: readonly string[];

  /** The ids of the rules that are asked alone, and of those that are not asked. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly minSeverity?: Severity;

  /** The levels that are on. */
  readonly levels?: readonly Level[];

  /** Severities by the id of the rule. */
  readonly severities: Readonly<Record<string, Severity>>;
  readonly assumptions: AssumptionsJson;

  /** Accounts of template files. The first entry that matches counts. */
  readonly accounts: readonly AccountOfTemplates[];
  readonly acknowledgements: readonly Acknowledgement[];
}

/** The account of the stacks whose templates are at some place, and that do not say theirs. */
export interface AccountOfTemplates {
  /** Matches absolute paths. */
  readonly files: RegExp;
  readonly account: string;
}

/** Why a finding was accepted. */
export interface Acceptance {
  readonly reason: string;

  /** Who answers for it. */
  readonly owner?: string;

  /** The last day on which it counts (UTC). */
  readonly expires?: string;
}

/** Who accepted a finding, until when, and why. */
export function acceptanceText(acceptance: Acceptance): string {
  return `Acknowledged${acceptedBy(acceptance)}: ${acceptance.reason}`;
}

/** The end of a sentence: who accepted a finding, and until when. */
export function acceptedBy({ owner, expires }: Pick<Acceptance, 'owner' | 'expires'>): string {
  return `${owner === undefined ? '' : ` by ${owner}`}${expires === undefined ? '' : ` until ${expires}`}`;
}

/** Findings that somebody accepts. */
export interface Acknowledgement extends Acceptance {
  /** The id of the rule, as findings have it. */
  readonly id: string;

  /** What the findings are about: a bucket with its policies, or any resources. */
  readonly about: { readonly kind: 'bucket' | 'resource'; readonly pattern: RegExp };

  /** File, line and column. */
  readonly place: string;
}

export const NO_CONFIGURATION: Configuration = { files: [], severities: {}, assumptions: {}, accounts: [], acknowledgements: [] };

/** The same with what a nearer file says: it wins, and acknowledgements of both count. */
export function withNearer(farther: Configuration, nearer: Configuration): Configuration {
  return {
    files: [...new Set([...nearer.files, ...farther.files])],
    only: nearer.only ?? farther.only,
    skip: nearer.skip ?? farther.skip,
    minSeverity: nearer.minSeverity ?? farther.minSeverity,
    levels: nearer.levels ?? farther.levels,
    severities: { ...farther.severities, ...nearer.severities },
    assumptions: withNearerAssumptions(farther.assumptions, nearer.assumptions),
    accounts: [...nearer.accounts, ...farther.accounts],
    acknowledgements: [...nearer.acknowledgements, ...farther.acknowledgements],
  };
}

function withNearerAssumptions(farther: AssumptionsJson, nearer: AssumptionsJson): AssumptionsJson {
  const sections = Object.entries({ ...farther, ...nearer }) as [keyof AssumptionsJson, unknown][];
  return Object.fromEntries(sections.map(([section, given]) => [section, joined(farther[section], nearer[section]) ?? given]));
}

function joined(farther: unknown, nearer: unknown): unknown {
  if (Array.isArray(farther) || Array.isArray(nearer)) {
    return [nearer, farther].flatMap((section) => section ?? []);
  }
  return typeof farther === 'object' || typeof nearer === 'object' ? { ...farther as object, ...nearer as object } : undefined;
}

/** A rule with the severity that a configuration gives it. */
export function rated<R extends Pick<Rule, 'id' | 'severity'>>(rule: R, { severities }: Pick<Configuration, 'severities'>): R {
  return Object.hasOwn(severities, rule.id) ? { ...rule, severity: severities[rule.id] } : rule;
}

/** Whether a configuration asks for the findings of a rule, which has the severity that the configuration gives it. */
export function isAsked({ id, severity }: Pick<Rule, 'id' | 'severity'>, { only, skip = [], minSeverity = 'low' }: Pick<Configuration, 'only' | 'skip' | 'minSeverity'>): boolean {
  return (only?.includes(id) ?? true) && !skip.includes(id) && isAtLeast(severity, minSeverity);
}

/** The account of the template at an absolute path. */
export function accountOf(file: string, { accounts }: Pick<Configuration, 'accounts'>): string | undefined {
  const path = file.replace(/\\/g, '/');
  return accounts.find(({ files }) => files.test(path))?.account;
}
