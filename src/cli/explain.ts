import { Command } from 'commander';
import { ALLOWED, Answer, placeText, Problem, REFUSED } from './answer';
import { readCalls, RecordedCall } from './cloudtrail-record';
import { bucketArn } from './deployed-policy';
import { complete, InputOptions, Inputs, readInputs, takingTemplates, unseenOrRefused } from './inputs';
import { identifierOf, Names } from './names';
import { asOptions } from './option-words';
import { assertAccountIn, assertAction, assertConditionKey, assertRegion } from './request-words';
import { Line, Style } from './text';
import { AccessDecision, AccessOutcome } from '../access/access-decision';
import { AccessEvaluator } from '../access/access-evaluator';
import { AccessRequest } from '../access/access-request';
import { WrongInputError } from '../template/wrong-input';

interface ExplainOptions extends InputOptions {
  readonly principal?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly key?: string;
  readonly context?: readonly string[];
  readonly event?: string;
}

/** `secure-bucket explain`. */
export function explainCommand(answer: (command: Command, give: () => Answer) => void): Command {
  const command = takingTemplates(new Command('explain'))
    .summary('say whether a request would be allowed, and which layer and statement decides')
    .description("Decides a request by every layer of S3's authorization, and says which one denies it and what to change. The request is given by --principal, --action and --resource, or taken from a CloudTrail record; options override what the record says.")
    .option('--principal <who>', "an ARN, a service such as cloudfront.amazonaws.com, 'anonymous', or the construct path or logical ID of a role or user")
    .option('--action <action>', 'such as s3:GetObject')
    .option('--resource <what>', 'an ARN, or the construct path or logical ID of a bucket or access point')
    .option('--key <key>', 'the object in the bucket, or behind the access point, that --resource names')
    .option('--context <key=value...>', 'condition keys of the request; the same key several times for several values, no value for a key that the request does not carry, "" for an empty one')
    .option('--event <file>', 'the CloudTrail record of a call: the record itself, a log file, or what aws cloudtrail lookup-events prints');
  return command.action((paths: string[], options: ExplainOptions) => answer(command, () => {
    const calls = options.event === undefined ? [] : readCalls(options.event);
    return explain(complete(readInputs(paths, { ...whereOf(calls), ...options })), options, calls);
  }));
}

/** The account and Region of a call are those of the templates, if these do not say it. */
function whereOf(calls: readonly RecordedCall[]): InputOptions {
  return { account: calls[0]?.account, region: calls[0]?.region };
}

interface Explanation {
  readonly call?: RecordedCall;
  readonly decision: AccessDecision;
  readonly notes: readonly string[];
}

/** Decides a request, or those of recorded calls. What is not decided counts as denied: nobody knows that it is allowed. */
export function explain(inputs: Inputs, options: ExplainOptions, calls: readonly RecordedCall[] = []): Answer {
  if (options.action !== undefined) {
    assertAction(options.action);
  }
  const names = new Names(AccessEvaluator._of(inputs.templates, inputs.assumptions));
  const explanations = calls.length === 0 ? [explanation(names, requestFrom(names, options))] : calls.flatMap((call) => recorded(names, options, call));
  const outcome = worst(explanations.map(({ decision }) => decision.outcome));
  return {
    exitCode: outcome === AccessOutcome.ALLOWED ? ALLOWED : REFUSED,
    json: { command: 'explain', outcome, decisions: explanations.map(explanationJson) },
    unseen: unseenOrRefused(inputs, names.evaluator._model.deployment),
    assumed: [...new Set(explanations.flatMap(({ decision }) => decision.assumptions.map(({ sentence }) => sentence)))],
    lines: explanations.flatMap(explanationLines),
    problems: explanations.filter(({ decision }) => decision.outcome !== AccessOutcome.ALLOWED).map(problemOf),
  };
}

function explanation(names: Names, request: AccessRequest, call?: RecordedCall, notes: readonly string[] = []): Explanation {
  return { call, decision: names.evaluator.decide(request), notes };
}

function requestFrom(names: Names, { principal, action, bucket, accessPoint, resource: named, key, context = [] }: ExplainOptions): AccessRequest {
  const resource = named ?? (bucket === undefined ? accessPoint : bucketArn(bucket));
  if (principal === undefined || action === undefined || resource === undefined) {
    throw new WrongInputError('explain takes --principal, --action and --resource, or --event with a CloudTrail record.');
  }
  const [who, what] = [identifierOf(names, principal, 'principal'), objectBehind(identifierOf(names, resource, 'resource'), key)];
  names.assertPrincipal(who);
  names.assertResource(what);
  return { principal: who, action, resource: what, context: contextFrom(names, context) };
}

function recorded(names: Names, options: ExplainOptions, call: RecordedCall): Explanation[] {
  const given = options.principal ?? call.principal;
  if (given === undefined) {
    throw new WrongInputError(`The record says only that the caller is ${call.caller}. Name who it was with --principal.`);
  }
  const principal = options.principal === undefined ? names.deployedAs(given) : identifierOf(names, given, 'principal');
  if (options.principal !== undefined) {
    names.assertPrincipal(principal);
  }
  const context = { ...call.context, ...contextFrom(names, options.context ?? []) };
  const accesses = options.action === undefined ? call.accesses : [{ action: options.action, resource: call.accesses[0].resource }];
  return accesses.map(({ action, resource: named }) => {
    const isOverridden = options.resource !== undefined && named === accesses[0].resource;
    const resource = isOverridden ? resourceInstead(identifierOf(names, options.resource!, 'resource'), named, options.key) : named && names.deployedAs(named);
    if (isOverridden) {
      names.assertResource(resource!);
    }
    if (resource === undefined) {
      throw new WrongInputError(`The record of ${call.eventName} does not say which object it was about. Name one with --resource and --key.`);
    }
    return explanation(names, { principal, action, resource, context }, call, notesOn(call, { principal, resource }, names));
  });
}

const OBJECT = /^arn:[^:]*:s3:(?:::[^/]+|[^:]+:[^:]*:accesspoint\/[^/]+\/object)\/(.+)$/s;

/** The bucket that the user names, with the object that the record names. */
function resourceInstead(identifier: string, recordedArn: string | undefined, key: string | undefined): string {
  const recordedKey = OBJECT.exec(recordedArn ?? '')?.[1];
  return objectBehind(identifier, key ?? (OBJECT.test(identifier) ? undefined : recordedKey));
}

function objectBehind(identifier: string, key: string | undefined): string {
  if (key !== undefined && OBJECT.test(identifier)) {
    throw new WrongInputError(`--key names an object in a bucket or behind an access point, and --resource is an object already: ${identifier}.`);
  }
  const isAccessPoint = /^arn:[^:]*:s3:[^:]+:/.test(identifier);
  return key === undefined ? identifier : `${identifier}${isAccessPoint ? '/object/' : '/'}${key}`;
}

const ENDPOINT_KEY = 'aws:sourcevpce';
const EMPTY = '""'; // how the command line says that a key is there without content

function contextFrom(names: Names, pairs: readonly string[]): Record<string, string | string[] | null> {
  const context: Record<string, string | string[] | null> = {};
  for (const pair of pairs) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined || key === '__proto__') {
      throw new WrongInputError(`--context takes key=value, such as aws:SourceVpce=vpce-0abc123def4567890, and '${pair}' is none. Name templates before the options.`);
    }
    assertConditionKey(key, names.evaluator._model);
    assertAccountIn(value, `--context ${key}`);
    if (key.toLowerCase() === 'aws:requestedregion' && value !== '') {
      assertRegion(value, `--context ${key}`);
    }
    const meant = value === EMPTY ? '' : key.toLowerCase() === ENDPOINT_KEY && value !== '' ? identifierOf(names, value, 'endpoint') : value;
    const before = context[key];
    context[key] = value === '' ? null : before === undefined || before === null ? meant : [before, meant].flat();
  }
  return context;
}

function notesOn({ context, invokedBy, principal, accesses }: RecordedCall, asked: { principal: string; resource: string }, names: Names): string[] {
  const endpoint = context['aws:SourceVpce'];
  return [
    ...(principal !== undefined && names.deployedAs(principal) !== principal && asked.principal !== principal ? [`${principal} is taken for ${asked.principal}, whose name AWS draws.`] : []),
    ...(accesses.some(({ resource }) => resource !== undefined && names.deployedAs(resource) === asked.resource && resource !== asked.resource) ? [`${accesses[0].resource} is taken for ${asked.resource}, whose name AWS draws.`] : []),
    ...(typeof endpoint === 'string' && names.hasUnnamedEndpoints(endpoint) ? [`Whether ${endpoint} is a VPC endpoint of these templates is not recorded. If it is, say which: --context aws:SourceVpce=<construct path>.`] : []),
    ...(invokedBy ? [`${invokedBy} made the call. If it did so in a forward access session of the caller, add --context aws:ViaAWSService=true.`] : []),
  ];
}

function worst(outcomes: readonly AccessOutcome[]): AccessOutcome {
  return [AccessOutcome.DENIED, AccessOutcome.NOT_DECIDED].find((outcome) => outcomes.includes(outcome)) ?? AccessOutcome.ALLOWED;
}

function explanationJson({ call, decision, notes }: Explanation) {
  const { request, outcome, decidedBy, layers, assumptions } = decision;
  const { principal, action, resource, context } = request;
  return {
    request: { principal, action, resource, context: context ?? {} },
    ...(call ? { recorded: { eventName: call.eventName, errorCode: call.errorCode, errorMessage: call.errorMessage } } : {}),
    outcome,
    decidedBy: decidedBy?.layer,
    layers: layers.map((layer) => ({ ...layer, ...(layer.remedy === undefined ? {} : { remedy: asOptions(layer.remedy) }) })),
    assumptions,
    notes,
  };
}

const STYLES: Readonly<Record<AccessOutcome, Style>> = { [AccessOutcome.ALLOWED]: 'green', [AccessOutcome.DENIED]: 'red', [AccessOutcome.NOT_DECIDED]: 'yellow' };

function explanationLines({ call, decision, notes }: Explanation): Line[] {
  const [first, ...others] = asOptions(decision.toString()).split('\n');
  const end = /^[^:]*/.exec(first)![0].length;
  return [
    [[STYLES[decision.outcome], first.slice(0, end)], first.slice(end)],
    ...(call?.errorCode ? [[`  Recorded: ${[call.errorCode, call.errorMessage].filter(Boolean).join(': ')}`]] : []),
    ...(call?.errorCode === 'AccessDenied' && decision.outcome === AccessOutcome.ALLOWED ? [['  These templates do not deny it: see what is assumed, and give it with --assume.']] : []),
    ...others.map((line): Line => [line]),
    ...(notes.length > 0 ? [[], ['Note:'], ...notes.map((note): Line => [`  ${note}`])] : []),
    [],
  ];
}

function problemOf({ decision }: Explanation): Problem {
  const { request: { principal, action, resource }, outcome, decidedBy } = decision;
  const [statement] = decidedBy?.statements ?? [];
  const isDecided = outcome === AccessOutcome.DENIED;
  const where = statement ? ` ${statement.sid ? `'${statement.sid}', ` : ''}${statement.property}.${statement.path} of ${placeText(statement)}.` : '';
  return {
    rule: { id: `explain/${decidedBy?.layer}`, title: `What ${decidedBy?.layer} says of a request.` },
    message: `${isDecided ? 'Denied' : 'Not decided'}: ${principal} calls ${action} on ${resource}. ${decidedBy?.reason}${where}${decidedBy?.remedy ? ` ${asOptions(decidedBy.remedy)}` : ''}`,
    isDecided,
    place: statement?.logicalId === undefined ? undefined : statement,
  };
}
