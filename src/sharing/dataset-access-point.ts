import { IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { having } from '../prop-types';

/** What is an access point. */
export const ACCESS_POINT = having('an access point', 'accessPointArn', 'addToResourcePolicy', 'node');

/**
 * An access point to a shared dataset, made here or elsewhere.
 */
export interface ISharedDatasetAccessPoint extends IResource {
  /**
   * The ARN of the access point, which consumers use in place of a bucket name.
   *
   * @attribute
   */
  readonly accessPointArn: string;

  /**
   * The name of the access point.
   *
   * @attribute
   */
  readonly accessPointName: string;

  /** The bucket behind the access point; undefined if it is not known here. */
  readonly bucket?: s3.IBucket;

  /** The beginnings of the object keys for which it is made: grants go no further. Undefined: everything, or not known here. */
  readonly prefixes?: string[];

  /**
   * Adds a statement to the policy of the access point; does nothing if the access point is imported.
   */
  addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult;
}

/**
 * An access point that exists already.
 */
export interface SharedDatasetAccessPointAttributes {
  /** The ARN, such as `arn:aws:s3:eu-west-1:111122223333:accesspoint/team`. */
  readonly accessPointArn: string;

  /**
   * The bucket behind the access point, made here or imported. With it, grants confine the use of the data's key to this bucket.
   *
   * @default - not known: data under a customer managed key cannot be granted
   */
  readonly bucket?: s3.IBucket;
}
