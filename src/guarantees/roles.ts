import { allOf } from './callers';
import { Conditions, EVERY_CALLER, Guarantee } from '../proof/guarantee';
import { isAccessPoint, ResourceFacts } from '../proof/part';

/**
 * A role or user may not do something over HTTPS: on a bucket directly or through the access points of an account, or on an access point.
 *
 * @param arn of the role or user
 */
export function mayNotDo(arn: string, action: string, resource: ResourceFacts, accessPointsOf?: string): Guarantee {
  const way: Conditions = accessPointsOf !== undefined ? { StringEquals: { 's3:DataAccessPointAccount': accessPointsOf } } : isAccessPoint(resource) ? {} : { Null: { 's3:DataAccessPointArn': 'true' } };
  return {
    sentence: `The role may not ${action}.`,
    needsAllow: EVERY_CALLER,
    breaches: [{ Action: action, Condition: allOf({ StringEquals: { 'aws:PrincipalArn': arn } }, { Bool: { 'aws:SecureTransport': 'true' } }, way) }],
  };
}

/** A role or user may not use a key through S3, for a bucket or object. S3 calls KMS for the role, and says for which. */
export function mayNotUseKey(arn: string, action: string, viaService: string, encryptionContext: string): Guarantee {
  return {
    sentence: `The role may not ${action} through S3.`,
    needsAllow: EVERY_CALLER,
    breaches: [{ Action: action, Condition: { StringEquals: { 'aws:PrincipalArn': arn, 'kms:ViaService': viaService, 'kms:EncryptionContext:aws:s3:arn': encryptionContext } } }],
  };
}
