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
