import { matrixOf, MatrixRow, NOBODY, wayText } from './matrix';
import { Report } from './model';
import { CAPABILITIES } from '../../access/capabilities';
import { csvOf } from '../csv';

/** Who may do what with which bucket, for spreadsheets. */
export function matrixCsv(report: Pick<Report, 'buckets'>): string {
  return csvOf([['kind', 'who', 'bucket', ...CAPABILITIES, 'perhaps, depending on'], ...matrixOf(report).map(csvRow)]);
}

function csvRow({ who, bucket, ways }: MatrixRow): string[] {
  const all = CAPABILITIES.map((capability) => ways[capability]);
  const reasons = new Set(all.flat().flatMap(({ openBecause }) => openBecause ?? []));
  return [who?.kind ?? '', who?.name ?? NOBODY, bucket, ...all.map((those) => those.map(wayText).join(', ')), [...reasons].join('; ')];
}
