import { Annotations, FeatureFlags, InjectionContext, IPropertyInjector, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { AccessLogBucket } from './access-log-bucket';
import { isHardened } from './hardened';
import { Check, pathOf, refuseIf, weakenings } from './refuse-weakening';
import { Refusal, sentenceOf } from '../refusal';

/**
 * A property injector that hardens every `s3.Bucket` below a scope, those inside other people's constructs too:
 * `PropertyInjectors.of(app).add(new SecureBucketDefaults())`, before the buckets are made.
 *
 * What a bucket's props leave open gets the value of `SecureBucket`: all four Block Public Access settings, ACLs disabled, SSE-KMS
 * with a key and bucket keys of its own, SSE-C blocked, TLS 1.2 or newer, versioning, access logs. What they say stays as it
 * is: where that is weaker, the bucket gets the warning `cdk-secure-bucket:notHardened`. `SecureBucket` itself is left alone.
 *
 * Guide, Section 10.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 */
export class SecureBucketDefaults implements IPropertyInjector {
  /** The class whose props are hardened: `s3.Bucket`. */
  public readonly constructUniqueId = s3.Bucket.PROPERTY_INJECTION_ID;

  /** Called by the CDK for every `s3.Bucket` that is made. */
  public inject(originalProps: any, context: InjectionContext): any {
    const props: s3.BucketProps = originalProps ?? {};
    return isHardened(props) ? originalProps : harden(props, context);
  }
}

const OWN_CHECKS: Check[] = [
  refuseIf(
    ({ encryption }) => encryption !== undefined && encryption !== s3.BucketEncryption.KMS && encryption !== s3.BucketEncryption.DSSE,
    "'encryption' is not with a customer managed KMS key.",
    'Leave it out, unless the bucket receives what AWS delivers to SSE-S3 only, such as access logs.',
  ),
  refuseIf(({ encryption, bucketKeyEnabled }) => bucketKeyEnabled === false && encryption !== s3.BucketEncryption.DSSE, "'bucketKeyEnabled: false' calls KMS for every object.", 'Leave it out.'),
  refuseIf(({ minimumTLSVersion }) => minimumTLSVersion !== undefined && minimumTLSVersion < 1.2, "'minimumTLSVersion' lets old versions of TLS in.", 'Leave it out.'),
  refuseIf(({ removalPolicy }) => removalPolicy === RemovalPolicy.DESTROY, "'removalPolicy: DESTROY' deletes the bucket with its stack.", 'Leave it out.'),
  refuseIf(({ autoDeleteObjects }) => autoDeleteObjects, "'autoDeleteObjects' deletes all objects with the stack.", 'Leave it out.'),
];

function harden(props: s3.BucketProps, { scope, id }: InjectionContext): s3.BucketProps {
  const logs = accessLogs(props, scope, id);
  const remaining = [...weakenings(scope, props, OWN_CHECKS), ...logs.problems];
  if (remaining.length > 0) {
    const path = pathOf(scope, id);
    Annotations.of(scope).addWarningV2(`cdk-secure-bucket:notHardened:${path}`, remaining.map((problem) => sentenceOf(path, problem)).join(' '));
  }
  return { ...safeDefaults(props), ...withoutUndefined(props), ...logs.props };
}

/** Where a bucket says that it is public or has an ACL, some settings would fail the construct: it keeps what it says. */
function safeDefaults({ encryption, enforceSSL, publicReadAccess, accessControl, websiteRedirect }: s3.BucketProps): s3.BucketProps {
  const isPublic = publicReadAccess === true || websiteRedirect !== undefined;
  const hasAcl = accessControl !== undefined && accessControl !== s3.BucketAccessControl.PRIVATE;
  const isKms = encryption === undefined || encryption === s3.BucketEncryption.KMS;
  return {
    ...(isPublic ? {} : { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL }),
    ...(hasAcl ? {} : { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED }),
    ...(encryption === undefined ? { encryption: s3.BucketEncryption.KMS } : {}),
    ...(isKms ? { bucketKeyEnabled: true } : {}),
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    enforceSSL: true,
    ...(enforceSSL === false ? {} : { minimumTLSVersion: 1.2 }),
    versioned: true,
  };
}

/** The L2 would ask for an ACL on the log bucket where its feature flag for policies is off. */
function accessLogs(props: s3.BucketProps, scope: Construct, id: string): { props: s3.BucketProps; problems: Refusal[] } {
  const receivesLogs = props.accessControl === s3.BucketAccessControl.LOG_DELIVERY_WRITE;
  if (receivesLogs || props.serverAccessLogsBucket !== undefined || props.serverAccessLogsPrefix !== undefined) {
    return { props: {}, problems: [] };
  }
  if (!FeatureFlags.of(scope).isEnabled(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY)) {
    return {
      props: {},
      problems: [{
        problem: 'it gets no access logs.',
        remedy: `Set the feature flag '${S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY}', or pass 'serverAccessLogsBucket'.`,
      }],
    };
  }
  return { props: { serverAccessLogsBucket: AccessLogBucket._ofStack(scope), serverAccessLogsPrefix: `${pathOf(scope, id)}/` }, problems: [] };
}

function withoutUndefined(props: s3.BucketProps): s3.BucketProps {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
}
