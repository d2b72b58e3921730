import { Command } from 'commander';
import { ALLOWED, Answer, Answering, placeOf, placeText, Problem, REFUSED } from './answer';
import { PLAIN } from './circumstances';
import { complete, InputOptions, Inputs, readInputs, takingTemplates, unseenOrRefused } from './inputs';
import { Block, Cell, titled } from './markdown';
import { howToProvide } from './option-words';
import { assumptionLines, count, Line, Style } from './text';
import { Bucket, Inventory } from '../access/inventory';
import { Model } from '../access/model';
import { PACK } from '../checks/acknowledgements';
import { accessPointGuarantees, BucketGuarantee, bucketGuarantees, namingMembers } from '../checks/bucket-guarantees';
import { Configuration, rated } from '../checks/configuration/configuration';
import { controlGuarantees } from '../checks/control-guarantees';
import { undecided, violated } from '../checks/guarantee-texts';
import { keyGuarantees } from '../checks/key-guarantees';
import { pageOf } from '../checks/rule-page';
import { keyFacts } from '../checks/rules/key-policy';
import { readable } from '../policy/unknown-text';
import { unjudgedBuckets } from '../template/unjudged-buckets';
import { WrongInputError } from '../template/wrong-input';

/** `secure-bucket prove`. */
export function proveCommand(answer: Answering): Command {
  const command = takingTemplates(new Command('prove'))
    .summary('prove what every bucket guarantees, or show the request that breaks it')
    .description('For each bucket, says of every guarantee whether it holds for all requests that there can be, is broken (and by which request), or is not decided (and why).')
    .addHelpText('after', '\nExample:\n  secure-bucket prove cdk.out --account 111122223333 --region eu-west-1');
  return command.action((paths: string[], options: InputOptions) => answer(command, (circumstances) => prove(readInputs(paths, options, circumstances), circumstances)));
}

interface ProvenBucket {
  readonly bucket: Bucket;
  readonly guarantees: readonly BucketGuarantee[];
}

/** Proves what every bucket guarantees. What is not decided counts as broken: nobody knows that it holds. */
export function prove(inputs: Inputs, { configuration, progress } = PLAIN): Answer {
  const { deployment, inventory } = new Model(inputs.templates, inputs.assumptions);
  const ofTemplates = progress.each(inventory.allBuckets, 'bucket', (bucket): ProvenBucket => ({ bucket, guarantees: bucketGuarantees(inventory, bucket) }));
  const buckets = [...ofTemplates, ...provenByThemselves(inventory), ...provenOfEveryBucket(inventory)];
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
    lines: [...buckets.flatMap(bucketLines), ...assumptionLines(assumptions), [`${summaryText(summary, subjects(buckets))}.`], ...(summary.notDecided > 0 ? [[howToProvide(inputs, all.flatMap(({ reason }) => readable(reason ?? '')))]] : [])],
    problems: all.filter(({ verdict }) => verdict !== 'holds').map((guarantee) => problemOf(guarantee, configuration)),
    blocks: () => [
      { heading: `secure-bucket prove: ${summaryText(summary, subjects(buckets))}`, level: 2 },
      ...buckets.flatMap(bucketBlocks),
      ...titled('Assumed', { list: assumptions }),
      ...(summary.notDecided > 0 ? [{ paragraph: howToProvide(inputs, all.flatMap(({ reason }) => readable(reason ?? ''))) }] : []),
    ],
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
    { bucket: { facts: { ...facts, arn: `arn:${facts.partition}:s3:::*` }, site: document.resource, policies: [document], logs: [], receivesLogs: false }, guarantees: guarantees.map(namingMembers) }));
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

function guaranteeLines(guarantee: BucketGuarantee, bucket: Bucket): Line[] {
  const { rule, sentence, verdict } = guarantee;
  const [style, word] = VERDICTS[verdict];
  return [
    ['  ', [style, word.padEnd(WIDTH)], `${sentence} `, ['dim', `${PACK}-${rule.id}`]],
    ...detailsOf(guarantee, bucket).map((detail): Line => [`  ${' '.repeat(WIDTH)}${detail}`]),
  ];
}

function bucketBlocks({ bucket, guarantees }: ProvenBucket): Block[] {
  const rows = guarantees.map((guarantee): Cell[] => {
    const { rule, sentence, verdict } = guarantee;
    return [VERDICTS[verdict][1], sentence, { text: `${PACK}-${rule.id}`, href: pageOf(rule) }, detailsOf(guarantee, bucket)];
  });
  return titled(`${placeText(placeOf(bucket.site))} ${bucket.facts.arn}`, { columns: ['', 'guarantee', 'rule', 'request, or reason'], rows });
}

/** What shows a verdict, and where it is about something else than the bucket. */
function detailsOf({ verdict, counterexample, reason, resource }: BucketGuarantee, { policies, site }: Bucket): string[] {
  const isElsewhere = policies.length > 1 || (resource !== site && policies.every((policy) => policy.resource !== resource));
  return [
    ...(counterexample ? [`Request: ${counterexample}`] : []),
    ...(reason ? [`${verdict === 'not-decided' ? 'For' : 'Because'} ${reason}.`] : []),
    ...(isElsewhere ? [`In ${placeText(placeOf(resource))}.`] : []),
  ];
}

const NOUNS: Readonly<Record<string, string>> = { 'AWS::KMS::Key': 'key', 'AWS::KMS::ReplicaKey': 'key', 'AWS::S3::AccessPoint': 'access point', 'AWS::Organizations::Policy': 'resource control policy' };

/** How many buckets there are, and of what else the policy was read from AWS. */
function subjects(proven: readonly ProvenBucket[]): string {
  const nouns = proven.map(({ bucket: { site } }) => NOUNS[site.type] ?? 'bucket');
  return nouns.length === 0 ? count(0, 'bucket') : [...new Set(nouns)].map((noun) => count(nouns.filter((other) => other === noun).length, noun, `${noun.replace(/cy$/, 'cie')}s`)).join(', ');
}

function summaryText({ holds, broken, notDecided }: { holds: number; broken: number; notDecided: number }, of: string): string {
  return `${of}: ${count(holds, 'guarantee holds', 'guarantees hold')}, ${broken} broken, ${notDecided} not decided`;
}

function problemOf({ rule: asWritten, sentence, verdict, counterexample, reason, resource }: BucketGuarantee, configuration: Configuration): Problem {
  const rule = rated(asWritten, configuration);
  const isDecided = verdict === 'broken';
  return {
    rule: { id: `${PACK}-${rule.id}`, title: rule.requirement, help: rule.reason, see: pageOf(rule), severity: rule.severity },
    message: isDecided ? `${violated(sentence)} Proof: ${counterexample}.` : undecided(sentence, reason!),
    isDecided,
    place: placeOf(resource),
  };
}
