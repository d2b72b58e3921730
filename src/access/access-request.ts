/** A request to S3 that is to be decided. */
export interface AccessRequest {
  /**
   * Who sends it, as the ARN that CloudTrail records or the name that policies use:
   *
   * - a session of a role, `arn:aws:sts::111122223333:assumed-role/AppRole/session`;
   * - a role, `arn:aws:iam::111122223333:role/AppRole`: a session of it whose name no policy mentions;
   * - a user, `arn:aws:iam::111122223333:user/alice`, or a session that `GetFederationToken` made;
   * - the root user of an account, `arn:aws:iam::111122223333:root`;
   * - an AWS service, `cloudfront.amazonaws.com`;
   * - `anonymous`, or `*`: a request that nobody signed.
   */
  readonly principal: string;

  /**
   * Service and action, such as `s3:GetObject`: this one permission is decided. Specify exactly one of `action` and `operation`.
   *
   * @default - those that the operation needs
   */
  readonly action?: string;

  /**
   * The operation of the S3 API, such as `PutObject` or `CopyObject`: every permission that S3 asks for is decided, and the request is allowed only if all are.
   *
   * @default - the request names an action
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
   */
  readonly operation?: string;

  /**
   * Headers and query parameters of the operation, in any case, such as `x-amz-acl`, `x-amz-tagging`, `x-amz-copy-source` or `versionId`. They decide which
   * permissions it needs, and are condition keys of those that carry them.
   *
   * @default - none
   */
  readonly headers?: { readonly [name: string]: string };

  /**
   * What it works on: the ARN of a bucket or an object; or, through an access point, of the access point or an object
   * behind it, such as `arn:aws:s3:eu-west-1:111122223333:accesspoint/analysts/object/data/1.csv`, or, through a multi-Region access point,
   * `arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap/object/data/1.csv`.
   */
  readonly resource: string;

  /**
   * Condition keys, in any case, with a value or a list of values. `null` says that the request does not carry the key.
   *
   * A request comes through a VPC endpoint if `aws:SourceVpce` is among them, and is a presigned one if `s3:authType` is `REST-QUERY-STRING`.
   *
   * @default - those of an ordinary request; each is listed in the decision as assumed
   */
  readonly context?: { readonly [key: string]: any };

  /**
   * The session policies with which the credentials were made, as policy documents.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
   */
  readonly sessionPolicies?: any[];

  /**
   * Whether an object that is read was stored under the bucket's current encryption settings. Where it is not known, the
   * bucket key may have been on or off then.
   *
   * @default false
   */
  readonly currentEncryption?: boolean;
}
