import { isAboutStorage, policyFindings, unreadable } from './policy-findings';
import { Policy, Statement } from '../../policy/document';
import { isObject, isScalar } from '../../policy/json';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { Finding, found, Rule } from '../finding';

const REMEDY = 'Correct it; the names are in the AWS documentation.';

export const policySyntax: Rule = {
  id: 'PolicySyntax',
  requirement: 'Policies are well formed: elements, operators, principals, condition keys and actions exist, and a Sid occurs once.',
  reason: 'A misspelt condition key is absent from every request: a deny that depends on it never applies.',
  severity: 'medium',
  severityReason: 'A statement does not do what it says: if it is a deny, a layer is missing.',
  guide: '7',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html',
  judgeBuckets: ({ documents }) => judge(documents),
  judgeDeployment: ({ otherDocuments, deployment }) => [...judge(otherDocuments), ...deployment.resources.flatMap(noDocuments)],
};

function judge(documents: readonly DeployedPolicy[]): Finding[] {
  return [
    ...unreadable(documents, REMEDY),
    ...incomplete(documents),
    ...policyFindings(documents, ['unknown-operator', 'misspelt-key', 'duplicate-sid', 'unknown-action', 'principal-pattern'], REMEDY),
  ];
}

const DOCUMENTS = ['AssumeRolePolicyDocument', 'KeyPolicy', 'PolicyDocument'];

/** What stands where the policy of a key, a queue, a role or anything else belongs, and is no document as it is written: whatever values turn out to be. */
function noDocuments(resource: DeployedResource): Finding[] {
  const { Policies } = resource.writtenProperties;
  const inline = Array.isArray(Policies) ? Policies.map((policy, i): [string, unknown] => [`Policies[${i}].PolicyDocument`, isObject(policy) ? policy.PolicyDocument : undefined]) : [];
  const written = DOCUMENTS.map((name): [string, unknown] => [name, resource.writtenProperties[name]]);
  return [...written, ...inline].filter(([, value]) => isNoDocument(value))
    .map(([name, value]) => found(resource, `${name}: ${new DeployedPolicy(resource, name, () => value).refusal!.reason}`, REMEDY));
}

/** A text may be a document as JSON, or a reference to one. */
function isNoDocument(value: unknown): boolean {
  return Array.isArray(value) || (isScalar(value) && !String(value).includes('{'));
}

/** Policies of resources say for whom they are, policies of identities for what; both say on what. */
function incomplete(documents: readonly DeployedPolicy[]): Finding[] {
  return documents.flatMap(({ resource, property, policy }) => readStatements(policy).flatMap(({ principal, resource: on, path }) => [
    ...(principal || isOfIdentity(resource) ? [] : [found(resource, `${property}.${path}.Principal: a statement of this policy has a Principal.`, REMEDY)]),
    ...(principal && isOfIdentity(resource) ? [found(resource, `${property}.${path}.Principal: the policy of an identity has no Principal: it is for the identity.`, REMEDY)] : []),
    ...(on ? [] : [found(resource, `${property}.${path}.Resource: a statement of this policy has a Resource.`, REMEDY)]),
  ]));
}

/** The statements of a policy about storage whose elements are known to be there or not. */
function readStatements(policy: Policy | undefined): readonly Statement[] {
  return policy && isAboutStorage(policy) ? policy.statements.filter(({ open }) => open === undefined) : [];
}

function isOfIdentity({ type }: DeployedResource): boolean {
  return type.startsWith('AWS::IAM::');
}
