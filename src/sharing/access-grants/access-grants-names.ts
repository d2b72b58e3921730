import { Stack } from 'aws-cdk-lib';
import { IdentifierForm } from '../../policy/identifiers';

/** @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_GetUserId.html */
export const DIRECTORY_ID: IdentifierForm = {
  what: 'an id of a user or group of IAM Identity Center',
  pattern: /^(?:[0-9a-f]{10}-)?[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/,
  example: 'a1b2c3d4-5678-90ab-cdef-1234567890ab',
};

/** @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_InstanceMetadata.html */
export const IDENTITY_CENTER_ARN: IdentifierForm = {
  what: 'the ARN of an instance of IAM Identity Center',
  pattern: /^arn:[^:]+:sso:::instance\/(?:sso)?ins-[a-zA-Z0-9.-]{16}$/,
  example: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
};

/** Whom AWS RAM shares an instance with. @see https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html */
export const SHARE_PRINCIPAL: IdentifierForm = {
  what: 'an account id, or the ARN of an organization or of an organizational unit',
  pattern: /^(?:\d{12}|arn:[^:]+:organizations::\d{12}:(?:organization\/o-[a-z0-9]{10,32}|ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}))$/,
  example: '444455556666',
};

/**
 * The ARN of the instance of an account in a Region: there is one, and its name is fixed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-instance.html
 */
export function instanceArnIn(stack: Stack): string {
  return stack.formatArn({ service: 's3', resource: 'access-grants', resourceName: 'default' });
}
