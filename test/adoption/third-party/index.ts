export * from './lambda-s3';
export * from './cloudfront-s3';
export * from './kinesisfirehose-s3';
export * from './gammarers-secure-bucket';
export * from './serverless-clamscan';
export * from './private-bucket';
export * from './static-website';
export * from './hugo-deploy';
