import { App, CfnElement, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessAssumptions, AccessEvaluator, SecureBucket, SecureBucketProps, SharedMultiRegionAccessPoint, SharedMultiRegionAccessPointProps } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';

export const OWNER = '111122223333';
export const PARTNER = '444455556666';

/** What S3 draws at deployment. */
export const ALIAS = 'mfzwi23gnjvgw.mrap';
export const MULTI_REGION_ARN = `arn:aws:s3::${OWNER}:accesspoint/${ALIAS}`;

export function roleIn(stack: Stack, name: string): iam.Role {
  return new iam.Role(stack, name, { roleName: name, assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
}

/** Buckets in Dublin and Virginia, and one of an account in Ohio, if asked for; the access point is made in Dublin. */
export function multiRegionWorld(accountOfOhio?: string) {
  const app = new App({ analyticsReporting: false });
  const stackIn = (id: string, account: string, region: string) => new Stack(app, id, { env: { account, region } });
  const dublin = stackIn('Dublin', OWNER, 'eu-west-1');
  const virginia = stackIn('Virginia', OWNER, 'us-east-1');
  const bucketIn = (stack: Stack, props: SecureBucketProps = {}) => new SecureBucket(stack, 'Data', { bucketName: stack.node.id.toLowerCase(), ...props });
  const buckets: s3.IBucket[] = [
    bucketIn(dublin), bucketIn(virginia), ...(accountOfOhio === undefined ? [] : [bucketIn(stackIn('Ohio', accountOfOhio, 'us-east-2'))]),
  ];
  const make = (props: Partial<SharedMultiRegionAccessPointProps> = {}) => new SharedMultiRegionAccessPoint(dublin, 'Global', { buckets, ...props });
  return { app, dublin, virginia, buckets, stackIn, make };
}

/** Changes the template of a stack. */
export type Change = (resources: Record<string, any>, stackName: string) => void;

/** What S3 and EC2 draw, by the resource that gets it. */
interface Drawn {
  readonly resource: CfnElement;
  readonly attribute?: string;
  readonly value: string;
}

/** What requests through a multi-Region access point may do, by the synthesized templates. */
export function deciding(app: App, accessPoint: SharedMultiRegionAccessPoint, change: Change = () => undefined, others: readonly Drawn[] = []) {
  app.synth();
  const templates = synthesizedTemplates(app).map((source) => ({ ...source, template: structuredClone(source.template) as any }));
  templates.forEach(({ name, template }) => change(template.Resources, name));
  const drawn: Drawn[] = [{ resource: accessPoint.node.defaultChild as CfnElement, attribute: '.Alias', value: ALIAS }, ...others];
  const physicalIds: Record<string, Record<string, string>> = {};
  for (const { resource: { stack, logicalId }, attribute = '', value } of drawn) {
    physicalIds[stack.stackName] = { ...physicalIds[stack.stackName], [`${stack.resolve(logicalId)}${attribute}`]: value };
  }
  const evaluator = AccessEvaluator._of(templates, AccessAssumptions.fromJson({ version: 1, physicalIds }));
  return (principal: string, action: string, resource: string, context: Record<string, string> = {}) =>
    evaluator.decide({ principal, action, resource: `${MULTI_REGION_ARN}${resource}`, context }).outcome;
}
