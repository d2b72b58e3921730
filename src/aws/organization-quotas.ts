/**
 * The characters that AWS Organizations stores of one policy, white space included.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const POLICY_CHARACTERS = { RESOURCE_CONTROL_POLICY: 5_120, SERVICE_CONTROL_POLICY: 10_240, S3_POLICY: 10_000 } as const;
