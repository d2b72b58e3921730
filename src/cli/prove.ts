import { Command } from 'commander';
import { ALLOWED, Answer, placeOf, placeText, Problem, REFUSED } from './answer';
import { complete, InputOptions, Inputs, readInputs, takingTemplates, unseenOrRefused } from './inputs';
import { howToProvide } from './option-words';
import { assumptionLines, count, Line, Style } from './text';
import { Bucket, Inventory } from '../access/inventory';
import { Model } from '../access/model';
import { PACK } from '../checks/acknowledgements';
import { accessPointGuarantees, BucketGuarantee, bucketGuarantees } from '../checks/bucket-guarantees';
import { controlGuarantees } from '../checks/control-guarantees';
import { keyGuarantees } from '../checks/key-guarantees';
import { keyFacts } from '../checks/rules/key-policy';
import { readable } from '../policy/unknown-text';
import { unjudgedBuckets } from '../template/unjudged-buckets';
import { WrongInputError } from '../template/wrong-input';

/** `secure-bucket prove`. */
export function proveCommand(answer: (command: Command, give: () => Answer) => void): Command {
  const command = takingTemplates(new Command('prove'))
    .summary('prove what every bucket guarantees, or show the request that breaks it')
    .description('For each bucket, says of every guarantee whether it holds for all requests that there can be, is broken (and by which request), or is not decided (and why).');
  return command.action((paths: string[], options: InputOptions) => answer(command, () => prove(readInputs(paths, options))));
}

interface ProvenBucket {
  readonly bucket: Bucket;
  readonly guarantees: readonly BucketGuarantee[];
}

/** Proves what every bucket guarantees. What is not decided counts as broken: nobody knows that it holds. */
export function prove(inputs: Inputs): Answer {
  const { deployment, inventory } = new Model(inputs.templates, inputs.assumptions);
  const ofBuckets = inventory.allBuckets.map((bucket): ProvenBucket => ({ bucket, guarantees: bucketGuarantees(inventory, bucket) }));
  const buckets = [...ofBuckets, ...provenByThemselves(inventory), ...provenOfEveryBucket(inventory)];
  if (buckets.length === 0 && deployment.unseen.length === 0 && unjudgedBuckets(deployment).length === 0) {
    complete(inputs);
    throw new WrongInputError('There is nothing to prove: the templates have no bucket and no bucket policy.');
  }
  const all = buckets.flatMap(({ guarantees }) => guarantees);
  const assumptions = deployment.assumedDefaults.map(({ sentence }) => sentence);
  const summary = { buckets: buckets.length, holds: counted(all, 'holds'), broken: counted(all, 'broken'), notDecided: counted(all, 'not-decided') };
  return {
    exitCode: summary.broken + summary.notDecided > 0 ? REFUSED : ALLOWED,
    json: { command: 'prove', buckets: buckets.map(bucketJson), assumptions, summary },
    unseen: unseenOrRefused(inputs, deployment),
    assumed: assumptions,
    lines: [...buckets.flatMap(bucketLines), ...assumptionLines(assumptions), summaryLine(summary, subjects(buckets)), ...(summary.notDecided > 0 ? [[howToProvide(inputs, all.flatMap(({ reason }) => readable(reason ?? '')))]] : [])],
    problems: all.filter(({ verdict }) => verdict !== 'holds').map(problemOf),
  };
}

/** Keys and access points whose policy was read from AWS. */
function provenByThemselves(inventory: Inventory): ProvenBucket[] {
  const keys = inventory.deployedKeys.map((key) => ({ resource: key, facts: keyFacts(key), property: 'KeyPolicy', guarantees: keyGuarantees(inventory, key) }));
  const points = inventory.accessPoints.filter(({ resource }) => resource.stack.source.isDeployedPolicy)
    .map((point) => ({ ...point, property: 'Policy', guarantees: accessPointGuarantees(inventory, point) }));
  return [...keys, ...points].map(({ resource, facts, property, guarantees }) => {
    const policies = [inventory.policyOf(resource, property)!];
    return { bucket: { facts, site: resource, policies, logs: [], receivesLogs: false }, guarantees };
  });
}

/** What resource control policies guarantee of every bucket that they bind, whether somebody has made it or not. */
function provenOfEveryBucket(inventory: Inventory): ProvenBucket[] {
  return controlGuarantees(inventory).map(({ document, facts, guarantees }) => (
    { bucket: { facts: { ...facts, arn: `arn:${facts.partition}:s3:::*` }, site: document.resource, policies: [document], logs: [], receivesLogs: false }, guarantees }));
}

function counted(guarantees: readonly BucketGuarantee[], verdict: BucketGuarantee['verdict']): number {
  return guarantees.filter((guarantee) => guarantee.verdict === verdict).length;
}

function bucketJson({ bucket, guarantees }: ProvenBucket) {
  return {
    arn: bucket.facts.arn,
    ...placeOf(bucket.site),
    guarantees: guarantees.map(({ rule, sentence, verdict, counterexample, reason, resource }) => ({
      rule: `${PACK}-${rule.id}`, sentence, verdict, counterexample, reason, provedOf: placeOf(resource),
    })),
  };
}

const VERDICTS: Readonly<Record<BucketGuarantee['verdict'], readonly [Style, string]>> = {
  'holds': ['green', 'holds'],
  'broken': ['red', 'broken'],
  'not-decided': ['yellow', 'not decided'],
};
const WIDTH = 'not decided  '.length;

function bucketLines({ bucket, guarantees }: ProvenBucket): Line[] {
  const title: Line = [['bold', placeText(placeOf(bucket.site))], `  ${bucket.facts.arn}`];
  return [title, ...guarantees.flatMap((guarantee) => guaranteeLines(guarantee, bucket)), []];
}

function guaranteeLines({ rule, sentence, verdict, counterexample, reason, resource }: BucketGuarantee, { policies, site }: Bucket): Line[] {
  const [style, word] = VERDICTS[verdict];
  const isElsewhere = policies.length > 1 || (resource !== site && policies.every((policy) => policy.resource !== resource));
  const details = [
    ...(counterexample ? [`Request: ${counterexample}`] : []),
    ...(reason ? [`${verdict === 'not-decided' ? 'For' : 'Because'} ${reason}.`] : []),
    ...(isElsewhere ? [`In ${placeText(placeOf(resource))}.`] : []),
  ];
  return [
    ['  ', [style, word.padEnd(WIDTH)], `${sentence} `, ['dim', `${PACK}-${rule.id}`]],
    ...details.map((detail): Line => [`  ${' '.repeat(WIDTH)}${detail}`]),
  ];
}

const NOUNS: Readonly<Record<string, string>> = { 'AWS::KMS::Key': 'key', 'AWS::KMS::ReplicaKey': 'key', 'AWS::S3::AccessPoint': 'access point', 'AWS::Organizations::Policy': 'resource control policy' };

/** How many buckets there are, and of what else the policy was read from AWS. */
function subjects(proven: readonly ProvenBucket[]): string {
  const nouns = proven.map(({ bucket: { site } }) => NOUNS[site.type] ?? 'bucket');
  return nouns.length === 0 ? count(0, 'bucket') : [...new Set(nouns)].map((noun) => count(nouns.filter((other) => other === noun).length, noun, `${noun.replace(/cy$/, 'cie')}s`)).join(', ');
}

function summaryLine({ holds, broken, notDecided }: { holds: number; broken: number; notDecided: number }, of: string): Line {
  return [`${of}: ${count(holds, 'guarantee holds', 'guarantees hold')}, ${broken} broken, ${notDecided} not decided.`];
}

function problemOf({ rule, sentence, verdict, counterexample, reason, resource }: BucketGuarantee): Problem {
  const isDecided = verdict === 'broken';
  return {
    rule: { id: `${PACK}-${rule.id}`, title: rule.requirement, help: rule.reason, see: rule.see, severity: rule.severity },
    message: isDecided ? `This does not hold: ${sentence} Proof: ${counterexample}.` : `It is not decided whether this holds: ${sentence} For ${reason}.`,
    isDecided,
    place: placeOf(resource),
  };
}
