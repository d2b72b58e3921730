import { BUCKET, listOf, PropTypes, required, TEXT, TEXTS, wrongProps } from '../../prop-types';
import { refuseAllUnscoped } from '../../refusal';

const TYPES: PropTypes = {
  prefix: TEXT,
  sourceAccounts: TEXTS,
  sourceRegions: TEXTS,
  sourceBuckets: listOf('buckets', BUCKET),
  configurationIds: TEXTS,
  organizationId: TEXT,
  deliverySourceNames: TEXTS,
  trailNames: TEXTS,
  ruleSetName: TEXT,
  ruleName: TEXT,
  detectorIds: TEXTS,
  service: TEXT,
  sourceArns: TEXTS,
  objectActions: TEXTS,
  bucketActions: TEXTS,
  keyActions: TEXTS,
};

/** The properties of a delivery. Throws one error for all that are of another type, or that it cannot do without. */
export function typedDelivery<Props extends object>(props: Props, ...needed: (keyof Props & string)[]): Props {
  const types = Object.entries(TYPES).map(([name, type]) => [name, (needed as string[]).includes(name) ? required(type) : type]);
  refuseAllUnscoped('WrongType', 'DeliverySource', wrongProps(props, Object.fromEntries(types)));
  return props;
}
