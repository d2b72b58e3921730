import { Few } from '../few';
import { literally, Mentions } from '../mentions';
import { Choice, present } from '../part';
import { Language, Patterns } from '../texts';

/** An organization with a path in it where an account may be. */
export interface Place {
  readonly id: string;
  readonly path: string;
}

export interface Places {
  readonly all: readonly Place[];
  readonly isExact: boolean;
}

const ID_KEYS = ['aws:principalorgid', 'aws:sourceorgid', 'aws:vpceorgid', 'aws:resourceorgid'];
const PATH_KEYS = ['aws:principalorgpaths', 'aws:sourceorgpaths', 'aws:vpceorgpaths', 'aws:resourceorgpaths'];
const STRANGER = 'o-another0rg';

const MOST_PLACES = 3000; // organizations and paths multiply
const MOST_CHOICES = 3000; // places and accounts multiply
const MOST_SHARED = 500; // each is compared with each of the other entities

const ID: Language = { ordinary: 'x0123456789', allows: (character) => /[a-z0-9]/.test(character), shortest: 10, longest: 32, isFollowed: true };
const PATH: Language = {
  ordinary: 'xqzw0123456789',
  allows: (character, before) => (character === '/' ? before !== '/' && before !== '' : /[^:*?/]/.test(character)),
  shortest: 2,
  longest: Infinity,
  end: '/',
};

const SHORTEST_ROOT = 4; // characters behind `r-`

/** A path behind the `r-` of its root. */
const FROM_ROOT: Language = { ...PATH, allows: (character, before, at) => PATH.allows(character, before, at) && (character !== '/' || at >= SHORTEST_ROOT), shortest: SHORTEST_ROOT + 1 };

/** A path behind its root. */
const BEHIND_ROOT: Language = { ...PATH, allows: (character, before, at) => (before === '' ? character === '/' : PATH.allows(character, before, at)), shortest: 1 };

interface Root {
  readonly begins: string;
  readonly language: Language;
  readonly ordinary: readonly string[];
}

/**
 * What paths begin with: the id of a root, or a value for it that is not known before deployment.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html
 */
const ROOTS: readonly Root[] = [
  { begins: 'r-', language: FROM_ROOT, ordinary: ['root/ou-unit/'] },
  { begins: '', language: { ...PATH, allows: (character, before, at) => (before === '' ? character > '\u007f' : PATH.allows(character, before, at)) }, ordinary: [] },
];

/** The organizations that are mentioned, with each kind of path that is told apart, and some that nobody mentions. */
export function places(mentions: Mentions): Places {
  const idTests = mentions.patternsOf(...ID_KEYS);
  const pathTests = mentions.patternsOf(...PATH_KEYS);
  const mentioned = [...new Set([...idTests.flat(), ...pathTests.flat()].map(({ pattern }) => pattern.text.split('/')[0]).filter((id) => id !== '' && !/[*?]/.test(id)))];
  const roots = [...ROOTS, ...shortRoots(pathTests.flat().map(({ pattern }) => pattern.text))];
  const patterns = new Patterns([...pathTests, ...idTests, ...mentioned.map(literally)]);
  const begun = patterns.read(patterns.start(), 'o-');
  const others = patterns.reach(begun, ID, [STRANGER.slice(2)]);
  const ids = [...others.texts.map(({ text, places: at }) => ({ id: `o-${text}`, at })), ...mentioned.map((id) => ({ id, at: patterns.read(patterns.start(), id) }))];
  const few = new Few(MOST_PLACES);
  let isExact = others.isExact;
  const inside = few.of(ids, ({ id, at }) => {
    return roots.flatMap(({ begins, language, ordinary }) => {
      const found = patterns.reach(patterns.read(patterns.restricted(at, 0, pathTests.length), `/${begins}`), language, ordinary);
      isExact &&= found.isExact;
      return found.texts.map(({ text }): Place => ({ id, path: `${id}/${begins}${text}` }));
    });
  });
  const all = new Map(inside.map((place) => [place.path, place]));
  return { all: [...all.values()], isExact: isExact && few.isExact };
}

/** Roots that are mentioned although no root has an id as short. */
function shortRoots(paths: readonly string[]): Root[] {
  const ids = paths.map((path) => path.split('/')[1]).filter((id) => id !== undefined && /^r-[^*?]*$/.test(id) && id.length < 'r-'.length + SHORTEST_ROOT);
  return [...new Set(ids)].map((id) => ({ begins: id, language: BEHIND_ROOT, ordinary: ['/'] }));
}

/** For whom an organization is chosen: accounts that may occur elsewhere in the same request have their own choices. */
export const ANY_OTHER_ACCOUNT = 'any other account';

/**
 * The organizations of an entity's account, as choices.
 *
 * @param isOptional whether a request may leave the keys out although the account is in an organization
 */
export function organizationChoices(mentions: Mentions, { all, isExact }: Places, idKey: string, pathKey: string, shared: readonly string[], isOptional = false): Choice[] {
  const keys = [idKey, pathKey].filter((key) => mentions.has(key));
  const said = isOptional ? [keys, ...keys.map((key) => [key]), []] : [keys];
  const none = { kind: 'none', context: present({}) };
  const accounts = [ANY_OTHER_ACCOUNT, ...shared];
  const few = new Few((shared.length > 0 ? MOST_SHARED : MOST_CHOICES) / accounts.length);
  return accounts.flatMap((account): Choice[] => [
    { ...none, account },
    ...few.of(all, ({ id, path }) => said.map((there) => ({
      kind: 'some', context: present({ ...(there.includes(idKey) ? { [idKey]: id } : {}), ...(there.includes(pathKey) ? { [pathKey]: path } : {}) }), account, organizationPath: path,
    }))),
    ...(isExact && few.isExact ? [] : [{ kind: 'some', context: present({}), account, isOpen: true }]),
  ]);
}
