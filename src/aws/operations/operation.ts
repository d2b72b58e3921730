/** Headers of a request, and parameters of its query that count like them (`versionid`): names in lower case. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Whether a request needs a permission. A text says what that depends on, where the request does not show it: "whether …". */
export type Needed = boolean | string;

/** A permission that S3 asks for before it does an operation. */
export interface OperationPermission {
  /** The action, such as `s3:PutObject`. */
  readonly action: string;

  /** The action instead of it, where the request names a version. */
  readonly ofVersion?: string;

  /** What it is asked for: what the request works on, or the object that it copies. */
  readonly on: 'target' | 'source';

  /** When it is asked for; always, if absent. */
  readonly when?: (headers: RequestHeaders) => Needed;

  /** What of the request makes it necessary, to be read after "because". */
  readonly because?: string;

  /** What S3 does with the KMS key of the object in the name of the caller, where there is one. */
  readonly keyActions?: readonly string[];

  /**
   * Whether S3 answers 403 instead of 404 where the object does not exist and the caller may not list the bucket.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  readonly findsObject?: boolean;
}

/** An operation of S3, by the name that its API and CloudTrail give it. */
export interface S3Operation {
  readonly name: string;
  readonly permissions: readonly OperationPermission[];

  /** What S3 asks for besides, which policies on S3 and the key of the bucket do not tell. */
  readonly leavesOpen?: string;

  /** The page that says which permissions it needs. */
  readonly see: string;
}

/** The page that lists the permissions of all operations. */
export const PERMISSIONS_PAGE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html';

const API = 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_';

/** A row, with the page of its API. */
export function operation(name: string, permissions: readonly OperationPermission[], { leavesOpen, page = name }: { leavesOpen?: string; page?: string } = {}): S3Operation {
  return { name, permissions, ...(leavesOpen === undefined ? {} : { leavesOpen }), see: `${API}${page}.html` };
}

/** A permission on what the request works on. */
export function needs(action: string, more: Omit<OperationPermission, 'action' | 'on'> = {}): OperationPermission {
  return { action: `s3:${action}`, on: 'target', ...more, ...(more.ofVersion === undefined ? {} : { ofVersion: `s3:${more.ofVersion}` }) };
}

/** A permission on the object that is copied. */
export function needsOfSource(action: string, more: Omit<OperationPermission, 'action' | 'on'> = {}): OperationPermission {
  return { ...needs(action, more), on: 'source' };
}

/** Whether a request has one of some headers. */
export function hasHeader(headers: RequestHeaders, names: readonly string[]): boolean {
  return names.some((name) => headers[name] !== undefined && headers[name] !== '');
}
