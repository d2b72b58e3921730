import { CfnResource, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { GuardedBucket } from './guarded-bucket';
import { textsAtEnd } from './known-values';
import { OncePerSynthesis } from './once-per-synthesis';
import { isRaw } from './raw-resource';
import { malformed, ORGANIZATION_ID } from '../policy/identifiers';
import { warn } from '../warning';

/** The organizations that the perimeters of an app name. */
interface Organizations {
  /** The ids of each perimeter, as far as they are known. */
  readonly perimeters: readonly (readonly string[])[];

  /** The organization that the app itself makes: AWS draws its id. */
  readonly made?: CfnResource;
}

const VALIDATED = new OncePerSynthesis(organizationsIn);

/**
 * Warns of a perimeter that has no organization in common with as many perimeters of the app or more: one of them has an id with a mistake. So it is where
 * the app makes the organization, and the id is written out: nobody knows it before.
 *
 * @param site the bucket
 * @param organizationIds what its perimeter names
 */
export function warnOfOtherOrganizations(site: IConstruct, organizationIds: readonly string[]): void {
  const { perimeters, made } = VALIDATED.around(site)();
  const ids = knownIds(organizationIds, Stack.of(site));
  if (ids.length === 0) {
    return;
  }
  const uses = (some: readonly string[]) => perimeters.filter((others) => others.some((id) => some.includes(id))).length;
  const other = perimeters.find((others) => others.length > 0 && !others.some((id) => ids.includes(id)) && uses(others) >= uses(ids));
  if (other) {
    warn(site, 'organizationIdDiffers', [
      `the organization perimeter names ${listed(ids)}, and other perimeters of the app name ${listed(other)} instead: a wrong id keeps the organization out.`,
      'Compare the ids with `aws organizations describe-organization`; acknowledge this warning if they are meant to differ.',
    ].join(' '));
  } else if (made && ids.length === organizationIds.length) {
    warn(site, 'organizationIdDiffers', [
      `the organization perimeter names ${listed(ids)}, while the app makes an organization, '${made.node.path}', whose id AWS draws.`,
      "Use the resource's 'attrId', or acknowledge this warning if another organization is meant.",
    ].join(' '));
  }
}

function organizationsIn(root: IConstruct): Organizations {
  const resources = root.node.findAll().filter(CfnResource.isCfnResource);
  const buckets = resources.filter((resource): resource is s3.CfnBucket => s3.CfnBucket.isCfnBucket(resource) && !isRaw(resource));
  return {
    perimeters: buckets.flatMap((bucket) => GuardedBucket.of(bucket).guardrails.map((guardrail) => knownIds(guardrail._organizationIds(), Stack.of(bucket)))),
    made: resources.find(({ cfnResourceType }) => cfnResourceType === 'AWS::Organizations::Organization'),
  };
}

/** What is known at deployment only may be any id. */
function knownIds(ids: readonly string[], stack: Stack): string[] {
  return textsAtEnd(ids, stack)!.filter((id) => malformed(id, ORGANIZATION_ID) === undefined);
}

function listed(ids: readonly string[]): string {
  return ids.map((id) => `'${id}'`).join(', ');
}
