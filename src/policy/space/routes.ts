import { Choice, combinations, Facet, present } from './facet';
import { Mentions } from './mentions';

const ENDPOINT_KEYS = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:vpcsourceip', 'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths'];
const SERVICE_KEYS = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast'];
const OWNED = new Set([...ENDPOINT_KEYS, ...SERVICE_KEYS, 'aws:sourceip', 'aws:viaawsservice']);
const FRESH: Record<string, string> = {
  'aws:sourcevpce': 'vpce-0ffffffffffffffff',
  'aws:sourcevpc': 'vpc-0ffffffffffffffff',
  'aws:sourcevpcarn': 'arn:aws:ec2:eu-west-1:999988887777:vpc/vpc-0ffffffffffffffff',
  'aws:vpcsourceip': '10.9.9.9',
  'aws:vpceaccount': '999988887777',
  'aws:vpceorgid': 'o-another0rg',
  'aws:vpceorgpaths': 'o-another0rg/r-root/ou-unit/',
  'aws:sourceip': '198.51.100.77', // documentation range, RFC 5737
  'aws:calledvia': 'another-service.amazonaws.com',
  'aws:calledviafirst': 'another-service.amazonaws.com',
  'aws:calledvialast': 'another-service.amazonaws.com',
};

/**
 * The ways that a request may take: over the internet, through a VPC endpoint, through an AWS service that acts with the
 * caller's credentials, or, for AWS services, inside AWS.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
 */
export function routes(mentions: Mentions): Facet {
  const options = (keys: readonly string[]) => combinations(Object.assign({}, ...keys.map((key) => mentions.optionsOf(key, FRESH[key]))));
  const choice = (kind: string, viaService: boolean) => (context: Record<string, string | readonly string[] | undefined>): Choice =>
    ({ kind, context: present({ 'aws:viaawsservice': String(viaService), ...context }) });
  const addresses = mentions.has('aws:sourceip') ? combinations({ 'aws:sourceip': mentions.allClassesOf('aws:sourceip', FRESH['aws:sourceip']).values }) : [{}];
  const services = options(SERVICE_KEYS);
  const sourceAddress = mentions.has('aws:sourceip') ? addresses : [{ 'aws:sourceip': FRESH['aws:sourceip'] }];
  return {
    name: 'route',
    owns: (key) => OWNED.has(key),
    choices: [
      ...sourceAddress.map(choice('internet', false)),
      ...options(ENDPOINT_KEYS).map(choice('endpoint', false)),
      ...services.flatMap((service) => [{}, ...addresses].map((address) => choice('through-service', true)({ ...service, ...address }))),
      choice('inside-aws', false)({}),
    ],
    goesWith: ({ kind }, callerKind) => (callerKind === 'service') === (kind === 'inside-aws') && (callerKind !== 'anonymous' || kind !== 'through-service'),
    isExact: mentions.isExact(...OWNED),
  };
}
