import { Command } from 'commander';
import { ALLOWED, Answer, Answering, REFUSED } from './answer';
import { readCalls, RecordedCall, RecordedCalls } from './cloudtrail-record';
import { contradictionOf, isOfMissingObject } from './contradiction';
import { bucketArn } from './deployed-policy';
import { Explanation, explanationJson, explanationLines, grouped, problemOf } from './explanation';
import { complete, Environment, InputOptions, Inputs, readInputs, takingTemplates, unseenOrRefused } from './inputs';
import { identifierOf, Names } from './names';
import { assertAccountIn, assertAction, assertConditionKey, assertOperation, assertRegion } from './request-words';
import { AccessOutcome } from '../access/access-decision';
import { AccessEvaluator } from '../access/access-evaluator';
import { AccessRequest } from '../access/access-request';
import { VendedSession, vendedSession } from '../access/vended-session';
import { WrongInputError } from '../template/wrong-input';

interface ExplainOptions extends InputOptions {
  readonly principal?: string;
  readonly accessGrant?: string;
  readonly action?: string;
  readonly operation?: string;
  readonly header?: readonly string[];
  readonly copySource?: string;
  readonly resource?: string;
  readonly key?: string;
  readonly context?: readonly string[];
  readonly event?: string;
}

/** `secure-bucket explain`. */
export function explainCommand(answer: Answering): Command {
  const command = takingTemplates(new Command('explain'))
    .summary('say whether a request would be allowed, and which layer and statement decides')
    .description("Decides a request by every layer of S3's authorization, and says which one denies it and what to change. The request is given by --principal, --action or --operation, and --resource, or taken from a CloudTrail record; options override what the record says.")
    .option('--principal <who>', "an ARN, a service such as cloudfront.amazonaws.com, 'anonymous', or the construct path or logical ID of a role or user")
    .option('--access-grant <grant>', 'the construct path or logical ID of an access grant: in place of --principal, the request is sent with the credentials that it gives')
    .option('--action <action>', 'one permission, such as s3:GetObject')
    .option('--operation <name>', 'an operation of the S3 API, such as PutObject: all permissions that it needs are decided')
    .option('--header <name=value...>', 'headers and query parameters of the operation, such as x-amz-acl=public-read or versionId=1')
    .option('--copy-source <object>', 'the object that the operation copies, as the header x-amz-copy-source has it: <bucket>/<key>')
    .option('--resource <what>', 'an ARN, or the construct path or logical ID of a bucket or access point')
    .option('--key <key>', 'the object in the bucket, or behind the access point, that --resource names')
    .option('--context <key=value...>', 'condition keys of the request; the same key several times for several values, no value for a key that the request does not carry, "" for an empty one')
    .addHelpText('after', '\nExample:\n  secure-bucket explain cdk.out --principal Storage/AppRole --operation GetObject --resource Storage/Data --key reports/1.csv')
    .option('--event <file>', 'the CloudTrail record of a call: the record itself, a log file (.json or .json.gz), or what aws cloudtrail lookup-events prints');
  return command.action((paths: string[], options: ExplainOptions) => answer(command, (circumstances) => {
    const read = options.event === undefined ? NO_CALLS : readCalls(options.event);
    return explain(complete(readInputs(paths, options, circumstances, whereOf(read.calls))), options, read);
  }));
}

const NO_CALLS: RecordedCalls = { calls: [], refused: [] };

/** The account and Region of a call are those of the templates, if these do not say it. */
function whereOf(calls: readonly RecordedCall[]): Environment {
  return { account: calls[0]?.account, region: calls[0]?.region };
}

/**
 * Decides a request, or those of recorded calls. What is not decided counts as denied: nobody knows that it is allowed. So does a call of which the record
 * says otherwise.
 */
export function explain(inputs: Inputs, options: ExplainOptions, { calls, refused }: RecordedCalls = NO_CALLS): Answer {
  assertOptions(options);
  const names = new Names(AccessEvaluator._of(inputs.templates, inputs.assumptions));
  const asked = () => {
    const { request, doubts = [] } = requestFrom(names, options);
    return { explanations: [explanation(names, request)], undecidable: doubts };
  };
  const { explanations, undecidable } = calls.length === 0 ? asked() : explainCalls(names, options, calls);
  const groups = grouped(explanations);
  const outcome = worst(explanations.map((one) => (one.isOfMissingObject ? AccessOutcome.DENIED : one.decision.outcome)));
  const isContradicted = explanations.some(({ contradiction }) => contradiction !== undefined);
  const left = [...refused, ...undecidable];
  return {
    exitCode: outcome === AccessOutcome.ALLOWED && !isContradicted && left.length === 0 ? ALLOWED : REFUSED,
    json: { command: 'explain', outcome, decisions: groups.map(explanationJson), ...(left.length > 0 ? { refused: left } : {}) },
    unseen: unseenOrRefused(inputs, names.evaluator._model.deployment),
    assumed: [...new Set(explanations.flatMap(({ decision }) => decision.assumptions.map(({ sentence }) => sentence)))],
    lines: [...groups.flatMap(explanationLines), ...left.map((line): [string] => [line])],
    problems: groups.filter(({ isOfMissingObject: isMissing, contradiction, decision }) => isMissing || contradiction || decision.outcome !== AccessOutcome.ALLOWED).map(problemOf),
  };
}

function assertOptions({ principal, accessGrant, event, action, operation, header, copySource }: ExplainOptions): void {
  if (accessGrant !== undefined && (principal ?? event) !== undefined) {
    throw new WrongInputError('Specify --access-grant, whose credentials the request is sent with, or --principal or --event.');
  }
  if (action !== undefined) {
    assertAction(action);
  }
  if (operation !== undefined) {
    assertOperation(operation);
  }
  if (action !== undefined && (operation ?? header ?? copySource) !== undefined) {
    throw new WrongInputError('Specify --operation, with --header and --copy-source if it has them, or --action, which is one permission.');
  }
}

/** What becomes of each call. Of several, those that are not decided at all are told in a line. */
function explainCalls(names: Names, options: ExplainOptions, calls: readonly RecordedCall[]): { explanations: Explanation[]; undecidable: string[] } {
  const [explanations, undecidable]: [Explanation[], string[]] = [[], []];
  for (const call of calls) {
    try {
      explanations.push(recorded(names, options, call));
    } catch (error) {
      if (!(error instanceof WrongInputError) || calls.length === 1) {
        throw error;
      }
      undecidable.push(`${call.eventName}${call.time === undefined ? '' : ` at ${call.time}`}: ${error.message}`);
    }
  }
  if (explanations.length === 0) {
    throw new WrongInputError(undecidable[0]);
  }
  return { explanations, undecidable };
}

function explanation(names: Names, request: AccessRequest, call?: RecordedCall, notes: readonly string[] = []): Explanation {
  const decision = names.evaluator.decide(request);
  return { call, decision, notes, contradiction: contradictionOf(call, decision, names.evaluator._model), isOfMissingObject: isOfMissingObject(call, decision), count: 1 };
}

function requestFrom(names: Names, options: ExplainOptions): { request: AccessRequest; doubts?: string[] } {
  const { accessGrant, action, operation, bucket, accessPoint, resource: named, key, context = [] } = options;
  const resource = named ?? (bucket === undefined ? accessPoint : bucketArn(bucket));
  const vended = accessGrant === undefined ? undefined : credentialsOf(names, accessGrant);
  const principal = vended?.request.principal ?? options.principal;
  if (principal === undefined || (action ?? operation) === undefined || resource === undefined) {
    throw new WrongInputError('explain takes --principal, --action or --operation, and --resource, or --event with a CloudTrail record; --access-grant stands in for --principal.');
  }
  const [who, what] = [identifierOf(names, principal, 'principal'), objectBehind(identifierOf(names, resource, 'resource'), key)];
  names.assertPrincipal(who);
  names.assertResource(what);
  const asked = action === undefined ? { operation, headers: headersFrom(options, what, names) } : { action };
  const request = { principal: who, ...asked, resource: what, context: { ...vended?.request.context, ...contextFrom(names, context) } };
  return vended === undefined ? { request } : { request: { ...request, sessionPolicies: vended.request.sessionPolicies }, doubts: [...vended.doubts] };
}

/** The credentials that a grant of the templates gives. */
function credentialsOf(names: Names, name: string): VendedSession {
  const session = vendedSession(names.evaluator._model, names.accessGrant(name));
  if (typeof session === 'string') {
    throw new WrongInputError(`Which credentials the access grant '${name}' gives cannot be told: ${session}.`);
  }
  return session;
}

function recorded(names: Names, options: ExplainOptions, call: RecordedCall): Explanation {
  const given = options.principal ?? call.principal;
  if (given === undefined) {
    throw new WrongInputError(`The record says only that the caller is ${call.caller}. Name who it was with --principal.`);
  }
  const principal = options.principal === undefined ? names.deployedAs(given) : identifierOf(names, given, 'principal');
  if (options.principal !== undefined) {
    names.assertPrincipal(principal);
  }
  const context = { ...call.context, ...contextFrom(names, options.context ?? []) };
  const isOverridden = options.resource !== undefined;
  const resource = isOverridden ? resourceInstead(identifierOf(names, options.resource!, 'resource'), call.resource, options.key) : call.resource && names.deployedAs(call.resource);
  if (isOverridden) {
    names.assertResource(resource!);
  }
  if (resource === undefined) {
    throw new WrongInputError(`The record of ${call.eventName} does not say which object it was about. Name one with --resource and --key.`);
  }
  const headers = { ...asDeployed(call.headers, resource, names), ...headersFrom(options, resource, names) };
  const asked = options.action === undefined ? { operation: options.operation ?? call.eventName, headers } : { action: options.action };
  return explanation(names, { principal, ...asked, resource, context }, call, notesOn(call, { principal, resource }, names));
}

const COPY_SOURCE = 'x-amz-copy-source';

function headersFrom({ header = [], copySource }: ExplainOptions, resource: string, names: Names): Record<string, string> {
  const pairs = header.map((pair): [string, string] => {
    const [, name, value] = /^([^=:]+)[=:]\s*(.*)$/s.exec(pair) ?? [];
    if (name === undefined) {
      throw new WrongInputError(`--header takes name=value, such as x-amz-acl=public-read, and '${pair}' is none. Name templates before the options.`);
    }
    return [name.trim().toLowerCase(), value];
  });
  return asDeployed({ ...Object.fromEntries(pairs), ...(copySource === undefined ? {} : { [COPY_SOURCE]: copySource }) }, resource, names);
}

/** The headers with the object that is copied as it is called in the templates, where AWS draws the name of its bucket. */
function asDeployed(headers: Readonly<Record<string, string>>, resource: string, names: Names): Record<string, string> {
  const header = headers[COPY_SOURCE];
  const [, slash, bucket, rest] = /^(\/?)([^/:]+)(\/.*)$/s.exec(header ?? '') ?? [];
  if (bucket === undefined) {
    return headers;
  }
  const arn = `arn:${resource.split(':')[1]}:s3:::${bucket}`;
  return { ...headers, [COPY_SOURCE]: `${slash}${names.deployedAs(arn).split(':').at(-1)}${rest}` };
}

const OBJECT = /^arn:[^:]*:s3:(?:::[^/]+|(?:[^:]+:[^:]*|:[^:]+):accesspoint\/[^/]+\/object)\/(.+)$/s;

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

function notesOn({ context, invokedBy, principal, resource }: RecordedCall, asked: { principal: string; resource: string }, names: Names): string[] {
  const endpoint = context['aws:SourceVpce'];
  return [
    ...(principal !== undefined && names.deployedAs(principal) !== principal && asked.principal !== principal ? [`${principal} is taken for ${asked.principal}, whose name AWS draws.`] : []),
    ...(resource !== undefined && names.deployedAs(resource) === asked.resource && resource !== asked.resource ? [`${resource} is taken for ${asked.resource}, whose name AWS draws.`] : []),
    ...(typeof endpoint === 'string' && names.hasUnnamedEndpoints(endpoint) ? [`Whether ${endpoint} is a VPC endpoint of these templates is not recorded. If it is, say which: --context aws:SourceVpce=<construct path>.`] : []),
    ...(invokedBy ? [`${invokedBy} made the call. If it did so in a forward access session of the caller, add --context aws:ViaAWSService=true.`] : []),
  ];
}

function worst(outcomes: readonly AccessOutcome[]): AccessOutcome {
  return [AccessOutcome.DENIED, AccessOutcome.NOT_DECIDED].find((outcome) => outcomes.includes(outcome)) ?? AccessOutcome.ALLOWED;
}
