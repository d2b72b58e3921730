import { jsonText } from '../policy/json';
import { Refusal } from '../refusal';

/**
 * Whether a `Principal` names CloudFront with an origin access identity: by its canonical user, or by its ARN, which is that of no user of an account. Key
 * policies can name neither, and other canonical users neither.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#private-content-restricting-access-to-s3-oai
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export function namesOriginAccessIdentity(principal: any): boolean {
  const callers = [principal?.AWS ?? []].flat();
  return principal?.CanonicalUser !== undefined || callers.some((caller) => jsonText(caller).includes(':iam::cloudfront:user/'));
}

/** What to do instead of letting an origin access identity read what KMS encrypts. */
export const USE_ORIGIN_ACCESS_CONTROL = 'Serve it by origin access control (S3BucketOrigin.withOriginAccessControl, OacDistribution): an origin access identity reads nothing that KMS encrypts.';

/** Statements of a key's policy that KMS refuses because they name an origin access identity, as the grants of the CDK write them. */
export function identitiesInKeyPolicy(statements: readonly { readonly Principal?: unknown }[]): Refusal[] {
  return statements.some(({ Principal }) => namesOriginAccessIdentity(Principal))
    ? [{ problem: 'the policy of its key names an origin access identity or another canonical user, and KMS refuses such policies.', remedy: USE_ORIGIN_ACCESS_CONTROL }]
    : [];
}
