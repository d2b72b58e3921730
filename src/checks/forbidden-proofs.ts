import { AccessPrincipal } from './access-principal';
import { ExpectedResource, ForbiddenAccess } from './expected-access';
import { ExpectedApp } from './expected-app';
import { BrokenExpectation, incomplete, saysNothing } from './expected-decisions';
import { MOST_WAYS } from './ways';
import { BucketFacts } from '../access/bucket-facts';
import { statementPlace } from '../access/decision-text';
import { provide } from '../access/provide';
import { decidingStatement, SourcedPolicy } from '../access/sourced-policy';
import { ExemptCaller, nobodyMay } from '../guarantees/forbidden-access';
import { cautiousPolicy, cautiousStatement, Policy, Statement } from '../policy/document';
import { isPublic } from '../policy/public-allow';
import { readable } from '../policy/unknown-text';
import { Guarantee } from '../proof/guarantee';
import { prove } from '../proof/prove';
import { boundedCases } from '../template/condition-cases';
import { mattersBesideProofs, possibilities, untriedSentence } from '../template/possibilities';

/** Proves that nobody may do what is forbidden; nothing if so. */
export function judgeForbidden(app: ExpectedApp, access: ForbiddenAccess): BrokenExpectation[] {
  if (saysNothing(access._actions, access._resources)) {
    return [incomplete(`nobody may ${access._actions.join(', ')}`)];
  }
  return access._resources.flatMap((resource) => judgeInAll(app, access, resource));
}

/** In every way in which values may turn out that are not known before deployment: where that makes a difference, nothing is decided. */
function judgeInAll(app: ExpectedApp, access: ForbiddenAccess, resource: ExpectedResource): BrokenExpectation[] {
  const ordinary = judgeWithConditions(app, access, resource);
  if (ordinary.some(({ isDecided }) => !isDecided)) {
    return ordinary;
  }
  const texts = access._exempt.flatMap((principal) => [app.text(principal._principal, principal._site), app.text(principal._sourceArn ?? '', principal._site)]);
  const mentioned = [JSON.stringify([texts, access._organizations, app.model.given])];
  const { all, isCut, open } = possibilities(app.model.deployment, { texts: mentioned, matters: mattersBesideProofs, limit: MOST_WAYS });
  for (const { choices } of all) {
    const other = judgeWithConditions(app.with(choices), access, resource);
    if (other.length !== ordinary.length || other.some(({ isDecided }) => !isDecided)) {
      const [doubt] = [...other, ...ordinary];
      const reason = `It depends on ${choices.map(({ what }) => what).join(' and ')}, which ${choices.length === 1 ? 'is' : 'are'} not known before deployment. ${other.length > 0 ? 'If' : 'Unless'} ${choices.length === 1 ? 'it is' : 'they are'} ${choices.map(({ value }) => value).join(' and ')}: ${doubt.reason}`;
      return [{ ...doubt, isDecided: false, reason, remedy: `${provide(choices[0].givenBy)} ${doubt.remedy}` }];
    }
  }
  return isCut ? [undecided(access, resource, `It may depend on ${untriedSentence(open)}.`, provide(open[0][0].givenBy))] : ordinary;
}

/** Where it depends on conditions: what is so of the loosest and of the strictest policy alike. */
function judgeWithConditions(app: ExpectedApp, access: ForbiddenAccess, resource: ExpectedResource): BrokenExpectation[] {
  const ordinary = judgeBucket(app.provable, access, resource);
  const cases = ordinary.some(({ isDecided }) => !isDecided) ? boundedCases(app.model.deployment, MOST_WAYS).cases : [];
  const [first, ...others] = cases.map((choices) => judgeBucket(app.with(choices).provable, access, resource));
  const isSame = first !== undefined && [first, ...others].every((one) => one.length === first.length && one.every(({ isDecided }) => isDecided));
  return isSame ? first : ordinary;
}

function undecided(access: ForbiddenAccess, resource: ExpectedResource, reason: string, remedy: string): BrokenExpectation {
  return { kind: 'Nobody', isDecided: false, sentence: sentenceOf(access, resource), reason, remedy, site: resource.bucket.node.path };
}

function judgeBucket(app: ExpectedApp, access: ForbiddenAccess, resource: ExpectedResource): BrokenExpectation[] {
  const sentence = sentenceOf(access, resource);
  const broken = (isDecided: boolean, reason: string, remedy: string, site = resource.bucket.node.path): BrokenExpectation[] =>
    [{ kind: 'Nobody', isDecided, sentence, reason: readable(reason), remedy, site }];
  const name = app.bucketName(resource.bucket);
  const exempt = access._exempt.map((principal) => exemptOf(app, principal));
  if (name === undefined || exempt.some((one) => one === undefined)) {
    return broken(false, 'The ARN of one of them is not known at synthesis.', 'Give names that are known at synthesis.');
  }
  const bucket = app.model.bucket(name);
  const doubt = doubtAbout(bucket);
  if (doubt !== undefined) {
    return broken(false, doubt, `Write it down in the template, or give 'buckets.${name}'.`);
  }
  const [document] = bucket.policies;
  const { inventory } = app.model;
  const policy = wholePolicy(bucket.policies, inventory.controlsOver(bucket.account!));
  const facts = { arn: bucket.arn, objects: `${bucket.arn}/`, account: bucket.account!, partition: bucket.arn.split(':')[1] };
  const guarantee = guaranteeOf(access, resource, bucket, exempt as ExemptCaller[], sentence);
  const proof = prove(policy, guarantee, facts);
  const doubtfulControl = proof.verdict === 'broken' ? inventory.doubtOfControls(bucket.account!, (more) =>
    prove({ statements: [...policy.statements, ...more.map(cautiousStatement)] }, guarantee, facts)) : undefined;
  if (doubtfulControl !== undefined) {
    return broken(false, `For ${doubtfulControl}.`, 'Give the place of the account in its organization.');
  }
  switch (proof.verdict) {
    case 'holds': return [];
    case 'not-decided': return broken(false, `For ${proof.reason}.`, 'Use values that are known at synthesis.');
    case 'broken': {
      const written = document?.policy?.statements[policy.statements.indexOf(proof.allowedBy!)];
      const allowedBy = written ? ` Statement: ${statementPlace(decidingStatement(document, written))}.` : '';
      const reason = `Layer bucket-policy lets this through: ${proof.counterexample}.${allowedBy || ' No statement denies it.'}`;
      return broken(true, reason, 'Deny it in the bucket policy, or remove what allows it.', document?.resource?.path);
    }
  }
}

function exemptOf(app: ExpectedApp, { _principal, _site, _sourceArn }: AccessPrincipal): ExemptCaller | undefined {
  const principal = app.text(_principal, _site);
  const sourceArn = _sourceArn === undefined ? undefined : app.text(_sourceArn, _site);
  return principal === undefined || (_sourceArn !== undefined && sourceArn === undefined) ? undefined : { principal, sourceArn };
}

/** Why the policy of a bucket is not all that lets requests through, as far as is known. */
function doubtAbout({ name, policies, isPolicyKnown, ownership, account }: BucketFacts): string | undefined {
  if (!isPolicyKnown || policies.length > 1 || policies.some(({ policy }) => !policy)) {
    return `the policy of the bucket '${name}' is not known.`;
  }
  if (policies.some(({ resource }) => resource && resource.isDeployed !== true)) {
    return `it depends on a condition whether the bucket '${name}' has its policy.`;
  }
  if (ownership !== 'BucketOwnerEnforced') {
    return `access control lists of the bucket '${name}' are on, and may allow anything.`;
  }
  return account === undefined ? `the account of the bucket '${name}' is not known.` : undefined;
}

/** Everything that denies and allows: the policy of the bucket, and what resource control policies deny. */
function wholePolicy(documents: readonly SourcedPolicy[], controls: readonly Statement[]): Policy {
  return { statements: [...documents.flatMap(({ policy }) => (policy ? cautiousPolicy(policy).statements : [])), ...controls.map(cautiousStatement)] };
}

function guaranteeOf(access: ForbiddenAccess, { keys }: ExpectedResource, bucket: BucketFacts, exempt: readonly ExemptCaller[], sentence: string): Guarantee {
  return nobodyMay({
    sentence,
    actions: access._actions,
    resources: keys.length > 0 ? keys.map((key) => `${bucket.arn}/${key}`) : undefined,
    exempt,
    account: bucket.account!,
    sparesOwnAccount: access._sparesOwnAccount,
    organizations: access._organizations,
    isOverHttp: access._isOverHttp,
    isShutOut: blocksStrangers(bucket),
  });
}

/** Whether Block Public Access leaves a bucket with a public policy to its own account and to AWS services. */
function blocksStrangers({ blocks, policies }: BucketFacts): boolean {
  return blocks('RestrictPublicBuckets') === true
    && policies.some((source) => (source.policy?.statements ?? []).some((statement) => isPublic(JSON.parse(source.textOf(statement))) === true));
}

function sentenceOf({ _actions, _exempt, _isOverHttp, _organizations, _sparesOwnAccount }: ForbiddenAccess, { bucket, keys }: ExpectedResource): string {
  const who = _exempt.length > 0 ? `Nobody but ${_exempt.map(({ _name }) => _name).join(', ')}` : 'Nobody';
  const where = `${_sparesOwnAccount ? ' of another account' : ''}${_organizations ? ` outside ${_organizations.join(', ')}` : ''}`;
  return `${who}${where} may ${_actions.join(', ')} on ${bucket.node.path}${keys.length > 0 ? ` (${keys.join(', ')})` : ''}${_isOverHttp ? ' over HTTP' : ''}.`;
}
