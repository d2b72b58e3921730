/**
 * Services beside S3 whose calls look like those of S3, by the source that CloudTrail records: why they are not decided.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
export const OTHER_SOURCES: Readonly<Record<string, string>> = {
  's3express.amazonaws.com': 'directory buckets are authorized by sessions (s3express:CreateSession), which are not decided',
  's3tables.amazonaws.com': 'table buckets have actions and policies of their own (s3tables:), which are not decided',
  's3-object-lambda.amazonaws.com': 'S3 Object Lambda has actions of its own (s3-object-lambda:), which are not decided; the read by its function is another call',
  's3-outposts.amazonaws.com': 'S3 on Outposts has actions of its own (s3-outposts:), which are not decided',
  's3vectors.amazonaws.com': 'vector buckets have actions and policies of their own (s3vectors:), which are not decided',
  's3files.amazonaws.com': 'file systems on S3 have actions and policies of their own (s3files:), which are not decided',
};

/** Operations of the S3 API that need actions of another service. */
export const OPERATIONS_OF_OTHERS: Readonly<Record<string, keyof typeof OTHER_SOURCES>> = {
  CreateSession: 's3express.amazonaws.com',
  RenameObject: 's3express.amazonaws.com',
  ListDirectoryBuckets: 's3express.amazonaws.com',
  ListAccessPointsForDirectoryBuckets: 's3express.amazonaws.com',
  GetAccessPointScope: 's3express.amazonaws.com',
  PutAccessPointScope: 's3express.amazonaws.com',
  DeleteAccessPointScope: 's3express.amazonaws.com',
  WriteGetObjectResponse: 's3-object-lambda.amazonaws.com',
  GetBucket: 's3-outposts.amazonaws.com',
  ListRegionalBuckets: 's3-outposts.amazonaws.com',
};
