import { listOf } from './named-references';

/**
 * Whether a `Principal` names CloudFront with an origin access identity: by its canonical user, or by its ARN, which is that of no user of an account. Key
 * policies can name neither, and other canonical users neither.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#private-content-restricting-access-to-s3-oai
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export function namesOriginAccessIdentity(principal: any): boolean {
  return principal?.CanonicalUser !== undefined || listOf(principal?.AWS).some((caller) => String(caller).includes(':iam::cloudfront:user/'));
}
