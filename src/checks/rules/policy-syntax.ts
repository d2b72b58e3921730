import { isAboutStorage, policyFindings, unreadable } from './policy-findings';
import { Policy, Statement } from '../../policy/document';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { Finding, found, Rule } from '../finding';

const REMEDY = 'Correct it; the names are in the AWS documentation.';

export const policySyntax: Rule = {
  id: 'PolicySyntax',
  requirement: 'Policies are well formed: elements, operators, principals, condition keys and actions exist, and a Sid occurs once.',
  reason: 'A misspelt condition key is absent from every request: a deny that depends on it never applies.',
  guide: '7',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html',
  judgeBuckets: ({ documents }) => judge(documents),
  judgeDeployment: ({ otherDocuments }) => judge(otherDocuments),
};

function judge(documents: readonly DeployedPolicy[]): Finding[] {
  return [
    ...unreadable(documents, REMEDY),
    ...incomplete(documents),
    ...policyFindings(documents, ['unknown-operator', 'misspelt-key', 'duplicate-sid', 'unknown-action', 'principal-pattern'], REMEDY),
  ];
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
