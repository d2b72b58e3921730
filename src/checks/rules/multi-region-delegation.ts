import { Bucket, Inventory } from '../../access/inventory';
import { arnOfAccessPoint, bucketsBehind, multiRegionAccessPoints, multiRegionPolicies } from '../../access/multi-region-facts';
import { allOf, IAM_CALLER, ofOtherAccountsThan } from '../../guarantees/callers';
import { Conditions, EVERY_CALLER, Guarantee } from '../../proof/guarantee';
import { prove, ResourceFacts } from '../../proof/prove';
import { DeployedResource } from '../../template/deployment';
import { doubted, Finding, found, Rule } from '../finding';

const DATA_ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject'];
const REMEDY = "Delegate to the access points of the account: allow the actions where 's3:DataAccessPointAccount' is the account (SharedMultiRegionAccessPoint does).";

/** What is not known of an access point's policy is nothing to compare buckets with. */
export const multiRegionDelegation: Rule = {
  id: 'MultiRegionDelegation',
  requirement: 'Each bucket behind a multi-Region access point lets through what the access point lets in.',
  reason: 'Any of them may answer a request, and one that does not delegate answers with 403.',
  severity: 'low',
  severityReason: 'Requests fail that were meant to be allowed; no data leaves and none is lost.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html',
  judgeDeployment: (inventory) => multiRegionAccessPoints(inventory.deployment).flatMap((accessPoint) => judge(inventory, accessPoint)),
};

function judge(inventory: Inventory, accessPoint: DeployedResource): Finding[] {
  const { account } = accessPoint.stack;
  const letIn = actionsForOthers(inventory, accessPoint);
  const buckets = (bucketsBehind(inventory.deployment, accessPoint) ?? []).flatMap((name) => inventory.bucketNamed(name) ?? []);
  return buckets.flatMap((bucket) => [
    ...letIn.flatMap((action) => judgeBucket(inventory, bucket, accessPoint, [action], `lets other accounts use ${action}`)),
    ...(letIn.length === 0 && bucket.facts.account !== account ? judgeBucket(inventory, bucket, accessPoint, DATA_ACTIONS, 'sends requests from another account') : []),
  ]);
}

/** What the policy of an access point lets others than its account do. */
function actionsForOthers(inventory: Inventory, accessPoint: DeployedResource): string[] {
  const [written, ...others] = multiRegionPolicies(inventory.deployment, accessPoint);
  const policy = written?.isSure && others.length === 0 ? inventory.policyOf(written.policy, 'Policy')?.policy : undefined;
  const arn = arnOfAccessPoint(accessPoint);
  const facts: ResourceFacts = { arn, objects: `${arn}/object/`, account: accessPoint.stack.account, partition: accessPoint.stack.partition };
  return policy === undefined ? [] : DATA_ACTIONS.filter((action) => prove(policy, nobodyElseMay([action], facts.account), facts).verdict === 'broken');
}

function judgeBucket(inventory: Inventory, { facts, site, policies }: Bucket, accessPoint: DeployedResource, actions: readonly string[], why: string): Finding[] {
  const through: Conditions = { StringEquals: { 's3:DataAccessPointAccount': accessPoint.stack.account } };
  const policy = policies.length === 0 ? { statements: [] } : policies[0].policy;
  const resource = policies[0]?.resource ?? site;
  const problem = `The multi-Region access point '${accessPoint.path}' ${why}, and the policy of the bucket '${site.path}' lets none of these requests through.`;
  if (policy === undefined || policies.length > 1 || (policies.length === 0 && inventory.policiesOfUnknownBuckets.length > 0)) {
    return [doubted(resource, problem, 'the policy of the bucket is not known')];
  }
  const { verdict } = prove(policy, nobodyElseMay(actions, facts.account, through), facts);
  return verdict === 'holds' ? [found(resource, problem, REMEDY)] : verdict === 'not-decided' ? [doubted(resource, problem, 'what the policy of the bucket lets through is not decided')] : [];
}

function nobodyElseMay(actions: readonly string[], account: string, way: Conditions = {}): Guarantee {
  return {
    sentence: `Nobody of another account may use ${actions.join(', ')}.`,
    needsAllow: EVERY_CALLER,
    breaches: actions.map((Action) => ({ Action, Condition: allOf(way, { Bool: { 'aws:SecureTransport': 'true' } }, ofOtherAccountsThan([account]), IAM_CALLER) })),
  };
}
