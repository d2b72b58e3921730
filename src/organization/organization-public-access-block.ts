import { Construct } from 'constructs';
import { ORGANIZATION_POLICY_PROPS, organizationPolicy, OrganizationPolicyProps, refuseUnusablePolicy } from './organization-policy';
import { refuseWrongProps } from '../prop-types';

/** Properties of `OrganizationPublicAccessBlock`. */
export interface OrganizationPublicAccessBlockProps extends OrganizationPolicyProps {}

/**
 * Blocks public access to the buckets of all accounts at and below its targets, those of accounts that join later too: an S3 policy of the organization that
 * turns on all four settings. While it is attached, accounts cannot change their own settings: `PutPublicAccessBlock` of the account is refused.
 *
 * Deploy it from the management account of the organization, or from a delegated administrator, after the policy type `S3_POLICY` was enabled for the root:
 * `aws organizations enable-policy-type --policy-type S3_POLICY --root-id r-…`. Once it is detached, each account has its own settings again.
 *
 * Guide, Section 4.2.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3.html
 */
export class OrganizationPublicAccessBlock extends Construct {
  /** The id of the policy, such as `p-0123456789`. */
  public readonly policyId: string;

  /** @throws ValidationError if there is no target, a target is there twice, or the name or the description is not one that AWS Organizations takes */
  constructor(scope: Construct, id: string, props: OrganizationPublicAccessBlockProps) {
    refuseWrongProps(scope, id, props, ORGANIZATION_POLICY_PROPS);
    refuseUnusablePolicy(scope, id, props);
    super(scope, id);
    this.policyId = organizationPolicy(this, 'S3_POLICY', ALL_SETTINGS, { ...props, description: props.description ?? 'Blocks public access to S3 buckets.' }).attrId;
  }
}

/**
 * All four settings; the other value, `none`, would turn them off in every account below.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html
 */
const ALL_SETTINGS = { s3_attributes: { public_access_block_configuration: { '@@assign': 'all' } } };
