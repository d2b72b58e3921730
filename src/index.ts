// Storage
export { SecureBucket, type SecureBucketProps } from './storage/secure-bucket';
export { AccessLogBucket, type AccessLogBucketProps } from './storage/access-log-bucket';
export { DeliverySource } from './storage/deliveries/delivery-source';
export {
  type BucketReportDeliveryProps, type DeliverySourceProps, type DetectorDeliveryProps, type ReceiptRuleDeliveryProps, type ServiceDeliveryProps, type StorageLensDeliveryProps,
  type TrailDeliveryProps, type VendedLogsDeliveryProps,
} from './storage/deliveries/delivery-source-props';
export { TrailLogBucket, type TrailLogBucketProps } from './storage/trail-log-bucket';
export { SecureBucketDefaults } from './storage/secure-bucket-defaults';

// Guardrails
export { Guardrail } from './guardrails/guardrail';
export { type PerimeterExemption } from './guardrails/exemptions/perimeter-exemption';
export { type GuardrailProps, UnenforceableBehavior } from './guardrails/unenforceable-behavior';
export { RequireTls, type RequireTlsProps } from './guardrails/require-tls';
export { EncryptionEnforcement, RequireEncryption, type RequireEncryptionProps } from './guardrails/require-encryption';
export { type NetworkPerimeter, RestrictToNetwork, type RestrictToNetworkProps } from './guardrails/restrict-to-network';
export { type OrganizationPerimeter, RestrictToOrganization, type RestrictToOrganizationProps } from './guardrails/restrict-to-organization';
export { LimitPresignedUrlAge, type LimitPresignedUrlAgeProps } from './guardrails/limit-presigned-url-age';
export { RequireMalwareScan, type RequireMalwareScanProps } from './guardrails/require-malware-scan';

// Sharing
export { CrossAccountGrant } from './sharing/cross-account-grant';
export { type CrossAccountGrantProps } from './sharing/cross-account-grant-props';
export { SharedDatasetAccessPoint, type SharedDatasetAccessPointProps } from './sharing/shared-dataset-access-point';
export { type ISharedDatasetAccessPoint, type SharedDatasetAccessPointAttributes } from './sharing/dataset-access-point';
export { SharedMultiRegionAccessPoint, type SharedMultiRegionAccessPointProps } from './sharing/shared-multi-region-access-point';
export { type ISharedMultiRegionAccessPoint, type SharedMultiRegionAccessPointAttributes } from './sharing/multi-region-access-point';
export { MultiRegionAccessPointGrants, type MultiRegionGrantOptions } from './sharing/multi-region-access-point-grants';
export { FailoverGrant, type FailoverGrantProps } from './sharing/failover-grant';
export { DatasetAccessGrants, type DatasetAccessGrantsProps } from './sharing/access-grants/dataset-access-grants';
export { AccessGrantsLocation, type AccessGrantsLocationOptions, type AccessGrantsLocationProps } from './sharing/access-grants/access-grants-location';
export { AccessGrantsLocationGrants, type AccessGrantOptions } from './sharing/access-grants/access-grants-location-grants';
export { AccessGrant, AccessGrantPermission, type AccessGrantProps } from './sharing/access-grants/access-grant';
export { DirectoryGrantee } from './sharing/access-grants/directory-grantee';
export { DatasetAccess } from './sharing/dataset-access';
export { Consumer } from './sharing/consumer';
export { PrincipalBinding } from './sharing/principal-binding';
export { KeyPolicyScope } from './sharing/key-policy-scope';
export { AccessPointDelegation } from './sharing/access-point-delegation';

// Delivery
export { OacDistribution } from './delivery/oac-distribution';
export { type OacDistributionProps } from './delivery/oac-distribution-props';
export { DistributionAccessLogs, type DistributionAccessLogsProps } from './delivery/distribution-access-logs';

// Perimeter
export { S3GatewayEndpoint, type S3GatewayEndpointProps } from './perimeter/s3-gateway-endpoint';
export { S3InterfaceEndpoint, type S3InterfaceEndpointProps } from './perimeter/s3-interface-endpoint';
export { type S3EndpointPolicyProps } from './perimeter/s3-endpoint-policy';
export { PlatformRepository } from './perimeter/platform-repository';

// Organization
export { PolicyTarget } from './organization/policy-target';
export { type OrganizationPolicyProps } from './organization/organization-policy';
export { ControlledService } from './guardrails/organization-control';
export { type ControlPolicyProps, type PrincipalTag } from './organization/control-policy-props';
export { ResourceControlPolicy, type ResourceControlPolicyProps } from './organization/resource-control-policy';
export { ServiceControlPolicy, type ServiceControlPolicyProps } from './organization/service-control-policy';
export { GuardrailProtectionPolicy, type GuardrailProtectionPolicyProps } from './organization/guardrail-protection-policy';
export { ProtectedGuardrail } from './organization/protected-guardrail';
export { AccountPublicAccessBlock } from './organization/account-public-access-block';
export { OrganizationPublicAccessBlock, type OrganizationPublicAccessBlockProps } from './organization/organization-public-access-block';

// Audit
export { AuditTrail, type CreatedTrailProps } from './audit/audit-trail';
export { BucketDataEvents, type BucketDataEventsProps, type DataEventsOptions } from './audit/bucket-data-events';
export { type AlarmsOptions, BucketAlarms, type BucketAlarmsProps } from './audit/alarms/bucket-alarms';
export { AuditDataEvents } from './audit/audit-data-events';
export { AuditAlarms } from './audit/audit-alarms';
export { AuditConfigRules } from './audit/audit-config-rules';
export { BucketConfigRules, type BucketConfigRulesProps, type ConfigRulesOptions } from './audit/config/bucket-config-rules';
export { AuditAnalyzer } from './audit/analyzers/audit-analyzer';
export { type AccessAnalysisOptions, BucketAccessAnalysis, type BucketAccessAnalysisProps } from './audit/analyzers/bucket-access-analysis';
export { BucketAudit, type BucketAuditProps } from './audit/bucket-audit';
export { MalwareProtection, type MalwareProtectionProps } from './audit/detection/malware-protection';

// Checks
export { CheckLevel } from './checks/check-level';
export { FindingSeverity } from './checks/finding-severity';
export { SecureBucketChecks, type SecureBucketChecksProps } from './checks/secure-bucket-checks';

// Access
export { AccessEvaluator, type NamedResource } from './access/access-evaluator';
export { type AccessRequest } from './access/access-request';
export {
  type AccessAssumption, AccessDecision, type AccessDecisionProps, AccessLayer, AccessOutcome, type DecidingStatement, type LayerDecision, LayerVerdict, type PermissionDecision,
} from './access/access-decision';
export { AccessAssumptions } from './access/assumptions';
export { type AccessTemplate } from './access/access-template';
export { AccessExpectations, type AccessExpectationsProps } from './checks/access-expectations';
export { AccessPrincipal } from './checks/access-principal';
export { ExcludedCallers, ExpectedAccess, ExpectedCaller, ForbiddenAccess } from './checks/expected-access';
