import { matrixOf, MatrixRow, NOBODY, wayText } from './matrix';
import { Report, ReportedBucket, ReportedFinding } from './model';
import { CAPABILITIES } from '../../access/capabilities';
import { acceptanceText } from '../../checks/configuration/configuration';
import { Block, Cell, titled } from '../markdown';
import { count } from '../text';

/** The report for pull requests and tickets: who reaches what, what is broken, what was found. Statements are on the page. */
export function reportBlocks({ subject, buckets, findings, acknowledged, assumptions }: Report): Block[] {
  const decided = findings.filter(({ isDecided }) => isDecided);
  return [
    { heading: `Who can reach the data of ${subject}`, level: 2 },
    { paragraph: `${count(buckets.length, 'bucket')}, ${count(decided.length, 'finding')}, ${findings.length - decided.length} not decided, ${acknowledged.length} acknowledged.` },
    ...titled('Who has access', { columns: ['who', 'bucket', ...CAPABILITIES], rows: matrixOf({ buckets }).map(matrixRow) }),
    ...titled('Guarantees that do not hold', { columns: ['bucket', '', 'guarantee', 'request, or reason'], rows: buckets.flatMap(openGuarantees) }),
    ...titled('Findings', { columns: ['rule', 'where', 'what', 'what to do'], rows: findings.map(findingRow) }),
    ...titled('Acknowledged', { columns: ['rule', 'where', 'what', 'why'], rows: acknowledged.map(({ rule, path, problem, ...acceptance }) => [rule, path, problem, acceptanceText(acceptance)]) }),
    ...titled('Assumptions', { list: assumptions }),
  ];
}

function matrixRow({ who, bucket, ways }: MatrixRow): Cell[] {
  return [who ? `${who.kind} ${who.name}` : NOBODY, bucket, ...CAPABILITIES.map((capability) => ways[capability].map(wayText))];
}

function openGuarantees({ path, guarantees }: ReportedBucket): Cell[][] {
  return guarantees.filter(({ verdict }) => verdict !== 'holds').map(({ sentence, verdict, detail }) => [path, verdict, sentence, detail ?? '']);
}

function findingRow({ rule, path, problem, proof, remedy }: ReportedFinding): Cell[] {
  return [rule, path, proof === undefined ? problem : [problem, `Proof: ${proof}`], remedy];
}
