import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { IConstruct } from 'constructs';

export const PRODUCER = { account: '111122223333', region: 'eu-west-1' };

/** The feature flags that `cdk init` writes into the cdk.json of a new app. */
export const NEW_APP_FLAGS: Record<string, unknown> = Object.fromEntries(Object.entries(cxapi.FLAGS)
  .filter(([flag]) => !cxapi.CURRENT_VERSION_EXPIRED_FLAGS.includes(flag))
  .map(([flag, { recommendedValue }]) => [flag, recommendedValue]));

/** A stack of an app of its own. */
export function testStack(props: StackProps = { env: PRODUCER }, app: AppProps = {}): Stack {
  return new Stack(new App({ analyticsReporting: false, ...app }), 'Stack', props);
}

/** The statements of the only bucket policy, or of the policy under a logical ID that begins in a certain way. */
export function policyStatements(stack: Stack, logicalId = ''): any[] {
  const policies = Template.fromStack(stack).findResources('AWS::S3::BucketPolicy');
  const [policy, ...others] = Object.keys(policies).filter((id) => id.startsWith(logicalId));
  if (policy === undefined || others.length > 0) {
    throw new Error(`expected one bucket policy '${logicalId}…', found ${Object.keys(policies)}`);
  }
  return policies[policy].Properties.PolicyDocument.Statement;
}

export function sids(stack: Stack, logicalId = ''): string[] {
  return policyStatements(stack, logicalId).map(({ Sid }) => Sid);
}

/** The ids of the warnings on a construct. */
export function warnings(construct: IConstruct): string[] {
  const texts = construct.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
  return texts.map((text) => /\[ack: ([^\]]+)\]/.exec(text)?.[1]?.replace(/^annotation::/i, '') ?? text);
}

/** What synthesis says is wrong; empty if it succeeds. */
export function synthesisErrors(stack: Stack): string {
  try {
    (stack.node.root as App).synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
