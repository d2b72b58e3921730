import { jsonText } from '../../policy/json';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';
import { fixedBy } from '../fix';

const KEEPING = ['Retain', 'RetainExceptOnCreate'];

export const deletionPolicy: Rule = {
  id: 'DeletionPolicy',
  requirement: 'Buckets, and the keys that they encrypt with, outlive their stack and their replacement.',
  reason: 'A removed line of code must not delete data, or the key without which it cannot be read.',
  severity: 'high',
  severityReason: 'One deployment can delete the bucket, or the key without which its objects are lost.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html',
  judgeBuckets: ({ buckets, keys }) => [...buckets.flatMap(({ resource }) => resource ?? []), ...keys].flatMap(judgeAttributes),
  judgeDeployment: ({ deployment }) =>
    deployment.ofType('Custom::S3AutoDeleteObjects').map((resource) => found(resource, 'All objects are deleted with the stack.', "Remove 'autoDeleteObjects'.")),
};

function judgeAttributes(resource: DeployedResource): Finding[] {
  const attributes = (['DeletionPolicy', 'UpdateReplacePolicy'] as const).map((name) => ({ name, value: resource.attribute(name) }));
  const unknown = attributes.filter(({ value }) => isUnknownValue(value));
  const lost = attributes.filter(({ value }) => !KEEPING.includes(value as string) && !isUnknownValue(value));
  return [
    ...(lost.length > 0 ? fixedBy([found(
      resource,
      `The resource is not kept: ${lost.map(({ name, value }) => `${name} is ${value ? `'${jsonText(value)}'` : 'not set'}`).join(', ')}.`,
      "Set both to 'Retain'.",
    )], { cdk: 'removalPolicy: RemovalPolicy.RETAIN', cloudFormation: '{ DeletionPolicy: Retain, UpdateReplacePolicy: Retain }' }) : []),
    ...(unknown.length > 0 ? [notDecided(resource, `Whether the resource is kept is not known: ${unknown.map(({ name }) => name).join(', ')}.`)] : []),
  ];
}
