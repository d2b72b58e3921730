import { LayerDecision, LayerVerdict } from './access-decision';
import { Home } from './homes';
import { Bucket } from './inventory';
import { Call, ExtraKeys, judge, Judgement, statementName } from './judgement';
import { Model } from './model';
import { addressOutside, Keys, keysAt, OrdinaryCall } from './ordinary-calls';
import { resourceControlPolicies, serviceControlPolicies } from './organization-policies';
import { Question } from './question';
import { arnSegments } from '../policy/pattern';
import { PolicyRequest } from '../policy/request';
import { not, some, Truth } from '../policy/truth';
import { DeployedPolicy } from '../template/deployed-policy';

/** Whether a call is stopped, and by what. */
export interface Answer {
  readonly isStopped: Truth;

  /** The statement that stops it, or may, for people; nothing where no statement lets it pass. */
  readonly by?: string;

  /** In which kind of policy of the organization that stands, if it stands in one. */
  readonly control?: 'resource control policy' | 'service control policy';

  /** On what it depends, if it is not decided. */
  readonly doubt?: string;

  /** The request that is stopped. */
  readonly request?: PolicyRequest;
}

const PASSES: Answer = { isStopped: false };

/**
 * Whether the denies of a policy, and those of the organization above it, stop an ordinary call, wherever the account of the bucket is.
 *
 * @param document the policy of the bucket, or of its key
 */
export function stopped(model: Model, bucket: Bucket, document: DeployedPolicy, call: OrdinaryCall, home: Home): Answer {
  const answers = call.alternatives.map((keys) => answer(model, bucket, document, call, { ...keysAt(call, home), ...keys }));
  return answers.find(({ isStopped }) => isStopped === false) ?? answers.find(({ isStopped }) => isStopped === undefined) ?? answers[0];
}

function answer(model: Model, bucket: Bucket, document: DeployedPolicy, ordinary: OrdinaryCall, keys: Keys): Answer {
  const { action, resource, allowedBy } = ordinary;
  const denies = document.policy!.statements.filter(({ effect }) => effect === 'Deny');
  const question = questionOf(model, bucket, ordinary, { ...(ordinary.caller.kind === 'service' ? {} : { 'aws:SourceIp': addressOutside(denies) }), ...keys });
  const call: Call = { action, resource, extra: action.startsWith('kms:') ? keysOfKms(question, document) : {} };
  const judgement = judge(question, [document], call);
  if (allowedBy === 'this-or-nobody' && judgement.allows === false) {
    return PASSES;
  }
  const controls = [
    { control: 'resource control policy', decision: resourceControlPolicies(question, call, bucket.facts.account) },
    { control: 'service control policy', decision: serviceControlPolicies(question, call) },
  ] as const;
  const isMissing = allowedBy === 'this' ? not(judgement.allows) : false;
  const isStopped = some([judgement.denies, ...controls.map(({ decision }) => isStoppedBy(decision)), isMissing], (truth) => truth);
  const stopping = controls.find(({ decision }) => isStoppedBy(decision)) ?? controls.find(({ decision }) => isStoppedBy(decision) === undefined);
  const isByPolicy = judgement.denies || (isStopped !== true && judgement.denies === undefined);
  return isStopped === false ? PASSES : { isStopped, ...(isByPolicy || !stopping ? byStatement(judgement) : byControl(stopping)) };
}

function byStatement({ denies, applying, undecided, unknown }: Judgement): Omit<Answer, 'isStopped'> {
  const denying = [...applying, ...undecided].find(({ statement }) => statement.effect === 'Deny');
  return { by: denying && statementName(denying.statement), request: denying?.request, ...(denies ? {} : { doubt: unknown }) };
}

function byControl({ control, decision: { statements: [statement], reason } }: Required<Pick<Answer, 'control'>> & { readonly decision: LayerDecision }): Omit<Answer, 'isStopped'> {
  return { by: statement && (statement.sid ? `the statement '${statement.sid}'` : statement.path), control, doubt: reason };
}

function isStoppedBy({ verdict }: LayerDecision): Truth {
  return verdict === LayerVerdict.NOT_DECIDED ? undefined : verdict === LayerVerdict.DENIES || verdict === LayerVerdict.DOES_NOT_ALLOW;
}

function questionOf(model: Model, bucket: Bucket, { caller, action, resource, name }: OrdinaryCall, keys: Keys): Question {
  const { arn, objects } = bucket.facts;
  const key = resource.startsWith(objects) ? resource.slice(objects.length) : undefined;
  const [, partition, , , , bucketName] = arnSegments(arn);
  const given = new Map(Object.entries(keys).map(([written, value]): [string, readonly string[]] => [written.toLowerCase(), value === null ? [] : [value].flat()]));
  return new Question(model, { principal: name, action, resource }, caller, { action, arn: resource, partition, bucketName, key }, model.bucket(bucketName), undefined, given);
}

/** KMS is told nothing of S3, and calls for administration come through no service and for no object. */
function keysOfKms({ caller }: Question, { policy }: DeployedPolicy): ExtraKeys {
  const asked = policy!.statements.flatMap(({ conditions }) => conditions).map(({ key }) => key);
  const absent = asked.filter((key) => key.startsWith('s3:') || key.startsWith('kms:encryptioncontext') || key === 'kms:viaservice' || key === 'kms:grantisforawsresource');
  return {
    ...Object.fromEntries(absent.map((key) => [key, undefined])),
    'kms:calleraccount': caller.account === undefined ? undefined : [caller.account],
    'kms:bypasspolicylockoutsafetycheck': ['false'],
  };
}
