import { Token } from 'aws-cdk-lib';
import { malformed, ORGANIZATION_ID } from '../policy/identifiers';
import { having } from '../prop-types';
import { unscopedRefusal } from '../refusal';

/** What is a scope. */
export const KEY_POLICY_SCOPE = having('a KeyPolicyScope', '_kind', '_organizationIds');

/**
 * Whom a key's policy names for the consumers of a dataset. Whoever it is: the key decrypts for them through S3 of this
 * Region only, and data of this bucket only; and which data, the bucket or the access point decides.
 *
 * Guide, Section 8.3.
 */
export class KeyPolicyScope {
  /** Every consumer: the policy grows with each. */
  public static readonly CONSUMERS = new KeyPolicyScope('consumers', []);

  /** The consumers' accounts: the policy grows with each account. */
  public static readonly ACCOUNTS = new KeyPolicyScope('accounts', []);

  /**
   * Everyone in these organizations: the policy never grows.
   *
   * @param organizationIds such as `o-exampleorgid`
   * @throws UnscopedValidationError if there is none, or one that is malformed
   */
  public static organization(...organizationIds: string[]): KeyPolicyScope {
    const problem = organizationIds.length === 0
      ? 'no organization is named.'
      : organizationIds.filter((id) => !Token.isUnresolved(id)).map((id) => malformed(id, ORGANIZATION_ID)).find(Boolean);
    if (problem) {
      throw unscopedRefusal('UnusableKeyPolicyScope', 'KeyPolicyScope', { problem, remedy: 'Name organizations by ids such as o-exampleorgid.' });
    }
    return new KeyPolicyScope('organization', organizationIds);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'consumers' | 'accounts' | 'organization',
    /** @internal */
    public readonly _organizationIds: string[],
  ) {}
}
