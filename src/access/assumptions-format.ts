import { CONTROL_TYPES, DescribedPolicy, isDescribed, isListed, missingContents } from './given-control-policies';
import { own } from '../own';
import { parsePolicy, PolicySyntaxError } from '../policy/document';
import { ACCOUNT_ID, malformedAccountIn, ORGANIZATION_ID, VPC_ENDPOINT_ID, VPC_ID } from '../policy/identifiers';
import { isObject } from '../policy/json';
import { parseResourceControlPolicy } from '../policy/resource-control-policy';
import { demand, flag, Form, identifier, list, MemberPath, named, object, oneOf, orNull, record, text, WrongFormat } from '../template/form';
import { WrongInputError } from '../template/wrong-input';

/** The four settings of Block Public Access, as CloudFormation names them. */
export interface BlockPublicAccessJson {
  readonly BlockPublicAcls?: boolean;
  readonly IgnorePublicAcls?: boolean;
  readonly BlockPublicPolicy?: boolean;
  readonly RestrictPublicBuckets?: boolean;
}

export interface AccountJson {
  readonly organizationId?: string | null;
  readonly organizationPath?: string;
  readonly isManagementAccount?: boolean;
  readonly serviceControlPolicies?: readonly unknown[];
  readonly resourceControlPolicies?: readonly unknown[];
  readonly blockPublicAccess?: BlockPublicAccessJson;
}

export interface PrincipalJson {
  readonly identityPolicies?: readonly unknown[];
  readonly permissionsBoundary?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface EndpointJson {
  readonly policy?: unknown;
  readonly vpc?: string;
  readonly account?: string;
  readonly type?: 'Gateway' | 'Interface';
}

export interface BucketJson {
  readonly account?: string;
  readonly region?: string;
  readonly policy?: unknown;
  readonly blockPublicAccess?: BlockPublicAccessJson;
  readonly objectOwnership?: string;
  readonly acl?: string;
  readonly encryption?: { readonly algorithm?: string; readonly key?: string; readonly bucketKeyEnabled?: boolean };
  readonly objectAcls?: 'private';
}

export interface AccessPointJson {
  readonly bucket?: string;

  /** Those of a multi-Region access point. */
  readonly buckets?: readonly string[];
  readonly bucketAccount?: string;
  readonly policy?: unknown;
  readonly vpc?: string;
  readonly blockPublicAccess?: BlockPublicAccessJson;
}

/** The assumptions as they are written; the format is described at `AccessAssumptions`. */
export interface AssumptionsJson {
  readonly environment?: { readonly account?: string; readonly region?: string };
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly physicalIds?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly accounts?: Readonly<Record<string, AccountJson>>;
  readonly organizationPolicies?: readonly DescribedPolicy[];
  readonly principals?: Readonly<Record<string, PrincipalJson>>;
  readonly managedPolicies?: Readonly<Record<string, unknown>>;
  readonly endpoints?: Readonly<Record<string, EndpointJson>>;
  readonly buckets?: Readonly<Record<string, BucketJson>>;
  readonly accessPoints?: Readonly<Record<string, AccessPointJson>>;
  readonly keys?: Readonly<Record<string, { readonly policy?: unknown }>>;
}

/**
 * Assumptions whose format is right.
 *
 * @param source what the error names: a file
 * @throws WrongInputError if the format is not right
 */
export function checkAssumptions(json: unknown, source: string): AssumptionsJson {
  try {
    ASSUMPTIONS(json, []);
  } catch (error) {
    throw error instanceof WrongFormat ? new WrongInputError(`${source}: ${error.sentence}`) : error;
  }
  return json as AssumptionsJson;
}

const accountId = identifier(ACCOUNT_ID);

const BLOCK_PUBLIC_ACCESS = object({ BlockPublicAcls: flag, IgnorePublicAcls: flag, BlockPublicPolicy: flag, RestrictPublicBuckets: flag });

/** The format, for documents that have assumptions as a part. */
export const ASSUMPTIONS: Form = (value, path) => {
  MEMBERS(value, path);
  const missing = missingContents(value as AssumptionsJson);
  demand(missing === undefined, [...path, ...missing?.path ?? []], missing?.problem ?? '');
};

const MEMBERS = object({
  version: oneOf(1),
  environment: object({ account: accountId, region: text }),
  parameters: record(named, record(named, () => undefined)),
  physicalIds: record(named, record(named, text)),
  accounts: record(accountId, object({
    organizationId: orNull(identifier(ORGANIZATION_ID)),
    organizationPath: matching(/^o-[a-z0-9]{10,32}\/(?:(?:r|ou)-[a-z0-9-]+\/)*$/, "must be the path of the account, such as 'o-exampleorgid/r-ab12/ou-ab12-11111111/'."),
    isManagementAccount: flag,
    serviceControlPolicies: levels(controlPolicy(CONTROL_TYPES.serviceControlPolicies, policyDocument), CONTROL_TYPES.serviceControlPolicies),
    resourceControlPolicies: levels(controlPolicy(CONTROL_TYPES.resourceControlPolicies, resourceControlPolicy), CONTROL_TYPES.resourceControlPolicies),
    blockPublicAccess: BLOCK_PUBLIC_ACCESS,
  })),
  organizationPolicies: list(describedPolicy),
  principals: record(matching(/^arn:[^:]+:iam::[^:]+:(?:role|user)\/.+$/, "must be the ARN of a role or user, such as 'arn:aws:iam::111122223333:role/AppRole'."), object({
    identityPolicies: list(policyDocument),
    permissionsBoundary: orNull(policyDocument),
    tags: record(named, text),
  })),
  managedPolicies: record(matching(/^arn:[^:]+:iam::[^:]+:policy\/.+$/, 'must be the ARN of a managed policy.'), policyDocument),
  endpoints: record(identifier(VPC_ENDPOINT_ID), object({ policy: orNull(policyDocument), vpc: identifier(VPC_ID), account: accountId, type: oneOf('Gateway', 'Interface') })),
  buckets: record(matching(/^[a-z0-9.-]{3,63}$/, "must be the name of a bucket, such as 'amzn-s3-demo-bucket'."), object({
    account: accountId,
    region: text,
    policy: orNull(policyDocument),
    blockPublicAccess: BLOCK_PUBLIC_ACCESS,
    objectOwnership: oneOf('BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'),
    acl: text,
    encryption: object({ algorithm: oneOf('AES256', 'aws:kms', 'aws:kms:dsse'), key: text, bucketKeyEnabled: flag }),
    objectAcls: oneOf('private'),
  })),
  accessPoints: record(matching(/^arn:[^:]+:s3:(?:[^:]+:[^:]+:accesspoint\/[^/]+|:[^:]+:accesspoint\/[^/]+\.mrap)$/, 'must be the ARN of an access point.'), object({
    bucket: text, buckets: list(text), bucketAccount: accountId, policy: orNull(policyDocument), vpc: identifier(VPC_ID), blockPublicAccess: BLOCK_PUBLIC_ACCESS,
  })),
  keys: record(matching(/^arn:[^:]+:kms:[^:]+:[^:]+:key\/[^/]+$/, 'must be the ARN of a KMS key.'), object({ policy: policyDocument })),
});

function policyDocument(value: unknown, path: MemberPath, parse = parsePolicy): void {
  try {
    parse(value);
  } catch (error) {
    throw error instanceof PolicySyntaxError ? new WrongFormat([...path, ...stepsOf(error.path)], `is no policy: ${error.reason}`) : error;
  }
}

/** The steps of a path such as `Statement[0].Action`. */
function stepsOf(path: string): (string | number)[] {
  return (path.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function resourceControlPolicy(value: unknown, path: MemberPath): void {
  policyDocument(value, path, parseResourceControlPolicy);
}

/** Policies, or a list a level: of policies, or as AWS Organizations lists those of a target. */
function levels(document: Form, type: string): Form {
  const level: Form = (value, path) => (isListed(value) ? listedPolicies(type)(value, path) : Array.isArray(value) ? list(document)(value, path) : document(value, path));
  return list(level);
}

/** A policy document, or a policy as AWS Organizations describes it, which is of the right type. */
function controlPolicy(type: string, document: Form): Form {
  return (value, path) => {
    if (!isDescribed(value)) {
      document(value, path);
      return;
    }
    describedPolicy(value, path);
    ofType(type, value.Policy.PolicySummary, path);
    document(JSON.parse(value.Policy.Content), [...path, 'Policy', 'Content']);
  };
}

/** What `aws organizations describe-policy` prints. What of it is not needed is not looked at. */
function describedPolicy(value: unknown, path: MemberPath): void {
  demand(isDescribed(value), path, 'must be what `aws organizations describe-policy` prints.');
  const { PolicySummary: summary, Content: content } = (value as DescribedPolicy).Policy;
  summaryOf(summary, [...path, 'Policy', 'PolicySummary']);
  text(content, [...path, 'Policy', 'Content']);
  demand(isJson(content), [...path, 'Policy', 'Content'], 'must be a text of JSON.');
  policyDocument(JSON.parse(content), [...path, 'Policy', 'Content'], own(PARSERS, summary.Type ?? '') ?? parsePolicy);
}

/** What `aws organizations list-policies-for-target` prints, for one type. */
function listedPolicies(type: string): Form {
  return (value, path) => {
    demand(isListed(value), path, 'must be what `aws organizations list-policies-for-target` prints.');
    (value as { Policies: unknown[] }).Policies.forEach((summary, i) => {
      summaryOf(summary, [...path, 'Policies', i]);
      ofType(type, summary as { Type?: string }, [...path, 'Policies', i]);
    });
  };
}

function summaryOf(value: unknown, path: MemberPath): void {
  demand(isObject(value), path, 'must be an object.');
  text((value as { Id?: unknown }).Id, [...path, 'Id']);
}

function ofType(type: string, { Type: given = type }: { readonly Type?: string }, path: MemberPath): void {
  demand(given === type, path, `is a policy of the type ${given}, and policies of the type ${type} are listed here.`);
}

const PARSERS: Readonly<Record<string, typeof parsePolicy>> = { RESOURCE_CONTROL_POLICY: parseResourceControlPolicy };

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function matching(pattern: RegExp, reason: string): Form {
  return (value, path) => {
    demand(typeof value === 'string' && pattern.test(value), path, reason);
    const problem = malformedAccountIn(value as string);
    demand(problem === undefined, path, `is wrong: ${problem}`);
  };
}
