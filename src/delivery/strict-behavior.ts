import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { isManagedWithoutTransportSecurity } from './security-headers';
import { Refusal } from '../refusal';

/** Methods that change nothing. */
export const READING = ['GET', 'HEAD', 'OPTIONS'];

/** What a behavior gets where it says nothing: HTTPS, and the security headers that AWS manages (HSTS among them). */
export function strictBehavior<T extends cloudfront.AddBehaviorOptions>(options: T): T {
  return {
    ...options,
    viewerProtocolPolicy: options.viewerProtocolPolicy ?? cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    responseHeadersPolicy: options.responseHeadersPolicy ?? cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
  };
}

/** What is wrong with a behavior, whatever its origin. */
export function weakBehavior(pathPattern: string, { viewerProtocolPolicy, responseHeadersPolicy }: cloudfront.AddBehaviorOptions): Refusal | undefined {
  if (viewerProtocolPolicy === cloudfront.ViewerProtocolPolicy.ALLOW_ALL) {
    return {
      problem: `'viewerProtocolPolicy: ALLOW_ALL' of the behavior for '${pathPattern}' would serve viewers over plain HTTP.`,
      remedy: 'Leave it out, or use REDIRECT_TO_HTTPS or HTTPS_ONLY.',
    };
  }
  if (responseHeadersPolicy && lacksTransportSecurity(responseHeadersPolicy)) {
    return {
      problem: `'responseHeadersPolicy' of the behavior for '${pathPattern}' has no Strict-Transport-Security.`,
      remedy: "Add 'securityHeadersBehavior.strictTransportSecurity' to it, or leave it out.",
    };
  }
  return undefined;
}

/** What is wrong with a behavior that leads to the bucket. */
export function exposedUploads(pathPattern: string, options: cloudfront.AddBehaviorOptions, allowUploads: boolean): Refusal | undefined {
  const writing = (options.allowedMethods?.methods ?? []).filter((method) => !READING.includes(method));
  if (writing.length === 0) {
    return undefined;
  }
  if (!allowUploads) {
    return {
      problem: `'allowedMethods' of the behavior for '${pathPattern}' lets viewers send ${writing.join(', ')}, and CloudFront may only read the bucket.`,
      remedy: "Leave it out, or set 'allowUploads'.",
    };
  }
  return knowsViewers(options) ? undefined : {
    problem: `anybody could upload through the behavior for '${pathPattern}': it does not tell who viewers are.`,
    remedy: "Give it 'trustedKeyGroups', or a function on viewer requests that authenticates them.",
  };
}

function knowsViewers({ trustedKeyGroups = [], functionAssociations = [], edgeLambdas = [] }: cloudfront.AddBehaviorOptions): boolean {
  return trustedKeyGroups.length > 0
    || functionAssociations.some(({ eventType }) => eventType === cloudfront.FunctionEventType.VIEWER_REQUEST)
    || edgeLambdas.some(({ eventType }) => eventType === cloudfront.LambdaEdgeEventType.VIEWER_REQUEST);
}

/** Whether headers are seen to leave Strict-Transport-Security out. What a policy that is imported says is not known, except those of AWS. */
function lacksTransportSecurity(policy: cloudfront.IResponseHeadersPolicyRef): boolean {
  const { responseHeadersPolicyId } = policy.responseHeadersPolicyRef;
  const resource = policy instanceof cloudfront.ResponseHeadersPolicy ? policy.node.defaultChild : policy; // those of AWS are in no construct tree
  return isManagedWithoutTransportSecurity(responseHeadersPolicyId) || (resource instanceof cloudfront.CfnResponseHeadersPolicy && !transportSecurityAge(resource));
}

/** For how long browsers keep to HTTPS, in seconds. */
function transportSecurityAge(policy: cloudfront.CfnResponseHeadersPolicy): unknown {
  const { securityHeadersConfig } = policy.stack.resolve(policy.responseHeadersPolicyConfig);
  return securityHeadersConfig?.strictTransportSecurity?.accessControlMaxAgeSec;
}
