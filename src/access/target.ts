import { BUCKET_ACTIONS, OBJECT_ACTIONS, OTHER_ACTIONS } from '../aws/actions';
import { arnSegments } from '../policy/pattern';
import { WrongInputError } from '../template/wrong-input';

/** What a request works on. */
export interface Target {
  /** The action with the name that S3 documents. */
  readonly action: string;

  /** The ARN as the request names it: of a bucket or access point, or of an object behind one. */
  readonly arn: string;
  readonly partition: string;

  /** The bucket, unless the request goes through an access point. */
  readonly bucketName?: string;

  /** The ARN of the access point through which the request goes. */
  readonly accessPointArn?: string;

  /** The object. */
  readonly key?: string;
}

const NAMES = new Map([...BUCKET_ACTIONS, ...OBJECT_ACTIONS, ...OTHER_ACTIONS].map((name) => [name.toLowerCase(), name]));

/**
 * What an action and an ARN name.
 *
 * @throws WrongInputError if there is no such action, or it does not work on such a resource
 */
export function targetOf(action: string, arn: string): Target {
  const place = placeOf(arn);
  const name = actionName(action);
  const isObject = place.key !== undefined;
  const worksOn = OBJECT_ACTIONS.includes(name) ? 'objects' : BUCKET_ACTIONS.includes(name) ? 'buckets' : undefined;
  if (worksOn === undefined) {
    throw new WrongInputError(`s3:${name} works on neither buckets nor objects. Requests to buckets and objects are decided.`);
  }
  if (isObject !== (worksOn === 'objects')) {
    const example = place.accessPointArn ? `${place.accessPointArn}${isObject ? '' : '/object/key'}` : `arn:${place.partition}:s3:::${place.bucketName}${isObject ? '' : '/key'}`;
    throw new WrongInputError(`s3:${name} works on ${worksOn}, and '${arn}' is ${isObject ? 'an object' : 'a bucket'}. Name '${example}'.`);
  }
  return { ...place, action: `s3:${name}` };
}

function actionName(action: string): string {
  const name = /^s3:(\w+)$/i.exec(action)?.[1];
  if (name === undefined) {
    throw new WrongInputError(`'${action}' is no action of S3. Name one, such as 's3:GetObject'.`);
  }
  const known = NAMES.get(name.toLowerCase());
  if (known === undefined) {
    throw new WrongInputError(`S3 has no action '${action}'.`);
  }
  return known;
}

function placeOf(arn: string): Omit<Target, 'action'> {
  const [prefix, partition, service, region, account, resource] = arnSegments(arn);
  if (prefix !== 'arn' || service !== 's3' || !partition || !resource) {
    throw new WrongInputError(`'${arn}' is no ARN of a bucket, an object or an access point, such as 'arn:aws:s3:::amzn-s3-demo-bucket/data/1.csv'.`);
  }
  if (region === '' && account === '') {
    return { arn, partition, ...bucketPlace(arn, resource) };
  }
  const point = /^accesspoint\/([^/]+)(?:\/object\/(.+))?$/s.exec(resource);
  if (!point || !account || point[1].endsWith('.mrap') !== (region === '')) {
    throw new WrongInputError(`'${arn}' is no ARN of an access point, such as 'arn:aws:s3:eu-west-1:111122223333:accesspoint/name', 'arn:aws:s3::111122223333:accesspoint/alias.mrap' or '…/object/key'.`);
  }
  return { arn, partition, accessPointArn: `arn:${partition}:s3:${region}:${account}:accesspoint/${point[1]}`, key: point[2] };
}

function bucketPlace(arn: string, resource: string): Pick<Target, 'bucketName' | 'key'> {
  const slash = resource.indexOf('/');
  const bucketName = slash < 0 ? resource : resource.slice(0, slash);
  const key = slash < 0 ? undefined : resource.slice(slash + 1);
  if (bucketName === '' || key === '') {
    throw new WrongInputError(`'${arn}' names no ${bucketName === '' ? 'bucket' : 'object'}.`);
  }
  if (/-s3alias$/.test(bucketName)) {
    throw new WrongInputError(`'${bucketName}' is the alias of an access point. Name the access point by its ARN.`);
  }
  return { bucketName, key };
}
