import { Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import { deployedResource, isSurelyDeployed } from '../../guardrails/deployed-resource';

/** The recorder of the app for the account and Region of a stack. */
export function recorderOf(stack: Stack): config.CfnConfigurationRecorder | undefined {
  const recorders = stack.node.root.node.findAll().filter(config.CfnConfigurationRecorder.isCfnConfigurationRecorder);
  return recorders.find((recorder) => Stack.of(recorder).account === stack.account && Stack.of(recorder).region === stack.region);
}

/**
 * The types of resources, of some, that a recorder is not known to record. Without a recording group, it records all that AWS Config supports but IAM.
 *
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
 */
export function unrecordedTypes(recorder: config.CfnConfigurationRecorder, types: readonly string[]): string[] {
  const deployed = deployedResource(recorder);
  if (!isSurelyDeployed(recorder, config.CfnConfigurationRecorder.CFN_RESOURCE_TYPE_NAME, deployed)) {
    return [...types];
  }
  const { AllSupported: all, ResourceTypes: included = [], ExclusionByResourceTypes: exclusion } = deployed.Properties.RecordingGroup ?? { AllSupported: true };
  const excluded: unknown = exclusion?.ResourceTypes ?? [];
  return types.filter((type) => {
    const isIncluded = all === true || (Array.isArray(included) && included.includes(type)) || exclusion !== undefined;
    return !isIncluded || !Array.isArray(excluded) || excluded.includes(type) || excluded.some((one) => typeof one !== 'string');
  });
}
