import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../aws/actions';

/** What somebody may do with the data of a bucket, in the order of how much harm it can do. */
export type Capability = 'list' | 'read' | 'write' | 'delete' | 'administer';

const FORMS: Readonly<Record<Capability, RegExp>> = {
  list: /^s3:List/,
  read: /^s3:GetObject(?:Version)?(?:Torrent|ForReplication)?$/,
  write: /^s3:(?:PutObject|ReplicateObject|RestoreObject|PutObject(?:Version)?Tagging|InitiateReplication)$/,
  delete: /^s3:(?:DeleteObject(?:Version)?|ReplicateDelete|BypassGovernanceRetention)$/,
  administer: /^s3:(?:(?:Put|Delete)(?:Bucket|\w+Configuration)|PutObject(?:Version)?Acl|ObjectOwnerOverride|UpdateObjectEncryption)/,
};

export const CAPABILITIES = Object.keys(FORMS) as readonly Capability[];

/** The actions of S3 that stand for a capability. */
export function actionsOf(capability: Capability): readonly string[] {
  return [...OBJECT_ACTIONS, ...BUCKET_ACTIONS].map((name) => `s3:${name}`).filter((action) => FORMS[capability].test(action));
}
