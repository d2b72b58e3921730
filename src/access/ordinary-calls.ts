import { Caller } from './caller';
import { Home } from './homes';
import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { contains, ipRange, narrowRanges } from '../policy/ip-range';
import { iamPrincipal } from '../policy/request';
import { drawnKind, unknownText } from '../policy/unknown-text';

/** Condition keys with their values; `null` says that the request does not carry the key. */
export type Keys = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * `other-policies`: the caller has permissions of its own. `this-or-nobody`: nothing but this policy lets the caller in; where it does not, no deny stops
 * anything. `this`: the call passes only if this policy allows it, as that of a key has to.
 */
export type AllowedBy = 'other-policies' | 'this-or-nobody' | 'this';

/** What somebody does in the course of the day, over an ordinary connection: encrypted, through no VPC endpoint and no access point, without a second factor. */
export interface OrdinaryCall {
  /** Who calls, for people. */
  readonly name: string;
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;

  /** What the request may carry besides: it passes if it does in one of these ways. */
  readonly alternatives: readonly Keys[];

  /** Whether the policy that is asked has to allow it. */
  readonly allowedBy: AllowedBy;

  /** What is in the organization of the bucket's account: the caller, or that for which a service calls. */
  readonly belongsTo?: 'principal' | 'source';
}

/** The credentials of a role that a service took on: nobody was there with a second factor, and nobody vouched for a person. */
const OF_A_SERVICE: Keys = {
  'aws:MultiFactorAuthPresent': 'false', // in all temporary credentials
  'aws:MultiFactorAuthAge': null,
  'aws:SourceIdentity': null,
  'aws:FederatedProvider': null,
  'aws:SignInSessionArn': null,
  'aws:ChatbotSourceArn': null,
  'aws:Ec2InstanceSourceVpc': null,
  'aws:Ec2InstanceSourcePrivateIPv4': null,
  'aws:ViaCustomerDomain': null,
};

/** Like that of any role, and no user's; it is not that of another role. */
const ID_OF_ROLE = unknownText('the id of the role', { kind: drawnKind('AROA*') });

/**
 * A session of a role that a service took on, such as CloudFormation.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
export function roleCall(arn: string, account: string, call: Pick<OrdinaryCall, 'name' | 'action' | 'resource'>, keys: Keys = {}): OrdinaryCall {
  return { ...call, caller: { kind: 'role', principal: iamPrincipal(arn), account, identityArn: arn }, alternatives: [{ ...OF_A_SERVICE, 'aws:userid': `${ID_OF_ROLE}:session`, ...keys }], allowedBy: call.action.startsWith('kms:') ? 'this' : 'other-policies', belongsTo: 'principal' };
}

/** The keys of a call whose account is in a place of an organization. */
export function keysAt({ belongsTo }: OrdinaryCall, { organization, path }: Home): Keys {
  const subjects = ['resource', ...(belongsTo ? [belongsTo] : [])];
  return Object.fromEntries(subjects.flatMap((subject) => [[`aws:${subject}OrgID`, organization ?? null], [`aws:${subject}OrgPaths`, path ?? null]]));
}

// Ranges for documentation, RFC 5737, and one that is somebody's, if policies mention all of those.
const ADDRESSES = ['198.51.100.77', '203.0.113.77', '192.0.2.77', '18.204.1.77'];

/** An address outside the networks that statements mention. */
export function addressOutside(statements: readonly Statement[]): string {
  const ranges = narrowRanges(statements.flatMap(({ conditions }) => conditions).filter(({ key }) => key === 'aws:sourceip').flatMap(textsOf)).flatMap((text) => ipRange(text) ?? []);
  return ADDRESSES.find((address) => !ranges.some((range) => contains(range, ipRange(address)!))) ?? ADDRESSES[0];
}

function textsOf({ values }: ConditionTest): string[] {
  return values.map(({ source }) => source);
}
