import { IConstruct } from 'constructs';
import { AccessLogBucket, SecureBucket } from 'cdk-secure-bucket';

/** Prints which bucket enforces what. */
export function printEnforced(scope: IConstruct): void {
  const rows = scope.node.findAll().filter(isGuarded).flatMap((bucket) => bucket.guardrails.map(({ name, requirement }) => [bucket.node.path, name, requirement]));
  const table = [['Bucket', 'Guardrail', 'Enforced'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column].length)));
  table.forEach(([bucket, name, requirement]) => console.log(`${bucket.padEnd(widths[0])}  ${name.padEnd(widths[1])}  ${requirement}`));
}

function isGuarded(construct: IConstruct): construct is SecureBucket | AccessLogBucket {
  return construct instanceof SecureBucket || construct instanceof AccessLogBucket;
}
