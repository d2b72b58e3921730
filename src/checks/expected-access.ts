import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { AccessPrincipal } from './access-principal';

/** On what an expectation is. */
export interface ExpectedResource {
  readonly bucket: s3.IBucket;

  /** The access point through which the requests go. */
  readonly accessPointArn?: string;

  /** Patterns for the keys of objects; none: any object. */
  readonly keys: readonly string[];
}

/** "AppRole may read `data/*` through the endpoint": each of these requests is allowed. */
export class ExpectedAccess {
  /** @internal */
  public static _of(principal: AccessPrincipal, actions: readonly string[]): ExpectedAccess {
    return new ExpectedAccess(principal, actions);
  }

  /** @internal */
  public readonly _principal: AccessPrincipal;

  /** @internal */
  public readonly _actions: readonly string[];

  /** @internal */
  public readonly _resources: ExpectedResource[] = [];

  /** @internal */
  public _endpoint?: { readonly id: string; readonly site?: IConstruct };

  /** @internal */
  public readonly _context: Record<string, string[]> = {};

  private constructor(principal: AccessPrincipal, actions: readonly string[]) {
    this._principal = principal;
    this._actions = actions;
  }

  /**
   * On a bucket, and on objects in it.
   *
   * @param keys patterns for the keys of objects, such as `data/*`; the request is expected to be allowed for each key that matches
   */
  public on(bucket: s3.IBucket, ...keys: string[]): ExpectedAccess {
    this._resources.push({ bucket, keys });
    return this;
  }

  /**
   * On a bucket through an access point.
   *
   * @param keys patterns for the keys of objects, such as `data/*`
   */
  public behind(accessPointArn: string, bucket: s3.IBucket, ...keys: string[]): ExpectedAccess {
    this._resources.push({ bucket, accessPointArn, keys });
    return this;
  }

  /** Through a VPC endpoint. */
  public through(endpoint: ec2.IVpcEndpoint): ExpectedAccess {
    this._endpoint = { id: endpoint.vpcEndpointId, site: endpoint };
    return this;
  }

  /** Through a VPC endpoint that is not in the app. */
  public throughEndpoint(vpcEndpointId: string): ExpectedAccess {
    this._endpoint = { id: vpcEndpointId };
    return this;
  }

  /** With values of a condition key. */
  public with(key: string, ...values: string[]): ExpectedAccess {
    this._context[key] = values;
    return this;
  }
}

/** "Nobody may read over HTTP": no request of these is ever allowed. */
export class ForbiddenAccess {
  /** @internal */
  public static _of(exempt: readonly AccessPrincipal[], actions: readonly string[]): ForbiddenAccess {
    return new ForbiddenAccess(exempt, actions);
  }

  /** @internal */
  public readonly _exempt: readonly AccessPrincipal[];

  /** @internal */
  public readonly _actions: readonly string[];

  /** @internal */
  public readonly _resources: ExpectedResource[] = [];

  /** @internal */
  public _isOverHttp = false;

  /** @internal */
  public _organizations?: readonly string[];

  /** @internal */
  public _sparesOwnAccount = false;

  private constructor(exempt: readonly AccessPrincipal[], actions: readonly string[]) {
    this._exempt = exempt;
    this._actions = actions;
  }

  /**
   * On a bucket, and on objects in it.
   *
   * @param keys patterns for the keys of objects, such as `data/*`; without them, the bucket and all objects are meant
   */
  public on(bucket: s3.IBucket, ...keys: string[]): ForbiddenAccess {
    this._resources.push({ bucket, keys });
    return this;
  }

  /** Over plain HTTP. */
  public overHttp(): ForbiddenAccess {
    this._isOverHttp = true;
    return this;
  }

  /**
   * From outside some organizations: by users, roles and anonymous callers that belong to none of them. The account of the bucket
   * is inside. AWS services belong to no organization, and are not meant.
   */
  public fromOutsideOrganization(...organizationIds: string[]): ForbiddenAccess {
    this._organizations = organizationIds;
    return this;
  }

  /** By callers of other accounts than the bucket's: what its own account may do is not meant. */
  public byOtherAccounts(): ForbiddenAccess {
    this._sparesOwnAccount = true;
    return this;
  }
}

/** Whose access is expected. */
export class ExpectedCaller {
  /** @internal */
  public static _of(principal: AccessPrincipal, record: (access: ExpectedAccess) => ExpectedAccess): ExpectedCaller {
    return new ExpectedCaller(principal, record);
  }

  private readonly principal: AccessPrincipal;
  private readonly record: (access: ExpectedAccess) => ExpectedAccess;

  private constructor(principal: AccessPrincipal, record: (access: ExpectedAccess) => ExpectedAccess) {
    this.principal = principal;
    this.record = record;
  }

  /** The actions, such as `s3:GetObject`; each is expected to be allowed. */
  public may(...actions: string[]): ExpectedAccess {
    return this.record(ExpectedAccess._of(this.principal, actions));
  }
}

/** Whose access is excluded. */
export class ExcludedCallers {
  /** @internal */
  public static _of(exempt: readonly AccessPrincipal[], record: (access: ForbiddenAccess) => ForbiddenAccess): ExcludedCallers {
    return new ExcludedCallers(exempt, record);
  }

  private readonly exempt: readonly AccessPrincipal[];
  private readonly record: (access: ForbiddenAccess) => ForbiddenAccess;

  private constructor(exempt: readonly AccessPrincipal[], record: (access: ForbiddenAccess) => ForbiddenAccess) {
    this.exempt = exempt;
    this.record = record;
  }

  /** The actions, which may have wildcards; none: any action. */
  public may(...actions: string[]): ForbiddenAccess {
    return this.record(ForbiddenAccess._of(this.exempt, actions.length > 0 ? actions : ['s3:*']));
  }
}
