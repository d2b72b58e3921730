import { policyFindings, unreadable } from './policy-findings';
import { DeployedPolicy } from '../deployed-policy';
import { Finding, Rule } from '../finding';

const REMEDY = 'Correct it; the names are in the AWS documentation.';

export const policySyntax: Rule = {
  id: 'PolicySyntax',
  requirement: 'Policies are well formed: elements, operators, condition keys and actions exist, and a Sid occurs once.',
  reason: 'A misspelt condition key is absent from every request: a deny that depends on it never applies.',
  guide: '7',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html',
  judgeBuckets: ({ documents }) => judge(documents),
  judgeDeployment: ({ otherDocuments }) => judge(otherDocuments),
};

function judge(documents: readonly DeployedPolicy[]): Finding[] {
  return [...unreadable(documents, REMEDY), ...policyFindings(documents, ['unknown-operator', 'misspelt-key', 'duplicate-sid', 'unknown-action'], REMEDY)];
}
