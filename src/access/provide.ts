import { isUnknown } from '../policy/unknown-text';

/** How to give what is not known. */
export function provide(givenBy: string): string {
  const [, key] = /^context (.+)$/s.exec(givenBy) ?? [];
  const [, place] = /^environment\.(account|region)$/.exec(givenBy) ?? [];
  if (place !== undefined) {
    return `Provide '${givenBy}' in the assumptions, or --${place}.`;
  }
  return key === undefined ? `Provide '${isUnknown(givenBy) ? 'parameters' : givenBy}' in the assumptions.` : `Provide '${key}' in the context of the request.`;
}
