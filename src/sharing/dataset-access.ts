import { fingerprint, sameValues } from './values';
import { unscopedRefusal } from '../refusal';

/** What an S3 action needs beside itself. */
interface Action {
  /** Objects; the listing, which `s3:prefix` narrows; or the list of uploads, which nothing narrows. */
  readonly on: 'objects' | 'listing' | 'uploads';

  /** What S3 asks KMS for, in the caller's name. */
  readonly key?: readonly string[];

  /** The same action on versions. */
  readonly version?: string;
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const VOCABULARY: Record<string, Action> = {
  's3:GetObject': { on: 'objects', key: ['kms:Decrypt'], version: 's3:GetObjectVersion' },
  's3:GetObjectVersion': { on: 'objects', key: ['kms:Decrypt'] },
  's3:GetObjectTagging': { on: 'objects', version: 's3:GetObjectVersionTagging' },
  's3:GetObjectVersionTagging': { on: 'objects' },
  's3:PutObject': { on: 'objects', key: ['kms:Decrypt', 'kms:GenerateDataKey'] }, // parts of multipart uploads are decrypted when they are put together
  's3:PutObjectTagging': { on: 'objects' },
  's3:AbortMultipartUpload': { on: 'objects' },
  's3:ListMultipartUploadParts': { on: 'objects' },
  's3:DeleteObject': { on: 'objects', version: 's3:DeleteObjectVersion' },
  's3:DeleteObjectVersion': { on: 'objects' },
  's3:ListBucket': { on: 'listing', version: 's3:ListBucketVersions' },
  's3:ListBucketVersions': { on: 'listing' },
  's3:ListBucketMultipartUploads': { on: 'uploads' },
};

/** Every action that a dataset can be shared with. */
export const DATASET_ACTIONS: readonly string[] = Object.keys(VOCABULARY);

/**
 * What a consumer may do with a dataset: one list of actions, from which the policies of the bucket, of the consumer and of
 * the key are all written.
 *
 * Guide, Sections 8 and 11.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export class DatasetAccess {
  /** Read objects and list them. */
  public static readonly READ = DatasetAccess.of('s3:GetObject', 's3:ListBucket');

  /** Upload objects, in parts too. Neither reads them nor deletes any. */
  public static readonly WRITE = DatasetAccess.of('s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:ListBucketMultipartUploads');

  /** Read, list and upload objects. Deletes none. */
  public static readonly READ_WRITE = DatasetAccess.READ.plus(DatasetAccess.WRITE);

  /** See which objects there are. */
  public static readonly LIST_ONLY = DatasetAccess.of('s3:ListBucket');

  /** Delete objects; in a versioned bucket their versions remain. Combine it: `DatasetAccess.READ_WRITE.plus(DatasetAccess.DELETE)`. */
  public static readonly DELETE = DatasetAccess.of('s3:DeleteObject');

  /**
   * Exactly these actions.
   *
   * @param actions such as `s3:GetObject`
   * @throws UnscopedValidationError if there are none, or one that does not work on the data of a dataset
   */
  public static of(...actions: string[]): DatasetAccess {
    const stranger = actions.find((action) => !Object.hasOwn(VOCABULARY, action));
    if (stranger !== undefined || actions.length === 0) {
      throw unscopedRefusal('UnknownDatasetAction', 'DatasetAccess', {
        problem: stranger === undefined ? 'no action is named.' : `'${stranger}' is no action on the data of a dataset.`,
        remedy: `Use some of ${DATASET_ACTIONS.join(', ')}.`,
      });
    }
    return new DatasetAccess(DATASET_ACTIONS.filter((action) => actions.includes(action)));
  }

  private constructor(
    /** The S3 actions, in a fixed order. */
    public readonly actions: string[],
  ) {}

  /** This access and another one. */
  public plus(other: DatasetAccess): DatasetAccess {
    return DatasetAccess.of(...this.actions, ...other.actions);
  }

  /** The same on noncurrent versions. */
  public withVersions(): DatasetAccess {
    return DatasetAccess.of(...this.actions, ...this.actions.flatMap((action) => VOCABULARY[action].version ?? []));
  }

  /** @internal */
  public _on(target: Action['on']): string[] {
    return this.actions.filter((action) => VOCABULARY[action].on === target);
  }

  /**
   * What the consumer must be allowed on the key.
   *
   * @internal
   */
  public get _keyActions(): string[] {
    return [...new Set(this.actions.flatMap((action) => VOCABULARY[action].key ?? []))].sort();
  }

  /**
   * A name for Sids: letters and digits.
   *
   * @internal
   */
  public get _name(): string {
    const named = { Read: DatasetAccess.READ, Write: DatasetAccess.WRITE, ReadWrite: DatasetAccess.READ_WRITE, List: DatasetAccess.LIST_ONLY, Delete: DatasetAccess.DELETE };
    const [name] = Object.entries(named).find(([, { actions }]) => sameValues(actions, this.actions)) ?? [];
    return name ?? `Access${fingerprint(this.actions)}`;
  }
}
