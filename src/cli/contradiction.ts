import { RecordedCall } from './cloudtrail-record';
import { AccessDecision, AccessOutcome } from '../access/access-decision';
import { Model } from '../access/model';
import { DeployedResource } from '../template/deployment';

/** A record that says otherwise than the templates: that it does, and what could explain it, most likely first. */
export interface Contradiction {
  readonly sentence: string;
  readonly causes: readonly string[];
}

/** What the message of a denial tells, where it does. */
export interface DenialMessage {
  readonly action?: string;

  /** The kind of the policy, such as "service control policy". */
  readonly policyType?: string;

  /** The policy that denies. Bucket policies, and those of other organizations, are not named. */
  readonly policyArn?: string;
}

const ACTION = /is not authorized to perform: ([a-z0-9-]+:\w+)/;
const DENIED_BY = /with an explicit deny in an? ([a-z -]+? policy|permissions boundary)(?::? (arn:[^\s"]+?))?\.?(?:\s|$)/;
const ALLOWED_BY_NONE = /because no ([a-z -]+? policy|permissions boundary) allows/;

/**
 * What the message of a denial tells: since January 2026 the policy that denies, too, in one account or organization.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
export function denialMessage(message = ''): DenialMessage {
  const [, policyType, policyArn] = DENIED_BY.exec(message) ?? [];
  return { action: ACTION.exec(message)?.[1], policyType: policyType ?? ALLOWED_BY_NONE.exec(message)?.[1], policyArn };
}

const AUTHORIZED_ERRORS = ['NoSuchKey', 'NoSuchVersion']; // S3 tells whether an object is there only to those who may know it

/** Whether a read that is allowed was denied because the object is not there: S3 says 403 to those who may not list the bucket. */
export function isOfMissingObject(call: RecordedCall | undefined, { outcome, ifMissing }: AccessDecision): boolean {
  const { action } = denialMessage(call?.errorMessage);
  return call?.errorCode === 'AccessDenied' && outcome === AccessOutcome.ALLOWED && ifMissing?.outcome === AccessOutcome.DENIED && (action === undefined || action === 's3:ListBucket');
}

/** Where a record contradicts what is decided by the templates. */
export function contradictionOf(call: RecordedCall | undefined, decision: AccessDecision, model: Model): Contradiction | undefined {
  if (call === undefined || isOfMissingObject(call, decision)) {
    return undefined;
  }
  if (call.errorCode === 'AccessDenied' && decision.outcome === AccessOutcome.ALLOWED) {
    return {
      sentence: 'The record contradicts these templates: S3 answered AccessDenied, and they allow the request.',
      causes: [...byMessage(call, decision, model), ...byMissingObject(call, decision), ...byWhatIsNotRecorded(decision), ...byAssumptions(decision)],
    };
  }
  const isAuthorized = call.errorCode === undefined || AUTHORIZED_ERRORS.includes(call.errorCode);
  if (isAuthorized && decision.outcome === AccessOutcome.DENIED) {
    return {
      sentence: `The record contradicts these templates: S3 allowed the request${call.time === undefined ? '' : ` at ${call.time}`}, and they deny it.`,
      causes: ['The policies that were deployed then differ from these templates: if these are yet to be deployed, S3 will deny the request from then on. Otherwise compare them: aws s3api get-bucket-policy, aws iam get-role-policy.', ...byAssumptions(decision)],
    };
  }
  return undefined;
}

function byMessage({ errorMessage }: RecordedCall, { parts, request }: AccessDecision, { deployment }: Model): string[] {
  const { action, policyType, policyArn } = denialMessage(errorMessage);
  const needed = parts.length > 0 ? parts.map((part) => part.action) : [request.action];
  const isOther = action !== undefined && !needed.includes(action) && !parts.some(({ keyActions = [] }) => keyActions.includes(action));
  const written = policyArn === undefined ? undefined : deployment.resources.find((resource) => isPolicy(resource, policyArn));
  return [
    ...(isOther ? [`S3 asked for ${action}, by the message of the record, and nothing else that is recorded shows that the request needs it. Decide it by itself: --action ${action}.`] : []),
    ...(policyArn !== undefined ? [written
      ? `The ${policyType} ${policyArn} denied it. It is ${written.path} of these templates, where it does not deny the request: what is deployed differs.`
      : `The ${policyType} ${policyArn} denied it, and is in none of these templates. Provide it: ${placeFor(policyType)} in the file of --assume.`] : []),
    ...(policyArn === undefined && policyType !== undefined ? [`The message of the record names ${article(policyType)}: the one that is deployed differs from these templates, or is in none of them.`] : []),
  ];
}

/** Whether a resource of the templates is the policy with an ARN: managed policies are named, those of organizations have ids that AWS draws. */
function isPolicy(resource: DeployedResource, arn: string): boolean {
  return ['AWS::IAM::ManagedPolicy', 'AWS::Organizations::Policy'].includes(resource.type)
    && [resource.reference('Ref'), resource.reference('Arn')].some((name) => name !== undefined && (name === arn || arn.endsWith(`/${name}`)));
}

function placeFor(policyType: string | undefined): string {
  switch (policyType) {
    case 'service control policy': return "'accounts.<id>.serviceControlPolicies'";
    case 'resource control policy': return "'accounts.<id>.resourceControlPolicies'";
    case 'permissions boundary': return "'principals.<arn>.permissionsBoundary'";
    case 'identity-based policy': return "'principals.<arn>.identityPolicies'";
    case 'VPC endpoint policy': return "'endpoints.<id>.policy'";
    default: return 'its document';
  }
}

function article(name: string): string {
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function byMissingObject({ headers }: RecordedCall, { ifMissing, parts }: AccessDecision): string[] {
  const isOfVersion = headers.versionid !== undefined && parts.some(({ action }) => action === 's3:GetObjectVersion');
  return [
    ...(ifMissing?.outcome === AccessOutcome.NOT_DECIDED ? [`The object did not exist: S3 then answers 403 unless s3:ListBucket is allowed, which is not decided. ${ifMissing.decidedBy?.reason}`] : []),
    ...(isOfVersion ? ['The version did not exist: S3 tells that only to those who may list the bucket.'] : []),
  ];
}

function byWhatIsNotRecorded({ parts }: AccessDecision): string[] {
  return parts.length === 0 ? [] : ['The request had a header that needs another permission and is not recorded, or had been signed by credentials that were no longer valid.'];
}

function byAssumptions({ assumptions }: AccessDecision): string[] {
  return assumptions.map(({ sentence, givenBy }) => `An assumption is wrong: ${sentence} Provide what is true: ${givenBy}.`);
}
