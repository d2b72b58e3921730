import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { blocks, BlockPublicAccessSetting } from './bucket-settings';
import { callerName, isSameAccount } from './caller';
import { doubtOfValues } from './judgement';
import { provide } from './provide';
import type { Question } from './question';
import { decidingStatement, SourcedPolicy } from './sourced-policy';
import { own } from '../own';
import { Statement } from '../policy/document';
import { isPublic } from '../policy/public-allow';
import { some, Truth } from '../policy/truth';

const layer = AccessLayer.BLOCK_PUBLIC_ACCESS;
const PUBLIC_ACLS = ['public-read', 'public-read-write', 'authenticated-read'];
const PUBLIC_GROUPS = /groups\/global\/(?:AllUsers|AuthenticatedUsers)/;
const GRANT_HEADERS = ['s3:x-amz-grant-read', 's3:x-amz-grant-write', 's3:x-amz-grant-read-acp', 's3:x-amz-grant-write-acp', 's3:x-amz-grant-full-control'];
const ACL_WRITES = ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectVersionAcl', 's3:PutBucketAcl'];

/**
 * What Block Public Access says: where a policy is public, it leaves the bucket (or access point) to its own account and to AWS
 * services; and it takes no public access control list.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function blockPublicAccess(question: Question): LayerDecision {
  return publicAcl(question) ?? publicPolicy(question) ?? { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'The request needs no public access.' };
}

/** Whether a setting is on, at the account, the bucket or, for requests through it, the access point. */
export function isBlocked(question: Question, name: BlockPublicAccessSetting): Truth {
  const { model, bucket, accessPoint } = question;
  const accounts = [...new Set([bucket.account, accessPoint?.account])].map((account) => model.account(account).blockPublicAccess?.[name] ?? false);
  const points = accessPoint ? [blocks(accessPoint.resource, 'PublicAccessBlockConfiguration', own(model.given.accessPoints, accessPoint.arn)?.blockPublicAccess, name)] : [];
  return some([...accounts, bucket.blocks(name), ...points], (truth) => truth);
}

/** A request that would make something public by an access control list. */
function publicAcl(question: Question): LayerDecision | undefined {
  if (!ACL_WRITES.includes(question.target.action)) {
    return undefined;
  }
  const { given } = question;
  const isOpen = PUBLIC_ACLS.includes(given.get('s3:x-amz-acl')?.[0] ?? '') || GRANT_HEADERS.some((header) => given.get(header)?.some((grantee) => PUBLIC_GROUPS.test(grantee)));
  const isOn = isOpen ? isBlocked(question, 'BlockPublicAcls') : false;
  return isOn === false ? undefined : {
    layer,
    verdict: isOn ? LayerVerdict.DENIES : LayerVerdict.NOT_DECIDED,
    statements: [],
    reason: isOn ? 'BlockPublicAcls refuses a request with a public access control list.' : 'It is not known whether BlockPublicAcls is on.',
    remedy: "Send the request without the header 'x-amz-acl', or with 'bucket-owner-full-control'.",
  };
}

/** A request by somebody whom a public policy must not let in. */
function publicPolicy(question: Question): LayerDecision | undefined {
  const { caller, bucket, accessPoint } = question;
  const isInside = isSameAccount(caller.account, bucket.account);
  if (caller.kind === 'service' || isInside === true) {
    return undefined;
  }
  const policies = [...bucket.policies, ...(accessPoint?.policy ? [accessPoint.policy] : [])];
  const allowing = policies.flatMap(allowingStatements);
  const ofKind = (truth: Truth) => allowing.filter(({ text }) => isPublic(JSON.parse(text)) === truth);
  const [surely, perhaps] = [ofKind(true), ofKind(undefined)];
  if (surely.length === 0 && perhaps.length === 0) {
    return undefined;
  }
  const restricts = isBlocked(question, 'RestrictPublicBuckets');
  const rejects = isBlocked(question, 'BlockPublicPolicy');
  const isOn = some([restricts, rejects], (truth) => truth);
  if (isOn === false) {
    question.assume('Block Public Access is off for the whole account.', `accounts.${bucket.account ?? '<id>'}.blockPublicAccess`);
    return undefined;
  }
  if (bucket.hasDefaultBlocks && bucket.resource) {
    question.assume('The bucket is younger than April 2023: S3 turns Block Public Access on for new buckets.', `buckets.${bucket.name}.blockPublicAccess`);
  }
  if (surely.length === 0) {
    return perhapsPublic(question, perhaps);
  }
  return {
    layer,
    verdict: isOn && isInside === false ? LayerVerdict.DENIES : LayerVerdict.NOT_DECIDED,
    statements: surely.map(({ source, statement }) => decidingStatement(source, statement)),
    reason: !isOn ? 'The policy is public, and it is not known whether Block Public Access is on.'
      : `The policy is public, and Block Public Access leaves the bucket to its own account${restricts ? '' : ' (S3 refuses to store such a policy)'}: ${callerName(caller)} is not let in by it.`,
    remedy: 'Allow the caller in a statement with fixed values, and remove the public statement.',
  };
}

interface AllowingStatement {
  readonly source: SourcedPolicy;
  readonly statement: Statement;

  /** The statement as JSON. */
  readonly text: string;
}

function allowingStatements(source: SourcedPolicy): AllowingStatement[] {
  return (source.policy?.statements ?? []).filter(({ effect }) => effect === 'Allow').map((statement) => ({ source, statement, text: source.textOf(statement) }));
}

/** Statements that are public or not as values turn out. */
function perhapsPublic(question: Question, open: readonly AllowingStatement[]): LayerDecision {
  const what = 'whether the policy is public, so that Block Public Access leaves the bucket to its own account,';
  const { unknown, givenBy, remedy } = doubtOfValues(question, what, open.flatMap(({ text }) => textsIn(JSON.parse(text))).join());
  return {
    layer,
    verdict: LayerVerdict.NOT_DECIDED,
    statements: open.map(({ source, statement }) => decidingStatement(source, statement)),
    reason: `It is not decided ${unknown}.`,
    remedy: givenBy === undefined ? remedy : provide(givenBy),
  };
}

function textsIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [String(value)];
}
