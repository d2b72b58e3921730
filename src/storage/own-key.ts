import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { unretained, weakened } from './guarded-properties';
import { KeyFacts, keyFactsIn, lockouts } from './key-lockout';
import { identitiesInKeyPolicy } from './origin-access-identity';
import { deployedResource, displaced, hasOverrides, transformed } from '../guardrails/deployed-resource';
import { alwaysHas, possibleStatements } from '../guardrails/deployed-statements';
import { hasTransform, variants } from '../guardrails/template-values';
import { StatementJson, whyPublic } from '../policy/public-allow';
import { Refusal, sentenceOf } from '../refusal';

/** A property of `AWS::KMS::Key` that the bucket relies on. */
interface GuardedKeyProperty {
  readonly property: string;
  readonly requirement: string;
  readonly holds: (value: unknown) => boolean;
}

const NO = [undefined, false, 'false'];
const YES = [true, 'true'];

const ENABLED: GuardedKeyProperty = { property: 'Enabled', requirement: 'its key is enabled', holds: (value) => value === undefined || YES.includes(value as any) };

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
const GUARDED: GuardedKeyProperty[] = [
  { property: 'EnableKeyRotation', requirement: 'its key rotates', holds: (value) => YES.includes(value as any) },
  ENABLED,
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

/** Sees to it that a bucket can be used with a key that was given to it: that the key is enabled, and locks nobody out. The rest is its owner's affair. */
export function guardGivenKey(bucket: s3.Bucket, key: kms.CfnKey): void {
  bucket.node.addValidation({
    validate: () => {
      const properties = hasOverrides(key) ? deployedResource(key).Properties : { ...currentProperties(key), KeyPolicy: key.stack.resolve(key.keyPolicy) };
      const { Enabled, KeyPolicy } = properties;
      const isEnabled = variants(Enabled)?.every(ENABLED.holds) ?? false;
      const lockedOut = lockouts(possibleStatements(KeyPolicy, key.stack) ?? [], key.stack, keyFactsIn(properties));
      return [...(isEnabled ? [] : [weakened(ENABLED.property, ENABLED.requirement)]), ...lockedOut]
        .map((problem) => sentenceOf(bucket.node.path, problem));
    },
  });
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
    ...(isUntouched(key, administration) ? [] : policyProblems(key, administration, keyFactsIn(properties))),
    ...unretained(key),
  ];
}

function currentProperties(key: kms.CfnKey): Record<string, unknown> {
  const { enableKeyRotation, enabled, pendingWindowInDays, keySpec, keyUsage, origin, multiRegion, bypassPolicyLockoutSafetyCheck } = key;
  return key.stack.resolve({
    EnableKeyRotation: enableKeyRotation,
    Enabled: enabled,
    PendingWindowInDays: pendingWindowInDays,
    KeySpec: keySpec,
    KeyUsage: keyUsage,
    Origin: origin,
    MultiRegion: multiRegion,
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

function policyProblems(key: kms.CfnKey, administration: iam.PolicyStatement[], facts: KeyFacts): Refusal[] {
  const { stack } = key;
  const document = hasOverrides(key) ? deployedResource(key).Properties.KeyPolicy : stack.resolve(key.keyPolicy);
  if (hasTransform(document)) {
    return [transformed('in the policy of its key')];
  }
  const statements = possibleStatements(document, stack);
  const isKept = administration.every((statement) => alwaysHas(document, stack.resolve(statement.toStatementJson())));
  const problems = [
    ...(isKept && statements ? [] : [weakened('KeyPolicy', 'the account of its key administers it, and who else may use it')]),
    ...identitiesInKeyPolicy(statements ?? []),
    ...(statements ?? []).flatMap((statement) => openToAll(statement) ?? []),
    ...lockouts(statements ?? [], stack, facts),
  ];
  return [...new Map(problems.map((problem) => [problem.problem, problem])).values()];
}

function openToAll(statement: StatementJson): Refusal | undefined {
  const reason = whyPublic(statement);
  return reason === undefined ? undefined : { problem: `the statement '${nameOf(statement)}' would open its key to every principal: ${reason}.`, remedy: 'Name the principals.' };
}

function nameOf({ Sid }: StatementJson): string {
  return Sid ?? '(without a Sid)';
}
