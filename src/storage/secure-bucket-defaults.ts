import { FeatureFlags, InjectionContext, IPropertyInjector, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { AccessLogBucket } from './access-log-bucket';
import { adaptCdkMethods } from './defaults/cdk-methods';
import { leftOnSseS3 } from './defaults/cut-off';
import { injectionOf, remember } from './defaults/injected-bucket';
import { injectorBefore, rememberReplacedInjectors } from './defaults/other-injectors';
import { settleAtSynthesis } from './defaults/settle-defaults';
import { takeKeyBack } from './defaults/sse-s3';
import { isHardened, leavesHardened } from './hardened';
import { Check, isPublicAcl, refuseIf, weakenings } from './refuse-weakening';
import { pathOf, Refusal } from '../refusal';

/**
 * A property injector that hardens every `s3.Bucket` below a scope, those inside other people's constructs too:
 * `PropertyInjectors.of(app).add(new SecureBucketDefaults())`, before the buckets are made.
 *
 * What a bucket's props leave open gets the value of `SecureBucket`: all four Block Public Access settings, ACLs disabled, SSE-KMS
 * with a key and bucket keys of its own, SSE-C blocked, TLS 1.2 or newer, versioning, access logs. What they say stays as it
 * is: where that is weaker, the bucket gets the warning `cdk-secure-bucket:notHardened`. `SecureBucket` itself is left alone.
 *
 * Another injector for `s3.Bucket`, which was added before at the same construct, or at one around it, is asked first: what it returns counts as the bucket's props.
 * Buckets that the CDK has made with another one alone, because that was added later or further down, are named by the warning `cdk-secure-bucket:defaultsNotAsked`.
 *
 * A bucket that receives logs of load balancers, of CloudFront, of Redshift or of other buckets keeps SSE-S3, wherever and whenever
 * that is configured. So does one that a key would cut off from those who use it today; it gets the warning
 * `cdk-secure-bucket:leftOnSseS3`.
 *
 * A bucket whose lifecycle rules let objects expire, and would keep them as old versions, gets the warning `cdk-secure-bucket:expiryKeepsVersions`. A bucket of a stage
 * that was synthesized before somebody was made whom the bucket's key cuts off gets the warning `cdk-secure-bucket:keyCutsOff`.
 *
 * The policy of a key that a bucket is given lets AWS services use it: those that the bucket's policy lets read or write, and those that a
 * resource of the app has deliver there. It is confined to the sources that the bucket's policy names, or to this account.
 *
 * Guide, Section 10.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/blueprints.html
 */
export class SecureBucketDefaults implements IPropertyInjector {
  /** The class whose props are hardened: `s3.Bucket`. */
  public readonly constructUniqueId = s3.Bucket.PROPERTY_INJECTION_ID;

  constructor() {
    leavesHardened(this);
    adaptCdkMethods();
    rememberReplacedInjectors();
  }

  /** Called by the CDK for every `s3.Bucket` that is made. */
  public inject(originalProps: any, context: InjectionContext): any {
    const given: s3.BucketProps = originalProps ?? {};
    const props = isHardened(given) ? given : injectedBefore(given, context);
    keepLogsDeliverable(props, context.scope);
    return isHardened(given) ? originalProps : harden(props, context);
  }
}

/** What the props of a bucket would be without the defaults: the CDK asks one injector for a class only. */
function injectedBefore(props: s3.BucketProps, context: InjectionContext): s3.BucketProps {
  return injectorBefore(context.scope)?.inject(props, context) ?? props;
}

const OWN_CHECKS: Check[] = [
  refuseIf(
    isWeakEncryption,
    "'encryption' is not with a customer managed KMS key.",
    'Leave it out, unless the bucket receives what AWS delivers to SSE-S3 only, such as access logs.',
  ),
  refuseIf(({ encryption, bucketKeyEnabled }) => bucketKeyEnabled === false && encryption !== s3.BucketEncryption.DSSE, "'bucketKeyEnabled: false' calls KMS for every object.", 'Leave it out.'),
  refuseIf(({ minimumTLSVersion }) => minimumTLSVersion !== undefined && minimumTLSVersion < 1.2, "'minimumTLSVersion' lets old versions of TLS in.", 'Leave it out.'),
  refuseIf(({ removalPolicy }) => removalPolicy === RemovalPolicy.DESTROY, "'removalPolicy: DESTROY' deletes the bucket with its stack.", 'Leave it out.'),
  refuseIf(({ autoDeleteObjects }) => autoDeleteObjects, "'autoDeleteObjects' deletes all objects with the stack.", 'Leave it out.'),
];

function isWeakEncryption({ encryption }: s3.BucketProps): boolean {
  return encryption !== undefined && encryption !== s3.BucketEncryption.KMS && encryption !== s3.BucketEncryption.DSSE;
}

function harden(props: s3.BucketProps, { scope, id }: InjectionContext): s3.BucketProps {
  const logs = accessLogs(props, scope, id);
  const isOpen = props.encryption === undefined && props.encryptionKey === undefined;
  const keepsSseS3 = isOpen ? whyWithoutKey(props) : undefined;
  const hardened = { ...safeDefaults(props, keepsSseS3 !== undefined, logsByPolicy(scope)), ...withoutUndefined(props), ...logs.props };
  const sets = (prop: keyof s3.BucketProps) => props[prop] === undefined && hardened[prop] !== undefined;
  settleAtSynthesis(remember({
    scope,
    id,
    keepsSseS3,
    keepsSseS3With: (accessControl) => (isOpen ? whyWithoutKey({ ...props, accessControl }) : undefined),
    choosesWeakEncryption: isWeakEncryption(props),
    weakenings: (needed, accessControl = props.accessControl) => [
      ...weakenings(scope, { ...props, accessControl, ...Object.fromEntries(needed.map((prop) => [prop, undefined])) }, OWN_CHECKS),
      ...(needed.includes('serverAccessLogsBucket') ? [] : logs.problems),
    ],
    sets: { key: hardened.encryption === s3.BucketEncryption.KMS && sets('encryption') && props.encryptionKey === undefined, tls: sets('enforceSSL') && sets('minimumTLSVersion'), ownership: sets('objectOwnership'), versions: sets('versioned'), publicAccessBlock: sets('blockPublicAccess') },
  }));
  return hardened;
}

/** A bucket to which this one is to send its access logs takes them with SSE-S3 only, and by ACL where the CDK asks for one. */
function keepLogsDeliverable({ serverAccessLogsBucket: destination }: s3.BucketProps, scope: Construct): void {
  if (!(destination instanceof s3.Bucket)) {
    return;
  }
  takeKeyBack(destination);
  if (injectionOf(destination)?.sets.ownership && !logsByPolicy(scope)) {
    (destination as unknown as { objectOwnership?: s3.ObjectOwnership }).objectOwnership = undefined;
  }
}

/** Why a bucket whose encryption is left open is not given a key. */
function whyWithoutKey(props: s3.BucketProps): Refusal | undefined {
  if (isPublic(props)) {
    return leftOnSseS3('it is public, and a key lets in only those whom policies name', 'Serve the objects through CloudFront with origin access control (OacDistribution).');
  }
  if (props.replicationRules !== undefined && props.replicationRules.length > 0) {
    return leftOnSseS3('S3 replicates objects that are encrypted with KMS only if a rule says so', "Pass 'encryption: KMS', and to each rule 'kmsKey' and 'sseKmsEncryptedObjects'; or make it a SecureBucket.");
  }
  if (props.accessControl === s3.BucketAccessControl.LOG_DELIVERY_WRITE) {
    return leftOnSseS3('its ACL lets S3 deliver access logs, which it delivers to SSE-S3 only', 'Make it an AccessLogBucket.');
  }
  if (logsToItself(props)) {
    return leftOnSseS3('it receives access logs, its own', "Pass an AccessLogBucket as 'serverAccessLogsBucket'.");
  }
  return undefined;
}

function isPublic(props: s3.BucketProps): boolean {
  return props.publicReadAccess === true || isWebsite(props) || isPublicByAcl(props);
}

function isPublicByAcl({ accessControl, blockPublicAccess }: s3.BucketProps): boolean {
  return isPublicAcl(accessControl) && blockPublicAccess?.ignorePublicAcls !== true;
}

/** The CDK then has the bucket receive its own logs, by an ACL where its feature flag for policies is off. */
function logsToItself({ serverAccessLogsBucket, serverAccessLogsPrefix }: s3.BucketProps): boolean {
  return Boolean(serverAccessLogsPrefix) && serverAccessLogsBucket === undefined;
}

function isWebsite({ websiteIndexDocument, websiteErrorDocument, websiteRedirect }: s3.BucketProps): boolean {
  return [websiteIndexDocument, websiteErrorDocument, websiteRedirect].some((prop) => prop !== undefined);
}

/** Where a bucket says that it is public or has an ACL, some settings would fail the construct or cut off its readers: it keeps what it says. */
function safeDefaults(props: s3.BucketProps, withoutKey: boolean, isLoggedByPolicy: boolean): s3.BucketProps {
  const { encryption, enforceSSL, accessControl } = props;
  const hasAcl = accessControl !== undefined && accessControl !== s3.BucketAccessControl.PRIVATE;
  const isKms = encryption === s3.BucketEncryption.KMS || (encryption === undefined && !withoutKey);
  return {
    ...(isPublic(props) ? {} : { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL }),
    ...(hasAcl || (logsToItself(props) && !isLoggedByPolicy) ? {} : { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED }),
    ...(encryption === undefined ? { encryption: isKms ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED } : {}),
    ...(isKms ? { bucketKeyEnabled: true } : {}),
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    ...(isWebsite(props) ? {} : { enforceSSL: true }), // website endpoints know plain HTTP only
    ...(enforceSSL === false || (isWebsite(props) && enforceSSL === undefined) ? {} : { minimumTLSVersion: 1.2 }),
    versioned: true,
  };
}

/** The L2 would ask for an ACL on the log bucket where its feature flag for policies is off. */
function accessLogs(props: s3.BucketProps, scope: Construct, id: string): { props: s3.BucketProps; problems: Refusal[] } {
  const receivesLogs = props.accessControl === s3.BucketAccessControl.LOG_DELIVERY_WRITE;
  if (receivesLogs || props.serverAccessLogsBucket !== undefined || props.serverAccessLogsPrefix !== undefined) {
    return { props: {}, problems: [] };
  }
  if (!logsByPolicy(scope)) {
    return {
      props: {},
      problems: [{
        problem: 'it gets no access logs.',
        remedy: `Set the feature flag '${S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY}', or pass 'serverAccessLogsBucket'.`,
      }],
    };
  }
  return { props: { serverAccessLogsBucket: AccessLogBucket._ofStack(scope, true), serverAccessLogsPrefix: `${pathOf(scope, id)}/` }, problems: [] };
}

/** Whether the CDK lets S3 deliver access logs by the policy of the bucket, not by an ACL. */
function logsByPolicy(scope: Construct): boolean {
  return FeatureFlags.of(scope).isEnabled(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY) ?? false;
}

function withoutUndefined(props: s3.BucketProps): s3.BucketProps {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
}
