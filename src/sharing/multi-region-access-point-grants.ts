import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountGrant } from './cross-account-grant';
import { CONSUMER, DATASET_ACCESS } from './cross-account-grant-props';
import { DatasetAccess } from './dataset-access';
import { FailoverGrant } from './failover-grant';
import { grantId, grantOnce } from './grant-once';
import { KeyPolicyScope } from './key-policy-scope';
import type { ISharedMultiRegionAccessPoint } from './multi-region-access-point';
import { refuseOtherThan, required } from '../prop-types';

/**
 * How far a grant through a multi-Region access point goes.
 */
export interface MultiRegionGrantOptions {
  /**
   * The beginnings of the object keys that are shared, such as `reports/`. Listing is confined to them too.
   *
   * @default - all that the access point is for
   */
  readonly prefixes?: string[];
}

/**
 * Gives access through a multi-Region access point: by its policy, by the policy of each bucket and of each bucket's key, and by the
 * consumer's own policies, all aligned.
 */
export class MultiRegionAccessPointGrants {
  /** @internal */
  public static _of(accessPoint: ISharedMultiRegionAccessPoint, keyPolicyScope: KeyPolicyScope = KeyPolicyScope.ACCOUNTS): MultiRegionAccessPointGrants {
    return new MultiRegionAccessPointGrants(accessPoint, keyPolicyScope);
  }

  private constructor(private readonly accessPoint: ISharedMultiRegionAccessPoint, private readonly keyPolicyScope: KeyPolicyScope) {}

  /**
   * Lets a consumer read and list.
   *
   * @param consumer a role, user or function of the app, an imported role, or a `Consumer`
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public read(consumer: iam.IGrantable, options?: MultiRegionGrantOptions): CrossAccountGrant {
    return this.access(consumer, DatasetAccess.READ, options);
  }

  /**
   * Lets a consumer upload. The objects go to one of the buckets: replication brings them to the others.
   *
   * @param consumer a role, user or function of the app, an imported role, or a `Consumer`
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public write(consumer: iam.IGrantable, options?: MultiRegionGrantOptions): CrossAccountGrant {
    return this.access(consumer, DatasetAccess.WRITE, options);
  }

  /**
   * Lets a consumer read, list and upload.
   *
   * @param consumer a role, user or function of the app, an imported role, or a `Consumer`
   * @throws ValidationError if the consumer or a prefix is unusable, or a prefix leaves the access point's
   */
  public readWrite(consumer: iam.IGrantable, options?: MultiRegionGrantOptions): CrossAccountGrant {
    return this.access(consumer, DatasetAccess.READ_WRITE, options);
  }

  /**
   * Lets a consumer do what an access says.
   *
   * @param consumer a role, user or function of the app, an imported role, or a `Consumer`
   * @throws ValidationError if the consumer or a prefix is unusable, a prefix leaves the access point's, or multi-Region access points do
   * not offer the access
   */
  public access(consumer: iam.IGrantable, access: DatasetAccess, options: MultiRegionGrantOptions = {}): CrossAccountGrant {
    const { accessPoint, keyPolicyScope } = this;
    refuseOtherThan(accessPoint, required(CONSUMER), consumer, 'to whom access is granted');
    refuseOtherThan(accessPoint, required(DATASET_ACCESS), access, 'what is granted');
    const prefixes = options.prefixes ?? accessPoint.prefixes;
    const id = grantId(accessPoint, access._name, consumer, prefixes);
    const props = { multiRegionAccessPoint: accessPoint, consumer, access, prefixes, keyPolicyScope };
    return grantOnce(accessPoint, id, () => new CrossAccountGrant(accessPoint, id, props));
  }

  /**
   * Lets somebody of the access point's own account see and change to which Regions requests go: the failover of an active-passive pair.
   *
   * The calls (`GetMultiRegionAccessPointRoutes`, `SubmitMultiRegionAccessPointRoutes`) go to S3 in us-east-1, us-west-2, ap-southeast-2,
   * ap-northeast-1 or eu-west-1, whichever of them works.
   *
   * @param consumer a role, user or function of the app, or an imported role of the account
   * @throws ValidationError if the consumer is unusable, or of another account
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_SubmitMultiRegionAccessPointRoutes.html
   */
  public failover(consumer: iam.IGrantable): FailoverGrant {
    refuseOtherThan(this.accessPoint, required(CONSUMER), consumer, 'to whom access is granted');
    const id = grantId(this.accessPoint, 'Failover', consumer);
    return grantOnce(this.accessPoint, id, () => new FailoverGrant(this.accessPoint, id, { consumer, multiRegionAccessPoint: this.accessPoint }));
  }
}
