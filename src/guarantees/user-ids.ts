import { patternOfDrawn } from '../policy/unknown-text';

/**
 * Whom a pattern of `aws:userid` stands for.
 *
 * `one`: a role, a user or a federated user that nobody else can be. `account`: the root user of an account, or all its federated users.
 * `somebody`: whoever has a name that anybody can give. `everybody`: all roles, users or federated users.
 */
export type UserIdMeaning = 'one' | 'account' | 'somebody' | 'everybody';

const UNIQUE_ID = /^A[A-Z0-9]{15,}(?::[^*?]*\*?|:\*)?$/;
const WHOLE_ID = /^A[A-Z0-9]{20}\*$/; // as long as AWS draws ids: nothing but the name of a session follows

/** The same with an id that AWS draws for a role or user of the deployment. */
const DRAWN_ID = new RegExp(`^${patternOfDrawn('A(?:ROA|IDA)')}(?::[^*?]*\\*?|:\\*)?$`);
const LONGEST_PREFIX = 4; // characters that the unique ids of all roles, or of all users, begin with
const SHORTEST_ID = 16; // characters

/**
 * User ids are `<unique id>` of users, `<unique id>:<session>` of roles, `<account>` of root users, `<account>:<name>` of federated users.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export function meaningOfUserId(pattern: string): UserIdMeaning {
  if (UNIQUE_ID.test(pattern) || WHOLE_ID.test(pattern) || DRAWN_ID.test(pattern)) {
    return 'one';
  }
  const [id, name] = pattern.split(/:(.*)/s);
  const isNamed = name !== undefined && namesSomebody(name);
  if (/^\d{12}$/.test(id)) {
    return isNamed ? 'one' : 'account';
  }
  if (/^\d{12}[*?]+$/.test(id)) {
    return 'account';
  }
  return isNamed || isWholeId(id) ? 'somebody' : 'everybody';
}

/** Whether a pattern has more than wildcards: not everybody who has a name at all has one like it. */
export function namesSomebody(pattern: string): boolean {
  return !/^[*?]+$/.test(pattern);
}

/** Whether no two roles or users have an id like it. */
function isWholeId(id: string): boolean {
  const [literal] = id.split(/[*?]/);
  return literal === id ? id.length > LONGEST_PREFIX : literal.length >= SHORTEST_ID;
}
