import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BUCKET, DURATION, having, KEY, listOf, NUMBER, objectWith, oneOf, orLater, PropTypes, required, SETTING, TEXT, TEXTS } from '../prop-types';

const ROLE = having('a role', 'roleArn', 'grantPrincipal', 'node');
const DATE = having('a Date', 'getTime');
const STORAGE_CLASS = having('a StorageClass', 'value');
const TAGS = listOf('tags', objectWith({ key: required(TEXT), value: required(TEXT) }));
const MINUTES = having('a ReplicationTimeValue', 'minutes');

const LIFECYCLE_RULE = objectWith({
  abortIncompleteMultipartUploadAfter: DURATION,
  enabled: SETTING,
  expiration: DURATION,
  expirationDate: DATE,
  expiredObjectDeleteMarker: SETTING,
  id: TEXT,
  noncurrentVersionExpiration: DURATION,
  noncurrentVersionsToRetain: NUMBER,
  noncurrentVersionTransitions: listOf('transitions', objectWith({ storageClass: required(STORAGE_CLASS), transitionAfter: required(DURATION), noncurrentVersionsToRetain: NUMBER })),
  objectSizeGreaterThan: NUMBER,
  objectSizeLessThan: NUMBER,
  prefix: TEXT,
  tagFilters: objectWith({}),
  transitions: listOf('transitions', objectWith({ storageClass: required(STORAGE_CLASS), transitionAfter: DURATION, transitionDate: DATE })),
});

const CORS_RULE = objectWith({ allowedMethods: required(TEXTS), allowedOrigins: required(TEXTS), allowedHeaders: TEXTS, exposedHeaders: TEXTS, id: TEXT, maxAge: NUMBER });

const INVENTORY = objectWith({
  destination: required(objectWith({ bucket: required(BUCKET), bucketOwner: TEXT, prefix: TEXT })),
  enabled: SETTING,
  format: TEXT,
  frequency: TEXT,
  includeObjectVersions: TEXT,
  inventoryId: TEXT,
  objectsPrefix: TEXT,
  optionalFields: TEXTS,
});

const REPLICATION_RULE = objectWith({
  destination: required(BUCKET),
  accessControlTransition: SETTING,
  deleteMarkerReplication: SETTING,
  filter: objectWith({ prefix: TEXT, tags: TAGS }),
  id: TEXT,
  kmsKey: KEY,
  metrics: MINUTES,
  priority: NUMBER,
  replicaModifications: SETTING,
  replicationTimeControl: MINUTES,
  sseKmsEncryptedObjects: SETTING,
  storageClass: STORAGE_CLASS,
});

/** What the props of every bucket are like. Those whose every value is refused, and enumerations that are judged by their value, are texts. */
export const BUCKET_PROPS: PropTypes = {
  abacStatus: SETTING,
  accessControl: TEXT,
  autoDeleteObjects: SETTING,
  blockedEncryptionTypes: listOf('BlockedEncryptionType', having('a BlockedEncryptionType', 'name')),
  blockPublicAccess: having('a BlockPublicAccess', 'blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'),
  bucketKeyEnabled: SETTING,
  bucketName: TEXT,
  bucketNamePrefix: TEXT,
  bucketNamespace: TEXT,
  cors: listOf('CORS rules', CORS_RULE),
  encryption: TEXT,
  encryptionKey: KEY,
  enforceSSL: SETTING,
  eventBridgeEnabled: SETTING,
  intelligentTieringConfigurations: listOf('configurations', objectWith({ name: required(TEXT), archiveAccessTierTime: DURATION, deepArchiveAccessTierTime: DURATION, prefix: TEXT, tags: TAGS })),
  inventories: listOf('inventories', INVENTORY),
  lifecycleRules: listOf('lifecycle rules', LIFECYCLE_RULE),
  metrics: listOf('metrics', objectWith({ id: required(TEXT), prefix: TEXT, tagFilters: objectWith({}) })),
  notificationsHandlerRole: ROLE,
  notificationsSkipDestinationValidation: SETTING,
  objectLockDefaultRetention: having('an ObjectLockRetention', 'duration', 'mode'),
  objectLockEnabled: SETTING,
  objectOwnership: TEXT,
  publicReadAccess: SETTING,
  removalPolicy: oneOf(RemovalPolicy),
  replicationRole: ROLE,
  replicationRules: listOf('replication rules', REPLICATION_RULE),
  serverAccessLogsBucket: BUCKET,
  serverAccessLogsPrefix: TEXT,
  targetObjectKeyFormat: having('a TargetObjectKeyFormat', '_render'),
  transferAcceleration: SETTING,
  transitionDefaultMinimumObjectSize: orLater(oneOf(s3.TransitionDefaultMinimumObjectSize)),
  versioned: SETTING,
};
