import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Caller, Context } from './callers';
import { PolicyDocument } from './deployed-policy';

/** A request to S3. */
export interface Request {
  readonly caller: Caller;

  /** The network keys of the way that the request takes. */
  readonly route: Context;

  readonly action: string;
  readonly resource: string;

  /** Keys that differ from those of a well-behaved request; `undefined` takes a key away. */
  readonly changes?: Record<string, string | string[] | undefined>;
}

/** The decision, and the Sids of the bucket policy's statements that deny the request. */
export interface Verdict {
  readonly allowed: boolean;
  readonly deniedBy: string[];
}

/** A bucket as a request meets it. */
export interface JudgedBucket {
  readonly policy: PolicyDocument;
  readonly ownerAccountId: string;
}

/** What the request of a careful client says, whoever sends it. */
const WELL_BEHAVED: Context = {
  'aws:CurrentTime': '2026-01-15T12:00:00Z',
  'aws:EpochTime': '1768478400', // seconds: the same moment
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
  's3:TlsVersion': '1.3',
};

const ALLOW_EVERYTHING = {
  name: 'AllowEverything',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }] },
};

/** Lets the simulator decide a request. Throws if it would not look at the request as it was given. */
export async function judge(request: Request, bucket: JudgedBucket): Promise<Verdict> {
  const simulation = await runSimulation({
    request: {
      principal: request.caller.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: bucket.ownerAccountId },
      contextVariables: contextOf(request, bucket),
    },
    identityPolicies: request.caller.mayDoEverything ? [ALLOW_EVERYTHING] : [],
    resourcePolicy: bucket.policy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (simulation.resultType !== 'single') {
    throw new Error(`the simulator does not judge ${request.action} on ${request.resource}: ${JSON.stringify(simulation)}`);
  }
  const { analysis, ignoredContextKeys = [] } = simulation.result;
  if (ignoredContextKeys.length > 0) {
    throw new Error(`the simulator leaves ${ignoredContextKeys} out: it knows no such key for ${request.action}`);
  }
  const denials = analysis.resourceAnalysis?.denyStatements ?? [];
  return { allowed: simulation.overallResult === 'Allowed', deniedBy: denials.map(({ statement }) => statement.sid() ?? '(without a Sid)') };
}

function contextOf({ caller, route, changes }: Request, { ownerAccountId }: JudgedBucket): Context {
  const context: NonNullable<Request['changes']> = { ...WELL_BEHAVED, 'aws:ResourceAccount': ownerAccountId, ...caller.context, ...route, ...changes };
  return Object.fromEntries(Object.entries(context).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
