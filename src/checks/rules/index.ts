import { accessGrantScope } from './access-grant-scope';
import { accessGrantsLocation } from './access-grants-location';
import { accessLogs } from './access-logs';
import { accessPointDelegation } from './access-point-delegation';
import { arnForm } from './arn-form';
import { blockPublicAccess } from './block-public-access';
import { bucketKey } from './bucket-key';
import { callerKey } from './caller-key';
import { competingPolicies } from './competing-policies';
import { configuredUploads } from './configured-uploads';
import { crossAccountSides } from './cross-account-sides';
import { customerProvidedKeys } from './customer-provided-keys';
import { defaultEncryptionRule } from './default-encryption';
import { deletionPolicy } from './deletion-policy';
import { deliveryKey } from './delivery-key';
import { distributionAccess } from './distribution-access';
import { distributionOrigin } from './distribution-origin';
import { distributionTls } from './distribution-tls';
import { duplicateKey } from './duplicate-key';
import { forgottenSub } from './forgotten-sub';
import { ipOnlyPerimeter } from './ip-only-perimeter';
import { keyPolicy } from './key-policy';
import { keyRotation } from './key-rotation';
import { keyUsable } from './key-usable';
import { lockout } from './lockout';
import { logDestination } from './log-destination';
import { multiRegionDelegation } from './multi-region-delegation';
import { multiRegionReplication } from './multi-region-replication';
import { networkPerimeter } from './network-perimeter';
import { noAcls } from './no-acls';
import { noWebsite } from './no-website';
import { notPrincipal } from './not-principal';
import { objectOwnership } from './object-ownership';
import { openValues } from './open-values';
import { organizationPerimeter } from './organization-perimeter';
import { organizationPolicy } from './organization-policy';
import { overbroadGrant } from './overbroad-grant';
import { policySyntax } from './policy-syntax';
import { presignedUrlAge } from './presigned-url-age';
import { publicAllow } from './public-allow';
import { refusedTemplate } from './refused-template';
import { replicaDestination } from './replica-destination';
import { requireTls } from './require-tls';
import { serviceDelivery } from './service-delivery';
import { tlsFloor } from './tls-floor';
import { trailValidation } from './trail-validation';
import { transforms } from './transforms';
import { unjudged } from './unjudged-buckets';
import { uploadEncryption } from './upload-encryption';
import { versioning } from './versioning';
import { Rule } from '../finding';

/** All rules, in the order in which documentation lists them. */
export const RULES: readonly Rule[] = [
  blockPublicAccess,
  objectOwnership,
  noAcls,
  noWebsite,
  publicAllow,
  defaultEncryptionRule,
  bucketKey,
  customerProvidedKeys,
  uploadEncryption,
  configuredUploads,
  keyRotation,
  keyUsable,
  keyPolicy,
  deliveryKey,
  callerKey,
  requireTls,
  tlsFloor,
  networkPerimeter,
  ipOnlyPerimeter,
  organizationPerimeter,
  organizationPolicy,
  lockout,
  presignedUrlAge,
  overbroadGrant,
  crossAccountSides,
  accessPointDelegation,
  multiRegionDelegation,
  multiRegionReplication,
  accessGrantsLocation,
  accessGrantScope,
  arnForm,
  policySyntax,
  refusedTemplate,
  duplicateKey,
  forgottenSub,
  notPrincipal,
  competingPolicies,
  versioning,
  deletionPolicy,
  accessLogs,
  logDestination,
  serviceDelivery,
  replicaDestination,
  distributionAccess,
  distributionOrigin,
  distributionTls,
  trailValidation,
  transforms,
  unjudged,
  openValues,
];
