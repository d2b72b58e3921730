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

  /**
   * What the first statement that denies the request demands of it, and what the request has, such as `aws:SourceVpce must be vpce-0abc, and the request has none.`
   *
   * @default - no statement denies it, or what it demands cannot be said so simply
   */
  readonly demand?: string;

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

/** What becomes of one of the permissions that an operation needs. */
export interface PermissionDecision {
  /** The action, such as `s3:PutObjectAcl`. */
  readonly action: string;

  /** What it is asked for on: the ARN of the bucket, the object, or the object that is copied. */
  readonly resource: string;

  /**
   * What S3 does with the KMS key of the object in the name of the caller, where there is one, such as `kms:Decrypt`.
   *
   * @default - nothing, or what follows from the action
   */
  readonly keyActions?: string[];

  /**
   * What of the request makes it necessary, to be read after "because".
   *
   * @default - the operation always needs it
   */
  readonly because?: string;

  /**
   * What it depends on whether S3 asks for it at all, where the request does not show it. It is then *not decided* instead of *denied*.
   *
   * @default - S3 asks for it
   */
  readonly dependsOn?: string;

  /** What becomes of it, layer by layer. */
  readonly decision: AccessDecision;
}

/** What `AccessDecision` is made of. */
export interface AccessDecisionProps {
  readonly request: AccessRequest;
  readonly outcome: AccessOutcome;
  readonly layers: LayerDecision[];
  readonly assumptions: AccessAssumption[];
  readonly decidedBy?: LayerDecision;

  /** @default - none: the request names an action */
  readonly parts?: PermissionDecision[];

  /** @default - the request reads no object */
  readonly ifMissing?: AccessDecision;
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

  /** A part for each permission that the operation needs; none if the request names an action. The layers above are those of the part that decides. */
  public readonly parts: PermissionDecision[];

  /**
   * For a request that reads an object and is allowed: whether the caller may list the bucket. If the object does not exist, S3 answers 404 Not Found to
   * those who may, and 403 Access Denied to those who may not.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  public readonly ifMissing?: AccessDecision;

  constructor(props: AccessDecisionProps) {
    this.request = props.request;
    this.outcome = props.outcome;
    this.layers = props.layers;
    this.decidedBy = props.decidedBy;
    this.assumptions = props.assumptions;
    this.parts = props.parts ?? [];
    this.ifMissing = props.ifMissing;
  }

  /** The decision as people read it, several lines. */
  public toString(): string {
    return decisionText(this);
  }
}
