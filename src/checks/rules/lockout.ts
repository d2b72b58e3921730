import { keyFacts } from './key-policy';
import { Bucket, BucketView, Inventory } from '../../access/inventory';
import { grouped } from '../../policy/grouped';
import { requestSentence } from '../../policy/request';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { Finding, found, notDecided, Rule } from '../finding';
import { NobodyLeft, nobodyLeftForBucket, nobodyLeftForKey } from '../nobody-left';
import { Group, neededOfBucket, neededOfKey, StoppedCall, stoppedCalls } from '../stopped-callers';

/** A policy must not shut out those without whom the bucket cannot work, or cannot be repaired: each of them is asked about, whatever its denies look like. */
export const lockout: Rule = {
  id: 'Lockout',
  requirement: 'The policies of a bucket and its key let through the role that deploys the stack, and all that the template has AWS services deliver, over an ordinary connection.',
  reason: 'A deploy role that is shut out cannot even repair the policy; what services deliver is dropped without a word.',
  severity: 'high',
  severityReason: 'Data that its owner cannot administer, and deliveries that are denied, are lost.',
  guide: '7.4',
  see: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  judgeBuckets: (view) => [
    ...view.buckets.flatMap((bucket) => bucket.policies.flatMap((document) => judgeBucket(view.inventory, bucket, document))),
    ...keysOf(view).flatMap((one) => judgeKey(view.inventory, one)),
  ],
};

/** Where findings are reported, and what they say of the policy. */
interface Site {
  readonly resource: DeployedResource;

  /** What still helps once the policy is deployed. */
  readonly help: string;
}

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
 */
const HELP_FOR_BUCKETS = "Once it is deployed, only the root user of the bucket's account can still read, put and delete the policy, or a central root session delete it (sts:AssumeRoot with the task policy S3UnlockBucketPolicy).";

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const HELP_FOR_KEYS = 'Once it is deployed, only principals that the policy of the key still lets through can change it; if there are none, only AWS Support helps.';

function judgeBucket(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): Finding[] {
  const mayDeny = () => inventory.possibleDeniesOn(document, bucket.facts).length > 0 || mayHaveServiceControls(inventory);
  if (!document.policy || !mayDeny()) {
    return []; // what cannot be read, other rules report
  }
  const site = { resource: document.resource, help: HELP_FOR_BUCKETS };
  return [
    ...(isDeployerKnown(document.resource) ? [] : everybody(nobodyLeftForBucket(inventory, bucket, document), site)),
    ...reported(stoppedCalls(inventory, bucket, document, neededOfBucket(inventory, bucket, document)), site),
  ];
}

/** Whether policies of the organization are known that may stop callers. */
function mayHaveServiceControls({ deployment, given }: Inventory): boolean {
  return deployment.ofType('AWS::Organizations::Policy').length > 0 || Object.values(given.accounts ?? {}).some(({ serviceControlPolicies }) => serviceControlPolicies !== undefined);
}

/** A key with one of the buckets that it encrypts. */
interface GuardedKey {
  readonly bucket: Bucket;
  readonly key: DeployedResource;
  readonly document: DeployedPolicy;
}

function keysOf({ inventory, buckets }: BucketView): GuardedKey[] {
  const withKeys = new Map(buckets.flatMap((bucket): [DeployedResource, Bucket][] => (bucket.key ? [[bucket.key, bucket]] : [])));
  return Array.from(withKeys).flatMap(([key, bucket]) => {
    const document = inventory.policyOf(key, 'KeyPolicy');
    return document ? [{ bucket, key, document }] : [];
  });
}

function judgeKey(inventory: Inventory, { bucket, key, document }: GuardedKey): Finding[] {
  if (!document.policy) {
    return []; // KeyPolicy reports it
  }
  const site = { resource: key, help: HELP_FOR_KEYS };
  const isOpen = isDeployerKnown(key) || inventory.deniesOn(document, keyFacts(key)).length === 0; // without a deny, KeyUsable asks whether somebody is let in
  return [
    ...(isOpen ? [] : everybody(nobodyLeftForKey(inventory, bucket, key, document), site)),
    ...reported(stoppedCalls(inventory, bucket, document, neededOfKey(inventory, key)), site),
  ];
}

function isDeployerKnown({ stack }: DeployedResource): boolean {
  return stack.executionRoleArn !== undefined;
}

const SPARE_THE_ROLE = "Exempt the role by 'ArnNotLike' on 'aws:PrincipalArn' in the statement itself.";

function everybody({ isSo, reason, by }: NobodyLeft, { resource, help }: Site): Finding[] {
  if (isSo === undefined) {
    return [notDecided(resource, `Whether the policy leaves anybody of the account who could repair it is not decided: ${reason}.`)];
  }
  const what = by ? `The statement ${by.sid ? `'${by.sid}'` : by.path} shuts out` : 'The denies together shut out';
  return isSo ? [found(resource, `${what} every role and user of the account from repairing the policy over an ordinary connection: encrypted, from outside the networks that it names, without a second factor.`, `Exempt whoever deploys the stack by 'ArnNotLike' on 'aws:PrincipalArn' in the statement itself. ${help}`)] : [];
}

interface Words {
  /** Who is shut out. */
  readonly who: (calls: readonly StoppedCall[]) => string;
  readonly remedy: string;

  /** Whether nobody else may be left to repair the policy. */
  readonly isDeployment: boolean;
}

const WORDS: Readonly<Record<Group, Words>> = {
  'deployment': { who: (calls) => `the role that deploys the stack (${actionsOf(calls)})`, remedy: SPARE_THE_ROLE.replace('the role', 'the CloudFormation execution role'), isDeployment: true },
  'possible-deployment': { who: (calls) => `the role '${calls[0].call.name}', which CloudFormation may deploy the stack with (${actionsOf(calls)})`, remedy: SPARE_THE_ROLE, isDeployment: true },
  'service': {
    who: (calls) => `AWS services: what ${namesOf(calls)} may do here is denied (${actionsOf(calls)})`,
    remedy: "Add 'BoolIfExists': {'aws:PrincipalIsAWSService': 'false'} to the statement; where it is about services, 'Null': {'aws:SourceAccount': 'false'}.",
    isDeployment: false,
  },
  'delivering-account': {
    who: () => 'an account of AWS with which Elastic Load Balancing delivers logs, and which the policy lets in',
    remedy: "Exempt the account by 'StringNotEquals' on 'aws:PrincipalAccount' in the statement itself.",
    isDeployment: false,
  },
  'role': { who: ([{ call, what }]) => `the role '${call.name}': ${what} with it (${call.action})`, remedy: SPARE_THE_ROLE, isDeployment: false },
};

function namesOf(calls: readonly StoppedCall[]): string {
  return [...new Set(calls.map(({ call }) => call.name))].join(', ');
}

function actionsOf(calls: readonly StoppedCall[]): string {
  return [...new Set(calls.map(({ call }) => call.action))].join(', ');
}

/** One finding for all whom one statement shuts out in the same way: what is sure comes first, and says enough. */
function reported(calls: readonly StoppedCall[], site: Site): Finding[] {
  const byStatement = grouped(calls, ({ group, call, answer }) => [group, ['role', 'possible-deployment'].includes(group) ? call.name : '', answer.isStopped, answer.by].join('\n'));
  const findings = Array.from(byStatement.values(), (those) => ({ those, group: those[0].group, finding: findingOf(those, site) }));
  const isSaid = (group: Group) => findings.some((other) => other.group === group && other.finding.isDecided);
  return findings.filter(({ group, finding }) => finding.isDecided || !isSaid(group)).map(({ finding }) => finding);
}

function findingOf(calls: readonly StoppedCall[], { resource, help }: Site): Finding {
  const [{ group, answer: { isStopped, by, control, doubt, request } }] = calls;
  const { who, remedy, isDeployment } = WORDS[group];
  const ofControl = control ? ` of a ${control}` : '';
  const subject = by === undefined ? `No statement${control ? ofControl : ' of the policy'} lets through` : `${by.charAt(0).toUpperCase()}${by.slice(1)}${ofControl} shuts out`;
  if (isStopped === undefined) {
    return notDecided(resource, `Whether ${by ?? (control ? 'a statement' : 'the policy')}${ofControl} shuts out ${who(calls)} is not known: ${doubt?.replace(/\.$/, '')}.`);
  }
  return found(resource, `${subject} ${who(calls)}.`, isDeployment && !control ? `${remedy} ${help}` : remedy, request && requestSentence(request));
}
