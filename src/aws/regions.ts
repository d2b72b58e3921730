import { own } from '../own';

/**
 * The Regions of all partitions. A newer one than this list knows can be named in a cloud assembly, or in assumptions.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const REGIONS: readonly string[] = `
  af-south-1
  ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
  ca-central-1 ca-west-1
  eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
  il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1
  us-east-1 us-east-2 us-west-1 us-west-2
  cn-north-1 cn-northwest-1
  eusc-de-east-1
  us-gov-east-1 us-gov-west-1
  us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1 eu-isoe-west-1
`.trim().split(/\s+/);

const PREFIXES: Readonly<Record<string, string>> = { 'aws-cn': 'cn-', 'aws-us-gov': 'us-gov-', 'aws-iso': 'us-iso-', 'aws-iso-b': 'us-isob-', 'aws-iso-e': 'eu-isoe-', 'aws-iso-f': 'us-isof-', 'aws-eusc': 'eusc-' };

/** The partition of most Regions. */
export const COMMERCIAL = 'aws';

/** All partitions, the one of most Regions first. */
export const PARTITIONS: readonly string[] = [COMMERCIAL, ...Object.keys(PREFIXES)];

/**
 * The partition of a Region.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function partitionOf(region: string): string {
  return Object.entries(PREFIXES).find(([, prefix]) => region.startsWith(prefix))?.[0] ?? COMMERCIAL;
}

const DOMAIN_SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn', 'aws-iso': 'c2s.ic.gov', 'aws-iso-b': 'sc2s.sgov.gov', 'aws-iso-e': 'cloud.adc-e.uk', 'aws-iso-f': 'csp.hci.ic.gov', 'aws-eusc': 'amazonaws.eu',
};

/**
 * What the names of AWS hosts end with in a partition.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function domainSuffixOf(partition: string): string {
  return own(DOMAIN_SUFFIXES, partition) ?? 'amazonaws.com';
}

/** The Regions of a partition. */
export function regionsOf(partition: string): readonly string[] {
  const prefix = own(PREFIXES, partition);
  return REGIONS.filter((region) => (prefix === undefined ? !Object.values(PREFIXES).some((other) => region.startsWith(other)) : region.startsWith(prefix)));
}

/**
 * The commercial Regions that every account has. All others, and those to come, have to be enabled.
 *
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const ENABLED_BY_DEFAULT: readonly string[] = `
  ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1
  us-east-1 us-east-2 us-west-1 us-west-2
`.trim().split(/\s+/);

/** Whether a Region is one of the commercial ones that every account has. */
export function isEnabledByDefault(region: string): boolean {
  return ENABLED_BY_DEFAULT.includes(region);
}

/** Whether a Region has to be enabled before an account can use it. In other partitions, all Regions are enabled; of a Region that is not known, it is not known. */
export function isOptIn(region: string): boolean {
  return /^[a-z]{2}-[a-z]+-\d+$/.test(region) && !isEnabledByDefault(region) && !Object.values(PREFIXES).some((prefix) => region.startsWith(prefix));
}
