import { Model } from '../access/model';
import { BUCKET_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS } from '../aws/actions';
import { CONDITION_KEYS, conditionKey, isMisspelt } from '../aws/condition-keys';
import { operationNamed, OPERATIONS_OF_OTHERS, S3_OPERATIONS } from '../aws/operations';
import { REGIONS } from '../aws/regions';
import { SERVICE_PRINCIPALS } from '../aws/service-principals';
import { didYouMean, nearest } from '../policy/did-you-mean';
import { malformedAccountIn } from '../policy/identifiers';
import { WrongInputError } from '../template/wrong-input';

/**
 * Makes sure that a Region exists.
 *
 * @throws WrongInputError if it does not
 */
export function assertRegion(region: string, given: string): void {
  if (!REGIONS.includes(region)) {
    throw new WrongInputError(`${given}: there is no Region '${region}'.${didYouMean(region, REGIONS)}`);
  }
}

const ACTIONS = [...BUCKET_ACTIONS, ...OBJECT_ACTIONS, ...OTHER_ACTIONS].map((name) => `s3:${name}`);

/**
 * Makes sure that S3 has an action. The name of an operation that needs another one is not an action.
 *
 * @throws WrongInputError if it does not
 */
export function assertAction(action: string): void {
  if (ACTIONS.some((known) => known.toLowerCase() === action.toLowerCase())) {
    return;
  }
  const [, prefix, name] = /^(?:([^:]*):)?(.*)$/s.exec(action)!;
  const isOfOther = prefix !== undefined && prefix.toLowerCase() !== 's3';
  const meant = (isOfOther ? undefined : operationNamed(name)?.permissions[0].action) ?? nearest(prefix === undefined ? `s3:${name}` : action, ACTIONS);
  throw new WrongInputError(`--action: S3 has no action '${action}'.${meant === undefined ? " Name one, such as 's3:GetObject'." : ` Did you mean '${meant}'?`}`);
}

/**
 * Makes sure that S3 has an operation.
 *
 * @throws WrongInputError if it does not
 */
export function assertOperation(name: string): void {
  if (operationNamed(name) === undefined && !Object.hasOwn(OPERATIONS_OF_OTHERS, name)) {
    throw new WrongInputError(`--operation: S3 has no operation '${name}'.${didYouMean(name, S3_OPERATIONS.map((row) => row.name))}`);
  }
}

/**
 * Makes sure that a request may carry a condition key. A key that policies of the templates ask for may be newer than the table of keys.
 *
 * @throws WrongInputError if it looks like a mistake
 */
export function assertConditionKey(key: string, model: Model): void {
  if (conditionKey(key) !== undefined || writtenIn(model).includes(`"${key.toLowerCase()}"`)) {
    return;
  }
  const meant = nearest(key, CONDITION_KEYS.map(({ name, isOpen }) => (isOpen ? `${name}${ownName(key)}` : name)));
  if (meant !== undefined || isMisspelt(key)) {
    throw new WrongInputError(`--context: '${key}' is not a condition key.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`);
  }
}

const SERVICE_NAME = /^(.+?)(?:\.([a-z]{2}(?:-[a-z]+)+-\d+))?\.amazonaws\.com(?:\.cn)?$/;
const SHORTEST_TELLING = 5; // letters: of shorter names, those of two services are as near as a name and its misspelling

/**
 * Makes sure that a service is not a known one, or one of the policies of the templates, with a wrong letter.
 * Services that are like none stay possible: there are new ones each year.
 *
 * @throws WrongInputError if it looks like that
 */
export function assertService(service: string, model: Model): void {
  const [, name, region] = SERVICE_NAME.exec(service)!;
  if (region !== undefined) {
    assertRegion(region, '--principal');
  }
  const named = Array.from(writtenIn(model).matchAll(/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?/g), ([written]) => written);
  const known = [...SERVICE_PRINCIPALS, ...named].map((principal) => SERVICE_NAME.exec(principal)![1]);
  const meant = known.includes(name) || name.length < SHORTEST_TELLING ? undefined : nearest(name, known);
  if (meant !== undefined) {
    throw new WrongInputError(`--principal: '${service}' is not a known service, and the templates do not name it. Did you mean '${meant}${service.slice(name.length)}'?`);
  }
}

/**
 * Makes sure that the account in an ARN is one: twelve digits.
 *
 * @throws WrongInputError if it has other digits
 */
export function assertAccountIn(arn: string, given: string): void {
  const problem = malformedAccountIn(arn);
  if (problem !== undefined) {
    throw new WrongInputError(`${given}: ${problem}`);
  }
}

/** The name of the user's own in a key such as `aws:PrincipalTag/team`. */
function ownName(key: string): string {
  return /^[^:]*:[^/:]*[/:](.*)$/s.exec(key)?.[1] ?? '';
}

const WRITTEN = new WeakMap<Model, string>();

function writtenIn(model: Model): string {
  const text = WRITTEN.get(model) ?? JSON.stringify([model.deployment.stacks.map(({ template }) => template), model.given]).toLowerCase();
  WRITTEN.set(model, text);
  return text;
}
