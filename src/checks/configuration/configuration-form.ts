import { isAbsolute, posix } from 'path';
import { Acknowledgement, AccountOfTemplates, Configuration } from './configuration';
import { ASSUMPTIONS, AssumptionsJson } from '../../access/assumptions-format';
import { ACCOUNT_ID } from '../../policy/identifiers';
import { demand, Form, identifier, list, MemberPath, named, object, oneOf, record, text } from '../../template/form';
import { pathPattern } from '../../template/path-pattern';
import { PACK } from '../acknowledgements';
import { Level, LEVELS } from '../check-level';
import { SEVERITIES, Severity } from '../finding-severity';
import { noRuleText, ruleNamed } from '../rule-names';

/** The content of a configuration file, as it is written. */
export interface ConfigurationJson {
  readonly extends?: string | readonly string[];
  readonly rules?: {
    readonly only?: readonly string[];
    readonly skip?: readonly string[];
    readonly severities?: Readonly<Record<string, Severity>>;
    readonly minSeverity?: Severity;
    readonly levels?: readonly Level[];
  };
  readonly assumptions?: string | AssumptionsJson;
  readonly accounts?: Readonly<Record<string, string>>;
  readonly acknowledgements?: readonly AcknowledgementJson[];
}

interface AcknowledgementJson {
  readonly rule: string;
  readonly bucket?: string;
  readonly resource?: string;
  readonly reason: string;
  readonly owner?: string;
  readonly expires?: string;
}

const UNDECIDED = /-NotDecided$/;

const filled: Form = (value, path) => demand(typeof value === 'string' && value.trim() !== '', path, 'must be a text that is not empty.');
const severity = oneOf(...SEVERITIES);

const rule: Form = (value, path) => {
  filled(value, path);
  demand(ruleNamed(value as string) !== undefined, path, `is wrong: ${noRuleText(value as string)}`);
};

const ruleOrItsDoubt: Form = (value, path) => rule(typeof value === 'string' ? value.replace(UNDECIDED, '') : value, path);

const pattern: Form = (value, path) => {
  filled(value, path);
  demand(pathPattern(value as string) !== undefined, path, `is no pattern: '${value as string}'.`);
};

/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6: full-date */
const day: Form = (value, path) =>
  demand(typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && isDay(value), path, "must be a date: year, month and day, such as '2027-01-31'.");

const acknowledgement: Form = (value, path) => {
  object({ rule: ruleOrItsDoubt, bucket: pattern, resource: pattern, reason: filled, owner: filled, expires: day })(value, path);
  const { rule: id, bucket, resource, reason } = value as Partial<AcknowledgementJson>;
  demand(id !== undefined, path, "must have a 'rule': the id of the rule whose findings are acknowledged.");
  demand(reason !== undefined, path, "must have a 'reason': why the finding is accepted.");
  demand((bucket === undefined) !== (resource === undefined), path, "must have exactly one of 'bucket' and 'resource': what the finding is about.");
};

const oneOrMore = (form: Form): Form => (value, path) => (Array.isArray(value) ? list(form) : form)(value, path);

const notEmpty: Form = (value, path) => demand(Array.isArray(value) && value.length > 0, path, 'must name a rule.');

const CONFIGURATION = object({
  $schema: text,
  extends: oneOrMore(filled),
  rules: object({ only: all(list(rule), notEmpty), skip: list(rule), severities: record(rule, severity), minSeverity: severity, levels: list(oneOf(...LEVELS)) }),
  assumptions: (value, path) => (typeof value === 'string' ? filled : ASSUMPTIONS)(value, path),
  accounts: record(all(named, pattern), identifier(ACCOUNT_ID)),
  acknowledgements: list(acknowledgement),
});

/**
 * Makes sure that a document is a configuration; so is one without content.
 *
 * @throws WrongFormat if it is none
 */
export function assertConfiguration(document: unknown): ConfigurationJson {
  if (document === null) {
    return {};
  }
  CONFIGURATION(document, []);
  return document as ConfigurationJson;
}

/** What a configuration file says, without the files that it extends. */
export interface WrittenAt {
  readonly file: string;

  /** What paths in the file are relative to. */
  readonly folder: string;
  readonly assumptions: AssumptionsJson;
  readonly placeOf: (path: MemberPath) => string;
}

export function configurationIn({ rules = {}, accounts = {}, acknowledgements = [] }: ConfigurationJson, { file, folder, assumptions, placeOf }: WrittenAt): Configuration {
  return {
    files: [file],
    only: rules.only?.map(idOfRule),
    skip: rules.skip?.map(idOfRule),
    minSeverity: rules.minSeverity,
    levels: rules.levels,
    severities: Object.fromEntries(Object.entries(rules.severities ?? {}).map(([name, given]) => [idOfRule(name), given])),
    assumptions,
    accounts: Object.entries(accounts).map(([files, account]): AccountOfTemplates => ({ files: patternFrom(folder, files), account })),
    acknowledgements: acknowledgements.map(({ rule: name, bucket, resource, ...acceptance }, i): Acknowledgement => ({
      ...acceptance,
      id: `${PACK}-${idOfRule(name.replace(UNDECIDED, ''))}${UNDECIDED.test(name) ? '-NotDecided' : ''}`,
      about: bucket === undefined ? { kind: 'resource', pattern: pathPattern(resource!)! } : { kind: 'bucket', pattern: pathPattern(bucket)! },
      place: placeOf(['acknowledgements', i]),
    })),
  };
}

function idOfRule(name: string): string {
  return ruleNamed(name)!.id;
}

/** A pattern of absolute paths; what stands in the name of the folder is no pattern. */
function patternFrom(folder: string, files: string): RegExp {
  const literal = folder.replace(/\\/g, '/').replace(/[*?[\]{}]/g, '?');
  return pathPattern(isAbsolute(files) ? files : posix.join(literal, files))!;
}

function all(...forms: Form[]): Form {
  return (value, path) => forms.forEach((form) => form(value, path));
}

function isDay(written: string): boolean {
  const date = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(written);
}
