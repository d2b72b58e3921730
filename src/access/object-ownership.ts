import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { isBlocked } from './block-public-access';
import { OWNER_ENFORCED } from './bucket-settings';
import { isSameAccount } from './caller';
import type { Question } from './question';
import { own } from '../own';
import { not, Truth } from '../policy/truth';

const layer = AccessLayer.OBJECT_OWNERSHIP;
const FULL_CONTROL = 'bucket-owner-full-control';

/** Actions that an access control list of an object can allow. */
const OBJECT_ACL_ACTIONS = new Set(['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTorrent', 's3:GetObjectAcl', 's3:GetObjectVersionAcl', 's3:PutObjectAcl', 's3:PutObjectVersionAcl']);

const READ = ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'];
const WRITE = ['s3:PutObject'];

/** What the canned access control lists of a bucket allow everybody, and everybody who signs. */
const PUBLIC_BUCKET_ACLS: Readonly<Record<string, { readonly actions: readonly string[]; readonly needsSignature: boolean }>> = {
  'public-read': { actions: READ, needsSignature: false },
  'public-read-write': { actions: [...READ, ...WRITE], needsSignature: false },
  'authenticated-read': { actions: READ, needsSignature: true },
};

const ACL_WRITES = ['s3:PutObjectAcl', 's3:PutObjectVersionAcl', 's3:PutBucketAcl'];
const GRANT_HEADER = /^s3:x-amz-grant-/;

/** What Object Ownership and access control lists say. */
export interface OwnershipDecision {
  readonly decision: LayerDecision;

  /** Whether an access control list allows the request, beside all policies of the bucket. */
  readonly grants: Truth;
}

/**
 * What Object Ownership and access control lists say. Where the owner of the bucket is enforced as the owner of all objects, no
 * list has any effect, and S3 refuses requests that set one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
export function objectOwnership(question: Question): OwnershipDecision {
  const { bucket } = question;
  if (!bucket.isKnown) {
    return { grants: undefined, decision: { layer, verdict: LayerVerdict.NOT_DECIDED, statements: [], reason: `Nothing is known of the bucket '${bucket.name}'.`, remedy: `Give 'buckets.${bucket.name}'.` } };
  }
  if (!bucket.resource && own(question.model.given.buckets, bucket.name)?.objectOwnership === undefined) {
    question.assume(`Access control lists of the bucket '${bucket.name}' are off.`, `buckets.${bucket.name}.objectOwnership`);
  }
  if (bucket.ownership === undefined) {
    return { grants: undefined, decision: { layer, verdict: LayerVerdict.NOT_DECIDED, statements: [], reason: 'Object Ownership is not known before deployment.', remedy: `Give 'buckets.${bucket.name}.objectOwnership'.` } };
  }
  return bucket.ownership === OWNER_ENFORCED ? enforced(question) : byLists(question);
}

function enforced(question: Question): OwnershipDecision {
  const { target, given } = question;
  const acl = given.get('s3:x-amz-acl')?.[0];
  const setsList = ACL_WRITES.includes(target.action) || [...given.keys()].some((key) => GRANT_HEADER.test(key)) || acl !== undefined;
  if (setsList && acl !== FULL_CONTROL) {
    return {
      grants: false,
      decision: {
        layer,
        verdict: LayerVerdict.DENIES,
        statements: [],
        reason: 'Access control lists are off (BucketOwnerEnforced): S3 refuses a request that sets one, with 400 AccessControlListNotSupported.',
        remedy: `Send the request without a list, or with '${FULL_CONTROL}'.`,
      },
    };
  }
  return { grants: false, decision: { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'Access control lists are off (BucketOwnerEnforced): policies alone decide.' } };
}

function byLists(question: Question): OwnershipDecision {
  const { target, bucket, caller } = question;
  if (isSameAccount(caller.account, bucket.account) === true) {
    return ownObject(question);
  }
  const byBucket = grantOfBucket(question);
  const mayByObject = OBJECT_ACL_ACTIONS.has(target.action) && !bucket.hasPrivateObjects && caller.kind !== 'service';
  const isIgnored = caller.kind === 'anonymous' && isBlocked(question, 'IgnorePublicAcls') === true;
  const grants = byBucket === true ? true : (mayByObject && !isIgnored) || byBucket === undefined ? undefined : false;
  if (grants === true) {
    return { grants, decision: { layer, verdict: LayerVerdict.ALLOWS, statements: [], reason: `The access control list of the bucket (${bucket.acl}) allows ${target.action} to everybody.` } };
  }
  if (grants === undefined) {
    return {
      grants,
      decision: {
        layer,
        verdict: LayerVerdict.NOT_DECIDED,
        statements: [],
        reason: 'Access control lists are on: one that is in no template may allow the request.',
        remedy: `Turn them off (BucketOwnerEnforced), or give 'buckets.${bucket.name}.objectAcls'.`,
      },
    };
  }
  return ownObject(question);
}

/** With lists, an account that uploads an object owns it, and policies of the bucket reach objects of its owner alone. */
function ownObject(question: Question): OwnershipDecision {
  const { target, bucket } = question;
  if (OBJECT_ACL_ACTIONS.has(target.action)) {
    question.assume('The account of the bucket owns the object: with access control lists on, another account may.', `buckets.${bucket.name}.objectOwnership`);
    return { grants: false, decision: { layer, verdict: LayerVerdict.ASSUMED, statements: [], reason: 'Access control lists are on: assumed that the account of the bucket owns the object.' } };
  }
  return { grants: false, decision: { layer, verdict: LayerVerdict.NO_STATEMENT, statements: [], reason: 'No access control list that is known allows the request.' } };
}

function grantOfBucket(question: Question): Truth {
  const { bucket, target, caller } = question;
  if (bucket.acl === undefined) {
    return undefined;
  }
  const name = bucket.acl.replace(/[A-Z]/g, (letter, i: number) => `${i > 0 ? '-' : ''}${letter.toLowerCase()}`);
  const list = Object.hasOwn(PUBLIC_BUCKET_ACLS, name) ? PUBLIC_BUCKET_ACLS[name] : undefined;
  if (!list || !list.actions.includes(target.action) || caller.kind === 'service' || (list.needsSignature && caller.kind === 'anonymous')) {
    return false;
  }
  return not(isBlocked(question, 'IgnorePublicAcls'));
}
