import { parsePolicy, PolicySyntaxError } from '../policy/document';
import { ACCOUNT_ID, malformedAccountIn, ORGANIZATION_ID, VPC_ENDPOINT_ID, VPC_ID } from '../policy/identifiers';
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
export const ASSUMPTIONS = object({
  version: oneOf(1),
  environment: object({ account: accountId, region: text }),
  parameters: record(named, record(named, () => undefined)),
  physicalIds: record(named, record(named, text)),
  accounts: record(accountId, object({
    organizationId: orNull(identifier(ORGANIZATION_ID)),
    organizationPath: matching(/^o-[a-z0-9]{10,32}\/(?:(?:r|ou)-[a-z0-9-]+\/)*$/, "must be the path of the account, such as 'o-exampleorgid/r-ab12/ou-ab12-11111111/'."),
    isManagementAccount: flag,
    serviceControlPolicies: levels(policyDocument),
    resourceControlPolicies: levels(resourceControlPolicy),
    blockPublicAccess: BLOCK_PUBLIC_ACCESS,
  })),
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
  accessPoints: record(matching(/^arn:[^:]+:s3:[^:]+:[^:]+:accesspoint\/[^/]+$/, 'must be the ARN of an access point.'), object({
    bucket: text, bucketAccount: accountId, policy: orNull(policyDocument), vpc: identifier(VPC_ID), blockPublicAccess: BLOCK_PUBLIC_ACCESS,
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

/** Policy documents, or a list of lists of them. */
function levels(document: Form): Form {
  return (value, path) => list((element, at) => (Array.isArray(element) ? list(document) : document)(element, at))(value, path);
}

function matching(pattern: RegExp, reason: string): Form {
  return (value, path) => {
    demand(typeof value === 'string' && pattern.test(value), path, reason);
    const problem = malformedAccountIn(value as string);
    demand(problem === undefined, path, `is wrong: ${problem}`);
  };
}
