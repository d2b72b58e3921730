import { Rule } from './finding';
import { RULES } from './rules';

/** Where the package is at home, as package.json says it. */
export const REPOSITORY = 'https://github.com/cdk-secure-bucket/cdk-secure-bucket';

/**
 * The page where people read on: of a rule of the pack, `docs/rules/<id>.md`, with a template that breaks it, one that does not, and what it does not see.
 * Of what is no rule of the pack, the page that it names itself.
 */
export function pageOf({ id, see }: Pick<Rule, 'id' | 'see'>): string {
  return RULES.some((rule) => rule.id === id) ? `${REPOSITORY}/blob/main/docs/rules/${id}.md` : see;
}
