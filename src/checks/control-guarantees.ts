import type { BucketGuarantee } from './bucket-guarantees';
import { Rule } from './finding';
import { customerProvidedKeys } from './rules/customer-provided-keys';
import { networkPerimeter } from './rules/network-perimeter';
import { organizationPerimeter } from './rules/organization-perimeter';
import { presignedUrlAge, presignedUrlGuarantee } from './rules/presigned-url-age';
import { requireTls } from './rules/require-tls';
import { Inventory } from '../access/inventory';
import { deniesOfControls } from '../access/resource-controls';
import { allOf } from '../guarantees/callers';
import { testsOf, textsOf } from '../guarantees/mentioned-values';
import { networkAsMeant, organizationAsMeant, perimeterIntent, serviceSourceAsMeant } from '../guarantees/perimeters';
import { HTTPS_ONLY } from '../guarantees/transport';
import { NO_CUSTOMER_PROVIDED_KEYS } from '../guarantees/uploads';
import { Policy, Statement } from '../policy/document';
import { unmentionedAccount } from '../policy/unmentioned-account';
import { Conditions, Guarantee } from '../proof/guarantee';
import { Proof, prove, ResourceFacts } from '../proof/prove';
import { DeployedPolicy } from '../template/deployed-policy';

/** What a resource control policy is to guarantee of every bucket, whatever its own policy is. */
export interface ControlGuarantees {
  readonly document: DeployedPolicy;
  readonly facts: ResourceFacts;
  readonly guarantees: readonly BucketGuarantee[];
}

/**
 * What the resource control policies of templates guarantee, by themselves, of every bucket in the accounts that they bind: of buckets that nobody has made yet.
 * Each is asked for what it seems to be meant for, beside those that are attached to the same targets.
 */
export function controlGuarantees(inventory: Inventory): ControlGuarantees[] {
  const controls = inventory.deployment.ofType('AWS::Organizations::Policy').filter((resource) => resource.property('Type') === 'RESOURCE_CONTROL_POLICY' && resource.isDeployed !== false)
    .flatMap((resource) => inventory.policyOf(resource, 'Content') ?? []);
  return controls.flatMap((document): ControlGuarantees[] => {
    const { policy, resource } = document;
    if (!policy) {
      return []; // the rule OrganizationPolicy reports it
    }
    const together = controls.filter((other) => targetsOf(other) === targetsOf(document) && (other === document || other.resource.isDeployed === true));
    const policies = together.flatMap((other) => other.policy ?? []);
    const statements = deniesOfControls(policies);
    const facts = anyBucket(resource.stack.partition, document.text);
    const guarantees = meant(policy, policies.flatMap((one) => one.statements), facts).map(({ rule, guarantee, bound }) => {
      const asked = ofBound(guarantee, bound);
      return proved(document, rule, asked, prove({ statements }, asked, facts));
    });
    return guarantees.length === 0 ? [] : [{ document, facts, guarantees }];
  });
}

interface Meaning {
  readonly rule: Rule;
  readonly guarantee: Guarantee;

  /** The tags of the principals whom alone it binds, if it is so. */
  readonly bound: readonly Tag[];
}

type Tag = readonly [key: string, values: readonly string[]];

/** @param binding the statements of all policies that bind together */
function meant(policy: Policy, binding: readonly Statement[], facts: ResourceFacts): Meaning[] {
  const denies = policy.statements.filter((statement) => statement.effect === 'Deny' && isAbout('s3:*', statement));
  const mentioning = (key: string) => denies.filter((deny) => testsOf([deny], [key]).length > 0);
  const { network, organization, serviceSource } = perimeterIntent({ ...policy, statements: denies });
  const presigned = presignedUrlGuarantee(policy);
  const meanings: [Rule, readonly Statement[], (() => Guarantee)?][] = [
    [requireTls, mentioning('aws:securetransport'), () => HTTPS_ONLY],
    [customerProvidedKeys, policy.statements.filter(isAgainstCustomerKeys), () => NO_CUSTOMER_PROVIDED_KEYS],
    [organizationPerimeter, organization.filter((deny) => !network.includes(deny)), () => organizationAsMeant(organization.filter((deny) => !network.includes(deny)), facts)],
    [organizationPerimeter, serviceSource, () => serviceSourceAsMeant(serviceSource, facts)],
    [networkPerimeter, network, () => networkAsMeant(network, binding, facts)],
    [presignedUrlAge, mentioning('s3:signatureage'), presigned && (() => presigned)],
  ];
  return meanings.flatMap(([rule, meaning, guaranteeOf]) => (meaning.length > 0 && guaranteeOf ? [{ rule, guarantee: guaranteeOf(), bound: tagsOf(meaning) }] : []));
}

/** Whether a statement is about an action on every bucket. Denies of other services, and those that name buckets, promise nothing of that. */
function isAbout(asked: string, { action, resource }: Statement): boolean {
  const isOfAction = !action.isInverted && action.members.some(({ text }) => ['s3:*', asked].includes(text.toLowerCase()));
  return isOfAction && (resource === undefined || (!resource.isInverted && resource.members.some(({ text }) => text.source === '*')));
}

function isAgainstCustomerKeys(statement: Statement): boolean {
  return statement.effect === 'Deny' && isAbout('s3:putobject', statement) && testsOf([statement], ['s3:x-amz-server-side-encryption-customer-algorithm']).length > 0;
}

const TAG = /^aws:principaltag\//;

/** The tags that all of some denies ask for: whoever has another one, or none, is not bound. */
function tagsOf(denies: readonly Statement[]): readonly Tag[] {
  const [first, ...others] = denies.map(({ conditions }) => conditions.filter(({ key, operatorName }) => TAG.test(key) && /^stringequals$/i.test(operatorName))
    .map((test): Tag => [test.key, textsOf(test)]).filter(([, values]) => values.length > 0));
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : [];
}

const SERVICE_LINKED_ROLES = 'arn:*:iam::*:role/aws-service-role/*';

/** The guarantee as far as resource control policies can give it: they do not bind service-linked roles, and some bind only principals with a tag. */
function ofBound({ sentence, breaches, ...guarantee }: Guarantee, bound: readonly Tag[]): Guarantee {
  const conditions: Conditions = allOf({ ArnNotLikeIfExists: { 'aws:PrincipalArn': SERVICE_LINKED_ROLES } }, { StringEquals: Object.fromEntries(bound) });
  const others = bound.map(([key, values]) => `principals without the tag '${key.replace(TAG, '')}' of the value '${values.join("' or '")}'`);
  return {
    ...guarantee,
    sentence: `${sentence} (Of general purpose buckets in all accounts that the policy binds. It does not bind ${['the management account', 'service-linked roles', ...others].join(', ')}.)`,
    breaches: breaches.map((breach) => ({ ...breach, Condition: merged(breach.Condition ?? {}, conditions) })),
  };
}

function merged(one: Conditions, other: Conditions): Conditions {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, allOf({ [name]: one[name] ?? {} }, { [name]: other[name] ?? {} })[name] ?? {}]));
}

/** A bucket of a member account that the policy does not mention. */
function anyBucket(partition: string, text: string): ResourceFacts {
  const account = unmentionedAccount(text);
  const arn = `arn:${partition}:s3:::any-bucket-of-${account}`;
  return { arn, objects: `${arn}/`, account, partition };
}

function targetsOf({ resource }: DeployedPolicy): string {
  return JSON.stringify(resource.property('TargetIds'));
}

function proved({ resource }: DeployedPolicy, rule: Rule, { sentence, members }: Guarantee, proof: Proof): BucketGuarantee {
  const found = { rule, sentence, members, resource };
  switch (proof.verdict) {
    case 'holds': return resource.isDeployed === true ? { ...found, verdict: 'holds' } : { ...found, verdict: 'not-decided', reason: `the policy is there only under the condition '${resource.deployedUnder}'` };
    case 'broken': return { ...found, verdict: 'broken', counterexample: proof.counterexample, reason: proof.letThroughBy };
    case 'not-decided': return { ...found, verdict: 'not-decided', reason: proof.reason };
  }
}
