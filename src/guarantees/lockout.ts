import { allOf } from './callers';
import { Conditions, Guarantee, PROOF_KEYS } from '../proof/guarantee';

/** What keeps an ordinary session out, by key in lower case: it is asked about only where a policy asks. */
const ORDINARY: Readonly<Record<string, Conditions>> = {
  'aws:multifactorauthpresent': { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  'aws:multifactorauthage': { Null: { 'aws:MultiFactorAuthAge': 'true' } },
  's3:tlsversion': { NumericLessThanEqualsIfExists: { 's3:TlsVersion': '1.3' } },
  's3:dataaccesspointaccount': { Null: { 's3:DataAccessPointAccount': 'true' } },
  's3:dataaccesspointarn': { Null: { 's3:DataAccessPointArn': 'true' } },
};

/** Roles and users of an account, as they call in the course of the day. */
export interface OrdinaryCallers {
  readonly account: string;

  /** An address outside the networks of a policy. */
  readonly address: string;

  /** Condition keys that the policy asks about, in lower case. */
  readonly keys: readonly string[];
}

/**
 * No role and no user of an account may do something over an ordinary connection: encrypted, through no VPC endpoint, from an address outside the
 * networks of a policy, in a session without a second factor, and by itself: no service calls for it.
 */
export function nobodyOfAccountMay(action: string, { account, address, keys }: OrdinaryCallers): Guarantee {
  const conditions = [
    { StringEquals: { 'aws:PrincipalAccount': account, [PROOF_KEYS.callerKind]: ['role', 'user'] }, Bool: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' } },
    { Null: { 'aws:SourceVpce': 'true' }, IpAddressIfExists: { 'aws:SourceIp': address } },
    ...Object.keys(ORDINARY).filter((key) => keys.includes(key)).map((key) => ORDINARY[key]),
  ];
  return {
    sentence: `Nobody of the account may call ${action} over an ordinary connection.`,
    breaches: [{ Action: action, Condition: allOf(...conditions) }],
  };
}
