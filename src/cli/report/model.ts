import { Capability } from '../../access/capabilities';
import { Holder } from '../../access/holders';
import { Acceptance } from '../../checks/configuration/configuration';

/** What the report shows: facts that are decided elsewhere, as texts. */
export interface Report {
  /** What was looked at: the name of a folder or of a template. */
  readonly subject: string;
  readonly buckets: readonly ReportedBucket[];
  readonly findings: readonly ReportedFinding[];
  readonly acknowledged: readonly AcknowledgedFinding[];

  /** What was taken for granted because no template says it. */
  readonly assumptions: readonly string[];
}

export interface ReportedBucket {
  /** The construct path. */
  readonly path: string;
  readonly facts: readonly Fact[];
  readonly guarantees: readonly ReportedGuarantee[];
  readonly access: readonly ReportedAccess[];

  /** The statements that accesses refer to. */
  readonly statements: readonly ReportedStatement[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface ReportedGuarantee {
  readonly sentence: string;
  readonly verdict: 'holds' | 'broken' | 'not decided';

  /** The request that breaks it, or what is not known. */
  readonly detail?: string;
}

/** One kind of access that somebody has. */
export interface ReportedAccess {
  readonly who: Holder;

  /** Where they belong: their account and organization, AWS, or anywhere. */
  readonly from: string;
  readonly capability: Capability;

  /** Why it is not known whether the access works; nothing if it does. */
  readonly openBecause?: string;

  /** The access point through which it works. */
  readonly through?: string;

  /** A request that shows it, if one is known. */
  readonly example?: string;

  /** The ids of the statements that allow it. */
  readonly statements: readonly string[];
}

export interface ReportedStatement {
  /** Unique in the report: letters, digits and hyphens. */
  readonly id: string;

  /** The Sid, or the place in its document. */
  readonly title: string;

  /** The construct path of the resource with the policy. */
  readonly where: string;

  /** To which objects it is limited, and under which conditions, in words. */
  readonly limits?: string;
  readonly json: string;
}

export interface ReportedFinding {
  readonly rule: string;
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
  readonly proof?: string;
  readonly isDecided: boolean;
}

export interface AcknowledgedFinding extends Acceptance {
  readonly rule: string;
  readonly path: string;
  readonly problem: string;
}
