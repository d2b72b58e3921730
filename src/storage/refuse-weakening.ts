import { FeatureFlags } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { S3_PUBLIC_ACCESS_BLOCKED_BY_DEFAULT } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { BUCKET_PROPS } from './bucket-prop-types';
import { unusableTlsVersion } from '../guardrails/require-tls';
import { soundProps, wrongProps } from '../prop-types';
import { pathOf, Refusal, refuseAll } from '../refusal';

/** Says what is wrong with props. */
export type Check = (props: s3.BucketProps, scope: Construct) => Refusal | undefined;

const SERVE_PUBLICLY = 'Keep the bucket private and serve its objects through CloudFront with origin access control (OacDistribution).';

const PUBLIC_ACCESS_SETTINGS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'] as const;
const WEBSITE_PROPS = ['websiteIndexDocument', 'websiteErrorDocument', 'websiteRedirect', 'websiteRoutingRules'] as const;

/** Props that would weaken any bucket of this package, whatever it stores. */
const CHECKS: Check[] = [
  refuseIf(({ publicReadAccess }) => publicReadAccess, "'publicReadAccess' would make the objects public.", SERVE_PUBLICLY),
  ...WEBSITE_PROPS.map((prop) => refuseIf((props) => props[prop] !== undefined, `'${prop}' would serve the bucket as a website, which is public and without TLS.`, SERVE_PUBLICLY)),
  publicAccessAllowed,
  refuseIf(({ accessControl }) => isPublicAcl(accessControl), "'accessControl' with this value would make the objects public.", SERVE_PUBLICLY),
  refuseIf(
    ({ accessControl }) => accessControl !== undefined && accessControl !== s3.BucketAccessControl.PRIVATE && !isPublicAcl(accessControl),
    "'accessControl' would set an ACL, which gives access beside the bucket's policy.",
    "Leave it out, and grant access by policy ('grantRead' and its like).",
  ),
  refuseIf(
    ({ objectOwnership }) => objectOwnership !== undefined && objectOwnership !== s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    "'objectOwnership' other than BUCKET_OWNER_ENFORCED would bring ACLs back.",
    'Leave it out, and grant access by policy.',
  ),
  refuseIf(({ enforceSSL }) => enforceSSL === false, "'enforceSSL: false' would let requests come over plain HTTP.", 'Leave it out: TLS is always required.'),
  ({ minimumTLSVersion }) => (minimumTLSVersion === undefined ? undefined : unusableTlsVersion(minimumTLSVersion)),
  refuseIf(({ versioned }) => versioned === false, "'versioned: false' would let an overwrite or a delete destroy data.", 'Leave it out, and expire old versions by a lifecycle rule.'),
  refuseIf(
    ({ blockedEncryptionTypes }) => blockedEncryptionTypes !== undefined && !blockedEncryptionTypes.some(({ name }) => name === s3.BlockedEncryptionType.SSE_C.name),
    "'blockedEncryptionTypes' without SSE_C would let callers encrypt objects with keys of their own.",
    'Leave it out, or add BlockedEncryptionType.SSE_C.',
  ),
];

/**
 * Throws one error for all that is wrong with the props of a bucket.
 *
 * @param own the checks of one class of buckets
 * @param others says what else is wrong
 */
export function refuseWeakening<Props extends s3.BucketProps>(scope: Construct, id: string, props: Props, own: Check[], others: (props: Props) => readonly Refusal[]): void {
  const sound = soundProps(props, BUCKET_PROPS);
  refuseAll(scope, 'WeakenedBucket', [...wrongProps(props, BUCKET_PROPS), ...weakenings(scope, sound, own), ...others(sound)], pathOf(scope, id));
}

/** What props would weaken a bucket. */
export function weakenings(scope: Construct, props: s3.BucketProps, own: Check[]): Refusal[] {
  return [...CHECKS, ...own].flatMap((check) => check(props, scope) ?? []);
}

/**
 * Whether an ACL lets in everybody, or everybody with any AWS account.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublicAcl(accessControl?: s3.BucketAccessControl): boolean {
  const { PUBLIC_READ, PUBLIC_READ_WRITE, AUTHENTICATED_READ } = s3.BucketAccessControl;
  return accessControl !== undefined && [PUBLIC_READ, PUBLIC_READ_WRITE, AUTHENTICATED_READ].includes(accessControl);
}

export function refuseIf(isWeak: (props: s3.BucketProps) => unknown, problem: string, remedy: string): Check {
  return (props) => (isWeak(props) ? { problem, remedy } : undefined);
}

function publicAccessAllowed({ blockPublicAccess }: s3.BucketProps, scope: Construct): Refusal | undefined {
  if (blockPublicAccess === undefined) {
    return undefined;
  }
  const byDefault = FeatureFlags.of(scope).isEnabled(S3_PUBLIC_ACCESS_BLOCKED_BY_DEFAULT);
  const off = PUBLIC_ACCESS_SETTINGS.filter((setting) => !(blockPublicAccess[setting] ?? byDefault));
  return off.length === 0 ? undefined : {
    problem: `'blockPublicAccess' leaves ${off.map((setting) => `'${setting}'`).join(', ')} off.`,
    remedy: 'Leave it out: all four settings are always on.',
  };
}
