import { ContextValues } from './context';
import { arnSegments } from './pattern';
import { readable, UNDETERMINED } from './unknown-text';

/** Who sends a request. */
export type Principal =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | IamPrincipal;

/** A role, a user, a root user, or a session of a role. */
export interface IamPrincipal {
  readonly kind: 'iam';

  /** The ARN of the role, user or root user; of the role for its sessions. */
  readonly arn: string;
  readonly account: string;

  /** The ARN of the session, for sessions of a role. */
  readonly sessionArn?: string;

  /** Whether it is a session of the role, and which one is not said. */
  readonly isSessionOpen?: boolean;

  /** Whether the role or user surely has a permissions boundary. */
  readonly hasBoundary?: boolean;

  /** Who vouched for the user of the session: the SAML or OIDC provider with which the role was assumed. */
  readonly provider?: string;
}

/** One request, as policies see it. */
export interface PolicyRequest {
  readonly principal: Principal;

  /** Service and action, such as `s3:GetObject`. */
  readonly action: string;

  /** The ARN of the bucket, object or key that is used. */
  readonly resource: string;
  readonly context: ContextValues;
}

/** The principal behind an ARN, as it occurs in CloudTrail and in policies. */
export function iamPrincipal(arn: string): IamPrincipal {
  const [, partition, service, , account, resource] = arnSegments(arn);
  const session = service === 'sts' ? /^assumed-role\/(.+)\/[^/]+$/.exec(resource) : null;
  return session ? { kind: 'iam', arn: `arn:${partition}:iam::${account}:role/${session[1]}`, account, sessionArn: arn } : { kind: 'iam', arn, account };
}

// Said by the sentence itself, or the same in every request.
const SAID = ['aws:securetransport', 's3:tlsversion', 'aws:principalarn', 'aws:principalaccount', 'aws:principalisawsservice', 'aws:principalservicename', 'aws:viaawsservice', 'aws:epochtime', 'aws:resourceaccount', 's3:resourceaccount'];

// As in most requests: not worth saying.
const ORDINARY: Record<string, string> = { 's3:authtype': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:signatureage': '0' };

/** The request in one sentence. */
export function requestSentence({ principal, action, resource, context }: PolicyRequest): string {
  const transport = context.get('aws:securetransport')?.[0] === 'false' ? ' over plain HTTP' : '';
  const version = context.get('s3:tlsversion');
  const route = context.get('aws:viaawsservice')?.[0] === 'true' ? ', through an AWS service' : isByEndpoint(principal, context) ? ', through a VPC endpoint' : '';
  const details = [...context].filter(([key, [value]]) => !SAID.includes(key) && !key.startsWith('proof:') && value !== UNDETERMINED && ORDINARY[key] !== value).map(([key, values]) => `${key} ${values.join(', ') || '(empty)'}`);
  const sentence = `${principalName(principal)} calls ${action} on ${resource}${transport}${version ? ` over TLS ${version.join(', ')}` : ''}${route}`;
  return readable(details.length > 0 ? `${sentence} (${details.join('; ')})` : sentence);
}

const OF_ENDPOINTS = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:vpceaccount', 'aws:vpcsourceip'];

/** Whether nothing but the lack of an address tells that a request comes through an endpoint. */
function isByEndpoint({ kind }: Principal, context: ContextValues): boolean {
  return kind !== 'service' && context.get('aws:viaawsservice')?.[0] === 'false' && !['aws:sourceip', ...OF_ENDPOINTS].some((key) => context.has(key));
}

function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous': return 'an anonymous caller';
    case 'service': return principal.service;
    case 'federated': return principal.provider;
    case 'iam': return principal.sessionArn ?? principal.arn;
  }
}
