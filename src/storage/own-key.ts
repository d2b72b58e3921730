import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { unretained, weakened } from './guarded-properties';
import { identitiesInKeyPolicy } from './origin-access-identity';
import { deployedResource, displaced, hasOverrides } from '../guardrails/deployed-resource';
import { alwaysHas, possibleStatements } from '../guardrails/deployed-statements';
import { canonical, hasTransform, isIntrinsic, variants } from '../guardrails/template-values';
import { contextOf } from '../policy/context';
import { parsePolicy, Statement } from '../policy/document';
import { applies } from '../policy/evaluate';
import { StatementJson, whyPublic } from '../policy/public-allow';
import { iamPrincipal, PolicyRequest } from '../policy/request';
import { UNDETERMINED, unknownText } from '../policy/unknown-text';
import { Refusal, sentenceOf } from '../refusal';

/** A property of `AWS::KMS::Key` that the bucket relies on. */
interface GuardedKeyProperty {
  readonly property: string;
  readonly requirement: string;
  readonly holds: (value: unknown) => boolean;
}

const NO = [undefined, false, 'false'];
const YES = [true, 'true'];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
const GUARDED: GuardedKeyProperty[] = [
  { property: 'EnableKeyRotation', requirement: 'its key rotates', holds: (value) => YES.includes(value as any) },
  { property: 'Enabled', requirement: 'its key is enabled', holds: (value) => value === undefined || YES.includes(value as any) },
  { property: 'PendingWindowInDays', requirement: 'its key can be saved for 30 days when it is scheduled for deletion', holds: (value) => value === undefined || Number(value) === 30 },
  { property: 'KeySpec', requirement: 'its key is a symmetric encryption key', holds: (value) => value === undefined || value === 'SYMMETRIC_DEFAULT' },
  { property: 'KeyUsage', requirement: 'its key encrypts', holds: (value) => value === undefined || value === 'ENCRYPT_DECRYPT' },
  { property: 'Origin', requirement: 'KMS makes the key material, and can rotate it', holds: (value) => value === undefined || value === 'AWS_KMS' },
  { property: 'BypassPolicyLockoutSafetyCheck', requirement: 'KMS refuses a policy of its key that nobody could change', holds: (value) => NO.includes(value as any) },
];

/** Turns the rotation of a bucket's own key on, and sees to it that the key stays as it is made. */
export function guardOwnKey(bucket: s3.Bucket): void {
  const key = bucket.encryptionKey!.node.defaultChild as kms.CfnKey;
  key.enableKeyRotation = true; // the L2 leaves it off for DSSE-KMS
  const administration = statementsIn(key.keyPolicy);
  bucket.node.addValidation({ validate: () => problemsOf(key, administration).map((problem) => sentenceOf(bucket.node.path, problem)) });
}

/** The properties, the policy and the retention of the key, once the app is complete. */
function problemsOf(key: kms.CfnKey, administration: iam.PolicyStatement[]): Refusal[] {
  const problem = displaced(key, kms.CfnKey.CFN_RESOURCE_TYPE_NAME);
  if (problem) {
    return [problem];
  }
  const properties = hasOverrides(key) ? deployedResource(key).Properties : currentProperties(key);
  const isUnmet = ({ property, holds }: GuardedKeyProperty) => !(variants(properties[property])?.every(holds) ?? false);
  return [
    ...GUARDED.filter(isUnmet).map(({ property, requirement }) => weakened(property, requirement)),
    ...(isUntouched(key, administration) ? [] : policyProblems(key, administration)),
    ...unretained(key),
  ];
}

function currentProperties(key: kms.CfnKey): Record<string, unknown> {
  const { enableKeyRotation, enabled, pendingWindowInDays, keySpec, keyUsage, origin, bypassPolicyLockoutSafetyCheck } = key;
  return key.stack.resolve({
    EnableKeyRotation: enableKeyRotation,
    Enabled: enabled,
    PendingWindowInDays: pendingWindowInDays,
    KeySpec: keySpec,
    KeyUsage: keyUsage,
    Origin: origin,
    BypassPolicyLockoutSafetyCheck: bypassPolicyLockoutSafetyCheck,
  });
}

/** The statements that a policy document has been given; none if it is no document of the CDK. */
export function statementsIn(document: unknown): iam.PolicyStatement[] {
  return document instanceof iam.PolicyDocument ? [...((document as unknown as { statements?: iam.PolicyStatement[] }).statements ?? [])] : [];
}

/** Whether the policy says what it said when the key was made, and nothing more. */
function isUntouched(key: kms.CfnKey, administration: iam.PolicyStatement[]): boolean {
  const now = statementsIn(key.keyPolicy);
  return !hasOverrides(key) && Object.getPrototypeOf(key.keyPolicy) === iam.PolicyDocument.prototype && !Object.hasOwn(key.keyPolicy, 'resolve')
    && now.length === administration.length && now.every((statement, at) => statement === administration[at]);
}

function policyProblems(key: kms.CfnKey, administration: iam.PolicyStatement[]): Refusal[] {
  const { stack } = key;
  const document = hasOverrides(key) ? deployedResource(key).Properties.KeyPolicy : stack.resolve(key.keyPolicy);
  if (hasTransform(document)) {
    return [{ problem: "'Fn::Transform' stands in the policy of its key, and what CloudFormation makes of it cannot be seen.", remedy: 'Remove it, or write what it stands for.' }];
  }
  const statements = possibleStatements(document, stack);
  const isKept = administration.every((statement) => alwaysHas(document, stack.resolve(statement.toStatementJson())));
  const problems = [
    ...(isKept && statements ? [] : [weakened('KeyPolicy', 'the account of its key administers it, and who else may use it')]),
    ...identitiesInKeyPolicy(statements ?? []),
    ...(statements ?? []).flatMap((statement) => [openToAll(statement), lockout(statement, key)]).flatMap((problem) => problem ?? []),
  ];
  return [...new Map(problems.map((problem) => [problem.problem, problem])).values()];
}

function openToAll(statement: StatementJson): Refusal | undefined {
  const reason = whyPublic(statement);
  return reason === undefined ? undefined : { problem: `the statement '${nameOf(statement)}' would open its key to every principal: ${reason}.`, remedy: 'Name the principals.' };
}

/** Without these, nobody can read the data, or nobody can mend the policy. */
const NEEDED = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:PutKeyPolicy'];

/** A deny that binds everybody in the key's account. What depends on who calls, or on what else a request carries, is the author's affair. */
function lockout(statement: StatementJson, { stack }: kms.CfnKey): Refusal | undefined {
  const account = /^\d{12}$/.test(stack.account) ? stack.account : '000000000000';
  const parsed = statement.Effect === 'Deny' ? parsedStatement(statement, account) : undefined;
  const denied = parsed && NEEDED.find((action) => applies(parsed, requestFor(action, account, parsed)) === true);
  return denied ? {
    problem: `the statement '${nameOf(statement)}' of the policy of its key locks out everybody from ${denied}.`,
    remedy: 'Name the principals that it denies, or spare those who work with the data and the key.',
  } : undefined;
}

function requestFor(action: string, account: string, { conditions }: Statement): PolicyRequest {
  const undetermined = conditions.map(({ key }): [string, string] => [key.toLowerCase(), UNDETERMINED]);
  const known: [string, string][] = [['aws:securetransport', 'true'], ...(action === 'kms:PutKeyPolicy' ? [] : [['aws:viaawsservice', 'true'] as [string, string]])];
  return {
    principal: iamPrincipal(`arn:aws:iam::${account}:role/Anyone`),
    action,
    resource: `arn:aws:kms:eu-west-1:${account}:key/own`,
    context: contextOf(Object.fromEntries([...undetermined, ...known])),
  };
}

/** The statement in the account of the key, of whichever partition. What else is known only at deployment may be anything. */
function parsedStatement(statement: StatementJson, account: string): Statement | undefined {
  const text = JSON.stringify(statement).replaceAll('{"Ref":"AWS::Partition"}', '"aws"').replaceAll('{"Ref":"AWS::AccountId"}', `"${account}"`);
  const filled = JSON.parse(text, (_, child) => (isIntrinsic(child) ? joinedText(child) ?? unknownText(canonical(child)) : child));
  try {
    return parsePolicy({ Version: '2012-10-17', Statement: [{ Resource: '*', ...filled }] }).statements[0];
  } catch {
    return undefined; // KMS refuses it
  }
}

function joinedText({ 'Fn::Join': join }: Record<string, any>): string | undefined {
  return Array.isArray(join?.[1]) ? join[1].map(String).join(join[0]) : undefined; // what is inside has been filled in
}

function nameOf({ Sid }: StatementJson): string {
  return Sid ?? '(without a Sid)';
}
