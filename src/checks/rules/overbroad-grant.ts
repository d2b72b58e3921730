import { DeployedPolicy } from '../../access/deployed-policy';
import { Bucket, Inventory } from '../../access/inventory';
import { Statement } from '../../policy/document';
import { actionApplies } from '../../policy/evaluate';
import { Guarantee } from '../../policy/prove';
import { valueIn } from '../../policy/space/facet';
import { Finding, found, Rule } from '../finding';

// What nobody needs who reads and writes data.
const ADMINISTRATION = ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:DeleteBucket', 's3:PutBucketPublicAccessBlock', 's3:PutBucketAcl', 's3:PutEncryptionConfiguration', 's3:PutLifecycleConfiguration'];
const REMEDY = 'Allow the actions that are needed, and no others; confine services by aws:SourceArn and aws:SourceAccount.';

const STRANGE_SOURCE: Guarantee = {
  sentence: 'No AWS service is allowed anything that calls for an account which the policy does not mention.',
  needsAllow: () => true,
  breaches: [{
    'caller': (choice) => choice.kind === 'service' && valueIn(choice, 'aws:sourceaccount') === '999988887777' && valueIn(choice, 'aws:sourceorgid') === undefined,
    'access-point': ({ kind }) => kind === 'direct', // behind an access point, the access point's own policy decides too
  }],
  mentions: { 'aws:sourceaccount': [], 'aws:sourcearn': [] },
};

export const overbroadGrant: Rule = {
  id: 'OverbroadGrant',
  requirement: 'A bucket policy gives other accounts no administration of the bucket, and services only what they do for this account.',
  reason: 'Who may change the policy may do everything; a service that calls for anybody is a confused deputy.',
  guide: '3',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => bucket.policies.flatMap((document) => judge(inventory, bucket, document))),
};

function judge(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): Finding[] {
  const { resource, policy } = document;
  return (policy?.statements ?? []).filter(({ effect }) => effect === 'Allow').flatMap((statement) => {
    const name = statement.sid ? `'${statement.sid}'` : statement.path;
    const administration = isForOthers(statement, bucket.facts.account) ? ADMINISTRATION.filter((action) => actionApplies(statement, { action }) === true) : [];
    const proof = inventory.proveAlone(statement, document, STRANGE_SOURCE, bucket.facts);
    return [
      ...(administration.length > 0 ? [found(resource, `The statement ${name} lets others administer the bucket: ${administration.join(', ')}.`, REMEDY)] : []),
      ...(proof.verdict === 'broken' ? [found(resource, `The statement ${name} lets a service act for any account.`, REMEDY, proof.counterexample)] : []),
    ];
  });
}

/** Whether a statement names somebody outside the account; everybody is reported by PublicAllow. */
function isForOthers({ principal }: Statement, account: string): boolean {
  return principal !== undefined && (principal.isInverted || principal.members.some(({ kind, text, isEveryone }) => kind === 'AWS' && !isEveryone && !text.includes(`:${account}:`) && text !== account));
}
