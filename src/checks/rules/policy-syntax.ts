import { policyFindings, unreadable } from './policy-findings';
import { Rule } from '../finding';

const REMEDY = 'Correct it; the names are in the AWS documentation.';

export const policySyntax: Rule = {
  id: 'PolicySyntax',
  requirement: 'Policies are well formed: elements, operators, condition keys and actions exist, and a Sid occurs once.',
  reason: 'A misspelt condition key is absent from every request: a deny that depends on it never applies.',
  guide: '7',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html',
  judge: (inventory) => [...unreadable(inventory, REMEDY), ...policyFindings(inventory, ['unknown-operator', 'misspelt-key', 'duplicate-sid', 'unknown-action'], REMEDY)],
};
