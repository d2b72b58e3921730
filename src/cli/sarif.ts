import { createHash } from 'crypto';
import { relative } from 'path';
import { Answer, placeText, Problem } from './answer';
import { Unseen } from './inputs';
import { lineIn } from './resource-lines';
import { count } from './text';
import { Acceptance } from '../checks/configuration/configuration';
import { Severity } from '../checks/finding-severity';
import { REPOSITORY } from '../checks/rule-page';

type Level = 'error' | 'warning' | 'note';

const LEVELS: Readonly<Record<Severity, Level>> = { high: 'error', medium: 'warning', low: 'note' };

/**
 * Scores within the ranges that code scanning calls high, medium and low.
 *
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
 */
const SCORES: Readonly<Record<Severity, string>> = { high: '8.0', medium: '5.0', low: '2.0' };

/**
 * Problems as SARIF 2.1.0, which code scanning reads. What was not looked at, and what was assumed, is told as notifications.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf({ problems, unseen, assumed, leftOut }: Pick<Answer, 'problems' | 'unseen' | 'assumed' | 'leftOut'>, version: string, notes: readonly string[] = []): unknown {
  const rules = [...new Map(problems.map(({ rule }) => [rule.id, rule])).values()];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'secure-bucket',
          informationUri: REPOSITORY,
          version,
          rules: rules.map(({ id, title, help, see, severity }) => ({
            id,
            shortDescription: { text: title },
            ...(help ? { fullDescription: { text: help } } : {}),
            ...(see ? { helpUri: see } : {}),
            ...(severity ? { defaultConfiguration: { level: LEVELS[severity] }, properties: { 'tags': ['security'], severity, 'security-severity': SCORES[severity] } } : {}),
          })),
        },
      },
      invocations: [{ executionSuccessful: unseen.unreadable.length === 0, toolExecutionNotifications: [...notifications(unseen), ...[...assumed.map((text) => `Assumed: ${text}`), ...(leftOut === undefined ? [] : [leftOut]), ...notes].map(note)] }],
      results: problems.map((problem) => ({
        ruleId: problem.rule.id,
        ruleIndex: rules.findIndex(({ id }) => id === problem.rule.id),
        level: levelOf(problem),
        message: { text: problem.message },
        ...(problem.isKnown === undefined || !problem.isDecided || problem.acknowledgement !== undefined ? {} : { baselineState: problem.isKnown ? 'unchanged' : 'new' }),
        ...(problem.place ? { locations: [location(problem)] } : {}),
        partialFingerprints: { 'secureBucket/v1': fingerprint(problem) },
        ...(problem.acknowledgement !== undefined ? { suppressions: [suppression(problem.acknowledgement)] } : {}),
      })),
    }],
  };
}

function suppression({ reason, owner, expires }: Acceptance) {
  const properties = { ...(owner === undefined ? {} : { owner }), ...(expires === undefined ? {} : { expires }) };
  return { kind: 'external', status: 'accepted', justification: reason, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
}

/** What is not decided is no error, whatever its severity. */
function levelOf({ isDecided, rule: { severity = 'high' } }: Problem): Level {
  const level = LEVELS[severity];
  return level === 'error' && !isDecided ? 'warning' : level;
}

function note(text: string) {
  return { level: 'note', message: { text } };
}

function notifications({ warnings, unreadable, skipped }: Unseen) {
  return [
    ...unreadable.map(({ file, problem }) => ({ level: 'error', message: { text: problem }, locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }] })),
    ...warnings.map((text) => ({ level: 'warning', message: { text } })),
    ...(skipped > 0 ? [note(`${count(skipped, 'file')} in folders that are no templates: skipped.`)] : []),
  ];
}

function location({ place }: Problem) {
  const { file, logicalId } = place!;
  return {
    ...(file ? { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: lineIn(file, logicalId ?? '') } } } : {}),
    logicalLocations: [{ fullyQualifiedName: placeText(place!), kind: 'resource' }],
  };
}

/** Relative to where the command runs: to the root of the repository, in code scanning. */
function uriOf(file: string): string {
  return relative(process.cwd(), file).split(/[/\\]/).map(encodeURIComponent).join('/');
}

/** Stays the same when the resource moves within its file. */
function fingerprint({ rule, place, message }: Problem): string {
  return createHash('sha256').update([rule.id, place?.stack, place?.logicalId, message].join('\n')).digest('hex').slice(0, 32);
}
