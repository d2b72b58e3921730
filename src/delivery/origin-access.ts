import { Token } from 'aws-cdk-lib';
import { SourceStatementProps } from './source-statement';

const CLOUDFRONT = 'cloudfront.amazonaws.com';

/** What a distribution may do with a bucket. */
export interface OriginAccess {
  /** The path below which objects are served, such as `/site`; empty for all. */
  readonly path: string;
  readonly listing: boolean;
  readonly uploads: boolean;
}

/**
 * What the policy of a bucket allows CloudFront.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export function bucketStatements(bucketArn: string, { path, listing, uploads }: OriginAccess): SourceStatementProps[] {
  const objects = [`${bucketArn}${path}/*`];
  return [
    { sid: 'AllowCloudFrontOAC', service: CLOUDFRONT, actions: ['s3:GetObject'], resources: objects },
    ...(listing ? [{ sid: 'AllowCloudFrontOACList', service: CLOUDFRONT, actions: ['s3:ListBucket'], resources: [bucketArn] }] : []),
    ...(uploads ? [{ sid: 'AllowCloudFrontOACUpload', service: CLOUDFRONT, actions: ['s3:PutObject'], resources: objects }] : []),
  ];
}

/** What the policy of the bucket's key allows CloudFront. Uploads need a data key. */
export function keyStatements({ uploads }: OriginAccess): SourceStatementProps[] {
  return [{ sid: 'AllowCloudFrontOAC', service: CLOUDFRONT, actions: uploads ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'], resources: ['*'] }]; // '*' is the key itself
}

/** The beginning of a path as ARNs have it: with a slash at its beginning and none at its end, as a path that is known at deployment has it already. */
export function originPath(path: string = ''): string {
  if (Token.isUnresolved(path)) {
    return path;
  }
  const bare = path.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `/${bare}`;
}
