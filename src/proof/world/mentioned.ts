import { Mentions } from '../mentions';

type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The values of those condition keys that anybody asks about. */
export function mentioned(mentions: Mentions, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => mentions.has(key)));
}
