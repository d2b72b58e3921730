import { file, IN_ENVIRONMENT, json, LEGACY, REPORTS, secureBucket } from './terminal';

const SEVERITIES = ['high', 'medium', 'low'];

function results(...args: string[]): any {
  return JSON.parse(secureBucket('check', ...args, '--format', 'sarif').out).runs[0];
}

describe('secure-bucket check by severity', () => {
  const { findings, summary } = json('check', LEGACY, ...IN_ENVIRONMENT);
  const open = findings.filter(({ status }: any) => status !== 'acknowledged');
  const withSeverity = (severity: string) => open.filter((one: any) => one.severity === severity).length;

  test('shows the worst first, and what is acknowledged at the end', () => {
    const order = open.map(({ severity }: any) => SEVERITIES.indexOf(severity));
    expect(new Set(order).size).toBeGreaterThan(1);
    expect(order).toEqual([...order].sort());
    expect(findings.at(-1).status).toBe('acknowledged');
    expect(secureBucket('check', LEGACY, ...IN_ENVIRONMENT).out).toMatch(/^legacy\/Uploads  3 high, 7 medium\n  high    NoAcls: /);
  });

  test('leaves nothing out, and says nothing of it, unless it is asked to', () => {
    expect(summary.notShown).toEqual({ findings: 0, notDecided: 0, acknowledged: 0 });
    expect(secureBucket('check', LEGACY, ...IN_ENVIRONMENT).out).not.toContain('Not shown');
  });

  test('--min-severity counts in the last line what it leaves out', () => {
    const selected = json('check', LEGACY, ...IN_ENVIRONMENT, '--min-severity', 'high');
    expect(new Set(selected.findings.map(({ severity }: any) => severity))).toEqual(new Set(['high']));
    expect(selected.summary.findings + selected.summary.notDecided).toBe(withSeverity('high'));
    expect(selected.summary.notShown.findings + selected.summary.notShown.notDecided).toBe(open.length - withSeverity('high'));
    const { findings: hidden, notDecided, acknowledged } = selected.summary.notShown;
    const { exitCode, out } = secureBucket('check', LEGACY, ...IN_ENVIRONMENT, '--min-severity', 'high');
    expect(exitCode).toBe(2);
    expect(out.trimEnd().split('\n').at(-1)).toBe(`Not shown, because of --min-severity, --rule or --skip-rule: ${hidden} findings, ${notDecided} not decided, ${acknowledged} acknowledged.`);
  });

  test('findings below --min-severity fail nothing, and are not said to be clean', () => {
    expect(secureBucket('check', REPORTS, ...IN_ENVIRONMENT).exitCode).toBe(2);
    const { exitCode, out } = secureBucket('check', REPORTS, ...IN_ENVIRONMENT, '--min-severity', 'high');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/: 0 findings, 0 not decided, 0 acknowledged\.\nNot shown, .*: 1 finding, 0 not decided, 0 acknowledged\.\n$/);
  });

  test('SARIF has levels and scores by severity, what is not decided is no error, and what is left out is a note', () => {
    const { tool: { driver: { rules } }, results: found } = results(LEGACY, ...IN_ENVIRONMENT);
    const of = (id: string) => ({ ...rules.find((rule: any) => rule.id === id), levels: found.filter(({ ruleId }: any) => ruleId === id).map(({ level }: any) => level) });
    expect(of('SecureBucket-PublicAllow')).toMatchObject({ properties: { 'tags': ['security'], 'severity': 'high', 'security-severity': '8.0' }, levels: expect.arrayContaining(['error']) });
    expect(of('SecureBucket-RequireTls')).toMatchObject({ defaultConfiguration: { level: 'warning' }, properties: { 'security-severity': '5.0' }, levels: ['warning'] });
    const website = { Parameters: { Page: { Type: 'String' } }, Transform: 'Unknown', Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };
    expect(results(file(website), '--rule', 'Transforms').results.map(({ level }: any) => level)).toEqual(['warning']);
    const [{ toolExecutionNotifications }] = results(REPORTS, ...IN_ENVIRONMENT, '--min-severity', 'high').invocations;
    expect(toolExecutionNotifications).toContainEqual({ level: 'note', message: { text: expect.stringMatching(/^Not shown, .*: 1 finding,/) } });
  });
});

describe('secure-bucket check by rule', () => {
  const rules = (...args: string[]) => [...new Set(json('check', LEGACY, ...IN_ENVIRONMENT, ...args).findings.map(({ rule }: any) => rule))];

  test('--rule asks the rules that it names, with the prefix of the pack or without', () => {
    expect(rules('--rule', 'RequireTls', 'SecureBucket-PublicAllow')).toEqual(['SecureBucket-PublicAllow', 'SecureBucket-RequireTls']);
  });

  test('--skip-rule leaves rules out, those of --rule too', () => {
    expect(rules('--skip-rule', 'RequireTls')).toEqual(rules().filter((rule) => rule !== 'SecureBucket-RequireTls'));
    expect(rules('--rule', 'RequireTls', 'PublicAllow', '--skip-rule', 'RequireTls')).toEqual(['SecureBucket-PublicAllow']);
  });

  test.each(['--rule', '--skip-rule'])('%s takes no rule that does not exist', (option) => {
    expect(secureBucket('check', LEGACY, option, 'RequireTsl')).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/no rule 'RequireTsl'\. Did you mean 'RequireTls'\?/) });
  });

  test('--level turns on rules that are off by default, and so does their name; those that are off count nowhere', () => {
    const trail = file({ Resources: { Data: { Type: 'AWS::S3::Bucket' }, Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: 'amzn-s3-demo-logs' } } } });
    const configured = (content: string) => ['--config', file(content, 'secure-bucket.yaml')];
    const shown = (...args: string[]) => json('check', trail, ...args).findings.some(({ rule }: any) => rule === 'SecureBucket-TrailValidation');
    const isOn = [[], ['--level', 'audit'], ['--rule', 'TrailValidation'], configured('rules: { levels: [audit] }'), configured('rules: { only: [TrailValidation] }'), ['--level', 'audit', '--skip-rule', 'TrailValidation']];
    expect(isOn.map((args) => shown(...args))).toEqual([false, true, true, true, true, false]);
    expect(json('check', trail).summary.notShown).toEqual({ findings: 0, notDecided: 0, acknowledged: 0 });
    expect(json('check', trail, '--level', 'audit', '--skip-rule', 'TrailValidation').summary.notShown.findings).toBe(1);
    expect(secureBucket('check', trail, '--level', 'audits')).toMatchObject({ exitCode: 1, err: expect.stringContaining('audit') });
  });

  test('what nobody can see is no clean template, whichever rules are left out', () => {
    const unseen = file({ Transform: 'Unknown', Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    expect(secureBucket('check', unseen, '--skip-rule', 'Transforms', 'UnjudgedBuckets').exitCode).toBe(2);
  });
});
