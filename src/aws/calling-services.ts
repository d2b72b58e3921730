/**
 * Services of AWS that call buckets by themselves, for what they are set up for: some of them, of which one can stand for any that nobody mentions.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/confused-deputy.html
 */
export const CALLING_SERVICES: readonly string[] = ['config', 'cloudtrail', 'guardduty', 'ses', 'macie', 'backup'].map(principalOf);

/**
 * Services that call with the credentials of a principal, and tell it by `aws:CalledVia`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia
 */
export const SERVICES_IN_BETWEEN: readonly string[] = ['athena', 'cloudformation', 'dynamodb', 'kms', 'ssm'].map(principalOf);

/** Resources for which services call, by the service in their ARNs: one of each of some kinds. */
export const RESOURCES_OF_CALLS: Readonly<Record<string, string>> = {
  cloudtrail: 'trail/another',
  config: 'config-rule/config-rule-another',
  guardduty: 'detector/another',
  logs: 'log-group:another',
  ses: 'receipt-rule-set/another:receipt-rule/another',
  sns: 'another-topic',
  cloudfront: 'distribution/EANOTHEREXAMPLE',
  s3: 'another-bucket',
};

/**
 * Whether a text has the form in which AWS documents service principals.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
export function isServiceName(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/.test(text);
}

function principalOf(service: string): string {
  return `${service}.amazonaws.com`;
}
