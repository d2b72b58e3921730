/** The object that a request copies. */
export interface CopySource {
  readonly arn: string;
  readonly hasVersion: boolean;
}

/**
 * The object that is copied, as the header `x-amz-copy-source` names it: URL-encoded, its bucket in front; or the ARN of an access point with the object behind it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function copySource(header: string, partition: string): CopySource {
  const [path, query] = header.split('?');
  const name = decoded(path).replace(/^\//, '');
  return { arn: name.startsWith('arn:') ? name : `arn:${partition}:s3:::${name}`, hasVersion: query?.startsWith('versionId=') ?? false };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
