import { Policy } from '../../policy/document';
import { lintPolicy, PolicyFinding } from '../../policy/lint';
import { DeployedPolicy } from '../../template/deployed-policy';
import { Finding, found, notDecided } from '../finding';

/** Findings of some kinds in policy documents about S3 and its keys. */
export function policyFindings(documents: readonly DeployedPolicy[], kinds: readonly PolicyFinding['kind'][], remedy: string): Finding[] {
  return documents.filter(({ policy }) => policy && isAboutStorage(policy)).flatMap(({ resource, property, policy }) => lintPolicy(policy!)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ path, problem }) => found(resource, `${property}.${path}: ${problem}`, remedy)));
}

/** Documents that IAM would refuse, or of which parts are not known. */
export function unreadable(documents: readonly DeployedPolicy[], remedy: string): Finding[] {
  return documents.filter(isAboutBuckets).flatMap(({ resource, property, refusal, unknown }) => [
    ...(refusal ? [found(resource, `${[property, refusal.path].filter((part) => part !== '').join('.')}: ${refusal.reason}`, remedy)] : []),
    ...(unknown ? [notDecided(resource, unknown)] : []),
  ]);
}

/** Whether a policy has anything to do with buckets or keys. */
export function isAboutStorage({ statements }: Policy): boolean {
  return statements.some(({ action }) => action.isInverted || action.members.some(({ text }) => /^(?:s3|kms|\*)/.test(text)));
}

/** Policies of identities may be about anything: only those of buckets, access points and keys are ours. */
function isAboutBuckets({ resource }: DeployedPolicy): boolean {
  return /^AWS::(?:S3|KMS)::/.test(resource.type);
}
