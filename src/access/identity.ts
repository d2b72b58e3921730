import { callerName, isSameAccount } from './caller';
import { attachedPolicies, groupsOf, managedPoliciesCalled, namedPolicies, policyWritten } from './identity-policies';
import { ALL_ALLOWED, Call, judge, Judgement, NOTHING_SAID } from './judgement';
import type { Question } from './question';
import { GivenPolicy, possibly, SourcedPolicy } from './sourced-policy';
import { deniesWhatIsNotKnown, managedPolicyDocument } from '../aws/aws-managed-policies';
import { own } from '../own';
import { jsonText } from '../policy/json';
import { isUnknown } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';

/** What the policies of the caller say of a call. */
export interface IdentityJudgements {
  /** Undefined for callers whom no policies of identities bind: services, anonymous ones. */
  readonly identity?: Judgement;

  /** Undefined if there is none. */
  readonly boundary?: Judgement;
  readonly session?: Judgement;
}

/** The policies of the caller. */
interface IdentityDocuments {
  readonly documents: readonly SourcedPolicy[];

  /** What of them is not known. */
  readonly unknown?: string;

  /** The managed policies of which nothing is known but that they deny something. */
  readonly denying?: readonly string[];
}

/** Judges a call by the policies of the caller. */
export function judgeIdentity(question: Question, call: Call): IdentityJudgements {
  const { caller, request } = question;
  switch (caller.kind) {
    case 'anonymous':
    case 'service':
    case 'origin-access-identity': return {};
    case 'root': return { identity: ALL_ALLOWED };
  }
  const session = (request.sessionPolicies ?? []).map((document, i) => new GivenPolicy(document, `sessionPolicies[${i}]`));
  return {
    identity: withUnknown(question, identityDocuments(question), call),
    boundary: judgeBoundary(question, call),
    session: session.length > 0 ? judge(question, session, call) : undefined,
  };
}

/** Policies that are not known may allow a call. That they deny it is possible too, but is not assumed. */
function withUnknown(question: Question, { documents, unknown, denying: [denying] = [] }: IdentityDocuments, call: Call): Judgement {
  const judgement = judge(question, documents, call);
  if (unknown === undefined) {
    return judgement;
  }
  if (denying !== undefined && judgement.denies !== true) {
    return { ...judgement, denies: undefined, unknown: `the content of ${denying} is not known, and it denies something`, givenBy: `managedPolicies.${denying}` };
  }
  const givenBy = `principals.${question.caller.identityArn ?? '<ARN>'}.identityPolicies`;
  question.assume(`Policies of ${callerName(question.caller)} that are not in the templates deny nothing (${unknown}).`, givenBy);
  return judgement.allows ? judgement : { ...judgement, allows: undefined, unknown: judgement.unknown ?? `${unknown}, and may allow it`, givenBy: judgement.givenBy ?? givenBy };
}

function identityDocuments(question: Question): IdentityDocuments {
  const { caller, model } = question;
  if (caller.kind === 'federated-user') {
    return { documents: [], unknown: 'the policies of the user who federates are not known' };
  }
  const arn = caller.identityArn!;
  const resource = model.identity(arn);
  const given = own(model.given.principals, arn);
  const added = (given?.identityPolicies ?? []).map((document, i) => model.givenPolicy(document, `principals.${arn}.identityPolicies[${i}]`));
  if (resource) {
    const attached = [resource, ...groupsAround(question, resource)].map((identity) => attachedPolicies(model.inventory, identity, (managed) => managedPolicy(question, managed)));
    const unknownArns = attached.flatMap(({ unknownArns: arns }) => arns);
    const unknownGroups = resource.type === 'AWS::IAM::User' ? groupsOf(model.inventory, resource).unknown : [];
    return {
      documents: [...attached.flatMap(({ documents }) => documents), ...added],
      unknown: unknownArns.length > 0 ? `the content of ${unknownArns.join(', ')} is not known` : unknownGroups.length > 0 ? `the policies of the group ${unknownGroups.join(', ')} are not known` : undefined,
      denying: unknownArns.filter(deniesWhatIsNotKnown),
    };
  }
  const named = namedPolicies(model.inventory, caller.kind === 'user' ? 'AWS::IAM::User' : 'AWS::IAM::Role', arn.split('/').at(-1), caller.account!);
  const perhaps = namelessIdentities(question).flatMap((identity) => attachedPolicies(model.inventory, identity).documents).map(possibly);
  return { documents: [...named, ...added, ...perhaps], unknown: given?.identityPolicies ? undefined : `${arn} is not in the templates` };
}

/** The roles or users of the templates whose names are not known: one of them might be the caller. */
function namelessIdentities({ caller, model }: Question): DeployedResource[] {
  return model.deployment.ofType(caller.kind === 'user' ? 'AWS::IAM::User' : 'AWS::IAM::Role')
    .filter((resource) => isUnknown(resource.reference('Arn') ?? '') && isSameAccount(caller.account, resource.stack.account) !== false);
}

function groupsAround({ model }: Question, resource: DeployedResource): DeployedResource[] {
  return resource.type === 'AWS::IAM::User' ? groupsOf(model.inventory, resource).groups : [];
}

function managedPolicy({ model }: Question, arn: string): SourcedPolicy | undefined {
  const given = own(model.given.managedPolicies, arn);
  const published = managedPolicyDocument(arn);
  return given ? model.givenPolicy(given, `managedPolicies.${arn}`) : published && new GivenPolicy(published, arn);
}

function judgeBoundary(question: Question, call: Call): Judgement | undefined {
  const { caller, model } = question;
  const arn = caller.identityArn ?? '';
  const given = own(model.given.principals, arn)?.permissionsBoundary;
  if (given) {
    return judge(question, [model.givenPolicy(given, `principals.${arn}.permissionsBoundary`)], call);
  }
  const identity = model.identity(arn) ?? (given === undefined ? namelessIdentities(question).find((other) => other.property('PermissionsBoundary') !== undefined) : undefined);
  const boundary: unknown = identity?.property('PermissionsBoundary');
  if (boundary === undefined || given === null) {
    return undefined;
  }
  const [written] = managedPoliciesCalled(model.inventory, boundary);
  const document = written ? policyWritten(model.inventory, written) : managedPolicy(question, jsonText(boundary));
  return document && model.identity(arn) ? judge(question, [document], call)
    : { ...NOTHING_SAID, denies: undefined, allows: undefined, unknown: `the content of the permissions boundary ${jsonText(boundary)} is not known`, givenBy: `managedPolicies.${jsonText(boundary)}` };
}
