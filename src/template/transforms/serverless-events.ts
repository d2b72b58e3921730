import { given, kindOf, propertiesOf, ResourceEntry, Resources } from './serverless-resources';
import { isObject } from '../../policy/json';
import { TemplateResource } from '../template';

/**
 * Adds what SAM makes of the events of buckets: a permission for S3 to call the function, and a notification of the bucket.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-s3.html
 */
export function withBucketEvents(written: readonly ResourceEntry[], made: Resources): Resources {
  const functions = written.filter(([, resource]) => kindOf(resource) === 'Function');
  return functions.reduce((resources, [logicalId, resource]) => Object.entries(propertiesOf(resource.Properties?.Events))
    .filter(([, event]) => isObject(event) && event.Type === 'S3')
    .reduce((before, [name, event]) => withEvent(before, { functionId: logicalId, condition: resource.Condition, name, event }), resources), made);
}

interface BucketEvent {
  readonly functionId: string;
  readonly condition?: string;
  readonly name: string;
  readonly event: { readonly Properties?: unknown };
}

function withEvent(resources: Resources, { functionId, condition, name, event }: BucketEvent): Resources {
  const { Bucket, Events, Filter } = propertiesOf(event.Properties);
  const permission = {
    ...given({ Condition: condition }),
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: functionId }, Principal: 's3.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' } },
  };
  const bucketId = isObject(Bucket) ? Bucket.Ref : undefined;
  const bucket = resources.get(bucketId);
  const notifications = [Events].flat().map((one) => ({ Event: one, Function: { 'Fn::GetAtt': [functionId, 'Arn'] }, ...given({ Filter }) }));
  return new Map<string, TemplateResource>([
    ...resources,
    [`${functionId}${name}Permission`, permission],
    ...(isObject(bucket) ? [[bucketId, withNotifications(bucket, notifications)] as const] : []),
  ]);
}

function withNotifications(bucket: TemplateResource, added: readonly object[]): TemplateResource {
  const properties = propertiesOf(bucket.Properties);
  const configuration = propertiesOf(properties.NotificationConfiguration);
  const LambdaConfigurations = [...[configuration.LambdaConfigurations ?? []].flat(), ...added];
  return { ...bucket, Properties: { ...properties, NotificationConfiguration: { ...configuration, LambdaConfigurations } } };
}
