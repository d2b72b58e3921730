/** A request in the words of both evaluators. */
export interface MeasuredRequest {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

const CALLERS: readonly Pick<MeasuredRequest, 'principal' | 'context'>[] = [
  iam('arn:aws:iam::111122223333:role/Reader', '111122223333', 'o-exampleorgid'),
  iam('arn:aws:iam::444455556666:user/Partner', '444455556666', 'o-partnerorg'),
  iam('arn:aws:iam::999988887777:role/Stranger', '999988887777', 'o-strangeorg'),
  { principal: 'logging.s3.amazonaws.com', context: { 'aws:PrincipalIsAWSService': 'true', 'aws:SourceAccount': '111122223333', 'aws:SourceOrgID': 'o-exampleorgid' } },
];
const ROUTES: readonly MeasuredRequest['context'][] = [
  { 'aws:SourceVpce': 'vpce-0abc123def4567891', 'aws:SourceVpc': 'vpc-0abc123def4567890' },
  { 'aws:SourceIp': '203.0.113.9' },
  { 'aws:SourceIp': '198.51.100.9' },
];
const TRANSPORTS: readonly MeasuredRequest['context'][] = [
  { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' },
  { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' },
  { 'aws:SecureTransport': 'false' },
];

/** Requests of several callers, over several networks and transports, to a bucket and to its objects. */
export function requestsTo(bucketArn: string): MeasuredRequest[] {
  const operations: Omit<MeasuredRequest, 'principal'>[] = [
    { action: 's3:ListBucket', resource: bucketArn, context: { 's3:prefix': 'data/' } },
    { action: 's3:GetObject', resource: `${bucketArn}/data/2026/11/part-00001.parquet`, context: {} },
    { action: 's3:PutObject', resource: `${bucketArn}/data/2026/11/part-00002.parquet`, context: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
    { action: 's3:DeleteObject', resource: `${bucketArn}/data/2026/11/part-00003.parquet`, context: {} },
  ];
  return CALLERS.flatMap((caller) => ROUTES.flatMap((route) => TRANSPORTS.flatMap((transport) => operations.map(({ action, resource, context }) => ({
    principal: caller.principal,
    action,
    resource,
    context: { ...caller.context, ...route, ...transport, ...context, 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 'aws:ViaAWSService': 'false' },
  })))));
}

function iam(arn: string, account: string, organization: string): Pick<MeasuredRequest, 'principal' | 'context'> {
  return { principal: arn, context: { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account, 'aws:PrincipalOrgID': organization, 'aws:PrincipalIsAWSService': 'false' } };
}
