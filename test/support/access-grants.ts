import { App } from 'aws-cdk-lib';
import { AccessAssumptions, AccessEvaluator, AccessGrantsLocation } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';

export const OWNER = '111122223333';
export const PARTNER = '444455556666';
export const INSTANCE_ARN = `arn:aws:s3:eu-west-1:${OWNER}:access-grants/default`;
export const GROUP_ID = 'a1b2c3d4-5678-90ab-cdef-1234567890ab';
export const IDENTITY_CENTER = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';

/** Changes the template of a stack. */
export type Change = (resources: Record<string, any>, stackName: string) => void;

/** The policy with which S3 Access Grants narrows a session to a grant, as AWS documents what a grant covers. */
export function sessionPolicy(bucketName: string, prefix: string, permission: string): object {
  const objects = { Effect: 'Allow', Resource: `arn:aws:s3:::${bucketName}/${prefix}*` };
  return {
    Version: '2012-10-17',
    Statement: [
      ...(permission === 'WRITE' ? [] : [{ ...objects, Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListMultipartUploadParts'] }]),
      ...(permission === 'WRITE' ? [] : [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucketName}`, Condition: { StringLike: { 's3:prefix': `${prefix}*` } } }]),
      ...(permission === 'READ' ? [] : [{ ...objects, Action: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:AbortMultipartUpload'] }]),
      { Effect: 'Allow', Action: 'kms:*', Resource: '*' },
    ],
  };
}

/** What requests may do with credentials that a location vends, by the synthesized templates. */
export function vending(app: App, location: AccessGrantsLocation, change: Change = () => undefined) {
  app.synth();
  const templates = synthesizedTemplates(app).map((source) => ({ ...source, template: structuredClone(source.template) as any }));
  templates.forEach(({ name, template }) => change(template.Resources, name));
  const { stack, logicalId } = location.role.node.defaultChild as any;
  const roleName = templates.find(({ name }) => name === stack.stackName)!.template.Resources[stack.resolve(logicalId)].Properties.RoleName ?? 'LocationRole';
  const evaluator = AccessEvaluator._of(templates, AccessAssumptions.fromJson({ version: 1, physicalIds: { [stack.stackName]: { [stack.resolve(logicalId)]: roleName } } }));
  return (action: string, resource: string, context: Record<string, any> = {}, sessionPolicies?: object[]) => evaluator.decide({
    principal: `arn:aws:sts::${OWNER}:assumed-role/${roleName}/access-grants`, action, resource, sessionPolicies, context: { 's3:AccessGrantsInstanceArn': INSTANCE_ARN, ...context },
  }).outcome;
}
