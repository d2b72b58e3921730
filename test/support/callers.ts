import { anonymousPrincipal, type SimulationRequestPrincipal } from '@cloud-copilot/iam-simulate';

/**
 * Condition keys and their values, as AWS puts them into a request. A key that is not here is absent from the request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export type Context = Record<string, string | string[]>;

/** Who sends a request, and what the request says of it. */
export interface Caller {
  readonly principal: SimulationRequestPrincipal;
  readonly context: Context;

  /** Whether the caller's own policies allow everything, so that the bucket policy alone decides. */
  readonly mayDoEverything: boolean;
}

/** An account, with the organization to which it belongs, if it belongs to one. */
export interface Account {
  readonly id: string;
  readonly organizationId?: string;
}

const SIGNED = { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' };

/** A session of a role. `name` includes the role's path, as in `team/Reader`. */
export function role(account: Account, name: string, sessionName = 'session'): Caller {
  const nameWithoutPath = name.split('/').at(-1);
  return {
    principal: `arn:aws:sts::${account.id}:assumed-role/${nameWithoutPath}/${sessionName}`,
    context: iamContext(account, `arn:aws:iam::${account.id}:role/${name}`), // the role's ARN, never the session's
    mayDoEverything: true,
  };
}

export function user(account: Account, name: string): Caller {
  const arn = `arn:aws:iam::${account.id}:user/${name}`;
  return { principal: arn, context: { ...iamContext(account, arn), 'aws:username': name }, mayDoEverything: true };
}

export function root(account: Account): Caller {
  const arn = `arn:aws:iam::${account.id}:root`;
  return { principal: arn, context: iamContext(account, arn), mayDoEverything: true };
}

/** What an AWS service works for when it calls by itself. */
export interface Source {
  readonly account: Account;
  readonly arn?: string;
}

/**
 * An AWS service that calls by itself (log delivery, CloudTrail, CloudFront), for a resource of some account or for
 * nobody in particular. It comes without organization, and its network is redacted.
 */
export function service(name: string, source?: Source): Caller {
  return {
    principal: name,
    context: {
      ...SIGNED,
      'aws:PrincipalAccount': '999999999999', // an account of AWS's own: no policy knows which
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': name,
      ...(source ? { 'aws:SourceAccount': source.account.id } : {}),
      ...(source?.account.organizationId ? { 'aws:SourceOrgID': source.account.organizationId } : {}),
      ...(source?.arn ? { 'aws:SourceArn': source.arn } : {}),
    },
    mayDoEverything: false,
  };
}

/** Nobody: the request is not signed, so it has neither `aws:PrincipalArn` nor `aws:PrincipalIsAWSService`. */
export const ANONYMOUS: Caller = { principal: anonymousPrincipal, context: { 'aws:PrincipalAccount': 'anonymous' }, mayDoEverything: false };

/** A caller whose own policies allow nothing: only the bucket policy can. */
export function withoutPermissions(caller: Caller): Caller {
  return { ...caller, mayDoEverything: false };
}

function iamContext(account: Account, principalArn: string): Context {
  return {
    ...SIGNED,
    'aws:PrincipalArn': principalArn,
    'aws:PrincipalAccount': account.id,
    'aws:PrincipalIsAWSService': 'false',
    ...(account.organizationId ? { 'aws:PrincipalOrgID': account.organizationId } : {}),
  };
}

/** Over the internet, from a public address. */
export function fromAddress(address: string): Context {
  return { 'aws:SourceIp': address };
}

/** Through a VPC endpoint: such a request has no `aws:SourceIp`. */
export function throughEndpoint(vpcEndpointId: string, vpcId: string, privateAddress = '10.0.0.7'): Context {
  return { 'aws:SourceVpce': vpcEndpointId, 'aws:SourceVpc': vpcId, 'aws:VpcSourceIp': privateAddress };
}

/** Between AWS services, where AWS redacts the network. */
export const INSIDE_AWS: Context = {};

/** With a caller's credentials in the hands of a service (a forward access session): the caller's VPC is lost on the way. */
export function viaService(name: string): Context {
  return { 'aws:ViaAWSService': 'true', 'aws:CalledVia': [name], 'aws:CalledViaFirst': name, 'aws:CalledViaLast': name };
}
