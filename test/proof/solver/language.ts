/*
 * The policy language once more, written for the solver alone: it shares no code with the evaluator.
 *
 * See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

/** One operator applied to one key, both in lower case. */
export interface AskedTest {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface AskedStatement {
  readonly effect: string;
  readonly principals?: { readonly isInverted: boolean; readonly names: readonly (readonly [kind: string, text: string])[] };
  readonly actions: { readonly isInverted: boolean; readonly patterns: readonly string[] };
  readonly resources?: { readonly isInverted: boolean; readonly patterns: readonly string[] };
  readonly tests: readonly AskedTest[];
}

const listOf = (value: any): string[] => [value].flat().map(String);

export function readStatement(json: any): AskedStatement {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition = {} } = json;
  const named = Principal ?? NotPrincipal;
  const names = named === undefined ? [] : named === '*' ? [['AWS', '*'] as const] : Object.entries(named).flatMap(([kind, texts]) => listOf(texts).map((text) => [kind, text] as const));
  const resources = Resource ?? NotResource;
  return {
    effect: json.Effect ?? 'Allow',
    principals: named === undefined ? undefined : { isInverted: NotPrincipal !== undefined, names },
    actions: { isInverted: NotAction !== undefined, patterns: listOf(Action ?? NotAction ?? '*') },
    resources: resources === undefined ? undefined : { isInverted: NotResource !== undefined, patterns: listOf(resources) },
    tests: Object.entries<any>(Condition).flatMap(([operator, block]) =>
      Object.entries<any>(block).map(([key, values]) => ({ operator: operator.toLowerCase(), key: key.toLowerCase(), values: listOf(values) }))),
  };
}

/** What a test says of the values of its key; undefined where that is not documented. */
export function decide({ operator, values }: AskedTest, given: readonly string[] | undefined): boolean | undefined {
  if (operator === 'null') {
    return values.includes(String(given === undefined));
  }
  const set = operator.startsWith('forallvalues:') ? 'all' : operator.startsWith('foranyvalue:') ? 'any' : undefined;
  const isOptional = operator.endsWith('ifexists');
  const base = operator.replace(/^for(?:all|any)values?:/, '').replace(/ifexists$/, '');
  const isNegated = base.includes('not');
  const plain = base.replace('not', '');
  if (given === undefined) {
    return set === 'all' ? true : set === 'any' ? (isOptional ? undefined : false) : isOptional || isNegated;
  }
  const accepts = (one: string) => values.some((value) => compare(plain, value, one)) !== isNegated;
  if (set === undefined && given.length > 1) {
    return undefined;
  }
  return set === 'all' ? given.every(accepts) : given.some(accepts);
}

function compare(operator: string, policy: string, request: string): boolean {
  switch (operator) {
    case 'stringequals': return policy === request;
    case 'stringequalsignorecase': return policy.toLowerCase() === request.toLowerCase();
    case 'stringlike': return like(policy, request, '[^]');
    case 'arnequals': case 'arnlike': return arnLike(policy, request);
    case 'bool': return policy.toLowerCase() === request.toLowerCase();
    case 'ipaddress': return isIn(request, policy);
    case 'numericequals': return Number(request) === Number(policy);
    case 'numericlessthan': return Number(request) < Number(policy);
    case 'numericlessthanequals': return Number(request) <= Number(policy);
    case 'numericgreaterthan': return Number(request) > Number(policy);
    case 'numericgreaterthanequals': return Number(request) >= Number(policy);
    case 'datelessthan': return momentOf(request) < momentOf(policy);
    case 'dategreaterthanequals': return momentOf(request) >= momentOf(policy);
    default: throw new Error(`the solver does not know '${operator}'`);
  }
}

export function like(pattern: string, text: string, any = '[^]'): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, `${any}*`).replace(/\?/g, any);
  return new RegExp(`^${source}$`).test(text);
}

function arnLike(pattern: string, arn: string): boolean {
  const cut = (text: string) => [...text.split(':').slice(0, 5), text.split(':').slice(5).join(':')];
  return pattern === '*' || (arn.split(':').length >= 6 && cut(pattern).every((part, i) => like(part, cut(arn)[i], i === 5 ? '[^]' : '[^:]')));
}

function momentOf(text: string): number {
  return /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** Whether an address is in a range. Ranges of IPv6 are compared by whole groups of 16 bits, which is all that is asked here. */
function isIn(address: string, range: string): boolean {
  const [network, bits] = range.split('/');
  if (network.includes(':') !== address.includes(':')) {
    return false;
  }
  if (network.includes(':')) {
    const groups = (text: string) => text.split('::')[0].split(':').filter((group) => group !== '');
    return groups(network).slice(0, Number(bits) / 16).every((group, i) => groups(address)[i] === group);
  }
  const number = (text: string) => text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits ?? 32));
  return Math.floor(number(network) / size) === Math.floor(number(address) / size);
}
