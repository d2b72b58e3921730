import { AccountJson } from './assumptions-format';
import { Statement } from '../policy/document';
import { isUnknown } from '../policy/unknown-text';

/** Where in an organization an account may be. */
export interface Home {
  /** `undefined`: in no organization. */
  readonly organization?: string;
  readonly path?: string;
}

const KEYS = /^aws:(?:principal|source|resource)org(?:id|paths)$/;
const ANOTHER = 'o-anotherorgid';

/**
 * Where the account of a bucket may be, as far as some statements tell it apart: policies do not say in which of the organizations that they mention it is, and
 * in what order they list them says nothing.
 *
 * @param given what is known of the account
 */
export function homesOf(statements: readonly Statement[], given: AccountJson | undefined): Home[] {
  const tests = statements.flatMap(({ conditions }) => conditions).filter(({ key }) => KEYS.test(key));
  if (given?.organizationId !== undefined) {
    const { organizationId: organization, organizationPath } = given;
    return [organization === null ? {} : inOrganization(organization, organizationPath)];
  }
  if (tests.length === 0) {
    return [{}];
  }
  const texts = tests.flatMap(({ values }) => values.filter(({ variables }) => variables.length === 0).map(({ source }) => source));
  const paths = [...new Set(texts.filter((text) => text.includes('/')))].map((path) => path.replace(/[*?]/g, 'x'));
  const mentioned = [...new Set([...texts.filter(isOrganization), ...paths.map((path) => path.split('/')[0]).filter(isOrganization)])];
  const organizations = mentioned.length > 0 ? mentioned : [ANOTHER];
  const inside = organizations.flatMap((organization) => {
    const within = paths.filter((path) => path.startsWith(`${organization}/`));
    return within.length > 0 ? within.map((path) => inOrganization(organization, path)) : [inOrganization(organization)];
  });
  return [...inside, {}];
}

function isOrganization(text: string): boolean {
  return /^o-[a-z0-9<>-]+$/i.test(text) || isUnknown(text);
}

function inOrganization(organization: string, path = `${organization}/r-home/`): Home {
  return { organization, path };
}
