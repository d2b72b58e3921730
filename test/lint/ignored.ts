/** A finding of cfn-lint that nobody has to mend. */
interface Ignored {
  readonly rule: string;
  readonly where: RegExp;
  readonly reason: string;
}

export const IGNORED: readonly Ignored[] = [
  { rule: 'W3005', where: /\/DependsOn\/\d+$/, reason: 'the CDK orders its own functions after their roles, and notifications after their targets, where a reference does so already' },
  { rule: 'W3010', where: /^Resources\/\w+Subnet\w+\/Properties\/AvailabilityZone$/, reason: 'the CDK looks up the zones of a stack whose account and Region are known, and writes them into the template' },
];

export function isIgnored({ rule, where }: { rule: string; where: string }, ignored: readonly Ignored[] = IGNORED): boolean {
  return ignored.some((entry) => entry.rule === rule && entry.where.test(where));
}
