import { Change } from './changes';
import { MUTATIONS } from './mutations';

/** Every eighth of the mutations: enough to have something wrong of each kind. */
export const DEFECTS: readonly (readonly [name: string, change: Change[1]])[] = MUTATIONS.filter((_, i) => i % 8 === 0).map(([name, , change]) => [name, change]);
