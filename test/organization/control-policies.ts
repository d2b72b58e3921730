import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { contextOf } from '../../src/policy/context';
import { parsePolicy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { iamPrincipal, Principal } from '../../src/policy/request';
import { parseResourceControlPolicy } from '../../src/policy/resource-control-policy';

/** The policies of an organization in a stack, as the template has them. */
export function policiesOf(stack: Stack): Record<string, any> {
  return Template.fromStack(stack).findResources('AWS::Organizations::Policy');
}

/** A request, and what it carries beside the keys of an ordinary one. */
export interface Asked {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Record<string, string | undefined>;
}

export const ORGANIZATION = 'o-exampleorgid';

/** A role of a member account that reads an object of the organization through an endpoint of the organization. */
const ORDINARY = {
  'aws:SecureTransport': 'true',
  's3:TlsVersion': '1.3',
  'aws:PrincipalOrgID': ORGANIZATION,
  'aws:PrincipalAccount': '444455556666',
  'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/App',
  'aws:PrincipalIsAWSService': 'false',
  'aws:ViaAWSService': 'false',
  'aws:VpceOrgID': ORGANIZATION,
};

/** Whether any policy of a stack denies a request. */
export function isDenied(stack: Stack, { principal, action = 's3:GetObject', resource = 'arn:aws:s3:::any/a', context }: Asked = {}): boolean {
  return Object.values(policiesOf(stack)).some(({ Properties: { Type: type, Content: content } }) => {
    const policy = type === 'RESOURCE_CONTROL_POLICY' ? parseResourceControlPolicy(content) : parsePolicy(content);
    const caller = principal ?? iamPrincipal('arn:aws:iam::444455556666:role/App');
    const { outcome } = evaluate(policy, { principal: caller, action, resource, context: contextOf({ ...ORDINARY, ...context }) });
    expect(outcome).toMatch(/^(denied|not-mentioned)$/); // never open, and never an allow
    return outcome === 'denied';
  });
}

/** The context of a service that acts for an account. */
export function byService(account: string | undefined, organization: string | undefined): Asked['context'] {
  return {
    'aws:PrincipalOrgID': undefined,
    'aws:PrincipalAccount': undefined,
    'aws:PrincipalArn': undefined,
    'aws:VpceOrgID': undefined,
    'aws:PrincipalIsAWSService': 'true',
    'aws:SourceAccount': account,
    'aws:SourceOrgID': organization,
  };
}
