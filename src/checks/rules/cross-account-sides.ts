import { defaultEncryption } from './bucket-settings';
import { identityPolicies } from '../../access/identity-policies';
import { Bucket, Inventory } from '../../access/inventory';
import { domainSuffixOf } from '../../aws/regions';
import { textsOf } from '../../guarantees/mentioned-values';
import { mayNotDo, mayNotUseKey } from '../../guarantees/roles';
import { own } from '../../own';
import { ConditionTest } from '../../policy/condition';
import { Policy, Statement } from '../../policy/document';
import { isUnknown } from '../../policy/unknown-text';
import { Guarantee } from '../../proof/guarantee';
import { keyRequests, Proof, prove, Prover, proveTogether, ResourceFacts } from '../../proof/prove';
import { DeployedResource } from '../../template/deployment';
import { isOn as isSettingOn } from '../../template/settings';
import { doubted, Finding, found, Rule } from '../finding';

const REMEDY = 'Allow the same actions on all sides: in the bucket policy, in the policies of the role, and in the policy of the key.';
const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User'];
const DATA_ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject'];
const KEY_ACTIONS: Record<string, string> = { 's3:GetObject': 'kms:Decrypt', 's3:PutObject': 'kms:GenerateDataKey' };

/** Only what is in the app can be compared: roles and users of other accounts that nobody synthesizes here are not judged. */
export const crossAccountSides: Rule = {
  id: 'CrossAccountSides',
  requirement: 'A role or user of another account is allowed the same by the bucket, by its own policies and by the key.',
  reason: 'If one of the three does not agree, the request fails with 403 and does not say which.',
  severity: 'low',
  severityReason: 'Requests fail that were meant to be allowed; no data leaves and none is lost.',
  guide: '8',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html',
  judgeDeployment: (inventory) => IDENTITIES.flatMap((type) => inventory.deployment.ofType(type)).flatMap((role) => [
    ...inventory.allBuckets.filter(({ site }) => isForeign(role, site)).flatMap((bucket) => judge(inventory, role, bucket)),
    ...accessPoints(inventory).filter(({ site }) => isForeign(role, site)).flatMap((accessPoint) => judgeAccessPoint(inventory, role, accessPoint)),
  ]),
};

function isForeign(role: DeployedResource, site: DeployedResource): boolean {
  return role.stack.account !== site.stack.account && role.stack.hasKnownAccount && site.stack.hasKnownAccount;
}

function judge(inventory: Inventory, role: DeployedResource, bucket: Bucket): Finding[] {
  const [document] = bucket.policies;
  const identity = identityPolicies(inventory, role);
  const bucketPolicy = document?.policy ?? { statements: [] };
  const isNamed = mentionsArn(identity.policy, bucket.facts.arn);
  if (!hasKnownPolicy(inventory, bucket) || (!mentions(bucketPolicy, role) && !isNamed)) {
    return [];
  }
  const [ofBucket, ofRole] = [bucketPolicy, identity.policy].map((policy) => new Prover(policy, bucket.facts));
  return DATA_ACTIONS.flatMap((action) => {
    const byBucket = mayDo(ofBucket, role, action, bucket.facts);
    if (isAllowed(byBucket) ? !identity.isComplete : !isNamed) {
      return [];
    }
    const byRole = mayDo(ofRole, role, action, bucket.facts);
    return [
      ...(isAllowed(byBucket) && byRole.verdict === 'holds' ? [found(role, `The policy of bucket '${bucket.site.path}' allows ${kindOf(role)} ${action}, and ${kindOf(role)}'s own policies do not.`, REMEDY)] : []),
      ...(isOn(bucket.facts.arn, byRole) && byBucket.verdict === 'holds'
        ? [found(document?.resource ?? bucket.site, `The role '${role.path}' may ${action} by its own policies, and the policy of the bucket does not allow it.`, REMEDY)] : []),
      ...(isAllowed(byBucket) && isAllowed(byRole)
        ? [
          ...judgeTogether(role, action, bucketPolicy, identity.policy, bucket.facts, document?.resource ?? bucket.site),
          ...judgeKey(inventory, role, bucket, action, identity.policy),
        ] : []),
    ];
  });
}

/** What is not known of a policy, or of the name of its bucket, cannot be compared. */
function hasKnownPolicy({ policiesOfUnknownBuckets: strays }: Inventory, { policies, facts }: Bucket): boolean {
  return !isUnknown(facts.arn) && (policies.length === 0 ? strays.length === 0 : policies.length === 1 && policies[0].policy !== undefined);
}

/** Two sides that allow the same action, each on other objects or under other conditions, let nothing through. */
function judgeTogether(role: DeployedResource, action: string, policy: Policy, identity: Policy, facts: ResourceFacts, site: DeployedResource): Finding[] {
  return proveTogether([policy, identity], mayNotDo(arnOf(role), action, facts), facts).verdict === 'holds'
    ? [found(site, `The policy allows ${kindOf(role)} '${role.path}' ${action}, its own policies too, but no request meets both: they disagree on objects or conditions.`, REMEDY)]
    : [];
}

/** An access point, and the bucket behind it where that is in the app. */
interface AccessPoint {
  readonly site: DeployedResource;
  readonly facts: ResourceFacts;
  readonly bucket?: Bucket;
}

function accessPoints(inventory: Inventory): AccessPoint[] {
  return inventory.accessPoints.map(({ resource: site, facts }) => ({ site, facts, bucket: inventory.bucketNamed(site.property('Bucket')) }));
}

function judgeAccessPoint(inventory: Inventory, role: DeployedResource, { site, facts, bucket }: AccessPoint): Finding[] {
  const document = inventory.policyOf(site, 'Policy');
  const identity = identityPolicies(inventory, role);
  const policy = document?.policy ?? { statements: [] };
  if ((document && !document.policy) || !mentionsArn(identity.policy, facts.arn)) {
    return []; // an access point may name roles that get their permissions later
  }
  const [ofAccessPoint, ofRole] = [policy, identity.policy].map((one) => new Prover(one, facts));
  return DATA_ACTIONS.flatMap((action) => {
    const isAllowedThere = isAllowed(mayDo(ofAccessPoint, role, action, facts));
    if (isAllowedThere && !identity.isComplete) {
      return [];
    }
    const byRole = mayDo(ofRole, role, action, facts);
    return [
      ...(isAllowedThere && byRole.verdict === 'holds' ? [found(role, `The policy of access point '${site.path}' allows ${kindOf(role)} ${action}, and ${kindOf(role)}'s own policies do not.`, REMEDY)] : []),
      ...(isOn(facts.arn, byRole) && !isAllowedThere ? [found(site, `The role '${role.path}' may ${action} by its own policies, and the policy of the access point does not allow it.`, REMEDY)] : []),
      ...(isAllowedThere && isAllowed(byRole) ? judgeTogether(role, action, policy, identity.policy, facts, site) : []),
      ...(isAllowedThere && isAllowed(byRole) && bucket
        ? [...judgeDelegation(inventory, role, action, site, bucket), ...judgeKey(inventory, role, bucket, action, identity.policy)] : []),
    ];
  });
}

/** What an access point allows, its bucket must let through too. */
function judgeDelegation(inventory: Inventory, role: DeployedResource, action: string, site: DeployedResource, bucket: Bucket): Finding[] {
  const [document] = bucket.policies;
  if (!hasKnownPolicy(inventory, bucket)) {
    return [];
  }
  const { verdict } = mayDo(new Prover(document?.policy ?? { statements: [] }, bucket.facts), role, action, bucket.facts, site);
  return verdict === 'holds'
    ? [found(document?.resource ?? bucket.site, `The access point '${site.path}' allows the role '${role.path}' ${action}, and the policy of the bucket lets nothing through from it.`,
      "Delegate to the access points of the account: allow the action where 's3:DataAccessPointAccount' is the account.")]
    : [];
}

function judgeKey(inventory: Inventory, role: DeployedResource, bucket: Bucket, action: string, identity: Policy): Finding[] {
  const key = bucket.resource && inventory.keyNamed(inventory.keyArnOf(bucket.resource), bucket.resource.stack);
  const document = key && inventory.policyOf(key, 'KeyPolicy');
  const keyAction = own(KEY_ACTIONS, action);
  if (!key || !document?.policy || !keyAction) {
    return [];
  }
  const facts = { arn: key.reference('Arn')!, objects: '', account: key.stack.account, partition: key.stack.partition };
  const sides: [Policy, DeployedResource, string][] = [[document.policy, key, 'the policy of the key does not'], [identity, role, "the role's own policies do not"]];
  return sides.flatMap(([policy, resource, side]) => {
    const proof = prove(policy, keyUse(role, keyAction, bucket), facts, keyRequests);
    const problem = `${action} of the role '${role.path}' on bucket '${bucket.site.path}' needs ${keyAction}, and ${side} allow it through S3 for this bucket.`;
    return proof.verdict === 'holds' ? [found(resource, problem, REMEDY)] : proof.verdict === 'not-decided' ? [doubted(resource, problem)] : [];
  });
}

/** Whether a role may do something: the guarantee that it may not is broken where it may. */
function mayDo(prover: Prover, role: DeployedResource, action: string, facts: ResourceFacts, accessPoint?: DeployedResource): Proof {
  return prover.prove(mayNotDo(arnOf(role), action, facts, accessPoint?.stack.account));
}

function kindOf({ type }: DeployedResource): string {
  return type === 'AWS::IAM::User' ? 'the user' : 'the role';
}

function mentions({ statements }: Policy, role: DeployedResource): boolean {
  const arn = role.reference('Arn');
  return statements.some(({ effect, principal, conditions }) => effect === 'Allow' && (principal?.members.some(({ text, account }) => text === arn || account === role.stack.account) || isHeldTo(conditions, arn!)));
}

function isHeldTo(conditions: readonly ConditionTest[], arn: string): boolean {
  return conditions.some((test) => test.key === 'aws:principalarn' && test.operator?.negated === false && textsOf(test).includes(arn));
}

function mentionsArn({ statements }: Policy, arn: string): boolean {
  return statements.some((statement) => namesResource(statement, arn));
}

/** Whether the statement of an identity that allows something means this very resource, rather than everything. */
function isOn(arn: string, proof: Proof): boolean {
  return proof.verdict === 'broken' && proof.allowedBy !== undefined && namesResource(proof.allowedBy, arn);
}

function namesResource({ resource }: Statement, arn: string): boolean {
  return resource?.members.some(({ text }) => text.source.startsWith(arn)) ?? false;
}

/** S3 calls KMS for the role, and says for which bucket or object. */
function keyUse(role: DeployedResource, keyAction: string, { resource, facts }: Bucket): Guarantee {
  const { bucketKey } = defaultEncryption(resource!);
  const { region } = resource!.stack;
  const via = `s3.${region}.${domainSuffixOf(facts.partition)}`;
  const encryptionContext = isSettingOn(bucketKey) ? facts.arn : `${facts.objects}any/object`;
  return mayNotUseKey(arnOf(role), keyAction, via, encryptionContext);
}

function arnOf(role: DeployedResource): string {
  return role.reference('Arn')!;
}

function isAllowed({ verdict }: Proof): boolean {
  return verdict === 'broken';
}
