import { Deployment, DeployedResource } from '../../access/deployment';
import { isOn, setting, UNKNOWN } from '../../access/settings';
import { Finding, found, notDecided, Rule } from '../finding';

const SETTINGS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const REMEDY = 'Set all four settings to true; serve public content through CloudFront with origin access control.';

/** Access points block public access unless they are told not to; a bucket's template must say it. */
export const blockPublicAccess: Rule = {
  id: 'BlockPublicAccess',
  requirement: 'All four settings of Block Public Access are on: of buckets, access points, and the account.',
  reason: 'They hold whatever a policy or an ACL says by mistake.',
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
  const values = SETTINGS.map((name) => ({ name, value: setting(resource, property, name) }));
  const off = values.filter(({ value }) => value !== UNKNOWN && !isOn(value) && (mustBeSaid || value !== undefined)).map(({ name }) => name);
  const unknown = values.filter(({ value }) => value === UNKNOWN).map(({ name }) => name);
  return [
    ...(off.length > 0 ? [found(resource, `Block Public Access is not fully on: ${off.join(', ')}.`, REMEDY)] : []),
    ...(unknown.length > 0 ? [notDecided(resource, `Whether Block Public Access is on is not known: ${unknown.join(', ')}.`)] : []),
  ];
}

/** CloudFormation has no resource for the account's settings: custom resources call the API, and say so in their properties. */
function accountSettings(deployment: Deployment): Finding[] {
  return deployment.ofType('Custom::AWS').filter((resource) => {
    const calls = ['Create', 'Update'].map((property) => JSON.stringify(resource.property(property) ?? '').replace(/\\/g, ''));
    return calls.some((call) => /"action":"(?:s3control:)?(?:deletePublicAccessBlock|putPublicAccessBlock)"/i.test(call) && (/deletePublicAccessBlock/i.test(call) || SETTINGS.some((name) => new RegExp(`"${name}":"?false`).test(call))));
  }).map((resource) => found(resource, "A setting of the account's Block Public Access is switched off.", REMEDY));
}
