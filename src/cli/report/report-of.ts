import { AcknowledgedFinding, Fact, Report, ReportedAccess, ReportedBucket, ReportedFinding, ReportedGuarantee, ReportedStatement } from './model';
import { settingsOf } from './settings';
import { limitsOf } from './statement-limits';
import { DecidingStatement, LayerVerdict } from '../../access/access-decision';
import { Access, accessTo } from '../../access/access-to';
import { AssumptionsJson } from '../../access/assumptions-format';
import { statementPlace } from '../../access/decision-text';
import { Holder } from '../../access/holders';
import { Bucket } from '../../access/inventory';
import { Model } from '../../access/model';
import { acknowledgementOf, idOf, leftOut } from '../../checks/acknowledgements';
import { bucketGuarantees } from '../../checks/bucket-guarantees';
import { assess } from '../../checks/configuration/assess';
import { Acceptance } from '../../checks/configuration/configuration';
import { RuleFinding } from '../../checks/judge';
import { rulesOn } from '../../checks/rules-on';
import { own } from '../../own';
import { requestSentence } from '../../policy/request';
import { readable } from '../../policy/unknown-text';
import { PLAIN } from '../circumstances';

const UNSEEN = 'Roles and users whose policies are not in the templates are not shown, unless a policy here names them. What an account allows its own principals, it allows beside the bucket policy.';

const LEFT_OUT = 'Left out on purpose: the warning of this id is not shown here, and the guardrail of this id is not applied here by aspects.';

/** Everything that is known of the buckets of some templates. Findings of all rules that are on are shown, whichever ones a configuration leaves out. */
export function reportOf(model: Model, subject: string, { configuration, progress } = PLAIN): Report {
  const findings = assess(model.deployment, model.inventory, {
    configuration, rules: rulesOn(configuration), isAsked: () => true, acknowledgementOf, onRule: ({ id }) => progress.step(`asking ${id}`),
  });
  const accesses = progress.each(model.inventory.allBuckets, 'bucket', (bucket) => accessTo(model, bucket));
  const assumed = accesses.flat().flatMap(({ decision }) => (decision?.assumptions ?? []).map(({ sentence }) => sentence));
  return {
    subject,
    buckets: model.inventory.allBuckets.map((bucket, i) => reportedBucket(model, bucket, accesses[i], `b${i + 1}`)),
    findings: findings.filter(({ acceptance }) => acceptance === undefined).map(({ finding }) => reportedFinding(finding)),
    acknowledged: [
      ...findings.flatMap(({ finding, acceptance }) => (acceptance ? [acknowledgedFinding(finding, acceptance)] : [])),
      ...leftOut(model.deployment).map(({ id, path, reason }) => ({ rule: id, path, problem: LEFT_OUT, reason })),
    ],
    assumptions: [UNSEEN, ...new Set([...assumed, ...model.deployment.assumedDefaults.map(({ sentence }) => sentence)])],
  };
}

function reportedFinding(finding: RuleFinding): ReportedFinding {
  const { resource, problem, remedy, proof, isDecided } = finding;
  return { rule: idOf(finding), path: resource.path, problem, remedy, proof, isDecided };
}

function acknowledgedFinding(finding: RuleFinding, { reason, owner, expires }: Acceptance): AcknowledgedFinding {
  return { rule: idOf(finding), path: finding.resource.path, problem: finding.problem, reason, owner, expires };
}

function reportedBucket({ inventory, given }: Model, bucket: Bucket, accesses: readonly Access[], id: string): ReportedBucket {
  const statements = new Map<string, ReportedStatement>();
  const idOfStatement = (statement: DecidingStatement) => {
    const key = JSON.stringify([statementPlace(statement), statement.json]);
    const known = statements.get(key) ?? reportedStatement(statement, `${id}-s${statements.size + 1}`);
    statements.set(key, known);
    return known.id;
  };
  const access = accesses.map((one) => reportedAccess(one, homeOf(one.holder, bucket.facts.account, given), idOfStatement));
  return {
    path: bucketPath(bucket),
    facts: factsOf(bucket),
    guarantees: bucketGuarantees(inventory, bucket).map(({ sentence, verdict, counterexample, reason }): ReportedGuarantee =>
      ({ sentence, verdict: verdict === 'not-decided' ? 'not decided' : verdict, detail: counterexample ?? reason })),
    access,
    statements: [...statements.values()],
  };
}

/** The path of the construct that people wrote. */
function bucketPath({ site }: Bucket): string {
  return site.path.replace(/\/Resource$/, '');
}

/** Where somebody belongs. The organization of an account is known where it is given. */
function homeOf({ kind, account }: Holder, owner: string, { accounts }: AssumptionsJson): string {
  if (account === undefined) {
    return kind === 'service' ? 'AWS services' : kind === 'everyone' ? 'Everyone' : kind === 'organization' ? 'Organizations' : 'Elsewhere';
  }
  const organization = own(accounts, account)?.organizationId;
  return `Account ${readable(account)}${account === owner ? ", the bucket's own" : ''}${organization ? `, in ${organization}` : ''}`;
}

function factsOf(bucket: Bucket): Fact[] {
  const { facts, key, site, policies } = bucket;
  return [
    { name: 'Name', value: facts.arn.split(':').at(-1)! },
    { name: 'Account, Region', value: `${site.stack.account}, ${site.stack.region}` },
    { name: 'Stack', value: site.stack.name },
    ...(key ? [{ name: 'Key', value: key.path }] : []),
    { name: 'Policy', value: policies.map(({ resource }) => resource.path).join(', ') || 'none' },
    ...settingsOf(bucket),
  ];
}

function reportedAccess(access: Access, from: string, idOfStatement: (statement: DecidingStatement) => string): ReportedAccess {
  const { holder, capability, accessPoint, request, decision, doubt, statement } = access;
  const layers = (decision?.layers ?? []).filter(({ verdict }) => verdict === LayerVerdict.ALLOWS || verdict === LayerVerdict.NOT_DECIDED);
  const allowing = decision ? layers.flatMap(({ statements }) => statements) : [statement ?? []].flat();
  return {
    who: holder,
    from,
    capability,
    openBecause: doubt ?? decision?.decidedBy?.reason,
    through: accessPoint?.path,
    example: request && requestSentence(request),
    statements: [...new Set(allowing.filter(({ effect }) => effect === 'Allow').map(idOfStatement))],
  };
}

function reportedStatement(statement: DecidingStatement, id: string): ReportedStatement {
  const { sid, path, json } = statement;
  return { id, title: sid ?? path, where: statementPlace({ ...statement, sid: undefined }), limits: limitsOf(json), json: JSON.stringify(JSON.parse(json), undefined, 2) };
}
