import { AccountJson } from './assumptions-format';
import { Statement } from '../policy/document';

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
  const mentioned = (key: RegExp) => {
    const values = tests.filter((test) => key.test(test.key)).flatMap((test) => test.values);
    return [...new Set(values.filter(({ variables }) => variables.length === 0).map(({ source }) => source))];
  };
  const paths = mentioned(/paths$/).map((path) => path.replace(/[*?]/g, 'x'));
  const ids = [...mentioned(/id$/), ...paths.map((path) => path.split('/')[0])].filter((id) => id !== '' && !/[*?]/.test(id));
  const organizations = ids.length > 0 ? [...new Set(ids)] : [ANOTHER];
  const inside = organizations.flatMap((organization) => {
    const within = paths.filter((path) => path.startsWith(`${organization}/`));
    return within.length > 0 ? within.map((path) => inOrganization(organization, path)) : [inOrganization(organization)];
  });
  return [...inside, {}];
}

function inOrganization(organization: string, path = `${organization}/r-home/`): Home {
  return { organization, path };
}
