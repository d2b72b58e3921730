import { POLICY_CHARACTERS } from '../../aws/organization-quotas';
import { testsOf } from '../../guarantees/mentioned-values';
import { Policy, Statement } from '../../policy/document';
import { actionApplies, resourceApplies } from '../../policy/evaluate';
import { isObject } from '../../policy/json';
import { resourceControlProblem } from '../../policy/resource-control-policy';
import { isUnknown, isUnknownBesideIds, withoutUnknown } from '../../policy/unknown-text';
import { DeployedPolicy } from '../../template/deployed-policy';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue } from '../../template/settings';
import type { BucketGuarantee } from '../bucket-guarantees';
import { controlGuarantees } from '../control-guarantees';
import { doubted, Finding, found, notDecided, Rule } from '../finding';
import { undecided, violated } from '../guarantee-texts';

/**
 * Storage that resource control policies do not reach.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
const BEYOND_CONTROL = ['s3express', 's3tables', 's3vectors', 's3files', 's3-outposts', 's3-object-lambda'];

const SYNTAX = 'Correct it: AWS Organizations refuses the policy as it is, and the stack fails to deploy.';

export const organizationPolicy: Rule = {
  id: 'OrganizationPolicy',
  requirement: 'Policies of the organization are such as AWS Organizations takes, name services that they bind, and do not switch Block Public Access off.',
  reason: 'A policy that is refused, or that names what it does not bind, protects nothing; nothing else looks at it before it is deployed.',
  severity: 'medium',
  severityReason: 'AWS Organizations refuses the policy, or attaches one that does not bind what it was written for, while everybody counts on it.',
  guide: '7.4',
  see: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html',
  judgeDeployment: (inventory) => [
    ...inventory.deployment.ofType('AWS::Organizations::Policy').flatMap(judge),
    ...controlGuarantees(inventory).flatMap(({ guarantees }) => guarantees).flatMap(judgeGuarantee),
  ],
};

/** Whether a resource control policy keeps what it seems to be meant for, for every bucket. */
function judgeGuarantee({ sentence, verdict, counterexample, reason, resource }: BucketGuarantee): Finding[] {
  switch (verdict) {
    case 'holds': return [];
    case 'broken': return [found(resource, violated(sentence), 'Deny it in a statement of its own, and exempt nobody by what callers outside can have: a name of a role, a tag.', counterexample)];
    case 'not-decided': return [notDecided(resource, undecided(sentence, reason!))];
  }
}

function judge(resource: DeployedResource): readonly Finding[] {
  const type = resource.property('Type');
  if (isUnknownValue(type)) {
    return [notDecided(resource, 'Which type of policy this is depends on a value that is not known before deployment.')];
  }
  switch (type) {
    case 'RESOURCE_CONTROL_POLICY': return [...judgeStatements(resource, controlProblems), ...judgeSize(resource, type)];
    case 'SERVICE_CONTROL_POLICY': return [...judgeStatements(resource, permissionProblems), ...judgeSize(resource, type)];
    case 'S3_POLICY': return [...judgeBlockPublicAccess(resource), ...judgeSize(resource, type)];
    default: return [];
  }
}

/** A problem of one statement, and what to do about it. */
type Problem = readonly [problem: string, remedy: string];

function judgeStatements(resource: DeployedResource, problemsOf: (statement: Statement) => readonly Problem[]): Finding[] {
  const document = new DeployedPolicy(resource, 'Content', () => resource.property('Content'));
  const { policy, refusal, unknown } = document;
  if (refusal) {
    return [found(resource, `${['Content', refusal.path].filter((part) => part !== '').join('.')}: ${refusal.reason}`, SYNTAX)];
  }
  return unknown === undefined ? statementFindings(document, policy!, problemsOf) : [notDecided(resource, unknown)];
}

/** What is wrong with a statement of which a part is not known may come from that part. */
function statementFindings(document: DeployedPolicy, { statements }: Policy, problemsOf: (statement: Statement) => readonly Problem[]): Finding[] {
  const { resource } = document;
  return statements.flatMap((statement) => problemsOf(statement).map(([text, remedy]) => {
    const problem = `Content.${statement.path}: ${text}`;
    return isUnknownBesideIds(document.textOf(statement)) ? doubted(resource, problem, 'a part of the statement is not known before deployment', remedy) : found(resource, problem, remedy);
  }));
}

/**
 * What AWS Organizations refuses in a resource control policy, and actions that it does not bind.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
function controlProblems(statement: Statement): Problem[] {
  const refused = resourceControlProblem(statement);
  const beyond = statement.action.isInverted ? [] : statement.action.members.map(({ text }) => text).filter((action) => BEYOND_CONTROL.includes(action.split(':')[0].toLowerCase()));
  return [
    ...(refused === undefined ? [] : [[refused, SYNTAX] as const]),
    ...(stopsCallsOfServices(statement) ? [[SERVICES_STOPPED, SPARE_SERVICES] as const] : []),
    ...(beyond.length > 0 ? [[`resource control policies do not bind ${beyond.join(', ')}.`, 'Leave the actions out, and deny them in a service control policy.'] as const] : []),
  ];
}

const SERVICES_STOPPED = 'it denies KMS by network. Services such as S3 call KMS for their callers from networks of AWS, so nobody could read an encrypted object.';
const SPARE_SERVICES = "Add BoolIfExists 'aws:ViaAWSService' 'false', and ArnNotLike 'aws:PrincipalArn' 'arn:*:iam::*:role/aws:ec2-infrastructure' for encrypted volumes.";
const NETWORK_KEYS = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:sourceip', 'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths'];

/**
 * Whether a deny of KMS by network spares no services that call with the credentials of their callers.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
function stopsCallsOfServices(statement: Statement): boolean {
  const { effect, action } = statement;
  const isAboutKms = ['kms:Decrypt', 'kms:GenerateDataKey'].some((one) => actionApplies(statement, { action: one }) === true) && !action.isInverted;
  const isByNetwork = testsOf([statement], NETWORK_KEYS).some(({ operator }) => operator?.negated);
  return effect === 'Deny' && isAboutKms && isByNetwork && testsOf([statement], ['aws:viaawsservice', 'aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast']).length === 0;
}

/**
 * What AWS Organizations refuses in a service control policy, and what stops deployments.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
 */
function permissionProblems(statement: Statement): Problem[] {
  const stopped = stoppedDeployments(statement);
  return [
    ...(statement.principal ? [['a service control policy has no Principal or NotPrincipal: it is for the users and roles of the accounts below it.', SYNTAX] as const] : []),
    ...(stopped.length > 0 ? [[`it denies ${stopped.join(', ')} to everybody, and CloudFormation calls them for every bucket of the CDK: no such bucket is deployed any more.`, SPARE_DEPLOYMENTS] as const] : []),
  ];
}

const SPARE_DEPLOYMENTS = "Spare execution roles: ArnNotLike 'aws:PrincipalArn' 'arn:*:iam::*:role/cdk-*-cfn-exec-role-*'; see GuardrailProtectionPolicy.";

/** What CloudFormation calls for a bucket of the CDK, with the execution role of the stack. */
const CALLED_BY_DEPLOYMENTS = ['s3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:PutEncryptionConfiguration'];

/** Of these, what a statement denies on all buckets, whoever calls. One that denies making buckets stops deployments on purpose. */
function stoppedDeployments(statement: Statement): string[] {
  const { effect, action, conditions, open } = statement;
  const isOfEverybody = effect === 'Deny' && conditions.length === 0 && open === undefined && !action.isInverted && actionApplies(statement, { action: 's3:CreateBucket' }) === false;
  const bucket = { resource: 'arn:aws:s3:::any-bucket-of-somebody', context: new Map() };
  return isOfEverybody && resourceApplies(statement, bucket) === true ? CALLED_BY_DEPLOYMENTS.filter((one) => actionApplies(statement, { action: one }) === true) : [];
}

/** Content that is an object is stored as JSON without white space. A text that is too long by white space alone is not decided. */
function judgeSize(resource: DeployedResource, type: keyof typeof POLICY_CHARACTERS): Finding[] {
  const content = resource.property('Content');
  const text = typeof content === 'string' ? content : JSON.stringify(content) ?? '';
  const limit = POLICY_CHARACTERS[type];
  const [written, compact] = [text, JSON.stringify(contentOf(resource)) ?? ''].map((one) => withoutUnknown(one).length);
  const problem = `Content: the policy has ${written} characters${isUnknown(text) ? ' or more' : ''}; AWS Organizations stores at most ${limit} of this type.`;
  const remedy = 'Split the policy in two, or shorten it: Sids count, and in a text white space does, too.';
  return compact > limit ? [found(resource, problem, remedy)]
    : written > limit ? [doubted(resource, problem, 'without the white space between its parts it is short enough', 'Write the content as an object.')]
      : isUnknown(text) ? [notDecided(resource, `Whether the policy has at most ${limit} characters depends on values that are not known before deployment; without them, it has ${written}.`)] : [];
}

/**
 * Whether the policy leaves Block Public Access to whoever owns an account.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_s3_syntax.html
 */
function judgeBlockPublicAccess(resource: DeployedResource): Finding[] {
  const content = contentOf(resource);
  const assigned = ['s3_attributes', 'public_access_block_configuration', '@@assign'].reduce((value: unknown, name) => (isUnknownValue(value) ? value : isObject(value) ? value[name] : undefined), content);
  return isUnknownValue(assigned) ? [notDecided(resource, 'Whether the policy turns Block Public Access on depends on a value that is not known before deployment.')]
    : assigned === 'all' || assigned === undefined ? []
      : [found(resource, `Content: ${JSON.stringify(assigned)} does not turn Block Public Access on in the accounts below.`, "Assign 'all' to public_access_block_configuration.")];
}

/** The content of a policy, which may be written as a text of JSON. */
function contentOf(resource: DeployedResource): unknown {
  const content = resource.property('Content');
  try {
    return typeof content === 'string' ? JSON.parse(content) : content;
  } catch {
    return content;
  }
}
