import { CfnElement } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { leftOnSseS3 } from './cut-off';
import { documentIn, listOf, readResource, readValue } from './named-references';
import { conditionKeys, coversAction } from './object-access';
import { ALGORITHM, KEY_ID } from '../../guarantees/uploads';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { statementsOf } from '../../guardrails/policy-document';
import { conditionTest, ConditionTest } from '../../policy/condition';
import { contextOf, ContextValues } from '../../policy/context';
import { jsonText } from '../../policy/json';
import { policyText } from '../../policy/variables';
import { Refusal } from '../../refusal';

/**
 * Why a bucket's own policy speaks against a key: it denies uploads that ask for that key, as policies do which demand SSE-S3, or another key. With the key,
 * no upload would pass.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html
 */
export function otherEncryptionDemanded(policies: readonly CfnElement[], key: kms.Key): Refusal | undefined {
  const refusing = policies.filter(s3.CfnBucketPolicy.isCfnBucketPolicy).filter(mentionsEncryption).find((policy) => refuses(policy, key));
  return refusing && leftOnSseS3(
    `its policy '${refusing.node.path}' denies uploads that ask for another encryption than it names, and would deny those with a key of the bucket's own`,
    "Take that statement out, so that the bucket gets its own key and uploads with another one are denied; or pass 'encryption' to say what it shall be.",
  );
}

/** Most policies do not: they are not read. */
function mentionsEncryption(policy: s3.CfnBucketPolicy): boolean {
  const statements = hasOverrides(policy) ? undefined : statementsOf(policy.policyDocument);
  return statements?.some(({ conditions }) => conditionKeys(conditions).some(isOfEncryption)) ?? true;
}

function isOfEncryption(conditionKey: string): boolean {
  return [ALGORITHM, KEY_ID].includes(conditionKey.toLowerCase());
}

function refuses(policy: s3.CfnBucketPolicy, key: kms.Key): boolean {
  const upload = contextOf({ [ALGORITHM]: 'aws:kms', [KEY_ID]: jsonText(readValue(key.keyArn, key)) });
  return listOf(documentIn(readResource(policy)?.properties.PolicyDocument)?.Statement)
    .some((statement) => statement?.Effect === 'Deny' && coversAction(statement, 's3:putobject') && mayHold(statement.Condition, upload));
}

/** Whether what conditions say of an upload's encryption, if anything, may hold for an upload. */
function mayHold(conditions: unknown, upload: ContextValues): boolean {
  const tests = encryptionTests(conditions);
  return tests.length > 0 && tests.every(({ holds }) => holds(upload) !== false);
}

function encryptionTests(conditions: unknown): ConditionTest[] {
  return Object.entries<object>(Object(conditions)).flatMap(([operator, byKey]) => Object.entries<unknown>(Object(byKey)).filter(([conditionKey]) => isOfEncryption(conditionKey))
    .map(([conditionKey, values]) => conditionTest(operator, conditionKey, listOf(values).map((value) => policyText(jsonText(value), true)))));
}
