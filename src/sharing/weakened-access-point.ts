import { CfnResource, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BLOCK_PUBLIC_ACCESS_SETTINGS } from '../aws/block-public-access-settings';
import { deployedResource, displaced, hasOverrides, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { statementsToJudge } from '../guardrails/deployed-statements';
import { canonical, hasTransform, variants } from '../guardrails/template-values';
import { whyPublic } from '../policy/public-allow';
import { Refusal } from '../refusal';

/** Where the data is and from where it is reached: as the access point was made. */
export type MadeAs = Pick<s3.CfnAccessPoint, 'bucket' | 'bucketAccountId' | 'vpcConfiguration'>;

/** What of an access point an override, an aspect or an assignment has weakened, as it will be deployed. */
export function weakenedAccessPoint(accessPoint: s3.CfnAccessPoint, made: MadeAs): Refusal[] {
  const deployed = hasOverrides(accessPoint) ? deployedResource(accessPoint) : asItStands(accessPoint);
  const problem = displaced(accessPoint, s3.CfnAccessPoint.CFN_RESOURCE_TYPE_NAME, deployed);
  return problem ? [problem] : [...weakenedProperties(accessPoint, deployed.Properties, made), ...publicStatements(accessPoint, deployed.Properties.Policy)];
}

/** The properties in the form of the template, without rendering all the others. */
function asItStands(accessPoint: s3.CfnAccessPoint) {
  const { cfnResourceType: Type, publicAccessBlockConfiguration, bucket, bucketAccountId, vpcConfiguration, policy } = accessPoint;
  const Properties: Record<string, any> = {
    PublicAccessBlockConfiguration: capitalized(accessPoint, publicAccessBlockConfiguration),
    Bucket: accessPoint.stack.resolve(bucket),
    BucketAccountId: accessPoint.stack.resolve(bucketAccountId),
    VpcConfiguration: capitalized(accessPoint, vpcConfiguration),
    Policy: accessPoint.stack.resolve(policy),
  };
  return { Type, Properties };
}

function weakenedProperties(accessPoint: s3.CfnAccessPoint, properties: Record<string, any>, made: MadeAs): Refusal[] {
  return [
    ...weakenedBlock(properties),
    ...changed(properties, 'VpcConfiguration', capitalized(accessPoint, made.vpcConfiguration), 'it is used from the VPC that it was made for'),
    ...changed(properties, 'Bucket', accessPoint.stack.resolve(made.bucket), 'it leads to the bucket that it was made for'),
    ...changed(properties, 'BucketAccountId', accessPoint.stack.resolve(made.bucketAccountId), 'it leads to a bucket of the account that it was made for'),
  ];
}

/** What of a multi-Region access point and its policy an override, an aspect or an assignment has weakened, as they will be deployed. */
export function weakenedMultiRegion(accessPoint: s3.CfnMultiRegionAccessPoint, regions: readonly object[], policy?: s3.CfnMultiRegionAccessPointPolicy): Refusal[] {
  const [deployed, deployedPolicy] = [deployedResource(accessPoint), policy && deployedResource(policy)];
  const problem = displaced(accessPoint, s3.CfnMultiRegionAccessPoint.CFN_RESOURCE_TYPE_NAME, deployed)
    ?? (policy && displaced(policy, s3.CfnMultiRegionAccessPointPolicy.CFN_RESOURCE_TYPE_NAME, deployedPolicy));
  return problem ? [problem] : [
    ...weakenedBlock(deployed.Properties),
    ...changed(deployed.Properties, 'Regions', regions.map((region) => capitalized(accessPoint, region)), 'it leads to the buckets that it was made for'),
    ...(deployedPolicy ? changed(deployedPolicy.Properties, 'MrapName', accessPoint.stack.resolve(accessPoint.ref), 'its policy is its own') : []),
    ...(deployedPolicy ? publicStatements(accessPoint, deployedPolicy.Properties.Policy) : []),
  ];
}

function weakenedBlock({ PublicAccessBlockConfiguration: block }: Record<string, any>): Refusal[] {
  const areOn = variants(block)?.every((form: any) => BLOCK_PUBLIC_ACCESS_SETTINGS.every((setting) => [true, 'true'].includes(form?.[setting]))) ?? false;
  return areOn && !hasTransform(block) ? [] : [weakened('PublicAccessBlockConfiguration', 'all four Block Public Access settings are on')];
}

function changed(properties: Record<string, any>, name: string, made: unknown, requirement: string): Refusal[] {
  return canonical(properties[name]) === canonical(made) ? [] : [weakened(name, requirement)];
}

function publicStatements(accessPoint: CfnResource, document: unknown): Refusal[] {
  const statements = statementsToJudge(document, Stack.of(accessPoint));
  if (!Array.isArray(statements)) {
    return [statements];
  }
  return statements.flatMap((statement) => {
    const reason = whyPublic(statement);
    return reason === undefined ? [] : [publicStatement(statement.Sid, reason)];
  });
}

export function publicStatement(sid: string | undefined, reason: string): Refusal {
  return { problem: `the statement '${sid ?? '(without a Sid)'}' would make the access point public: ${reason}.`, remedy: 'Name the principals.' };
}

function weakened(property: string, requirement: string): Refusal {
  return { problem: `the synthesized template weakens '${property}': it no longer says that ${requirement}.`, remedy: REMOVE_CHANGE };
}

function capitalized({ stack }: CfnResource, value: unknown): unknown {
  const resolved = stack.resolve(value);
  return resolved && Object.fromEntries(Object.entries(resolved).map(([name, child]) => [name.startsWith('Fn::') || name === 'Ref' ? name : `${name[0].toUpperCase()}${name.slice(1)}`, child]));
}
