import { BUCKETS_PER_STACK } from './app';
import { Times } from './measure';

/** What a size of the app took: the times of each kind. */
export interface Column<Name extends string> {
  readonly stacks: number;
  readonly times: Times<Name>;
}

/** The times as an aligned table: for each size the fastest and the median round in ms, and their ratios to the baseline's. */
export function table<Name extends string>(columns: Column<Name>[], baseline: Name): string {
  const names = Object.keys(columns[0].times) as Name[];
  const head = ['', ...columns.flatMap(({ stacks }) => [`${stacks * BUCKETS_PER_STACK} buckets`, 'median', 'ratio', 'of medians'])];
  const rows = names.map((name) => [name, ...columns.flatMap(({ times }) => cells(times[name], times[baseline]))]);
  return aligned([head, ...rows]);
}

function cells(times: number[], baseline: number[]): string[] {
  const measures = [fastest, median];
  return [
    ...measures.map((measure) => `${measure(times).toFixed(0)} ms`),
    ...measures.map((measure) => (measure(times) / measure(baseline)).toFixed(2)),
  ];
}

function fastest(times: number[]): number {
  return Math.min(...times);
}

function median(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Rows as aligned columns: texts to the left in the first, all others to the right. */
export function aligned(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')).join('\n');
}
