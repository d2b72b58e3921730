import { ConditionTest } from '../../policy/condition';
import { Choice } from '../part';

/** One choice of each kind for each way in which tests judge choices, without doubt where there is one. */
export function judgedApart(choices: readonly Choice[], tests: readonly ConditionTest[]): Choice[] {
  const judged = new Map<string, Choice>();
  for (const choice of [...choices].sort((one, other) => Number(one.doubt !== undefined) - Number(other.doubt !== undefined))) {
    const judgement = `${choice.kind} ${tests.map(({ holds }) => holds(choice.context)).join()}`;
    judged.set(judgement, judged.get(judgement) ?? choice);
  }
  return [...judged.values()];
}
