import { isIP } from 'net';
import { PolicyJson, RequestJson, StatementJson } from './random-policies';

/** What an engine says of a request by one policy alone. */
export type Outcome = 'allowed' | 'denied' | 'not-mentioned';

/** One thing that our evaluator and the simulator see differently. */
export interface Disagreement {
  readonly name: string;
  readonly policy: PolicyJson;
  readonly request: RequestJson;
  readonly ours: Outcome;
  readonly theirs: Outcome;

  /** The page of the AWS documentation that decides, or comes closest to it. */
  readonly page: string;
  readonly why: string;

  /** Whether a statement meets a request in just this way. Absent where random policies cannot. */
  readonly holds?: (met: Meeting) => boolean;
}

/** One statement that meets one request. */
export interface Meeting {
  readonly statement: StatementJson;
  readonly hasVariables: boolean;
  readonly request: RequestJson;
  readonly tests: readonly MetTest[];
}

interface MetTest {
  /** The operator in lower case, without `IfExists` and set operator. */
  readonly operator: string;
  readonly hasSet: boolean;
  readonly isForAnyValueIfExists: boolean;
  readonly values: readonly string[];
  readonly requestValue?: string | readonly string[];
}

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const OPERATORS = `${GUIDE}/reference_policies_elements_condition_operators.html`;
const VARIABLES = `${GUIDE}/reference_policies_variables.html`;
const MULTIVALUED = `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`;
const VERSION = '2012-10-17';
const ROLE = 'arn:aws:iam::111122223333:role/Reader';
const OBJECT = 'arn:aws:s3:::bucket/logs/1';

const requestWith = (context: RequestJson['context'], resource = OBJECT): RequestJson => ({ principal: ROLE, action: 's3:GetObject', resource, context });
const allow = (changes: Partial<StatementJson>, version?: string): PolicyJson => {
  const everything = { Principal: '*', ...(changes.NotResource === undefined && { Resource: '*' }) } as const;
  return { Version: version ?? VERSION, Statement: [{ Effect: 'Allow', Action: 's3:*', ...everything, ...changes }] };
};
const allowIf = (operator: string, key: string, value: string, version?: string): PolicyJson =>
  allow({ Condition: { [operator]: { [key]: value } } }, version);

export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    name: 'variables before version 2012-10-17',
    policy: allowIf('StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}', '2008-10-17'),
    request: requestWith({ 'aws:PrincipalOrgID': 'o-exampleorg', 'aws:ResourceOrgID': 'o-exampleorg' }),
    ours: 'not-mentioned',
    theirs: 'allowed',
    page: `${GUIDE}/reference_policies_elements_version.html`,
    why: 'Without version 2012-10-17, variables are literal text. The simulator fills them in whatever the version is.',
    holds: ({ statement, hasVariables }) => !hasVariables && JSON.stringify(statement).includes('${'),
  },
  {
    name: 'a negated operator and a variable without value',
    policy: allowIf('StringNotEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'),
    request: requestWith({ 'aws:PrincipalAccount': '111122223333' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'The page says that inverted operators match against a variable that has no value. The simulator lets them fail.',
    holds: (met) => met.tests.some((test) => isNegated(test) && test.requestValue !== undefined && test.values.some((value) => lacksValue(value, met))),
  },
  {
    name: 'NotResource and a variable without value',
    policy: allow({ NotResource: 'arn:aws:s3:::bucket/home/${aws:PrincipalTag/team}/*' }),
    request: requestWith({}),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'The page says that such an entry matches no resource, in NotResource too, which leaves all resources in scope.',
    holds: (met) => listOf(met.statement.NotResource).some((value) => lacksValue(value, met)),
  },
  {
    name: 'a variable whose value is the empty text',
    policy: allowIf('StringEquals', 's3:prefix', 'home/${aws:PrincipalTag/team}'),
    request: requestWith({ 's3:prefix': 'home/', 'aws:PrincipalTag/team': '' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'The page treats keys that have "no value" like absent ones, and does not say whether the empty text is a value. The simulator says it is none.',
    holds: (met) => textsOf(met).some((text) => variablesOf(text).some(({ key }) => valueOf(key, met) === '')),
  },
  {
    name: 'an empty default value',
    policy: allowIf('StringEquals', 's3:prefix', 'home/${aws:PrincipalTag/team, \'\'}'),
    request: requestWith({ 's3:prefix': 'home/' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'A default is what stands between the quotes. The simulator takes an empty one for none.',
    holds: (met) => textsOf(met).some((text) => variablesOf(text).some(({ key, defaultValue }) => defaultValue === '' && valueOf(key, met) === undefined)),
  },
  {
    name: 'a default value with a comma and a space',
    policy: allowIf('StringEquals', 's3:prefix', '${aws:PrincipalTag/team, \'a, b\'}'),
    request: requestWith({ 's3:prefix': 'a, b' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'A default is what stands between the quotes. The simulator splits at each comma and space.',
  },
  {
    name: 'special characters with an operator that knows no wildcards',
    policy: allowIf('StringEquals', 's3:prefix', 'home/${*}'),
    request: requestWith({ 's3:prefix': 'home/*' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'The page lets ${*}, ${?} and ${$} stand wherever variables may. The simulator reads them with StringLike only.',
    holds: ({ hasVariables, tests }) => hasVariables && tests.some(({ operator, values }) =>
      /^string(not)?equals/.test(operator) && values.some((value) => /\$\{[*?$]}/.test(value))),
  },
  {
    name: 'a variable in the first five segments of an ARN',
    policy: allowIf('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::${aws:PrincipalAccount}:role/Reader'),
    request: requestWith({ 'aws:PrincipalArn': ROLE, 'aws:PrincipalAccount': '111122223333' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'ARN operators know variables; only Resource restricts them to the last segment. The simulator splits the ARN at the colon of the variable.',
    holds: (met) => met.hasVariables && arnTests(met).some(({ values }) => values.some((value) => /^([^:$]*:){1,4}[^:]*\$\{/.test(value))),
  },
  {
    name: 'ArnLike with * alone',
    policy: allowIf('ArnLike', 'aws:PrincipalArn', '*'),
    request: requestWith({ 'aws:PrincipalArn': ROLE }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${OPERATORS}#Conditions_ARN`,
    why: 'The page compares six segments and says nothing of patterns that have fewer. The simulator matches none of them.',
    holds: (met) => arnTests(met).some(({ values }) => values.includes('*')),
  },
  {
    name: 'a negated ARN operator with a pattern of few segments',
    policy: allowIf('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:*:role/Auditor'),
    request: requestWith({ 'aws:PrincipalArn': ROLE }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${OPERATORS}#Conditions_ARN`,
    why: 'A pattern that does not match as a plain text matches in no way. The simulator calls it invalid and lets negated operators fail too.',
    holds: (met) => arnTests(met).some((test) =>
      isNegated(test) && test.requestValue !== undefined && test.values.some((value) => value.split(':').length < 5)),
  },
  {
    name: 'a multi-valued key with one value and no set operator',
    policy: allowIf('StringLike', 'aws:CalledVia', '*.amazonaws.com'),
    request: requestWith({ 'aws:CalledVia': ['athena.amazonaws.com'] }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: MULTIVALUED,
    why: 'Multi-valued keys need a set operator. What IAM does without one is not on the page; the simulator lets the condition fail, negated or not.',
    holds: ({ tests }) => tests.some((test) => lacksSet(test) && test.requestValue?.length === 1),
  },
  {
    name: 'a multi-valued key with no values and no set operator',
    policy: allowIf('StringNotLike', 'aws:CalledVia', '*.amazonaws.com'),
    request: requestWith({ 'aws:CalledVia': [] }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: MULTIVALUED,
    why: 'As with one value. Our evaluator treats the key as absent.',
    holds: ({ tests }) => tests.some((test) => lacksSet(test) && test.requestValue?.length === 0),
  },
  {
    name: 'a multi-valued key with one value as a variable',
    policy: allowIf('StringEquals', 's3:prefix', '${aws:TagKeys}'),
    request: requestWith({ 's3:prefix': 'home/', 'aws:TagKeys': ['home/'] }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: MULTIVALUED,
    why: 'Which value of a multi-valued key a variable stands for is not documented. The simulator fills in none, even if there is but one.',
    holds: (met) => textsOf(met).some((text) => variablesOf(text).some(({ key }) => valuesOf(key, met)?.length === 1)),
  },
  {
    name: 'a multi-valued key with no values as a variable',
    policy: allowIf('StringNotEquals', 's3:prefix', '${aws:TagKeys}'),
    request: requestWith({ 's3:prefix': 'home/', 'aws:TagKeys': [] }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'A key without values has no value, as in the cases of variables without value.',
    holds: (met) => textsOf(met).some((text) => variablesOf(text).some(({ key }) => valuesOf(key, met)?.length === 0)),
  },
  {
    name: 'a multi-valued key with several values as a variable, where none could match',
    policy: allow({ NotResource: 'arn:aws:s3:::bucket/home/${aws:TagKeys}/*' }),
    request: requestWith({ 'aws:TagKeys': ['team', 'cost'] }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: VARIABLES,
    why: 'Whatever the variable stands for, the text around it does not match, and its negation holds. The simulator lets negations fail too.',
    holds: (met) => [
      ...listOf(met.statement.NotResource),
      ...met.tests.flatMap(({ operator, values }) => (/notlike$|^arnnot/.test(operator) ? values : [])),
    ].some((text) => hasSeveralValues(text, met)),
  },
  {
    name: 'seconds since 1970, and years, as dates',
    policy: allowIf('DateEquals', 'aws:CurrentTime', '1768478400'),
    request: requestWith({ 'aws:CurrentTime': '2026-01-15T12:00:00Z' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${OPERATORS}#Conditions_Date`,
    why: 'Dates are ISO 8601 texts, of which a year is one, or epoch time, which is in seconds. The simulator reads every number as milliseconds.',
    holds: ({ tests }) => tests.some(({ operator, values, requestValue }) =>
      operator.startsWith('date') && [...values, requestValue].some((value) => /^\d+$/.test(String(value)))),
  },
  {
    name: 'the range of all IPv4 addresses',
    policy: allowIf('IpAddress', 'aws:SourceIp', '0.0.0.0/0'),
    request: requestWith({ 'aws:SourceIp': '203.0.113.5' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${OPERATORS}#Conditions_IPAddress`,
    why: 'A range of no bits has all addresses. The simulator shifts by 32 bits, which in JavaScript is by none, and compares all of them.',
    holds: ({ tests }) => tests.some(({ operator, values }) => isAddressOperator(operator) && values.includes('0.0.0.0/0')),
  },
  {
    name: 'NotIpAddress with an address of the other version of IP',
    policy: allowIf('NotIpAddress', 'aws:SourceIp', '203.0.113.5'),
    request: requestWith({ 'aws:SourceIp': '2001:db8::1' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${OPERATORS}#Conditions_IPAddress`,
    why: 'The operator matches all addresses but the given ones. The simulator does so for ranges, and not for single addresses.',
    holds: ({ tests }) => tests.some(({ operator, values, requestValue }) =>
      operator === 'notipaddress' && values.some((value) => isIP(value) !== 0 && isIP(value) !== isIP(String(requestValue)))),
  },
  {
    name: 'one IPv6 address written in two ways',
    policy: allowIf('IpAddress', 'aws:SourceIp', '2001:DB8::1'),
    request: requestWith({ 'aws:SourceIp': '2001:db8::1' }),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${OPERATORS}#Conditions_IPAddress`,
    why: 'An address without prefix is the range of this address. The simulator compares the texts.',
    holds: ({ tests }) => tests.some(({ operator, values, requestValue }) => isAddressOperator(operator)
      && values.some((value) => isIP(value) === 6 && value !== requestValue && value.toLowerCase() === requestValue)),
  },
  {
    name: 'a line break in the key of an object',
    policy: allow({ Resource: 'arn:aws:s3:::bucket/*' }),
    request: requestWith({}, 'arn:aws:s3:::bucket/logs/a\nb'),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${GUIDE}/reference_policies_elements_resource.html`,
    why: '* stands for any combination of characters. The simulator uses a regular expression whose dot stops at line breaks.',
    holds: ({ request }) => request.resource.includes('\n'),
  },
  {
    name: 'a * in the key of an object',
    policy: allow({ Resource: 'arn:aws:s3:::bucket/logs/1' }),
    request: requestWith({}, 'arn:aws:s3:::bucket/logs/*'),
    ours: 'not-mentioned',
    theirs: 'allowed',
    page: `${GUIDE}/reference_policies_elements_resource.html`,
    why: 'Keys may have a *, and wildcards are a matter of policies. The simulator reads a * in the request as all objects that it could stand for.',
    holds: ({ request }) => request.resource.includes('*'),
  },
  {
    name: 'NotResource with a short ARN that does not match',
    policy: allow({ NotResource: 'arn:aws:sqs:*' }),
    request: requestWith({}),
    ours: 'allowed',
    theirs: 'not-mentioned',
    page: `${GUIDE}/reference_policies_elements_notresource.html`,
    why: 'NotResource matches every resource but those that are listed. The simulator is careful with short ARNs and matches none.',
    holds: ({ statement }) => listOf(statement.NotResource).some((value) => isOpenPattern(value) && isCompleted(value)),
  },
  {
    name: 'a session of a role that has a path',
    policy: allow({ Principal: { AWS: 'arn:aws:iam::111122223333:role/team/Reader' } }),
    request: { ...requestWith({}), principal: 'arn:aws:sts::111122223333:assumed-role/Reader/alice' },
    ours: 'not-mentioned',
    theirs: 'allowed',
    page: `${GUIDE}/reference_identifiers.html`,
    why: 'ARNs of sessions leave the path of the role out, so that our reading of them cannot know it. The simulator compares the names of the roles alone.',
  },
];

const REASONS: readonly { readonly name: string; readonly holds: (met: Meeting) => boolean }[] = [
  {
    name: 'ForAnyValue with IfExists on an absent key',
    holds: ({ tests }) => tests.some((test) => test.isForAnyValueIfExists && test.requestValue === undefined),
  },
  {
    name: 'several values without a set operator',
    holds: ({ tests }) => tests.some((test) => lacksSet(test) && (test.requestValue?.length ?? 0) > 1),
  },
  { name: 'a canonical user, whose account the policy does not tell', holds: ({ statement }) => JSON.stringify([statement.Principal, statement.NotPrincipal]).includes('CanonicalUser') },
  { name: 'NotPrincipal that lists its caller in part', holds: ({ statement, request }) => namesInPart(statement, request) },
  {
    name: 'a short ARN with wildcards',
    holds: (met) => arnTests(met).some(({ values }) => values.some(isOpenPattern))
      || resourcesOf(met).some((text) => isOpenPattern(text) && !isCompleted(text)),
  },
  { name: 'a multi-valued key as a variable', holds: (met) => textsOf(met).some((text) => hasSeveralValues(text, met)) },
];

/** The names of the disagreements that a statement and a request meet. */
export function disagreementsOf(met: Meeting): string[] {
  return DISAGREEMENTS.filter(({ holds }) => holds?.(met)).map(({ name }) => name);
}

/** The documented reasons for which a statement may be left undecided. */
export function reasonsToLeaveOpen(met: Meeting): string[] {
  return REASONS.filter(({ holds }) => holds(met)).map(({ name }) => name);
}

export function meeting(policy: PolicyJson, statement: StatementJson, request: RequestJson): Meeting {
  const tests = Object.entries(statement.Condition ?? {}).flatMap(([name, block]) =>
    Object.entries(block).map(([key, values]) => metTest(name.toLowerCase(), key, values, request)));
  return { statement, hasVariables: policy.Version === VERSION, request, tests };
}

function metTest(name: string, key: string, values: string | readonly string[], request: RequestJson): MetTest {
  const hasSet = name.includes(':');
  return {
    operator: name.replace(/^.*:/, '').replace(/ifexists$/, ''),
    hasSet,
    isForAnyValueIfExists: name.startsWith('foranyvalue:') && name.endsWith('ifexists'),
    values: listOf(values),
    requestValue: contextValue(key, request),
  };
}

function contextValue(key: string, { context }: RequestJson): string | readonly string[] | undefined {
  return Object.entries(context).find(([other]) => other.toLowerCase() === key.toLowerCase())?.[1];
}

function valueOf(key: string, { hasVariables, request }: Meeting): string | readonly string[] | undefined {
  return hasVariables ? contextValue(key, request) : undefined;
}

function valuesOf(key: string, met: Meeting): readonly string[] | undefined {
  const value = valueOf(key, met);
  return isList(value) ? value : undefined;
}

function variablesOf(text: string): { key: string; defaultValue?: string }[] {
  return Array.from(text.matchAll(/\$\{([^},*?$]+)(?:, '([^']*)')?}/g), ([, key, defaultValue]) => ({ key, defaultValue }));
}

function lacksValue(text: string, met: Meeting): boolean {
  return met.hasVariables && variablesOf(text).some(({ key, defaultValue }) => defaultValue === undefined && valueOf(key, met) === undefined);
}

function hasSeveralValues(text: string, met: Meeting): boolean {
  return met.hasVariables && variablesOf(text).some(({ key }) => (valuesOf(key, met)?.length ?? 0) > 1);
}

function resourcesOf({ statement }: Meeting): readonly string[] {
  return [...listOf(statement.Resource), ...listOf(statement.NotResource)];
}

/** All texts of the statement that may have variables, if its policy knows them. */
function textsOf(met: Meeting): readonly string[] {
  return met.hasVariables ? [...resourcesOf(met), ...met.tests.flatMap(({ values }) => values)] : [];
}

function arnTests({ tests }: Meeting): readonly MetTest[] {
  return tests.filter(({ operator }) => operator.startsWith('arn'));
}

function isNegated({ operator }: MetTest): boolean {
  return /^(string|arn)not/.test(operator);
}

/** Whether a multi-valued key is compared without `ForAllValues` and `ForAnyValue`. */
function lacksSet({ operator, hasSet, requestValue }: MetTest): boolean {
  return operator !== 'null' && !hasSet && isList(requestValue);
}

function isAddressOperator(operator: string): boolean {
  return operator.endsWith('ipaddress');
}

function isOpenPattern(text: string): boolean {
  return text !== '*' && text.split(':').length < 6 && /[*?]/.test(text);
}

/** Whether the Resource element adds the missing segments. */
function isCompleted(text: string): boolean {
  return text.startsWith('arn:') && text.endsWith('*');
}

function namesInPart({ NotPrincipal }: StatementJson, { principal }: RequestJson): boolean {
  const [, , service, , account] = principal.split(':');
  const isIam = service === 'iam' || service === 'sts';
  return isIam && NotPrincipal !== undefined && NotPrincipal !== '*' && listOf(NotPrincipal.AWS).some((entry) => entry.includes(account));
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : isList(value) ? value : [value];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
