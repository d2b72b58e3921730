import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { accountOf, Configuration } from '../../../src/checks/configuration/configuration';
import { readConfiguration } from '../../../src/checks/configuration/configuration-file';
import { NewFolder, PROJECT } from '../../support/new-folder';

const folder = new NewFolder();
let folders = 0;

/** Files in a folder of their own; gives the path of the first. */
function written(...named: [name: string, content: string][]): string {
  const root = join(folder.path, `${++folders}`);
  named.forEach(([name, content]) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  });
  return join(root, named[0][0]);
}

function read(...named: [name: string, content: string][]): Configuration {
  return readConfiguration(written(...named));
}

/** What is said of a file, without its folder. */
function refusalOf(...named: [name: string, content: string][]): string {
  const file = written(...named);
  try {
    readConfiguration(file);
  } catch (error) {
    expect((error as Error).name).toBe('WrongInputError');
    return (error as Error).message.split(`${dirname(file)}/`).join('');
  }
  throw new Error('The configuration was read.');
}

const ACKNOWLEDGEMENT = `acknowledgements:
  - rule: Versioning
    bucket: amzn-s3-demo-cache
    reason: Everything in it can be made again.
    owner: team-data
    expires: 2027-01-31
`;

const VALID: Record<string, string> = {
  'nothing': '',
  'a comment': '# nothing yet\n',
  'an empty object': '{}',
  'a schema for editors': '$schema: https://example.com/configuration.schema.json',
  'rules': 'rules: { only: [RequireTls, SecureBucket-PublicAllow], skip: [AccessLogs], severities: { Versioning: high }, minSeverity: medium, levels: [audit] }',
  'assumptions in place': "assumptions: { version: 1, accounts: { '111122223333': { organizationId: o-exampleorgid } }, parameters: { App: { Stage: prod } } }",
  'accounts without quotes': 'accounts: { "prod/**": 111122223333, "test/**": 012345678901 }',
  'an acknowledgement': ACKNOWLEDGEMENT,
  'an acknowledgement of what is not decided, for ever': 'acknowledgements: [{ rule: SecureBucket-Versioning-NotDecided, resource: "App/**", reason: Looked at by hand. }]',
  'JSON': JSON.stringify({ rules: { minSeverity: 'high' }, acknowledgements: [{ rule: 'Versioning', bucket: 'b', reason: 'r' }] }, undefined, '\t').replace(/\t/g, '  '),
};

const INVALID: [what: string, text: string, message: string][] = [
  ['a list', '- rules', 'secure-bucket.yaml (line 1, column 1): the whole must be an object.'],
  ['an unknown key', 'rules:\n  onyl: [RequireTls]\n', "secure-bucket.yaml (line 2, column 3): 'rules.onyl' is not known. There are: only, skip, severities, minSeverity, levels."],
  ['a level that does not exist', 'rules:\n  levels: [audits]\n', "secure-bucket.yaml (line 2, column 12): 'rules.levels[0]' must be \"audit\"."],
  ['a rule that does not exist', 'rules:\n  skip:\n    - Versioning\n    - RequireTsl\n', "secure-bucket.yaml (line 4, column 7): 'rules.skip[1]' is wrong: there is no rule 'RequireTsl'. Did you mean 'RequireTls'? docs/checks.md lists the rules."],
  ['no rule at all', 'rules: { only: [] }', "secure-bucket.yaml (line 1, column 10): 'rules.only' must name a rule."],
  ['a severity that does not exist', 'rules:\n  severities:\n    Versioning: critical\n', "secure-bucket.yaml (line 3, column 5): 'rules.severities.Versioning' must be \"high\" or \"medium\" or \"low\"."],
  ['an account that is none', 'accounts:\n  "prod/**": 1234\n', "secure-bucket.yaml (line 2, column 3): 'accounts.prod/**' must be an AWS account id, such as '111122223333'."],
  ['an assumption of another form', 'assumptions:\n  accounts:\n    "111122223333":\n      organizationId: exampleorgid\n', "secure-bucket.yaml (line 4, column 7): 'assumptions.accounts.111122223333.organizationId' must be an organization id, such as 'o-exampleorgid'."],
  ['a policy that is none', 'assumptions:\n  keys:\n    arn:aws:kms:eu-west-1:111122223333:key/1234abcd:\n      policy:\n        Statement:\n          - Effect: Permit\n', "secure-bucket.yaml (line 6, column 13): 'assumptions.keys.arn:aws:kms:eu-west-1:111122223333:key/1234abcd.policy.Statement[0].Effect' is no policy: "],
  ['no reason', ACKNOWLEDGEMENT.replace(/ {4}reason: .*\n/, ''), "secure-bucket.yaml (line 2, column 5): 'acknowledgements[0]' must have a 'reason': why the finding is accepted."],
  ['an empty reason', ACKNOWLEDGEMENT.replace(/reason: .*/, 'reason: " "'), "secure-bucket.yaml (line 4, column 5): 'acknowledgements[0].reason' must be a text that is not empty."],
  ['no rule', ACKNOWLEDGEMENT.replace('rule: Versioning\n    ', ''), "secure-bucket.yaml (line 2, column 5): 'acknowledgements[0]' must have a 'rule': the id of the rule whose findings are acknowledged."],
  ['neither bucket nor resource', ACKNOWLEDGEMENT.replace(/ {4}bucket: .*\n/, ''), "secure-bucket.yaml (line 2, column 5): 'acknowledgements[0]' must have exactly one of 'bucket' and 'resource': what the finding is about."],
  ['bucket and resource', ACKNOWLEDGEMENT.replace('bucket:', 'resource: App\n    bucket:'), "secure-bucket.yaml (line 2, column 5): 'acknowledgements[0]' must have exactly one of 'bucket' and 'resource': what the finding is about."],
  ['a day that does not exist', ACKNOWLEDGEMENT.replace('2027-01-31', '2027-02-30'), "secure-bucket.yaml (line 6, column 5): 'acknowledgements[0].expires' must be a date: year, month and day, such as '2027-01-31'."],
  ['a date in another form', ACKNOWLEDGEMENT.replace('2027-01-31', '31.01.2027'), "secure-bucket.yaml (line 6, column 5): 'acknowledgements[0].expires' must be a date: year, month and day, such as '2027-01-31'."],
  ['a date without a day', ACKNOWLEDGEMENT.replace('2027-01-31', '2027'), "secure-bucket.yaml (line 6, column 5): 'acknowledgements[0].expires' must be a date: year, month and day, such as '2027-01-31'."],
];

/** What cannot be said by a schema of the value: how it is written. */
const UNREADABLE: [what: string, text: string, message: RegExp][] = [
  ['a key twice', 'rules: {}\naccounts: {}\nrules: {}\n', /^secure-bucket\.yaml \(line 3, column 1\): Map keys must be unique\.$/],
  ['two documents', 'rules: {}\n---\nrules: {}\n', /^secure-bucket\.yaml \(line 2, column 1\): .*multiple documents/],
  ['brackets that do not close', 'rules:\n  only: [RequireTls\n', /^secure-bucket\.yaml \(line \d+, column \d+\): /],
  ['a tag that nobody knows', 'rules: !Sub text\n', /^secure-bucket\.yaml \(line 1, column 8\): Unresolved tag: !Sub\.$/],
  ['an alias of nothing', 'rules: *none\n', /^secure-bucket\.yaml \(line 1, column \d+\): .*none/],
  ['an object that contains itself', 'rules: &rules { only: *rules }\n', /^secure-bucket\.yaml/],
  ['nesting without end', `assumptions: ${'['.repeat(20_000)}`, /^secure-bucket\.yaml/],
];

describe('a configuration file', () => {
  const ajv = addFormats(new Ajv({ allErrors: true, strict: false, unicodeRegExp: false }));
  const follows = ajv.compile(JSON.parse(readFileSync(join(PROJECT, 'docs/configuration.schema.json'), 'utf8')));
  const valueIn = (text: string): unknown => {
    const { readYaml } = require('../../../src/checks/configuration/yaml-text'); // eslint-disable-line @typescript-eslint/no-require-imports
    return readYaml(text).value;
  };

  test.each(Object.entries(VALID))('may have %s, which follows the schema', (_, text) => {
    expect(read(['secure-bucket.yaml', text]).files).toHaveLength(1);
    follows(valueIn(text));
    expect(follows.errors).toBeNull();
  });

  test.each(INVALID)('with %s is refused with line and column', (_, text, message) => {
    expect(refusalOf(['secure-bucket.yaml', text]).slice(0, message.length)).toBe(message);
  });

  const OF_POLICIES = ['an assumption of another form', 'a policy that is none']; // the schema does not go so far
  test.each(INVALID.filter(([what]) => !OF_POLICIES.includes(what)))('with %s does not follow the schema', (_, text) => {
    expect(follows(valueIn(text))).toBe(false);
  });

  test.each(UNREADABLE)('with %s cannot be read', (_, text, message) => expect(refusalOf(['secure-bucket.yaml', text])).toMatch(message));

  test('as the page about it shows it is one, and follows the schema', () => {
    const [, example] = /^```yaml\n([\s\S]*?)^```$/m.exec(readFileSync(join(PROJECT, 'docs/configuration.md'), 'utf8'))!;
    expect(read(['secure-bucket.yaml', example], ['shared.yaml', ''])).toMatchObject({ skip: ['AccessLogs'], acknowledgements: [{ owner: 'team-data', expires: '2027-01-31' }] });
    follows(valueIn(example));
    expect(follows.errors).toBeNull();
  });

  test('that is not there is said', () => {
    const path = join(folder.path, 'nowhere.yaml');
    expect(() => readConfiguration(path)).toThrow(`${path} cannot be read: there is no such file.`);
    expect(() => readConfiguration(folder.path)).toThrow('cannot be read: it is a folder.');
  });

  test('gives accounts to the templates below its folder that match a pattern, and the first pattern counts', () => {
    const file = written(['team [a]/secure-bucket.yaml', 'accounts: { "prod/*.{yaml,json}": 111122223333, "./prod/**": 444455556666, "../shared/*": 012345678901 }']);
    const configuration = readConfiguration(file);
    const account = (path: string) => accountOf(join(dirname(file), path), configuration);
    expect(['prod/a.yaml', 'prod/x/a.yaml', 'prod/a.txt', '../shared/a.json', 'dev/a.yaml', 'prod'].map(account)).toEqual(['111122223333', '444455556666', '444455556666', '012345678901', undefined, undefined]);
    expect(accountOf('/elsewhere/prod/a.yaml', configuration)).toBeUndefined();
  });

  test('takes assumptions from a file beside it, whose mistakes are told there', () => {
    const { assumptions } = read(['secure-bucket.yaml', 'assumptions: around/assume.json'], ['around/assume.json', '{ "environment": { "region": "eu-west-1" } }']);
    expect(assumptions).toEqual({ environment: { region: 'eu-west-1' } });
    expect(refusalOf(['secure-bucket.yaml', 'assumptions: assume.yaml'], ['assume.yaml', 'environment:\n  regoin: eu-west-1'])).toMatch(/^assume\.yaml \(line 2, column 3\): 'environment\.regoin' is not known/);
    expect(refusalOf(['secure-bucket.yaml', 'rules: {}\nassumptions: none.json'])).toBe('secure-bucket.yaml (line 2, column 1): none.json cannot be read: there is no such file.');
  });
});

describe('a configuration that extends another', () => {
  test('has the policies of the organization of both', () => {
    const described = (id: string) => `{ Policy: { PolicySummary: { Id: ${id} }, Content: '{ "Statement": [] }' } }`;
    const { assumptions } = read(
      ['secure-bucket.yaml', `extends: shared.yaml\nassumptions: { organizationPolicies: [${described('p-near')}] }`],
      ['shared.yaml', `assumptions: { organizationPolicies: [${described('p-far')}] }`],
    );
    expect(assumptions.organizationPolicies?.map(({ Policy: { PolicySummary: { Id: id } } }) => id)).toEqual(['p-near', 'p-far']);
  });

  const SHARED = `
rules: { skip: [AccessLogs], severities: { Versioning: low, RequireTls: high }, minSeverity: medium }
assumptions: { accounts: { "111122223333": { organizationId: o-exampleorgid } }, environment: { region: eu-west-1, account: "111122223333" } }
accounts: { "**": 444455556666 }
${ACKNOWLEDGEMENT}`;

  test('has all that the other says, where it says nothing else', () => {
    const shared = read(['shared.yaml', SHARED]);
    const { files, ...inherited } = read(['team/secure-bucket.yaml', 'extends: ../shared.yaml'], ['shared.yaml', SHARED]);
    const { files: _, accounts, acknowledgements, ...expected } = shared;
    expect(files.map((file) => file.split('/').at(-1))).toEqual(['secure-bucket.yaml', 'shared.yaml']);
    expect(inherited).toMatchObject(expected);
    expect(inherited.acknowledgements.map(({ id }) => id)).toEqual(acknowledgements.map(({ id }) => id));
    expect(inherited.accounts).toHaveLength(accounts.length);
  });

  test('wins where it says something else: member by member, and acknowledgements add up', () => {
    const nearer = `extends: [shared.yaml]
rules: { skip: [], severities: { Versioning: high }, minSeverity: low }
assumptions: { accounts: { "444455556666": { organizationId: null } }, environment: { region: eu-central-1 } }
accounts: { "*.json": 111122223333 }
acknowledgements: [{ rule: AccessLogs, resource: "*", reason: Small. }]`;
    const file = written(['secure-bucket.yaml', nearer], ['shared.yaml', SHARED]);
    const merged = readConfiguration(file);
    expect(merged).toMatchObject({ skip: [], severities: { Versioning: 'high', RequireTls: 'high' }, minSeverity: 'low' });
    expect(merged.assumptions).toEqual({
      accounts: { 111122223333: { organizationId: 'o-exampleorgid' }, 444455556666: { organizationId: null } },
      environment: { region: 'eu-central-1', account: '111122223333' },
    });
    expect(['a.json', 'a.yaml'].map((path) => accountOf(join(dirname(file), path), merged))).toEqual(['111122223333', '444455556666']);
    expect(merged.acknowledgements.map(({ id }) => id)).toEqual(['SecureBucket-AccessLogs', 'SecureBucket-Versioning']);
  });

  test('takes the later of several, and what those extend', () => {
    const named = (...severities: string[]): [string, string][] => severities.map((severity) => [`${severity}.yaml`, `extends: base.yaml\nrules: { minSeverity: ${severity} }`]);
    expect(read(['secure-bucket.yaml', 'extends: [high.yaml, medium.yaml]'], ...named('high', 'medium'), ['base.yaml', 'rules: { skip: [AccessLogs] }'])).toMatchObject({ minSeverity: 'medium', skip: ['AccessLogs'] });
  });

  test('has the paths of the other relative to the other', () => {
    const { assumptions } = read(['team/secure-bucket.yaml', 'extends: ../all/shared.yaml'], ['all/shared.yaml', 'assumptions: assume.json'], ['all/assume.json', '{ "environment": { "region": "eu-west-1" } }']);
    expect(assumptions).toEqual({ environment: { region: 'eu-west-1' } });
  });

  test('does not extend itself, by whatever way', () => {
    expect(refusalOf(['secure-bucket.yaml', 'rules: {}\nextends: [./secure-bucket.yaml]'])).toBe("secure-bucket.yaml (line 2, column 11): './secure-bucket.yaml' extends this file again. Take one of the two out of 'extends'.");
    expect(refusalOf(['a.yaml', 'extends: b.yaml'], ['b.yaml', 'extends: c.yaml'], ['c.yaml', 'extends: a.yaml'])).toMatch(/^c\.yaml \(line 1, column 1\): 'a\.yaml' extends this file again/);
    const file = written(['secure-bucket.yaml', 'extends: again/secure-bucket.yaml']);
    symlinkSync(dirname(file), join(dirname(file), 'again'));
    expect(() => readConfiguration(file)).toThrow('extends this file again');
  });

  test('says where another is named that is not there, and where another is wrong', () => {
    expect(refusalOf(['secure-bucket.yaml', 'rules: {}\nextends: none.yaml'])).toBe('secure-bucket.yaml (line 2, column 1): none.yaml cannot be read: there is no such file.');
    expect(refusalOf(['secure-bucket.yaml', 'extends: shared.yaml'], ['shared.yaml', 'rules:\n  skip: Versioning'])).toBe("shared.yaml (line 2, column 3): 'rules.skip' must be a list.");
  });
});
