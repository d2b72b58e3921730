import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessGrant, AccessGrantPermission, GRANTEE } from './access-grant';
import type { AccessGrantsLocation } from './access-grants-location';
import { DirectoryGrantee } from './directory-grantee';
import { refuseOtherThan, required } from '../../prop-types';
import { grantId, grantOnce } from '../grant-once';
import { fingerprint } from '../values';

/**
 * How far an access grant goes.
 */
export interface AccessGrantOptions {
  /**
   * The beginning of the object keys that are granted, such as `reports/`, counted from the beginning of the key: that of the location included.
   *
   * @default - all of the location; of the default location, all of `bucket`
   */
  readonly prefix?: string;

  /**
   * The bucket, where the location is the default one.
   *
   * @default - the bucket of the location
   */
  readonly bucket?: s3.IBucket;
}

/**
 * Gives access to parts of a location, as many as S3 takes: 100,000 of an instance. No policy grows with them but that of the role that gets the access.
 */
export class AccessGrantsLocationGrants {
  /** @internal */
  public static _of(location: AccessGrantsLocation): AccessGrantsLocationGrants {
    return new AccessGrantsLocationGrants(location);
  }

  private constructor(private readonly location: AccessGrantsLocation) {}

  /**
   * Lets somebody read and list.
   *
   * @param grantee a role, user or function of the app, an imported role, `Consumer.roleArn(…)`, or a `DirectoryGrantee`
   * @throws ValidationError if the grantee is unusable, or the prefix is outside the location
   */
  public read(grantee: iam.IGrantable, options?: AccessGrantOptions): AccessGrant {
    return this.make(grantee, AccessGrantPermission.READ, options);
  }

  /**
   * Lets somebody upload, overwrite and delete, without reading.
   *
   * @param grantee a role, user or function of the app, an imported role, `Consumer.roleArn(…)`, or a `DirectoryGrantee`
   * @throws ValidationError if the grantee is unusable, or the prefix is outside the location
   */
  public write(grantee: iam.IGrantable, options?: AccessGrantOptions): AccessGrant {
    return this.make(grantee, AccessGrantPermission.WRITE, options);
  }

  /**
   * Lets somebody read, list, upload, overwrite and delete.
   *
   * @param grantee a role, user or function of the app, an imported role, `Consumer.roleArn(…)`, or a `DirectoryGrantee`
   * @throws ValidationError if the grantee is unusable, or the prefix is outside the location
   */
  public readWrite(grantee: iam.IGrantable, options?: AccessGrantOptions): AccessGrant {
    return this.make(grantee, AccessGrantPermission.READWRITE, options);
  }

  private make(grantee: iam.IGrantable, permission: AccessGrantPermission, { prefix, bucket }: AccessGrantOptions = {}): AccessGrant {
    const { location } = this;
    refuseOtherThan(location, required(GRANTEE), grantee, 'to whom access is granted');
    const what = `${permission}${bucket ? fingerprint(bucket.node.addr) : ''}`;
    const prefixes = prefix === undefined ? undefined : [prefix];
    const id = grantee instanceof DirectoryGrantee ? `${what}${fingerprint([grantee._granteeType, grantee._directoryId, prefixes])}` : grantId(location, what, grantee, prefixes);
    return grantOnce(location, id, () => new AccessGrant(location, id, { location, grantee, permission, prefix, bucket }));
  }
}
