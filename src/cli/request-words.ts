import { didYouMean, nearest } from './did-you-mean';
import { operationNamed } from './s3-operations';
import { Model } from '../access/model';
import { BUCKET_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS } from '../aws/actions';
import { CONDITION_KEYS, conditionKey, isMisspelt } from '../aws/condition-keys';
import { REGIONS } from '../aws/regions';
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
  const meant = (isOfOther ? undefined : operationNamed(name, false)?.actions[0]) ?? nearest(prefix === undefined ? `s3:${name}` : action, ACTIONS);
  throw new WrongInputError(`--action: S3 has no action '${action}'.${meant === undefined ? " Name one, such as 's3:GetObject'." : ` Did you mean '${meant}'?`}`);
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

/**
 * Makes sure that a service is not one that policies of the templates name otherwise.
 *
 * @throws WrongInputError if so
 */
export function assertService(service: string, model: Model): void {
  const named = Array.from(writtenIn(model).matchAll(/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?/g), ([name]) => name);
  const meant = named.includes(service) ? undefined : nearest(service, named);
  if (meant !== undefined) {
    throw new WrongInputError(`--principal: the templates name no service '${service}'. Did you mean '${meant}'?`);
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
