import { allOf, IAM_CALLER, ofOtherAccountsThan } from './callers';
import { unnamedSource } from './grants';
import { Statement } from '../policy/document';
import { EVERY_CALLER, Guarantee } from '../proof/guarantee';
import { ResourceFacts } from '../proof/part';

// What tells about a key and does nothing with it.
const DESCRIPTIONS = ['DescribeKey', 'GetKeyLastUsage', 'GetKeyPolicy', 'GetKeyRotationStatus', 'GetPublicKey', 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags'].map((name) => `kms:${name}`);

export function onlyThroughS3({ account }: ResourceFacts): Guarantee {
  return {
    sentence: 'Principals of other accounts use the key through S3 only.',
    needsAllow: EVERY_CALLER,
    breaches: [{ NotAction: DESCRIPTIONS, Condition: allOf(IAM_CALLER, ofOtherAccountsThan([account]), { StringNotLike: { 'kms:ViaService': 's3.*' } }) }],
  };
}


/** Services whose use a statement does not tie to anything: an account, a resource, or what the encryption is for. */
export function onlyForNamedAccounts(statement: Statement, facts: ResourceFacts): Guarantee {
  const ties = statement.conditions.map(({ key }) => key).filter((key) => key.startsWith('kms:encryptioncontext:') || key === 'kms:viaservice');
  const source = unnamedSource(statement, facts);
  return {
    sentence: 'No AWS service uses the key for an account that the policy does not mention.',
    needsAllow: EVERY_CALLER,
    breaches: [{ NotAction: DESCRIPTIONS, Condition: { ...source, Null: { ...source.Null, ...Object.fromEntries(ties.map((key) => [key, 'true'])) } } }],
  };
}
