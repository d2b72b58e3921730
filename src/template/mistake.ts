import { WrittenMember } from './template';

/** A mistake for which CloudFormation refuses a template. */
export interface Mistake {
  /** The resource that has it, or the section of the template. */
  readonly logicalId: string;
  readonly problem: string;
}

/** What is wrong with one place of a resource, or of a section. */
export interface Wrong {
  readonly place: string;
  readonly problem: string;
}

export function asMistakes(logicalId: string, wrongs: readonly Wrong[]): Mistake[] {
  return wrongs.map(({ place, problem }) => ({ logicalId, problem: `${place}: ${problem}` }));
}

/** A member of a template, for people: `Resources.Data.Properties.Tags[0]`. */
export function memberText({ path }: WrittenMember): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

export function positionText({ line, column }: Pick<WrittenMember, 'line' | 'column'>): string {
  return `(line ${line}, column ${column})`;
}

/** That an object of a template has a key twice, which is no mistake for CloudFormation. */
export function keyTwiceText(member: WrittenMember): string {
  return `${memberText(member)}: the key occurs more than once, and CloudFormation takes the last alone ${positionText(member)}.`;
}
