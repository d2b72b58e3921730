import type { Level } from './check-level';
import { Severity } from './finding-severity';
import type { Fix } from './fix';
import { BucketView, Inventory } from '../access/inventory';
import { DeployedResource } from '../template/deployment';

/** One thing that a rule has to say about one resource. */
export interface Finding {
  readonly resource: DeployedResource;

  /** What is wrong; or, if it is not decided, what is not known. */
  readonly problem: string;
  readonly remedy: string;

  /** A request that shows it. */
  readonly proof?: string;

  /** The statement that seems to be meant to stop that request, and why it does not; the proof says it too. */
  readonly letThroughBy?: string;

  /** The remedy as code, where it is that. */
  readonly fix?: Fix;

  /** Whether the problem is there. Otherwise the template does not tell: that is neither clean nor a finding. */
  readonly isDecided: boolean;
}

/** One rule of the pack. It looks at buckets one by one, or at the whole deployment, or at both. */
export interface Rule {
  /** The id of the rule, without the prefix of the pack. It never changes. */
  readonly id: string;

  /** What must be true. */
  readonly requirement: string;

  /** Why. */
  readonly reason: string;

  /** The severity of its findings, and of what it leaves undecided. */
  readonly severity: Severity;

  /** Why it is not more, and not less. */
  readonly severityReason: string;

  /** The level that turns the rule on. Rules of no level are always on. */
  readonly level?: Level;

  /** The section of the guide. */
  readonly guide: string;

  /** The page of the AWS documentation. */
  readonly see: string;
  /** Says what is wrong with buckets, their keys and their policies, each by itself. */
  readonly judgeBuckets?: (view: BucketView) => readonly Finding[];

  /** Says what is wrong with other resources, and with buckets in their relation to others. */
  readonly judgeDeployment?: (inventory: Inventory) => readonly Finding[];

  /** Says what is left open by all the ways together in which values may turn out: it is asked once. */
  readonly judgeAllWays?: (inventory: Inventory) => readonly Finding[];
}

export function found(resource: DeployedResource, problem: string, remedy: string, proof?: string): Finding {
  return { resource, problem, remedy, proof, isDecided: true };
}

/** What begins a problem of which it is not known whether it is there. */
export const NOT_DECIDED = 'It is not decided whether this is so: ';

/** A problem of which it is not decided whether it is there, and why, where the problem does not tell. */
export function doubted(resource: DeployedResource, problem: string, doubt?: string, remedy?: string): Finding {
  return notDecided(resource, `${NOT_DECIDED}${problem}${doubt === undefined ? '' : ` For ${doubt}.`}`, remedy);
}

export function notDecided(resource: DeployedResource, problem: string, remedy = 'Use a value that is known at synthesis, or check this after deployment and acknowledge the rule.'): Finding {
  return { resource, problem, remedy, isDecided: false };
}
