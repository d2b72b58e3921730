import { algorithmOf, ConfiguredUpload, DEFAULT_APPLIES, listOf, oneUriABucket, Uploader } from './configured-uploads';
import { uploadsOfCall } from './written-calls';

const PAGES = 'https://docs.aws.amazon.com';

/** Resources of templates in which requests are written down that upload. */
export const REQUESTED_UPLOADS: readonly Uploader[] = [
  {
    type: 'Custom::AWS',
    uploads: (properties) => ['Create', 'Update', 'Delete'].flatMap((event) => {
      const { service, action, parameters } = parsed(properties[event]) ?? {};
      return uploadsOfCall(String(service), String(action), parameters);
    }),
    see: `${PAGES}/cdk/api/v2/docs/aws-cdk-lib.custom_resources.AwsCustomResource.html`,
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    uploads: ({ DefinitionString: text, Definition: definition, DefinitionSubstitutions: given, RoleArn: caller }) =>
      objectsIn(parsed(substituted(text ?? definition, given))).flatMap(uploadsOfState).map((upload) => ({ caller, ...upload })),
    see: `${PAGES}/step-functions/latest/dg/supported-services-awssdk.html`,
  },
  {
    type: 'AWS::Scheduler::Schedule',
    uploads: ({ Target: { Arn: target, RoleArn: caller, Input: input } = {} as any }) => {
      const [, service, action] = /:scheduler:::aws-sdk:(\w+):(\w+)$/.exec(String(target)) ?? [];
      return service === undefined ? [] : uploadsOfCall(service, action, parsed(input)).map((upload) => ({ caller, ...upload }));
    },
    see: `${PAGES}/scheduler/latest/UserGuide/managing-targets-universal.html`,
  },
  {
    type: 'AWS::ApiGateway::Method',
    uploads: ({ Integration: { Type: type, IntegrationHttpMethod: method, Uri: uri, Credentials: caller, RequestParameters: parameters } = {} as any }) => {
      const [, bucket] = /^arn:[^:]+:apigateway:[^:]*:s3:path\/([^/{]+)/.exec(String(uri)) ?? [];
      const header = (name: string) => /^'(.*)'$/.exec(String(parameters?.[`integration.request.header.${name}`]))?.[1];
      const algorithm = header('x-amz-server-side-encryption');
      return type !== 'AWS' || String(method).toUpperCase() !== 'PUT' || bucket === undefined || algorithm === undefined ? [] : [{
        bucket,
        algorithm,
        keyId: header('x-amz-server-side-encryption-aws-kms-key-id'),
        caller,
        setting: 'x-amz-server-side-encryption',
        remedy: `Remove the header from the request parameters of the integration: ${DEFAULT_APPLIES}.`,
      }];
    },
    see: `${PAGES}/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html`,
  },
  {
    type: 'AWS::MediaConvert::JobTemplate',
    uploads: ({ SettingsJson: settings }) => objectsIn(parsed(settings)).flatMap(({ Destination: bucket, DestinationSettings: destination }) => {
      const { EncryptionType: kind, KmsKeyArn: keyId } = destination?.S3Settings?.Encryption ?? {};
      return typeof bucket !== 'string' || kind === undefined ? [] : [{
        bucket,
        algorithm: kind === 'SERVER_SIDE_ENCRYPTION_KMS' ? 'aws:kms' : 'AES256',
        keyId,
        setting: 'EncryptionType',
        remedy: `Set 'SERVER_SIDE_ENCRYPTION_KMS' with the ARN of the bucket's key, or remove 'Encryption': ${DEFAULT_APPLIES}.`,
      }];
    }),
    see: `${PAGES}/mediaconvert/latest/ug/specifying-the-encryption-type-for-output-files.html`,
  },
  {
    type: 'AWS::EMR::Cluster',
    uploads: ({ SecurityConfiguration: name, LogUri: logs, Steps: steps }, settingsOf) => {
      const { EncryptionConfiguration: encryption } = parsed(settingsOf('AWS::EMR::SecurityConfiguration', name)?.SecurityConfiguration) ?? {};
      const atRest = encryption?.EnableAtRestEncryption === true ? encryption.AtRestEncryptionConfiguration : undefined;
      const { EncryptionMode: mode, AwsKmsKey: keyId } = atRest?.S3EncryptionConfiguration ?? {};
      const values = [logs, ...listOf(steps).flatMap((step) => listOf(step?.HadoopJarStep?.Args))];
      return ['SSE-S3', 'SSE-KMS'].includes(mode) ? oneUriABucket(values).map((bucket) => ({
        bucket,
        algorithm: algorithmOf(mode),
        keyId,
        setting: 'S3EncryptionConfiguration',
        remedy: "Set 'SSE-KMS' with the ARN of the bucket's key in the security configuration.",
        doubt: 'where a cluster writes, its steps decide',
      })) : [];
    },
    see: `${PAGES}/emr/latest/ManagementGuide/emr-data-encryption-options.html`,
  },
];

/** A state of a state machine that calls an API. */
function uploadsOfState({ Resource: resource, Parameters: parameters, Arguments: given = parameters }: any): ConfiguredUpload[] {
  const [, service, action] = /:states:::(?:aws-sdk:)?(\w+):(\w+)/.exec(String(resource)) ?? [];
  return service === undefined ? [] : uploadsOfCall(service, action, given);
}

/** A text, or a document, in which CloudFormation has put what a template gives for its variables. */
function substituted(written: unknown, given: unknown): unknown {
  const values = new Map(Object.entries<unknown>(Object(given)));
  const text = typeof written === 'string' ? written : JSON.stringify(written);
  const inText = (name: string) => JSON.stringify(String(values.get(name))).slice(1, -1);
  return values.size === 0 || text === undefined ? written : text.replace(/\$\{(\w+)\}/g, (whole, name) => (values.has(name) ? inText(name) : whole));
}

/** A document that a template holds as an object or as text; undefined if that cannot be read. */
function parsed(value: unknown): any {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value ?? undefined;
  } catch {
    return undefined;
  }
}

/** All objects in a document, however deep. */
function objectsIn(value: unknown): any[] {
  return typeof value !== 'object' || value === null ? [] : [...(Array.isArray(value) ? [] : [value]), ...Object.values(value).flatMap(objectsIn)];
}
