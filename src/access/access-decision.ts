import { AccessRequest } from './access-request';
import { decisionText } from './decision-text';

/** What becomes of a request. */
export enum AccessOutcome {
  /** S3 answers it. */
  ALLOWED = 'allowed',

  /** S3 answers 403 Access Denied. */
  DENIED = 'denied',

  /** It depends on something that is neither in the templates nor given, or that AWS does not document. */
  NOT_DECIDED = 'not-decided',
}

/** What decides a request, in the order in which S3 is asked about it. */
export enum AccessLayer {
  /** Block Public Access of the account, the bucket and the access point. */
  BLOCK_PUBLIC_ACCESS = 'block-public-access',

  /** Service control policies of the caller's account. */
  SERVICE_CONTROL_POLICIES = 'service-control-policies',

  /** Resource control policies of the account that owns the bucket. */
  RESOURCE_CONTROL_POLICIES = 'resource-control-policies',

  /** The policy of the VPC endpoint through which the request comes. */
  VPC_ENDPOINT_POLICY = 'vpc-endpoint-policy',

  /** The policies of the user or role. */
  IDENTITY_POLICIES = 'identity-policies',

  /** The permissions boundary of the user or role. */
  PERMISSIONS_BOUNDARY = 'permissions-boundary',

  /** The policies with which the session was made. */
  SESSION_POLICIES = 'session-policies',

  /** The policy of the access point through which the request comes, and its network. */
  ACCESS_POINT_POLICY = 'access-point-policy',

  /** The bucket policy. */
  BUCKET_POLICY = 'bucket-policy',

  /** Object Ownership and access control lists. */
  OBJECT_OWNERSHIP = 'object-ownership',

  /** Use of the KMS key: its policy, and what the caller may do with it. */
  KMS_KEY = 'kms-key',
}

/** What one layer says of a request. */
export enum LayerVerdict {
  /** It allows the request. */
  ALLOWS = 'allows',

  /** It denies the request explicitly. */
  DENIES = 'denies',

  /** It would have to allow the request, and does not. */
  DOES_NOT_ALLOW = 'does-not-allow',

  /** It neither allows nor denies the request, and another layer suffices. */
  NO_STATEMENT = 'no-statement',

  /** It has no say in this request. */
  DOES_NOT_APPLY = 'does-not-apply',

  /** It is not in the templates, and is taken not to stand in the way. */
  ASSUMED = 'assumed',

  /** It depends on something that is not known, or that AWS does not document. */
  NOT_DECIDED = 'not-decided',
}

/** A statement that leads to a verdict, and where it is written. */
export interface DecidingStatement {
  readonly sid?: string;

  /** `Allow` or `Deny`. */
  readonly effect: string;

  /** Where the statement stands in its policy, such as `Statement[2]`. */
  readonly path: string;

  /** Where the policy stands in the resource, such as `PolicyDocument`; or in the assumptions. */
  readonly property: string;

  readonly constructPath?: string;
  readonly logicalId?: string;

  /** The name of the stack, unique among the templates. */
  readonly stack?: string;

  /** The file with the template or the assumptions, where it was read from one. */
  readonly file?: string;

  /** The statement as JSON, its values as they will be deployed. */
  readonly json: string;
}

/** What one layer says of a request, and why. */
export interface LayerDecision {
  readonly layer: AccessLayer;
  readonly verdict: LayerVerdict;

  /** The statements that lead to the verdict; those that might, if it is not decided. */
  readonly statements: DecidingStatement[];

  /** Why; if it is not decided, what it depends on. */
  readonly reason: string;

  /** What to change, if it stands in the way; what to provide or to write otherwise, if it is not decided: absent where neither is possible. */
  readonly remedy?: string;
}

/** Something that is neither in the templates nor given, and that the decision takes for granted. */
export interface AccessAssumption {
  /** What is assumed, in one sentence. */
  readonly sentence: string;

  /** Where in the assumptions (or the request) it can be given, such as `accounts.111122223333.serviceControlPolicies`. */
  readonly givenBy: string;
}

/** What `AccessDecision` is made of. */
export interface AccessDecisionProps {
  readonly request: AccessRequest;
  readonly outcome: AccessOutcome;
  readonly layers: LayerDecision[];
  readonly assumptions: AccessAssumption[];
  readonly decidedBy?: LayerDecision;
}

/** The answer to a request, with what each layer says of it. */
export class AccessDecision {
  public readonly request: AccessRequest;
  public readonly outcome: AccessOutcome;

  /** Every layer, in the order in which S3 is asked about it. */
  public readonly layers: LayerDecision[];

  /** The layer that denies the request, or the first one that leaves it open; nothing if it is allowed. */
  public readonly decidedBy?: LayerDecision;

  /** What the decision takes for granted. */
  public readonly assumptions: AccessAssumption[];

  constructor(props: AccessDecisionProps) {
    this.request = props.request;
    this.outcome = props.outcome;
    this.layers = props.layers;
    this.decidedBy = props.decidedBy;
    this.assumptions = props.assumptions;
  }

  /** The decision as people read it, several lines. */
  public toString(): string {
    return decisionText(this);
  }
}
