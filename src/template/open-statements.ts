import type { DeployedResource } from './deployment';
import { isKey } from './keys';
import { isObject } from '../policy/json';

/** Which of the statements are taken to be there that depend on conditions which are not known before deployment. */
export type StatementExtreme = 'loosest' | 'strictest';

/** What policies the conditions decide together: those of buckets, of keys, and all others. */
export type PolicyKind = 'bucket' | 'key' | 'other';

export type OpenStatements = Readonly<Partial<Record<PolicyKind, StatementExtreme>>>;

/** Whether a condition is known to hold or not. */
type IsKnown = (condition: string) => boolean;

const MOST_CONDITIONS = 4; // in one statement: each doubles the number of its variants

export function policyKind(resource: DeployedResource): PolicyKind {
  return resource.type === 'AWS::S3::BucketPolicy' ? 'bucket' : isKey(resource) ? 'key' : 'other';
}

/**
 * A property whose policy documents have the loosest or the strictest of the statements that depend on conditions. The loosest ones allow whatever
 * some way of the conditions allows, and deny only what all of them deny; the strictest ones the other way round. What the loosest policy lets through
 * contains what any way lets through, and that contains what the strictest lets through.
 */
export function inExtreme(property: unknown, extreme: StatementExtreme, isKnown: IsKnown): unknown {
  return mapStatements(property, (statements) => [statements].flat().flatMap((written) => withoutSameSids(extremeOf(variantsOf(written, isKnown), extreme) ?? [written])));
}

/** The same without the statements of which the loosest and the strictest can be told, to find what else depends on conditions. */
export function besideOpenStatements(json: unknown): unknown {
  return mapStatements(json, (statements) => [statements].flat().filter((written) => !extremeOf(variantsOf(written, () => false), 'loosest')));
}

/** The conditions on which statements depend, and whether some of these deny. */
export function openStatementsIn(property: unknown, isKnown: IsKnown): { readonly conditions: readonly string[]; readonly deny: boolean } {
  const open: { conditions: string[]; deny: boolean }[] = [];
  mapStatements(property, (statements) => [statements].flat().map((written) => {
    const variants = variantsOf(written, isKnown);
    if (variants && variants.length > 1 && extremeOf(variants, 'loosest')) {
      open.push({ conditions: conditionsIn(written, isKnown), deny: variants.flat().some(({ Effect }) => Effect === 'Deny') });
    }
    return written;
  }));
  return { conditions: [...new Set(open.flatMap(({ conditions }) => conditions))], deny: open.some(({ deny }) => deny) };
}

type Json = Record<string, any>;

/** The statements that are there in one way of the conditions. */
type Variant = readonly Json[];

function mapStatements(json: unknown, map: (statements: unknown) => unknown): unknown {
  if (Array.isArray(json)) {
    return json.map((element) => mapStatements(element, map));
  }
  if (!isObject(json)) {
    return json;
  }
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, name === 'Statement' && typeof value === 'object' ? map(value) : mapStatements(value, map)]));
}

/** What a statement, or a list of statements, is in each way of its conditions. Nothing if there are too many. */
function variantsOf(written: unknown, isKnown: IsKnown): Variant[] | undefined {
  const conditions = conditionsIn(written, isKnown);
  if (conditions.length > MOST_CONDITIONS) {
    return undefined;
  }
  const ways = conditions.reduce<Map<string, boolean>[]>((before, name) => before.flatMap((way) => [true, false].map((holds) => new Map([...way, [name, holds]]))), [new Map()]);
  return ways.map((way) => [substituted(written, way) as Json].flat().filter((statement) => !isNoValue(statement)));
}

/** Nothing if one of the statements does not say whether it allows or denies. */
function extremeOf(variants: Variant[] | undefined, extreme: StatementExtreme): Json[] | undefined {
  if (!variants || !variants.flat().every((statement) => isObject(statement) && ['Allow', 'Deny'].includes(statement.Effect))) {
    return undefined;
  }
  const everywhere = variants.map((statements) => new Set(statements.map(meaningOf)));
  const distinct = new Map(variants.flat().map((statement) => [meaningOf(statement), statement]));
  const perhaps = extreme === 'loosest' ? 'Allow' : 'Deny';
  return [...distinct].filter(([text, { Effect }]) => Effect === perhaps || everywhere.every((texts) => texts.has(text))).map(([, statement]) => statement);
}

/** Equal for statements that mean the same, whatever they are called. */
function meaningOf({ Sid, ...statement }: Json): string {
  return JSON.stringify(statement);
}

/** Variants of one statement have one Sid, and a policy has no Sid twice. */
function withoutSameSids(statements: unknown[]): unknown[] {
  const taken = new Set<unknown>();
  return statements.map((statement) => {
    if (!isObject(statement) || statement.Sid === undefined || !taken.has(statement.Sid)) {
      taken.add(isObject(statement) ? statement.Sid : undefined);
      return statement;
    }
    const { Sid, ...nameless } = statement;
    return nameless;
  });
}

function substituted(json: unknown, way: ReadonlyMap<string, boolean>): unknown {
  if (Array.isArray(json)) {
    return json.map((element) => substituted(element, way));
  }
  if (!isObject(json)) {
    return json;
  }
  const choice = branches(json);
  return choice && way.has(choice.condition) ? substituted(way.get(choice.condition) ? choice.yes : choice.no, way)
    : Object.fromEntries(Object.entries(json).map(([name, value]) => [name, substituted(value, way)]));
}

function conditionsIn(json: unknown, isKnown: IsKnown): string[] {
  const own = branches(json)?.condition;
  const inner = typeof json === 'object' && json !== null ? Object.values(json).flatMap((value) => conditionsIn(value, isKnown)) : [];
  return [...new Set([...(own === undefined || isKnown(own) ? [] : [own]), ...inner])];
}

function branches(json: unknown): { condition: string; yes: unknown; no: unknown } | undefined {
  const argument = isObject(json) && Object.keys(json).length === 1 ? json['Fn::If'] : undefined;
  return Array.isArray(argument) && argument.length === 3 && typeof argument[0] === 'string' ? { condition: argument[0], yes: argument[1], no: argument[2] } : undefined;
}

function isNoValue(json: unknown): boolean {
  return isObject(json) && json.Ref === 'AWS::NoValue';
}
