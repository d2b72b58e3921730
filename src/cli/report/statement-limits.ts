import { listed } from '../../listed';
import { own } from '../../own';

type Values = string | readonly string[];

/** A statement as it is deployed, as far as it says on which objects and under which conditions something is allowed. */
interface WrittenStatement {
  readonly Resource?: Values;
  readonly NotResource?: Values;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** How people say that a condition key has certain values. */
const PHRASES: Readonly<Record<string, string>> = {
  'aws:sourcevpce': 'over',
  'aws:sourcevpc': 'from',
  'aws:sourcevpcarn': 'from',
  'aws:sourceip': 'from',
  'aws:vpcsourceip': 'from',
  'aws:principalorgid': 'by principals of',
  'aws:principalorgpaths': 'by principals of',
  'aws:principalaccount': 'by principals of account',
  'aws:principalarn': 'by',
  'aws:sourceaccount': 'for account',
  'aws:sourceorgid': 'for accounts of',
  'aws:sourcearn': 'for',
  's3:dataaccesspointarn': 'through',
  's3:dataaccesspointaccount': 'through access points of account',
  's3:prefix': 'listing',
  'kms:viaservice': 'through',
  'kms:encryptioncontext:aws:s3:arn': 'for',
};

/** What other operators than those for equality say. */
const COMPARISONS: readonly (readonly [operator: RegExp, words: string])[] = [
  [/not(?:equals|like)|^notipaddress/, 'is not'],
  [/lessthanequals$/, 'is at most'],
  [/greaterthanequals$/, 'is at least'],
  [/lessthan$/, 'is less than'],
  [/greaterthan$/, 'is more than'],
];

const SETS: Readonly<Record<string, string>> = { foranyvalue: 'any value of ', forallvalues: 'every value of ' };

/** To which objects a statement is limited, and under which conditions, in words; nothing if it is not. */
export function limitsOf(json: string): string | undefined {
  const { Resource, NotResource, Condition = {} } = JSON.parse(json) as WrittenStatement;
  const conditions = Object.entries(Condition).flatMap(([operator, tests]) => Object.entries(tests).map(([key, values]) => conditionWords(operator, key, values)));
  const limits = [objectsIn(Resource), exceptIn(NotResource), ...conditions].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : limits.join('; ');
}

/** The keys of objects in a resource: of a bucket or of an access point. */
function objectKey(arn: string): string | undefined {
  const [, ofBucket, ofAccessPoint] = /^arn:[^:]*:s3:::[^/]+\/(.*)$|^arn:.*?:accesspoint\/[^/]+\/object\/(.*)$/s.exec(arn) ?? [];
  return ofBucket ?? ofAccessPoint;
}

function objectsIn(resources: Values = []): string | undefined {
  const all = [resources].flat();
  const keys = all.flatMap((arn) => objectKey(arn) ?? []);
  return keys.length === 0 || keys.includes('*') || all.includes('*') ? undefined : `objects ${listed(keys, 'or')}`;
}

function exceptIn(resources: Values = []): string | undefined {
  const excepted = [resources].flat().map((arn) => objectKey(arn) ?? arn);
  return excepted.length === 0 ? undefined : `all but ${listed(excepted, 'or')}`;
}

function conditionWords(operatorName: string, key: string, values: Values): string {
  const [base, set] = operatorName.toLowerCase().split(':').reverse();
  const operator = base.replace(/ifexists$/, '');
  const ifThere = operator === base ? '' : ', where the request has it,';
  const words = listed([values].flat().map(String), 'or');
  if (operator === 'null') {
    return `if ${key} is ${words === 'true' ? 'absent' : words === 'false' ? 'there' : `there or not (Null: ${words})`}`;
  }
  if (operator === 'bool') {
    return key.toLowerCase() === 'aws:securetransport' && words === 'true' && set === undefined ? 'over HTTPS' : `if ${key}${ifThere} is ${words}`;
  }
  const phrase = own(PHRASES, key.toLowerCase());
  const comparison = COMPARISONS.find(([form]) => form.test(operator))?.[1];
  return phrase !== undefined && comparison === undefined && set === undefined && ifThere === '' ? `${phrase} ${words}` : `if ${own(SETS, set ?? '') ?? ''}${key}${ifThere} ${comparison ?? 'is'} ${words}`;
}
