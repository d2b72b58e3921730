import { Token } from 'aws-cdk-lib';
import { BUCKET, listOf, PropType, PropTypes, required, TEXT, TEXTS, wrongProps } from '../../prop-types';
import { refuseAllUnscoped } from '../../refusal';

/** ARNs of sources are made of the texts one by one: of a list that is known later as a whole, nobody knows how many there are. */
const WRITTEN_TEXTS: PropType = { what: 'a list of texts, each of which may be a token', holds: (value) => TEXTS.holds(value) && !Token.isUnresolved(value) };

const TYPES: PropTypes = {
  prefix: TEXT,
  sourceAccounts: WRITTEN_TEXTS,
  sourceRegions: WRITTEN_TEXTS,
  sourceBuckets: listOf('buckets', BUCKET),
  configurationIds: WRITTEN_TEXTS,
  organizationId: TEXT,
  deliverySourceNames: WRITTEN_TEXTS,
  trailNames: WRITTEN_TEXTS,
  ruleSetName: TEXT,
  ruleName: TEXT,
  detectorIds: WRITTEN_TEXTS,
  service: TEXT,
  sourceArns: WRITTEN_TEXTS,
  objectActions: WRITTEN_TEXTS,
  bucketActions: WRITTEN_TEXTS,
  keyActions: WRITTEN_TEXTS,
};

/** The properties of a delivery. Throws one error for all that are of another type, or that it cannot do without. */
export function typedDelivery<Props extends object>(props: Props, ...needed: (keyof Props & string)[]): Props {
  const types = Object.entries(TYPES).map(([name, type]) => [name, (needed as string[]).includes(name) ? required(type) : type]);
  refuseAllUnscoped('WrongType', 'DeliverySource', wrongProps(props, Object.fromEntries(types)));
  return props;
}
