/** Records of CloudTrail as S3 writes them, with the fields that its documentation lists. */

const SESSION = {
  type: 'AssumedRole',
  principalId: 'AROAIDPPEZS35WEXAMPLE:nightly',
  arn: 'arn:aws:sts::444455556666:assumed-role/ReportReader/nightly',
  accountId: '444455556666',
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', principalId: 'AROAIDPPEZS35WEXAMPLE', arn: 'arn:aws:iam::444455556666:role/ReportReader', accountId: '444455556666', userName: 'ReportReader' },
    attributes: { creationDate: '2026-03-02T01:00:00Z', mfaAuthenticated: 'false' },
  },
};

/** A denied read of an object in the bucket of `templates/reports.yaml`, over the internet. */
export const DENIED_READ = {
  eventVersion: '1.11',
  userIdentity: SESSION,
  eventTime: '2026-03-02T01:02:03Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '198.51.100.20',
  userAgent: '[aws-cli/2.15.0]',
  errorCode: 'AccessDenied',
  errorMessage: 'User: arn:aws:sts::444455556666:assumed-role/ReportReader/nightly is not authorized to perform: s3:GetObject with an explicit deny in a resource-based policy',
  requestParameters: { bucketName: 'amzn-s3-demo-reports-111122223333', Host: 's3.eu-west-1.amazonaws.com', key: 'monthly/2026-02.csv' },
  responseElements: null,
  additionalEventData: { SignatureVersion: 'SigV4', CipherSuite: 'TLS_AES_128_GCM_SHA256', bytesTransferredIn: 0, AuthenticationMethod: 'AuthHeader', bytesTransferredOut: 243 },
  requestID: 'A1B2C3D4E5F6EXAMPLE',
  eventID: '0f0e7a4e-1111-4222-8333-444455556666',
  readOnly: true,
  resources: [
    { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::amzn-s3-demo-reports-111122223333/monthly/2026-02.csv' },
    { accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::amzn-s3-demo-reports-111122223333' },
  ],
  eventType: 'AwsApiCall',
  managementEvent: false,
  recipientAccountId: '111122223333',
  eventCategory: 'Data',
  tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: 'amzn-s3-demo-reports-111122223333.s3.eu-west-1.amazonaws.com' },
};

/** The same call through a VPC endpoint, where the address is one of the VPC. */
export const THROUGH_ENDPOINT = { ...DENIED_READ, sourceIPAddress: '10.0.1.7', vpcEndpointId: 'vpce-0abc123def4567890', vpcEndpointAccountId: '444455556666' };

/** A copy into the bucket: of an object of another one, encrypted with S3's own keys. */
export const DENIED_COPY = {
  ...DENIED_READ,
  eventName: 'CopyObject',
  readOnly: false,
  requestParameters: {
    'bucketName': 'amzn-s3-demo-reports-111122223333', 'key': 'monthly/copy.csv', 'x-amz-copy-source': 'amzn-s3-demo-drafts/a%20draft.csv', 'x-amz-server-side-encryption': ['AES256'],
  },
};
