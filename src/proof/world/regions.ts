import { regionsOf } from '../../aws/regions';
import { Language } from '../texts';

/** Regions as they stand in ARNs, with the colon behind. AWS opens new ones: they may be called in other ways. That of a stack may not be known: it has a stand-in. */
export const REGION: Language = {
  ordinary: 'xzqjwkyv0179',
  allows: (character, before) => before !== ':' && (character === ':' ? before !== '' : /[a-z0-9<>-]/.test(character)),
  shortest: 2,
  longest: Infinity,
  end: ':',
};

const FIRST = ['eu-west-1', 'us-east-1'];

/** The Regions of a partition, to stand for those that nobody mentions. */
export function regionNames(partition: string): string[] {
  const all = regionsOf(partition);
  return [...FIRST.filter((region) => all.includes(region)), ...all.filter((region) => !FIRST.includes(region))];
}

/** The same as they stand in ARNs. */
export function regionTexts(partition: string): string[] {
  return regionNames(partition).map((region) => `${region}:`);
}
