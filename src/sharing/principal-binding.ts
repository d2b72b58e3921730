/** How the policies of a bucket and its key name a consumer's role or user. */
export enum PrincipalBinding {
  /**
   * The role or user itself is the principal. It must exist when the policy is deployed, so stacks are ordered. Deleted
   * and made again it is somebody else: the policy keeps the dead unique id until it is deployed anew with a change.
   */
  PRINCIPAL = 'PRINCIPAL',

  /**
   * Its account is the principal, and `aws:PrincipalArn` must be its ARN. Needs no order, and survives that the role is deleted and made again.
   */
  ACCOUNT = 'ACCOUNT',
}
