/** What callers look like in records of CloudTrail. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export const ACCOUNT = '111122223333';

const attributes = { creationDate: '2026-03-01T09:00:00Z', mfaAuthenticated: 'false' };

export const ROOT = { type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };
export const USER = { type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: `arn:aws:iam::${ACCOUNT}:user/alice`, accountId: ACCOUNT, userName: 'alice' };
export const USER_OF_CONSOLE = { ...USER, sessionContext: { attributes } };
export const SERVICE = { type: 'AWSService', invokedBy: 'config.amazonaws.com' };
export const OTHER_ACCOUNT = { type: 'AWSAccount', principalId: 'AIDAOTHER', accountId: '444455556666' };

/** CloudFormation that works with the credentials of whoever called it. */
export const CLOUDFORMATION = { ...USER, invokedBy: 'cloudformation.amazonaws.com' };

/** A session of a role. `name` includes its path. */
export function sessionOf(name: string, invokedBy?: string): object {
  const role = name.split('/').at(-1)!;
  return {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:session',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`,
    accountId: ACCOUNT,
    sessionContext: { sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLE', arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, accountId: ACCOUNT, userName: role }, attributes },
    ...(invokedBy ? { invokedBy } : {}),
  };
}

/** A call as EventBridge delivers it. */
export interface CallEvent {
  readonly 'source': string;
  readonly 'detail-type': string;
  readonly 'detail': Record<string, any>;
}

export function callBy(userIdentity: object, service: string, eventName: string, more: object): CallEvent {
  return {
    'source': `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    'detail': {
      eventVersion: '1.11',
      userIdentity,
      eventTime: '2026-03-01T09:30:00Z',
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: 'eu-west-1',
      sourceIPAddress: '203.0.113.7',
      eventID: '3e7b0a3f-7a6c-4e4e-9d8b-0a1b2c3d4e5f',
      readOnly: false,
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      ...more,
    },
  };
}

export const ofBucket = (userIdentity: object, eventName: string, bucketName: string) => callBy(userIdentity, 's3', eventName, {
  requestParameters: { bucketName, Host: `${bucketName}.s3.eu-west-1.amazonaws.com` },
  resources: [{ accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucketName}` }],
});

export const ofKey = (userIdentity: object, eventName: string, keyArn: string) => callBy(userIdentity, 'kms', eventName, {
  requestParameters: { keyId: keyArn.split('/')[1] },
  resources: [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: keyArn }],
});

export const ofTrail = (userIdentity: object, eventName: string) => callBy(userIdentity, 'cloudtrail', eventName, { requestParameters: { name: 'audit' } });
