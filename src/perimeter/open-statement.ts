import { own } from '../own';
import { jsonText } from '../policy/json';
import { arnSegments } from '../policy/pattern';
import { StatementJson } from '../policy/public-allow';
import { Refusal } from '../refusal';

const CONFINING_OPERATOR = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;

/** Condition keys that say whose resource a request is for, and what their values look like when they name an owner. */
const OWNER_KEYS: Readonly<Record<string, RegExp>> = {
  'aws:resourceorgid': /^[^*?]+$/,
  'aws:resourceaccount': /^[^*?]+$/,
  's3:resourceaccount': /^[^*?]+$/,
  's3:dataaccesspointaccount': /^[^*?]+$/,
  'aws:resourceorgpaths': /^o-[a-z0-9]+\//,
  's3:dataaccesspointarn': /^arn:[^:]*:s3:[^:]*:[^:*?]+:accesspoint\//,
};

const TOKEN = /\$\{Token\[[^\]]*\]\}/g;
const POLICY_VARIABLE = '${';

/** Actions on no bucket at all, which may be allowed on everything. */
const ON_NO_BUCKET = ['s3:listallmybuckets'];

/**
 * Why a statement in an endpoint's policy would lead to buckets that it does not name; nothing if it does not. What is known at deployment
 * only is one value.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html#edit-vpc-endpoint-policy-s3
 */
export function openStatement(statement: StatementJson): Refusal | undefined {
  const actions = listed(statement.Action);
  if (statement.Effect !== 'Allow' || namesOwner(statement.Condition ?? {}) || (actions.length > 0 && actions.every((action) => ON_NO_BUCKET.includes(action.toLowerCase())))) {
    return undefined;
  }
  const open = statement.NotResource === undefined ? listed(statement.Resource).find(isOpen) : '*';
  return open === undefined ? undefined : {
    problem: `the statement '${statement.Sid ?? '(without a Sid)'}' would let the endpoint lead to '${open}', which are buckets of other owners, too.`,
    remedy: "Name buckets or access points, or hold the statement to owners with a condition on 'aws:ResourceOrgID' or 'aws:ResourceAccount'.",
  };
}

/** Whether a resource stands for buckets of owners who are not named: bucket names are those of all accounts, access points have an account. */
function isOpen(resource: string): boolean {
  const text = resource.replace(TOKEN, 'token');
  const [, , , , account, ...rest] = text.startsWith('arn:') ? arnSegments(text) : ['', '', '', '', '', text];
  const [kind] = rest.join(':').split('/');
  return kind === 'accesspoint' ? account === '' || /[*?]/.test(account) : /[*?]|\$\{/.test(kind) || kind === '';
}

function namesOwner(condition: Record<string, Record<string, unknown>>): boolean {
  return Object.entries(condition).filter(([operator]) => CONFINING_OPERATOR.test(operator)).some(([, keys]) => Object.entries(keys).some(([key, values]) => {
    const shape = own(OWNER_KEYS, key.toLowerCase());
    const texts = listed(values).map((value) => value.replace(TOKEN, 'token'));
    return shape !== undefined && texts.length > 0 && texts.every((text) => shape.test(text) && !text.includes(POLICY_VARIABLE));
  }));
}

function listed(value: unknown): string[] {
  return [value ?? []].flat().map(jsonText);
}
