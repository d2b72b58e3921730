import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DatasetAccess } from './dataset-access';
import { ACCESS_POINT, ISharedDatasetAccessPoint } from './dataset-access-point';
import { KEY_POLICY_SCOPE, KeyPolicyScope } from './key-policy-scope';
import { ISharedMultiRegionAccessPoint, MULTI_REGION_ACCESS_POINT } from './multi-region-access-point';
import { PrincipalBinding } from './principal-binding';
import { BUCKET, having, KEY, listOf, oneOf, required, TEXTS, TypesOf } from '../prop-types';

/**
 * Properties of `CrossAccountGrant`.
 */
export interface CrossAccountGrantProps {
  /**
   * The bucket that is shared.
   *
   * @default - the data behind `accessPoint` or `multiRegionAccessPoint` is shared
   */
  readonly bucket?: s3.IBucket;

  /**
   * The access point through which data is shared.
   *
   * @default - `bucket` or `multiRegionAccessPoint` is shared
   */
  readonly accessPoint?: ISharedDatasetAccessPoint;

  /**
   * The multi-Region access point through which data is shared. Grants on it are made in its own stack.
   *
   * @default - `bucket` or `accessPoint` is shared
   */
  readonly multiRegionAccessPoint?: ISharedMultiRegionAccessPoint;

  /**
   * Who gets the access: a role, user or function of this app (whatever its account, Region and stack), an imported role,
   * `Consumer.roleArn(…)` or `Consumer.account(…)`.
   *
   * @default - those in `consumers`
   */
  readonly consumer?: iam.IGrantable;

  /**
   * Several consumers that get the same access.
   *
   * @default - the one in `consumer`
   */
  readonly consumers?: iam.IGrantable[];

  /** What they may do. */
  readonly access: DatasetAccess;

  /**
   * The beginnings of the object keys that are shared, such as `reports/`. Listing is confined to them too.
   *
   * @default - everything in the bucket, or all that the access point is for
   */
  readonly prefixes?: string[];

  /**
   * How the policies of the bucket and of the key name a consumer's role or user.
   *
   * @default - PRINCIPAL where the stacks can be ordered so that the role exists first; else ACCOUNT
   */
  readonly principalBinding?: PrincipalBinding;

  /**
   * Whom the key's policy names.
   *
   * @default KeyPolicyScope.CONSUMERS
   */
  readonly keyPolicyScope?: KeyPolicyScope;

  /**
   * The key that encrypts the data of one bucket. Behind a multi-Region access point each bucket has its own: import buckets with theirs.
   *
   * @default - the `encryptionKey` of each bucket; an imported bucket may not know it
   */
  readonly encryptionKey?: kms.IKey;
}

export const CONSUMER = having('a role, a user, a function or a Consumer', 'grantPrincipal');
export const DATASET_ACCESS = having('a DatasetAccess', 'actions', '_keyActions');

/** What these properties are like. */
export const CROSS_ACCOUNT_GRANT: TypesOf<CrossAccountGrantProps> = {
  bucket: BUCKET,
  accessPoint: ACCESS_POINT,
  multiRegionAccessPoint: MULTI_REGION_ACCESS_POINT,
  consumer: CONSUMER,
  consumers: listOf('consumers', CONSUMER),
  access: required(DATASET_ACCESS),
  prefixes: TEXTS,
  principalBinding: oneOf(PrincipalBinding),
  keyPolicyScope: KEY_POLICY_SCOPE,
  encryptionKey: KEY,
};
