import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DIRECTORY_ID } from './access-grants-names';
import { malformed } from '../../policy/identifiers';
import { unscopedRefusal } from '../../refusal';

/**
 * A user or a group of the corporate directory behind IAM Identity Center, to whom access grants give data.
 *
 * No policy can name them: pass them to the `grants` of an `AccessGrantsLocation`, and to nothing else.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-directory-ids.html
 */
export class DirectoryGrantee implements iam.IGrantable {
  /**
   * One user.
   *
   * @param userId the id of the user in IAM Identity Center, such as `a1b2c3d4-5678-90ab-cdef-1234567890ab`: neither name nor e-mail address
   * @throws UnscopedValidationError if it is no such id
   */
  public static user(userId: string): DirectoryGrantee {
    return new DirectoryGrantee('DIRECTORY_USER', userId);
  }

  /**
   * All users of a group.
   *
   * @param groupId the id of the group in IAM Identity Center, such as `a1b2c3d4-5678-90ab-cdef-1234567890ab`: not its name
   * @throws UnscopedValidationError if it is no such id
   */
  public static group(groupId: string): DirectoryGrantee {
    return new DirectoryGrantee('DIRECTORY_GROUP', groupId);
  }

  /** Refuses to be named in policies. */
  public readonly grantPrincipal: iam.IPrincipal = new DirectoryPrincipal();

  private constructor(
    /** @internal */
    public readonly _granteeType: 'DIRECTORY_USER' | 'DIRECTORY_GROUP',
    /** @internal */
    public readonly _directoryId: string,
  ) {
    const problem = Token.isUnresolved(_directoryId) ? undefined : malformed(_directoryId, DIRECTORY_ID);
    if (problem) {
      throw unscopedRefusal('UnusableDirectoryId', 'DirectoryGrantee', { problem, remedy: 'Look it up in IAM Identity Center: names and e-mail addresses are not ids.' });
    }
  }
}

/** Users and groups of a directory, as far as IAM knows them: not at all. */
class DirectoryPrincipal extends iam.PrincipalBase {
  public get policyFragment(): iam.PrincipalPolicyFragment {
    throw unscopedRefusal('UnusableDirectoryGrantee', 'DirectoryGrantee', {
      problem: 'a policy cannot name users or groups of a corporate directory.',
      remedy: "Pass them to the 'grants' of an AccessGrantsLocation.",
    });
  }

  public dedupeString(): string | undefined {
    return undefined;
  }
}
