import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { accountIn, accountValueIn, evaluable } from '../guardrails/evaluable-statement';
import { contextOf } from '../policy/context';
import { Statement } from '../policy/document';
import { applies } from '../policy/evaluate';
import { textPattern } from '../policy/pattern';
import { StatementJson } from '../policy/public-allow';
import { iamPrincipal, PolicyRequest } from '../policy/request';
import { UNDETERMINED } from '../policy/unknown-text';
import { keyRequests, prove } from '../proof/prove';
import { Refusal } from '../refusal';

const ADMINISTRATION = 'kms:PutKeyPolicy';

/** Without these, nobody can read the data, or nobody can mend the policy. */
const NEEDED = ['kms:Decrypt', 'kms:GenerateDataKey', ADMINISTRATION];

/** What conditions may ask about the key itself, by condition key. */
export type KeyFacts = Readonly<Record<string, string>>;

/**
 * What a template says of a key. Of what is not known, nothing is said.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function keyFactsIn({ KeySpec, KeyUsage, Origin, MultiRegion }: Readonly<Record<string, unknown>>): KeyFacts {
  const [spec, usage] = [orDefault(KeySpec, ALGORITHM), orDefault(KeyUsage, 'ENCRYPT_DECRYPT')];
  return {
    'kms:keyspec': spec,
    'kms:customermasterkeyspec': spec,
    'kms:keyusage': usage,
    'kms:customermasterkeyusage': usage,
    'kms:keyorigin': orDefault(Origin, 'AWS_KMS'),
    'kms:multiregion': orDefault(MultiRegion, 'false'),
  };
}

function orDefault(value: unknown, otherwise: string): string {
  return value === undefined ? otherwise : ['string', 'boolean'].includes(typeof value) ? String(value) : UNDETERMINED;
}

/**
 * The denies of a key's policy that, together, leave nobody of the key's own account who may do what is needed. That somebody needs a tag or a network
 * is the author's affair, as long as some would do.
 *
 * @param statements of the policy, as they will be deployed
 * @param key what is known of the key
 */
export function lockouts(statements: readonly StatementJson[], stack: Stack, key: KeyFacts): Refusal[] {
  const denies = statements.filter(({ Effect }) => Effect === 'Deny').flatMap((statement) => evaluable(statement, stack) ?? []);
  const locked = denies.length === 0 ? [] : NEEDED.flatMap((action) => lockout(action, denies, stack, key) ?? []);
  return locked.filter(({ sids }, at) => locked.findIndex((other) => String(other.sids) === String(sids)) === at).map(({ sids, action }) => ({
    problem: `${sids.length === 1 ? `the statement ${sids[0]} of the policy of its key locks` : `the statements ${sids.join(', ')} of the policy of its key together lock`} out everybody from ${action}.`,
    remedy: 'Name the principals that it denies, or spare those who work with the data and the key.',
  }));
}

/** An action that is denied to everybody, and the statements that deny it. */
interface Lockout {
  readonly action: string;
  readonly sids: string[];
}

function lockout(action: string, denies: readonly Statement[], stack: Stack, key: KeyFacts): Lockout | undefined {
  const asked = denies.flatMap(({ conditions }) => conditions.map((condition) => condition.key));
  const requests = callersOf(denies, accountIn(stack)).map((arn) => requestOf(arn, action, stack, key, asked));
  const isDenied = (deny: Statement, request: PolicyRequest) => applies(deny, request) === true;
  const alone = denies.find((deny) => requests.every((request) => isDenied(deny, request)));
  if (!alone && !requests.every((request) => denies.some((deny) => isDenied(deny, request)))) {
    return stopsEveryRequest(denies, action, stack) ? { action, sids: needed(denies, action, stack).map(nameOf) } : undefined;
  }
  const denying = alone ? [alone] : denies.filter((deny) => requests.some((request) => isDenied(deny, request)));
  return { action, sids: denying.map(nameOf) };
}

function nameOf({ sid }: Statement): string {
  return `'${sid ?? '(without a Sid)'}'`;
}

/** Whether no request of the account gets through, whatever its tags, its network and all else may be. */
function stopsEveryRequest(statements: readonly Statement[], action: string, stack: Stack): boolean {
  const [account, arn] = [accountIn(stack), keyIn(stack)];
  const ofAccount = { StringEquals: { 'aws:PrincipalAccount': account }, Bool: { 'aws:PrincipalIsAWSService': 'false' }, ...afterAllDays(statements) };
  const Condition = action === ADMINISTRATION ? ofAccount : { ...ofAccount, StringLike: { 'kms:ViaService': 's3.*' }, Null: { [ENCRYPTION_CONTEXT]: 'false' } };
  const nobody = { sentence: `Nobody of the account calls ${action}.`, breaches: [{ Action: action, Condition }] };
  return prove({ statements }, nobody, { arn, objects: arn, account, partition: 'aws' }, keyRequests).verdict === 'holds';
}

/** S3 says with each of its calls for which bucket or object it is. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context */
const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:aws:s3:arn';

/** The time after all days that statements mention: what is denied from one of them on is denied for ever. */
function afterAllDays(statements: readonly Statement[]): object {
  const days = statements.flatMap(({ conditions }) => conditions).filter(({ key }) => key === 'aws:currenttime').flatMap(({ values }) => values.map(({ source }) => Date.parse(source)));
  const known = days.filter((day) => !Number.isNaN(day));
  return known.length === 0 ? {} : { DateGreaterThan: { 'aws:CurrentTime': new Date(Math.max(...known)).toISOString() } };
}

/** Those of some denies without which somebody would get through. */
function needed(denies: readonly Statement[], action: string, stack: Stack): Statement[] {
  return denies.reduce<Statement[]>((left, deny) => {
    const others = left.filter((one) => one !== deny);
    return stopsEveryRequest(others, action, stack) ? others : left;
  }, [...denies]);
}

/** Principals of an account: one of each kind that nothing names, and those that the statements name. */
function callersOf(statements: readonly Statement[], account: string): string[] {
  const unnamed = ['root', 'role/Anyone', 'user/Anyone'].map((name) => `arn:aws:iam::${account}:${name}`);
  const entries = statements.flatMap(({ principal }) => principal?.members ?? []).map(({ text }) => text);
  const values = statements.flatMap(({ conditions }) => conditions).filter(({ key }) => key === 'aws:principalarn').flatMap(({ values: written }) => written.map(({ source }) => source));
  const patterns = values.filter((value) => !unnamed.some((arn) => textPattern(value).matches(arn) === true));
  return [...new Set([...unnamed, ...[...entries, ...patterns].flatMap((text) => callerNamed(text, account) ?? [])])];
}

/** A principal of an account that a text means; one of which nothing is known where that cannot be told, and none where it means others. */
function callerNamed(text: string, account: string): string | undefined {
  const [, owner, name] = ARN_OF_PRINCIPAL.exec(text) ?? [];
  if (name !== undefined && !/[*?]/.test(owner.replace(/^\*$/, ''))) {
    return [account, '*'].includes(owner) ? `arn:aws:iam::${account}:${name.replace(/[*?]/g, 'x')}` : undefined;
  }
  return /[*?]/.test(text) && text !== '*' ? UNDETERMINED : undefined;
}

const ARN_OF_PRINCIPAL = /^arn:[^:]*:iam::([^:]*):((?:role|user)\/.*)$/;

/** S3 uses symmetric keys alone. */
const ALGORITHM = 'SYMMETRIC_DEFAULT';

const KINDS: Record<string, string> = { root: 'Account', role: 'AssumedRole', user: 'User' };

/** Data is used through S3. What else conditions ask for may be anything. */
function requestOf(arn: string, action: string, stack: Stack, key: KeyFacts, conditionKeys: readonly string[]): PolicyRequest {
  const isKnown = arn !== UNDETERMINED;
  const [kind] = arn.split(':').at(-1)!.split('/');
  const account = accountIn(stack);
  const context = contextOf({
    ...Object.fromEntries(conditionKeys.filter((asked) => !OF_SERVICES.includes(asked)).map((asked) => [asked, UNDETERMINED])),
    ...key,
    'aws:principalarn': arn,
    'aws:principalaccount': accountValueIn(stack),
    'kms:calleraccount': accountValueIn(stack),
    'aws:principaltype': KINDS[kind] ?? UNDETERMINED,
    'aws:principalisawsservice': 'false',
    'aws:securetransport': 'true',
    'aws:currenttime': new Date().toISOString(),
    'aws:epochtime': String(Math.floor(Date.now() / 1000)),
    ...(Token.isUnresolved(stack.region) ? {} : { 'aws:requestedregion': stack.region }),
    ...(action === ADMINISTRATION ? {} : { 'aws:viaawsservice': 'true', 'kms:viaservice': s3In(stack), 'kms:encryptioncontextkeys': 'aws:s3:arn', 'kms:encryptionalgorithm': ALGORITHM }),
  });
  return { principal: iamPrincipal(isKnown ? arn : `arn:aws:iam::${account}:role/Anyone`), action, resource: keyIn(stack), context };
}

function keyIn(stack: Stack): string {
  return `arn:aws:kms:eu-west-1:${accountIn(stack)}:key/own`;
}

function s3In({ region }: Stack): string {
  return Token.isUnresolved(region) ? UNDETERMINED : `s3.${region}.${RegionInfo.get(region).domainSuffix ?? 'amazonaws.com'}`;
}

/**
 * In requests of services only.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
 */
const OF_SERVICES = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:principalservicename', 'aws:principalservicenameslist'];
