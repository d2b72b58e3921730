import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { deployedResource, displaced, hasOverrides, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { statementsToJudge } from '../guardrails/deployed-statements';
import { canonical, hasTransform, variants } from '../guardrails/template-values';
import { whyPublic } from '../policy/public-allow';
import { Refusal } from '../refusal';

const SETTINGS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

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
  const settings = variants(properties.PublicAccessBlockConfiguration);
  const areOn = settings?.every((form: any) => SETTINGS.every((setting) => [true, 'true'].includes(form?.[setting]))) ?? false;
  const isAsMade = (name: string, value: unknown) => canonical(properties[name]) === canonical(value);
  return [
    ...(areOn && !hasTransform(properties.PublicAccessBlockConfiguration) ? [] : [weakened('PublicAccessBlockConfiguration', 'all four Block Public Access settings are on')]),
    ...(isAsMade('VpcConfiguration', capitalized(accessPoint, made.vpcConfiguration)) ? [] : [weakened('VpcConfiguration', 'it is used from the VPC that it was made for')]),
    ...(isAsMade('Bucket', accessPoint.stack.resolve(made.bucket)) ? [] : [weakened('Bucket', 'it leads to the bucket that it was made for')]),
    ...(isAsMade('BucketAccountId', accessPoint.stack.resolve(made.bucketAccountId)) ? [] : [weakened('BucketAccountId', 'it leads to a bucket of the account that it was made for')]),
  ];
}

function publicStatements(accessPoint: s3.CfnAccessPoint, document: unknown): Refusal[] {
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

function capitalized({ stack }: s3.CfnAccessPoint, value: unknown): unknown {
  const resolved = stack.resolve(value);
  return resolved && Object.fromEntries(Object.entries(resolved).map(([name, child]) => [name.startsWith('Fn::') || name === 'Ref' ? name : `${name[0].toUpperCase()}${name.slice(1)}`, child]));
}
