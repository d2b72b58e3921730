import { BLOCK_PUBLIC_ACCESS_SETTINGS } from '../../aws/block-public-access-settings';
import { isUnknown, patternOfUnknown } from '../../policy/unknown-text';
import { Deployment, DeployedResource } from '../../template/deployment';
import { isOn, setting, UNKNOWN } from '../../template/settings';
import { isCustom, writtenCalls, writtenOut } from '../../template/written-calls';
import { Finding, found, notDecided, Rule } from '../finding';
import { fixedBy } from '../fix';

const REMEDY = 'Set all four settings to true; serve public content through CloudFront with origin access control (OacDistribution).';
const FIX = { cdk: 'blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL', cloudFormation: `PublicAccessBlockConfiguration: { ${BLOCK_PUBLIC_ACCESS_SETTINGS.map((name) => `${name}: true`).join(', ')} }` };

/** Access points block public access unless they are told not to; a bucket's template must say it. */
export const blockPublicAccess: Rule = {
  id: 'BlockPublicAccess',
  requirement: 'All four settings of Block Public Access are on: of buckets, access points, and the account.',
  reason: 'They hold whatever a policy or an ACL says by mistake.',
  severity: 'medium',
  severityReason: 'The layer that stops a public policy or ACL is missing; by itself that publishes nothing.',
  guide: '4',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  judgeBuckets: ({ buckets }) => buckets.flatMap(({ resource }) => (resource ? judgeSettings(resource, 'PublicAccessBlockConfiguration', true) : [])),
  judgeDeployment: ({ deployment }) => [
    ...deployment.ofType('AWS::S3::AccessPoint').flatMap((accessPoint) => judgeSettings(accessPoint, 'PublicAccessBlockConfiguration', false)),
    ...deployment.ofType('AWS::S3::MultiRegionAccessPoint').flatMap((accessPoint) => judgeSettings(accessPoint, 'PublicAccessBlockConfiguration', false)),
    ...accountSettings(deployment),
  ],
};

function judgeSettings(resource: DeployedResource, property: string, mustBeSaid: boolean): Finding[] {
  const values = BLOCK_PUBLIC_ACCESS_SETTINGS.map((name) => ({ name, value: setting(resource, property, name) }));
  const off = values.filter(({ value }) => value !== UNKNOWN && !isOn(value) && (mustBeSaid || value !== undefined)).map(({ name }) => name);
  const unknown = values.filter(({ value }) => value === UNKNOWN).map(({ name }) => name);
  return [
    ...(off.length > 0 ? fixedBy([found(resource, `Block Public Access is not fully on: ${off.join(', ')}.`, REMEDY)], FIX) : []),
    ...(unknown.length > 0 ? [notDecided(resource, `Whether Block Public Access is on is not known: ${unknown.join(', ')}.`)] : []),
  ];
}

/**
 * CloudFormation has no resource for the account's settings: custom resources call the API. Either they tell the call, as
 * `AwsCustomResource` does, where a setting that is left out is off; or they have the settings as properties.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html
 */
function accountSettings(deployment: Deployment): Finding[] {
  return deployment.resources.filter(isCustom).flatMap((resource) => {
    const calls = writtenCalls(resource).filter((call) => /"action":"[^"]*PublicAccessBlock/i.test(call));
    const properties = writtenOut(Object.fromEntries(resource.propertyNames.map((name) => [name, resource.property(name)])));
    const states = calls.length > 0 ? calls.flatMap(statesOfCall) : statesOf(properties).filter((state) => state !== undefined);
    return [
      ...(states.includes(false) ? [found(resource, "A setting of the account's Block Public Access is switched off.", REMEDY)] : []),
      ...(states.includes(UNKNOWN) ? [notDecided(resource, "Whether the account's Block Public Access is on is not known before deployment.")] : []),
    ];
  });
}

type State = boolean | typeof UNKNOWN | undefined;

function statesOfCall(call: string): State[] {
  if (/"action":"[^"]*deletePublicAccessBlock/i.test(call)) {
    return [false];
  }
  return /"action":"[^"]*putPublicAccessBlock/i.test(call) ? statesOf(call).map((state) => state ?? false) : [];
}

/** What a text says of each setting; undefined if nothing. */
function statesOf(text: string): State[] {
  return BLOCK_PUBLIC_ACCESS_SETTINGS.map((name) => {
    const value = new RegExp(`"${name}":"?(${patternOfUnknown()}|[^",}]*)`).exec(text)?.[1];
    return value === undefined ? undefined : isUnknown(value) ? UNKNOWN : value.toLowerCase() === 'true';
  });
}
